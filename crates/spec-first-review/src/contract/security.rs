//! Compares security requirements.
//!
//! Schemes are identified by what they send, not by their keys. If several schemes send the same, their keys tell them apart;
//! such a scheme counts as renamed only if its old key is gone and its new key is new.

use std::collections::BTreeSet;

use super::{ContractComparison, Part, paired};
use crate::change::{Outcome, Row};
use crate::literal::{joined, literal, literals};
use spec_first_document::Root;
use spec_first_document::tree::NodeId;

/// Credentials that are required together: each a scheme and its scopes.
type Alternative = BTreeSet<(String, String)>;

/// The requirements of an operation, and where they are written.
struct Requirements {
    alternatives: Vec<Alternative>,
    place: NodeId,
    /// The schemes that the requirements name, by key.
    schemes: Vec<(String, NodeId)>,
}

impl<'a> ContractComparison<'a> {
    pub(super) fn compare_security(&mut self, old: NodeId, new: NodeId, part: &Part) {
        let base = self.requirements(self.base, old);
        let head = self.requirements(self.head, new);
        let part = part.named("security");
        self.compare_offers(&base, &head, &part);
        // A client that satisfies an alternative also satisfies any subset of it.
        let is_enough = |alternative: &Alternative, among: &[Alternative]| {
            among.iter().any(|other| other.is_subset(alternative))
        };
        let refused: Vec<&Alternative> = base
            .alternatives
            .iter()
            .filter(|each| !is_enough(each, &head.alternatives))
            .collect();
        let accepted: Vec<&Alternative> = head
            .alternatives
            .iter()
            .filter(|each| !is_enough(each, &base.alternatives))
            .collect();
        let outcome = match Outcome::of_sets(!refused.is_empty(), !accepted.is_empty()) {
            Some(outcome) => outcome,
            None if as_set(&base.alternatives) == as_set(&head.alternatives) => return,
            None => Outcome::Neutral,
        };
        let message = match outcome {
            Outcome::Neutral => {
                "the alternatives are written differently but mean the same".to_owned()
            }
            Outcome::Wider => format!("{} is now enough", describe(&accepted)),
            Outcome::Narrower => format!("{} is no longer enough", describe(&refused)),
            _ => format!(
                "{} is no longer enough, but {} is",
                describe(&refused),
                describe(&accepted)
            ),
        };
        let changed = self
            .changed_scheme(&base, &head)
            .filter(|_| outcome != Outcome::Neutral);
        match changed {
            Some((places, key)) => {
                let message = format!(
                    "the security scheme {} changed: {}",
                    literal(&key),
                    self.difference_of_schemes(places)
                );
                let places = (Some(places.0), Some(places.1));
                self.add(Row::Security, outcome, places, &part, message);
            }
            None => {
                let places = (Some(base.place), Some(head.place));
                self.add(Row::Security, outcome, places, &part, message);
            }
        }
    }

    /// The scheme that changed, if the requirements themselves did not.
    fn changed_scheme(
        &self,
        base: &Requirements,
        head: &Requirements,
    ) -> Option<((NodeId, NodeId), String)> {
        if self.tree.to_json(base.place) != self.tree.to_json(head.place)
            && !self.is_document(base, head)
        {
            return None;
        }
        base.schemes.iter().find_map(|(key, was)| {
            let (_, is) = head.schemes.iter().find(|(other, _)| other == key)?;
            (self.describe_scheme(*was) != self.describe_scheme(*is))
                .then(|| ((*was, *is), key.clone()))
        })
    }

    /// Whether neither document has any requirements for the operation.
    fn is_document(&self, base: &Requirements, head: &Requirements) -> bool {
        base.place == self.base.root && head.place == self.head.root
    }

    fn difference_of_schemes(&self, (was, is): (NodeId, NodeId)) -> String {
        let text = |scheme| self.describe_scheme(scheme).join(", or ");
        format!("{} now, not {}", text(is), text(was))
    }

    /// Compares what a scheme offers: the scopes, and the URL that refreshes tokens.
    fn compare_offers(&mut self, base: &Requirements, head: &Requirements, part: &Part) {
        for (key, was) in &base.schemes {
            let Some((_, is)) = head.schemes.iter().find(|(other, _)| other == key) else {
                continue;
            };
            let [old, new] = [was, is].map(|scheme| self.parts_of(*scheme, "flows"));
            for flows in paired(&old, &new, str::eq) {
                if let (_, Some(old), Some(new)) = flows {
                    self.compare_flows(old, new, part);
                }
            }
        }
    }

    fn compare_flows(&mut self, old: NodeId, new: NodeId, part: &Part) {
        let tree = self.tree;
        let scopes = |flow: NodeId| -> Vec<&'a str> {
            let scopes = tree.get(flow, "scopes");
            scopes
                .into_iter()
                .flat_map(|scopes| tree.entries(scopes))
                .map(|(name, _)| tree.text(name))
                .collect()
        };
        let (was, is) = (scopes(old), scopes(new));
        let missing = |of: &[&'a str], from: &[&'a str]| -> Vec<&'a str> {
            of.iter()
                .filter(|scope| !from.contains(scope))
                .copied()
                .collect()
        };
        let (removed, added) = (missing(&was, &is), missing(&is, &was));
        if let Some(outcome) = Outcome::of_sets(!removed.is_empty(), !added.is_empty()) {
            let describe = |scopes: &[&str]| {
                let [noun, verb] = match scopes.len() {
                    1 => ["scope", "is"],
                    _ => ["scopes", "are"],
                };
                format!("the {noun} {} {verb}", literals(scopes))
            };
            let (gone, come) = (describe(&removed), describe(&added));
            let message = match outcome {
                Outcome::Wider => format!("{come} now offered"),
                Outcome::Narrower => format!("{gone} no longer offered"),
                _ => format!("{gone} no longer offered, but {come} now offered"),
            };
            let places = self.places_of([old, new], "scopes");
            self.add(Row::Scopes, outcome, places, part, message);
        }
        let refresh = |flow| tree.get_string(flow, "refreshUrl");
        if let Some(outcome) = match (refresh(old), refresh(new)) {
            (was, is) if was == is => None,
            (None, _) => Some(Outcome::Wider),
            (_, None) => Some(Outcome::Narrower),
            _ => Some(Outcome::Incomparable),
        } {
            let message = "tokens are refreshed at another address";
            let places = self.places_of([old, new], "refreshUrl");
            self.add(Row::RefreshUrl, outcome, places, part, message);
        }
    }

    /// The requirements of an operation.
    fn requirements(&self, document: Root, operation: NodeId) -> Requirements {
        let own = self.tree.get(operation, "security");
        let Some(place) = own.or_else(|| self.tree.get(document.root, "security")) else {
            return Requirements {
                alternatives: vec![Alternative::new()],
                place: document.root,
                schemes: Vec::new(),
            };
        };
        let mut requirements = Requirements {
            alternatives: Vec::new(),
            place,
            schemes: Vec::new(),
        };
        for requirement in self.tree.items(place) {
            let mut ways = vec![Alternative::new()];
            for (key, scopes) in self.tree.entries(requirement) {
                let key = self.tree.text(key);
                let scopes: Vec<String> = self
                    .tree
                    .items(scopes)
                    .map(|scope| self.tree.scalar_text(scope))
                    .collect();
                let scheme = self.scheme(document, key);
                let kinds = scheme.map_or_else(
                    || vec![format!("the undescribed scheme {}", literal(key))],
                    |scheme| self.identify_scheme(key, scheme),
                );
                ways = kinds
                    .iter()
                    .flat_map(|kind| ways.iter().map(|way| with(way, kind, &scopes)))
                    .collect();
                requirements
                    .schemes
                    .extend(scheme.map(|scheme| (key.to_owned(), scheme)));
            }
            requirements.alternatives.extend(ways);
        }
        if requirements.alternatives.is_empty() {
            requirements.alternatives.push(Alternative::new());
        }
        requirements
    }

    fn scheme(&self, document: Root, key: &str) -> Option<NodeId> {
        let components = self.part_of(document.root, "components")?;
        let schemes = self.part_of(components, "securitySchemes")?;
        self.part_of(schemes, key)
    }

    /// Describes a scheme. If another scheme sends the same, the description includes the key, unless the scheme was renamed.
    fn identify_scheme(&self, key: &str, scheme: NodeId) -> Vec<String> {
        let documents = [self.base, self.head];
        let is_like = |one: Option<NodeId>, other: Option<NodeId>| {
            let (Some(one), Some(other)) = (one, other) else {
                return false;
            };
            let kinds = self.describe_scheme(one);
            let others = self.describe_scheme(other);
            kinds.iter().any(|kind| others.contains(kind))
        };
        let find = |key: &str| documents.map(|document| self.scheme(document, key));
        let own = find(key);
        let others = documents.map(|document| self.schemes_of(document)).concat();
        let others: Vec<_> = others
            .iter()
            .filter(|(other, _)| *other != key)
            .map(|(other, _)| find(other))
            .collect();
        let is_doubled = others
            .iter()
            .any(|other| is_like(own[0], other[0]) || is_like(own[1], other[1]));
        let is_renamed = others.iter().any(|other| match (own, *other) {
            ([was, None], [None, is]) | ([None, is], [was, None]) => is_like(was, is),
            _ => false,
        });
        let mut kinds = self.describe_scheme(scheme);
        if is_doubled && !is_renamed {
            for kind in &mut kinds {
                *kind = format!("{kind} ({})", literal(key));
            }
        }
        kinds
    }

    fn schemes_of(&self, document: Root) -> Vec<(&'a str, NodeId)> {
        let components = self.part_of(document.root, "components");
        components.map_or_else(Vec::new, |components| {
            self.parts_of(components, "securitySchemes")
        })
    }

    /// Describes a scheme, once for each way to obtain its credentials.
    fn describe_scheme(&self, scheme: NodeId) -> Vec<String> {
        let text = |key| self.tree.get_string(scheme, key).unwrap_or_default();
        match text("type") {
            "apiKey" if text("in") == "header" => vec![format!(
                "an API key in the header {}",
                literal(&text("name").to_ascii_lowercase())
            )],
            "apiKey" => vec![format!(
                "an API key in the {} {}",
                text("in"),
                literal(text("name"))
            )],
            "http" => vec![format!(
                "HTTP {}",
                literal(&text("scheme").to_ascii_lowercase())
            )],
            "openIdConnect" => vec![format!(
                "OpenID Connect of {}",
                literal(text("openIdConnectUrl"))
            )],
            "oauth2" => {
                let flows = self.parts_of(scheme, "flows").into_iter();
                let describe = |(name, flow): (&str, NodeId)| {
                    let keys = ["authorizationUrl", "deviceAuthorizationUrl", "tokenUrl"];
                    let urls = keys
                        .iter()
                        .filter_map(|key| self.tree.get_string(flow, key));
                    let urls: Vec<String> = urls.map(|url| literal(url).to_string()).collect();
                    format!("OAuth {} of {}", literal(name), joined(&urls, "and"))
                };
                let flows: Vec<String> = flows.map(describe).collect();
                match flows.as_slice() {
                    [] => vec!["OAuth without a flow".to_owned()],
                    _ => flows,
                }
            }
            "" => vec!["a scheme without a type".to_owned()],
            other => vec![literal(other).to_string()],
        }
    }
}

fn as_set(alternatives: &[Alternative]) -> BTreeSet<&Alternative> {
    alternatives.iter().collect()
}

fn with(way: &Alternative, scheme: &str, scopes: &[String]) -> Alternative {
    let mut way = way.clone();
    way.insert((scheme.to_owned(), String::new()));
    way.extend(
        scopes
            .iter()
            .map(|scope| (scheme.to_owned(), scope.clone())),
    );
    way
}

fn describe(alternatives: &[&Alternative]) -> String {
    let describe_one = |alternative: &&Alternative| -> String {
        let schemes = alternative.iter().filter(|(_, scope)| scope.is_empty());
        let schemes: Vec<String> = schemes
            .map(|(scheme, _)| {
                let scopes = alternative
                    .iter()
                    .filter(|(other, scope)| other == scheme && !scope.is_empty());
                let scopes: Vec<String> = scopes
                    .map(|(_, scope)| literal(scope).to_string())
                    .collect();
                if scopes.is_empty() {
                    scheme.clone()
                } else {
                    format!("{scheme} with {}", joined(&scopes, "and"))
                }
            })
            .collect();
        if schemes.is_empty() {
            "a request without credentials".to_owned()
        } else {
            schemes.join(" and ")
        }
    };
    let texts: Vec<String> = alternatives.iter().map(describe_one).collect();
    texts.join(", or ")
}
