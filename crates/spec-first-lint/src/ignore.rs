//! `x-lint-ignore`: rules that do not apply to a part of the document.

use std::collections::HashMap;

use spec_first_document::references::{holds_names, holds_value};
use spec_first_document::{Document, Finding, Node, Pointer};

use crate::{
    Rule,
    report::{Report, ancestors, sort},
};

/// The extension: a list of rules, or an object with the reason for each.
const KEY: &str = "x-lint-ignore";

/// Removes the findings that the document asks to ignore, and reports entries that remove none.
///
/// An entry applies to the object that contains it, with everything inside.
pub(crate) fn apply(document: &Document, findings: Vec<Finding>) -> Vec<Finding> {
    let mut entries = Entries::default();
    let mut report = Report::new(document);
    collect(
        document.root(),
        &Pointer::root(),
        false,
        &mut entries,
        &mut report,
    );
    let findings = findings
        .into_iter()
        .filter(|finding| !entries.ignore(finding));
    let findings: Vec<Finding> = findings.collect();
    // What other programs find, nobody may have looked for.
    let is_useless = |entry: &&Entry| !entry.is_used && !entry.rule.is_found_elsewhere();
    for entry in entries.all.iter().filter(is_useless) {
        report.add(
            "useless-ignore",
            &entry.place,
            format!("`{}` reports nothing here", entry.rule.name),
            format!("remove it from `{KEY}`"),
        );
    }
    merge(findings, report)
}

struct Entry {
    rule: &'static Rule,
    place: Pointer,
    is_used: bool,
}

#[derive(Default)]
struct Entries {
    all: Vec<Entry>,
    /// The index of each entry, by the file and the pointer of what it applies to, and by its rule.
    known: HashMap<(String, String, &'static str), usize>,
}

impl Entries {
    /// Adds an entry of the extension `at`, for the object that contains it.
    fn add(&mut self, report: &Report<'_>, rule: &'static Rule, at: &Pointer, place: Pointer) {
        let index = self.all.len();
        self.all.push(Entry {
            rule,
            place,
            is_used: false,
        });
        // In a document in several files, the object has a place where it is, and another where it is referred to.
        let (file, inside) = report.place(at);
        let outside = at.parent().map(|object| report.place(&object));
        let inside = inside.parent().map(|object| (file, object));
        for (file, object) in inside.into_iter().chain(outside) {
            let key = (file, object.as_str().to_owned(), rule.name);
            self.known.insert(key, index);
        }
    }

    /// Whether the finding is to be ignored.
    fn ignore(&mut self, finding: &Finding) -> bool {
        if self.all.is_empty() {
            return false;
        }
        ancestors(finding.pointer.as_str()).any(|pointer| {
            let file = finding.source.name.clone();
            let known = self.known.get(&(file, pointer.to_owned(), finding.rule));
            known.map(|index| self.all[*index].is_used = true).is_some()
        })
    }
}

/// Collects the entries at `node` and inside it. `has_names` says that its keys are names and not keywords.
fn collect(
    node: Node<'_>,
    pointer: &Pointer,
    has_names: bool,
    entries: &mut Entries,
    report: &mut Report<'_>,
) {
    for entry in node.entries() {
        let at = pointer.child(entry.key);
        if entry.key == KEY {
            read(entry.value, &at, entries, report);
        } else if has_names || !holds_value(entry.key, entry.value.is_mapping()) {
            let has_names = !has_names && holds_names(entry.key);
            collect(entry.value, &at, has_names, entries, report);
        }
    }
    for (index, item) in node.items().iter().enumerate() {
        collect(item, &pointer.child(index), false, entries, report);
    }
}

fn read(value: Node<'_>, at: &Pointer, entries: &mut Entries, report: &mut Report<'_>) {
    let list = value.items().iter().enumerate();
    let list = list.map(|(index, item)| (at.child(index), item.as_str()));
    let reasons = value.entries().iter();
    let reasons = reasons.map(|entry| {
        let reason = entry
            .value
            .as_str()
            .filter(|reason| !reason.trim().is_empty());
        (at.child(entry.key), reason.map(|_| entry.key))
    });
    let mut named: Vec<(Pointer, Option<&str>)> = list.chain(reasons).collect();
    if named.is_empty() {
        named.push((at.clone(), None));
    }
    for (place, name) in named {
        let (message, help) = match name.map(Rule::find) {
            Some(Ok(rule)) => {
                entries.add(report, rule, at, place);
                continue;
            }
            Some(Err(unknown)) => (
                unknown.to_string(),
                "name a rule; `spec-first lint --explain` lists them",
            ),
            None => (
                format!("`{KEY}` is neither a list of rules nor an object with a reason for each"),
                "write a list such as `[missing-401]`, or an object such as `{missing-401: the gateway answers it}`",
            ),
        };
        report.add("useless-ignore", &place, message, help);
    }
}

fn merge(mut findings: Vec<Finding>, report: Report<'_>) -> Vec<Finding> {
    findings.extend(report.finish());
    sort(&mut findings);
    findings
}
