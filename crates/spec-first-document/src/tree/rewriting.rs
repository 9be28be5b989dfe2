//! Changes values of a tree, for documents whose parts are in several files.

use rustc_hash::FxHashMap;

use super::{Child, Kind, LINEAR_SEARCH_LIMIT, NO_OFFSET, NodeId, Symbol, Tree};

impl Tree {
    /// Replaces the content of a string.
    pub(crate) fn rewrite(&mut self, node: NodeId, text: &str) {
        let symbol = self.intern(text);
        self.records[node.0 as usize].kind = Kind::String(symbol);
    }

    /// Replaces `old` with `value` inside `parent`, under the same key.
    pub(crate) fn replace(&mut self, parent: NodeId, old: NodeId, value: NodeId) {
        let (Kind::Sequence(start, length) | Kind::Mapping(start, length)) = self.kind(parent)
        else {
            return;
        };
        let children = &mut self.children[start as usize..(start + length) as usize];
        for child in children.iter_mut().filter(|child| child.value == old) {
            child.value = value;
        }
    }

    /// The member `key` of a mapping, which becomes an empty mapping if it is missing.
    pub(crate) fn member_or_insert(&mut self, mapping: NodeId, key: &str) -> NodeId {
        if let Some(member) = self.get(mapping, key) {
            return member;
        }
        let member = self.add(Kind::Mapping(0, 0), 0);
        self.records[member.0 as usize].parent = mapping.0;
        self.insert(mapping, [(key, member)]);
        member
    }

    /// Adds members to a mapping that does not have them.
    pub(crate) fn insert<'k>(
        &mut self,
        mapping: NodeId,
        members: impl IntoIterator<Item = (&'k str, NodeId)>,
    ) {
        let Kind::Mapping(start, length) = self.kind(mapping) else {
            return;
        };
        // The children of a value are contiguous, so they move to the end, where more can be added.
        let first = self.next_child();
        let children = start as usize..(start + length) as usize;
        self.children.extend_from_within(children);
        for (key, value) in members {
            let key = self.intern(key).0;
            self.children.push(Child {
                key,
                key_offset: NO_OFFSET,
                value,
            });
        }
        let length = self.next_child() - first;
        self.records[mapping.0 as usize].kind = Kind::Mapping(first, length);
        if length as usize > LINEAR_SEARCH_LIMIT {
            let members = self.children[first as usize..].iter().zip(0..);
            let members = members.map(|(child, index)| ((mapping, Symbol(child.key)), index));
            self.members.extend(members);
        }
    }

    /// Renames a member of a mapping.
    pub(crate) fn rename(&mut self, mapping: NodeId, key: &str, new: &str) {
        let (Kind::Mapping(start, length), Some(old)) = (self.kind(mapping), self.symbol(key))
        else {
            return;
        };
        let new = self.intern(new);
        let children = &mut self.children[start as usize..(start + length) as usize];
        for child in children.iter_mut().filter(|child| child.key == old.0) {
            child.key = new.0;
        }
        if let Some(index) = self.members.remove(&(mapping, old)) {
            self.members.insert((mapping, new), index);
        }
    }

    /// The number of values at and below `node`, counting each value once per use, and their depth. Values deeper than `limit` are
    /// not counted.
    pub(crate) fn extent(&self, node: NodeId, limit: usize) -> (u64, usize) {
        self.extent_of(node, limit, &mut FxHashMap::default())
    }

    fn extent_of(
        &self,
        node: NodeId,
        limit: usize,
        known: &mut FxHashMap<NodeId, (u64, usize)>,
    ) -> (u64, usize) {
        // A value that contains itself would never end.
        if !self.is_composed(node) || limit == 0 {
            return (1, 1);
        }
        if let Some(extent) = known.get(&node) {
            return *extent;
        }
        let (mut values, mut depth) = (1_u64, 0);
        for child in self.children(node) {
            let (more, below) = self.extent_of(child.value, limit - 1, known);
            values = values.saturating_add(more);
            depth = depth.max(below);
        }
        known.insert(node, (values, depth + 1));
        (values, depth + 1)
    }
}
