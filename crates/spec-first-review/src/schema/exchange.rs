//! Finds references that now lead to another component, so that differences are reported at the reference and not in a component
//! that did not change.

use rustc_hash::{FxHashMap, FxHashSet};

use super::comparison::{Comparison, PairId};
use super::conjunction::Context;
use super::relations::Places;
use crate::change::{Difference, Exchanged};
use crate::literal::literal;
use spec_first_document::tree::NodeId;

/// How references lead to pairs of schemas.
#[derive(Debug, Default)]
pub(super) struct Exchanges {
    /// The pairs reached through a reference that changed, with its places.
    exchanged: FxHashMap<PairId, Places>,
    /// The pairs reached through a reference that did not change.
    kept: FxHashSet<PairId>,
}

impl Comparison<'_> {
    /// Records the references that lead to a pair.
    pub(super) fn note_references(&mut self, pair: PairId, base: NodeId, head: NodeId) {
        let written = (
            reference(self.base, base).map(|(text, _)| text),
            reference(self.head, head).map(|(text, _)| text),
        );
        match written {
            (None, None) => {}
            (old, new) if old == new => _ = self.exchanges.kept.insert(pair),
            _ if self.exchanges.exchanged.contains_key(&pair) => {}
            _ => {
                let places = (
                    self.exchanged((self.base, base), head),
                    self.exchanged((self.head, head), base),
                );
                if places != (None, None) {
                    self.exchanges.exchanged.insert(pair, places);
                }
            }
        }
    }

    /// The reference, if its target exists in the other document, too. Then the reference changed, and not the target.
    fn exchanged(&self, (context, schema): (Context<'_>, NodeId), other: NodeId) -> Option<NodeId> {
        let (_, target) = reference(context, schema)?;
        let tree = self.tree();
        tree.at(tree.file(other), &tree.pointer(target))?;
        tree.get(schema, "$ref")
    }

    /// Moves the differences behind changed references to these references.
    pub(super) fn place_at_references(&mut self) {
        if self.exchanges.exchanged.is_empty() {
            return;
        }
        let mut leading: FxHashMap<PairId, Vec<PairId>> = FxHashMap::default();
        for (pair, _, found) in self.pairs() {
            for inner in &found.inner {
                leading.entry(*inner).or_default().push(pair);
            }
        }
        let mut places = self.exchanges.exchanged.clone();
        let mut open: Vec<PairId> = places.keys().copied().collect();
        open.sort_unstable();
        while let Some(pair) = open.pop() {
            let inner = self.found(pair).map(|found| found.inner.clone());
            for next in inner.into_iter().flatten() {
                let leading = leading.get(&next).map_or(&[][..], Vec::as_slice);
                let is_only_behind = leading.iter().all(|pair| places.contains_key(pair));
                if is_only_behind
                    && !self.exchanges.kept.contains(&next)
                    && !places.contains_key(&next)
                {
                    places.insert(next, places[&pair]);
                    open.push(next);
                }
            }
        }
        for (pair, places) in places {
            let mut differences = self.take_differences(pair);
            for difference in &mut differences {
                self.place_at(difference, places);
            }
            self.put_differences(pair, differences);
        }
    }

    fn place_at(&self, difference: &mut Difference, (base, head): Places) {
        let tree = self.tree();
        let text = |reference: Option<NodeId>| tree.string(reference?);
        let message = match (text(base), text(head)) {
            (Some(old), Some(new)) => format!(
                "the reference now leads to {}, not to {}",
                literal(new),
                literal(old)
            ),
            (None, Some(new)) => format!("it is now a reference to {}", literal(new)),
            (Some(old), None) => format!("the reference to {} was dropped", literal(old)),
            (None, None) => return,
        };
        difference.exchanged = Some(Exchanged {
            base,
            head,
            message,
        });
    }
}

/// The text of a reference, and its target.
fn reference<'a>(context: Context<'a>, schema: NodeId) -> Option<(&'a str, NodeId)> {
    let text = context.tree.get_string(schema, "$ref")?;
    Some((text, context.references.target(schema)?))
}
