//! A schema as the set of schemas that a value must satisfy, with `$ref` and `allOf` resolved; and, for `anyOf` and `oneOf`, as a
//! list of such sets.

use indexmap::IndexSet;
use rustc_hash::{FxBuildHasher, FxHashMap};
use serde_json::Value;

use super::alike::NOTES;
use spec_first_document::references::References;
use spec_first_document::tree::{Kind, NodeId, Tree};

/// A set of schemas that a value must satisfy, by index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct ConjunctionId(u32);

impl ConjunctionId {
    /// Satisfied by every value.
    pub(crate) const ANYTHING: Self = Self(0);
    /// Satisfied by no value.
    pub(crate) const NOTHING: Self = Self(1);
}

/// All conjunctions seen so far.
#[derive(Debug)]
pub(crate) struct Conjunctions {
    sets: IndexSet<Box<[NodeId]>, FxBuildHasher>,
    /// The total number of schemas in all conjunctions.
    size: usize,
    /// The conjunctions of single schemas. Each schema belongs to one document, so its dialect need not be part of the key.
    of_one: FxHashMap<NodeId, ConjunctionId>,
}

/// The schema `false`.
const NOTHING: NodeId = NodeId::NONE;

/// The maximum number of alternatives of a schema.
const MAX_ALTERNATIVES: usize = 1024;

/// One alternative of a schema: one branch chosen of each `anyOf` and `oneOf`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Alternative {
    /// The schemas that a value must satisfy, with all choices made.
    pub(crate) nodes: Vec<NodeId>,
    /// The chosen branches, as written.
    pub(crate) branches: Vec<NodeId>,
    /// Branches that are constants. The value is in one of each of these lists.
    pub(crate) constants: Vec<Vec<NodeId>>,
    /// Each `oneOf` with at least two branches, and the chosen branch.
    pub(crate) exclusive: Vec<(NodeId, NodeId)>,
}

/// All alternatives of a schema.
#[derive(Clone, Debug, Default)]
pub(crate) struct Choice {
    pub(crate) alternatives: Vec<Alternative>,
    /// The place of a `nullable` that is meant to extend the combination next to it.
    pub(crate) nullable: Option<NodeId>,
    /// Whether the limit on alternatives was exceeded.
    pub(crate) is_cut_off: bool,
}

/// What is needed to read a schema.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Context<'a> {
    pub(crate) tree: &'a Tree,
    pub(crate) references: &'a References,
    pub(crate) is_3_1: bool,
    /// The dialect of schemas that name none; `None` for the default.
    pub(crate) dialect: Option<&'a str>,
}

impl Alternative {
    fn choose(&mut self, union: NodeId, branch: NodeId, is_exclusive: bool) {
        self.branches.push(branch);
        if is_exclusive {
            self.exclusive.push((union, branch));
        }
    }
}

impl Default for Conjunctions {
    fn default() -> Self {
        let mut sets = IndexSet::default();
        sets.insert(Box::from([]));
        sets.insert(Box::from([NOTHING]));
        Self {
            sets,
            size: 0,
            of_one: FxHashMap::default(),
        }
    }
}

impl Conjunctions {
    pub(super) fn size(&self) -> usize {
        self.size
    }

    pub(crate) fn of(&mut self, context: Context<'_>, schemas: &[NodeId]) -> ConjunctionId {
        match schemas {
            [] => ConjunctionId::ANYTHING,
            [one] => {
                if let Some(known) = self.of_one.get(one) {
                    return *known;
                }
                let conjunction = self.of_all(context, schemas);
                self.of_one.insert(*one, conjunction);
                conjunction
            }
            _ => self.of_all(context, schemas),
        }
    }

    fn of_all(&mut self, context: Context<'_>, schemas: &[NodeId]) -> ConjunctionId {
        let mut nodes = Vec::new();
        for schema in schemas {
            context.close(*schema, &mut nodes);
        }
        if nodes.contains(&NOTHING) {
            return ConjunctionId::NOTHING;
        }
        // What they combine is among the nodes.
        if nodes.iter().all(|node| context.only_combines(*node)) {
            return ConjunctionId::ANYTHING;
        }
        nodes.sort_unstable();
        let length = nodes.len();
        let (index, is_new) = self.sets.insert_full(nodes.into());
        if is_new {
            self.size += length;
        }
        ConjunctionId(u32::try_from(index).unwrap_or(u32::MAX))
    }

    /// The conjunction, or [`ConjunctionId::ANYTHING`] if it restricts nothing.
    pub(crate) fn demanded(
        &self,
        context: Context<'_>,
        conjunction: ConjunctionId,
    ) -> ConjunctionId {
        let nodes = self.nodes(conjunction);
        if conjunction != ConjunctionId::NOTHING && nodes.iter().all(|node| context.is_idle(*node))
        {
            return ConjunctionId::ANYTHING;
        }
        conjunction
    }

    pub(crate) fn nodes(&self, conjunction: ConjunctionId) -> &[NodeId] {
        if conjunction == ConjunctionId::NOTHING {
            return &[];
        }
        &self.sets[conjunction.0 as usize]
    }

    /// All alternatives of the conjunction.
    pub(crate) fn choice(&self, context: Context<'_>, conjunction: ConjunctionId) -> Choice {
        if conjunction == ConjunctionId::NOTHING {
            return Choice::default();
        }
        let whole = Alternative {
            nodes: self.nodes(conjunction).to_vec(),
            ..Alternative::default()
        };
        let mut choice = Choice::default();
        let mut open = vec![(whole, Vec::new())];
        while let Some((alternative, chosen)) = open.pop() {
            let Some((keyword, union)) = context.open_union(&alternative.nodes, &chosen) else {
                choice.alternatives.push(alternative);
                continue;
            };
            let is_exclusive = keyword == "oneOf";
            // All constants together form one list of values, and one alternative.
            let (constants, branches) = context.split_constants(union, is_exclusive);
            if open.len() + choice.alternatives.len() + branches.len() > MAX_ALTERNATIVES {
                choice.is_cut_off = true;
                choice.alternatives.push(alternative);
                continue;
            }
            if !constants.is_empty() {
                let mut next = alternative.clone();
                let branch = match constants.as_slice() {
                    [only] => *only,
                    _ => union,
                };
                next.choose(union, branch, is_exclusive);
                next.constants.push(constants);
                let mut chosen = chosen.clone();
                chosen.push(union);
                open.push((next, chosen));
            }
            // The last element is taken first, so this keeps the order of the document.
            for branch in branches.iter().rev() {
                let mut next = alternative.clone();
                context.close(*branch, &mut next.nodes);
                next.choose(union, *branch, is_exclusive);
                let mut chosen = chosen.clone();
                chosen.push(union);
                if !next.nodes.contains(&NOTHING) {
                    next.nodes.sort_unstable();
                    open.push((next, chosen));
                }
            }
        }
        choice.nullable = self
            .nodes(conjunction)
            .iter()
            .copied()
            .find(|node| context.widens_by_null(*node));
        choice
    }
}

impl Context<'_> {
    /// Adds `schema` and every schema that it requires through `$ref`, `allOf`, and `anyOf` or `oneOf` with a single branch.
    fn close(self, schema: NodeId, nodes: &mut Vec<NodeId>) {
        let mut open = vec![schema];
        while let Some(node) = open.pop() {
            match self.tree.kind(node) {
                Kind::Boolean(false) => nodes.push(NOTHING),
                Kind::Mapping(..) if self.is_bare(node) => {}
                Kind::Mapping(..) if !nodes.contains(&node) => {
                    let target = self.references.target(node);
                    let is_reference = self.tree.get_string(node, "$ref").is_some();
                    if is_reference && !self.is_3_1 {
                        // In OpenAPI 3.0, the siblings of a reference are ignored.
                        match self.references.follow(self.tree, node) {
                            Some(target) => open.push(target),
                            None => nodes.push(node),
                        }
                        continue;
                    }
                    open.extend(target);
                    if is_reference && self.stands_for_its_target(node) {
                        continue;
                    }
                    nodes.push(node);
                    match self.tree.get(node, "not") {
                        // If everything is forbidden, no value is left.
                        Some(not) if self.forbids_everything(not) => nodes.push(NOTHING),
                        Some(not) => open.extend(self.only_not(not)),
                        None => {}
                    }
                    for keyword in ["allOf", "anyOf", "oneOf"] {
                        if let Some(members) = self.tree.get(node, keyword)
                            && (keyword == "allOf" || self.tree.items(members).len() == 1)
                        {
                            open.extend(self.tree.items(members));
                        }
                    }
                }
                _ => {}
            }
        }
    }

    /// Whether a reference equals its target because it has no siblings that restrict the value. A target that is itself a
    /// reference is kept, so that circular references end.
    fn stands_for_its_target(self, reference: NodeId) -> bool {
        let tree = self.tree;
        let target = self.references.target(reference);
        target.is_some_and(|target| tree.get(target, "$ref").is_none())
            && tree
                .entries(reference)
                .all(|(key, value)| tree.text(key) == "$ref" || self.is_bare_keyword(key, value))
    }

    /// Whether a schema restricts nothing by itself, because it only combines others, all of which must be satisfied.
    fn only_combines(self, schema: NodeId) -> bool {
        self.tree.entries(schema).all(|(key, value)| {
            let is_single = || self.tree.items(value).len() == 1;
            match self.tree.text(key) {
                "allOf" => true,
                "anyOf" | "oneOf" => is_single(),
                _ => self.is_bare_keyword(key, value),
            }
        })
    }

    fn forbids_everything(self, not: NodeId) -> bool {
        match self.tree.kind(not) {
            Kind::Boolean(everything) => everything,
            Kind::Mapping(..) => self.is_bare(not),
            _ => false,
        }
    }

    /// The schema that this one forbids, if it does nothing else: `not: {not: …}` requires the inner schema.
    pub(super) fn only_not(self, schema: NodeId) -> Option<NodeId> {
        let mut entries = self.tree.entries(schema);
        let (key, inner) = entries.next()?;
        (entries.next().is_none() && self.tree.text(key) == "not").then_some(inner)
    }

    /// An `anyOf` or `oneOf` with at least two branches, none of which is chosen yet.
    fn open_union(self, nodes: &[NodeId], chosen: &[NodeId]) -> Option<(&'static str, NodeId)> {
        for node in nodes {
            for keyword in ["anyOf", "oneOf"] {
                if let Some(union) = self.tree.get(*node, keyword)
                    && self.tree.items(union).len() > 1
                    && !chosen.contains(&union)
                {
                    return Some((keyword, union));
                }
            }
        }
        None
    }

    /// Splits the branches into constants and others. In a `oneOf`, constants that share a value count as others, since that
    /// value satisfies two branches.
    fn split_constants(self, union: NodeId, is_exclusive: bool) -> (Vec<NodeId>, Vec<NodeId>) {
        let branches = self.tree.items(union);
        let (constants, mut branches): (Vec<NodeId>, Vec<NodeId>) =
            branches.partition(|branch| self.is_constant(*branch));
        if !is_exclusive || constants.len() < 2 {
            return (constants, branches);
        }
        let mut listed_by: FxHashMap<Value, usize> = FxHashMap::default();
        let lists: Vec<Vec<Value>> = constants
            .iter()
            .map(|one| self.listed_values(&[*one]))
            .collect();
        for value in lists.iter().flatten() {
            *listed_by.entry(value.clone()).or_default() += 1;
        }
        let is_shared = |list: &Vec<Value>| list.iter().any(|value| listed_by[value] > 1);
        let (shared, apart): (Vec<_>, Vec<_>) = constants
            .into_iter()
            .zip(&lists)
            .partition(|(_, list)| is_shared(list));
        branches.extend(shared.into_iter().map(|(branch, _)| branch));
        (
            apart.into_iter().map(|(branch, _)| branch).collect(),
            branches,
        )
    }

    /// Whether a schema only lists values.
    pub(super) fn is_constant(self, schema: NodeId) -> bool {
        let tree = self.tree;
        let mut keys = tree.entries(schema).map(|(key, _)| tree.text(key));
        let lists = |keyword| tree.get(schema, keyword).is_some();
        (lists("const") || lists("enum"))
            && keys.all(|key| {
                matches!(key, "const" | "enum") || NOTES.contains(&key) || key.starts_with("x-")
            })
    }

    /// By the specification, `nullable: true` without a type has no effect, but authors write it to allow `null` beside a
    /// combination.
    pub(super) fn widens_by_null(self, node: NodeId) -> bool {
        !self.is_3_1
            && self.tree.is_true(node, "nullable")
            && self.tree.get(node, "type").is_none()
            && ["allOf", "anyOf", "oneOf"]
                .iter()
                .any(|keyword| self.tree.get(node, keyword).is_some())
    }
}
