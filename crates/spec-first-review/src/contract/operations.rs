//! Compares paths, webhooks and callbacks, and the description of each operation.

use indexmap::IndexMap;
use rustc_hash::FxHashMap;

use super::{ContractComparison, Part};
use crate::change::{Direction, Outcome, Row};
use crate::lifecycle::{NOT_DEPRECATED, NOW_DEPRECATED};
use crate::literal::{literal, literals};
use spec_first_document::tree::NodeId;
use spec_first_document::{Root, operations_in};

/// An operation and its path item.
#[derive(Clone, Copy, Debug)]
pub(super) struct Operation<'a> {
    pub(super) path: &'a str,
    pub(super) method: &'a str,
    pub(super) path_item: NodeId,
    pub(super) node: NodeId,
}

/// Operations by what identifies them in a request: the path without the names of its parameters, and the method.
pub(super) type Operations<'a> = IndexMap<(String, &'a str), Operation<'a>>;

impl Operation<'_> {
    fn name(&self) -> String {
        let method = self.method.to_uppercase();
        match self.path {
            // That of a webhook.
            "" => method,
            path => format!("{method} {path}"),
        }
    }
}

/// Adds an operation. Of two whose paths differ only in the names of parameters, which OpenAPI forbids and real documents have, the
/// second is known by its path as it is written.
fn add_operation<'a>(
    operations: &mut Operations<'a>,
    key: (String, &'a str),
    operation: Operation<'a>,
) {
    let mut second = operation;
    if let Some(known) = operations.get_mut(&key) {
        if operation.path < known.path {
            second = std::mem::replace(known, operation);
        }
        operations.insert((second.path.to_owned(), key.1), second);
    } else {
        operations.insert(key, operation);
    }
}

/// Of two operations whose paths differ only in names, gives the common key to the one that the other document has, too.
fn pair_by_names<'a>(operations: &mut Operations<'a>, others: &Operations<'a>) {
    let seconds = operations
        .iter()
        .filter(|((path, _), operation)| path.contains('{') && *path == operation.path);
    let swapped = seconds.filter_map(|(key, second)| {
        let common = (without_names(&key.0), key.1);
        let other = others.get(&common)?;
        (!others.contains_key(key) && other.path == second.path).then(|| (key.clone(), common))
    });
    let swapped: Vec<_> = swapped.collect();
    for (key, common) in swapped {
        if let Some(second) = operations.shift_remove(&key)
            && let Some(first) = operations.insert(common, second)
        {
            operations.insert((first.path.to_owned(), key.1), first);
        }
    }
}

impl<'a> ContractComparison<'a> {
    pub(super) fn compare_paths(&mut self) {
        let [mut base, mut head] = [self.base, self.head].map(|document| {
            let operations = self.operations(document.root, "paths").into_iter();
            let selected = operations.filter_map(|((key, method), operation)| {
                let path = self.options.paths.select(operation.path)?;
                let path = match key.contains('{') && key == operation.path {
                    true => path.to_owned(),
                    false => without_names(path),
                };
                Some(((path, method), operation))
            });
            selected.collect::<IndexMap<_, _>>()
        });
        pair_by_names(&mut base, &head);
        pair_by_names(&mut head, &base);
        self.pair_by_url(&mut base, &head);
        let places = (
            self.tree.get(self.base.root, "paths"),
            self.tree.get(self.head.root, "paths"),
        );
        self.compare_operations(&base, &head, places, Direction::Request, "");
    }

    /// Pairs operations whose paths differ but whose URLs are the same, because a base path moved between the servers and the
    /// paths. The old operation gets the key of the new one. A base path with a variable is not the same as one with a parameter,
    /// which has a schema.
    fn pair_by_url(&self, base: &mut Operations<'a>, head: &Operations<'a>) {
        let identity = |document: Root, operation: &Operation<'a>| {
            let parameters = names_in(operation.path).len();
            (operation.method, self.url(document, operation), parameters)
        };
        let added = head.iter().filter(|(key, _)| !base.contains_key(*key));
        let mut added: FxHashMap<_, _> = added
            .map(|(key, new)| (identity(self.head, new), key.clone()))
            .collect();
        if added.is_empty() {
            return;
        }
        let paired = std::mem::take(base).into_iter().map(|(key, old)| {
            let new = match head.contains_key(&key) {
                true => None,
                false => added.remove(&identity(self.base, &old)),
            };
            (new.unwrap_or(key), old)
        });
        *base = paired.collect();
    }

    /// The operations below `key`.
    pub(super) fn operations(&self, node: NodeId, key: &str) -> Operations<'a> {
        match self.part_of(node, key) {
            Some(items) => self.operations_of_items(items),
            None => IndexMap::new(),
        }
    }

    fn operations_of_items(&self, items: NodeId) -> Operations<'a> {
        let tree = self.tree;
        let mut operations = IndexMap::new();
        for (path, item) in tree.entries(items) {
            if let Some(item) = self.follow(item) {
                for (key, operation) in self.operations_of_item(tree.text(path), item) {
                    add_operation(&mut operations, key, operation);
                }
            }
        }
        operations
    }

    pub(super) fn operations_of_item(&self, path: &'a str, path_item: NodeId) -> Operations<'a> {
        let operations = operations_in(self.tree, path_item);
        let operations = operations.map(|(method, node)| {
            let operation = Operation {
                path,
                method,
                path_item,
                node,
            };
            ((without_names(path), method), operation)
        });
        operations.collect()
    }

    pub(super) fn compare_operations(
        &mut self,
        base: &Operations<'a>,
        head: &Operations<'a>,
        places: (Option<NodeId>, Option<NodeId>),
        direction: Direction,
        label: &str,
    ) {
        for (key, old) in base {
            let mut part = Part::of_operation(format!("{label}{}", old.name()), direction);
            match head.get(key) {
                Some(new) => {
                    part.operation = format!("{label}{}", new.name());
                    self.compare_operation(old, new, &part);
                }
                None => {
                    let message = format!("the operation {} was dropped", literal(&old.name()));
                    self.add_removal(
                        Row::Operation,
                        Outcome::Narrower,
                        (Some(old.node), places.1),
                        &part,
                        message,
                    );
                }
            }
        }
        for (key, new) in head {
            if !base.contains_key(key) {
                let part = Part::of_operation(format!("{label}{}", new.name()), direction);
                self.add(
                    Row::Operation,
                    Outcome::Wider,
                    (places.0, Some(new.node)),
                    &part,
                    format!("the operation {} was added", literal(&new.name())),
                );
            }
        }
    }

    fn compare_operation(&mut self, old: &Operation<'a>, new: &Operation<'a>, part: &Part) {
        self.compare_description(old, new, part);
        self.compare_parameters(old, new, part);
        self.compare_request_bodies(old.node, new.node, part);
        self.compare_responses(old.node, new.node, &part.toward(part.direction.flipped()));
        // The servers and security requirements of the document do not apply to requests that the server sends.
        if part.direction == Direction::Request {
            self.compare_security(old.node, new.node, part);
            self.compare_servers(old, new, part);
        }
        self.compare_callbacks_later(old.node, new.node, part);
    }

    /// Compares the metadata of an operation, which is never sent.
    fn compare_description(&mut self, old: &Operation<'a>, new: &Operation<'a>, part: &Part) {
        let tree = self.tree;
        let text = |operation: &Operation<'_>, key| tree.get_string(operation.node, key);
        let both = [old.node, new.node];
        let (was, is) = (text(old, "operationId"), text(new, "operationId"));
        if was != is {
            let shown = |id: Option<&str>| id.map(|id| literal(id).to_string());
            let message = match (shown(was), shown(is)) {
                (Some(was), Some(is)) => format!("`operationId` changed from {was} to {is}"),
                (Some(was), None) => format!("`operationId` {was} was removed"),
                (None, is) => format!("`operationId` {} was added", is.unwrap_or_default()),
            };
            let places = self.places_of(both, "operationId");
            self.add(Row::OperationId, Outcome::Neutral, places, part, message);
        }
        let tags = |operation: &Operation<'_>| -> Vec<String> {
            let tags = tree
                .get(operation.node, "tags")
                .into_iter()
                .flat_map(|tags| tree.items(tags));
            let mut tags: Vec<String> = tags.map(|tag| tree.scalar_text(tag)).collect();
            tags.sort_unstable();
            tags
        };
        let (was, is) = (tags(old), tags(new));
        if was != is {
            let (was, is) = (literals(&was), literals(&is));
            let message = format!("the tags changed from {was} to {is}");
            let places = self.places_of(both, "tags");
            self.add(Row::Tags, Outcome::Neutral, places, part, message);
        }
        self.compare_deprecation(old.node, new.node, part);
    }

    /// Compares `deprecated` and `x-sunset`.
    pub(super) fn compare_deprecation(&mut self, old: NodeId, new: NodeId, part: &Part) {
        let [was, is] = [old, new].map(|node| self.tree.is_true(node, "deprecated"));
        let tree = self.tree;
        let (row, outcome) = (Row::Deprecated, Outcome::Neutral);
        let places = self.places_of([old, new], "deprecated");
        match (was, is) {
            (false, true) => self.add(row, outcome, places, part, NOW_DEPRECATED),
            (true, false) => self.add_removal(row, outcome, places, part, NOT_DEPRECATED),
            _ => {}
        }
        let sunset = |node| Some(tree.scalar_text(tree.get(node, "x-sunset")?));
        let lifecycle = self.schemas.lifecycle;
        let announcement = lifecycle.announcement(sunset(old).as_deref(), sunset(new).as_deref());
        if let Some((outcome, message)) = announcement {
            let places = self.places_of([old, new], "x-sunset");
            self.add(Row::Sunset, outcome, places, part, message);
        }
    }
}

/// The path template without its parameter names, which are never sent.
pub(super) fn without_names(path: &str) -> String {
    let mut text = String::with_capacity(path.len());
    let mut is_in_name = false;
    for character in path.chars() {
        match character {
            '{' => {
                is_in_name = true;
                text.push('{');
            }
            '}' => {
                is_in_name = false;
                text.push('}');
            }
            _ if is_in_name => {}
            character => text.push(character),
        }
    }
    text
}

/// The names of the parameters in a path template, in order.
pub(super) fn names_in(path: &str) -> Vec<&str> {
    let after_braces = path.split('{').skip(1);
    after_braces
        .filter_map(|text| text.split_once('}').map(|(name, _)| name))
        .collect()
}
