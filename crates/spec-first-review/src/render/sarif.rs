//! SARIF 2.1.0, as GitHub's code scanning accepts it:
//! <https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning>.
//!
//! A test validates it against the SARIF schema. The types of the crate `serde-sarif` would do so at compile time, for some twenty
//! more crates.

use indexmap::IndexMap;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use super::entry::{Entries, Entry, Standing};
use super::excerpt::end_column;
use super::wording::{LONGEST, and_more, shown};
use crate::{Note, Outcome, Place, Row, SurfaceChange};

/// How many uses a message lists.
const USES: usize = 5;
/// GitHub refuses a run with more results.
pub const RESULTS: usize = 25_000;
/// The characters to percent-encode in the path of a URI.
const PATH: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'/')
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

pub(super) fn render(entries: &Entries<'_>) -> String {
    let mut rules: IndexMap<String, Value> = IndexMap::new();
    let mut results = Vec::new();
    for entry in entries.all.iter().take(RESULTS) {
        let id = entry.change.rule();
        let rule = rules.entry(id.clone());
        let index = rule.index();
        rule.or_insert_with(|| describe(&id, entry.change.row, entry.change.outcome));
        results.push(result(entry, &id, index));
    }
    let room = RESULTS.saturating_sub(results.len());
    for note in entries.review.notes.iter().take(room) {
        let rule = rules.entry(note.rule.to_owned());
        let index = rule.index();
        rule.or_insert_with(|| describe_note(note.rule));
        results.push(result_of_note(note, index));
    }
    log(
        env!("CARGO_PKG_NAME"),
        rules.into_values().collect(),
        results,
    )
}

/// A log with one run of a tool.
pub fn log(tool: &str, rules: Vec<Value>, results: Vec<Value>) -> String {
    let mut driver = json!({
        "name": tool,
        "semanticVersion": env!("CARGO_PKG_VERSION"),
        "rules": rules,
    });
    let repository = env!("CARGO_PKG_REPOSITORY");
    if !repository.is_empty() {
        driver["informationUri"] = repository.into();
    }
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": driver},
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    format!("{log:#}\n")
}

fn describe(id: &str, row: Row, outcome: Outcome) -> Value {
    let (short, help) = match outcome {
        Outcome::Wider => (
            "allows more than before",
            "In a request the server accepts everything it accepted before, and more. In a response an old client may receive values \
             that it does not expect.",
        ),
        Outcome::Narrower => (
            "allows less than before",
            "In a request an old client may send what is no longer accepted. In a response a client receives nothing unexpected.",
        ),
        Outcome::Incomparable => (
            "allows different values than before",
            "In a request an old client may send what is no longer accepted, in a response it may receive values that it does not expect.",
        ),
        Outcome::Undecided => (
            "changed in a way that cannot be judged",
            "It cannot be determined whether everything that was allowed is still allowed. A person has to decide.",
        ),
        Outcome::Neutral => (
            "changed without effect on the wire",
            "What is allowed stays the same; something else about it changed.",
        ),
    };
    let name = row.as_str();
    let help = format!("{help} If clients rely on more than that, the message says so.");
    json!({
        "id": id,
        "name": id,
        "shortDescription": {"text": format!("{name}: {short}")},
        "fullDescription": {"text": help},
        "help": {"text": help, "markdown": help},
        "properties": {"tags": ["openapi", name]},
    })
}

fn describe_note(id: &str) -> Value {
    let help = "This part of the document is not compared. It has no effect on the verdict.";
    json!({
        "id": id,
        "name": id,
        "shortDescription": {"text": format!("{id}: not compared")},
        "fullDescription": {"text": help},
        "help": {"text": help, "markdown": help},
        "properties": {"tags": ["openapi"]},
    })
}

fn result_of_note(note: &Note, index: usize) -> Value {
    let mut result = json!({
        "ruleId": note.rule,
        "ruleIndex": index,
        "level": "note",
        "message": {"text": escape(&shown(&note.message, LONGEST))},
        "locations": note.place().map(location).into_iter().collect::<Vec<_>>(),
    });
    relate_base(&mut result, note.base.as_ref());
    result
}

/// Adds the place in the base.
fn relate_base(result: &mut Value, base: Option<&Place>) {
    if let Some(base) = base {
        let mut location = location(base);
        location["id"] = json!(1);
        location["message"] = json!({"text": "in the base"});
        result["relatedLocations"] = json!([location]);
    }
}

fn result(entry: &Entry<'_>, rule: &str, index: usize) -> Value {
    let change = entry.change;
    let level = match entry.standing {
        Standing::Breaking => "error",
        Standing::Undecided | Standing::Warning => "warning",
        Standing::Acknowledged | Standing::Harmless => "note",
    };
    let mut result = json!({
        "ruleId": rule,
        "ruleIndex": index,
        "level": level,
        "message": {"text": escape(&message(entry))},
        "locations": change.place().map(location).into_iter().collect::<Vec<_>>(),
        "partialFingerprints": {"primaryLocationLineHash": format!("{}:1", entry.change.fingerprint())},
        "properties": {
            "oldClientNewServer": change.verdicts.backward.verdict.as_str(),
            "newClientOldServer": change.verdicts.forward.verdict.as_str(),
            "runningClient": change.verdicts.running_client.verdict.as_str(),
        },
    });
    if let Some(step) = entry.rust {
        let changes = change.surface.iter().map(|change| code(change));
        result["properties"]["rust"] = json!(step);
        result["properties"]["rustChanges"] = changes.collect();
    }
    relate_base(&mut result, change.base.as_ref());
    if let Some(reason) = entry.acknowledged {
        result["suppressions"] =
            json!([{"kind": "external", "status": "accepted", "justification": reason}]);
    }
    result
}

/// A change of the generated code.
fn code(change: &SurfaceChange) -> Value {
    json!({"old": change.old, "new": change.new, "step": change.step.as_str(), "why": change.why})
}

fn message(entry: &Entry<'_>) -> String {
    let backward = entry.change.verdicts.backward;
    let (uses, left) = entry.first_uses(USES);
    let mut lines = vec![
        shown(&entry.change.sentence(), LONGEST).into_owned(),
        format!("{}: {}", entry.standing.as_str(), backward.why),
    ];
    lines.extend(
        uses.into_iter()
            .map(|each| format!("used by {}", shown(&each.phrase(": "), LONGEST))),
    );
    lines.extend(and_more(left));
    lines.join("\n")
}

/// The place of a result.
pub fn location(place: &Place) -> Value {
    let position = place.position;
    let mut region = json!({"startLine": position.line, "startColumn": position.column});
    if let Some(column) = end_column(place) {
        region["endColumn"] = json!(column);
    }
    json!({
        "physicalLocation": {
            "artifactLocation": {"uri": utf8_percent_encode(&place.source.name, PATH).to_string()},
            "region": region,
        },
        "logicalLocations": [{"fullyQualifiedName": place.pointer.as_str(), "kind": "member"}],
    })
}

/// In messages, `[text](target)` is a link and `{0}` takes an argument (SARIF 3.11.5 and 3.11.6).
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '[' | ']' | '\\' => escaped.extend(['\\', character]),
            '{' | '}' => escaped.extend([character, character]),
            other => escaped.push(other),
        }
    }
    escaped
}
