//! A schema with everything that its references and `allOf` say about it, in one piece.

use std::collections::HashSet;

use serde_json::Value;
use spec_first_document::survey::Site;
use spec_first_document::tree::NodeId;
use spec_first_document::{Document, Node, Pointer};

use super::member::Member;

/// What a schema says about its values, as far as it matters for their type.
#[derive(Clone, Debug, Default)]
pub(super) struct Flat<'a> {
    pub(super) is_nullable: bool,
    /// The types without `null`, if it says any.
    pub(super) types: Option<Vec<&'a str>>,
    pub(super) format: Option<&'a str>,
    pub(super) is_write_only: bool,
    pub(super) is_unsigned: bool,
    pub(super) properties: Vec<(&'a str, Member<'a>)>,
    pub(super) required: Vec<&'a str>,
    pub(super) additional: Option<Additional<'a>>,
    pub(super) items: Option<Member<'a>>,
    pub(super) is_tuple: bool,
    pub(super) patterns: Vec<Site<'a>>,
    /// The values of `enum` or `const` without `null`.
    pub(super) values: Option<Vec<Value>>,
    /// The branches of each `oneOf` and `anyOf` that chooses between types.
    pub(super) choices: Vec<Vec<Site<'a>>>,
    pub(super) discriminator: Option<Node<'a>>,
    /// Whether the properties are left out, and whether there are any.
    pub(super) is_brief: bool,
    pub(super) has_others: bool,
}

/// What is said about properties that are not listed.
#[derive(Clone, Debug)]
pub(super) enum Additional<'a> {
    Allowed,
    Forbidden,
    Schema(Member<'a>),
}

/// A schema that says nothing of its own about the type: the schema that does.
pub(super) struct Alias<'a> {
    pub(super) target: Site<'a>,
    pub(super) is_nullable: bool,
}

impl<'a> Flat<'a> {
    /// The schema at `pointer` as a whole.
    pub(super) fn of(document: &'a Document, pointer: &Pointer, node: Node<'a>) -> Self {
        let mut flat = Self::default();
        flat.add(document, pointer, node);
        flat
    }

    /// The schema at `pointer` without its properties: a large object may be the type of many properties.
    pub(super) fn briefly_of(document: &'a Document, pointer: &Pointer, node: Node<'a>) -> Self {
        let mut flat = Self::brief();
        flat.add(document, pointer, node);
        flat
    }

    /// Nothing, for schemas to be added without their properties.
    pub(super) fn brief() -> Self {
        Self {
            is_brief: true,
            ..Self::default()
        }
    }

    /// Adds what the schema at `pointer` says, as if it were one more branch of an `allOf`.
    pub(super) fn add(&mut self, document: &'a Document, pointer: &Pointer, node: Node<'a>) {
        self.merge(document, pointer, node, &mut HashSet::new());
        let has_properties = self.has_others || !self.properties.is_empty();
        for choice in &mut self.choices {
            choice.retain(|branch| {
                let only_requires = has_properties && says_nothing_but_object(branch.node);
                !only_requires
            });
        }
        self.choices.retain(|choice| !choice.is_empty());
    }

    fn merge(
        &mut self,
        document: &'a Document,
        pointer: &Pointer,
        node: Node<'a>,
        seen: &mut HashSet<NodeId>,
    ) {
        if !node.is_mapping() || !seen.insert(node.id()) {
            return;
        }
        if let Some(reference) = node.reference() {
            if let Some(target) = document.node(&reference) {
                self.merge(document, &reference, target, seen);
            }
            if !document.is_3_1() {
                return;
            }
        }
        let branches = pointer.child("allOf");
        for (index, branch) in node.items_of("allOf").iter().enumerate() {
            self.merge(document, &branches.child(index), branch, seen);
        }
        self.add_own(document, pointer, node);
        for keyword in ["oneOf", "anyOf"] {
            self.add_choice(
                document,
                &pointer.child(keyword),
                node.items_of(keyword).iter(),
                seen,
            );
        }
    }

    fn add_own(&mut self, document: &'a Document, pointer: &Pointer, node: Node<'a>) {
        self.is_nullable |= is_nullable(node);
        self.is_write_only |= node.is_true("writeOnly");
        self.format = node.str_of("format").or(self.format);
        self.discriminator = node.get("discriminator").or(self.discriminator);
        let maximum = node.get("maximum").and_then(Node::number);
        let is_large = |maximum: serde_json::Number| {
            !maximum.is_i64()
                && maximum
                    .as_f64()
                    .is_some_and(|it| it >= 9_223_372_036_854_775_808.0)
        };
        self.is_unsigned |=
            maximum.is_some_and(is_large) || matches!(node.str_of("format"), Some("uint64"));
        let types: Vec<&str> = node.types().filter(|name| *name != "null").collect();
        if !types.is_empty() {
            let narrowed = self.types.take().map(|known| {
                let both = known.into_iter().filter(|name| types.contains(name));
                both.collect::<Vec<_>>()
            });
            self.types = Some(narrowed.filter(|both| !both.is_empty()).unwrap_or(types));
        }
        self.add_values(node);
        let required = node.items_of("required");
        self.required
            .extend(required.iter().filter_map(Node::as_str));
        let properties = pointer.child("properties");
        let written = node.entries_of("properties");
        let is_brief = self.is_brief;
        self.has_others |= is_brief && !written.is_empty();
        for property in written.iter().filter(|_| !is_brief) {
            let site = Site {
                pointer: properties.child(property.key),
                node: property.value,
            };
            let mut known = self.properties.iter_mut();
            match known.find(|(known, _)| *known == property.key) {
                Some((_, known)) => known.add(document, site),
                None => self.properties.push((property.key, Member::new(site))),
            }
        }
        let patterns = pointer.child("patternProperties");
        let written = node.entries_of("patternProperties");
        self.patterns.extend(written.iter().map(|entry| Site {
            pointer: patterns.child(entry.key),
            node: entry.value,
        }));
        for keyword in ["additionalProperties", "unevaluatedProperties"] {
            if let Some(node) = node.get(keyword) {
                let pointer = pointer.child(keyword);
                let site = Site { pointer, node };
                match (node.as_bool(), &mut self.additional) {
                    (Some(true), additional) => *additional = Some(Additional::Allowed),
                    (Some(false), additional) => *additional = Some(Additional::Forbidden),
                    (None, Some(Additional::Schema(known))) => known.add(document, site),
                    (None, additional) => {
                        *additional = Some(Additional::Schema(Member::new(site)));
                    }
                }
            }
        }
        self.is_tuple |= node.get("prefixItems").is_some();
        if let Some(node) = node.get("items").filter(|items| items.is_mapping()) {
            let pointer = pointer.child("items");
            let site = Site { pointer, node };
            match &mut self.items {
                Some(items) => items.add(document, site),
                items => *items = Some(Member::new(site)),
            }
        }
    }

    fn add_values(&mut self, node: Node<'a>) {
        let values = match node.get("const") {
            Some(constant) => vec![constant],
            None => node.items_of("enum").iter().collect(),
        };
        if values.is_empty() {
            return;
        }
        self.is_nullable |= values.iter().any(|value| value.is_null());
        let values = values.into_iter().filter(|value| !value.is_null());
        self.values = Some(values.map(Node::to_json).collect());
    }

    fn add_choice(
        &mut self,
        document: &'a Document,
        pointer: &Pointer,
        branches: impl Iterator<Item = Node<'a>>,
        seen: &HashSet<NodeId>,
    ) {
        let mut choice = Vec::new();
        for (index, node) in branches.enumerate() {
            let resolved = document.resolve(node).unwrap_or(node);
            if is_null(resolved) {
                self.is_nullable = true;
                continue;
            }
            // The subtype of a type that is a choice between its subtypes: it has chosen already.
            if seen.contains(&resolved.id()) {
                return;
            }
            self.is_nullable |= is_nullable(resolved);
            if !only_constrains(node) {
                let pointer = pointer.child(index);
                choice.push(Site { pointer, node });
            }
        }
        if !choice.is_empty() {
            self.choices.push(choice);
        }
    }
}

impl<'a> Alias<'a> {
    /// What the schema at `pointer` is another name for.
    pub(super) fn of(document: &'a Document, pointer: &Pointer, node: Node<'a>) -> Option<Self> {
        if let Some(reference) = node.reference() {
            let target = document.node(&reference)?;
            let says_more = document.is_3_1()
                && (TYPE_KEYWORDS
                    .iter()
                    .any(|keyword| node.get(keyword).is_some())
                    || requires_more(document, node, &reference, target));
            return (!says_more).then_some(Self {
                target: Site {
                    pointer: reference,
                    node: target,
                },
                is_nullable: false,
            });
        }
        let mut said = TYPE_KEYWORDS
            .iter()
            .filter(|keyword| node.get(keyword).is_some());
        let keyword = *said.next()?;
        if said.next().is_some() || !["allOf", "oneOf", "anyOf"].contains(&keyword) {
            return None;
        }
        let branches = pointer.child(keyword);
        let mut is_nullable = is_nullable(node);
        let mut found: Option<Site<'a>> = None;
        for (index, branch) in node.items_of(keyword).iter().enumerate() {
            let is_substantial = match keyword {
                "allOf" => says_type(branch),
                _ if is_null(branch) => {
                    is_nullable = true;
                    false
                }
                _ => !only_constrains(branch),
            };
            if is_substantial {
                let pointer = branches.child(index);
                let site = Site {
                    pointer,
                    node: branch,
                };
                if found.replace(site).is_some() {
                    return None;
                }
            }
        }
        let target = found?;
        let others = node
            .items_of(keyword)
            .iter()
            .filter(|branch| *branch != target.node);
        let mut constraints = others.chain([node]);
        let requires = |node| requires_more(document, node, &target.pointer, target.node);
        if keyword == "allOf" && constraints.any(requires) {
            return None;
        }
        Some(Self {
            target,
            is_nullable,
        })
    }
}

/// The keywords that say more about a type than `type` does.
const TYPE_KEYWORDS: [&str; 11] = [
    "additionalProperties",
    "allOf",
    "anyOf",
    "const",
    "enum",
    "items",
    "oneOf",
    "patternProperties",
    "prefixItems",
    "properties",
    "unevaluatedProperties",
];

/// Whether the schema says more about the type than that it is an object.
pub(super) fn chooses_type(node: Node<'_>) -> bool {
    let is_said = |keyword: &&str| {
        node.get(keyword)
            .is_some_and(|value| value.as_bool().is_none())
    };
    node.get("$ref").is_some() || TYPE_KEYWORDS.iter().any(is_said)
}

/// Whether the schema says anything about the type.
pub(super) fn says_type(node: Node<'_>) -> bool {
    chooses_type(node) || node.types().any(|name| name != "object")
}

/// Whether the schema says something about its values and nothing about their type, so that it cannot be a branch of its
/// own: `required: [name]`.
fn only_constrains(node: Node<'_>) -> bool {
    const CONSTRAINTS: [&str; 8] = [
        "dependentRequired",
        "else",
        "if",
        "maxProperties",
        "minProperties",
        "not",
        "required",
        "then",
    ];
    !chooses_type(node)
        && node.types().next().is_none()
        && CONSTRAINTS
            .iter()
            .any(|keyword| node.get(keyword).is_some())
}

fn says_nothing_but_object(node: Node<'_>) -> bool {
    !says_type(node) && !node.types().any(|name| name != "object")
}

fn is_null(node: Node<'_>) -> bool {
    let values = node.items_of("enum");
    let is_listed = !values.is_empty() && values.iter().all(Node::is_null);
    let mut types = node.types();
    is_listed
        || node.get("const").is_some_and(Node::is_null)
        || (types.next() == Some("null") && types.next().is_none())
}

fn is_nullable(node: Node<'_>) -> bool {
    node.is_true("nullable") || node.types().any(|name| name == "null")
}

/// Whether `node` requires a property that `target` does not.
fn requires_more<'a>(
    document: &'a Document,
    node: Node<'a>,
    pointer: &Pointer,
    target: Node<'a>,
) -> bool {
    let required = node.items_of("required");
    if required.is_empty() {
        return false;
    }
    let flat = Flat::briefly_of(document, pointer, target);
    let mut names = required.iter().filter_map(Node::as_str);
    names.any(|name| !flat.required.contains(&name))
}
