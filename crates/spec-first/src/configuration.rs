//! `spec-first.toml`: what a project sets.

mod cell;
mod lint;

use std::collections::BTreeMap;
use std::path::Path;

use clap::ValueEnum;
use serde::{Deserialize, Serialize};
use spec_first_review::{Direction, Paths, Policy};

use crate::Error;
pub use cell::Cell;
pub(crate) use cell::closest;
pub use lint::{Lint, LintFailOn, Profile, Purpose, RuleLevel, RuleName};

/// The name of the file.
pub const FILE: &str = "spec-first.toml";

/// The settings of a project. Each has a default, so that an empty file is valid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
#[cfg_attr(feature = "schemars", schemars(title = "Configuration of spec-first"))]
#[non_exhaustive]
pub struct Configuration {
    /// The OpenAPI documents, as paths or globs relative to this file. If empty, the only document in the repository.
    pub documents: Vec<String>,
    /// The branch whose merge base to compare against. If absent, the default branch of `origin`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub base: Option<String>,
    /// The file with acknowledged changes: a name for a file next to each document, or, with a slash, a path relative to this file.
    pub acknowledgements: String,
    /// Which changes fail the review, with exit code 1.
    pub fail_on: FailOn,
    /// Minimum number of days between the announcement of an `x-sunset` and that day; less notice is breaking.
    pub minimum_notice_days: u32,
    /// Whether a breaking change requires a major bump of `info.version`, and an addition a minor one.
    pub version_policy: bool,
    /// Paths of the API to leave out, as globs: `*` matches within a segment, `**` any number of segments.
    pub ignore_paths: Vec<String>,
    /// Prefixes to strip from the paths of the API before they are compared; the first match is stripped.
    pub strip_prefixes: Vec<String>,
    /// The levels of changes, by the rule that the review shows, such as `enum/wider`, or by its kind, such as `enum`.
    pub policy: BTreeMap<Cell, Levels>,
    /// Which mistakes `spec-first lint` looks for.
    pub lint: Lint,
    /// Where it is recorded what the pages of a vendor say.
    pub source: SourcePages,
    /// The Rust clients that are generated here.
    pub generate: Vec<Target>,
}

/// Where it is recorded what the pages of a vendor say. A name without a slash is beside the document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
#[non_exhaustive]
pub struct SourcePages {
    /// The record of decisions.
    pub record: String,
    /// The folder with the recorded facts.
    pub facts: String,
    /// Files with the words of more languages, as paths from the folder of this file.
    pub labels: Vec<String>,
    /// The file with the layout of the documentation system, as a path from the folder of this file; without it, that of Mintlify.
    pub layout: Option<String>,
}

impl Default for SourcePages {
    fn default() -> Self {
        Self {
            record: "reconciliation.yaml".to_owned(),
            facts: "facts".to_owned(),
            labels: Vec::new(),
            layout: None,
        }
    }
}

/// What is not in order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ValueEnum)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum FailOn {
    /// Breaking changes
    Breaking,
    /// Breaking and undecided changes
    #[default]
    Undecided,
    /// Nothing
    None,
}

/// The levels of a kind of change, by who sends the value. What is absent keeps its level.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Levels {
    /// Where clients send it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request: Option<Level>,
    /// Where the server sends it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub response: Option<Level>,
}

/// The level of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// The review fails until somebody acknowledges it.
    Breaking,
    /// The review shows it as a warning, and does not fail.
    Warning,
    /// It counts as harmless.
    Harmless,
    /// The review does not show it.
    Ignore,
}

/// A Rust client that is generated from a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Target {
    /// The document.
    pub document: String,
    /// The file for the generated code.
    pub client: String,
    /// The file for the list of everything that the document says and the code is called.
    #[serde(default = "default_surface")]
    pub surface: String,
}

fn default_surface() -> String {
    "surface.txt".to_owned()
}

impl Default for Configuration {
    fn default() -> Self {
        Self {
            documents: Vec::new(),
            base: None,
            acknowledgements: "acknowledged.yaml".to_owned(),
            fail_on: FailOn::default(),
            minimum_notice_days: 0,
            version_policy: false,
            ignore_paths: Vec::new(),
            strip_prefixes: Vec::new(),
            policy: BTreeMap::new(),
            lint: Lint::default(),
            source: SourcePages::default(),
            generate: Vec::new(),
        }
    }
}

impl Configuration {
    /// Reads the text of the file; messages call it `name`.
    ///
    /// # Errors
    /// It is not TOML, or has settings that do not exist; the error says where, and what may be meant.
    pub fn parse(name: &str, text: &str) -> Result<Self, Error> {
        let configuration: Self = toml::from_str(text).map_err(|error| {
            let start = error.span().map_or(0, |span| span.start);
            let message = in_words(error.message());
            invalid(name, text, start, &message, hint(&message))
        })?;
        let is_relative = |path: &&str| !path.is_empty() && !Path::new(path).has_root();
        if let Some(path) = configuration.files().find(|path| !is_relative(path)) {
            let start = text.find(&format!("\"{path}\"")).unwrap_or_default();
            let message = format!("expected a path relative to this file, found `{path}`");
            return Err(invalid(name, text, start, &message, None));
        }
        configuration.paths().map_err(|error| {
            let start = text.find(&error.pattern).unwrap_or_default();
            invalid(name, text, start, &error.to_string(), None)
        })?;
        Ok(configuration)
    }

    /// The paths of files and folders that are read or written; those of generated code are checked where it is written.
    fn files(&self) -> impl Iterator<Item = &str> {
        let source = &self.source;
        let named = [
            &self.acknowledgements,
            &self.lint.baseline,
            &source.record,
            &source.facts,
        ];
        let documents = self.generate.iter().map(|target| &target.document);
        let files = self.documents.iter().chain(named).chain(documents);
        let files = files.chain(&source.labels).chain(&source.layout);
        files.map(String::as_str)
    }

    /// The JSON Schema of the file, for editors.
    #[cfg(feature = "schemars")]
    pub fn json_schema() -> String {
        let settings = schemars::generate::SchemaSettings::draft2020_12();
        spec_first_review::render::parts::written_schema::<Self>(settings)
    }

    pub(crate) fn policy(&self) -> Policy {
        let mut policy = Policy::default();
        for (cell, levels) in &self.policy {
            for (direction, level) in [
                (Direction::Request, levels.request),
                (Direction::Response, levels.response),
            ] {
                if let Some(level) = level {
                    policy.set_level(cell.row, cell.outcome, direction, level.into());
                }
            }
        }
        policy
    }

    pub(crate) fn paths(&self) -> Result<Paths, spec_first_review::InvalidPathPattern> {
        Paths::new(&self.ignore_paths, &self.strip_prefixes)
    }

    /// The client that is generated from a document.
    pub(crate) fn target(&self, document: &str) -> Option<&Target> {
        self.generate
            .iter()
            .find(|target| target.document == document)
    }
}

impl From<Level> for spec_first_review::Level {
    fn from(level: Level) -> Self {
        match level {
            Level::Breaking => Self::Breaking,
            Level::Warning => Self::Warning,
            Level::Harmless => Self::Harmless,
            Level::Ignore => Self::Ignore,
        }
    }
}

fn invalid(name: &str, text: &str, start: usize, message: &str, hint: Option<String>) -> Error {
    let before = text.get(..start).unwrap_or_default();
    let last_line = before.rsplit('\n').next().unwrap_or_default();
    Error::Configuration {
        path: name.to_owned(),
        line: before.matches('\n').count() + 1,
        column: last_line.chars().count() + 1,
        message: message.trim_end().to_owned(),
        hint,
    }
}

/// A message of the parser, in the words of TOML and of this file instead of those of Rust.
fn in_words(message: &str) -> String {
    let message = message
        // A choice of names, which is a string.
        .replace("wanted string or table", "expected a string")
        .replace("unknown field", "unknown setting")
        .replace("missing field", "missing setting")
        .replace("unknown variant", "unknown value");
    let mismatch = ["invalid type: ", "invalid value: "].into_iter();
    let mut mismatch = mismatch.filter_map(|prefix| message.strip_prefix(prefix));
    let Some((found, expected)) = mismatch
        .next()
        .and_then(|rest| rest.split_once(", expected "))
    else {
        return message;
    };
    // The parser adds the Rust type of a large number.
    let found = found.trim_end_matches(" as i128");
    let found = match found {
        "sequence" => "a list",
        "map" => "a table",
        found => found,
    };
    let expected = match expected {
        "a sequence" => "a list such as `[\"a\", \"b\"]`",
        "struct Levels" => "a table such as `{ response = \"warning\" }`",
        "u32" => "a whole number that is not negative",
        "a boolean" => "`true` or `false`",
        expected if expected == "a map" || expected.starts_with("struct ") => "a table",
        expected => expected,
    };
    format!("expected {expected}, found {found}")
}

/// What may be meant, from a message that names what is not known and then all that is.
fn hint(message: &str) -> Option<String> {
    if message.ends_with("found a table") && message.starts_with("expected a list") {
        return Some("the name of a list of tables has two brackets: `[[generate]]`".to_owned());
    }
    if !message.starts_with("unknown") {
        return None;
    }
    let mut names = message.split('`').skip(1).step_by(2);
    let unknown = names.next()?;
    let meant = closest(unknown, names).map(|meant| format!("did you mean `{meant}`?"));
    meant.or_else(|| place_of(unknown))
}

/// Where a setting belongs that is somewhere else.
fn place_of(setting: &str) -> Option<String> {
    // The file that `init` writes has every setting.
    let all = include_str!("init/spec-first.toml").replace("#:", "");
    let all: toml::Table = all.parse().ok()?;
    if all.contains_key(setting) {
        return Some(format!("write `{setting}` above the first `[table]`"));
    }
    let mut tables = all.iter();
    let (table, _) = tables.find(|(_, table)| table.get(setting).is_some())?;
    Some(format!("write `{setting}` below `[{table}]`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let error = Configuration::parse("spec-first.toml", text).unwrap_err();
        let hint = error.hint().unwrap_or_default();
        assert_eq!(format!("{error}\n{hint}").trim_end(), expected);
    }

    #[test]
    fn nothing_set_is_the_default() {
        let empty = Configuration::parse(FILE, "").unwrap();
        assert_eq!(empty, Configuration::default());
    }

    #[test]
    fn an_unknown_setting_has_its_line_and_what_may_be_meant() {
        check(
            "# ours\ndocuments = []\nfail_on = \"breaking\"\n",
            "spec-first.toml:3:1: unknown setting `fail_on`, expected one of `documents`, `base`, `acknowledgements`, `fail-on`, \
             `minimum-notice-days`, `version-policy`, `ignore-paths`, `strip-prefixes`, `policy`, `lint`, `source`, `generate`\ndid you mean `fail-on`?",
        );
        check(
            "[policy]\nenum = { response = \"warn\" }\n",
            "spec-first.toml:2:21: unknown value `warn`, expected one of `breaking`, `warning`, `harmless`, `ignore`\n\
             did you mean `warning`?",
        );
    }

    #[test]
    fn an_unknown_row_has_its_line_and_what_may_be_meant() {
        check(
            "[policy]\nrequired = { request = \"warning\" }\nenums = { response = \"warning\" }\n",
            "spec-first.toml:3:1: the review has no rule `enums`; did you mean `enum`?",
        );
        check(
            "[policy]\n\"enum/widr\" = { response = \"warning\" }\n",
            "spec-first.toml:2:1: the rule `enum` has no outcome `widr`; did you mean `wider`?",
        );
    }

    #[test]
    fn an_unknown_lint_rule_has_its_line_and_what_may_be_meant() {
        check(
            "[lint.rules]\nmissing-401 = \"off\"\nmissing-sumary = \"off\"\n",
            "spec-first.toml:3:1: `missing-sumary` is not a rule; did you mean `missing-summary`?",
        );
        check(
            "[lint.rules]\nmissing-401 = \"warn\"\n",
            "spec-first.toml:2:15: unknown value `warn`, expected one of `error`, `warning`, `advice`, `off`\n\
             did you mean `warning`?",
        );
    }

    #[test]
    fn a_value_of_another_type_is_named_in_words_of_toml() {
        for (text, expected) in [
            (
                "policy = { enum = \"warning\" }",
                "1:19: expected a table such as `{ response = \"warning\" }`, found string \"warning\"",
            ),
            (
                "documents = \"a.yaml\"",
                "1:13: expected a list such as `[\"a\", \"b\"]`, found string \"a.yaml\"",
            ),
            (
                "minimum-notice-days = -1",
                "1:23: expected a whole number that is not negative, found integer `-1`",
            ),
            (
                "version-policy = \"yes\"",
                "1:18: expected `true` or `false`, found string \"yes\"",
            ),
            ("lint = 1", "1:8: expected a table, found integer `1`"),
            ("base = []", "1:8: expected a string, found a list"),
            ("fail-on = 1", "1:11: expected a string"),
            (
                "minimum-notice-days = 99999999999999999999",
                "1:23: expected a whole number that is not negative, found integer `99999999999999999999`",
            ),
            (
                "[generate]\nclient = \"a.rs\"",
                "1:1: expected a list such as `[\"a\", \"b\"]`, found a table\n\
                 the name of a list of tables has two brackets: `[[generate]]`",
            ),
            (
                "[[generate]]\nclient = \"a.rs\"",
                "1:1: missing setting `document`",
            ),
        ] {
            check(text, &format!("spec-first.toml:{expected}"));
        }
    }

    #[test]
    fn what_is_not_a_pattern_has_its_line() {
        check(
            "ignore-paths = [\n  \"/a/**b\",\n]\n",
            "spec-first.toml:2:4: `/a/**b` matches no path: recursive wildcards must form a single path component",
        );
        check(
            "ignore-paths = [\"/a\", \"internal/**\"]\n",
            "spec-first.toml:1:24: `internal/**` matches no path: paths begin with `/`",
        );
    }

    #[test]
    fn a_setting_in_the_wrong_place_says_where_it_belongs() {
        check(
            "[source]\nbase = \"main\"\n",
            "spec-first.toml:2:1: unknown setting `base`, expected one of `record`, `facts`, `labels`, `layout`\n\
             write `base` above the first `[table]`",
        );
        check(
            "[source]\nprofile = \"strict\"\n",
            "spec-first.toml:2:1: unknown setting `profile`, expected one of `record`, `facts`, `labels`, `layout`\n\
             write `profile` below `[lint]`",
        );
    }

    #[test]
    fn files_are_in_the_folder_of_the_configuration() {
        for (text, path, column) in [
            (
                "documents = [\"a.yaml\", \"/etc/passwd\"]",
                "/etc/passwd",
                24,
            ),
            ("documents = [\"\"]", "", 14),
            ("acknowledgements = \"\"", "", 20),
            ("lint = {baseline = \"/a\"}", "/a", 20),
            ("source = {labels = [\"/a\"]}", "/a", 21),
            (
                "generate = [{document = \"/a\", client = \"a.rs\"}]",
                "/a",
                25,
            ),
        ] {
            check(
                text,
                &format!(
                    "spec-first.toml:1:{column}: expected a path relative to this file, found `{path}`"
                ),
            );
        }
    }

    #[test]
    fn the_policy_is_that_of_the_file() {
        use spec_first_review::{Outcome, Row, Verdict};
        let text = "[policy]\n\"enum/wider\" = { response = \"warning\" }\noperationId = { request = \"breaking\" }\n";
        let policy = Configuration::parse(FILE, text).unwrap().policy();
        let verdict = |row, outcome, direction| policy.backward(row, outcome, direction).verdict;
        let response = verdict(Row::Enum, Outcome::Wider, Direction::Response);
        let request = verdict(Row::OperationId, Outcome::Neutral, Direction::Request);
        assert_eq!((response, request), (Verdict::Warning, Verdict::Breaking));
    }
}
