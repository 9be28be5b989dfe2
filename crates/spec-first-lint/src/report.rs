//! Collects findings.

use std::collections::HashSet;

use spec_first_document::{Document, Finding, Pointer, Position};

use crate::rules;

/// The findings so far.
pub(crate) struct Report<'a> {
    document: &'a Document,
    findings: Vec<Finding>,
    /// Every pointer with a finding at or below it.
    at_or_above: HashSet<String>,
}

impl<'a> Report<'a> {
    pub(crate) fn new(document: &'a Document) -> Self {
        Self {
            document,
            findings: Vec::new(),
            at_or_above: HashSet::new(),
        }
    }

    /// Adds a finding about the value at `pointer`.
    pub(crate) fn add(
        &mut self,
        rule: &'static str,
        pointer: &Pointer,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        debug_assert!(
            rules().iter().any(|known| known.name == rule),
            "`{rule}` is not in the catalogue"
        );
        let finding = self.document.finding(rule, pointer, message, help);
        self.push(finding);
    }

    /// Adds a finding about the value at `pointer` with an explicit position, for keys that `pointer` does not identify
    /// uniquely.
    pub(crate) fn add_at(
        &mut self,
        position: Position,
        rule: &'static str,
        pointer: &Pointer,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        let mut finding = self.document.finding(rule, pointer, message, help);
        finding.position = position;
        self.push(finding);
    }

    /// Adds an existing finding.
    pub(crate) fn push(&mut self, finding: Finding) {
        let mut pointer = finding.pointer.as_str();
        while self.at_or_above.insert(pointer.to_owned()) {
            match pointer.rfind('/') {
                Some(end) => pointer = &pointer[..end],
                None => break,
            }
        }
        self.findings.push(finding);
    }

    /// Whether there is a finding at or inside `pointer`.
    pub(crate) fn has_within(&self, pointer: &Pointer) -> bool {
        self.at_or_above.contains(pointer.as_str())
    }

    /// Whether one of `rules` has a finding at or inside `pointer`.
    pub(crate) fn has_rule_within(&self, pointer: &Pointer, rules: &[&str]) -> bool {
        self.has_within(pointer)
            && self.findings.iter().any(|finding| {
                rules.contains(&finding.rule) && is_within(&finding.pointer, pointer)
            })
    }

    /// Whether there is a finding at `pointer` or at a value that contains it.
    pub(crate) fn has_around(&self, pointer: &Pointer) -> bool {
        self.findings
            .iter()
            .any(|finding| is_within(pointer, &finding.pointer))
    }

    /// The findings in source order, without duplicates.
    pub(crate) fn finish(self) -> Vec<Finding> {
        let mut findings = self.findings;
        findings.sort_by(|a, b| {
            let key = |finding: &Finding| (finding.position.line, finding.position.column);
            key(a)
                .cmp(&key(b))
                .then_with(|| a.rule.cmp(b.rule))
                .then_with(|| a.pointer.cmp(&b.pointer))
                .then_with(|| a.message.cmp(&b.message))
        });
        findings
            .dedup_by(|a, b| (a.rule, &a.pointer, &a.message) == (b.rule, &b.pointer, &b.message));
        findings
    }
}

/// Whether `inner` is at or inside `outer`.
fn is_within(inner: &Pointer, outer: &Pointer) -> bool {
    inner
        .as_str()
        .strip_prefix(outer.as_str())
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
