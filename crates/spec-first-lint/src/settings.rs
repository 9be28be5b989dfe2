//! Which rules apply, and at which level.

use std::collections::{BTreeMap, BTreeSet};

use crate::{Level, Rule, Topic, equivalents, rules, words::nearest};

/// Which rules apply, and at which level. Default: what matters to everybody, at the level of each rule.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Settings {
    /// The rules to begin with. Default: [`Profile::Default`].
    pub profile: Profile,
    /// What else the document is for. Default: nothing.
    pub purposes: BTreeSet<Purpose>,
    levels: BTreeMap<&'static str, Option<Level>>,
}

/// A choice of rules.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Profile {
    /// Every rule; advice is not shown.
    #[default]
    Default,
    /// Every rule, with advice.
    Strict,
    /// The rules about credentials and secrets, with advice.
    Security,
}

/// A program that reads the document and supports less than OpenAPI.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Purpose {
    /// The generator of Rust clients.
    Rust,
    /// The mock server.
    Mock,
}

/// The rule does not exist.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{name}` is not a rule{}", .nearest.map(|nearest| format!("; did you mean `{nearest}`?")).unwrap_or_default())]
#[non_exhaustive]
pub struct UnknownRule {
    /// What was written.
    pub name: String,
    /// What may be meant.
    pub nearest: Option<&'static str>,
}

impl Rule {
    /// The rule with this name.
    ///
    /// # Errors
    /// There is none; the error says which may be meant.
    pub fn find(name: &str) -> Result<&'static Self, UnknownRule> {
        let rules = rules();
        match rules.binary_search_by(|rule| rule.name.cmp(name)) {
            Ok(index) => Ok(&rules[index]),
            Err(_) => Err(UnknownRule {
                name: name.to_owned(),
                nearest: equivalents(name)
                    .and_then(|equivalents| Some(equivalents.first()?.name))
                    .or_else(|| nearest(name, rules.iter().map(|rule| rule.name))),
            }),
        }
    }
}

impl Settings {
    /// Sets the level of a rule, or switches it off with `None`; then it applies in every profile and for every purpose.
    pub fn set(&mut self, rule: &Rule, level: Option<Level>) {
        self.levels.insert(rule.name, level);
    }

    /// The level of the findings of a rule; `None` if it does not apply.
    ///
    /// What is not found by a rule of this crate, such as a syntax error, is an error.
    pub fn level(&self, rule: &str) -> Option<Level> {
        let Ok(rule) = Rule::find(rule) else {
            return Some(Level::Error);
        };
        if let Some(level) = self.levels.get(rule.name) {
            return *level;
        }
        let applies = match (self.profile, rule.topic) {
            (_, Topic::Rust) => self.purposes.contains(&Purpose::Rust),
            (_, Topic::Mock) => self.purposes.contains(&Purpose::Mock),
            (Profile::Security, topic) => topic == Topic::Security,
            (Profile::Default | Profile::Strict, _) => true,
        };
        applies.then_some(rule.level)
    }

    /// The lowest level that is shown.
    pub fn shown(&self) -> Level {
        match self.profile {
            Profile::Default => Level::Warning,
            Profile::Strict | Profile::Security => Level::Advice,
        }
    }
}
