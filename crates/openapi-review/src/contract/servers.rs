//! Where the API is: the addresses that the servers of a document stand for.

use super::operations::Operation;
use super::{ContractComparison, Part};
use crate::change::{Outcome, Row};
use crate::documents::Document;
use crate::literal::literal;
use openapi_document::tree::NodeId;

/// Stands in an address for a part that may be anything.
const ANYTHING: &str = "{}";

/// More addresses than these are not written out for one server.
const MAX_ADDRESSES: usize = 256;

impl<'a> ContractComparison<'a> {
    pub(super) fn compare_servers(
        &mut self,
        old: &Operation<'a>,
        new: &Operation<'a>,
        part: &Part,
    ) {
        let part = part.named("server");
        let (base, base_place) = self.addresses(self.base, old);
        let (head, head_place) = self.addresses(self.head, new);
        for (address, server) in &base {
            if !head.iter().any(|(other, _)| covers(other, address)) {
                let places = (server.or(Some(base_place)), Some(head_place));
                self.add(
                    Row::Server,
                    Outcome::Narrower,
                    places,
                    &part,
                    format!("the server {} was dropped", literal(address)),
                );
            }
        }
        for (address, server) in &head {
            if !base.iter().any(|(other, _)| covers(other, address)) {
                let places = (Some(base_place), server.or(Some(head_place)));
                self.add(
                    Row::Server,
                    Outcome::Wider,
                    places,
                    &part,
                    format!("the server {} was added", literal(address)),
                );
            }
        }
        self.compare_defaults_of_variables(base_place, head_place, &part);
    }

    /// Where a client begins, if nobody tells it where.
    fn compare_defaults_of_variables(&mut self, base: NodeId, head: NodeId, part: &Part) {
        let tree = self.tree;
        let url = |server: NodeId| tree.get_string(server, "url").map(with_host_in_lower_case);
        for old in tree.items(base) {
            let Some(new) = tree.items(head).find(|new| url(*new) == url(old)) else {
                continue;
            };
            let (was, is) = (
                self.parts_of(old, "variables"),
                self.parts_of(new, "variables"),
            );
            for (name, was) in was {
                let Some((_, is)) = is.iter().find(|(other, _)| *other == name) else {
                    continue;
                };
                let default = |variable: NodeId| {
                    tree.get(variable, "default")
                        .map(|value| tree.scalar_text(value))
                };
                if default(was) != default(*is) {
                    let has_list =
                        tree.get(was, "enum").is_some() && tree.get(*is, "enum").is_some();
                    let outcome = if has_list {
                        Outcome::Beside
                    } else {
                        Outcome::Incomparable
                    };
                    let message = format!("the default of the variable {} changed", literal(name));
                    self.add(
                        Row::ServerVariable,
                        outcome,
                        (Some(was), Some(*is)),
                        part,
                        message,
                    );
                }
            }
        }
    }

    /// The addresses for an operation, and where they are written. Without servers, it is the one that
    /// the document came from.
    fn addresses(
        &self,
        document: Document,
        operation: &Operation<'a>,
    ) -> (Vec<(String, Option<NodeId>)>, NodeId) {
        for holder in [operation.node, operation.path_item, document.root] {
            if let Some(list) = self.tree.get(holder, "servers")
                && self.tree.items(list).len() > 0
            {
                let servers = self.tree.items(list);
                let addresses = servers.flat_map(|server| {
                    self.addresses_of(server)
                        .into_iter()
                        .map(move |address| (address, Some(server)))
                });
                return (addresses.collect(), list);
            }
        }
        (vec![("/".to_owned(), None)], document.root)
    }

    /// The addresses of a server.
    fn addresses_of(&self, server: NodeId) -> Vec<String> {
        let url = self.tree.get_string(server, "url").unwrap_or_default();
        let mut addresses = vec![
            if url.len() > 1 {
                url.trim_end_matches('/')
            } else {
                url
            }
            .to_owned(),
        ];
        for (name, variable) in self.parts_of(server, "variables") {
            let list = self.tree.get(variable, "enum");
            let mut values: Vec<String> = list
                .into_iter()
                .flat_map(|list| self.tree.items(list))
                .map(|value| self.tree.scalar_text(value))
                .collect();
            if values.is_empty() || addresses.len() * values.len() > MAX_ADDRESSES {
                values = vec![ANYTHING.to_owned()];
            }
            let placeholder = format!("{{{name}}}");
            addresses = addresses
                .iter()
                .flat_map(|address| {
                    values
                        .iter()
                        .map(|value| address.replace(&placeholder, value))
                })
                .collect();
        }
        let addresses = addresses.iter();
        addresses
            .map(|address| with_host_in_lower_case(address))
            .collect()
    }
}

/// The address with scheme and host in lower case, the two parts of it whose case means nothing.
fn with_host_in_lower_case(address: &str) -> String {
    let is_delimiter = |character| matches!(character, '/' | '?' | '#');
    let (scheme, rest) = match address.split_once("//") {
        Some((scheme, rest)) if scheme.is_empty() || scheme.find(':') == Some(scheme.len() - 1) => {
            (scheme, rest)
        }
        _ => return address.to_owned(),
    };
    let (authority, path) = rest.split_at(rest.find(is_delimiter).unwrap_or(rest.len()));
    let (user, host) = authority.split_at(authority.rfind('@').map_or(0, |at| at + 1));
    let (scheme, host) = (scheme.to_ascii_lowercase(), host.to_ascii_lowercase());
    format!("{scheme}//{user}{host}{path}")
}

/// Whether `pattern` stands for `address` too.
fn covers(pattern: &str, address: &str) -> bool {
    if pattern == address {
        return true;
    }
    let mut parts = pattern.split(ANYTHING);
    let Some(mut rest) = parts.next().and_then(|first| address.strip_prefix(first)) else {
        return false;
    };
    let parts: Vec<&str> = parts.collect();
    for (index, part) in parts.iter().enumerate() {
        let is_last = index + 1 == parts.len();
        let end = if is_last {
            rest.len()
                .checked_sub(part.len())
                .filter(|start| rest.is_char_boundary(*start) && &&rest[*start..] == part)
        } else {
            rest.find(part)
        };
        match end {
            Some(start) => rest = &rest[start + part.len()..],
            None => return false,
        }
    }
    !parts.is_empty() && rest.is_empty()
}
