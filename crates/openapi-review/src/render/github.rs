//! Commands of GitHub's workflows, which become annotations on the lines of the head.

use std::fmt::Write;

use super::entry::{Entries, Entry, Standing};
use super::excerpt::end_column;
use super::rust;
use super::wording::{LONGEST, and_more, shown};

/// How many uses are listed.
const USES: usize = 5;
/// How many changes of the generated code are listed.
const RUST: usize = 5;

pub(super) fn render(entries: &Entries<'_>) -> String {
    let mut text: String = entries.all.iter().map(annotation).collect();
    let headline = [entries.headline(), rust::summary(entries.review)];
    for line in headline {
        text.push_str(&shown(&line, LONGEST));
        text.push('\n');
    }
    text
}

fn annotation(entry: &Entry<'_>) -> String {
    let level = match entry.standing {
        Standing::Breaking => "error",
        Standing::Undecided => "warning",
        Standing::Acknowledged | Standing::Harmless => "notice",
    };
    let mut text = format!("::{level} ");
    if let Some(place) = &entry.change.head {
        let position = place.position;
        let file = escape_property(&place.source.name);
        _ = write!(
            text,
            "file={file},line={},col={},",
            position.line, position.column
        );
        if let Some(column) = end_column(place) {
            _ = write!(text, "endColumn={column},");
        }
    }
    let title = format!("{}: {}", entry.standing.as_str(), entry.change.rule());
    let message = escape_data(&message(entry));
    _ = writeln!(text, "title={}::{message}", escape_property(&title));
    text
}

fn message(entry: &Entry<'_>) -> String {
    let mut text = shown(&entry.change.message, LONGEST).into_owned();
    if let Some(subject) = entry.subject() {
        _ = write!(text, "\nabout {}", shown(&subject, LONGEST));
    }
    if entry.standing != Standing::Harmless {
        for (subject, judgement) in entry.verdicts() {
            let verdict = judgement.verdict.as_str();
            _ = write!(text, "\n{subject}: {verdict}, {}", judgement.why);
        }
    }
    _ = write!(text, "\nRust: {}", entry.rust);
    let (groups, left) = rust::groups(&entry.change.surface, RUST);
    for (sign, line) in groups.iter().flat_map(|group| &group.lines) {
        _ = write!(text, "\n{sign} {}", shown(line, LONGEST));
    }
    if let Some(more) = and_more(left) {
        _ = write!(text, "\n{more}");
    }
    let (uses, left) = entry.first_uses(USES);
    for each in uses {
        _ = write!(text, "\nused by {}", shown(&each.phrase(": "), LONGEST));
    }
    if let Some(more) = and_more(left) {
        _ = write!(text, "\n{more}");
    }
    if let Some(reason) = entry.acknowledged {
        _ = write!(text, "\nacknowledged: {}", shown(reason, LONGEST));
    }
    text
}

/// As the runner reads it back: <https://github.com/actions/toolkit/blob/main/packages/core/src/command.ts>.
fn escape_data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

fn escape_property(text: &str) -> String {
    escape_data(text).replace(':', "%3A").replace(',', "%2C")
}
