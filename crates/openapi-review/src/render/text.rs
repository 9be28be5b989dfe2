//! For a terminal: what breaks with the lines of both documents, what does not in one line each.

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use anstyle::{AnsiColor, Style};

use super::Attachment;
use super::entry::{Entries, Entry, Standing, address, phrase};
use super::excerpt::{Line, excerpt};
use super::wording::{LONGEST, and_more, shown, visible};
use crate::{Place, Verdict};

/// How many uses are listed.
const USES: usize = 5;

pub(super) fn render(entries: &Entries<'_>) -> String {
    let printer = Printer {
        colour: entries.presentation.colour,
    };
    let mut text = printer.headline(entries);
    for entry in &entries.all {
        if entry.standing != Standing::Harmless {
            text.push('\n');
            text.push_str(&printer.report(entry));
        }
    }
    if entries.count(Standing::Harmless) > 0 {
        text.push('\n');
    }
    for entry in entries.with(Standing::Harmless) {
        text.push_str(&printer.line(entry));
    }
    for attachment in &entries.presentation.attachments {
        text.push('\n');
        text.push_str(&printer.attachment(attachment));
    }
    text
}

struct Printer {
    colour: bool,
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
        for note in &entries.presentation.notes {
            text.push_str(&shown(note, LONGEST));
            text.push('\n');
        }
        text
    }

    /// A change that somebody has to look at.
    fn report(&self, entry: &Entry<'_>) -> String {
        let change = entry.change;
        let level = level(entry.standing);
        let title = level
            .primary_title(shown(&change.message, LONGEST))
            .id(change.rule());
        let mut group = Group::with_title(title);
        let places = entry.places().into_iter();
        let snippets: Vec<(&str, &Place, Vec<Line>)> = places
            .filter_map(|(name, place)| Some((name, place?, excerpt(place?, 1))))
            .collect();
        for (name, place, lines) in &snippets {
            let mut snippet = snippet(name, lines, kind(entry, name));
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

    /// A change that nobody has to look at.
    fn line(&self, entry: &Entry<'_>) -> String {
        let name = self.paint(
            AnsiColor::Green.on_default().bold(),
            entry.standing.as_str(),
        );
        let change = entry.change;
        let place = change.place().map(address).unwrap_or_default();
        format!(
            "{name}[{}]: {} ({})\n",
            change.rule(),
            shown(&change.message, LONGEST),
            visible(&place)
        )
    }

    fn attachment(&self, attachment: &Attachment) -> String {
        let title = shown(&attachment.title, LONGEST);
        let mut text = self.paint(Style::new().bold(), &title);
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
        Standing::Undecided => Level::WARNING,
        Standing::Acknowledged => Level::NOTE,
        Standing::Harmless => Level::HELP,
    };
    level.with_name(standing.as_str())
}

/// The head is what the author can change, so that is where the eye goes.
fn kind(entry: &Entry<'_>, name: &str) -> AnnotationKind {
    if name == "head" || entry.change.head.is_none() {
        AnnotationKind::Primary
    } else {
        AnnotationKind::Context
    }
}

/// Whether the line starts where it does in the document: then the position that is printed with it is the right one.
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

/// What stands below the lines: who is broken and why, and where.
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
    let (uses, left) = entry.first_uses(USES);
    let uses = uses
        .into_iter()
        .map(|each| shown(&phrase(each), LONGEST).into_owned());
    for line in uses.chain(and_more(left)) {
        details.push(("used by", line));
    }
    if let Some(reason) = entry.acknowledged {
        details.push(("acknowledged", shown(reason, LONGEST).into_owned()));
    }
    details
}
