//! Finds references that cannot be followed.

use spec_first_document::{Document, Node, Survey};

use crate::{Flaw, flaw::Unservable};

/// Whether something that looks like a reference leads to another file.
pub(super) fn has_external_reference(document: &Document) -> bool {
    let is_external = |target: &str| !target.starts_with('#');
    any(document.root(), &|_, target| {
        target.as_str().is_some_and(is_external)
    })
}

/// Whether there is a mapping with a `$ref` that is wanted.
fn any(node: Node<'_>, is_wanted: &impl Fn(Node<'_>, Node<'_>) -> bool) -> bool {
    node.items().iter().any(|item| any(item, is_wanted))
        || node.entries().iter().any(|entry| {
            (entry.key == "$ref" && is_wanted(node, entry.value)) || any(entry.value, is_wanted)
        })
}

/// Finds unresolved references. The rest of the document can still be served.
///
/// # Errors
/// A reference points to a file that was not read with the document.
pub(super) fn find_dangling_references(document: &Document) -> Result<Vec<Flaw>, Unservable> {
    // What is a reference is known only from where it is, which takes longer to find out than that everything resolves.
    if !any(document.root(), &|node, _| document.resolve(node).is_none()) {
        return Ok(Vec::new());
    }
    let survey = Survey::of(document);
    let mut flaws = Vec::new();
    for reference in &survey.references {
        if reference.node.get("$ref").is_none()
            || survey.resolve(&reference.pointer, reference.node).is_some()
        {
            continue;
        }
        let pointer = &reference.pointer;
        let finding =
            |message: &str, help: &str| document.finding("reference", pointer, message, help);
        if !reference.target.starts_with('#') {
            return Err(finding(
                "this reference points to a file that was not read",
                "put everything in one file, or read the document with `Document::read`",
            )
            .into());
        }
        flaws.push(
            finding(
                "this reference cannot be resolved and is ignored",
                "fix the reference, or add what it refers to",
            )
            .into(),
        );
    }
    Ok(flaws)
}
