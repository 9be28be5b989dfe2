//! `x-lint-ignore`: rules that do not apply to a part of the document.

use std::collections::HashMap;

use spec_first_document::references::{holds_names, holds_value};
use spec_first_document::{Document, Finding, Node, Path, Pointer};

use crate::{
    Rule,
    report::{Report, ancestors, sort},
};

/// The extension: a list of rules, or an object with the reason for each.
const KEY: &str = "x-lint-ignore";

/// Removes the findings that the document asks to ignore, and reports entries that remove none.
///
/// An entry applies to the object that contains it, with everything inside.
pub(crate) fn apply(document: &Document, found: Report<'_>) -> Vec<Finding> {
    let mut entries = Entries::default();
    let mut report = found.another();
    collect(
        document.root(),
        &Path::ROOT,
        false,
        &mut entries,
        &mut report,
    );
    let findings = found.finish().into_iter();
    let findings = findings.filter(|finding| !entries.ignore(finding));
    let findings: Vec<Finding> = findings.collect();
    for entry in entries.all.iter().filter(|entry| !entry.is_used) {
        // Nobody may have looked for it.
        if entry.rule.is_found_elsewhere() || !report.wants(entry.rule.name) {
            continue;
        }
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
    path: &Path<'_>,
    has_names: bool,
    entries: &mut Entries,
    report: &mut Report<'_>,
) {
    for entry in node.entries() {
        let at = path.key(entry.key);
        if entry.key == KEY {
            read(entry.value, &at.pointer(), entries, report);
        } else if has_names || !holds_value(entry.key, entry.value.is_mapping()) {
            let has_names = !has_names && holds_names(entry.key);
            collect(entry.value, &at, has_names, entries, report);
        }
    }
    for (index, item) in node.items().iter().enumerate() {
        collect(item, &path.index(index), false, entries, report);
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
        report.add("invalid-ignore", &place, message, help);
    }
}

fn merge(mut findings: Vec<Finding>, report: Report<'_>) -> Vec<Finding> {
    findings.extend(report.finish());
    sort(&mut findings);
    findings
}
