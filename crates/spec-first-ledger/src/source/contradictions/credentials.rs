//! Credentials of requests.

use std::collections::{BTreeMap, BTreeSet};

use super::{Contradiction, Facts, Side, text};
use crate::source::facts::{Fact, bare};
use crate::source::values::is_credential;

pub(super) fn find(facts: Facts<'_>, found: &mut Vec<Contradiction>) {
    let mut by_section: BTreeMap<&str, BTreeMap<String, &Fact>> = BTreeMap::new();
    for fact in facts.0 {
        if let Some(credential) = credential(facts, fact) {
            by_section
                .entry(fact.section())
                .or_default()
                .entry(credential)
                .or_insert(fact);
        }
    }
    let mut sides: BTreeMap<String, Side> = BTreeMap::new();
    for credentials in by_section.values() {
        let names: BTreeSet<&str> = credentials.keys().map(String::as_str).collect();
        let says = names.into_iter().collect::<Vec<_>>().join(" and ");
        let side = sides.entry(says.clone()).or_insert(Side {
            says,
            facts: Vec::new(),
            silent: Vec::new(),
        });
        side.facts
            .extend(credentials.values().map(|fact| fact.id.clone()));
    }
    if sides.len() > 1 {
        found.push(Contradiction {
            subject: "the credentials of a request".to_owned(),
            sides: sides.into_values().collect(),
        });
    }
}

/// The credential in a fact, such as `authorization: basic`.
fn credential(facts: Facts<'_>, fact: &Fact) -> Option<String> {
    let name = fact.name().to_lowercase();
    let section = fact.section();
    match (fact.kind(), bare(section)) {
        // A credential in prose is the one that the sample in its section spells out.
        ("credential", _) => match facts.one(section, "header", &name) {
            Some(header) => credential(facts, header),
            None => Some(with_scheme(&name, facts, section, "")),
        },
        ("header", _) if is_credential(&name) => {
            Some(with_scheme(&name, facts, section, &text(fact)))
        }
        ("field", "authorizations") => Some(with_scheme(&name, facts, section, "")),
        _ => None,
    }
}

fn with_scheme(name: &str, facts: Facts<'_>, section: &str, value: &str) -> String {
    if name != "authorization" {
        return name.to_owned();
    }
    let stated = facts.one(section, "scheme", name).map(text);
    let written = value
        .split_once(' ')
        .map(|(scheme, _)| scheme.to_lowercase());
    match stated.or(written) {
        Some(scheme) => format!("{name}: {scheme}"),
        None => name.to_owned(),
    }
}
