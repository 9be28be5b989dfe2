//! Contradictions about fields.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{
    BODY, Contradiction, Facts, LISTINGS, REQUESTS, RESPONSE, SAMPLES, grouped, is_in,
    present_and_absent, text, top,
};
use crate::source::facts::Fact;
use crate::source::values::{TypeName, type_name};

pub(super) fn find(facts: Facts<'_>, found: &mut Vec<Contradiction>) {
    listings(facts, found);
    rules(facts, found);
    directions(facts, found);
    samples(facts, found);
}

/// Compares the fields that sections list, in one capture or several.
pub(super) fn listings(facts: Facts<'_>, found: &mut Vec<Contradiction>) {
    for (place, of_place) in LISTINGS {
        let sections = facts.sections(of_place);
        for name in names(facts, of_place) {
            // Response fields may be in an envelope, which `responses` compares.
            if of_place != RESPONSE {
                presence(facts, place, of_place == BODY, &sections, name, found);
            }
            attributes(facts, place, &sections, name, found);
        }
    }
    let sections = facts.sections(BODY);
    for name in only_in_samples(facts) {
        presence(facts, "body field", true, &sections, name, found);
    }
}

/// Top-level members of sample requests that no section lists.
fn only_in_samples(facts: Facts<'_>) -> Vec<&str> {
    // A section that lists `owner.id` has `owner`.
    let listed = names(facts, BODY).into_iter();
    let mut seen: BTreeSet<&str> = listed.flat_map(|name| [name, top(name)]).collect();
    let requests = facts.sections(REQUESTS).into_iter();
    requests
        .flat_map(|request| facts.of(request, "member"))
        .map(Fact::name)
        .filter(|name| !name.contains(['.', '[']) && seen.insert(*name))
        .collect()
}

/// The names that the sections list, in page order.
fn names<'a>(facts: Facts<'a>, sections: &[&str]) -> Vec<&'a str> {
    let mut seen = BTreeSet::new();
    let fields = facts
        .0
        .iter()
        .filter(|fact| fact.kind() == "field" && is_in(sections, fact));
    fields
        .map(Fact::name)
        .filter(|name| seen.insert(*name))
        .collect()
}

/// Fields that only some of the sections list.
fn presence(
    facts: Facts<'_>,
    place: &str,
    is_body: bool,
    sections: &[&str],
    name: &str,
    found: &mut Vec<Contradiction>,
) {
    let mut present = Vec::new();
    let mut silent = Vec::new();
    for section in sections {
        match facts.one(section, "field", name) {
            Some(fact) => present.push(fact.id.clone()),
            None if facts.has_fields(section) => silent.push(format!("{section}/field/{name}")),
            None => {}
        }
    }
    if is_body {
        let requests = facts.sections(REQUESTS);
        let members = requests
            .iter()
            .filter_map(|request| facts.member(request, name));
        present.extend(members.map(|fact| fact.id.clone()));
        // A sample may omit fields, but not required ones.
        let is_required = sections.iter().any(|section| {
            facts
                .one(section, "required", name)
                .is_some_and(|fact| fact.value == true)
        });
        for request in requests.iter().filter(|_| is_required) {
            if facts.has_members(request) && facts.member(request, name).is_none() {
                silent.push(format!("{request}/member/{name}"));
            }
        }
    }
    found.extend(present_and_absent(
        format!("whether there is a {place} `{name}`"),
        present,
        silent,
    ));
}

fn attributes(
    facts: Facts<'_>,
    place: &str,
    sections: &[&str],
    name: &str,
    found: &mut Vec<Contradiction>,
) {
    let of = |kind: &str| -> Vec<&Fact> {
        sections
            .iter()
            .filter_map(|section| facts.one(section, kind, name))
            .collect()
    };
    let types = of("field");
    let typed = types.iter().filter(|fact| is_typed(fact));
    let typed = typed.map(|fact| (plain(&type_name(&text(fact))), *fact));
    found.extend(grouped(&format!("the type of the {place} `{name}`"), typed));
    let enums = of("enum")
        .into_iter()
        .map(|fact| (sorted(&fact.value), fact));
    found.extend(grouped(
        &format!("the values of the {place} `{name}`"),
        enums,
    ));
    for kind in ["default", "limit"] {
        let said = of(kind).into_iter().map(|fact| (text(fact), fact));
        found.extend(grouped(
            &format!("the {kind} of the {place} `{name}`"),
            said,
        ));
    }
    // A field that only some of the sections mark as required.
    let listing = sections
        .iter()
        .filter(|section| facts.one(section, "field", name).is_some());
    let (mut required, mut silent) = (Vec::new(), Vec::new());
    for section in listing {
        match facts.one(section, "required", name) {
            Some(fact) if fact.value == true => required.push(fact.id.clone()),
            // A path has all of its parameters, whether or not that is said.
            None if place == "path parameter" => {}
            _ => silent.push(format!("{section}/required/{name}")),
        }
    }
    found.extend(present_and_absent(
        format!("whether the {place} `{name}` is required"),
        required,
        silent,
    ));
}

/// Rules in prose that another section of the capture lacks.
fn rules(facts: Facts<'_>, found: &mut Vec<Contradiction>) {
    for (place, of_place) in LISTINGS {
        let sections = facts.sections(of_place);
        for name in names(facts, of_place) {
            let listing = sections
                .iter()
                .filter(|section| facts.one(section, "field", name).is_some());
            let (ruled, silent): (Vec<&str>, Vec<&str>) =
                listing.partition(|section| facts.one(section, "constraint", name).is_some());
            let id = |section: &&str| format!("{section}/constraint/{name}");
            let [ruled, silent] = [ruled, silent].map(|sections| sections.iter().map(id).collect());
            found.extend(present_and_absent(
                format!("whether there is a rule for the {place} `{name}`"),
                ruled,
                silent,
            ));
        }
    }
}

/// Fields with different types in requests and responses.
fn directions(facts: Facts<'_>, found: &mut Vec<Contradiction>) {
    for name in names(facts, BODY) {
        let sections = facts.sections(&[BODY, RESPONSE].concat()).into_iter();
        let listed: Vec<&Fact> = sections
            .filter_map(|section| facts.one(section, "field", name))
            .collect();
        let is_in_both = listed.iter().any(|fact| is_in(RESPONSE, fact));
        if !is_in_both {
            continue;
        }
        let typed = listed.into_iter().filter(|fact| is_typed(fact));
        let typed = typed.map(|fact| {
            let kind = type_name(&text(fact));
            let closed = if kind.is_enum { ", closed" } else { "" };
            (format!("{}{closed}", plain(&kind)), fact)
        });
        let typed: Vec<_> = typed.collect();
        let in_requests = typed.iter().filter(|(_, fact)| is_in(BODY, fact));
        let mut said: Vec<&String> = in_requests.map(|(says, _)| says).collect();
        said.dedup();
        // Differences within requests are reported separately.
        let is_new = typed
            .iter()
            .any(|(says, fact)| is_in(RESPONSE, fact) && said.iter().any(|other| *other != says));
        if is_new {
            found.extend(grouped(
                &format!("the type of `{name}` in requests and responses"),
                typed.into_iter(),
            ));
        }
    }
}

/// Sample values that the listed type or enumeration does not allow.
fn samples(facts: Facts<'_>, found: &mut Vec<Contradiction>) {
    let groups = SAMPLES
        .into_iter()
        .flat_map(|(request, response)| [(request, BODY), (response, RESPONSE)]);
    for (sample, listings) in groups {
        for member in facts.of(sample, "member") {
            for field in listings
                .iter()
                .filter_map(|section| facts.one(section, "field", member.name()))
            {
                let kind = type_name(&text(field));
                if !field.value.is_null() && !allows(&kind, &member.value) {
                    let sides = [(text(field), field), (member.value.to_string(), member)];
                    found.extend(grouped(
                        &format!("the type of `{}` and its sample", member.name()),
                        sides.into_iter(),
                    ));
                }
            }
            for values in listings
                .iter()
                .filter_map(|section| facts.one(section, "enum", member.name()))
            {
                let is_listed = values
                    .value
                    .as_array()
                    .is_some_and(|items| items.contains(&member.value));
                // The values of a list are those of its items.
                if !is_listed && !member.value.is_array() {
                    let sides = [
                        (sorted(&values.value), values),
                        (member.value.to_string(), member),
                    ];
                    found.extend(grouped(
                        &format!("the values of `{}` and its sample", member.name()),
                        sides.into_iter(),
                    ));
                }
            }
        }
    }
}

/// Whether a field has a JSON type; other words may be names of schemas.
fn is_typed(fact: &Fact) -> bool {
    let base = type_name(fact.value.as_str().unwrap_or_default()).base;
    let known = ["string", "integer", "number", "boolean", "object", "array"];
    known.contains(&base.as_str())
}

fn allows(kind: &TypeName, value: &Value) -> bool {
    match (kind.base.as_str(), value) {
        ("string", Value::String(_))
        | ("number", Value::Number(_))
        | ("boolean", Value::Bool(_)) => true,
        ("object", Value::Object(_)) | ("array", Value::Array(_)) | ("any", _) => true,
        ("integer", Value::Number(number)) => number.is_i64() || number.is_u64(),
        (_, Value::Null) => kind.is_nullable,
        ("string" | "number" | "boolean" | "object" | "array" | "integer", _) => false,
        _ => true,
    }
}

pub(super) fn plain(kind: &TypeName) -> String {
    let format = kind
        .format
        .as_ref()
        .map_or(String::new(), |format| format!("<{format}>"));
    let null = if kind.is_nullable { " | null" } else { "" };
    format!("{}{format}{null}", kind.base)
}

fn sorted(value: &Value) -> String {
    let mut items: Vec<String> = value
        .as_array()
        .into_iter()
        .flatten()
        .map(Value::to_string)
        .collect();
    items.sort_unstable();
    items.join(", ")
}

impl<'a> Facts<'a> {
    fn has_fields(self, section: &str) -> bool {
        self.0
            .iter()
            .any(|fact| fact.section() == section && fact.kind() == "field")
    }

    /// The member of a sample that a section lists under this name. Of the items of a list, samples show the first, and sections
    /// write `items[].id` or `items.id`.
    fn member(self, section: &str, name: &str) -> Option<&'a Fact> {
        let plain = |name: &str| name.replace("[0]", "").replace("[]", "");
        let is_it = |fact: &&Fact| fact.name() == name || plain(fact.name()) == plain(name);
        let mut members = self.0.iter().filter(|fact| {
            fact.section() == section && fact.kind() == "member" && fact.is_of_first_sample()
        });
        members.find(is_it)
    }

    pub(super) fn has_members(self, section: &str) -> bool {
        self.0
            .iter()
            .any(|fact| fact.section() == section && fact.kind() == "member")
    }
}
