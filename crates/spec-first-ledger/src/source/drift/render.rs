//! Drift as text, Markdown and JSON.

use std::fmt::Write;

use serde_json::Value;
use spec_first_document::literal::{literal, visible};

use super::{Change, ChangeKind, Decision, Drift, FactChange, NO_LONGER};
use crate::source::escape::json;

/// An output format.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// For a terminal.
    #[default]
    Text,
    /// For an issue, without links, mentions or HTML from the page.
    Markdown,
    /// For programs.
    Json,
}

impl Format {
    /// Renders the drift of several pages.
    pub fn render(self, drifts: &[Drift]) -> String {
        match self {
            Self::Text => drifts.iter().map(|drift| write(drift, &TEXT)).collect(),
            Self::Markdown => drifts.iter().map(|drift| write(drift, &MARKDOWN)).collect(),
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

/// Quotes text from the page in backticks, safely.
fn code(text: &str) -> String {
    literal(&visible(text)).to_string()
}

/// Describes a change, such as "`body/field/a`: `"string"` is now `"integer"`".
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

fn lines(change: &Change) -> String {
    match (change.line_before, change.line_after) {
        (Some(before), Some(after)) => format!("line {after}, recorded in line {before}"),
        (Some(before), None) => format!("recorded in line {before}"),
        (None, Some(after)) => format!("line {after}"),
        (None, None) => String::new(),
    }
}

/// The differences between text and Markdown.
struct Style {
    /// Renders text from the page or the record.
    plain: fn(&str) -> String,
    page: &'static str,
    note: &'static str,
    change: &'static str,
    lines: [&'static str; 2],
    item: &'static str,
    contradiction: &'static str,
    end: &'static str,
}

const TEXT: Style = Style {
    plain: |text| visible(text).into_owned(),
    page: "",
    note: "  note: ",
    change: "\n  ",
    lines: [" (", ")\n"],
    item: "    ",
    contradiction: "\n  ",
    end: "",
};

const MARKDOWN: Style = Style {
    plain,
    page: "## ",
    note: "- note: ",
    change: "\n### ",
    lines: ["\n\n", "\n\n"],
    item: "- ",
    contradiction: "\n- ",
    end: "\n",
};

fn write(drift: &Drift, style: &Style) -> String {
    let plain = style.plain;
    let count = match drift.changes.len() {
        0 => "no changes".to_owned(),
        1 => "1 change".to_owned(),
        count => format!("{count} changes"),
    };
    let mut text = format!(
        "{}{}: {count}\n{}",
        style.page,
        plain(&drift.page),
        style.end
    );
    // Writing to a string cannot fail.
    for note in &drift.notes {
        _ = writeln!(text, "{}{}", style.note, plain(note));
    }
    for change in &drift.changes {
        let [before, after] = style.lines;
        let end = change.cut_off_after.map_or(String::new(), |line| {
            format!(", or the capture is cut off after line {line}:")
        });
        _ = write!(
            text,
            "{}{}{end} {}{before}{}{after}",
            style.change,
            word(change.kind),
            code(&change.subject),
            lines(change)
        );
        for item in items(change, plain) {
            _ = writeln!(text, "{}{item}", style.item);
        }
    }
    for (title, subjects) in [
        ("new contradiction", &drift.new_contradictions),
        ("no longer a contradiction", &drift.settled_contradictions),
    ] {
        for subject in subjects {
            _ = writeln!(text, "{}{title}: {}", style.contradiction, plain(subject));
        }
    }
    text + style.end
}

fn items(change: &Change, plain: fn(&str) -> String) -> Vec<String> {
    let mut items = match change.facts.is_empty() {
        true => vec!["only the wording, from which nothing is read".to_owned()],
        false => change.facts.iter().map(difference).collect(),
    };
    for place in &change.document {
        let verb = match place.says == NO_LONGER {
            true => "still documents",
            false => "has",
        };
        let [pointer, says] = [code(&place.pointer), plain(&place.says)];
        items.push(format!("document: {pointer} {verb} {says}"));
    }
    items.push(format!("clients notice: {}", change.client));
    for Decision {
        entry,
        subject,
        revisit,
    } in &change.decisions
    {
        let (subject, revisit) = (plain(subject), plain(revisit));
        items.push(format!(
            "decision: {} ({subject}). Revisit: {revisit}",
            code(entry)
        ));
    }
    items
}

/// Escapes Markdown, HTML, links and mentions.
fn plain(text: &str) -> String {
    let mut plain = String::new();
    for character in visible(text).chars() {
        if character.is_ascii_punctuation() && !".,;:'-()?!".contains(character) {
            _ = write!(plain, "&#{};", u32::from(character));
        } else {
            plain.push(character);
        }
    }
    plain
}
