//! Collects findings.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::ops::Bound;

use spec_first_document::{Document, Finding, Pointer, Position};

use crate::Rule;

/// The findings so far.
pub(crate) struct Report<'a> {
    document: &'a Document,
    wanted: &'a HashSet<&'static str>,
    /// The report that this one continues.
    before: Option<&'a Report<'a>>,
    findings: Vec<Finding>,
    /// Every pointer with a finding at it or below it.
    at_or_above: HashSet<String>,
    /// Every pointer with a finding at it, by rule.
    at: HashMap<&'static str, BTreeSet<String>>,
}

impl<'a> Report<'a> {
    pub(crate) fn new(document: &'a Document, wanted: &'a HashSet<&'static str>) -> Self {
        Self {
            document,
            wanted,
            before: None,
            findings: Vec::new(),
            at_or_above: HashSet::new(),
            at: HashMap::new(),
        }
    }

    /// Whether the findings of the rule are of interest. Others need not be looked for.
    pub(crate) fn wants(&self, rule: &str) -> bool {
        self.wanted.contains(rule)
    }

    /// Whether the findings of one of the rules are of interest.
    pub(crate) fn wants_any(&self, rules: &[&str]) -> bool {
        rules.iter().any(|rule| self.wants(rule))
    }

    /// Adds a finding about the value at `pointer`, if it is of interest.
    pub(crate) fn add(
        &mut self,
        rule: &'static str,
        pointer: &Pointer,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        debug_assert!(Rule::find(rule).is_ok(), "`{rule}` is not in the catalogue");
        if !self.wants(rule) {
            return;
        }
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
        if self.wants(rule) {
            let mut finding = self.document.finding(rule, pointer, message, help);
            finding.position = position;
            self.push(finding);
        }
    }

    /// The file of the value at `pointer`, and the pointer in it.
    pub(crate) fn place(&self, pointer: &Pointer) -> (String, Pointer) {
        let finding = self.document.finding("", pointer, "", "");
        (finding.source.name.clone(), finding.pointer)
    }

    /// Adds an existing finding.
    pub(crate) fn push(&mut self, finding: Finding) {
        let pointer = finding.pointer.clone();
        for pointer in ancestors(pointer.as_str()) {
            if self.at_or_above.contains(pointer) {
                break;
            }
            self.at_or_above.insert(pointer.to_owned());
        }
        let at = self.at.entry(finding.rule).or_default();
        at.insert(finding.pointer.as_str().to_owned());
        self.findings.push(finding);
    }

    /// Whether there is a finding at or inside `pointer`.
    pub(crate) fn has_within(&self, pointer: &Pointer) -> bool {
        self.at_or_above.contains(pointer.as_str())
            || self.before.is_some_and(|before| before.has_within(pointer))
    }

    /// Whether one of `rules` has a finding at or inside `pointer`.
    pub(crate) fn has_rule_within(&self, pointer: &Pointer, rules: &[&str]) -> bool {
        let found_before = |before: &Report<'_>| before.has_rule_within(pointer, rules);
        if self.before.is_some_and(found_before) {
            return true;
        }
        let pointer = pointer.as_str();
        let inside = format!("{pointer}/");
        self.at_or_above.contains(pointer)
            && rules.iter().filter_map(|rule| self.at.get(rule)).any(|at| {
                let mut later =
                    at.range::<str, _>((Bound::Included(inside.as_str()), Bound::Unbounded));
                at.contains(pointer) || later.next().is_some_and(|next| next.starts_with(&inside))
            })
    }

    /// An empty report about the same document.
    pub(crate) fn another(&self) -> Self {
        Self::new(self.document, self.wanted)
    }

    /// An empty report that knows what this one has found.
    pub(crate) fn continued(&self) -> Report<'_> {
        Report {
            before: Some(self),
            ..self.another()
        }
    }

    /// Adds the findings of a report that continues this one.
    pub(crate) fn extend(&mut self, findings: Vec<Finding>) {
        self.findings.extend(findings);
    }

    /// What this report has found itself.
    pub(crate) fn into_findings(self) -> Vec<Finding> {
        self.findings
    }

    /// The findings in source order, without duplicates.
    pub(crate) fn finish(self) -> Vec<Finding> {
        let mut findings = self.findings;
        sort(&mut findings);
        findings
            .dedup_by(|a, b| (a.rule, &a.pointer, &a.message) == (b.rule, &b.pointer, &b.message));
        findings
    }
}

/// Puts findings into source order.
pub(crate) fn sort(findings: &mut [Finding]) {
    findings.sort_by(|a, b| {
        let key = |finding: &Finding| (finding.position.line, finding.position.column);
        key(a)
            .cmp(&key(b))
            .then_with(|| a.rule.cmp(b.rule))
            .then_with(|| a.pointer.cmp(&b.pointer))
            .then_with(|| a.message.cmp(&b.message))
    });
}

/// The pointer and those to the values that contain it, up to the root.
pub(crate) fn ancestors(pointer: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(pointer), |pointer| {
        Some(&pointer[..pointer.rfind('/')?])
    })
}
