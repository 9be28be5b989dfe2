//! Contradictions between facts, of one capture or several.

mod captures;
mod credentials;
mod fields;
mod responses;
mod samples;

use std::collections::{BTreeMap, BTreeSet};

use super::facts::{Fact, bare};
use super::values::{base_path, is_same_url, path_template, url_template};
pub use captures::contradictions_between;

/// Sections that say different things about one subject.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Contradiction {
    /// The subject.
    pub subject: String,
    /// What is said, in page order.
    pub sides: Vec<Side>,
}

/// One of the things said about a subject.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Side {
    /// What is said, in a few words.
    pub says: String,
    /// The ids of the facts that say so.
    pub facts: Vec<String>,
    /// The ids of facts that are expected and missing.
    pub silent: Vec<String>,
}

/// Finds contradictions, ordered by subject. If a page describes several operations, each is compared with itself and with what the
/// page says about all of them.
pub fn contradictions(facts: &[Fact]) -> Vec<Contradiction> {
    let operations: BTreeSet<&str> = facts.iter().filter_map(Fact::operation).collect();
    if operations.is_empty() {
        return of_operation(facts);
    }
    let mut found = Vec::new();
    for operation in operations {
        let prefix = format!("{operation}:");
        let of_it = |fact: &Fact| fact.id.starts_with(&prefix);
        let (own, others): (Vec<&Fact>, Vec<&Fact>) = facts.iter().partition(|fact| of_it(fact));
        let own_sections: BTreeSet<&str> = own.iter().map(|fact| bare(fact.section())).collect();
        let shared = others
            .into_iter()
            .filter(|fact| fact.operation().is_none() && !own_sections.contains(fact.section()));
        let shared: Vec<Fact> = shared.cloned().collect();
        let own = own.into_iter().map(|fact| Fact {
            id: fact.id[prefix.len()..].to_owned(),
            ..fact.clone()
        });
        let mut of_both = of_operation(&own.chain(shared).collect::<Vec<_>>());
        for side in of_both.iter_mut().flat_map(|each| &mut each.sides) {
            for id in side.facts.iter_mut().chain(&mut side.silent) {
                if own_sections.contains(super::facts::parts(id).0) {
                    id.insert_str(0, &prefix);
                }
            }
        }
        found.extend(
            of_both
                .into_iter()
                .filter(|each| !found.contains(each))
                .collect::<Vec<_>>(),
        );
    }
    found
}

fn of_operation(facts: &[Fact]) -> Vec<Contradiction> {
    let facts = Facts(facts);
    let mut found = Vec::new();
    facts.requests(&mut found);
    credentials::find(facts, &mut found);
    fields::find(facts, &mut found);
    responses::find(facts, &mut found);
    samples::find(facts, &mut found);
    facts.statements(&mut found);
    found
}

/// The sections that list fields, by place.
const LISTINGS: [(&str, &[&str]); 5] = [
    (
        "path parameter",
        &["path-parameters", "path-parameters-schema"],
    ),
    (
        "query parameter",
        &["query-parameters", "query-parameters-schema"],
    ),
    ("header", &["header-parameters", "headers"]),
    ("body field", BODY),
    ("response field", RESPONSE),
];

const BODY: &[&str] = &["body-parameters", "body"];
const RESPONSE: &[&str] = &["response-fields", "response"];
const REQUESTS: &[&str] = &["request-example", "sample-request"];
const RESPONSES: &[&str] = &["response-example", "sample-response"];

/// Sample requests and their responses.
const SAMPLES: [(&str, &str); 2] = [
    ("request-example", "response-example"),
    ("sample-request", "sample-response"),
];

#[derive(Clone, Copy)]
struct Facts<'a>(&'a [Fact]);

impl<'a> Facts<'a> {
    /// The sections with these names that have facts, in any capture.
    fn sections(self, names: &[&str]) -> Vec<&'a str> {
        let mut sections: Vec<&str> = Vec::new();
        for name in names {
            for fact in self.0 {
                if bare(fact.section()) == *name && !sections.contains(&fact.section()) {
                    sections.push(fact.section());
                }
            }
        }
        sections
    }

    fn of(self, section: &'a str, kind: &'a str) -> impl Iterator<Item = &'a Fact> {
        self.0.iter().filter(move |fact| {
            fact.section() == section && fact.kind() == kind && fact.is_of_first_sample()
        })
    }

    fn one(self, section: &str, kind: &str, name: &str) -> Option<&'a Fact> {
        let is_it =
            |fact: &&Fact| fact.section() == section && fact.kind() == kind && fact.name() == name;
        self.0
            .iter()
            .filter(|fact| fact.is_of_first_sample())
            .find(is_it)
    }

    fn requests(self, found: &mut Vec<Contradiction>) {
        // A section with several requests is not about one operation.
        let is_of_request = |fact: &&Fact| matches!(fact.kind(), "method" | "url" | "path");
        let requests = self.0.iter().filter(is_of_request);
        if requests.clone().any(|fact| !fact.is_of_first_sample()) {
            return;
        }
        let of_kind = |kind: &'static str| {
            self.0
                .iter()
                .filter(move |fact| fact.kind() == kind && fact.section() != "documentation-index")
        };
        let methods = of_kind("method").map(|fact| (text(fact), fact));
        found.extend(grouped("the method", methods));
        let urls: Vec<_> = of_kind("url")
            .map(|fact| (url_template(&text(fact)), fact))
            .collect();
        found.extend(grouped("the URL", unified(&urls)));
        let path = |fact| (path_template(&text(fact)), fact);
        let paths: Vec<_> = of_kind("path").map(path).collect();
        // If only the URLs differ, that is reported already.
        let is_elsewhere = |path: &str| {
            urls.iter()
                .all(|(_, url)| !is_same_url(&path_template(&text(url)), path))
        };
        // Otherwise, these are several operations.
        let shortest = paths.iter().min_by_key(|(path, _)| path.len());
        let is_one = shortest.is_some_and(|(end, _)| {
            let mut paths = paths.iter();
            paths.all(|(path, _)| path == end || base_path(path, end).is_some())
        });
        if is_one && paths.iter().any(|(path, _)| is_elsewhere(path)) {
            let all: Vec<_> = paths.into_iter().chain(of_kind("url").map(path)).collect();
            found.extend(grouped("the path", unified(&all)));
        }
    }

    fn statements(self, found: &mut Vec<Contradiction>) {
        let mut by_kind: BTreeMap<&str, Vec<(String, &Fact)>> = BTreeMap::new();
        for fact in self.0.iter().filter(|fact| fact.kind() == "statement") {
            let kind = fact.name().split('~').next().unwrap_or_default();
            by_kind.entry(kind).or_default().push((text(fact), fact));
        }
        for (kind, facts) in by_kind {
            found.extend(grouped(
                &format!("the statement `{kind}` in prose"),
                facts.into_iter(),
            ));
        }
    }
}

/// The field or member at the top that a name is within, such as `data` for `data.pets[0].name`.
fn top(name: &str) -> &str {
    let first = name.split('.').next().unwrap_or_default();
    let is_index = |at: &usize| {
        let within = first[at + 1..].split_once(']');
        within.is_some_and(|(index, _)| index.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let mut brackets = first.match_indices('[').map(|(at, _)| at);
    brackets.find(is_index).map_or(first, |at| &first[..at])
}

fn is_in(sections: &[&str], fact: &Fact) -> bool {
    sections.contains(&bare(fact.section()))
}

fn text(fact: &Fact) -> String {
    fact.value
        .as_str()
        .map_or_else(|| fact.value.to_string(), str::to_owned)
}

/// Gives matching templates the same text.
fn unified<'a>(facts: &[(String, &'a Fact)]) -> impl Iterator<Item = (String, &'a Fact)> {
    let same = |template: &String| {
        let fitting = facts
            .iter()
            .filter(|(other, _)| is_same_url(other, template));
        // Prefer the template with the most parameters.
        let most = fitting.max_by_key(|(other, _)| other.matches("{}").count());
        most.map_or(template.clone(), |(other, _)| other.clone())
    };
    let facts: Vec<_> = facts
        .iter()
        .map(|(template, fact)| (same(template), *fact))
        .collect();
    facts.into_iter()
}

/// A contradiction between facts with different keys; `None` if all keys are equal.
fn grouped<'a>(
    subject: &str,
    facts: impl Iterator<Item = (String, &'a Fact)>,
) -> Option<Contradiction> {
    let mut sides: Vec<Side> = Vec::new();
    for (says, fact) in facts {
        match sides.iter_mut().find(|side| side.says == says) {
            Some(side) => side.facts.push(fact.id.clone()),
            None => sides.push(Side {
                says,
                facts: vec![fact.id.clone()],
                silent: Vec::new(),
            }),
        }
    }
    (sides.len() > 1).then(|| Contradiction {
        subject: subject.to_owned(),
        sides,
    })
}

/// A contradiction between facts and sections that lack them.
fn present_and_absent(
    subject: String,
    facts: Vec<String>,
    silent: Vec<String>,
) -> Option<Contradiction> {
    let is_one = !facts.is_empty() && !silent.is_empty();
    let present = Side {
        says: "present".to_owned(),
        facts,
        silent: Vec::new(),
    };
    let absent = Side {
        says: "absent".to_owned(),
        facts: Vec::new(),
        silent,
    };
    is_one.then(|| Contradiction {
        subject,
        sides: vec![present, absent],
    })
}
