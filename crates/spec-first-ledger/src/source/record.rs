//! Checks the record against the recorded facts: claims rest on facts, and every fact and contradiction is covered.

use std::collections::{BTreeMap, BTreeSet};

use spec_first_document::literal::visible;
use spec_first_document::{Document, Finding, Pointer};

use super::agreement::{Agreement, Contract};
use super::contradictions::{Contradiction, Side, contradictions, contradictions_between};
use super::facts::Fact;
use super::recorded::Recorded;
use super::{Error, facts, wording};
use crate::{Claim, Record};

/// Checks the record `file` against files of recorded facts, one for each page that has them: each claim about such a page cites
/// facts that carry it, or a kind of which there is none; each fact agrees with the document or is cited; and each contradiction
/// between facts, of one capture or several, is settled by an entry that cites every side.
///
/// A record that is not valid has no findings here; [`crate::check`] reports it.
pub fn check(file: &Document, document: &Document, files: &[Document]) -> Vec<Finding> {
    let Ok(record) = Record::read(file) else {
        return Vec::new();
    };
    let mut findings = Vec::new();
    let mut pages = BTreeMap::new();
    for each in files {
        match Recorded::read(each) {
            Ok(recorded) => _ = pages.insert(recorded.page.clone(), (each, recorded)),
            Err(Error::File(finding)) => findings.push(*finding),
            Err(_) => {}
        }
    }
    let mut check = Check {
        file,
        document,
        record: &record,
        pages: &pages,
        findings,
    };
    check.pages();
    check.claims();
    for (facts, recorded) in pages.values() {
        match pages.get(recorded.page_of_record()) {
            Some((_, first)) if first.page != recorded.page => {
                check.coverage(facts, recorded, Some(first));
            }
            _ => {
                check.coverage(facts, recorded, None);
                check.contradictions(facts, recorded);
            }
        }
    }
    check.contradictions_between();
    check.findings
}

struct Check<'a> {
    file: &'a Document,
    document: &'a Document,
    record: &'a Record,
    pages: &'a BTreeMap<String, (&'a Document, Recorded)>,
    findings: Vec<Finding>,
}

impl Check<'_> {
    fn report(&mut self, rule: &'static str, pointer: &Pointer, message: String, help: &str) {
        self.findings
            .push(self.file.finding(rule, pointer, message, help));
    }

    /// Each page with facts must have sections in the record.
    fn pages(&mut self) {
        for (page, (facts, recorded)) in self.pages {
            let is_known = self
                .record
                .sections
                .values()
                .any(|section| section.page.as_deref() == Some(recorded.page_of_record()));
            if !is_known {
                self.findings.push(facts.finding(
                    "unknown-page",
                    &Pointer::root().child("page"),
                    format!("the record has no section on the page `{}`", visible(page)),
                    "set `page` of the sections that are on it, or remove the file",
                ));
            }
        }
    }

    fn claims(&mut self) {
        for (index, entry) in self.record.entries.iter().enumerate() {
            for (claim_index, claim) in entry.claims.iter().enumerate() {
                let pointer = Pointer::root()
                    .child("entries")
                    .child(index)
                    .child("claims")
                    .child(claim_index);
                self.claim(&entry.id, claim, &pointer);
            }
        }
    }

    fn claim(&mut self, entry: &str, claim: &Claim, pointer: &Pointer) {
        let section = self.record.sections.get(&claim.section);
        let mut captures = self.pages.values().map(|(_, recorded)| recorded);
        let is_of_claim = |recorded: &&Recorded| is_of(self.record, claim, recorded);
        let Some(recorded) = captures.clone().find(is_of_claim) else {
            let page = section.and_then(|section| section.page.as_deref());
            // No capture in the language of the claim is recorded.
            if claim.language.is_some()
                && captures.any(|recorded| page == Some(recorded.page_of_record()))
            {
                return;
            }
            if !claim.facts.is_empty() || !claim.silent.is_empty() {
                let message = format!(
                    "the entry `{entry}` cites facts of the section `{}`, whose page has no recorded facts",
                    claim.section
                );
                let help = "record the page with `source accept`, or remove `facts` and `silent`";
                self.report("unknown-fact", pointer, message, help);
            }
            return;
        };
        if claim.facts.is_empty() && claim.silent.is_empty() && claim.not_stated.is_none() {
            let message = format!(
                "the entry `{entry}` has a claim about the section `{}` that cites no facts",
                claim.section
            );
            let help = "cite `facts`, name under `silent` what the section does not have, or say under `not_stated` why neither is possible";
            return self.report("claim-without-facts", pointer, message, help);
        }
        let reads: Vec<&str> = match section.map(|section| &section.reads[..]) {
            Some(reads @ [_, ..]) => reads.iter().map(String::as_str).collect(),
            _ => vec![claim.section.as_str()],
        };
        let mut carried = String::new();
        for (index, id) in claim.facts.iter().enumerate() {
            let place = pointer.child("facts").child(index);
            let section = facts::parts(id).0;
            match recorded.facts.iter().find(|fact| fact.id == *id) {
                None => {
                    let message = format!(
                        "the entry `{entry}` cites the fact `{id}`, which the page does not state"
                    );
                    let help = "run `source diff` to see what the page states now, then change the claim and the decision, or correct the id";
                    self.report("unknown-fact", &place, message, help);
                }
                Some(_) if !reads.contains(&section) => {
                    let message = format!(
                        "the entry `{entry}` cites the fact `{id}` in a claim about the section `{}`, which does not contain it",
                        claim.section
                    );
                    let help = "cite a fact of that section, or list the section of the fact under `reads`";
                    self.report("unknown-fact", &place, message, help);
                }
                Some(fact) => carried.push_str(&format!("{id} {}\n", fact.value).to_lowercase()),
            }
        }
        for (index, id) in claim.silent.iter().enumerate() {
            carried.push_str(&format!("{id}\n").to_lowercase());
            let place = pointer.child("silent").child(index);
            if let Some(fact) = recorded.facts.iter().find(|fact| is_within(&fact.id, id)) {
                let message = format!(
                    "the entry `{entry}` says that there is no `{id}`, but the page states `{}` in line {}",
                    visible(&fact.id),
                    fact.line
                );
                self.report(
                    "claim-not-silent",
                    &place,
                    message,
                    "change the claim and the decision",
                );
            } else if recorded.is_unseen(facts::parts(id).0) {
                let message = format!(
                    "the entry `{entry}` says that there is no `{id}`, but the capture of the page ends before or within that section"
                );
                let help = "say under `not_stated` that it was not seen, or record the whole page";
                self.report("claim-not-silent", &place, message, help);
            } else if !reads.contains(&facts::parts(id).0) {
                let message = format!(
                    "the entry `{entry}` lists `{id}` under `silent` in a claim about the section `{}`, which could not contain it",
                    claim.section
                );
                self.report(
                    "unknown-fact",
                    &place,
                    message,
                    "name a kind of that section, or list its section under `reads`",
                );
            }
        }
        if claim.not_stated.is_none() && !claim.facts.is_empty() {
            self.wording(entry, claim, pointer, recorded, &carried);
        }
    }

    /// The cited facts must contain the literals that the claim quotes, and its words must agree with them.
    fn wording(
        &mut self,
        entry: &str,
        claim: &Claim,
        pointer: &Pointer,
        recorded: &Recorded,
        carried: &str,
    ) {
        let place = pointer.child("says");
        for literal in wording::literals(&claim.says) {
            let is_carried = |part: &str| carried.contains(&part.to_lowercase());
            if !is_carried(literal) && !literal.split(": ").all(is_carried) {
                let message = format!(
                    "the entry `{entry}` says `{literal}`, which is in none of the facts that it cites"
                );
                let help = "cite the fact that has it, or correct the claim";
                self.report("claim-not-carried", &place, message, help);
            }
        }
        let cited = recorded.facts.iter();
        let cited: Vec<&Fact> = cited
            .filter(|fact| claim.facts.contains(&fact.id))
            .collect();
        if let Some(disagreement) = wording::disagreement(&claim.says, &cited) {
            let message = format!(
                "the entry `{entry}` says something else than its facts: {}",
                visible(&disagreement)
            );
            let help = "correct the claim, or cite other facts";
            self.report("claim-not-carried", &place, message, help);
        }
    }

    /// Every fact agrees with the document, or an entry cites it. Facts of a second capture that the first states too, or states
    /// differently, are covered by the first.
    fn coverage(&mut self, file: &Document, recorded: &Recorded, first: Option<&Recorded>) {
        let is_known =
            |id: &String| first.is_some_and(|first| first.facts.iter().any(|fact| fact.id == *id));
        let record = self.record;
        let claims = record.entries.iter().flat_map(|entry| &entry.claims);
        let cited: BTreeSet<&str> = claims
            .filter(|claim| is_of(record, claim, recorded))
            .flat_map(|claim| &claim.facts)
            .map(String::as_str)
            .collect();
        let contract = Contract::of(self.document, &recorded.facts);
        if contract.is_none()
            && let Some((method, path)) = recorded.operations().first()
        {
            let message = format!(
                "{} has no operation `{} {}`, which the page is about",
                self.document.source().name,
                visible(method),
                visible(path)
            );
            let help = "add the operation, or remove the page's facts";
            self.findings.push(file.finding(
                "fact-not-covered",
                &Pointer::root().child("page"),
                message,
                help,
            ));
            return;
        }
        for (index, fact) in recorded
            .facts
            .iter()
            .enumerate()
            .filter(|(_, fact)| !cited.contains(fact.id.as_str()) && !is_known(&fact.id))
        {
            let said = match contract.as_ref().map(|contract| contract.judge(fact)) {
                Some(Agreement::Agrees(_)) => continue,
                Some(Agreement::Disagrees { pointer, found }) => {
                    format!(
                        "{} has {} at `{}`",
                        self.document.source().name,
                        visible(&found),
                        pointer.as_str()
                    )
                }
                Some(Agreement::CannotSay) | None => "a document cannot express it".to_owned(),
            };
            let message = format!(
                "no entry cites `{}`, {} in line {} of the page; {said}",
                visible(&fact.id),
                visible(&fact.value.to_string()),
                fact.line
            );
            let help = "change the document, or cite the fact in the entry that decides about it";
            self.findings.push(file.finding(
                "fact-not-covered",
                &Pointer::root().child("facts").child(index),
                message,
                help,
            ));
        }
    }

    /// An entry that cites every side settles each contradiction.
    fn contradictions(&mut self, file: &Document, recorded: &Recorded) {
        for contradiction in contradictions(&recorded.facts) {
            let is_settled = self.is_settled(&contradiction, |claim| {
                is_of(self.record, claim, recorded).then(String::new)
            });
            if !is_settled {
                let message = format!(
                    "the page contradicts itself about {}: {}",
                    visible(&contradiction.subject),
                    describe(&contradiction, |id| recorded.line_of(id))
                );
                let first = contradiction
                    .sides
                    .iter()
                    .flat_map(|side| &side.facts)
                    .next();
                self.unsettled(file, recorded, first.map(String::as_str), message);
            }
        }
    }

    /// The same for contradictions between captures.
    fn contradictions_between(&mut self) {
        let pages = self.pages;
        let captures: Vec<Recorded> = pages.values().map(|(_, each)| each.clone()).collect();
        for contradiction in contradictions_between(&captures) {
            let is_settled = self.is_settled(&contradiction, |claim| {
                let mut captures = captures.iter();
                let capture = captures.find(|capture| is_of(self.record, claim, capture))?;
                Some(format!("{}:", capture.page))
            });
            if is_settled {
                continue;
            }
            let parts = |id: &str| {
                let (page, id) = id.split_once(':')?;
                let (file, recorded) = pages.get(page)?;
                Some((*file, recorded, id.to_owned()))
            };
            let line = |id: &str| parts(id).map_or(0, |(_, recorded, id)| recorded.line_of(&id));
            let message = format!(
                "captures differ about {}: {}",
                visible(&contradiction.subject),
                describe(&contradiction, line)
            );
            let mut ids = contradiction
                .sides
                .iter()
                .rev()
                .flat_map(|side| &side.facts);
            if let Some((file, recorded, id)) = ids.find_map(|id| parts(id)) {
                self.unsettled(file, recorded, Some(&id), message);
            }
        }
    }

    /// Whether one entry cites every side; `prefix` returns the qualifier of the ids of a claim, or `None` if it does not apply.
    fn is_settled(
        &self,
        contradiction: &Contradiction,
        prefix: impl Fn(&Claim) -> Option<String>,
    ) -> bool {
        self.record.entries.iter().any(|entry| {
            let (mut facts, mut silent) = (Vec::new(), Vec::new());
            for claim in &entry.claims {
                if let Some(prefix) = prefix(claim) {
                    facts.extend(claim.facts.iter().map(|id| format!("{prefix}{id}")));
                    silent.extend(claim.silent.iter().map(|id| format!("{prefix}{id}")));
                }
            }
            let is_cited = |side: &Side| {
                let mut kinds = silent.iter();
                facts.iter().any(|id| side.facts.contains(id))
                    || kinds.any(|kind| side.silent.iter().any(|id| is_within(id, kind)))
            };
            let mut sides = contradiction.sides.iter();
            sides.all(|side| is_cited(side) || (side.facts.is_empty() && side.silent.is_empty()))
        })
    }

    fn unsettled(
        &mut self,
        file: &Document,
        recorded: &Recorded,
        id: Option<&str>,
        message: String,
    ) {
        let index = recorded.facts.iter().position(|fact| Some(&*fact.id) == id);
        let pointer = index.map_or(Pointer::root(), |index| {
            Pointer::root().child("facts").child(index)
        });
        let help = "cite every side in one entry, each with the language of its capture";
        self.findings
            .push(file.finding("unsettled-contradiction", &pointer, message, help));
    }
}

/// Whether a claim is about this capture: the first of its page, or the one in its language.
pub(crate) fn is_of(record: &Record, claim: &Claim, recorded: &Recorded) -> bool {
    let section = record.sections.get(&claim.section);
    let page = section.and_then(|section| section.page.as_deref());
    let is_language = match &claim.language {
        Some(_) => claim.language == recorded.language,
        None => page == Some(&recorded.page),
    };
    page == Some(recorded.page_of_record()) && is_language
}

/// Whether an id is within a kind, such as `body/required/name` within `body/required`.
pub(crate) fn is_within(id: &str, kind: &str) -> bool {
    id.strip_prefix(kind)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '.', '[']))
}

/// Lists what each side says, and where; `line` returns the line of a fact.
fn describe(contradiction: &Contradiction, line: impl Fn(&str) -> u32) -> String {
    let sides = contradiction.sides.iter().map(|side| {
        let facts = side.facts.iter();
        let facts = facts.map(|id| format!("`{}` in line {}", visible(id), line(id)));
        let silent = side.silent.iter().map(|id| format!("no `{}`", visible(id)));
        let places: Vec<String> = facts.chain(silent).collect();
        match places.is_empty() {
            true => visible(&side.says).into_owned(),
            false => format!("{} ({})", visible(&side.says), places.join(", ")),
        }
    });
    sides.collect::<Vec<_>>().join("; ")
}
