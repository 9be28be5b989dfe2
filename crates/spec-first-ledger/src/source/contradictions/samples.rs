//! Contradictions between values in samples.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{BODY, Contradiction, Facts, RESPONSE, SAMPLES, grouped, text};
use crate::source::facts::Fact;
use crate::source::values::{is_placeholder, is_url, timestamp_shape};

pub(super) fn find(facts: Facts<'_>, found: &mut Vec<Contradiction>) {
    timestamps(facts, found);
    order(facts, found);
    echoes(facts, found);
    placeholders(facts, found);
    hosts(facts, found);
    media_types(facts, found);
}

/// Names of members that wrap the value of a response.
const ENVELOPES: [&str; 5] = ["data", "result", "response", "payload", "body"];

/// The name of a member without its envelope, such as `createdAt` for `data.createdAt`.
fn last(name: &str) -> &str {
    match name.split_once('.') {
        Some((envelope, name)) if ENVELOPES.contains(&envelope) => name,
        _ => name,
    }
}

/// Members of the samples and examples of fields.
fn values(facts: Facts<'_>) -> impl Iterator<Item = &Fact> {
    let sections: BTreeSet<&str> = SAMPLES
        .iter()
        .flat_map(|(request, response)| [*request, *response])
        .chain(BODY.iter().copied())
        .chain(RESPONSE.iter().copied())
        .collect();
    facts.0.iter().filter(move |fact| {
        sections.contains(fact.section())
            && matches!(fact.kind(), "member" | "example")
            && fact.is_of_first_sample()
    })
}

/// Timestamps in different formats.
fn timestamps(facts: Facts<'_>, found: &mut Vec<Contradiction>) {
    let written =
        values(facts).filter_map(|fact| Some((timestamp_shape(fact.value.as_str()?)?, fact)));
    found.extend(grouped("how timestamps are written", written));
}

/// Two timestamps that are equal in one sample and differ in another.
fn order(facts: Facts<'_>, found: &mut Vec<Contradiction>) {
    let mut by_pair: BTreeMap<(&str, &str), Vec<(String, &Fact)>> = BTreeMap::new();
    for (_, response) in SAMPLES {
        let instants: Vec<&Fact> = facts
            .of(response, "member")
            .filter(|fact| {
                fact.value
                    .as_str()
                    .is_some_and(|text| timestamp_shape(text).is_some())
            })
            .collect();
        for (index, first) in instants.iter().enumerate() {
            for second in &instants[index + 1..] {
                let relation = if first.value == second.value {
                    "the same"
                } else {
                    "different"
                };
                let pair = (last(first.name()), last(second.name()));
                by_pair
                    .entry(pair)
                    .or_default()
                    .push((relation.to_owned(), second));
            }
        }
    }
    for ((first, second), facts) in by_pair {
        found.extend(grouped(
            &format!("whether `{first}` and `{second}` are the same"),
            facts.into_iter(),
        ));
    }
}

/// Response values that differ from those in the request.
fn echoes(facts: Facts<'_>, found: &mut Vec<Contradiction>) {
    for (request, response) in SAMPLES {
        for sent in facts
            .of(request, "member")
            .filter(|fact| is_scalar(&fact.value))
        {
            let shown = facts
                .of(response, "member")
                .find(|fact| last(fact.name()) == sent.name() && is_scalar(&fact.value));
            if let Some(shown) = shown.filter(|shown| shown.value != sent.value) {
                let sides = [(text(sent), sent), (text(shown), shown)];
                found.extend(grouped(
                    &format!(
                        "`{}` as it is sent and as the response shows it",
                        sent.name()
                    ),
                    sides.into_iter(),
                ));
            }
        }
    }
}

fn is_scalar(value: &Value) -> bool {
    !value.is_object() && !value.is_array()
}

/// Members with different placeholders.
fn placeholders(facts: Facts<'_>, found: &mut Vec<Contradiction>) {
    let mut by_name: BTreeMap<&str, Vec<(String, &Fact)>> = BTreeMap::new();
    for fact in values(facts) {
        let is_name =
            |text: &str| is_placeholder(text) && text.contains('_') && !text.contains(['<', '{']);
        if let Some(text) = fact.value.as_str().filter(|text| is_name(text)) {
            by_name
                .entry(last(fact.name()))
                .or_default()
                .push((text.to_owned(), fact));
        }
    }
    for (name, facts) in by_name {
        found.extend(grouped(
            &format!("what `{name}` identifies"),
            facts.into_iter(),
        ));
    }
}

/// Different hosts for the same member; one may be translated.
fn hosts(facts: Facts<'_>, found: &mut Vec<Contradiction>) {
    let mut by_name: BTreeMap<&str, Vec<(String, &Fact)>> = BTreeMap::new();
    for fact in values(facts) {
        if let Some(url) = fact.value.as_str().filter(|text| is_url(text)) {
            let host = url.split('/').nth(2).unwrap_or_default();
            by_name
                .entry(last(fact.name()))
                .or_default()
                .push((host.to_owned(), fact));
        }
    }
    for (name, facts) in by_name {
        found.extend(grouped(
            &format!("the host in samples of `{name}`"),
            facts.into_iter(),
        ));
    }
}

/// Media types of the request.
fn media_types(facts: Facts<'_>, found: &mut Vec<Contradiction>) {
    let headers = SAMPLES
        .iter()
        .filter_map(|(request, _)| facts.one(request, "header", "content-type"));
    let headers = headers.map(|fact| (text(fact), fact));
    let listed = facts
        .of("body", "media-type")
        .map(|fact| (fact.name().to_owned(), fact));
    found.extend(grouped(
        "the media type of the request",
        headers.chain(listed),
    ));
}
