//! Rulesets of other linters, which are not read: what to write instead.

use std::fmt::Write;
use std::path::Path;
use std::{fs, io};

use indexmap::IndexMap;
use spec_first_document::{Document, Node};
use spec_first_lint::{Level, equivalents};

use crate::configuration::FILE;
use crate::terminal::tell;
use crate::{Error, Project};

/// The names of the files.
const NAMES: [&str; 8] = [
    ".spectral.yaml",
    ".spectral.yml",
    ".spectral.json",
    ".spectral.js",
    "redocly.yaml",
    "redocly.yml",
    ".redocly.yaml",
    ".redocly.yml",
];

/// The largest file that is looked into, in bytes: documents may be much larger than rulesets.
const LARGEST: u64 = 256 * 1024;

/// Whether the file is a ruleset by its name or by what is in it.
pub(super) fn is_ruleset(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str());
    let is_small = || {
        path.metadata()
            .is_ok_and(|it| it.is_file() && it.len() <= LARGEST)
    };
    let has_rules = || {
        let document = Document::parse("ruleset", &fs::read_to_string(path).ok()?).ok()?;
        let has = |keys: [&str; 2]| keys.iter().any(|key| document.root().get(key).is_some());
        Some(has(["rules", "extends"]) && !has(["openapi", "swagger"]))
    };
    name.is_some_and(|name| NAMES.contains(&name))
        || (is_small() && has_rules().unwrap_or_default())
}

/// The error about a ruleset that was named.
pub(super) fn unsupported(path: &Path) -> Error {
    let name = path.display().to_string();
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) => return Error::file("read", &name)(error),
    };
    Error::Usage {
        message: format!("rulesets of other linters are not supported: `{name}`"),
        hint: instead(&name, &text),
    }
}

/// Names on standard error each ruleset beside the documents, unless the project has set rules of ours.
pub(super) fn name_unread(project: &Project, folders: &[&Path]) {
    if !project.configuration().lint.rules.is_empty() {
        return;
    }
    let mut folders = folders.to_vec();
    folders.sort_unstable();
    folders.dedup();
    for path in folders
        .iter()
        .flat_map(|folder| NAMES.map(|name| folder.join(name)))
    {
        let name = path.display().to_string();
        match fs::read_to_string(&path) {
            Ok(text) => tell(format_args!(
                "note: `{name}` is the ruleset of another linter, and is not read\nhint: {}",
                instead(&name, &text)
            )),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => tell(format_args!(
                "note: `{name}` is the ruleset of another linter, and cannot be read: {error}"
            )),
        }
    }
}

/// What to write for the rules that the ruleset sets.
fn instead(name: &str, text: &str) -> String {
    let document = Document::parse(name, text).ok();
    let rules = document
        .as_ref()
        .and_then(|document| document.root().get("rules"));
    let mut levels: IndexMap<_, Option<Level>> = IndexMap::new();
    let mut unknown = Vec::new();
    for entry in rules.map(Node::entries).unwrap_or_default() {
        let Some(rules) = equivalents(entry.key).filter(|rules| !rules.is_empty()) else {
            unknown.push(format!("`{}`", entry.key));
            continue;
        };
        let severity = entry.value.get("severity").unwrap_or(entry.value);
        if let Some(level) = level(severity) {
            for rule in rules {
                // Several of their rules may be one of ours, which must then find what any of them does.
                let known = levels.entry(rule.name).or_default();
                *known = level.max(*known);
            }
        }
    }
    let lines = levels
        .iter()
        .map(|(rule, level)| format!("\n  {rule} = \"{}\"", level.map_or("off", Level::as_str)));
    let lines: String = lines.collect();
    let mut hint = match lines.is_empty() {
        true => format!("set the levels of rules under `[lint.rules]` in `{FILE}`"),
        false => format!("write this into `{FILE}` instead:\n  [lint.rules]{lines}"),
    };
    if !unknown.is_empty() {
        _ = write!(hint, "\n  without a counterpart: {}", unknown.join(", "));
    }
    hint
}

/// Our level for a severity of theirs, which is none if the rule is switched off; `None` if it is the default.
fn level(severity: Node<'_>) -> Option<Option<Level>> {
    if severity.as_bool() == Some(false) {
        return Some(None);
    }
    let number = severity.number().map(|number| number.to_string());
    match number.as_deref().or(severity.as_str())? {
        "off" | "-1" => Some(None),
        "error" | "0" => Some(Some(Level::Error)),
        "warn" | "1" => Some(Some(Level::Warning)),
        "info" | "hint" | "2" | "3" => Some(Some(Level::Advice)),
        _ => None,
    }
}
