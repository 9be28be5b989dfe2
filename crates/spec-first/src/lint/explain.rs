//! `spec-first lint --explain`: what a rule requires, and why.

use std::fmt::Write;

use spec_first_lint::{Rule, Settings, Topic, rules};

use crate::Error;
use crate::terminal::write;

/// What keeps a document from being read, and so from being checked.
const READING: [(&str, &str); 6] = [
    (
        "absolute-reference",
        "References to other files are relative paths.",
    ),
    (
        "endless-references",
        "References between path items and between files have an end.",
    ),
    (
        "remote-reference",
        "References lead to files beside the document, not to other machines.",
    ),
    ("syntax", "Documents are valid YAML or JSON."),
    ("unreadable", "Documents can be read."),
    (
        "unreadable-reference",
        "The files that a document refers to can be read.",
    ),
];

fn of_reading(name: &str) -> String {
    let summaries = READING.iter().filter(|(known, _)| *known == name);
    let lines = summaries.map(|(name, summary)| {
        format!(
            "{name} (error): {summary}\n\nOtherwise nothing else can be checked, so its level cannot be changed.\n"
        )
    });
    lines.collect()
}

/// Explains a rule or, without one, lists them all; always in order.
pub(super) fn run(rule: Option<&str>, settings: &Settings) -> Result<bool, Error> {
    let text = match rule {
        Some(name) if READING.iter().any(|(known, _)| *known == name) => of_reading(name),
        Some(name) => {
            let rule = Rule::find(name).map_err(|unknown| Error::Usage {
                message: unknown.to_string(),
                hint: "`spec-first lint --explain` lists the rules".to_owned(),
            })?;
            page(rule, settings)
        }
        None => list(settings),
    };
    write(None, &text)?;
    Ok(true)
}

fn list(settings: &Settings) -> String {
    let width = rules().iter().map(|rule| rule.name.len()).max();
    let width = width.unwrap_or_default();
    let lines = rules().iter().map(|rule| {
        let level = level(rule, settings);
        format!("{:width$}  {level:7}  {}\n", rule.name, rule.summary)
    });
    lines.collect()
}

fn level(rule: &Rule, settings: &Settings) -> &'static str {
    settings
        .level(rule.name)
        .map_or("off", |level| level.as_str())
}

fn page(rule: &Rule, settings: &Settings) -> String {
    let (name, summary, why) = (rule.name, rule.summary, rule.why);
    let level = level(rule, settings);
    let mut text = format!("{name} ({level}): {summary}\n\n{why}\n");
    for (title, example) in [("Wrong", rule.wrong()), ("Right", rule.right())] {
        _ = write!(text, "\n{title}:\n\n");
        for line in example.lines() {
            _ = writeln!(text, "    {line}");
        }
    }
    let purpose = match rule.topic {
        Topic::Rust => Some("rust"),
        Topic::Mock => Some("mock"),
        _ => None,
    };
    if let Some(purpose) = purpose {
        _ = writeln!(text, "\nThe rule applies with `--for {purpose}`.");
    }
    _ = writeln!(
        text,
        "\nTo change its level, set `{name}` under `[lint.rules]` in `spec-first.toml`; to ignore it in one place, write \
         `x-lint-ignore: [{name}]` there."
    );
    text
}
