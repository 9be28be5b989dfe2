//! Resolves the references of a document.

use std::hash::Hash;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::Pointer;
use crate::grammar::NAMED;
use crate::literal::literal;
use crate::tree::{FileId, NodeId, Symbol, Tree};

/// Why a reference leads to no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Unresolved {
    /// The target does not exist.
    Missing,
    /// The reference leads back to itself.
    Circular,
    /// The target is in a file that was not read with the document.
    Unread,
}

impl Unresolved {
    /// The name of the problem, for [`Finding::rule`](crate::Finding::rule).
    pub fn rule(self) -> &'static str {
        match self {
            Self::Missing => "unresolved-reference",
            Self::Circular => "circular-reference",
            Self::Unread => "external-reference",
        }
    }

    /// What is wrong with `reference`.
    pub fn message(self, reference: &str) -> String {
        let reference = literal(reference);
        match self {
            Self::Missing => format!("{reference} does not exist"),
            Self::Circular => format!("{reference} is circular: it leads back to this reference"),
            Self::Unread => format!("{reference} is in another file, which was not read"),
        }
    }

    /// How to correct it.
    pub fn help(self) -> &'static str {
        match self {
            Self::Missing => "correct the reference, or add what it refers to",
            Self::Circular => "replace one of the references with the value itself",
            Self::Unread => "read the document with all of its files, or move the target into it",
        }
    }
}

/// Follows references from `start` to a value that is none. `next` takes one step; it returns `None` for such a value.
pub(crate) fn follow<N: Copy + PartialEq>(
    start: N,
    mut next: impl FnMut(N) -> Option<Result<N, Unresolved>>,
) -> Result<N, Unresolved> {
    // A circle returns to the remembered value, which is replaced each time the number of steps doubles.
    let (mut node, mut remembered, mut steps, mut until) = (start, start, 0, 1);
    while let Some(target) = next(node) {
        node = target?;
        if node == remembered {
            return Err(Unresolved::Circular);
        }
        steps += 1;
        if steps == until {
            (remembered, until) = (node, until * 2);
        }
    }
    Ok(node)
}

/// Those of `references` that lead back to themselves. Each step is taken once.
pub(crate) fn circular<N: Copy + Eq + Hash>(
    references: impl IntoIterator<Item = N>,
    next: impl Fn(N) -> Option<N>,
) -> FxHashSet<N> {
    // By each value that was reached: the walk that reached it first, and after how many steps.
    let mut reached = FxHashMap::default();
    let mut circular = FxHashSet::default();
    for (walk, reference) in references.into_iter().enumerate() {
        let mut followed = Vec::new();
        let mut node = Some(reference);
        while let Some(current) = node {
            if let Some((by, step)) = reached.get(&current) {
                if *by == walk {
                    circular.extend(followed.drain(*step..));
                }
                break;
            }
            reached.insert(current, (walk, followed.len()));
            followed.push(current);
            node = next(current);
        }
    }
    circular
}

/// The number of schemas that are read for a keyword of a single one.
const MOST_PARTS: usize = 64;

/// The schema that says `keyword: true`: this one, or one of those that it consists of, by `$ref` and `allOf`.
pub(crate) fn marked(
    tree: &Tree,
    is_3_1: bool,
    schema: NodeId,
    keyword: &str,
    target: impl Fn(NodeId) -> Option<NodeId>,
) -> Option<NodeId> {
    let mut node = schema;
    let mut parts = Vec::new();
    for index in 0..MOST_PARTS {
        let target = target(node);
        // In OpenAPI 3.0, the siblings of a reference are ignored.
        if is_3_1 || target.is_none() {
            if tree.is_true(node, keyword) {
                return Some(node);
            }
            let combined = tree.get(node, "allOf").into_iter();
            parts.extend(combined.flat_map(|all| tree.items(all).take(MOST_PARTS)));
        }
        parts.extend(target);
        node = *parts.get(index)?;
    }
    None
}

/// The targets of all references in a tree.
#[derive(Debug, Default)]
pub struct References {
    /// From each mapping that contains `$ref` to its target.
    targets: FxHashMap<NodeId, NodeId>,
    /// By each schema with a discriminator: the schemas whose `allOf` refers to it.
    subtypes: FxHashMap<NodeId, Vec<NodeId>>,
    /// Whether the text of a reference names its file.
    are_indirect: bool,
    /// The anchors of each file (`$anchor`, `$dynamicAnchor`).
    anchors: FxHashMap<(FileId, Box<str>), NodeId>,
    /// The number of schemas, in all files, with a `$dynamicAnchor` of this name.
    dynamic_anchors: FxHashMap<Box<str>, usize>,
}

/// A reference as it appears in a file.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Written {
    /// The mapping that contains `$ref`.
    pub(crate) node: NodeId,
    /// The file that the reference leads to.
    pub(crate) file: FileId,
    /// The text of the reference.
    pub(crate) text: NodeId,
}

/// Keywords that hold values, in which `$ref` has no meaning.
const VALUES: [&str; 6] = ["example", "examples", "default", "enum", "const", "value"];

impl References {
    /// The value that `node` refers to, or `node` itself if it is not a reference. `None` if the reference leads nowhere or is
    /// circular.
    pub fn follow(&self, tree: &Tree, node: NodeId) -> Option<NodeId> {
        let step = |node| {
            tree.get_string(node, "$ref")?;
            Some(self.target(node).ok_or(Unresolved::Missing))
        };
        follow(node, step).ok()
    }

    /// The mappings whose reference leads back to them.
    pub fn circular(&self, tree: &Tree) -> FxHashSet<NodeId> {
        let is_reference = |node: &NodeId| tree.get_string(*node, "$ref").is_some();
        let references = self.targets.keys().copied().filter(is_reference);
        circular(references, |node| {
            self.target(node).filter(|_| is_reference(&node))
        })
    }

    /// The schemas that extend `node` through `allOf`.
    pub fn subtypes(&self, node: NodeId) -> &[NodeId] {
        self.subtypes.get(&node).map_or(&[], Vec::as_slice)
    }

    /// The target of the `$ref` (or `$dynamicRef`) of `node`, after one step.
    pub fn target(&self, node: NodeId) -> Option<NodeId> {
        self.targets.get(&node).copied()
    }

    /// The schema that says `keyword: true`: this one, or one of those that it consists of, by `$ref` and `allOf`.
    pub fn marked(
        &self,
        tree: &Tree,
        is_3_1: bool,
        schema: NodeId,
        keyword: &str,
    ) -> Option<NodeId> {
        marked(tree, is_3_1, schema, keyword, |node| self.target(node))
    }

    /// Every reference and its target, in no particular order.
    pub fn all(&self) -> impl Iterator<Item = (NodeId, NodeId)> + '_ {
        let targets = self.targets.iter();
        targets.map(|(reference, target)| (*reference, *target))
    }

    /// The references of a single file, and those that lead to others.
    pub(crate) fn within(tree: &Tree, file: FileId) -> (Self, Vec<NodeId>) {
        let mut references = Self::default();
        references.find_anchors(tree, file);
        let name = &tree.source(file).name;
        let is_local = |location: &str| {
            is_own(tree, file, location)
                || !is_remote(location) && !is_absolute(location) && join(name, location) == *name
        };
        let written = references_in(tree, file).into_iter();
        let written = written.map(|(node, text)| Written { node, file, text });
        let (written, others): (Vec<_>, Vec<_>) =
            written.partition(|it| is_local(location(tree.string(it.text).unwrap_or_default())));
        references.resolve(tree, &written);
        (references, others.into_iter().map(|it| it.node).collect())
    }

    /// Whether the dynamic reference `text` always leads to `target`: another schema with the same anchor may override it.
    pub(crate) fn is_fixed(&self, tree: &Tree, text: &str, target: NodeId) -> bool {
        let is_pointer = text.ends_with('#') || !text.contains('#') || text.contains("#/");
        let name = tree.get_string(target, "$dynamicAnchor");
        let number = name.and_then(|name| self.dynamic_anchors.get(name));
        is_pointer || number.is_none_or(|number| *number == 1)
    }

    /// Whether a reference is anything but a pointer in its own file.
    pub(crate) fn need_rewriting(&self) -> bool {
        self.are_indirect || !self.anchors.is_empty()
    }

    /// Resolves the references, once all files are read.
    pub(crate) fn resolve(&mut self, tree: &Tree, written: &[Written]) {
        // Many references have the same text.
        let mut found = FxHashMap::default();
        for reference in written {
            let text = tree.string(reference.text).unwrap_or_default();
            self.are_indirect |= !text.starts_with('#');
            let find = || {
                let fragment = text.find('#').map_or("", |start| &text[start..]);
                match Pointer::parse(fragment) {
                    Some(pointer) => tree.at(reference.file, &pointer),
                    None => self
                        .anchors
                        .get(&(reference.file, percent_decoded(&fragment[1..]).into()))
                        .copied(),
                }
            };
            let target: Option<NodeId> = *found.entry((reference.file, text)).or_insert_with(find);
            if let Some(target) = target {
                self.targets.insert(reference.node, target);
            }
        }
    }

    /// Finds the components that are reached only through a discriminator.
    pub(crate) fn find_subtypes(&mut self, tree: &Tree, root: NodeId) {
        let schemas = tree
            .get(root, "components")
            .and_then(|components| tree.get(components, "schemas"));
        for (_, schema) in schemas
            .into_iter()
            .flat_map(|schemas| tree.entries(schemas))
        {
            let parents = tree
                .get(schema, "allOf")
                .into_iter()
                .flat_map(|parents| tree.items(parents));
            let parents: Vec<NodeId> = parents.filter_map(|parent| self.target(parent)).collect();
            for parent in parents {
                if tree.get(parent, "discriminator").is_some() {
                    self.subtypes.entry(parent).or_default().push(schema);
                }
            }
        }
    }

    /// Finds the anchors in a file.
    pub(crate) fn find_anchors(&mut self, tree: &Tree, file: FileId) {
        let keys: Vec<_> = ["$anchor", "$dynamicAnchor"]
            .iter()
            .filter_map(|key| tree.symbol(key))
            .collect();
        if keys.is_empty() {
            return;
        }
        for node in tree.nodes_of(file) {
            for key in &keys {
                if let Some(name) = tree.member(node, *key).and_then(|name| tree.string(name)) {
                    self.anchors.insert((file, name.into()), node);
                    if tree.text(*key) == "$dynamicAnchor" {
                        *self.dynamic_anchors.entry(name.into()).or_default() += 1;
                    }
                }
            }
        }
    }
}

/// Whether the members of the mapping under `keyword` have names that the author chose, so that none of them is a keyword.
pub fn holds_names(keyword: &str) -> bool {
    NAMED.contains(keyword)
}

/// Whether `keyword` holds a plain value or an extension, in which nothing is a keyword or a reference.
pub fn holds_value(keyword: &str, is_mapping: bool) -> bool {
    // As a mapping, `examples` names Example Objects.
    let names_examples = is_mapping && keyword == "examples";
    VALUES.contains(&keyword) && !names_examples || keyword.starts_with("x-")
}

/// The mappings in a file that contain a reference, each with the text of the reference.
pub(crate) fn references_in(tree: &Tree, file: FileId) -> Vec<(NodeId, NodeId)> {
    let mut found = Vec::new();
    let symbols =
        |keys: &[&str]| -> Vec<Symbol> { keys.iter().filter_map(|key| tree.symbol(key)).collect() };
    let keys = symbols(&["$ref", "$dynamicRef"]);
    if keys.is_empty() {
        return found;
    }
    let of_names: FxHashSet<Symbol> = NAMED.iter().filter_map(|key| tree.symbol(key)).collect();
    // A parent has a smaller number than its children, so one pass is enough.
    let mut in_values = FxHashSet::default();
    let mut with_names = FxHashSet::default();
    for node in tree.nodes_of(file) {
        if !tree.is_composed(node) {
            continue;
        }
        let is_in_a_value = in_values.contains(&node);
        if is_in_a_value {
            in_values.extend(tree.items(node));
        }
        let has_names = with_names.contains(&node);
        for (key, member) in tree.entries(node) {
            if tree.parent(member) != Some(node) || !tree.is_composed(member) {
                continue;
            }
            let is_value = || holds_value(tree.text(key), tree.is_mapping(member));
            if is_in_a_value || (!has_names && is_value()) {
                in_values.insert(member);
            }
            // A property may have the name of a keyword without being one.
            if !has_names && of_names.contains(&key) {
                with_names.insert(member);
            }
        }
        if !is_in_a_value {
            let references = keys.iter().filter_map(|key| tree.member(node, *key));
            let mut texts = references.filter(|reference| tree.string(*reference).is_some());
            found.extend(texts.next().map(|reference| (node, reference)));
        }
    }
    found
}

/// The part of a reference that says in which file its target is.
pub(crate) fn location(reference: &str) -> &str {
    reference
        .split_once('#')
        .map_or(reference, |(file, _)| file)
}

/// Whether a location is empty or the address that the file declares as its own.
pub(crate) fn is_own(tree: &Tree, file: FileId, location: &str) -> bool {
    location.is_empty() || tree.get_string(tree.root(file), "$self") == Some(location)
}

pub(crate) fn is_remote(location: &str) -> bool {
    location.starts_with("//")
        || location
            .split_once(':')
            .is_some_and(|(scheme, _)| scheme.len() > 1 && !scheme.contains('/'))
}

/// Whether a path is absolute, including Windows paths.
pub(crate) fn is_absolute(location: &str) -> bool {
    let location = percent_decoded(location);
    let drive = location.as_bytes().get(1) == Some(&b':');
    location.starts_with(['/', '\\']) || drive
}

/// Resolves `location` relative to the file at `path`.
pub(crate) fn join(path: &str, location: &str) -> String {
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let location = percent_decoded(location);
    let mut parts: Vec<&str> = folder.split('/').collect();
    for part in location.split('/') {
        match part {
            "" | "." => {}
            ".." if parts
                .last()
                .is_some_and(|last| !last.is_empty() && *last != "..") =>
            {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    let joined = parts.join("/");
    if folder.is_empty() && path.starts_with('/') {
        format!("/{}", joined.trim_start_matches('/'))
    } else if folder.is_empty() {
        joined.trim_start_matches('/').to_owned()
    } else {
        joined
    }
}

fn percent_decoded(text: &str) -> String {
    percent_encoding::percent_decode_str(text)
        .decode_utf8_lossy()
        .into_owned()
}
