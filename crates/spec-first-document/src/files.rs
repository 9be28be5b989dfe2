//! Reads a document from one or several files.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::io;

use crate::folder::OUTSIDE;
use crate::literal::literal;
use crate::references::{
    References, Written, is_absolute, is_own, is_remote, join, location, references_in,
};
use crate::tree::{FileId, NodeId, Tree};
use crate::{Finding, Pointer, Position, Source, Version};

/// Reads the files of a document, from a folder, a git revision or anywhere else.
///
/// A document may name any file, including paths with `..`. The implementation decides which files to give access to, as
/// [`Folder`](crate::Folder) does. It is asked for absolute paths only if the path of the document is absolute.
pub trait Files {
    /// The text of the file at `path`, which is either the path of the document itself, or relative to the same place, separated
    /// by `/`, without `.` and with `..` only at the beginning.
    ///
    /// # Errors
    /// The file does not exist, or cannot be read.
    fn read(&self, path: &str) -> io::Result<String>;
}

impl<F: Fn(&str) -> io::Result<String>> Files for F {
    fn read(&self, path: &str) -> io::Result<String> {
        self(path)
    }
}

/// The maximum number of files in a document; symbolic links could multiply them without end.
const MAX_FILES: usize = 20_000;

/// The root of a document in a tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Root {
    /// The file with the root.
    pub file: FileId,
    /// The root itself.
    pub root: NodeId,
    /// Whether schemas follow OpenAPI 3.1 and later, which use JSON Schema, or OpenAPI 3.0.
    pub is_3_1: bool,
}

/// Reads the document at `path` and every file that it refers to.
///
/// # Errors
/// A file cannot be read or parsed, a reference leads to another machine, or the document is not OpenAPI 3.0 to 3.2.
pub fn read(
    tree: &mut Tree,
    references: &mut References,
    files: &dyn Files,
    path: &str,
) -> Result<Root, Finding> {
    let file = load(tree, references, files, path)?;
    let root = identify(tree, file)?;
    references.find_subtypes(tree, root.root);
    Ok(root)
}

/// Like [`read`], for a document of any version.
pub(crate) fn load(
    tree: &mut Tree,
    references: &mut References,
    files: &dyn Files,
    path: &str,
) -> Result<FileId, Finding> {
    let mut known = BTreeMap::new();
    let text = files.read(path).map_err(|error| unreadable(path, &error))?;
    let file = tree.read(Source {
        name: path.to_owned(),
        text,
    })?;
    known.insert(path.to_owned(), file);
    let mut unread = vec![(path.to_owned(), file)];
    let mut written = Vec::new();
    let mut known_files = 1;
    while let Some((path, file)) = unread.pop() {
        for (node, reference) in references_in(tree, file) {
            let text = tree.string(reference).unwrap_or_default();
            let location = location(text);
            if is_own(tree, file, location) {
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
                    format!("`{text}` is on another machine; remote files are not downloaded"),
                    "keep a copy next to the document and refer to that",
                ));
            }
            if is_absolute(location) {
                return Err(tree.finding(
                    "absolute-reference",
                    reference,
                    format!("{} is an absolute path, which is not read", literal(text)),
                    "refer to a file by its path from the file with the reference",
                ));
            }
            let path = join(&path, location);
            let target = match known.entry(path.clone()) {
                Entry::Occupied(entry) => *entry.get(),
                Entry::Vacant(entry) => {
                    let problem = |tree: &Tree, problem: String| {
                        let help = if problem.ends_with(OUTSIDE) {
                            "move the file into the folder of the document, or make a folder that contains both a Git repository"
                        } else {
                            "correct the reference, or the file"
                        };
                        let message = format!("{} {problem}", literal(&path));
                        tree.finding("unreadable-reference", reference, message, help)
                    };
                    if known_files >= MAX_FILES {
                        let message = format!("is more than the {MAX_FILES} files that are read");
                        return Err(problem(tree, message));
                    }
                    known_files += 1;
                    let text = files
                        .read(&path)
                        .map_err(|error| problem(tree, format!("cannot be read: {error}")))?;
                    let name = path.clone();
                    let file = tree.read(Source { name, text });
                    // The error must not show the text of the file, which may be any file on the disk.
                    let file = file.map_err(|finding| problem(tree, why_unread(&finding)))?;
                    if !tree.is_part_of_a_document(tree.root(file)) {
                        let message = "is not part of an OpenAPI document: a mapping is expected";
                        return Err(problem(tree, message.to_owned()));
                    }
                    entry.insert(file);
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
    Ok(file)
}

fn identify(tree: &Tree, file: FileId) -> Result<Root, Finding> {
    let root = tree.root(file);
    let is_3_1 = Version::declared(tree, root)? >= Version::V3_1;
    Ok(Root { file, root, is_3_1 })
}

/// Why a file is neither YAML nor JSON, without any of its text.
fn why_unread(finding: &Finding) -> String {
    let message = finding.message.split('`').next().unwrap_or_default();
    let Position { line, column, .. } = finding.position;
    format!(
        "is not valid YAML or JSON at line {line}, column {column}: {}",
        message.trim_end_matches([' ', ':'])
    )
}

fn unreadable(path: &str, error: &io::Error) -> Finding {
    Finding {
        rule: "unreadable",
        source: std::sync::Arc::new(Source {
            name: path.to_owned(),
            text: String::new(),
        }),
        position: Position {
            line: 1,
            column: 1,
            offset: 0,
        },
        pointer: Pointer::root(),
        message: format!("the file cannot be read: {error}"),
        help: "check the path".to_owned(),
    }
}
