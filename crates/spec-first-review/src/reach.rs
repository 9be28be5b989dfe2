//! Finds the operations that lead to each pair of schemas. Schemas that lead to each other are reached by the same operations.

use petgraph::algo::kosaraju_scc;
use petgraph::graph::{DiGraph, NodeIndex};
use petgraph::visit::{Bfs, Reversed};
use std::cell::OnceCell;
use std::rc::Rc;

use crate::contract::{ContractComparison, UseId};
use crate::schema::comparison::PairId;

/// The paths from operations to pairs of schemas.
pub(crate) struct Reach {
    /// Groups of pairs that lead to each other, and the edges between groups.
    groups: DiGraph<Group, (), u32>,
    /// The group of each pair.
    group_of: Vec<NodeIndex<u32>>,
}

#[derive(Default)]
struct Group {
    /// The uses that lead to the group without passing through another group.
    roots: Vec<UseId>,
    /// All uses that lead to the group, directly or indirectly.
    uses: OnceCell<Rc<[UseId]>>,
}

impl Reach {
    pub(crate) fn of(comparison: &ContractComparison<'_>) -> Self {
        let schemas = &comparison.schemas;
        let mut pairs: DiGraph<(), (), u32> = DiGraph::default();
        for _ in schemas.pairs() {
            pairs.add_node(());
        }
        for (pair, _, found) in schemas.pairs() {
            for inner in &found.inner {
                pairs.update_edge(NodeIndex::from(pair.0), NodeIndex::from(inner.0), ());
            }
        }
        let mut groups = DiGraph::default();
        let mut group_of = vec![NodeIndex::default(); pairs.node_count()];
        for members in kosaraju_scc(&pairs) {
            let group = groups.add_node(Group::default());
            for member in members {
                group_of[member.index()] = group;
            }
        }
        for edge in pairs.raw_edges() {
            let (from, to) = (
                group_of[edge.source().index()],
                group_of[edge.target().index()],
            );
            if from != to {
                groups.update_edge(from, to, ());
            }
        }
        for (pair, id) in &comparison.roots {
            groups[group_of[pair.0 as usize]].roots.push(*id);
        }
        Self { groups, group_of }
    }

    /// The uses that lead to a pair, sorted.
    pub(crate) fn uses(&self, pair: PairId) -> Rc<[UseId]> {
        let group = self.group_of[pair.0 as usize];
        let collect = || {
            let reversed = Reversed(&self.groups);
            let mut search = Bfs::new(reversed, group);
            let mut uses = Vec::new();
            while let Some(next) = search.next(reversed) {
                uses.extend_from_slice(&self.groups[next].roots);
            }
            uses.sort_unstable();
            uses.dedup();
            uses.into()
        };
        Rc::clone(self.groups[group].uses.get_or_init(collect))
    }
}
