//! Facts and contradictions, as text and as JSON.

use std::fmt::Write;

use serde_json::{Value, json};
use spec_first_document::Document;
use spec_first_document::literal::{literal, visible};
use spec_first_ledger::source::{
    Agreement, Contract, Contradiction, Fact, Recorded, contradictions, contradictions_between,
};

use super::files::Captured;
use crate::terminal::plural;

/// The problems of a capture.
pub(super) struct Checked<'a> {
    capture: &'a Captured,
    contradictions: Vec<Contradiction>,
    /// The operation of the page, if the document does not have it.
    missing: Option<(String, String)>,
    /// The facts that the document contradicts, with its pointer and what it says.
    disagreements: Vec<(&'a Fact, String, String)>,
}

impl<'a> Checked<'a> {
    pub(super) fn of(capture: &'a Captured, document: Option<&Document>) -> Self {
        let facts = &capture.page.facts;
        let contract = document.and_then(|document| Contract::of(document, facts));
        let judged = facts
            .iter()
            .filter_map(|fact| match contract.as_ref()?.judge(fact) {
                Agreement::Disagrees { pointer, found } => {
                    Some((fact, pointer.as_str().to_owned(), found))
                }
                _ => None,
            });
        let is_missing = document.is_some() && contract.is_none();
        let operation = capture.page.operations().into_iter().next();
        let missing = operation.filter(|_| is_missing);
        Self {
            capture,
            contradictions: contradictions(facts),
            missing: missing.map(|(method, path)| (method.to_owned(), path)),
            disagreements: judged.collect(),
        }
    }

    pub(super) fn is_in_order(&self) -> bool {
        self.contradictions.is_empty() && self.missing.is_none() && self.disagreements.is_empty()
    }
}

/// The contradictions between captures, which are named by index.
pub(super) fn between(captures: &[Captured]) -> Vec<Contradiction> {
    let captures = captures.iter().enumerate();
    let recorded = captures.map(|(index, capture)| Recorded::of(&index.to_string(), &capture.page));
    contradictions_between(&recorded.collect::<Vec<_>>())
}

/// Resolves an id of [`between`].
fn capture_and_id<'a>(all: &'a [Checked<'_>], id: &'a str) -> Option<(&'a Captured, &'a str)> {
    let (index, id) = id.split_once(':')?;
    Some((all.get(index.parse::<usize>().ok()?)?.capture, id))
}

/// The maximum length of page text in human-readable output; JSON has all of it.
const SHOWN: usize = 200;

/// Shortens text from the page.
fn beginning(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", visible(&text[..end])),
        None => visible(text).into_owned(),
    }
}

/// The value of a fact in human-readable output. A field without a type or a status without a reason has none.
fn shown(fact: &Fact) -> String {
    match &fact.value {
        Value::Null if !matches!(fact.kind(), "member" | "default" | "example") => String::new(),
        value => format!(" = {}", beginning(&value.to_string())),
    }
}

fn headline(capture: &Captured) -> String {
    let page = &capture.page;
    let language = page.language.as_deref().unwrap_or("unknown language");
    let cut_off = page
        .cut_off
        .map_or(String::new(), |line| format!(", cut off in line {line}"));
    format!(
        "{} ({}, {}{cut_off})",
        visible(&capture.path),
        page.form.as_str(),
        visible(language)
    )
}

pub(super) fn facts(capture: &Captured) -> String {
    let page = &capture.page;
    let count = plural(page.facts.len(), "fact", "facts");
    let mut text = format!("{}: {count}\n", headline(capture));
    for fact in &page.facts {
        let id = visible(&fact.id);
        _ = writeln!(text, "{:5}  {id}{}", fact.line, shown(fact));
    }
    let count = page.not_understood().count();
    let lines = plural(count, "line was", "lines were");
    _ = writeln!(text, "{lines} not understood");
    for statement in page.not_understood() {
        let section = visible(&statement.section);
        let words = beginning(&statement.text);
        _ = writeln!(text, "{:5}  {section}: {words}", statement.line);
    }
    text
}

pub(super) fn facts_json(capture: &Captured) -> Value {
    let page = &capture.page;
    let facts = page
        .facts
        .iter()
        .map(|fact| json!({"id": fact.id, "value": fact.value, "line": fact.line}));
    let lines = page
        .not_understood()
        .map(|line| json!({"section": line.section, "line": line.line, "text": line.text}));
    json!({
        "capture": capture.path,
        "form": page.form.as_str(),
        "language": page.language,
        "cut_off": page.cut_off,
        "facts": facts.collect::<Vec<_>>(),
        "not_understood": lines.collect::<Vec<_>>(),
    })
}

pub(super) fn checked(all: &[Checked<'_>], between: &[Contradiction]) -> String {
    let mut text = String::new();
    for checked in all {
        let count = plural(
            checked.contradictions.len(),
            "contradiction",
            "contradictions",
        );
        _ = writeln!(text, "{}: {count}", headline(checked.capture));
        for contradiction in &checked.contradictions {
            sides(&mut text, contradiction, |id| {
                let line = checked.capture.page.fact(id).map_or(0, |fact| fact.line);
                (String::new(), literal(&visible(id)).to_string(), line)
            });
        }
        if let Some((method, path)) = &checked.missing {
            let operation = format!("{method} {path}");
            let operation = visible(&operation);
            _ = writeln!(
                text,
                "\n  the document has no operation {}",
                literal(&operation)
            );
        }
        if !checked.disagreements.is_empty() {
            text.push_str("\n  the document disagrees with the page\n");
        }
        for (fact, pointer, found) in &checked.disagreements {
            _ = writeln!(
                text,
                "    {}{} (line {}): {} has {}",
                literal(&visible(&fact.id)),
                shown(fact),
                fact.line,
                literal(&visible(pointer)),
                visible(found)
            );
        }
    }
    if !between.is_empty() {
        let count = plural(between.len(), "contradiction", "contradictions");
        _ = writeln!(text, "between captures: {count}");
    }
    for contradiction in between {
        sides(&mut text, contradiction, |id| {
            match capture_and_id(all, id) {
                Some((capture, id)) => {
                    let line = capture.page.fact(id).map_or(0, |fact| fact.line);
                    let place = format!("{}: ", visible(&capture.path));
                    (place, literal(&visible(id)).to_string(), line)
                }
                None => (String::new(), visible(id).into_owned(), 0),
            }
        });
    }
    text
}

/// Writes what each side says; `place` returns the prefix, text and line of an id.
fn sides(
    text: &mut String,
    contradiction: &Contradiction,
    place: impl Fn(&str) -> (String, String, u32),
) {
    _ = writeln!(text, "\n  {}", visible(&contradiction.subject));
    for side in &contradiction.sides {
        let facts = side.facts.iter().map(|id| {
            let (before, id, line) = place(id);
            format!("{before}{id} (line {line})")
        });
        let silent = side.silent.iter().map(|id| {
            let (before, id, _) = place(id);
            format!("{before}no {id}")
        });
        let places: Vec<String> = facts.chain(silent).collect();
        let separator = if places.is_empty() { "" } else { ": " };
        let says = visible(&side.says);
        _ = writeln!(text, "    {says}{separator}{}", places.join(", "));
    }
}

fn contradiction_json(each: &Contradiction, name: impl Fn(&String) -> Value) -> Value {
    let sides = each.sides.iter().map(|side| {
        let [facts, silent] = [&side.facts, &side.silent];
        json!({
            "says": side.says,
            "facts": facts.iter().map(&name).collect::<Vec<_>>(),
            "silent": silent.iter().map(&name).collect::<Vec<_>>(),
        })
    });
    json!({"subject": each.subject, "sides": sides.collect::<Vec<_>>()})
}

pub(super) fn checked_json(all: &[Checked<'_>], between: &[Contradiction]) -> String {
    let pages = all.iter().map(|checked| {
        let contradictions = checked.contradictions.iter();
        let contradictions =
            contradictions.map(|each| contradiction_json(each, |id| json!(id)));
        let disagreements = checked.disagreements.iter().map(|(fact, pointer, found)| {
            json!({"fact": fact.id, "value": fact.value, "line": fact.line, "pointer": pointer, "document": found})
        });
        json!({
            "capture": checked.capture.path,
            "contradictions": contradictions.collect::<Vec<_>>(),
            "missing_operation": checked.missing.as_ref().map(|(method, path)| format!("{method} {path}")),
            "disagreements": disagreements.collect::<Vec<_>>(),
        })
    });
    let between = between.iter().map(|each| {
        contradiction_json(each, |id| match capture_and_id(all, id) {
            Some((capture, id)) => json!({"capture": capture.path, "fact": id}),
            None => json!(id),
        })
    });
    pretty(&json!({
        "pages": pages.collect::<Vec<_>>(),
        "between": between.collect::<Vec<_>>(),
    }))
}

pub(super) fn pretty(value: &Value) -> String {
    spec_first_ledger::source::json(value)
}
