//! Contradictions about responses: shape, members and statuses.

use std::collections::{BTreeSet, HashMap};

use http::StatusCode;

use super::{
    Contradiction, Facts, RESPONSE, RESPONSES, SAMPLES, Side, present_and_absent, text, top,
};
use crate::source::facts::{Fact, bare};

/// Names of members that hold a status.
const STATUSES: [&str; 4] = ["status", "statusCode", "status_code", "code"];

/// The content of a response, according to one section.
struct Shape<'a> {
    section: &'a str,
    kind: &'static str,
    /// The member that wraps the value, if any.
    envelope: Option<&'a Fact>,
    /// The members of the value.
    members: Vec<(&'a str, &'a Fact)>,
}

pub(super) fn find(facts: Facts<'_>, found: &mut Vec<Contradiction>) {
    bodies(facts, found);
    reasons(facts, found);
    listings(facts, found);
    success(facts, found);
}

/// Compares the content of responses, in one capture or several.
pub(super) fn bodies(facts: Facts<'_>, found: &mut Vec<Contradiction>) {
    let shapes = shapes(facts);
    if shapes.len() > 1 {
        found.extend(envelopes(&shapes));
        members(&shapes, found);
    }
}

/// The shape in each section; a member is an envelope if other sections have its members at the top level.
fn shapes(facts: Facts<'_>) -> Vec<Shape<'_>> {
    let samples = facts.sections(RESPONSES).into_iter();
    let listings = facts.sections(RESPONSE).into_iter();
    let sections = samples.map(|section| (section, "member"));
    let sections = sections.chain(listings.map(|section| (section, "field")));
    let mut shapes: Vec<Shape<'_>> = sections
        .map(|(section, kind)| {
            let members = facts.0.iter().filter(|fact| {
                fact.section() == section && fact.kind() == kind && fact.is_of_first_sample()
            });
            let members = members.map(|fact| (fact.name(), fact)).collect();
            let envelope = None;
            Shape {
                section,
                kind,
                envelope,
                members,
            }
        })
        .filter(|shape| !shape.members.is_empty())
        .collect();
    let tops: Vec<BTreeSet<&str>> = shapes
        .iter()
        .map(|shape| {
            shape
                .members
                .iter()
                .map(|(name, _)| *name)
                .filter(|name| is_top(name))
                .collect()
        })
        .collect();
    for (index, shape) in shapes.iter_mut().enumerate() {
        let others: BTreeSet<&str> = tops
            .iter()
            .enumerate()
            .filter(|(other, _)| *other != index)
            .flat_map(|(_, top)| top)
            .copied()
            .collect();
        let envelope = shape
            .members
            .iter()
            .filter(|(name, _)| is_top(name) && !others.contains(name))
            .find(|(name, _)| {
                let inner = shape
                    .members
                    .iter()
                    .filter_map(|(member, _)| member.strip_prefix(name)?.strip_prefix('.'));
                inner.filter(|inner| others.contains(inner)).count() > 0
            });
        shape.envelope = envelope.map(|(_, fact)| *fact);
        if let Some((name, _)) = envelope.copied() {
            shape.members = shape
                .members
                .iter()
                .filter_map(|(member, fact)| {
                    Some((member.strip_prefix(name)?.strip_prefix('.')?, *fact))
                })
                .collect();
        }
        // A section that lists `data.id` has `data`.
        let mut seen = BTreeSet::new();
        let members = std::mem::take(&mut shape.members).into_iter();
        let (tops, inner): (Vec<_>, Vec<_>) = members.partition(|(name, _)| is_top(name));
        let inner = inner.into_iter().map(|(name, fact)| (top(name), fact));
        let members = tops.into_iter().chain(inner);
        let members = members.filter(|(name, _)| is_top(name) && seen.insert(*name));
        shape.members = members.collect();
    }
    shapes
}

fn is_top(name: &str) -> bool {
    !name.contains(['.', '['])
}

fn envelopes(shapes: &[Shape<'_>]) -> Option<Contradiction> {
    let name = shapes
        .iter()
        .find_map(|shape| Some(shape.envelope?.name()))?;
    let wrapped = shapes
        .iter()
        .filter_map(|shape| Some(shape.envelope?.id.clone()))
        .collect();
    let bare = shapes.iter().filter(|shape| shape.envelope.is_none());
    let bare: Vec<String> = bare
        .flat_map(|shape| shape.members.iter().map(|(_, fact)| fact.id.clone()))
        .collect();
    let sides = [
        (format!("within `{name}`"), wrapped),
        ("at the top".to_owned(), bare),
    ];
    let sides = sides.map(|(says, facts): (String, Vec<String>)| Side {
        says,
        facts,
        silent: Vec::new(),
    });
    let is_one = sides.iter().all(|side| !side.facts.is_empty());
    is_one.then(|| Contradiction {
        subject: "the shape of the response".to_owned(),
        sides: sides.into(),
    })
}

fn members(shapes: &[Shape<'_>], found: &mut Vec<Contradiction>) {
    let mut seen = BTreeSet::new();
    let names: Vec<&str> = shapes
        .iter()
        .flat_map(|shape| &shape.members)
        .map(|(name, _)| *name)
        .collect();
    // Shapes without a common member are about different things.
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for name in &names {
        *counts.entry(name).or_default() += 1;
    }
    let is_related = |shape: &Shape<'_>| {
        shape
            .members
            .iter()
            .any(|(name, _)| counts.get(name).is_some_and(|count| *count > 1))
    };
    let related: Vec<&Shape<'_>> = shapes.iter().filter(|shape| is_related(shape)).collect();
    for name in &names {
        if !seen.insert(*name) {
            continue;
        }
        let (mut present, mut silent) = (Vec::new(), Vec::new());
        for shape in &related {
            match shape.members.iter().find(|(member, _)| member == name) {
                Some((_, fact)) => present.push(fact.id.clone()),
                None => {
                    let path = shape.envelope.map_or((*name).to_owned(), |envelope| {
                        format!("{}.{name}", envelope.name())
                    });
                    silent.push(format!("{}/{}/{path}", shape.section, shape.kind));
                }
            }
        }
        found.extend(present_and_absent(
            format!("whether a response has `{name}`"),
            present,
            silent,
        ));
    }
}

impl<'a> Facts<'a> {
    fn statuses(self) -> impl Iterator<Item = &'a Fact> {
        self.0.iter().filter(|fact| fact.kind() == "status")
    }
}

/// Statuses with the reason phrase of another status.
fn reasons(facts: Facts<'_>, found: &mut Vec<Contradiction>) {
    for fact in facts.statuses() {
        let code = fact.name().split('~').next().unwrap_or_default();
        let expected = code
            .parse()
            .ok()
            .and_then(|code| StatusCode::from_u16(code).ok())
            .and_then(|code| code.canonical_reason());
        let (Some(expected), Some(reason)) = (expected, fact.value.as_str()) else {
            continue;
        };
        let is_of_another = !expected.eq_ignore_ascii_case(reason)
            && (100..600)
                .filter_map(|code| StatusCode::from_u16(code).ok()?.canonical_reason())
                .any(|other| other.eq_ignore_ascii_case(reason));
        if is_of_another {
            let side = |says: &str, facts| Side {
                says: says.to_owned(),
                facts,
                silent: Vec::new(),
            };
            found.push(Contradiction {
                subject: format!("the reason of the status {code}"),
                sides: vec![
                    side(reason, vec![fact.id.clone()]),
                    side(&format!("{expected}, in HTTP"), Vec::new()),
                ],
            });
        }
    }
}

/// Compares the statuses that sections list, in one capture or several.
pub(super) fn listings(facts: Facts<'_>, found: &mut Vec<Contradiction>) {
    let statuses: Vec<&Fact> = facts.statuses().collect();
    let sections: BTreeSet<&str> = statuses.iter().map(|fact| fact.section()).collect();
    let listing: Vec<&str> = sections
        .into_iter()
        .filter(|section| {
            let of_section = statuses.iter().filter(|fact| fact.section() == *section);
            // Samples may omit statuses.
            of_section.count() > 1 && bare(section) != "sample-response"
        })
        .collect();
    let mut seen = BTreeSet::new();
    for fact in &statuses {
        if listing.len() < 2 || !seen.insert(fact.name()) {
            continue;
        }
        let present = statuses
            .iter()
            .filter(|other| other.name() == fact.name())
            .map(|fact| fact.id.clone());
        let is_error = |fact: &Fact| fact.name().starts_with(['4', '5']);
        let silent = listing.iter().filter(|section| {
            // A list of errors has no successes, and codes of the API need not have all statuses.
            let has_others = || facts.of(section, "status").any(|fact| !is_error(fact));
            let has_codes = || facts.of(section, "error-code").next().is_some();
            let is_listed = (is_error(fact) || has_others()) && !has_codes();
            is_listed && facts.one(section, "status", fact.name()).is_none()
        });
        let silent = silent
            .map(|section| format!("{section}/status/{}", fact.name()))
            .collect();
        found.extend(present_and_absent(
            format!("whether there is the status {}", fact.name()),
            present.collect(),
            silent,
        ));
    }
}

/// Status members of success samples that differ from the HTTP status.
fn success(facts: Facts<'_>, found: &mut Vec<Contradiction>) {
    let successes = facts.statuses().filter(|fact| fact.name().starts_with('2'));
    let successes: Vec<&Fact> = successes.collect();
    for (_, response) in SAMPLES {
        for name in STATUSES {
            let Some(member) = facts
                .one(response, "member", name)
                .filter(|fact| fact.value.is_number())
            else {
                continue;
            };
            if !successes.is_empty() && successes.iter().all(|fact| fact.name() != text(member)) {
                let side = |says: String, facts| Side {
                    says,
                    facts,
                    silent: Vec::new(),
                };
                let codes: BTreeSet<&str> = successes.iter().map(|fact| fact.name()).collect();
                let codes: Vec<&str> = codes.into_iter().collect();
                found.push(Contradiction {
                    subject: format!("the status of a success, in HTTP and in `{name}`"),
                    sides: vec![
                        side(
                            codes.join(", "),
                            successes.iter().map(|fact| fact.id.clone()).collect(),
                        ),
                        side(text(member), vec![member.id.clone()]),
                    ],
                });
            }
        }
    }
}
