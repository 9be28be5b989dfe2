//! Finds references that cannot be followed.

use spec_first_document::{Document, Node, Survey};

use crate::Flaw;

/// Whether there is something that looks like a reference and leads to no value.
fn is_any_unresolved(document: &Document, node: Node<'_>) -> bool {
    node.str_of("$ref").is_some() && document.resolve(node).is_none()
        || node
            .items()
            .iter()
            .any(|item| is_any_unresolved(document, item))
        || node
            .entries()
            .iter()
            .any(|entry| is_any_unresolved(document, entry.value))
}

/// The references that lead to no value. The rest of the document can still be served.
pub(super) fn find_unresolved_references(document: &Document) -> Vec<Flaw> {
    // What is a reference is known only from where it is, which takes longer to find out than that everything resolves.
    if !is_any_unresolved(document, document.root()) {
        return Vec::new();
    }
    let survey = Survey::of(document);
    let flaws = survey.unresolved().map(|(reference, why)| {
        let place = reference.pointer.child("$ref");
        let message = why.message(reference.target);
        document
            .finding(why.rule(), &place, message, why.help())
            .into()
    });
    flaws.collect()
}
