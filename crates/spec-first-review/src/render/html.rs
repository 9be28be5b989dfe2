//! A single page that needs no network. The filter is made of check boxes and CSS; only the search needs a script, and no other
//! script runs.

use std::collections::HashMap;
use std::sync::Arc;

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::entry::{Entries, Entry, Section, Side, Standing, Told, address, addresses};
use super::excerpt::{Line, dedented, excerpt, value};
use super::wording::{LONGEST, and_more, shown};
use super::{Attachment, rust};
use crate::literal::{Piece, pieces, plural};
use crate::{Judgement, SurfaceChange, Use, Verdict};

/// Nothing is loaded, and nothing but [`SEARCH`] runs, even if some text is not escaped. A browser test fails if this is not its
/// hash.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-MyUXyQp7E6+e15iq7B6SxIAGOMjDIJlaZ/ebuCYzIz0='; base-uri 'none'; form-action 'none'";
const SEARCH: &str = include_str!("html/search.js");
const STYLE: &str = include_str!("html/style.css");
/// How many uses are shown at once, and how many after a click.
const USES: usize = 4;
const MORE_USES: usize = 24;
/// How many changes are expanded initially, with more lines around them than the others.
const OPEN: usize = 40;
/// How many lines are shown before and after that of a change.
const AROUND: usize = 3;
const CLOSELY_AROUND: usize = 1;
/// How many lines of a difference are shown.
const LINES: usize = 2_000;
/// How many changes of the generated code are shown for each change of the document, and how many that no change accounts for.
const RUST: usize = 60;
const UNATTACHED: usize = 500;
/// How many notes are shown.
const NOTES: usize = 500;

pub(super) fn render(entries: &Entries<'_>) -> String {
    let headline = entries.headline();
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(POLICY);
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (headline) " · API review" }
                style { (PreEscaped(STYLE)) }
            }
            body {
                (header(entries, &headline))
                main {
                    (sections(entries))
                    (notes(entries))
                    (unattached(entries))
                    @for attachment in &entries.presentation.attachments {
                        (difference(attachment))
                    }
                }
                @if !entries.all.is_empty() { script { (PreEscaped(SEARCH)) } }
            }
        }
    };
    let mut text = page.into_string();
    text.push('\n');
    text
}

fn header(entries: &Entries<'_>, headline: &str) -> Markup {
    html! {
        header {
            p.eyebrow {
                "API review"
                @if let Some((base, head)) = entries.versions() {
                    " · version " (shown(base, 40)) " → " (shown(head, 40))
                }
            }
            h1 { (counts(entries, headline)) }
            @for note in rust::summary(entries.review).iter().chain(&entries.presentation.notes) {
                p.note { (rich(&shown(note, LONGEST))) }
            }
        }
        @if !entries.all.is_empty() {
            fieldset.filter {
                legend { "Show" }
                @for standing in Standing::ALL {
                    @let count = entries.count(standing);
                    @if count > 0 {
                        @let name = standing.as_str();
                        label data-standing=(name) {
                            input type="checkbox" id={ "show-" (name) } checked autocomplete="off";
                            " " (name) " " b { (count) }
                        }
                    }
                }
                label.search hidden { "Search " input type="search" id="search" autocomplete="off"; }
            }
        }
    }
}

/// The changes by component or operation, with an index of them.
fn sections(entries: &Entries<'_>) -> Markup {
    let sections = entries.sections(entries.apart());
    let mut shown_before = 0;
    html! {
        @if sections.len() > 1 {
            nav {
                details.index open[sections.len() <= OPEN] {
                    summary { "Index" }
                    ul {
                        @for (number, section) in sections.iter().enumerate() {
                            li { a href={ "#section-" (number) } { (rich(&shown(&section.heading, LONGEST))) } " " (section.counts()) }
                        }
                    }
                }
            }
        }
        @for (number, section) in sections.iter().enumerate() {
            section.section id={ "section-" (number) } data-only=[only(section)] {
                h2 { (rich(&shown(&section.heading, LONGEST))) " " span { (section.counts()) } }
                @let mut first_with = HashMap::new();
                @for (index, Told { entry, .. }) in section.told.iter().enumerate() {
                    @let number = shown_before + index;
                    @let first = *first_with.entry(Arc::as_ptr(&entry.change.uses)).or_insert(number);
                    (change(entries, (entry, &entry.change.sentence_below(&section.heading)), number, first))
                }
                @let () = shown_before += section.told.len();
            }
        }
    }
}

/// The standing of all changes of the section, if they share one.
fn only(section: &Section<'_, '_>) -> Option<&'static str> {
    let mut standings = section.told.iter().map(|told| told.entry.standing);
    let first = standings.next()?;
    standings
        .all(|standing| standing == first)
        .then(|| first.as_str())
}

/// The headline, with each count in its colour.
fn counts(entries: &Entries<'_>, headline: &str) -> Markup {
    html! {
        @if entries.all.is_empty() { (headline) }
        @else {
            @for (index, part) in headline.split(", ").enumerate() {
                @if index > 0 { ", " }
                @let name = part.split(' ').next_back().unwrap_or_default();
                @let name = if name == "warnings" { Standing::Warning.as_str() } else { name };
                span data-standing=(name) { (part) }
            }
        }
    }
}

/// The change with this number, whose uses are shown at the change `with_uses`.
fn change(
    entries: &Entries<'_>,
    (entry, sentence): (&Entry<'_>, &str),
    number: usize,
    with_uses: usize,
) -> Markup {
    let may_be_open = number < OPEN;
    let around = if may_be_open { AROUND } else { CLOSELY_AROUND };
    let change = entry.change;
    let name = entry.standing.as_str();
    let is_open = may_be_open && entry.standing != Standing::Harmless;
    html! {
        details.change data-standing=(name) open[is_open] {
            summary {
                span.badge { (name) }
                " "
                span.message { (rich(&shown(sentence, LONGEST))) }
                " "
                span.rule {
                    code { (change.rule()) }
                    @if let (Some(_), Some(step)) = (change.rust_step(), entry.rust) { " · Rust: " (step) }
                }
            }
            @if let Some(reason) = entry.acknowledged {
                p.reason { strong { "Acknowledged: " } (rich(&shown(reason, LONGEST))) }
            }
            dl.verdicts {
                @for (subjects, judgement) in verdicts(entry) {
                    div data-standing=(judgement.verdict.as_str()) {
                        dt { (subjects) }
                        dd {
                            strong { (judgement.verdict.as_str()) }
                            @if judgement.verdict != Verdict::Harmless { " · " (judgement.why) }
                        }
                    }
                }
                @if let Some(step) = entry.rust {
                    div data-standing=(tone(step)) {
                        dt { "Rust" }
                        dd { strong { (step) } " · " (shown(entry.rust_why, LONGEST)) }
                    }
                }
            }
            div.versions {
                @for side in entry.sides() { (source(side, around)) }
            }
            (code_of(&change.surface, RUST))
            @if with_uses == number { (uses(entry, number)) }
            @else { p.subject { "Used by " a href={ "#uses-" (with_uses) } { "the same as an earlier change" } } }
            @if let Some(proposal) = entries.proposal(entry) {
                section.proposal {
                    h2 {
                        "To acknowledge it, say why in "
                        @if let Some(file) = &entries.presentation.acknowledgement_file { code { (shown(&file.path, 120)) } }
                    }
                    pre { code { (proposal) } }
                }
            }
        }
    }
}

/// The verdicts, each with all clients that it is about.
fn verdicts(entry: &Entry<'_>) -> Vec<(String, Judgement)> {
    let mut groups: Vec<(String, Judgement)> = Vec::new();
    for (subject, judgement) in entry.verdicts() {
        let is_same = |(_, known): &&mut (String, Judgement)| {
            *known == judgement || [known.verdict, judgement.verdict] == [Verdict::Harmless; 2]
        };
        match groups.iter_mut().find(is_same) {
            Some((subjects, _)) => *subjects += &format!("; {subject}"),
            None => groups.push((subject.to_owned(), judgement)),
        }
    }
    groups
}

/// The colour of a verdict about code.
fn tone(rust: &str) -> &'static str {
    match rust {
        "major" => Standing::Breaking.as_str(),
        rust::NOT_KNOWN => Standing::Undecided.as_str(),
        _ => Standing::Harmless.as_str(),
    }
}

/// The lines of generated code that change, with the reasons.
fn code_of(changes: &[Arc<SurfaceChange>], count: usize) -> Markup {
    let (groups, left) = rust::groups(changes, count);
    html! {
        @for group in groups {
            figure.code {
                figcaption { strong { "Rust: " (group.step.as_str()) } " · " (shown(group.why, LONGEST)) }
                pre {
                    @for (sign, line) in group.lines {
                        @let line = format!("{sign} {line}");
                        span.line.(kind(&line)) { (shown(&line, LONGEST)) "\n" }
                    }
                }
            }
        }
        @if let Some(more) = and_more(left) { p { (more) } }
    }
}

fn notes(entries: &Entries<'_>) -> Markup {
    let notes = &entries.review.notes;
    html! {
        @if let Some(count) = entries.note_count() {
            details.difference open {
                summary { (count) " about parts that are not compared" }
                section.uses {
                    ul {
                        @for note in notes.iter().take(NOTES) {
                            li { (rich(&shown(&note.message, LONGEST))) " " code { (shown(&addresses(note).join(", "), 240)) } }
                        }
                    }
                    @if let Some(more) = and_more(notes.len().saturating_sub(NOTES)) { p { (more) } }
                }
            }
        }
    }
}

fn unattached(entries: &Entries<'_>) -> Markup {
    let changes = &entries.review.unattached;
    html! {
        @if !changes.is_empty() {
            details.difference {
                summary { "Rust: changes with another cause" }
                (code_of(changes, UNATTACHED))
            }
        }
    }
}

fn source(side: Side<'_>, around: usize) -> Markup {
    let address = address(side.place);
    html! {
        figure.source.(side.name) {
            figcaption { strong { (side.label()) } " " code { (shown(&address, 120)) } }
            pre {
                @for line in dedented(excerpt(side.place, around)) {
                    (numbered(&line, side.is_exact()))
                }
            }
        }
    }
}

fn numbered(line: &Line, is_marked: bool) -> Markup {
    let mark = value(line).filter(|_| is_marked);
    html! {
        span.line.marked[mark.is_some()] {
            b { (line.number) }
            @match &mark {
                // The parts of a line must be one element, and a page has many lines without parts.
                Some(mark) => code {
                    (line.text[..mark.start])
                    mark { (line.text[mark.clone()]) }
                    (line.text[mark.end..])
                },
                None => (line.text),
            }
            "\n"
        }
    }
}

fn uses(entry: &Entry<'_>, number: usize) -> Markup {
    let (all, left) = entry.first_uses(MORE_USES);
    let (first, rest) = all.split_at(all.len().min(USES));
    html! {
        section.uses id={ "uses-" (number) } {
            h2 { "Used by" }
            (list(first))
            @if !rest.is_empty() {
                details {
                    summary { "and " (rest.len() + left) " more" }
                    (list(rest))
                    @if let Some(more) = and_more(left) { p { (more) } }
                }
            }
        }
    }
}

fn list(uses: &[&Use]) -> Markup {
    html! {
        ul {
            @for each in uses {
                li { (rich(&shown(&each.phrase(": "), LONGEST))) }
            }
        }
    }
}

fn difference(attachment: &Attachment) -> Markup {
    let mut lines = attachment.diff.lines();
    let first: Vec<&str> = lines.by_ref().take(LINES).collect();
    let left = lines.count();
    html! {
        details.difference {
            summary { (shown(&attachment.title, LONGEST)) }
            pre {
                @for line in first {
                    span.line.(kind(line)) { (shown(line, LONGEST)) "\n" }
                }
            }
            @if let Some(more) = and_more(left) { p { (more) " " (plural(left, "line", "lines")) } }
        }
    }
}

fn kind(line: &str) -> &'static str {
    match line.as_bytes().first() {
        Some(b'+') => "added",
        Some(b'-') => "removed",
        Some(b'@') => "hunk",
        _ => "same",
    }
}

/// A message with literals between backticks.
fn rich(message: &str) -> Markup {
    html! {
        @for piece in pieces(message) {
            @match piece {
                Piece::Words(words) => (words),
                Piece::Literal(literal) => code { (literal) },
            }
        }
    }
}
