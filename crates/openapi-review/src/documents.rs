//! A document in one file or several: where its references lead.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::io;

use openapi_document::{Finding, Pointer, Source};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::tree::{FileId, NodeId, Symbol, Tree};

/// Reads the files of a document, from a folder, a revision or wherever they are kept.
pub trait Files {
    /// The text of the file at `path`: that of the document itself, or one that is relative to where the document is, with `/` between
    /// its parts and without `.` and `..`.
    ///
    /// # Errors
    /// There is no such file, or it cannot be read.
    fn read(&self, path: &str) -> io::Result<String>;
}

impl<F: Fn(&str) -> io::Result<String>> Files for F {
    fn read(&self, path: &str) -> io::Result<String> {
        self(path)
    }
}

/// Where the references of both documents lead.
#[derive(Debug, Default)]
pub(crate) struct References {
    /// From the mapping with `$ref` in it to what it stands for.
    targets: FxHashMap<NodeId, NodeId>,
    /// The schemas that name another one with a discriminator in their `allOf`, by that one.
    subtypes: FxHashMap<NodeId, Vec<NodeId>>,
    /// The anchors of each file (`$anchor`, `$dynamicAnchor`).
    anchors: FxHashMap<(FileId, Box<str>), NodeId>,
}

/// One of the two documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Document {
    pub(crate) root: NodeId,
    /// Whether schemas are those of OpenAPI 3.1, which are JSON Schema, or those of 3.0.
    pub(crate) is_3_1: bool,
}

/// Below these keys are values, in which `$ref` means nothing.
const VALUES: [&str; 6] = ["example", "examples", "default", "enum", "const", "value"];

/// Below these keys are names, which may be any word.
const NAMES: [&str; 4] = ["properties", "schemas", "examples", "responses"];

impl References {
    /// The value that `node` stands for, itself if it is no reference. `None` if the reference leads nowhere or in a circle.
    pub(crate) fn follow(&self, tree: &Tree, mut node: NodeId) -> Option<NodeId> {
        // A circle comes back to where it was remembered to be, which is set anew after twice as many steps.
        let (mut remembered, mut steps, mut until) = (node, 0, 1);
        loop {
            match tree.get(node, "$ref") {
                Some(reference) if tree.string(reference).is_some() => {
                    node = *self.targets.get(&node)?;
                }
                _ => return Some(node),
            }
            if node == remembered {
                return None;
            }
            steps += 1;
            if steps == until {
                (remembered, until) = (node, until * 2);
            }
        }
    }

    /// The schemas that build on `node` by `allOf`.
    pub(crate) fn subtypes(&self, node: NodeId) -> &[NodeId] {
        self.subtypes.get(&node).map_or(&[], Vec::as_slice)
    }

    /// Where the `$ref` (or `$dynamicRef`) of `node` leads, one step.
    pub(crate) fn target(&self, node: NodeId) -> Option<NodeId> {
        self.targets.get(&node).copied()
    }
}

/// Reads the document at `path` and every file that it refers to.
///
/// # Errors
/// A file cannot be read or understood, a reference leads to another machine, or the document is not OpenAPI 3.0 or 3.1.
pub(crate) fn read(
    tree: &mut Tree,
    references: &mut References,
    files: &dyn Files,
    path: &str,
) -> Result<Document, Finding> {
    let mut known = BTreeMap::new();
    let text = files.read(path).map_err(|error| unreadable(path, &error))?;
    let file = tree.read(Source {
        name: path.to_owned(),
        text,
    })?;
    known.insert(path.to_owned(), file);
    let document = identify(tree, file)?;
    let mut unread = vec![(path.to_owned(), file)];
    let mut written = Vec::new();
    while let Some((path, file)) = unread.pop() {
        for (node, reference) in references_in(tree, file) {
            let text = tree.string(reference).unwrap_or_default();
            let (location, _) = text.split_once('#').unwrap_or((text, ""));
            if location.is_empty() {
                written.push((node, file, reference));
                continue;
            }
            if is_remote(location) {
                return Err(tree.finding(
                    "remote-reference",
                    reference,
                    format!("`{text}` leads to another machine, and nothing is fetched"),
                    "keep a copy beside the document and refer to that",
                ));
            }
            let path = join(&path, location);
            let target = match known.entry(path.clone()) {
                Entry::Occupied(entry) => *entry.get(),
                Entry::Vacant(entry) => {
                    let text = files.read(&path).map_err(|error| {
                        tree.finding(
                            "unreadable-reference",
                            reference,
                            format!("`{path}` cannot be read: {error}"),
                            "correct the reference, or add the file",
                        )
                    })?;
                    let name = path.clone();
                    let file = *entry.insert(tree.read(Source { name, text })?);
                    unread.push((path, file));
                    file
                }
            };
            written.push((node, target, reference));
        }
    }
    for file in known.values() {
        find_anchors(tree, references, *file);
    }
    // Many references are written in the same words.
    let mut found = FxHashMap::default();
    for (node, file, reference) in written {
        let text = tree.string(reference).unwrap_or_default();
        let find = || {
            let (_, fragment) = text.split_once('#').unwrap_or((text, ""));
            let fragment = percent_decoded(fragment);
            match Pointer::parse(&fragment) {
                Some(pointer) => tree.at(file, &pointer),
                None => references
                    .anchors
                    .get(&(file, fragment.as_str().into()))
                    .copied(),
            }
        };
        let target: Option<NodeId> = *found.entry((file, text)).or_insert_with(find);
        if let Some(target) = target {
            references.targets.insert(node, target);
        }
    }
    find_subtypes(tree, references, document.root);
    Ok(document)
}

/// Finds the components that nothing but a discriminator leads to.
fn find_subtypes(tree: &Tree, references: &mut References, root: NodeId) {
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
        let parents: Vec<NodeId> = parents
            .filter_map(|parent| references.target(parent))
            .collect();
        for parent in parents {
            if tree.get(parent, "discriminator").is_some() {
                references.subtypes.entry(parent).or_default().push(schema);
            }
        }
    }
}

fn identify(tree: &Tree, file: FileId) -> Result<Document, Finding> {
    let root = tree.root(file);
    let version = tree.get(root, "openapi");
    let text = version.map(|version| tree.scalar_text(version));
    let is_3_1 = match text.as_deref() {
        Some(version) if version.starts_with("3.0") => false,
        Some(version) if version.starts_with("3.1") => true,
        Some(version) => {
            return Err(tree.finding(
                "openapi-version",
                root,
                format!("`openapi: {version}` is not a version that can be reviewed"),
                "OpenAPI 3.0 and 3.1 can be reviewed",
            ));
        }
        None if tree.get(root, "swagger").is_some() => {
            let version = tree
                .get(root, "swagger")
                .map(|version| tree.scalar_text(version));
            let version = version.unwrap_or_default();
            return Err(tree.finding(
                "openapi-version",
                root,
                format!("Swagger {version} is not a version that can be reviewed"),
                "convert both documents to OpenAPI 3.0 or 3.1",
            ));
        }
        None => {
            return Err(tree.finding(
                "openapi-version",
                root,
                "this is no OpenAPI document: `openapi` is missing".to_owned(),
                "begin the document with `openapi: 3.0.3` or `openapi: 3.1.0`",
            ));
        }
    };
    Ok(Document { root, is_3_1 })
}

/// The mappings of a file that refer to something, each with the text that says to what.
fn references_in(tree: &Tree, file: FileId) -> Vec<(NodeId, NodeId)> {
    let mut found = Vec::new();
    let symbols =
        |keys: &[&str]| -> Vec<Symbol> { keys.iter().filter_map(|key| tree.symbol(key)).collect() };
    let keys = symbols(&["$ref", "$dynamicRef"]);
    if keys.is_empty() {
        return found;
    }
    let (of_values, of_names) = (symbols(&VALUES), symbols(&NAMES));
    // What is around a value has a smaller number, so one pass is enough.
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
            let is_value = || of_values.contains(&key) || tree.text(key).starts_with("x-");
            if is_in_a_value || (!has_names && is_value()) {
                in_values.insert(member);
            }
            if of_names.contains(&key) {
                with_names.insert(member);
            }
        }
        if !is_in_a_value {
            let references = keys.iter().filter_map(|key| tree.member(node, *key));
            let texts = references.filter(|reference| tree.string(*reference).is_some());
            found.extend(texts.map(|reference| (node, reference)));
        }
    }
    found
}

fn find_anchors(tree: &Tree, references: &mut References, file: FileId) {
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
                references.anchors.insert((file, name.into()), node);
            }
        }
    }
}

fn is_remote(location: &str) -> bool {
    location.starts_with("//")
        || location
            .split_once(':')
            .is_some_and(|(scheme, _)| scheme.len() > 1 && !scheme.contains('/'))
}

/// The path of `location`, as the file at `path` means it.
fn join(path: &str, location: &str) -> String {
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let location = percent_decoded(location);
    let mut parts: Vec<&str> = if location.starts_with('/') {
        vec![""]
    } else {
        folder.split('/').collect()
    };
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
    if folder.is_empty() && !location.starts_with('/') {
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

fn unreadable(path: &str, error: &io::Error) -> Finding {
    Finding {
        rule: "unreadable",
        source: std::sync::Arc::new(Source {
            name: path.to_owned(),
            text: String::new(),
        }),
        position: openapi_document::Position {
            line: 1,
            column: 1,
            offset: 0,
        },
        pointer: Pointer::root(),
        message: format!("the file cannot be read: {error}"),
        help: "check the path".to_owned(),
    }
}
