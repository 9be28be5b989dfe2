//! Links each change of the generated code to the changes of the document that cause it.
//!
//! A generator reports the places that a name is generated from; a review reports where something changed. They are matched from
//! the nearest to the farthest:
//!
//! 1. at the same place, or at one of its keywords;
//! 2. around it: something was added or dropped as a whole;
//! 3. at the value that it is part of: the branches of an `anyOf` belong to the type that they form;
//! 4. deep inside it;
//! 5. at a component that it refers to, or at one of its keywords: a component that may be `null` changes the types of its uses;
//! 6. at a reference that leads to it, if the reference was added or dropped: an added operation brings the types that only it
//!    uses.
//!
//! Only the nearest match counts, so a change shows its own effects and not those of its neighbours.

use std::cell::OnceCell;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::surface::SurfaceChange;
use spec_first_document::Root;
use spec_first_document::references::References;
use spec_first_document::tree::{NodeId, Tree};

/// The maximum number of values between a place and its origin. A more distant origin does not help the reader.
const FARTHEST: usize = 10_000;

/// The places of a change in base and head, each with its distance as defined by [`Change::distances`](crate::Change::distances).
pub(crate) type Places = [(Option<NodeId>, usize); 2];

/// Finds the document changes that cause a change of the generated code.
pub(crate) struct Attribution<'a> {
    tree: &'a Tree,
    references: &'a References,
    documents: [Root; 2],
    /// The changes at each place, including those where only a keyword is missing.
    at: FxHashMap<NodeId, Vec<usize>>,
    /// The changes at each place where something changed.
    exactly_at: FxHashMap<NodeId, Vec<usize>>,
    /// The references to each target.
    referring: OnceCell<FxHashMap<NodeId, Vec<NodeId>>>,
}

impl<'a> Attribution<'a> {
    /// Indexes the changes at these places.
    pub(crate) fn new(
        tree: &'a Tree,
        references: &'a References,
        documents: [Root; 2],
        places: impl IntoIterator<Item = Places>,
    ) -> Self {
        let mut attribution = Self {
            tree,
            references,
            documents,
            at: FxHashMap::default(),
            exactly_at: FxHashMap::default(),
            referring: OnceCell::new(),
        };
        for (change, places) in places.into_iter().enumerate() {
            for (node, distance) in places {
                // Everything is inside the root, so a change there would match everything.
                let node = node.filter(|node| tree.parent(*node).is_some());
                if let Some(node) = node {
                    attribution.add(change, node, distance);
                }
            }
        }
        attribution
    }

    fn add(&mut self, change: usize, node: NodeId, distance: usize) {
        if distance == 0 {
            self.exactly_at.entry(node).or_default().push(change);
        }
        if distance < 2 {
            self.at.entry(node).or_default().push(change);
        }
    }

    /// The indices of the changes that cause this one; empty if none is found.
    pub(crate) fn changes_behind(&self, change: &SurfaceChange) -> Vec<usize> {
        let sides = self.documents.into_iter().zip([&change.base, &change.head]);
        let origins: Vec<NodeId> = sides
            .flat_map(|(document, pointers)| {
                let file = self.tree.file(document.root);
                let nodes = pointers.iter();
                let nodes = nodes.filter_map(move |pointer| self.tree.at(file, pointer));
                // An origin at the root says nothing about the cause.
                nodes.filter(|node| self.tree.parent(*node).is_some())
            })
            .collect();
        let ways: [fn(&Self, NodeId) -> Vec<usize>; 6] = [
            Self::here,
            Self::around,
            Self::in_the_same_value,
            Self::inside,
            Self::referred_to,
            Self::referring,
        ];
        for way in ways {
            let mut found: Vec<usize> = origins
                .iter()
                .flat_map(|origin| way(self, *origin))
                .collect();
            found.sort_unstable();
            found.dedup();
            if !found.is_empty() {
                return found;
            }
        }
        Vec::new()
    }

    fn changes_at(&self, node: NodeId) -> &[usize] {
        self.at.get(&node).map_or(&[], Vec::as_slice)
    }

    fn parts(&self, node: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        let members = self.tree.entries(node).map(|(_, member)| member);
        members.chain(self.tree.items(node))
    }

    fn here(&self, origin: NodeId) -> Vec<usize> {
        let nodes = [origin].into_iter().chain(self.parts(origin));
        nodes
            .flat_map(|node| self.changes_at(node))
            .copied()
            .collect()
    }

    fn around(&self, origin: NodeId) -> Vec<usize> {
        let outer = |node: &NodeId| self.tree.parent(*node);
        let mut around = std::iter::successors(outer(&origin), outer);
        let nearest = around.find_map(|node| self.exactly_at.get(&node));
        nearest.cloned().unwrap_or_default()
    }

    /// The changes to the value that the origin is part of. A property is a value of its own.
    fn in_the_same_value(&self, origin: NodeId) -> Vec<usize> {
        let outer = |node: &NodeId| {
            let parent = self.tree.parent(*node)?;
            (self.tree.key(parent) != Some("properties")).then_some(parent)
        };
        let mut around = std::iter::successors(outer(&origin), outer);
        let nearest = around.find_map(|node| self.at.get(&node));
        nearest.cloned().unwrap_or_default()
    }

    fn inside(&self, origin: NodeId) -> Vec<usize> {
        let nodes = self.everything_in(origin);
        nodes
            .into_iter()
            .flat_map(|node| self.changes_at(node))
            .copied()
            .collect()
    }

    fn everything_in(&self, origin: NodeId) -> Vec<NodeId> {
        let mut found = vec![origin];
        let mut next = 0;
        while next < found.len() && found.len() < FARTHEST {
            found.extend(self.parts(found[next]));
            next += 1;
        }
        found
    }

    fn referred_to(&self, origin: NodeId) -> Vec<usize> {
        let references = self.everything_in(origin).into_iter();
        let targets = references
            .filter(|node| self.references.target(*node).is_some())
            .filter_map(|node| self.references.follow(self.tree, node));
        targets.flat_map(|target| self.here(target)).collect()
    }

    fn referring(&self, origin: NodeId) -> Vec<usize> {
        let outer = |node: &NodeId| self.tree.parent(*node);
        let mut seen = FxHashSet::default();
        let mut level = vec![origin];
        while !level.is_empty() && seen.len() < FARTHEST {
            let mut found = Vec::new();
            let mut next = Vec::new();
            for node in level {
                let targets = std::iter::successors(Some(node), outer);
                for target in targets.filter(|target| self.is_on_one_side(*target)) {
                    for reference in self.references_to(target) {
                        if seen.insert(*reference) {
                            found.extend(self.here(*reference));
                            found.extend(self.around(*reference));
                            next.push(*reference);
                        }
                    }
                }
            }
            if !found.is_empty() {
                return found;
            }
            level = next;
        }
        Vec::new()
    }

    /// Whether something refers to the place, and the other document has nothing there.
    fn is_on_one_side(&self, node: NodeId) -> bool {
        if self.references_to(node).is_empty() {
            return false;
        }
        let file = self.tree.file(node);
        let roots = self.documents.map(|document| document.root);
        let others = roots.into_iter().map(|root| self.tree.file(root));
        let mut others = others.filter(|other| *other != file);
        let pointer = self.tree.pointer(node);
        others.any(|other| self.tree.at(other, &pointer).is_none())
    }

    fn references_to(&self, target: NodeId) -> &[NodeId] {
        let collect = || {
            let mut referring: FxHashMap<NodeId, Vec<NodeId>> = FxHashMap::default();
            for (reference, target) in self.references.all() {
                referring.entry(target).or_default().push(reference);
            }
            referring
        };
        let referring = self.referring.get_or_init(collect);
        referring.get(&target).map_or(&[], Vec::as_slice)
    }
}
