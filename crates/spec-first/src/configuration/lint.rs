//! `[lint]`: which rules of the linter apply, and at which level.

use std::collections::BTreeMap;
use std::fmt;

use clap::ValueEnum;
#[cfg(feature = "schemars")]
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use spec_first_lint::Rule;

/// The settings of `spec-first lint`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
#[non_exhaustive]
pub struct Lint {
    /// The rules to begin with.
    pub profile: Profile,
    /// What else the documents are for, beside people and any program.
    #[serde(rename = "for")]
    pub purposes: Vec<Purpose>,
    /// The lowest level that makes the exit code 1. If absent, the lowest that is shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fail_on: Option<LintFailOn>,
    /// The file with findings that are not reported, as a path from the folder of this file; `--write-baseline` writes it.
    pub baseline: String,
    /// The levels of rules, by their names.
    pub rules: BTreeMap<RuleName, RuleLevel>,
}

/// A choice of rules.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ValueEnum)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Profile {
    /// Every rule; errors and warnings are shown
    #[default]
    Default,
    /// Every rule, including advice
    Strict,
    /// Only rules about credentials and secrets, including advice
    Security,
}

/// A program that supports less than OpenAPI.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ValueEnum)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Purpose {
    /// Generator of Rust clients
    Rust,
    /// Mock server
    Mock,
}

/// The lowest level that makes the exit code 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ValueEnum)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum LintFailOn {
    /// Errors
    Error,
    /// Errors and warnings
    Warning,
    /// Everything
    Advice,
    /// Nothing
    None,
}

/// The level of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum RuleLevel {
    /// The document is wrong.
    Error,
    /// Will cause trouble for people who use the document.
    Warning,
    /// Style and completeness.
    Advice,
    /// The rule does not apply.
    Off,
}

/// The name of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RuleName(&'static Rule);

impl Default for Lint {
    fn default() -> Self {
        Self {
            profile: Profile::default(),
            purposes: Vec::new(),
            fail_on: None,
            baseline: "lint-baseline.json".to_owned(),
            rules: BTreeMap::new(),
        }
    }
}

impl Lint {
    /// The settings for the linter.
    pub(crate) fn settings(&self) -> spec_first_lint::Settings {
        let mut settings = spec_first_lint::Settings::default();
        settings.profile = match self.profile {
            Profile::Default => spec_first_lint::Profile::Default,
            Profile::Strict => spec_first_lint::Profile::Strict,
            Profile::Security => spec_first_lint::Profile::Security,
        };
        let purposes = self.purposes.iter().map(|purpose| match purpose {
            Purpose::Rust => spec_first_lint::Purpose::Rust,
            Purpose::Mock => spec_first_lint::Purpose::Mock,
        });
        settings.purposes.extend(purposes);
        for (rule, level) in &self.rules {
            let level = match level {
                RuleLevel::Error => Some(spec_first_lint::Level::Error),
                RuleLevel::Warning => Some(spec_first_lint::Level::Warning),
                RuleLevel::Advice => Some(spec_first_lint::Level::Advice),
                RuleLevel::Off => None,
            };
            settings.set(rule.0, level);
        }
        settings
    }
}

impl fmt::Display for RuleName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.0.name)
    }
}

impl<'de> Deserialize<'de> for RuleName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        Rule::find(&name).map(Self).map_err(de::Error::custom)
    }
}

impl Serialize for RuleName {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.name)
    }
}

#[cfg(feature = "schemars")]
impl JsonSchema for RuleName {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "RuleName".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let names: Vec<&str> = spec_first_lint::rules()
            .iter()
            .map(|rule| rule.name)
            .collect();
        json_schema!({"type": "string", "enum": names})
    }
}
