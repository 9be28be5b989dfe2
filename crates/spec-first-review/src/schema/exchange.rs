//! Finds references that now lead to another component, so that differences are reported at the reference and not in a component
//! that did not change.

use rustc_hash::{FxHashMap, FxHashSet};

use super::comparison::{Comparison, Found, PairId};
use super::conjunction::Context;
use super::shape::Shape;
use crate::change::{Difference, Exchanged, Places};
use crate::literal::literal;
use spec_first_document::tree::NodeId;

/// How references lead to pairs of schemas.
#[derive(Debug, Default)]
pub(super) struct Exchanges {
    /// The pairs reached through a reference that changed, with its places.
    exchanged: FxHashMap<PairId, Places>,
    /// The parts of alternatives that such a reference leads to, some of which other schemas may share.
    of_branches: FxHashMap<PairId, Places>,
    /// The pairs reached through a reference that did not change.
    kept: FxHashSet<PairId>,
}

impl Comparison<'_> {
    /// Records the references that lead to a pair.
    pub(super) fn note_references(&mut self, pair: PairId, base: NodeId, head: NodeId) {
        match self.exchanged(base, head) {
            Written::Nothing => {}
            Written::Alike => _ = self.exchanges.kept.insert(pair),
            Written::Exchanged(places) => {
                self.exchanges.exchanged.entry(pair).or_insert(places);
            }
        }
    }

    /// Records the references of two alternatives that were compared, for what was found since `known`.
    pub(super) fn note_references_of_branches(
        &mut self,
        base: &Shape,
        head: &Shape,
        known: (usize, usize),
        found: &mut Found,
    ) {
        let branches = base.branches.last().zip(head.branches.last());
        let Some(Written::Exchanged(places)) =
            branches.map(|(base, head)| self.exchanged(*base, *head))
        else {
            return;
        };
        for difference in &mut found.differences[known.0..] {
            self.place_at(difference, places);
        }
        for pair in &found.inner[known.1..] {
            self.exchanges.of_branches.entry(*pair).or_insert(places);
        }
    }

    /// Compares the references of two schemas. They were exchanged if the target of one exists in the other document, too: then
    /// the reference changed, and not the target.
    fn exchanged(&self, base: NodeId, head: NodeId) -> Written {
        let (old, new) = (reference(self.base, base), reference(self.head, head));
        let text = |reference: Option<NodeId>| self.tree().string(reference?);
        if old.is_none() && new.is_none() {
            return Written::Nothing;
        }
        if text(old) == text(new) {
            return Written::Alike;
        }
        let is_in_both = |context: Context<'_>, reference: Option<NodeId>, other: NodeId| {
            let tree = context.tree;
            let target = tree.parent(reference?);
            let target = context.references.target(target?)?;
            tree.at(tree.file(other), &tree.pointer(target))
        };
        match (
            is_in_both(self.base, old, head),
            is_in_both(self.head, new, base),
        ) {
            (None, None) => Written::Nothing,
            _ => Written::Exchanged((old, new)),
        }
    }

    /// Moves the differences behind changed references to these references.
    pub(super) fn place_at_references(&mut self) {
        let Exchanges {
            exchanged,
            of_branches,
            kept,
        } = &self.exchanges;
        let mut places = exchanged.clone();
        let only = of_branches.iter().filter(|(pair, _)| !kept.contains(pair));
        only.for_each(|(pair, at)| _ = places.entry(*pair).or_insert(*at));
        if places.is_empty() {
            return;
        }
        let mut leading: FxHashMap<PairId, Vec<PairId>> = FxHashMap::default();
        for (pair, _, found) in self.pairs() {
            for inner in &found.inner {
                leading.entry(*inner).or_default().push(pair);
            }
        }
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

/// How the references of two schemas relate.
enum Written {
    /// There are none, or one component was renamed.
    Nothing,
    Alike,
    Exchanged(Places),
}

/// The reference that a schema consists of, also if it is wrapped in `allOf`, as OpenAPI 3.0 requires beside other keywords.
fn reference(context: Context<'_>, schema: NodeId) -> Option<NodeId> {
    let tree = context.tree;
    let own = tree.get(schema, "$ref").or_else(|| {
        const BESIDE: [&str; 4] = ["allOf", "nullable", "readOnly", "writeOnly"];
        let is_beside =
            |(key, value)| BESIDE.contains(&tree.text(key)) || context.is_bare_keyword(key, value);
        let mut members = tree.items(tree.get(schema, "allOf")?);
        let only = members.next().filter(|_| members.len() == 0)?;
        let wraps = tree.entries(schema).all(is_beside);
        wraps.then(|| tree.get(only, "$ref"))?
    });
    own.filter(|reference| tree.string(*reference).is_some())
}
