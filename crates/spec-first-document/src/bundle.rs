//! Makes a document in several files look like a single file: values from other files become components.
//!
//! Nothing is copied: a value in another file gets a component name in the first one, and references are rewritten in place, so
//! positions still point to the original text.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::references::References;
use crate::survey::{Part, component_pointer};
use crate::tree::{FileId, NodeId, Tree};
use crate::{Document, Finding, Pointer, Survey};

/// The maximum length of a chain of files that refer to each other, not counting references between schemas.
const MAX_ROUNDS: usize = 200;

/// The maximum number of values that path items may add to a document, counting each value once per use, and the maximum depth.
/// Documents are walked recursively, so a few path items that contain each other must not expand without end.
const MAX_ADDED: u64 = 1 << 20;
const MAX_DEPTH: usize = 256;

/// Names everything outside the first file as a component of the first file.
///
/// # Errors
/// Path items that refer to path items make the document too large.
pub(crate) fn bundle(mut document: Document, references: &References) -> Result<Document, Finding> {
    let components = document.root().get("components");
    let has = |kind: Part| components.is_some_and(|it| it.get(kind.section()).is_some());
    let needs_rewriting = document.tree.has_several_files()
        || references.need_rewriting()
        || document.tree.symbol("$dynamicRef").is_some()
        || has(Part::PathItem)
        || has(Part::MediaType);
    if !needs_rewriting {
        return Ok(document);
    }
    let mut bundle = Bundle::default();
    if let Some(tree) = Arc::get_mut(&mut document.tree) {
        name_dynamic_references(tree, references);
    }
    for _ in 0..MAX_ROUNDS {
        let steps = bundle.steps(&document, references);
        if steps.is_empty() {
            return Ok(document);
        }
        let root = document.root().id();
        let last = steps.inlined.last().map(|inlined| inlined.reference);
        let too_large = too_large(&document.tree, last.unwrap_or(root));
        // Nothing else holds a reference to the tree yet.
        if let Some(tree) = Arc::get_mut(&mut document.tree) {
            steps.apply(tree, document.file);
        }
        let (values, depth) = document.tree.extent(root, MAX_DEPTH);
        let written = document.tree.number_of_values() as u64;
        if values > written + MAX_ADDED || depth > MAX_DEPTH {
            return Err(too_large);
        }
    }
    Err(document.tree.finding(
        "endless-references",
        document.root().id(),
        format!("references form a chain of more than {MAX_ROUNDS} files"),
        "refer directly to the last file of the chain",
    ))
}

fn too_large(tree: &Tree, place: NodeId) -> Finding {
    tree.finding(
        "endless-references",
        place,
        "expanding nested references makes the document too large".to_owned(),
        "write the path items of callbacks where they are, without references to each other",
    )
}

/// Turns each `$dynamicRef` into a `$ref` if nothing can override its target.
fn name_dynamic_references(tree: &mut Tree, references: &References) {
    for (node, target) in references.all() {
        let dynamic = tree.get_string(node, "$dynamicRef");
        if tree.get_string(node, "$ref").is_none()
            && dynamic.is_some_and(|text| references.is_fixed(tree, text, target))
        {
            tree.rename(node, "$dynamicRef", "$ref");
        }
    }
}

/// The decisions so far.
#[derive(Default)]
struct Bundle {
    /// The component that names each value.
    names: FxHashMap<NodeId, Pointer>,
    taken: HashSet<Pointer>,
    /// The schemas whose references lead to components.
    followed: FxHashSet<NodeId>,
    /// The new text of references by file and old text, for discriminators.
    texts: HashMap<(FileId, String), String>,
    /// The strings that have been rewritten and must not be rewritten again: values of discriminator mappings, and references to
    /// path items that contain them.
    settled: FxHashSet<NodeId>,
    /// The next number to append to a component name that is taken, by kind and name.
    numbers: HashMap<(&'static str, String), usize>,
    /// Path items that contain others, so that none ends up inside itself.
    inside: HashMap<NodeId, Vec<NodeId>>,
}

/// The changes of one round; each may reveal references in files that were not part of the document before.
#[derive(Default)]
struct Steps {
    inlined: Vec<Inlined>,
    /// The section of a component, the component, and the value of another file that takes its place.
    renamed: Vec<(NodeId, NodeId, NodeId)>,
    /// New components by kind.
    named: BTreeMap<&'static str, Vec<(String, NodeId)>>,
    /// Strings and their new text.
    rewritten: Vec<(NodeId, String)>,
}

/// A reference that is replaced by its target.
struct Inlined {
    parent: NodeId,
    reference: NodeId,
    value: NodeId,
}

impl Inlined {
    fn apply(&self, tree: &mut Tree) {
        // A reference may be reached along several paths.
        let Some(text) = tree.get(self.reference, "$ref") else {
            return;
        };
        let own: Vec<_> = tree.entries(self.reference).map(|(key, _)| key).collect();
        if own.len() == 1 {
            return tree.replace(self.parent, self.reference, self.value);
        }
        // The siblings of the reference stay, and take precedence.
        let missing = tree
            .entries(self.value)
            .filter(|(key, _)| !own.contains(key));
        let missing: Vec<_> = missing
            .map(|(key, value)| (tree.text(key).to_owned(), value))
            .collect();
        let members = missing.iter().map(|(key, value)| (key.as_str(), *value));
        tree.insert(self.reference, members);
        tree.remove(self.reference, &FxHashSet::from_iter([text]));
    }
}

impl Steps {
    fn is_empty(&self) -> bool {
        self.inlined.is_empty()
            && self.renamed.is_empty()
            && self.named.is_empty()
            && self.rewritten.is_empty()
    }

    fn apply(self, tree: &mut Tree, file: FileId) {
        for inlined in self.inlined {
            inlined.apply(tree);
        }
        for (section, component, value) in self.renamed {
            tree.replace(section, component, value);
        }
        for (string, text) in self.rewritten {
            tree.rewrite(string, &text);
        }
        if !self.named.is_empty() {
            let root = tree.root(file);
            let components = tree.member_or_insert(root, "components");
            for (section, named) in self.named {
                let section = tree.member_or_insert(components, section);
                tree.insert(
                    section,
                    named.iter().map(|(name, node)| (name.as_str(), *node)),
                );
            }
        }
    }
}

impl Bundle {
    fn steps(&mut self, document: &Document, references: &References) -> Steps {
        let (tree, survey) = (&document.tree, Survey::of(document));
        let mut steps = Steps::default();
        for kind in survey.kinds() {
            for component in survey.section(kind) {
                let pointer = component_pointer(kind, component.key);
                self.names
                    .entry(component.value.id())
                    .or_insert_with(|| pointer.clone());
                self.taken.insert(pointer);
            }
        }
        let outside = |target: NodeId| tree.file(target) != document.file;
        let unresolved: Vec<_> = survey
            .references
            .iter()
            .filter_map(|reference| {
                let target = references.target(reference.node.id())?;
                let text = reference.node.get("$ref")?.id();
                Some((reference, text, target))
            })
            .collect();
        // If a component is only a reference to another file, its target takes over the name. OpenAPI 3.0 ignores the siblings of
        // the reference.
        let mut replaced = HashSet::new();
        for (reference, _, target) in &unresolved {
            let is_component = self.names.get(&reference.node.id()) == Some(&reference.pointer);
            let is_free = !self.names.contains_key(target);
            let is_alone = !document.is_3_1() || reference.node.entries().len() == 1;
            if is_component && is_free && is_alone && outside(*target) {
                let parent = reference.pointer.parent();
                let parent = parent.and_then(|parent| document.node(&parent));
                if let Some(parent) = parent {
                    let node = reference.node.id();
                    steps.renamed.push((parent.id(), node, *target));
                    self.names.insert(*target, reference.pointer.clone());
                    replaced.insert(node);
                }
            }
        }
        for (reference, string, target) in unresolved {
            let node = reference.node.id();
            if replaced.contains(&node) {
                continue;
            }
            if matches!(reference.kind, Part::PathItem | Part::MediaType) {
                let Some(value) = references.follow(tree, node) else {
                    continue;
                };
                if let Some(parent) = self.parent(document, &reference.pointer, value) {
                    steps.inlined.push(Inlined {
                        parent,
                        reference: node,
                        value,
                    });
                } else if let Some(pointer) = enclosing(document, &reference.pointer, value)
                    && self.settled.insert(string)
                {
                    steps.rewritten.push((string, pointer.to_string()));
                }
                continue;
            }
            let kind = reference.kind;
            self.refer(document, kind, (string, target), &mut steps);
            // Each schema may lead to another file, so they are followed here rather than one per round.
            let mut open = vec![target];
            while let Some(schema) = open.pop() {
                if kind != Part::Schema || !self.followed.insert(schema) {
                    continue;
                }
                open.extend(tree.entries(schema).map(|(_, member)| member));
                open.extend(tree.items(schema));
                if let (Some(target), Some(string)) =
                    (references.target(schema), tree.get(schema, "$ref"))
                {
                    self.refer(document, kind, (string, target), &mut steps);
                    open.push(target);
                }
            }
        }
        for site in &survey.schemas {
            let discriminator = site.node.get("discriminator").into_iter();
            for mapped in discriminator.flat_map(|it| it.entries_of("mapping")) {
                let Some(text) = mapped.value.as_str() else {
                    continue;
                };
                let node = mapped.value.id();
                if let Some(new) = self.texts.get(&(tree.file(node), text.to_owned()))
                    && self.settled.insert(node)
                {
                    steps.rewritten.push((node, new.clone()));
                }
            }
        }
        steps
    }

    /// Points the reference in `string` to `target` with a local pointer, which may need a new component.
    fn refer(
        &mut self,
        document: &Document,
        kind: Part,
        (string, target): (NodeId, NodeId),
        steps: &mut Steps,
    ) {
        let tree = &document.tree;
        let pointer = match self.names.get(&target) {
            Some(pointer) => pointer.clone(),
            None if tree.file(target) == document.file => tree.pointer(target),
            None => {
                let name = self.free_name(tree, kind, target);
                let pointer = component_pointer(kind, &name);
                let named = steps.named.entry(kind.section()).or_default();
                named.push((name, target));
                self.names.insert(target, pointer.clone());
                pointer
            }
        };
        let text = tree.string(string).unwrap_or_default();
        if text.starts_with('#') && Pointer::parse(text).as_ref() == Some(&pointer) {
            return;
        }
        let key = (tree.file(string), text.to_owned());
        self.texts.insert(key, pointer.to_string());
        steps.rewritten.push((string, pointer.to_string()));
    }

    /// The parent of the reference at `pointer`, unless `value` would end up inside itself.
    fn parent(&mut self, document: &Document, pointer: &Pointer, value: NodeId) -> Option<NodeId> {
        let tree = &document.tree;
        let mut parent = tree.root(document.file);
        let mut outer = vec![parent];
        let mut place = Pointer::root();
        for segment in pointer.parent()?.segments() {
            place = place.child(segment);
            parent = document.node(&place)?.id();
            // A value that is used in two places also has ancestors at the other one.
            outer.extend(std::iter::successors(Some(parent), |node| {
                tree.parent(*node)
            }));
        }
        let outer: FxHashSet<_> = outer.into_iter().collect();
        let mut reached = HashSet::new();
        let mut open = vec![value];
        while let Some(node) = open.pop() {
            if reached.insert(node) {
                open.extend(self.inside.get(&node).into_iter().flatten());
            }
        }
        if outer.iter().any(|node| reached.contains(node)) {
            return None;
        }
        for node in &outer {
            self.inside.entry(*node).or_default().push(value);
        }
        Some(parent)
    }

    /// A name for a value of another file: its key there, or else the name of the file.
    fn free_name(&mut self, tree: &Tree, kind: Part, value: NodeId) -> String {
        let own = tree.key(value).map(str::to_owned);
        let own = own.unwrap_or_else(|| {
            let path = &tree.source(tree.file(value)).name;
            let file = path.rsplit('/').next().unwrap_or(path);
            file.split('.').next().unwrap_or(file).to_owned()
        });
        let is_allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
        let own: String = own
            .chars()
            .map(|c| if is_allowed(c) { c } else { '_' })
            .collect();
        let key = (kind.section(), own.clone());
        let number = self.numbers.entry(key).or_insert(2);
        let mut name = own.clone();
        while !self.taken.insert(component_pointer(kind, &name)) {
            name = format!("{own}_{number}");
            *number += 1;
        }
        name
    }
}

/// The pointer to `value`, if it contains what is at `pointer`.
fn enclosing(document: &Document, pointer: &Pointer, value: NodeId) -> Option<Pointer> {
    let mut outer = std::iter::successors(pointer.parent(), Pointer::parent);
    outer.find(|pointer| {
        document
            .node(pointer)
            .is_some_and(|node| node.id() == value)
    })
}
