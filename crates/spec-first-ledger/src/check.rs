//! Checks a record against the document, the tests and the source.

use std::collections::BTreeSet;

use spec_first_document::{Document, Finding, Pointer};

use crate::{Entry, Expectation, Record, TestIndex};

/// Everything in the record `file` that is no longer accurate, ordered by line.
///
/// `document` is the OpenAPI document that the record describes; `tests` are the tests of the workspace.
pub fn check(file: &Document, document: &Document, tests: &TestIndex) -> Vec<Finding> {
    let record = match Record::read(file) {
        Ok(record) => record,
        Err(finding) => return vec![finding],
    };
    let mut check = Check {
        file,
        document,
        tests,
        findings: Vec::new(),
    };
    check.parts(&record);
    check.pages(&record);
    check.sections(&record);
    check.ids(&record);
    for (index, entry) in record.entries.iter().enumerate() {
        check.entry(entry, &Pointer::root().child("entries").child(index));
    }
    check.findings.sort_by_key(|finding| finding.position);
    check.findings
}

struct Check<'a> {
    file: &'a Document,
    document: &'a Document,
    tests: &'a TestIndex,
    findings: Vec<Finding>,
}

impl Check<'_> {
    fn report(&mut self, rule: &'static str, pointer: &Pointer, message: String, help: &str) {
        self.findings
            .push(self.file.finding(rule, pointer, message, help));
    }

    fn parts(&mut self, record: &Record) {
        if record.entries.is_empty() {
            let message = "the record has no entries".to_owned();
            self.report(
                "empty-record",
                &Pointer::root().child("entries"),
                message,
                "add an entry for each contradiction",
            );
        }
        for (id, section) in record
            .sections
            .iter()
            .filter(|(_, section)| !record.parts.contains(&section.part))
        {
            self.report(
                "unknown-part",
                &Pointer::root().child("sections").child(id).child("part"),
                format!(
                    "the section `{id}` belongs to the part `{}`, which is not listed",
                    section.part
                ),
                "add it to `parts`, or correct the name",
            );
        }
        for part in record.parts.iter().filter(|part| {
            !record
                .sections
                .values()
                .any(|section| section.part == **part)
        }) {
            let message = format!("the part `{part}` has no sections");
            self.report(
                "unknown-part",
                &Pointer::root().child("parts"),
                message,
                "add its sections, or remove the part",
            );
        }
    }

    fn pages(&mut self, record: &Record) {
        for (id, page) in record
            .sections
            .iter()
            .filter_map(|(id, section)| Some((id, section.page.as_ref()?)))
            .filter(|(_, page)| !record.pages.contains_key(*page))
        {
            self.report(
                "unknown-page",
                &Pointer::root().child("sections").child(id).child("page"),
                format!("the section `{id}` is on the page `{page}`, which is not listed"),
                "add it to `pages`, or correct the name",
            );
        }
        for page in record.pages.keys().filter(|page| {
            !record
                .sections
                .values()
                .any(|section| section.page.as_ref() == Some(page))
        }) {
            self.report(
                "unknown-page",
                &Pointer::root().child("pages").child(page),
                format!("the page `{page}` has no sections"),
                "add its sections, or remove the page",
            );
        }
    }

    fn sections(&mut self, record: &Record) {
        let claimed: BTreeSet<_> = record
            .entries
            .iter()
            .flat_map(|entry| &entry.claims)
            .map(|claim| &claim.section)
            .collect();
        for section in record
            .sections
            .keys()
            .filter(|section| !claimed.contains(section))
        {
            self.report(
                "unclaimed-section",
                &Pointer::root().child("sections").child(section),
                format!("no entry cites the section `{section}`"),
                "add a claim from this section to the entry that resolves it, or add an entry",
            );
        }
        for (index, entry) in record.entries.iter().enumerate() {
            for (claim_index, claim) in entry.claims.iter().enumerate() {
                if let Some(language) = &claim.language
                    && !record.languages.contains(language)
                {
                    self.report(
                        "unknown-language",
                        &Pointer::root()
                            .child("entries")
                            .child(index)
                            .child("claims")
                            .child(claim_index)
                            .child("language"),
                        format!(
                            "the entry `{}` has a claim in the language `{language}`, which is not listed",
                            entry.id
                        ),
                        "add it to `languages`, or correct the name",
                    );
                }
                if !record.sections.contains_key(&claim.section) {
                    let entry_pointer = Pointer::root().child("entries").child(index);
                    self.report(
                        "unknown-section",
                        &entry_pointer
                            .child("claims")
                            .child(claim_index)
                            .child("section"),
                        format!(
                            "the entry `{}` cites the section `{}`, which is not listed",
                            entry.id, claim.section
                        ),
                        "add it to `sections`, or correct the name",
                    );
                }
            }
        }
    }

    fn ids(&mut self, record: &Record) {
        let mut seen = BTreeSet::new();
        for (index, entry) in record.entries.iter().enumerate() {
            let pointer = Pointer::root().child("entries").child(index).child("id");
            let is_name = !entry.id.is_empty()
                && entry
                    .id
                    .chars()
                    .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
            if !is_name {
                let message = format!("`{}` is not a valid id", entry.id);
                self.report(
                    "entry-id",
                    &pointer,
                    message,
                    "use lower-case words separated by hyphens",
                );
            }
            if !seen.insert(&entry.id) {
                let message = format!("duplicate entry `{}`", entry.id);
                self.report("entry-id", &pointer, message, "give each entry a unique id");
            }
        }
    }

    fn entry(&mut self, entry: &Entry, pointer: &Pointer) {
        let texts = [
            ("subject", &entry.subject),
            ("decision", &entry.decision),
            ("why", &entry.why),
            ("revisit", &entry.revisit),
        ];
        for (key, _) in texts.into_iter().filter(|(_, text)| text.trim().is_empty()) {
            let message = format!("`{key}` of the entry `{}` is empty", entry.id);
            self.report(
                "entry-incomplete",
                &pointer.child(key),
                message,
                "write at least one sentence",
            );
        }
        if entry.claims.is_empty() {
            let message = format!("the entry `{}` has no claims", entry.id);
            self.report(
                "entry-incomplete",
                &pointer.child("claims"),
                message,
                "add what each section of the source says",
            );
        }
        match (&entry.not_on_the_wire, entry.tests.is_empty()) {
            (None, true) => self.report(
                "entry-unproven",
                pointer,
                format!("the entry `{}` names no test that proves it", entry.id),
                "name one under `tests`, or explain under `not_on_the_wire` why no test can prove it",
            ),
            (Some(_), false) => self.report(
                "entry-unproven",
                &pointer.child("not_on_the_wire"),
                format!(
                    "the entry `{}` has both `tests` and `not_on_the_wire`",
                    entry.id
                ),
                "remove one of the two",
            ),
            _ => {}
        }
        if entry.document.is_empty() && entry.not_on_the_wire.is_none() {
            let message = format!("the entry `{}` points to nothing in the document", entry.id);
            self.report(
                "entry-unproven",
                pointer,
                message,
                "add the values that implement the decision under `document`",
            );
        }
        for (index, expectation) in entry.document.iter().enumerate() {
            self.expectation(entry, expectation, &pointer.child("document").child(index));
        }
        for (index, test) in entry.tests.iter().enumerate() {
            self.test(entry, test, &pointer.child("tests").child(index));
        }
    }

    fn expectation(&mut self, entry: &Entry, expectation: &Expectation, place: &Pointer) {
        let name = &self.document.source().name;
        let pointer = &expectation.pointer;
        let found = Pointer::parse(pointer).map(|parsed| (self.document.node(&parsed), parsed));
        let (rule, message) = match (found, &expectation.value) {
            (None, _) => (
                "pointer-to-nothing",
                format!(
                    "the entry `{}` has `{pointer}`, which is not a JSON pointer",
                    entry.id
                ),
            ),
            (Some((None, _)), Some(_)) => (
                "pointer-to-nothing",
                format!(
                    "the entry `{}` points to `{pointer}`, which does not exist in {name}",
                    entry.id
                ),
            ),
            (Some((None, parsed)), None) if !self.has_parent(&parsed) => (
                "pointer-to-nothing",
                format!(
                    "the entry `{}` expects no value at `{pointer}`, but its parent does not exist in {name}",
                    entry.id
                ),
            ),
            (Some((Some(node), parsed)), None) => (
                "unexpected-value",
                format!(
                    "the entry `{}` expects no value at `{pointer}`, but {name}:{} has `{}`",
                    entry.id,
                    self.document.position(&parsed).line,
                    node.to_json(),
                ),
            ),
            (Some((Some(node), parsed)), Some(expected)) if node.to_json() != *expected => (
                "unexpected-value",
                format!(
                    "the entry `{}` expects `{expected}` at `{pointer}`, but {name}:{} has `{}`",
                    entry.id,
                    self.document.position(&parsed).line,
                    node.to_json(),
                ),
            ),
            _ => return,
        };
        let help = "if the document is right, update the entry and its reason; if the entry is right, fix the document";
        self.report(rule, &place.child("pointer"), message, help);
    }

    fn has_parent(&self, pointer: &Pointer) -> bool {
        pointer
            .parent()
            .is_some_and(|parent| self.document.node(&parent).is_some())
    }

    fn test(&mut self, entry: &Entry, test: &str, place: &Pointer) {
        let message = match self.tests.runs(test) {
            Some(true) => return,
            Some(false) => format!(
                "the entry `{}` names the test `{test}`, which is ignored",
                entry.id
            ),
            None => match self.tests.moved(test) {
                Some(other) => format!(
                    "the entry `{}` names the test `{test}`, which is now `{other}`",
                    entry.id
                ),
                None => format!(
                    "the entry `{}` names the test `{test}`, which does not exist",
                    entry.id
                ),
            },
        };
        self.report(
            "unknown-test",
            place,
            message,
            "name a test that is not ignored, as `PATH::FUNCTION`",
        );
    }
}
