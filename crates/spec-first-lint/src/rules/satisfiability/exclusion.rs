//! Simple proofs that two schemas are disjoint, for cases that the canonical form does not model.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;

use spec_first_document::{Node, tree::NodeId};

use crate::survey::Survey;

/// Facts about every value that is valid against a schema.
#[derive(Default)]
pub(super) struct Certain<'a> {
    /// The possible types; `None` means any.
    types: Option<BTreeSet<&'a str>>,
    /// The possible values, as JSON; `None` means any.
    values: Option<BTreeSet<String>>,
    /// The required properties of an object.
    required: BTreeSet<&'a str>,
    /// The schemas of the properties of an object.
    properties: BTreeMap<&'a str, Vec<Node<'a>>>,
    /// The sets of properties to which an object is restricted.
    closed: Vec<BTreeSet<&'a str>>,
}

impl<'a> Certain<'a> {
    fn is_object(&self) -> bool {
        let types = self.types.as_ref();
        types.is_some_and(|types| types.len() == 1 && types.contains("object"))
    }
}

/// The facts about schemas, each collected once.
pub(super) struct Facts<'s, 'a> {
    survey: &'s Survey<'a>,
    known: RefCell<HashMap<NodeId, Rc<Certain<'a>>>>,
}

impl<'s, 'a> Facts<'s, 'a> {
    pub(super) fn of(survey: &'s Survey<'a>) -> Self {
        Self {
            survey,
            known: RefCell::default(),
        }
    }

    fn about(&self, node: Node<'a>) -> Rc<Certain<'a>> {
        let known = self.known.borrow().get(&node.id()).cloned();
        known.unwrap_or_else(|| {
            let mut certain = Certain::default();
            collect(self.survey, node, &mut certain, 0);
            let certain = Rc::new(certain);
            self.known
                .borrow_mut()
                .insert(node.id(), Rc::clone(&certain));
            certain
        })
    }

    /// Whether the schemas are provably disjoint. `false` means unknown.
    pub(super) fn exclude_each_other(&self, a: Node<'a>, b: Node<'a>) -> bool {
        self.excludes(a, b, 0)
    }

    /// Whether objects that are valid against `one` may lack a property that `another` requires.
    pub(super) fn requires_less(&self, one: Node<'a>, another: Node<'a>) -> bool {
        let (one, another) = (self.about(one), self.about(another));
        one.is_object() && !another.required.is_subset(&one.required)
    }

    /// Whether `is_possible` for the definitions of each property that one of these schemas of objects requires.
    pub(super) fn definitions_of_required(
        &self,
        schemas: &[Node<'a>],
        is_possible: &mut dyn FnMut(&[Node<'a>]) -> bool,
    ) -> bool {
        let facts: Vec<_> = schemas.iter().map(|schema| self.about(*schema)).collect();
        let required: BTreeSet<&str> = facts
            .iter()
            .flat_map(|it| it.required.iter().copied())
            .collect();
        required.into_iter().all(|name| {
            let definitions = facts.iter().filter_map(|facts| facts.properties.get(name));
            let definitions: Vec<Node<'a>> = definitions.flatten().copied().collect();
            definitions.is_empty() || is_possible(&definitions)
        })
    }

    /// The values that the schema allows for each property that its objects must have, where they are listed.
    pub(super) fn tags(&self, node: Node<'a>) -> BTreeMap<&'a str, BTreeSet<String>> {
        let certain = self.about(node);
        let mut tags = BTreeMap::new();
        for name in certain.required.iter().filter(|_| certain.is_object()) {
            let schemas = certain.properties.get(name).into_iter().flatten();
            let mut listed = schemas.filter_map(|schema| self.about(*schema).values.clone());
            if let Some(values) = listed.next() {
                tags.insert(*name, values);
            }
        }
        tags
    }

    fn excludes(&self, a: Node<'a>, b: Node<'a>, depth: usize) -> bool {
        if depth > 6 {
            return false;
        }
        let (left, right) = (self.about(a), self.about(b));
        if are_disjoint(&left.types, &right.types) || are_disjoint(&left.values, &right.values) {
            return true;
        }
        if !left.is_object() && !right.is_object() {
            return false;
        }
        let required = || left.required.union(&right.required);
        let mut closed = left.closed.iter().chain(&right.closed);
        if closed.any(|known| required().any(|name| !known.contains(name))) {
            return true;
        }
        required().any(|name| {
            let mut first = left.properties.get(name).into_iter().flatten();
            first.any(|first| {
                let mut second = right.properties.get(name).into_iter().flatten();
                second.any(|second| self.excludes(*first, *second, depth + 1))
            })
        })
    }
}

fn are_disjoint<T: Ord>(a: &Option<BTreeSet<T>>, b: &Option<BTreeSet<T>>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => a.is_disjoint(b),
        _ => false,
    }
}

fn collect<'a>(survey: &Survey<'a>, node: Node<'a>, certain: &mut Certain<'a>, depth: usize) {
    let Some(node) = survey.resolved(node).filter(|_| depth < 20) else {
        return;
    };
    let mut types: BTreeSet<&str> = node.types().collect();
    if !types.is_empty() {
        if types.contains("number") {
            types.insert("integer");
        }
        if node.is_true("nullable") {
            types.insert("null");
        }
        narrow(&mut certain.types, types);
    }
    if let Some(value) = node.get("const")
        && survey.document.is_3_1()
    {
        narrow(
            &mut certain.values,
            BTreeSet::from([value.to_json().to_string()]),
        );
    }
    if let Some(values) = node.get("enum") {
        let values = values
            .items()
            .iter()
            .map(|value| value.to_json().to_string());
        narrow(&mut certain.values, values.collect());
    }
    let names = node.items_of("required");
    certain
        .required
        .extend(names.iter().filter_map(Node::as_str));
    let properties = node.entries_of("properties");
    for entry in properties {
        certain
            .properties
            .entry(entry.key)
            .or_default()
            .push(entry.value);
    }
    if node.get("additionalProperties").and_then(Node::as_bool) == Some(false) {
        certain
            .closed
            .push(properties.iter().map(|entry| entry.key).collect());
    }
    for branch in node.items_of("allOf") {
        collect(survey, branch, certain, depth + 1);
    }
}

fn narrow<T: Ord + Clone>(known: &mut Option<BTreeSet<T>>, new: BTreeSet<T>) {
    *known = Some(match known.take() {
        Some(old) => old.intersection(&new).cloned().collect(),
        None => new,
    });
}
