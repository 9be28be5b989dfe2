//! Text for a terminal: one line for each change, by component or operation; or breaking changes with the lines of both documents.

use std::sync::Arc;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use anstyle::{AnsiColor, Style};

use super::entry::{Entries, Entry, Section, Side, Standing, Told, address, addresses};
use super::excerpt::{Line, excerpt};
use super::wording::{LONGEST, and_more, shown, visible};
use super::{Attachment, rust};
use crate::literal::{literal, plural};
use crate::{Place, SurfaceChange, Verdict};

/// How many uses are listed.
const USES: usize = 5;
/// How many changes of the generated code are listed for one of the document.
const RUST: usize = 8;
/// How many that no change accounts for are listed.
const UNATTACHED: usize = 40;
/// How many notes are listed.
const NOTES: usize = 100;

pub(super) fn render(entries: &Entries<'_>) -> String {
    let printer = Printer {
        colour: entries.presentation.colour,
        details: entries.presentation.details,
    };
    let mut text = printer.headline(entries);
    if !entries.presentation.details {
        let mut follows_a_line = false;
        for section in entries.sections(entries.together()) {
            let is_a_line = section.told.len() == 1;
            text.push_str(if is_a_line && follows_a_line {
                ""
            } else {
                "\n"
            });
            text.push_str(&printer.section(&section));
            follows_a_line = is_a_line;
        }
        text.push_str(&printer.notes(entries));
        return text;
    }
    let is_harmless = |entry: &&Entry<'_>| entry.standing == Standing::Harmless;
    for entry in entries.all.iter().filter(|entry| !is_harmless(entry)) {
        text.push('\n');
        text.push_str(&printer.report(entry));
    }
    for (index, entry) in entries.all.iter().filter(is_harmless).enumerate() {
        text.push_str(if index == 0 { "\n" } else { "" });
        text.push_str(&printer.line(entry, &entry.change.sentence(), 0));
    }
    text.push_str(&printer.notes(entries));
    text.push_str(&printer.unattached(entries));
    for attachment in &entries.presentation.attachments {
        text.push('\n');
        text.push_str(&printer.attachment(attachment));
    }
    if let Some((path, proposals)) = entries.proposals() {
        let title = format!(
            "To acknowledge this, say why in {}:",
            literal(&visible(path))
        );
        text.push_str(&format!("\n{}\n\n", printer.title(&title)));
        text.extend(proposals);
    }
    text
}

struct Printer {
    colour: bool,
    details: bool,
}

impl Printer {
    fn paint(&self, style: Style, text: &str) -> String {
        if self.colour {
            format!("{style}{text}{style:#}")
        } else {
            text.to_owned()
        }
    }

    fn headline(&self, entries: &Entries<'_>) -> String {
        let mut text = self.paint(Style::new().bold(), &entries.headline());
        if let Some((base, head)) = entries.versions() {
            let versions = format!(" ({} -> {})", shown(base, 40), shown(head, 40));
            text.push_str(&versions);
        }
        text.push('\n');
        let rust = rust::summary(entries.review);
        for note in rust.iter().chain(&entries.presentation.notes) {
            text.push_str(&shown(note, LONGEST));
            text.push('\n');
        }
        text
    }

    fn title(&self, text: &str) -> String {
        self.paint(Style::new().bold(), text)
    }

    /// A change in detail, with the lines of both documents.
    fn report(&self, entry: &Entry<'_>) -> String {
        let change = entry.change;
        let level = level(entry.standing);
        let sentence = change.sentence();
        let title = level
            .primary_title(shown(&sentence, LONGEST))
            .id(change.rule());
        let mut group = Group::with_title(title);
        let snippets: Vec<(Side<'_>, Vec<Line>)> = entry
            .sides()
            .map(|side| (side, excerpt(side.place, 1)))
            .collect();
        for (side, lines) in &snippets {
            let place = side.place;
            let mut snippet = snippet(side.label(), lines, kind(entry, *side));
            if has_its_column(place, lines) {
                snippet = snippet.path(visible(&place.source.name));
            } else {
                group = group.element(origin(place));
            }
            group = group.element(snippet);
        }
        for (subject, message) in details(entry) {
            group = group.element(Level::NOTE.with_name(subject).message(message));
        }
        let renderer = if self.colour {
            Renderer::styled()
        } else {
            Renderer::plain()
        };
        let renderer = renderer.decor_style(DecorStyle::Ascii);
        let mut text = renderer.render(&[group]);
        text.push('\n');
        text
    }

    /// The changes of a component or an operation, below its name; a single one names it itself.
    fn section(&self, section: &Section<'_, '_>) -> String {
        if let [told] = section.told.as_slice() {
            return self.line(told.entry, &told.sentence, told.others.len());
        }
        let heading = self.title(&shown(&section.heading, LONGEST));
        let lines = section.told.iter();
        let lines = lines.map(|Told { entry, .. }| {
            let sentence = entry.change.sentence_below(&section.heading);
            format!("  {}", self.line(entry, &sentence, 0))
        });
        format!(
            "{heading}: {}\n{}",
            section.counts(),
            lines.collect::<String>()
        )
    }

    /// A change on one line, with the number of `more` places that changed in the same way.
    fn line(&self, entry: &Entry<'_>, sentence: &str, more: usize) -> String {
        let colour = match entry.standing {
            Standing::Breaking => AnsiColor::Red,
            Standing::Undecided | Standing::Warning => AnsiColor::Yellow,
            Standing::Acknowledged => AnsiColor::Blue,
            Standing::Harmless => AnsiColor::Green,
        };
        let name = self.paint(colour.on_default().bold(), entry.standing.as_str());
        let change = entry.change;
        let place = entry.best_side().map_or_else(String::new, address_in_words);
        let place = match and_more(more) {
            Some(more) => format!("{place} {more}"),
            None => place,
        };
        let (sentence, place) = (shown(sentence, LONGEST), visible(&place));
        let mut text = format!("{name}[{}]: {sentence} ({place})", change.rule());
        let is_shown_below = self.details && !change.surface.is_empty();
        let step = entry
            .rust
            .filter(|step| *step != rust::NOT_KNOWN && !is_shown_below);
        if let Some(step) = step {
            text.push_str(&format!(", Rust: {step}"));
        }
        text.push('\n');
        if !self.details {
            return text;
        }
        for line in lines_of_code(&change.surface, RUST) {
            text.push_str(&format!("  Rust: {}\n", line.replace('\n', "\n    ")));
        }
        text
    }

    fn notes(&self, entries: &Entries<'_>) -> String {
        let notes = &entries.review.notes;
        let shown_notes = notes.iter().take(NOTES).map(|note| {
            let name = self.paint(AnsiColor::Cyan.on_default().bold(), "note");
            let (rule, message) = (note.rule, shown(&note.message, LONGEST));
            let places = addresses(note).join(", ");
            format!("{name}[{rule}]: {message} ({})\n", visible(&places))
        });
        let text: String = shown_notes.collect();
        let left = notes.len().saturating_sub(NOTES);
        let more = and_more(left).map(|more| format!("{more} {}\n", plural(left, "note", "notes")));
        let gap = if notes.is_empty() { "" } else { "\n" };
        format!("{gap}{text}{}", more.unwrap_or_default())
    }

    fn unattached(&self, entries: &Entries<'_>) -> String {
        let changes = &entries.review.unattached;
        if changes.is_empty() {
            return String::new();
        }
        let title = self.title("Rust: changes with another cause");
        let lines = lines_of_code(changes, UNATTACHED).into_iter();
        let lines = lines.map(|line| format!("  {}\n", line.replace('\n', "\n    ")));
        format!("\n{title}\n{}", lines.collect::<String>())
    }

    fn attachment(&self, attachment: &Attachment) -> String {
        let mut text = self.title(&shown(&attachment.title, LONGEST));
        text.push('\n');
        for line in attachment.diff.lines() {
            let style = match line.as_bytes().first() {
                Some(b'+') => AnsiColor::Green.on_default(),
                Some(b'-') => AnsiColor::Red.on_default(),
                Some(b'@') => AnsiColor::Cyan.on_default(),
                _ => Style::new(),
            };
            text.push_str(&self.paint(style, &visible(line)));
            text.push('\n');
        }
        text
    }
}

fn level(standing: Standing) -> Level<'static> {
    let level = match standing {
        Standing::Breaking => Level::ERROR,
        Standing::Undecided | Standing::Warning => Level::WARNING,
        Standing::Acknowledged => Level::NOTE,
        Standing::Harmless => Level::HELP,
    };
    level.with_name(standing.as_str())
}

/// The author can change the head, so the head is highlighted, unless there is nothing to see in it.
fn kind(entry: &Entry<'_>, side: Side<'_>) -> AnnotationKind {
    let best = entry.best_side().map(|best| best.name);
    if best == Some(side.name) {
        AnnotationKind::Primary
    } else {
        AnnotationKind::Context
    }
}

/// Whether the line starts at its original column, so that the position printed with it is right.
fn has_its_column(place: &Place, lines: &[Line]) -> bool {
    let marked = lines
        .iter()
        .find_map(|line| Some(&line.text[..line.mark.as_ref()?.start]));
    let before = marked.map(|before| before.chars().count() as u64);
    before == place.position.column.checked_sub(1)
}

fn origin(place: &Place) -> Origin<'_> {
    let number = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
    Origin::path(visible(&place.source.name))
        .line(number(place.position.line))
        .char_column(number(place.position.column))
}

fn snippet<'a>(
    name: &'a str,
    lines: &'a [Line],
    kind: AnnotationKind,
) -> Snippet<'a, annotate_snippets::Annotation<'a>> {
    let first = lines.first().map_or(1, |line| line.number);
    let mut source = String::new();
    let mut span = 0..0;
    for line in lines {
        if let Some(mark) = &line.mark {
            span = source.len() + mark.start..source.len() + mark.end;
        }
        source.push_str(&line.text);
        source.push('\n');
    }
    Snippet::source(source)
        .line_start(usize::try_from(first).unwrap_or(usize::MAX))
        .fold(false)
        .annotation(kind.span(span).label(name))
}

/// The details after the lines: the clients that break, why and where.
fn details(entry: &Entry<'_>) -> Vec<(&'static str, String)> {
    let mut details = Vec::new();
    for (subject, judgement) in entry.verdicts() {
        let verdict = judgement.verdict.as_str();
        let message = match judgement.verdict {
            Verdict::Harmless => verdict.to_owned(),
            _ => format!("{verdict}, {}", judgement.why),
        };
        details.push((subject, message));
    }
    if let Some(step) = entry.rust
        && entry.change.surface.is_empty()
    {
        details.push(("Rust", step.to_owned()));
    }
    let code = lines_of_code(&entry.change.surface, RUST).into_iter();
    details.extend(code.map(|line| ("Rust", line)));
    let (uses, left) = entry.first_uses(USES);
    let uses = uses
        .into_iter()
        .map(|each| shown(&each.phrase(": "), LONGEST).into_owned());
    for line in uses.chain(and_more(left)) {
        details.push(("used by", line));
    }
    if let Some(reason) = entry.acknowledged {
        details.push(("acknowledged", shown(reason, LONGEST).into_owned()));
    }
    details
}

/// The effect on generated code: a line for each reason, followed by the lines of code.
fn lines_of_code(changes: &[Arc<SurfaceChange>], count: usize) -> Vec<String> {
    let (groups, left) = rust::groups(changes, count);
    let lines = groups.iter().map(|group| {
        let code = group.lines.iter();
        let code = code.map(|(sign, line)| format!("\n{sign} {}", shown(line, LONGEST)));
        let why = shown(group.why, LONGEST);
        format!("{}, {why}{}", group.step.as_str(), code.collect::<String>())
    });
    lines.chain(and_more(left)).collect()
}

/// `file:line:column`, and which version of the file is meant if it is not the head.
fn address_in_words(Side { name, place, .. }: Side<'_>) -> String {
    match name {
        "base" => format!("{} in the base", address(place)),
        _ => address(place),
    }
}
