//! Fuzzes the comparison of two documents. The input is the number of bytes to change, a position and a byte for each, then the
//! bytes to generate the document from.

use super::documents::write;
use super::{check_review, compare};
use crate::Files;

/// Checks that a document equals itself, and that its differences from another document can be shown and acknowledged.
pub fn check(data: &[u8]) {
    let Some((count, rest)) = data.split_first() else {
        return;
    };
    let (edits, genes) = rest.split_at(rest.len().min(2 * usize::from(count % 8)));
    let mut edited = genes.to_vec();
    for edit in edits.chunks_exact(2) {
        if let Some(gene) = edited.get_mut(usize::from(edit[0])) {
            *gene = edit[1];
        }
    }
    let (base, head) = (write(genes), write(&edited));
    let base = |_: &str| Ok(base.clone());
    let head = |_: &str| Ok(head.clone());
    let [base, head]: [&dyn Files; 2] = [&base, &head];
    for (old, new) in [(base, base), (head, head)] {
        let review = compare(old, new).expect("what is written can be read");
        assert!(review.changes.is_empty(), "{:#?}", review.changes);
    }
    for (old, new) in [(base, head), (head, base)] {
        check_review(&compare(old, new).expect("what is written can be read"));
    }
}
