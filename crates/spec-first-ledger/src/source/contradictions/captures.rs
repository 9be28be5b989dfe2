//! Contradictions between captures of one operation or one API.

use std::collections::{BTreeMap, BTreeSet};

use super::{Contradiction, Facts, credentials, fields, grouped, responses, text};
use crate::source::facts::{self, Fact};
use crate::source::recorded::Recorded;
use crate::source::values::{base_path, is_url, path_template, type_name, url_template};

/// Finds contradictions between captures about subjects that are the same by construction: everything, for captures of one operation;
/// base URL, credentials and path parameters, for captures of one API. Ids are qualified by capture, as in
/// `update.pt:endpoint/url`. Contradictions within one capture are not repeated.
pub fn contradictions_between(captures: &[Recorded]) -> Vec<Contradiction> {
    let captures: Vec<Capture> = captures.iter().map(Capture::of).collect();
    let mut found = Vec::new();
    for group in groups(&captures, |capture| {
        capture.operation.iter().cloned().collect()
    }) {
        let facts = group.facts();
        let facts = Facts(&facts);
        let mut of_group = Vec::new();
        credentials::find(facts, &mut of_group);
        fields::listings(facts, &mut of_group);
        responses::bodies(facts, &mut of_group);
        responses::listings(facts, &mut of_group);
        facts.statements(&mut of_group);
        found.extend(group.between(of_group));
    }
    let api = |capture: &Capture| capture.addresses.iter().map(Address::api).collect();
    for group in groups(&captures, api) {
        let facts = group.facts();
        let mut of_group = Vec::new();
        credentials::find(Facts(&facts), &mut of_group);
        of_group.extend(group.path_parameters());
        found.extend(group.between(of_group));
    }
    let collection = |capture: &Capture| {
        let addresses = capture.addresses.iter();
        addresses
            .map(|address| address.collection.clone())
            .collect()
    };
    for group in groups(&captures, collection) {
        found.extend(group.between(group.base_urls()));
    }
    let mut seen = BTreeSet::new();
    found.retain(|each| seen.insert(format!("{each:?}")));
    found
}

/// The target of a request.
#[derive(Clone, Debug)]
struct Address {
    /// The index of the fact that states it.
    fact: usize,
    /// The base URL, such as `https://api.example.com/shop/v1`.
    base: String,
    /// The path below it, such as `/pets/{}`, and its first segment.
    path: String,
    collection: String,
}

impl Address {
    fn of(fact: usize, url: &str, templates: &BTreeSet<String>) -> Option<Self> {
        let template = url_template(url);
        let whole = path_template(url);
        let origin = template.strip_suffix(&whole)?;
        // The path that the capture states, or else what starts at the version.
        let mut known = templates
            .iter()
            .filter_map(|known| base_path(&whole, known));
        let base = known.next().map(str::to_owned).or_else(|| {
            let version = whole.split('/').find(|segment| is_version(segment))?;
            let (before, _) = whole.split_once(&format!("/{version}/"))?;
            Some(before.to_owned())
        })?;
        let rest = &whole[base.len()..];
        let version = rest.split('/').nth(1).filter(|segment| is_version(segment));
        let length = version.map_or(0, |version| version.len() + 1);
        let path = &rest[length..];
        let collection = path.split('/').nth(1)?;
        let is_named = !matches!(collection, "" | "{}");
        is_named.then(|| Self {
            fact,
            base: format!("{origin}{base}{}", &rest[..length]),
            path: path.to_owned(),
            collection: collection.to_owned(),
        })
    }

    /// Identifies an API: a host and a kind of resource.
    fn api(&self) -> String {
        let host = self.base.split('/').nth(2).unwrap_or_default();
        format!("{host} {}", self.collection)
    }
}

fn is_version(segment: &str) -> bool {
    let number = segment.strip_prefix('v').unwrap_or_default();
    !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
}

#[derive(Debug)]
struct Capture<'a> {
    recorded: &'a Recorded,
    addresses: Vec<Address>,
    operation: Option<String>,
}

impl<'a> Capture<'a> {
    fn of(recorded: &'a Recorded) -> Self {
        let paths = recorded.facts.iter().filter(|fact| fact.kind() == "path");
        let templates = paths.map(|fact| path_template(&text(fact))).collect();
        let facts = recorded.facts.iter().enumerate();
        let urls = facts.filter(|(_, fact)| {
            fact.kind() == "url" && !matches!(fact.section(), "documentation-index" | "servers")
        });
        let addresses: Vec<Address> = urls
            .filter(|(_, fact)| is_url(&text(fact)))
            .filter_map(|(index, fact)| Address::of(index, &text(fact), &templates))
            .collect();
        let methods: BTreeSet<&str> = facts::operations(&recorded.facts)
            .into_iter()
            .map(|(method, _)| method)
            .collect();
        let paths: BTreeSet<&str> = addresses.iter().map(|each| each.path.as_str()).collect();
        // A page about several operations is compared as part of the API only.
        let is_one = methods.len() == 1;
        let path = paths
            .into_iter()
            .max_by_key(|path| path.matches("{}").count());
        let operation = path.filter(|_| is_one).map(|path| {
            format!(
                "{} {path}",
                methods.iter().next().copied().unwrap_or_default()
            )
        });
        Self {
            recorded,
            addresses,
            operation,
        }
    }

    fn facts(&self) -> impl Iterator<Item = Fact> {
        let name = &self.recorded.page;
        self.recorded.facts.iter().map(move |fact| Fact {
            id: format!("{name}:{}", fact.id),
            ..fact.clone()
        })
    }
}

struct Group<'a>(Vec<&'a Capture<'a>>);

/// Groups captures that share a key.
fn groups<'a>(
    captures: &'a [Capture<'a>],
    keys: impl Fn(&Capture<'_>) -> BTreeSet<String>,
) -> Vec<Group<'a>> {
    let mut groups: BTreeMap<String, Vec<&Capture<'_>>> = BTreeMap::new();
    for capture in captures {
        for key in keys(capture) {
            groups.entry(key).or_default().push(capture);
        }
    }
    let several = groups.into_values().filter(|group| group.len() > 1);
    several.map(Group).collect()
}

impl Group<'_> {
    fn facts(&self) -> Vec<Fact> {
        self.0.iter().flat_map(|capture| capture.facts()).collect()
    }

    /// Keeps the contradictions that no capture has by itself, ignoring silence below the end of a capture.
    fn between(&self, found: impl IntoIterator<Item = Contradiction>) -> Vec<Contradiction> {
        let of = |id: &str, capture: &Capture<'_>| {
            id.strip_prefix(&capture.recorded.page)?
                .strip_prefix(':')
                .map(|id| facts::parts(id).0.to_owned())
        };
        let is_silent = |id: &String| {
            let mut captures = self.0.iter();
            captures.any(|capture| {
                of(id, capture).is_some_and(|section| !capture.recorded.is_unseen(&section))
            })
        };
        let mut between = Vec::new();
        for mut each in found {
            for side in &mut each.sides {
                side.silent.retain(is_silent);
            }
            each.sides
                .retain(|side| !side.facts.is_empty() || !side.silent.is_empty());
            let says_all = |capture: &&Capture<'_>| {
                each.sides.iter().all(|side| {
                    let mut ids = side.facts.iter().chain(&side.silent);
                    ids.any(|id| of(id, capture).is_some())
                })
            };
            if each.sides.len() > 1 && !self.0.iter().any(says_all) {
                between.push(each);
            }
        }
        between
    }

    fn base_urls(&self) -> Option<Contradiction> {
        let captures = self.0.iter();
        let addresses = captures.flat_map(|capture| {
            let addresses = capture.addresses.iter();
            addresses.map(|address| (*capture, address))
        });
        let facts: Vec<(String, &str, Fact)> = addresses
            .map(|(capture, address)| {
                let fact = &capture.recorded.facts[address.fact];
                let id = format!("{}:{}", capture.recorded.page, fact.id);
                let base = address.base.clone();
                (
                    base,
                    address.collection.as_str(),
                    Fact { id, ..fact.clone() },
                )
            })
            .collect();
        let subject = format!("the base URL of `/{}`", facts.first()?.1);
        let said = facts.iter().map(|(base, _, fact)| (base.clone(), fact));
        grouped(&subject, said)
    }

    /// Compares the types of a parameter at the same place in paths.
    fn path_parameters(&self) -> Vec<Contradiction> {
        let stated = self.facts();
        let names: BTreeSet<&str> = self
            .0
            .iter()
            .flat_map(|capture| capture.first_parameter())
            .collect();
        let of = |name: &str| {
            let listed = stated.iter().filter(|fact| {
                let section = facts::bare(fact.section());
                let is_path = matches!(section, "path-parameters" | "path-parameters-schema");
                is_path && fact.kind() == "field" && fact.name() == name && fact.value.is_string()
            });
            let typed = listed.map(|fact| {
                let kind = type_name(&text(fact));
                (fields::plain(&kind), fact)
            });
            grouped(&format!("the type of the path parameter `{name}`"), typed)
        };
        names.into_iter().filter_map(of).collect()
    }
}

impl Capture<'_> {
    /// The name of the parameter after the collection.
    fn first_parameter(&self) -> Option<&str> {
        let requests = self.recorded.facts.iter();
        let urls = requests.filter(|fact| matches!(fact.kind(), "url" | "path"));
        let collection = &self.addresses.first()?.collection;
        urls.filter_map(|fact| fact.value.as_str()).find_map(|url| {
            let (_, rest) = url.split_once(&format!("/{collection}/{{"))?;
            rest.split_once('}').map(|(name, _)| name)
        })
    }
}
