//! Drift as text, Markdown and JSON.

use std::fmt::Write;

use serde_json::Value;
use spec_first_document::literal::literal;

use super::{Change, ChangeKind, Drift, FactChange};
use crate::source::escape::{escape, json};

/// How drift is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// For a terminal.
    #[default]
    Text,
    /// For an issue: nothing in it is a link, a mention or HTML.
    Markdown,
    /// For programs.
    Json,
}

impl Format {
    /// Writes the drift of several pages.
    pub fn render(self, drifts: &[Drift]) -> String {
        match self {
            Self::Text => drifts.iter().map(text).collect(),
            Self::Markdown => drifts.iter().map(markdown).collect(),
            Self::Json => json(&serde_json::json!({ "pages": drifts })),
        }
    }
}

fn word(kind: ChangeKind) -> &'static str {
    match kind {
        ChangeKind::New => "new",
        ChangeKind::Gone => "gone",
        ChangeKind::Changed => "changed",
    }
}

/// Text of the page in backticks, which neither end it nor deceive.
fn code(text: &str) -> String {
    literal(&escape(text)).to_string()
}

/// What changed, such as "`body/field/a`: `"string"` is now `"integer"`".
fn difference(fact: &FactChange) -> String {
    let value = |value: &Option<Value>| match value {
        None | Some(Value::Null) => String::new(),
        Some(value) => format!(" {}", code(&value.to_string())),
    };
    let [old, new] = [value(&fact.value_before), value(&fact.value_after)];
    match (&fact.before, &fact.after) {
        (Some(before), Some(after)) if before == after => {
            format!("{}:{old} is now{new}", code(after))
        }
        (Some(before), Some(after)) if old == new => {
            format!("{} is now {}", code(before), code(after))
        }
        (Some(before), Some(after)) => format!("{}{old} is now {}{new}", code(before), code(after)),
        (Some(before), None) => format!("{}{old} is gone", code(before)),
        (None, after) => format!("{}{new} is new", code(after.as_deref().unwrap_or_default())),
    }
}

fn differences(change: &Change) -> Vec<String> {
    match change.facts.is_empty() {
        true => vec!["only the wording, from which nothing is read".to_owned()],
        false => change.facts.iter().map(difference).collect(),
    }
}

fn lines(change: &Change) -> String {
    match (change.line_before, change.line_after) {
        (Some(before), Some(after)) => format!("line {after}, recorded in line {before}"),
        (Some(before), None) => format!("recorded in line {before}"),
        (None, Some(after)) => format!("line {after}"),
        (None, None) => String::new(),
    }
}

fn text(drift: &Drift) -> String {
    let mut text = String::new();
    let count = match drift.changes.len() {
        0 => "no changes".to_owned(),
        1 => "1 change".to_owned(),
        count => format!("{count} changes"),
    };
    // Writing to a string cannot fail.
    _ = writeln!(text, "{}: {count}", escape(&drift.page));
    for note in &drift.notes {
        _ = writeln!(text, "  note: {}", escape(note));
    }
    for change in &drift.changes {
        _ = writeln!(
            text,
            "\n  {} {} ({})",
            word(change.kind),
            code(&change.subject),
            lines(change)
        );
        for difference in differences(change) {
            _ = writeln!(text, "    {difference}");
        }
        for place in &change.document {
            _ = writeln!(
                text,
                "    document: {} has {}",
                code(&place.pointer),
                escape(&place.says)
            );
        }
        _ = writeln!(text, "    clients notice: {}", change.client);
        for decision in &change.decisions {
            _ = writeln!(
                text,
                "    decision: {} ({})",
                code(&decision.entry),
                escape(&decision.subject)
            );
            _ = writeln!(text, "      revisit: {}", escape(&decision.revisit));
        }
    }
    for (title, subjects) in contradictions(drift) {
        for subject in subjects {
            _ = writeln!(text, "\n  {title}: {}", escape(subject));
        }
    }
    text
}

fn contradictions(drift: &Drift) -> [(&'static str, &Vec<String>); 2] {
    [
        ("new contradiction", &drift.new_contradictions),
        ("no longer a contradiction", &drift.settled_contradictions),
    ]
}

fn markdown(drift: &Drift) -> String {
    let mut text = format!("## {}\n\n", plain(&drift.page));
    if drift.changes.is_empty() {
        text.push_str("No changes.\n\n");
    }
    for note in &drift.notes {
        _ = writeln!(text, "- Note: {}.", plain(note));
    }
    for change in &drift.changes {
        _ = writeln!(
            text,
            "\n### {}: {}\n\n{}\n",
            word(change.kind),
            code(&change.subject),
            lines(change)
        );
        for difference in differences(change) {
            _ = writeln!(text, "- {difference}");
        }
        for place in &change.document {
            _ = writeln!(
                text,
                "- document: {} has {}",
                code(&place.pointer),
                code(&place.says)
            );
        }
        _ = writeln!(text, "- clients notice: {}", change.client);
        for decision in &change.decisions {
            _ = writeln!(
                text,
                "- decision: {} ({}). Revisit: {}",
                code(&decision.entry),
                plain(&decision.subject),
                plain(&decision.revisit)
            );
        }
    }
    for (title, subjects) in contradictions(drift) {
        for subject in subjects {
            _ = writeln!(text, "\n- {title}: {}", code(&subject.replace('`', "'")));
        }
    }
    text.push('\n');
    text
}

/// Text without what Markdown, HTML, links and mentions are made of.
fn plain(text: &str) -> String {
    let mut plain = String::new();
    for character in escape(text).chars() {
        if character.is_ascii_punctuation() && !".,;:'-()?!".contains(character) {
            _ = write!(plain, "&#{};", u32::from(character));
        } else {
            plain.push(character);
        }
    }
    plain
}
