//! The dialect of a schema, which decides what its keywords mean.

use std::collections::BTreeSet;
use std::iter;

use spec_first_document::tree::{NodeId, Tree};

use super::comparison::Found;
use super::conjunction::Context;
use super::shape::Shape;
use crate::change::{Outcome, Row};

/// The dialects that give every keyword the meaning it has in OpenAPI 3.1 and 3.2 by default.
const DEFAULTS: [&str; 4] = [
    "https://json-schema.org/draft/2020-12/schema",
    "https://spec.openapis.org/oas/3.1/dialect/2024-11-10",
    "https://spec.openapis.org/oas/3.1/dialect/base",
    "https://spec.openapis.org/oas/3.2/dialect/2025-09-17",
];

/// The dialect that is written here, unless it is the default.
pub(crate) fn other_dialect(tree: &Tree, written: Option<NodeId>) -> Option<&str> {
    let dialect = tree.string(written?)?.trim_end_matches('#');
    (!DEFAULTS.contains(&dialect)).then_some(dialect)
}

/// Compares the dialects of alternatives, if a schema names its own.
pub(super) fn compare_dialects(
    (old, base): (Context<'_>, &Shape),
    (new, head): (Context<'_>, &Shape),
    found: &mut Found,
) {
    let (was, is) = (old.own_dialect(base), new.own_dialect(head));
    if (was.is_some() || is.is_some()) && old.dialects(base) != new.dialects(head) {
        let places = (was.or(base.place()), is.or(head.place()));
        let message = "the schema is written in another dialect, so it is unknown what it allows";
        found.add(Row::Dialect, Outcome::Undecided, places, message.to_owned());
    }
}

impl<'a> Context<'a> {
    /// The dialects of the schemas of an alternative; `None` for the default.
    fn dialects(self, shape: &Shape) -> BTreeSet<Option<&'a str>> {
        let nodes = shape.nodes.iter();
        nodes.map(|node| self.dialect_of(*node)).collect()
    }

    /// Where a schema of an alternative names its dialect.
    fn own_dialect(self, shape: &Shape) -> Option<NodeId> {
        // OpenAPI 3.0 has only one dialect.
        let mut nodes = shape.nodes.iter().filter(|_| self.is_3_1);
        nodes.find_map(|node| self.tree.get(*node, "$schema"))
    }

    /// The dialect that a schema or one around it names, or else the document.
    fn dialect_of(self, schema: NodeId) -> Option<&'a str> {
        let tree = self.tree;
        let outer = iter::successors(tree.parent(schema), |node| tree.parent(*node));
        // At the root of a document, it is about that, and not about the schemas in it.
        let outer = outer.filter(|node| tree.parent(*node).is_some());
        let named = iter::once(schema).chain(outer);
        let mut named = named.filter_map(|node| tree.get(node, "$schema"));
        let named = named.find(|named| self.is_3_1 && tree.string(*named).is_some());
        match named {
            Some(_) => other_dialect(tree, named),
            None => self.dialect,
        }
    }
}
