//! The comparison of two documents. The input is how many bytes to exchange, a place and a byte for each, then what to write.

use super::documents::write;
use super::{check_review, compare};
use crate::Files;

/// Checks that documents are the same as themselves, and that what differs between them can be shown and acknowledged.
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
