//! GitHub workflow commands, which become annotations on the lines of the head.

use std::fmt::Write;

use super::entry::{Entries, Entry, Standing, address};
use super::excerpt::end_column;
use super::rust;
use super::wording::{LONGEST, and_more, shown, visible};
use crate::{Note, Place};

/// How many uses are listed.
const USES: usize = 5;
/// How many changes of the generated code are listed.
const RUST: usize = 5;
/// How many annotations are written: GitHub shows ten of each level for a step.
pub const ANNOTATIONS: usize = 10;

/// Annotates open changes, then notes. Acknowledged and harmless changes get no annotation.
pub(super) fn render(entries: &Entries<'_>) -> String {
    let open = entries.all.iter().filter(|entry| {
        matches!(
            entry.standing,
            Standing::Breaking | Standing::Undecided | Standing::Warning
        )
    });
    let notes = &entries.review.notes;
    let count = open.clone().count() + notes.len();
    let annotations = open
        .map(annotation)
        .chain(notes.iter().map(annotation_of_note));
    let mut text: String = annotations.take(ANNOTATIONS).collect();
    let left = count.saturating_sub(ANNOTATIONS);
    let rest = (left > 0).then(|| format!("{left} more without an annotation"));
    let headline = [
        rest,
        Some(entries.headline()),
        rust::summary(entries.review),
    ];
    for line in headline.into_iter().flatten() {
        text.push_str(&shown(&line, LONGEST));
        text.push('\n');
    }
    text
}

fn annotation(entry: &Entry<'_>) -> String {
    let level = match entry.standing {
        Standing::Breaking => "error",
        _ => "warning",
    };
    let title = format!("{}: {}", entry.standing.as_str(), entry.change.rule());
    command(level, entry.change.head.as_ref(), &title, &message(entry))
}

/// The annotation of a note. Annotations are on the head, so a place in the base is given in words.
fn annotation_of_note(note: &Note) -> String {
    let mut message = shown(&note.message, LONGEST).into_owned();
    if let (None, Some(base)) = (&note.head, &note.base) {
        _ = write!(message, "\nat {} in the base", visible(&address(base)));
    }
    let title = format!("note: {}", note.rule);
    command("notice", note.head.as_ref(), &title, &message)
}

/// An annotation, at `place` if there is one.
pub fn command(level: &str, place: Option<&Place>, title: &str, message: &str) -> String {
    let mut text = format!("::{level} ");
    if let Some(place) = place {
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
    let (title, message) = (escape_property(title), escape_data(message));
    _ = writeln!(text, "title={title}::{message}");
    text
}

fn message(entry: &Entry<'_>) -> String {
    let mut text = shown(&entry.change.sentence(), LONGEST).into_owned();
    for (subject, judgement) in entry.verdicts() {
        let verdict = judgement.verdict.as_str();
        _ = write!(text, "\n{subject}: {verdict}, {}", judgement.why);
    }
    if let Some(step) = entry.rust {
        _ = write!(text, "\nRust: {step}");
    }
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
    text
}

/// Escapes text as the runner decodes it: <https://github.com/actions/toolkit/blob/main/packages/core/src/command.ts>.
fn escape_data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

fn escape_property(text: &str) -> String {
    escape_data(text).replace(':', "%3A").replace(',', "%2C")
}
