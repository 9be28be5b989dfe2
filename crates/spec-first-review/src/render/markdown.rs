//! A comment on a pull request, in GitHub's Markdown.
//!
//! Text from a document is only written in code spans and fenced blocks, where nothing is markup, a link or a mention.

pub(super) mod escape;

use std::fmt::Write;
use std::sync::Arc;

use super::entry::{Entries, Entry, Standing, Told, address, addresses};
use super::excerpt::{dedented, excerpt};
use super::wording::{LONGEST, and_more, shown};
use super::{Attachment, COMMENT_MARKER, rust};
use crate::literal::literal;
use crate::subject::EVERY_OPERATION;
use crate::{Note, SurfaceChange};
use escape::{cell, code, fence, inline, summary};

/// GitHub refuses a comment of more than 65,536 characters.
const LIMIT: usize = 65_000;
/// How far each part may fill the comment, so that there is room for the parts after it.
const OVERVIEW: usize = 28_000;
const DETAILS: usize = 42_000;
const HARMLESS: usize = 48_000;
const NOTES: usize = 50_000;
const UNATTACHED: usize = 52_000;
const PROPOSALS: usize = 58_000;
/// The maximum size of an attachment apart from its lines.
const FRAME: usize = 1_500;
/// How long its lines may be, in characters.
const LINE: usize = 240;
/// How many uses are listed.
const USES: usize = 10;
/// How many changes of the generated code are listed for each change of the document.
const RUST: usize = 12;
/// The note about changes that are only in the table.
const IN_DETAIL: [&str; 2] = [
    "change is not shown in detail",
    "changes are not shown in detail",
];

pub(super) fn render(entries: &Entries<'_>) -> String {
    let mut comment = Comment::new(heading(entries));
    let is_generated = !entries.review.surface.is_not_generated();
    let is_serious = |told: &Told<'_, '_>| told.entry.standing != Standing::Harmless;
    let (serious, harmless): (Vec<_>, Vec<_>) =
        entries.together().into_iter().partition(is_serious);
    if !serious.is_empty() {
        comment.table(&serious, is_generated, OVERVIEW);
        comment.add_all(serious.iter().map(details), DETAILS, IN_DETAIL);
    }
    if !harmless.is_empty() {
        let count = entries.count(Standing::Harmless);
        comment.add(&format!("<details><summary>{count} harmless</summary>\n\n"));
        comment.table(&harmless, is_generated, HARMLESS);
        let details = entries.with(Standing::Harmless).filter_map(harmless_code);
        comment.add_all(details, HARMLESS, IN_DETAIL);
        comment.add("</details>\n\n");
    }
    if let Some(count) = entries.note_count() {
        let title = format!("{count} about parts that are not compared");
        comment.add(&format!("<details><summary>{title}</summary>\n\n"));
        let notes = entries.review.notes.iter().map(note);
        comment.add_all(notes, NOTES, ["note", "notes"]);
        comment.add("</details>\n\n");
    }
    let unattached = &entries.review.unattached;
    if !unattached.is_empty() {
        let title = "Rust: changes with another cause";
        comment.add(&format!("<details><summary>{title}</summary>\n\n"));
        let blocks = unattached
            .chunks(RUST)
            .map(|changes| code_of(changes, RUST));
        comment.add_all(blocks, UNATTACHED, ["part of it", "parts of it"]);
        comment.add("</details>\n\n");
    }
    if let Some((path, proposals)) = entries.proposals() {
        comment.proposals(path, &proposals);
    }
    comment.attachments(&entries.presentation.attachments);
    comment.text
}

fn heading(entries: &Entries<'_>) -> String {
    let mut text = format!("{COMMENT_MARKER}\n### {}\n\n", entries.headline());
    if let Some((base, head)) = entries.versions() {
        let versions = [base, head].map(|version| code(&shown(version, 40)));
        _ = writeln!(text, "Version {} → {}\n", versions[0], versions[1]);
    }
    let rust = rust::summary(entries.review);
    let notes = entries.presentation.notes.iter().take(20);
    for note in rust.iter().chain(notes) {
        _ = writeln!(text, "{}\n", inline(&shown(note, LONGEST)));
    }
    text
}

/// The comment so far.
struct Comment {
    text: String,
    length: usize,
}

impl Comment {
    fn new(text: String) -> Self {
        let length = text.chars().count();
        Self { text, length }
    }

    fn add(&mut self, text: &str) {
        self.text.push_str(text);
        self.length += text.chars().count();
    }

    /// Adds what fits, and says how much did not.
    fn add_all(&mut self, blocks: impl Iterator<Item = String>, limit: usize, units: [&str; 2]) {
        let mut left = 0;
        for block in blocks {
            // The blocks are in order of importance, so nothing is added after the first one that does not fit.
            if left > 0 || self.length + block.chars().count() > limit {
                left += 1;
            } else {
                self.add(&block);
            }
        }
        self.add(&left_out(left, units));
        self.add("\n");
    }

    fn table(&mut self, told: &[Told<'_, '_>], is_code_generated: bool, limit: usize) {
        self.add(match is_code_generated {
            true => "| verdict | Rust | rule | what | where | used by |\n| --- | --- | --- | --- | --- | --- |\n",
            false => "| verdict | rule | what | where | used by |\n| --- | --- | --- | --- | --- |\n",
        });
        let units = ["change is not in the table", "changes are not in the table"];
        self.add_all(told.iter().map(row), limit, units);
    }

    /// The entries to paste to acknowledge the open changes, as far as there is room.
    fn proposals(&mut self, path: &str, proposals: &[String]) {
        let room = PROPOSALS.saturating_sub(self.length + FRAME);
        let mut text = String::new();
        let mut length = 0;
        let mut left = 0_usize;
        for proposal in proposals {
            let size = proposal.chars().count();
            if left > 0 || length + size > room {
                left += 1;
            } else {
                text.push_str(proposal);
                length += size;
            }
        }
        let path = shown(path, 120);
        let title = summary(&format!(
            "To acknowledge this, say why in {}",
            literal(&path)
        ));
        let block = fence("yaml", &text);
        self.add(&format!("<details><summary>{title}</summary>\n\n{block}\n"));
        self.add(&left_out(left, ["entry", "entries"]));
        self.add("</details>\n\n");
    }

    fn attachments(&mut self, attachments: &[Attachment]) {
        let mut left = 0;
        for (index, attachment) in attachments.iter().enumerate() {
            // Room that one attachment does not need is left to the others.
            let share = LIMIT.saturating_sub(self.length) / (attachments.len() - index).min(20);
            if share < 2 * FRAME {
                left += 1;
            } else {
                self.add(&folded(attachment, share - FRAME));
            }
        }
        self.add(&left_out(left, ["difference", "differences"]));
    }
}

fn name(standing: Standing) -> &'static str {
    match standing {
        Standing::Breaking => "❌ breaking",
        Standing::Undecided => "⚠️ undecided",
        Standing::Warning => "⚠️ warning",
        Standing::Acknowledged => "☑️ acknowledged",
        Standing::Harmless => "✅ harmless",
    }
}

/// A note, as an item of a list.
fn note(note: &Note) -> String {
    let message = inline(&shown(&note.message, LONGEST));
    let places = addresses(note).join(", ");
    format!("- {message} ({})\n", code(&shown(&places, 240)))
}

fn row(told: &Told<'_, '_>) -> String {
    let entry = told.entry;
    let change = entry.change;
    let place = entry.best_side().map(|side| {
        let address = code(&shown(&address(side.place), 120));
        match side.name {
            "base" => format!("{address} in the base"),
            _ => address,
        }
    });
    let mut used = String::new();
    let operations = told.operations();
    if let Some(operation) = operations.first() {
        used = match *operation {
            EVERY_OPERATION => EVERY_OPERATION.to_owned(),
            operation => code(&shown(operation, 120)),
        };
        if let Some(more) = and_more(operations.len() - 1) {
            _ = write!(used, " {more}");
        }
    }
    format!(
        "| {} |{} {} | {} | {} | {} |\n",
        name(entry.standing),
        entry
            .rust
            .map_or_else(String::new, |step| format!(" {step} |")),
        cell(&code(&change.rule())),
        cell(&inline(&shown(&told.sentence, LONGEST))),
        cell(&place.unwrap_or_default()),
        cell(&used)
    )
}

fn details(told: &Told<'_, '_>) -> String {
    let entry = told.entry;
    let change = entry.change;
    let mut text = format!(
        "<details><summary>{}: {}</summary>\n\n",
        name(entry.standing),
        summary(&shown(&told.sentence, LONGEST))
    );
    if let Some(reason) = entry.acknowledged {
        _ = writeln!(text, "- acknowledged: {}", inline(&shown(reason, LONGEST)));
    }
    for (subject, judgement) in entry.verdicts() {
        let verdict = judgement.verdict.as_str();
        _ = writeln!(text, "- {subject}: **{verdict}**, {}", judgement.why);
    }
    if let Some(step) = entry.rust {
        let why = inline(&shown(entry.rust_why, LONGEST));
        _ = writeln!(text, "- Rust: **{step}**, {why}");
    }
    text.push_str("- used by\n");
    let left = told.uses().count().saturating_sub(USES);
    let uses = told.uses().take(USES);
    let uses = uses.map(|each| inline(&shown(&each.phrase(": "), LONGEST)));
    for line in uses.chain(and_more(left)) {
        _ = writeln!(text, "  - {line}");
    }
    _ = writeln!(text, "\n{}", fence("diff", &lines(entry)));
    if !change.surface.is_empty() {
        text.push('\n');
        text.push_str(&code_of(&change.surface, RUST));
    }
    text.push_str("</details>\n\n");
    text
}

/// The effect of a harmless change on generated code; `None` if it has none.
fn harmless_code(entry: &Entry<'_>) -> Option<String> {
    let change = entry.change;
    if change.surface.is_empty() {
        return None;
    }
    let message = inline(&shown(&change.sentence(), LONGEST));
    let code = code_of(&change.surface, RUST);
    let step = entry.rust?;
    Some(format!("Rust: **{step}**, as {message}\n\n{code}"))
}

/// The lines of generated code that change, as a diff, with the reasons.
fn code_of(changes: &[Arc<SurfaceChange>], count: usize) -> String {
    let (groups, left) = rust::groups(changes, count);
    let mut diff = String::new();
    for group in groups {
        let (step, why) = (group.step.as_str(), shown(group.why, LONGEST));
        _ = writeln!(diff, "@@ {step}: {why} @@");
        for (sign, line) in group.lines {
            _ = writeln!(diff, "{sign} {}", shown(line, LINE));
        }
    }
    let mut text = fence("diff", &diff);
    text.push('\n');
    if let Some(more) = and_more(left) {
        _ = writeln!(text, "\n{more}\n");
    }
    text
}

/// The lines of both documents, as a diff.
fn lines(entry: &Entry<'_>) -> String {
    let mut text = String::new();
    for side in entry.sides() {
        let place = side.place;
        let address = address(place);
        _ = writeln!(text, "@@ {}: {} @@", side.label(), shown(&address, 120));
        let sign = if side.name == "base" { '-' } else { '+' };
        for line in dedented(excerpt(place, 2)) {
            let is_marked = side.is_exact() && line.mark.is_some();
            let sign = if is_marked { sign } else { ' ' };
            _ = writeln!(text, "{sign} {}", line.text);
        }
    }
    text
}

/// An attachment, cut to `room` characters.
fn folded(attachment: &Attachment, room: usize) -> String {
    let title = summary(&shown(&attachment.title, 100));
    let mut diff = String::new();
    let mut length = 0;
    let mut left = 0_usize;
    for line in attachment.diff.lines() {
        let line = shown(line, LINE);
        let size = line.chars().count() + 1;
        if left > 0 || length + size > room {
            left += 1;
        } else {
            diff.push_str(&line);
            diff.push('\n');
            length += size;
        }
    }
    let diff = fence("diff", &diff);
    let mut text = format!("<details><summary>{title}</summary>\n\n{diff}\n");
    text.push_str(&left_out(left, ["line", "lines"]));
    text.push_str("\n</details>\n\n");
    text
}

/// Says how much does not fit into the comment; empty if everything fits.
fn left_out(left: usize, [one, several]: [&str; 2]) -> String {
    if left == 0 {
        return String::new();
    }
    let unit = if left == 1 { one } else { several };
    format!("\n> [!NOTE]\n> {left} more {unit}: the comment is at its maximum length.\n")
}
