//! A value inside another, with everything that the branches of an `allOf` say about it.

use std::collections::HashSet;

use spec_first_document::survey::Site;
use spec_first_document::tree::NodeId;
use spec_first_document::{Document, Node, Pointer};

use super::flat::{Flat, chooses_type, says_type};

/// A property, the items of a list or the values of a map, and the schemas that describe it.
#[derive(Clone, Debug)]
pub(crate) struct Member<'a> {
    /// The schema that says more than the others.
    pub(crate) site: Site<'a>,
    /// Schemas that describe members or items that it does not.
    more: Vec<Site<'a>>,
}

impl<'a> Member<'a> {
    pub(super) fn new(site: Site<'a>) -> Self {
        let more = Vec::new();
        Self { site, more }
    }

    /// Adds what another branch says: the one that says more counts, or both, if each describes what the other does not.
    pub(super) fn add(&mut self, document: &'a Document, site: Site<'a>) {
        let says_less = chooses_type(self.site.node) && !chooses_type(site.node);
        if !says_type(site.node) || says_less {
            return;
        }
        let known: Vec<_> = self.sites().map(|site| site.node).collect();
        if describes_all(document, &[site.node], &known, &mut HashSet::new()) {
            *self = Self::new(site);
        } else if !describes_all(document, &known, &[site.node], &mut HashSet::new()) {
            self.more.push(std::mem::replace(&mut self.site, site));
        }
    }

    pub(super) fn sites(&self) -> impl Iterator<Item = &Site<'a>> {
        self.more.iter().chain([&self.site])
    }

    pub(super) fn into_sites(self) -> impl Iterator<Item = Site<'a>> {
        self.more.into_iter().chain([self.site])
    }

    /// The pointer to its schema. One that is made of several has none in the document, and is named as the one that says most.
    pub(super) fn pointer(&self) -> Pointer {
        let merged =
            |pointer: Pointer, site: &Site<'a>| pointer.child("allOf").child(&site.pointer);
        self.more.iter().fold(self.site.pointer.clone(), merged)
    }

    /// Its schema as a whole.
    pub(super) fn flat(&self, document: &'a Document) -> Flat<'a> {
        self.added_to(Flat::default(), document)
    }

    /// Its schema without properties.
    pub(super) fn brief(&self, document: &'a Document) -> Flat<'a> {
        self.added_to(Flat::brief(), document)
    }

    fn added_to(&self, mut flat: Flat<'a>, document: &'a Document) -> Flat<'a> {
        for site in self.sites() {
            flat.add(document, &site.pointer, site.node);
        }
        flat
    }

    pub(super) fn is_merged(&self) -> bool {
        !self.more.is_empty()
    }
}

/// Whether values that fit all of `schemas` have a type with every member and item that `others` describe, at any depth.
fn describes_all<'a>(
    document: &'a Document,
    schemas: &[Node<'a>],
    others: &[Node<'a>],
    seen: &mut HashSet<NodeId>,
) -> bool {
    let [schemas, others] = [schemas, others].map(|nodes| {
        let (mut parts, mut known) = (Vec::new(), HashSet::new());
        for node in nodes {
            collect_parts(document, *node, &mut known, &mut parts);
        }
        parts
    });
    let is_choice = |node: &Node<'_>| node.get("oneOf").or(node.get("anyOf")).is_some();
    // What a choice describes is not compared.
    schemas.iter().any(is_choice)
        || others.iter().all(|other| {
            let is_known = schemas.contains(other) || !seen.insert(other.id());
            is_known
                || inner_schemas(*other).all(|(keyword, name, inner)| {
                    let own = schemas.iter().flat_map(|schema| inner_schemas(*schema));
                    let same = own.filter(|own| (own.0, own.1) == (keyword, name));
                    let same: Vec<_> = same.map(|own| own.2).collect();
                    !same.is_empty() && describes_all(document, &same, &[inner], seen)
                })
        })
}

/// The schema, what it refers to and the branches of its `allOf`, however deep.
fn collect_parts<'a>(
    document: &'a Document,
    node: Node<'a>,
    known: &mut HashSet<NodeId>,
    parts: &mut Vec<Node<'a>>,
) {
    if !known.insert(node.id()) {
        return;
    }
    parts.push(node);
    let target = document.resolve(node).filter(|target| *target != node);
    for part in target.into_iter().chain(node.items_of("allOf").iter()) {
        collect_parts(document, part, known, parts);
    }
}

/// The schemas of what is directly inside a value, with their keywords and names.
fn inner_schemas<'a>(node: Node<'a>) -> impl Iterator<Item = (&'static str, &'a str, Node<'a>)> {
    let properties = node.entries_of("properties").iter();
    let properties = properties.map(|entry| ("properties", entry.key, entry.value));
    let others = ["items", "additionalProperties"].into_iter();
    let others = others.filter_map(move |keyword| Some((keyword, "", node.get(keyword)?)));
    properties.chain(others.filter(|(.., schema)| schema.is_mapping()))
}
