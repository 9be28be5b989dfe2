//! Compares the requests that the server sends to the client: callbacks and webhooks.

use super::operations::Operations;
use super::{ContractComparison, Named, Part};
use crate::change::{Direction, Outcome, Row};
use crate::literal::literal;
use spec_first_document::tree::NodeId;

/// Two operations whose callbacks are still to be compared. They are queued because callbacks may call each other in a cycle.
#[derive(Debug)]
pub(super) struct Calling {
    old: NodeId,
    new: NodeId,
    part: Part,
    /// The number of callbacks around the operations.
    depth: usize,
}

/// Callbacks nested deeper than this are named without those in between.
const NAMED_DEPTH: usize = 4;

impl<'a> ContractComparison<'a> {
    pub(super) fn compare_webhooks(&mut self) {
        let base = self.parts_of(self.base.root, "webhooks");
        let head = self.parts_of(self.head.root, "webhooks");
        let holders = (self.base.root, self.head.root);
        let part = Part::of_operation(String::new(), Direction::Request);
        self.compare_called_back(Row::Webhook, &base, &head, holders, &part);
    }

    pub(super) fn compare_callbacks_later(&mut self, old: NodeId, new: NodeId, part: &Part) {
        self.calling.push_back(Calling {
            old,
            new,
            part: part.clone(),
            depth: self.depth,
        });
    }

    /// Compares the callbacks of all operations, including callbacks of callbacks.
    pub(super) fn compare_all_callbacks(&mut self) {
        while let Some(calling) = self.calling.pop_front() {
            let Calling {
                old,
                new,
                mut part,
                depth,
            } = calling;
            let base = self.parts_of(old, "callbacks");
            let head = self.parts_of(new, "callbacks");
            if depth > NAMED_DEPTH {
                let (operation, _) = part.operation.split_once(", ").unwrap_or_default();
                part.operation = format!("{operation}, …");
            }
            self.depth = depth + 1;
            self.compare_called_back(Row::Callback, &base, &head, (old, new), &part);
        }
        self.depth = 0;
    }

    fn compare_called_back(
        &mut self,
        row: Row,
        base: &[Named<'a>],
        head: &[Named<'a>],
        holders: (NodeId, NodeId),
        part: &Part,
    ) {
        let mut matched = Vec::new();
        for (name, old) in base {
            let same = head.iter().find(|(other, _)| other == name);
            // The name of a callback is never sent, but its address is.
            let renamed = || {
                let is_free = |(other, new): &&Named<'a>| {
                    !base.iter().any(|(known, _)| known == other)
                        && self.addresses_of_callback(*new) == self.addresses_of_callback(*old)
                };
                head.iter().filter(|_| row == Row::Callback).find(is_free)
            };
            let Some((other, new)) = same.or_else(renamed).copied() else {
                let part = label(row, name, part);
                let message = format!("the {} {} was dropped", row.as_str(), literal(name));
                self.add(
                    row,
                    Outcome::Narrower,
                    (Some(*old), Some(holders.1)),
                    &part,
                    message,
                );
                continue;
            };
            matched.push(other);
            let part = label(row, other, part);
            if other != *name {
                let message = format!(
                    "the {} is now called {}, not {}",
                    row.as_str(),
                    literal(other),
                    literal(name)
                );
                self.add(
                    row,
                    Outcome::Neutral,
                    (Some(*old), Some(new)),
                    &part,
                    message,
                );
            }
            let (old_operations, new_operations) = match row {
                Row::Webhook => (
                    self.operations_of_item("", *old),
                    self.operations_of_item("", new),
                ),
                _ => (
                    self.operations_of_callback(*old),
                    self.operations_of_callback(new),
                ),
            };
            let is_new = self.called_back.insert((*old, new, part.direction));
            // Callbacks of an operation are compared for each operation; callbacks nested in them only once.
            if !is_new && row == Row::Callback && self.depth > 1 {
                continue;
            }
            let places = (Some(*old), Some(new));
            self.compare_operations(
                &old_operations,
                &new_operations,
                places,
                part.direction.flipped(),
                &format!("{} ", part.operation),
            );
        }
        for (name, new) in head {
            if !matched.contains(name) {
                let part = label(row, name, part);
                let message = format!("the {} {} was added", row.as_str(), literal(name));
                self.add(
                    row,
                    Outcome::Wider,
                    (Some(holders.0), Some(*new)),
                    &part,
                    message,
                );
            }
        }
    }

    fn addresses_of_callback(&self, callback: NodeId) -> Vec<&'a str> {
        let tree = self.tree;
        tree.entries(callback)
            .map(|(address, _)| tree.text(address))
            .collect()
    }

    /// The operations of a callback. Its keys are expressions, and the text between their braces decides what is sent.
    fn operations_of_callback(&self, callback: NodeId) -> Operations<'a> {
        let tree = self.tree;
        let items = tree
            .entries(callback)
            .filter_map(|(address, item)| Some((tree.text(address), self.follow(item)?)));
        let operations =
            items.flat_map(|(address, item)| self.operations_of_item(address, item).into_values());
        operations
            .map(|operation| ((operation.path.to_owned(), operation.method), operation))
            .collect()
    }
}

fn label(row: Row, name: &str, part: &Part) -> Part {
    let own = format!("{} {name}", row.as_str());
    let operation = if part.operation.is_empty() {
        own
    } else {
        format!("{}, {own}", part.operation)
    };
    Part {
        operation,
        ..part.clone()
    }
}
