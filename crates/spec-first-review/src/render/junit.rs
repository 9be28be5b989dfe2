//! JUnit XML, which most test runners and CI servers show: a suite for each component or operation, a test case for each change.

use std::borrow::Cow;
use std::io;

use quick_xml::events::{BytesDecl, BytesText, Event};
use quick_xml::{ElementWriter, Writer};

use super::entry::{Entries, Entry, Section, Standing, address};
use super::wording::{LONGEST, and_more, shown, visible};
use crate::Place;

/// How many uses are listed.
const USES: usize = 10;

pub(super) fn render(entries: &Entries<'_>) -> String {
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
    write(&mut writer, entries).expect("writing to memory does not fail");
    let mut text = String::from_utf8_lossy(&writer.into_inner()).into_owned();
    text.push('\n');
    text
}

type Result = io::Result<()>;

fn write(writer: &mut Writer<Vec<u8>>, entries: &Entries<'_>) -> Result {
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let sections = entries.sections(entries.apart());
    let notes = &entries.review.notes;
    writer
        .create_element("testsuites")
        .with_attribute(("name", env!("CARGO_PKG_NAME")))
        .with_attributes(counts(entries.all.iter(), notes.len()))
        .write_inner_content(|writer| {
            for Section { heading, told } in &sections {
                let mut entries = told.iter().map(|told| told.entry);
                let cases = counts(entries.clone(), 0);
                let heading = shown(heading, LONGEST);
                suite(writer, &heading, cases, |writer| {
                    entries.try_for_each(|entry| case(writer, entry))
                })?;
            }
            if notes.is_empty() {
                return Ok(());
            }
            let cases = counts([].into_iter(), notes.len());
            suite(writer, "parts that are not compared", cases, |writer| {
                notes.iter().try_for_each(|note| {
                    let message = words(&shown(&note.message, LONGEST));
                    let place = note.place();
                    let element = test_case(writer, note.rule, &message, place);
                    skip(element, "")
                })
            })
        })?;
    Ok(())
}

fn suite(
    writer: &mut Writer<Vec<u8>>,
    name: &str,
    counts: Counts,
    cases: impl FnOnce(&mut Writer<Vec<u8>>) -> Result,
) -> Result {
    writer
        .create_element("testsuite")
        .with_attribute(("name", words(name).as_str()))
        .with_attributes(counts)
        .write_inner_content(cases)?;
    Ok(())
}

/// A test case without its result.
fn test_case<'a>(
    writer: &'a mut Writer<Vec<u8>>,
    class: &str,
    name: &str,
    place: Option<&Place>,
) -> ElementWriter<'a, Vec<u8>> {
    let element = writer
        .create_element("testcase")
        .with_attribute(("classname", class))
        .with_attribute(("name", name));
    let Some(place) = place else { return element };
    let file = words(&visible(&place.source.name));
    element
        .with_attribute(("file", file.as_str()))
        .with_attribute(("line", place.position.line.to_string().as_str()))
}

fn case(writer: &mut Writer<Vec<u8>>, entry: &Entry<'_>) -> Result {
    let sentence = words(&shown(&entry.change.sentence(), LONGEST));
    let place = entry.best_side().map(|side| side.place);
    let element = test_case(writer, &entry.change.rule(), &sentence, place);
    match entry.standing {
        Standing::Breaking | Standing::Undecided => {
            element.write_inner_content(|writer| {
                writer
                    .create_element("failure")
                    .with_attribute(("type", entry.standing.as_str()))
                    .with_attribute(("message", entry.change.verdicts.backward.why))
                    .write_text_content(BytesText::new(&details(entry)))?;
                Ok(())
            })?;
        }
        Standing::Acknowledged => skip(element, entry.acknowledged.unwrap_or_default())?,
        Standing::Warning | Standing::Harmless => _ = element.write_empty()?,
    }
    Ok(())
}

fn skip(element: ElementWriter<'_, Vec<u8>>, reason: &str) -> Result {
    let reason = words(&shown(reason, LONGEST));
    element.write_inner_content(|writer| {
        let skipped = writer.create_element("skipped");
        match reason.as_str() {
            "" => skipped,
            reason => skipped.with_attribute(("message", reason)),
        }
        .write_empty()?;
        Ok(())
    })?;
    Ok(())
}

/// The places of the change, the clients that break, and the affected uses.
fn details(entry: &Entry<'_>) -> String {
    let places = entry.sides().map(|side| {
        let address = address(side.place);
        format!("{}: {}", side.label(), visible(&address))
    });
    let verdicts = entry.verdicts().map(|(subject, judgement)| {
        format!(
            "{subject}: {}, {}",
            judgement.verdict.as_str(),
            judgement.why
        )
    });
    let (uses, left) = entry.first_uses(USES);
    let uses = uses.into_iter();
    let uses = uses.map(|each| format!("used by {}", shown(&each.phrase(": "), LONGEST)));
    let lines = places.chain(verdicts).chain(uses).chain(and_more(left));
    words(&lines.collect::<Vec<_>>().join("\n"))
}

/// Replaces characters that XML cannot contain, not even escaped.
fn words(text: &str) -> String {
    let is_refused = |c: char| matches!(c, '\u{fffe}' | '\u{ffff}') || c.is_control() && c != '\n';
    text.replace(is_refused, "\u{fffd}")
}

type Counts = [(&'static str, Cow<'static, str>); 4];

fn counts<'e, 'a: 'e>(entries: impl Iterator<Item = &'e Entry<'a>>, notes: usize) -> Counts {
    let (mut tests, mut failures, mut skipped) = (notes, 0, notes);
    for entry in entries {
        tests += 1;
        failures += usize::from(entry.is_open());
        skipped += usize::from(entry.standing == Standing::Acknowledged);
    }
    [
        ("tests", tests),
        ("failures", failures),
        ("errors", 0),
        ("skipped", skipped),
    ]
    .map(|(name, count): (_, usize)| (name, count.to_string().into()))
}
