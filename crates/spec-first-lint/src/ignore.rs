//! `x-lint-ignore`: rules that do not apply to a part of the document.

use std::collections::HashMap;

use spec_first_document::{Document, Finding, Node, Pointer};

use crate::{
    Rule,
    report::{Report, ancestors, sort},
};

/// The extension: a list of rules, or an object with the reason for each.
const KEY: &str = "x-lint-ignore";

/// Values in which nothing is an extension.
const VALUES: [&str; 4] = ["const", "default", "enum", "example"];

/// Removes the findings that the document asks to ignore, and reports entries that remove none.
///
/// An entry applies to the object that contains it, with everything inside.
pub(crate) fn apply(document: &Document, findings: Vec<Finding>) -> Vec<Finding> {
    let mut entries = HashMap::new();
    let mut report = Report::new(document);
    collect(document.root(), &Pointer::root(), &mut entries, &mut report);
    if entries.is_empty() {
        return merge(findings, report);
    }
    let findings = findings
        .into_iter()
        .filter(|finding| !is_ignored(finding, &mut entries));
    let findings: Vec<Finding> = findings.collect();
    for ((_, rule), entry) in entries {
        if !entry.is_used {
            report.add(
                "useless-ignore",
                &entry.place,
                format!("`{rule}` reports nothing here"),
                format!("remove it from `{KEY}`"),
            );
        }
    }
    merge(findings, report)
}

struct Entry {
    place: Pointer,
    is_used: bool,
}

/// The entries by the pointer to the object that they apply to, and by rule.
type Entries = HashMap<(String, &'static str), Entry>;

fn is_ignored(finding: &Finding, entries: &mut Entries) -> bool {
    ancestors(finding.pointer.as_str()).any(|pointer| {
        let entry = entries.get_mut(&(pointer.to_owned(), finding.rule));
        entry.map(|entry| entry.is_used = true).is_some()
    })
}

fn collect(node: Node<'_>, pointer: &Pointer, entries: &mut Entries, report: &mut Report<'_>) {
    for entry in node.entries() {
        let at = pointer.child(entry.key);
        if entry.key == KEY {
            read(entry.value, pointer, &at, entries, report);
        } else if !VALUES.contains(&entry.key) {
            collect(entry.value, &at, entries, report);
        }
    }
    for (index, item) in node.items().iter().enumerate() {
        collect(item, &pointer.child(index), entries, report);
    }
}

fn read(
    value: Node<'_>,
    object: &Pointer,
    at: &Pointer,
    entries: &mut Entries,
    report: &mut Report<'_>,
) {
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
                let key = (object.as_str().to_owned(), rule.name);
                let is_used = false;
                entries.insert(key, Entry { place, is_used });
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
