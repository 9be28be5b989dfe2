//! Makes a document in several files look like one in a single file: what another file contains becomes a component.
//!
//! Nothing is copied. A component is a value of the other file with a name in this one, and references are rewritten in
//! place, so positions still lead to the text that somebody wrote.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::references::References;
use crate::survey::{Kind, component_pointer};
use crate::tree::{FileId, NodeId, Tree};
use crate::{Document, Pointer, Survey};

/// Gives everything outside the first file a name in it.
pub(crate) fn bundle(mut document: Document, references: &References) -> Document {
    let needs_rewriting = document.tree.has_several_files()
        || references.has_anchors()
        || document
            .root()
            .get("components")
            .is_some_and(|components| components.get(Kind::PathItem.section()).is_some());
    if !needs_rewriting {
        return document;
    }
    let mut bundle = Bundle::default();
    loop {
        let steps = bundle.steps(&document, references);
        if steps.is_empty() {
            return document;
        }
        // Nobody else has the tree yet.
        if let Some(tree) = Arc::get_mut(&mut document.tree) {
            steps.apply(tree, document.file);
        }
    }
}

/// What was decided so far.
#[derive(Default)]
struct Bundle {
    /// The components by the value that they name.
    names: FxHashMap<NodeId, Pointer>,
    taken: HashSet<Pointer>,
    /// The schemas whose references lead to components.
    followed: FxHashSet<NodeId>,
    /// The new text of references by file and old text, for discriminators.
    texts: HashMap<(FileId, String), String>,
    /// Path items that contain others, so that none ends up inside itself.
    inside: HashMap<NodeId, Vec<NodeId>>,
}

/// The changes of one round; each may reveal references in files that were not part of the document before.
#[derive(Default)]
struct Steps {
    /// The parent, the reference in it, and the value that takes its place.
    inlined: Vec<(NodeId, NodeId, NodeId)>,
    /// New components by kind.
    named: BTreeMap<&'static str, Vec<(String, NodeId)>>,
    /// Strings and their new text.
    rewritten: Vec<(NodeId, String)>,
}

impl Steps {
    fn is_empty(&self) -> bool {
        self.inlined.is_empty() && self.named.is_empty() && self.rewritten.is_empty()
    }

    fn apply(self, tree: &mut Tree, file: FileId) {
        for (parent, reference, value) in self.inlined {
            tree.replace(parent, reference, value);
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
        // A component that only refers to another file gives what is there its name.
        let mut replaced = HashSet::new();
        for (reference, _, target) in &unresolved {
            let is_component = self.names.get(&reference.node.id()) == Some(&reference.pointer);
            let is_free = !self.names.contains_key(target);
            if is_component && is_free && outside(*target) {
                let parent = reference.pointer.parent();
                let parent = parent.and_then(|parent| document.node(&parent));
                if let Some(parent) = parent {
                    let node = reference.node.id();
                    steps.inlined.push((parent.id(), node, *target));
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
            if reference.kind == Kind::PathItem {
                if let Some(value) = references.follow(tree, node)
                    && let Some(parent) = self.parent(document, &reference.pointer, value)
                {
                    steps.inlined.push((parent, node, value));
                }
                continue;
            }
            let kind = reference.kind;
            self.refer(document, kind, (string, target), &mut steps);
            // Each schema may lead to the next file, so they are followed here and not one in each round.
            let mut open = vec![target];
            while let Some(schema) = open.pop() {
                if kind != Kind::Schema || !self.followed.insert(schema) {
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
                if let Some(new) = self.texts.get(&(tree.file(node), text.to_owned())) {
                    steps.rewritten.push((node, new.clone()));
                }
            }
        }
        steps
    }

    /// Makes the reference in `string` lead to `target` by a local pointer, which may need a new component.
    fn refer(
        &mut self,
        document: &Document,
        kind: Kind,
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
        let mut outer = vec![tree.root(document.file)];
        let mut place = Pointer::root();
        for segment in pointer.parent()?.segments() {
            place = place.child(segment);
            outer.push(document.node(&place)?.id());
        }
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
        outer.last().copied()
    }

    /// A name for a value of another file: its key there, or else the name of the file.
    fn free_name(&mut self, tree: &Tree, kind: Kind, value: NodeId) -> String {
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
        let numbered = (2..).map(|number| format!("{own}_{number}"));
        let mut names = std::iter::once(own.clone()).chain(numbered);
        let name = names.find(|name| self.taken.insert(component_pointer(kind, name)));
        name.unwrap_or(own)
    }
}
