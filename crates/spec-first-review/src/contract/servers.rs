//! Compares the addresses that the servers of a document describe.

use super::operations::{Operation, names_in, without_names};
use super::{ContractComparison, Part};
use crate::change::{Outcome, Row};
use crate::literal::literal;
use spec_first_document::Root;
use spec_first_document::tree::NodeId;

/// Marks a part of an address that may be anything.
const ANYTHING: &str = "{}";

/// The maximum number of addresses that are written out for one server.
const MAX_ADDRESSES: usize = 256;

impl<'a> ContractComparison<'a> {
    pub(super) fn compare_servers(
        &mut self,
        old: &Operation<'a>,
        new: &Operation<'a>,
        part: &Part,
    ) {
        let part = part.named("server");
        let (mut base, base_place) = self.addresses(self.base, old);
        let (mut head, head_place) = self.addresses(self.head, new);
        let [was, is] = [old, new].map(|operation| {
            let path = self.options.paths.select(operation.path);
            without_names(path.unwrap_or(operation.path))
        });
        let mut moved = ("", "");
        if was != is {
            // The operations were paired by their URLs, so one path is the end of the other.
            let (addresses, path, message) = match was.strip_suffix(&is) {
                Some(path) => {
                    moved.0 = path;
                    (&mut base, path, "from the path into the server's URL")
                }
                None => {
                    let path = is.strip_suffix(&was).unwrap_or_default();
                    moved.1 = path;
                    (&mut head, path, "from the server's URL into the path")
                }
            };
            for (address, _) in addresses {
                *address = below(address, path);
            }
            let message = format!("{} moved {message}", literal(path));
            let places = (Some(base_place), Some(head_place));
            self.add(Row::Server, Outcome::Neutral, places, &part, message);
        }
        for (address, server) in &base {
            if !head.iter().any(|(other, _)| covers(other, address)) {
                let places = (server.or(Some(base_place)), Some(head_place));
                let message = format!("the server {} was dropped", literal(address));
                self.add(Row::Server, Outcome::Narrower, places, &part, message);
            }
        }
        for (address, server) in &head {
            if !base.iter().any(|(other, _)| covers(other, address)) {
                let places = (Some(base_place), server.or(Some(head_place)));
                let message = format!("the server {} was added", literal(address));
                self.add(Row::Server, Outcome::Wider, places, &part, message);
            }
        }
        self.compare_defaults_of_variables((base_place, moved.0), (head_place, moved.1), &part);
    }

    /// A client uses the default of a variable unless it is configured otherwise. Each server is known by its URL together with
    /// the part of the paths that moved, and each variable by its position there.
    fn compare_defaults_of_variables(
        &mut self,
        (base, old_path): (NodeId, &str),
        (head, new_path): (NodeId, &str),
        part: &Part,
    ) {
        let tree = self.tree;
        let raw = |server: NodeId| tree.get_string(server, "url").unwrap_or_default();
        let url = |server, path| with_host_in_lower_case(&below(raw(server), path));
        for old in tree.items(base) {
            let was_url = url(old, old_path);
            let same = |is_same: &dyn Fn(String) -> bool| {
                let mut servers = tree.items(head);
                servers.find(|new| is_same(url(*new, new_path)))
            };
            let new = same(&|is_url| is_url == was_url)
                .or_else(|| same(&|is_url| without_names(&is_url) == without_names(&was_url)));
            let Some(new) = new else {
                continue;
            };
            let [was, is] = [old, new].map(|server| self.parts_of(server, "variables"));
            for (name, new_name) in names_in(raw(old)).into_iter().zip(names_in(raw(new))) {
                let of_name = |variables: &[(&str, NodeId)], name| {
                    let mut variables = variables.iter();
                    Some(variables.find(|(known, _)| *known == name)?.1)
                };
                let Some((was, is)) = of_name(&was, name).zip(of_name(&is, new_name)) else {
                    continue;
                };
                let default = |variable| Some(tree.scalar_text(tree.get(variable, "default")?));
                if default(was) != default(is) {
                    let has_list = |variable| tree.get(variable, "enum").is_some();
                    let outcome = match has_list(was) && has_list(is) {
                        true => Outcome::Neutral,
                        false => Outcome::Incomparable,
                    };
                    let message = format!("the default of the variable {} changed", literal(name));
                    let places = (Some(was), Some(is));
                    self.add(Row::ServerVariable, outcome, places, part, message);
                }
            }
        }
    }

    /// The URL of an operation at its first server, without the names of its path parameters.
    pub(super) fn url(&self, document: Root, operation: &Operation<'a>) -> String {
        let (addresses, _) = self.addresses(document, operation);
        let first = addresses.first().map_or("/", |(address, _)| address);
        below(first, &without_names(operation.path))
    }

    /// The addresses of an operation, and where they are written. Without servers, the address is `/`.
    fn addresses(
        &self,
        document: Root,
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

    fn addresses_of(&self, server: NodeId) -> Vec<String> {
        let tree = self.tree;
        let values = |variable| {
            let list = tree.get(variable, "enum").into_iter();
            let values = list.flat_map(|list| tree.items(list));
            values.map(|value| tree.scalar_text(value)).collect()
        };
        let variables = self.parts_of(server, "variables").into_iter();
        let variables = variables.map(|(name, variable)| (name, values(variable)));
        let url = tree.get_string(server, "url").unwrap_or_default();
        let addresses = written_out(url, variables);
        let addresses = addresses.iter();
        addresses
            .map(|address| with_host_in_lower_case(address))
            .collect()
    }
}

/// The URL of `path` at a server.
fn below(address: &str, path: &str) -> String {
    match path {
        "" => address.to_owned(),
        path => format!("{}{path}", address.trim_end_matches('/')),
    }
}

/// Expands a URL with variables. A variable without values may be anything; if there would be too many addresses, the values of a
/// variable are kept together.
fn written_out<'a>(
    url: &str,
    variables: impl Iterator<Item = (&'a str, Vec<String>)>,
) -> Vec<String> {
    let url = match url.trim_end_matches('/') {
        "" => url,
        url => url,
    };
    let mut addresses = vec![url.to_owned()];
    for (name, mut values) in variables {
        if values.is_empty() {
            values = vec![ANYTHING.to_owned()];
        } else if addresses.len() * values.len() > MAX_ADDRESSES {
            values.sort_unstable();
            values = vec![format!("{{{}}}", values.join("|"))];
        }
        let placeholder = format!("{{{name}}}");
        let with_values = addresses.iter().flat_map(|address| {
            let values = values.iter();
            values.map(|value| address.replace(&placeholder, value))
        });
        addresses = with_values.collect();
    }
    addresses
}

/// The address with its scheme and host in lower case, since only these are case-insensitive.
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

/// Whether `pattern` covers `address`.
fn covers(pattern: &str, address: &str) -> bool {
    let parts: Vec<&str> = pattern.split(ANYTHING).collect();
    let [first, between @ .., last] = parts.as_slice() else {
        return pattern == address;
    };
    let inner = address.strip_prefix(first);
    let mut rest = inner.and_then(|inner| inner.strip_suffix(last));
    for part in between {
        rest = rest.and_then(|rest| Some(rest.split_once(part)?.1));
    }
    rest.is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_that_may_be_anything_covers_every_text() {
        for (pattern, address, expected) in [
            ("/a", "/a", true),
            ("/a", "/ab", false),
            ("/a", "/", false),
            ("/{}", "/a", true),
            ("/{}", "/", true),
            ("/{}", "/{}", true),
            ("/{}", "a", false),
            ("/a", "/{}", false),
            ("/{}/v1", "/a/b/v1", true),
            ("/{}/v1", "/a/v2", false),
            ("/a{}a", "/a", false),
            ("/{}-{}/c", "/a-b/c", true),
            ("/{}-{}/c", "/a.b/c", false),
            ("/{}x{}x", "/ax", false),
            ("/{}{}", "/é", true),
            ("{}", "", true),
        ] {
            assert_eq!(covers(pattern, address), expected, "{pattern} {address}");
        }
    }

    #[track_caller]
    fn written(url: &str, variables: &[(&'static str, usize)]) -> Vec<String> {
        let variables = variables.iter().map(|(name, count)| {
            let values = (0..*count).map(|value| value.to_string());
            (*name, values.collect())
        });
        written_out(url, variables)
    }

    #[test]
    fn each_value_of_each_variable_makes_an_address() {
        assert_eq!(written("/a/", &[]), ["/a"]);
        assert_eq!(written("/", &[]), ["/"]);
        assert_eq!(written("", &[]), [""]);
        let addresses = written("/{a}.{b}/{c}", &[("a", 2), ("b", 1), ("c", 0)]);
        assert_eq!(addresses, ["/0.0/{}", "/1.0/{}"]);
    }

    #[test]
    fn the_values_of_a_variable_stay_together_where_addresses_would_be_too_many() {
        let addresses = written("{a}/{b}", &[("a", 16), ("b", 16)]);
        assert_eq!((addresses.len(), addresses[255].as_str()), (256, "15/15"));
        let addresses = written("{b}/{a}", &[("a", 86), ("b", 3)]);
        assert_eq!(addresses.len(), 86);
        assert_eq!(addresses[85], "{0|1|2}/85");
    }
}
