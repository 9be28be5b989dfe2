//! A document in one file or several.

mod references;

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::io;

use openapi_document::{Finding, Pointer, Source};

use crate::tree::{FileId, NodeId, Tree};

pub(crate) use references::References;
use references::{Written, is_remote, join, references_in};

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

/// One of the two documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Document {
    pub(crate) root: NodeId,
    /// Whether schemas are those of OpenAPI 3.1, which are JSON Schema, or those of 3.0.
    pub(crate) is_3_1: bool,
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
                written.push(Written {
                    node,
                    file,
                    text: reference,
                });
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
            written.push(Written {
                node,
                file: target,
                text: reference,
            });
        }
    }
    for file in known.values() {
        references.find_anchors(tree, *file);
    }
    references.resolve(tree, &written);
    references.find_subtypes(tree, document.root);
    Ok(document)
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
