//! Changes values of a tree, for documents whose parts are in several files.

use rustc_hash::{FxHashMap, FxHashSet};

use super::{Child, Kind, LINEAR_SEARCH_LIMIT, NO_OFFSET, NodeId, Symbol, Tree};

impl Tree {
    /// Replaces the content of a string.
    pub(crate) fn rewrite(&mut self, node: NodeId, text: &str) {
        let symbol = self.intern(text);
        self.records[node.0 as usize].kind = Kind::String(symbol);
    }

    /// Removes values from a mapping or sequence. Get their positions first; those of the others do not change.
    pub fn remove(&mut self, parent: NodeId, removed: &FxHashSet<NodeId>) {
        let (Kind::Sequence(start, length) | Kind::Mapping(start, length)) = self.kind(parent)
        else {
            return;
        };
        let is_looked_up = length as usize > LINEAR_SEARCH_LIMIT && self.is_mapping(parent);
        let children = &mut self.children[start as usize..(start + length) as usize];
        children.sort_by_key(|child| removed.contains(&child.value));
        let left = children.partition_point(|child| !removed.contains(&child.value));
        let (left, removed) = children.split_at(left);
        if is_looked_up {
            for child in removed {
                self.members.remove(&(parent, Symbol(child.key)));
            }
            let indices = (0..).zip(left);
            let members = indices.map(|(index, child)| ((parent, Symbol(child.key)), index));
            self.members.extend(members);
        }
        let length = length - u32::try_from(removed.len()).unwrap_or(length);
        let record = &mut self.records[parent.0 as usize];
        record.kind = match record.kind {
            Kind::Mapping(..) => Kind::Mapping(start, length),
            _ => Kind::Sequence(start, length),
        };
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Source;

    #[test]
    fn what_is_removed_is_not_found_and_the_rest_stays_where_it_was() {
        for number in [3, 30] {
            let text: String = (0..number)
                .map(|key| format!("k{key}: [{key}]\n"))
                .collect();
            let mut tree = Tree::default();
            let name = "a.yaml".to_owned();
            let file = tree.read(Source { name, text }).unwrap();
            let root = tree.root(file);
            let removed = tree.get(root, "k1").unwrap();
            tree.remove(root, &FxHashSet::from_iter([removed]));
            assert_eq!(tree.get(root, "k1"), None);
            let keys: Vec<_> = tree.entries(root).map(|(key, _)| tree.text(key)).collect();
            assert_eq!(keys.len(), number - 1);
            for (index, key) in keys.iter().enumerate() {
                let index = if index == 0 { 0 } else { index + 1 };
                assert_eq!(*key, format!("k{index}"));
                let list = tree.get(root, key).unwrap();
                assert_eq!(tree.to_json(list), serde_json::json!([index]));
                assert_eq!(tree.position(list).line, index as u64 + 1);
            }
            let list = tree.get(root, "k2").unwrap();
            let item = tree.items(list).next().unwrap();
            tree.remove(list, &FxHashSet::from_iter([item]));
            assert_eq!(tree.to_json(list), serde_json::json!([]));
        }
    }
}
