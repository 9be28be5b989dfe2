//! Changes values of a tree, for documents whose parts are in several files.

use super::{Child, Kind, LINEAR_SEARCH_LIMIT, NO_OFFSET, NodeId, Symbol, Tree};

impl Tree {
    /// Replaces the content of a string.
    pub(crate) fn rewrite(&mut self, node: NodeId, text: &str) {
        let symbol = self.intern(text);
        self.records[node.0 as usize].kind = Kind::String(symbol);
    }

    /// Puts `value` in the place of `old` inside `parent`; the key stays where it is.
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
        // The children of a value are next to each other, so they move to where more can be added.
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
}
