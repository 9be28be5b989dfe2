//! Reads the input as a capture in each form.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use spec_first_document::Document;

use crate::source::{Form, Format, Labels, Page, Recorded, contradictions, drift, read};

static LABELS: LazyLock<Labels> = LazyLock::new(Labels::built_in);

/// Checks that ids are unique, that line numbers are within the capture, that recorded facts are read back unchanged, that a page
/// does not drift from itself, and that output contains nothing that deceives a terminal.
pub fn check(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let lines = text.lines().count().max(1);
    for form in [Form::Text, Form::Markdown, Form::Html, Form::detect(&text)] {
        let Ok(page) = read(&text, form, &LABELS) else {
            continue;
        };
        let numbers = page.facts.iter().map(|fact| fact.line);
        let numbers = numbers.chain(page.statements.iter().map(|statement| statement.line));
        for number in numbers {
            let number = usize::try_from(number).expect("a line number is small");
            assert!(
                (1..=lines).contains(&number),
                "{form:?}: line {number} of {lines}"
            );
        }
        let ids: BTreeSet<&str> = page.facts.iter().map(|fact| fact.id.as_str()).collect();
        assert_eq!(
            ids.len(),
            page.facts.len(),
            "{form:?}: ids are unique: {:#?}",
            page.facts
        );
        check_recorded(&page);
    }
}

fn check_recorded(page: &Page) {
    let written = Recorded::of("page", page).to_yaml("a test");
    assert!(!written.contains(is_deceptive), "{written}");
    let file = Document::parse("facts/page.yaml", &written).expect("what is written is YAML");
    let recorded = Recorded::read(&file).expect("what is written is read");
    assert_eq!(
        recorded.facts, page.facts,
        "facts are read as they were written"
    );
    let found = contradictions(&recorded.facts);
    assert!(found.iter().all(|each| each.sides.len() > 1), "{found:#?}");
    let drift = drift(&recorded, page, None, None);
    assert!(drift.changes.is_empty(), "{:#?}", drift.changes);

    // Compared with an empty recording, everything is new.
    let mut nothing = recorded;
    nothing.facts.clear();
    nothing.statements.clear();
    nothing.sections.clear();
    let drift = crate::source::drift(&nothing, page, None, None);
    for format in [Format::Text, Format::Markdown, Format::Json] {
        let text = format.render(std::slice::from_ref(&drift));
        assert!(!text.contains(is_deceptive), "{text}");
    }
}

fn is_deceptive(character: char) -> bool {
    (character.is_control() && character != '\n')
        || "\u{202e}\u{2066}\u{200b}\u{feff}\u{2028}".contains(character)
}
