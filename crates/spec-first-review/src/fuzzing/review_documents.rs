//! Fuzzes the reader. The input is the document, optionally followed by the line `=== other.yaml` and a second file.

use std::io;

use super::{PATH, check_review, compare};
use crate::Files;

/// Checks that a document is read, or refused with a position, asks for no file by an absolute path, and equals itself.
pub fn check(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let (document, other) = text.split_once("\n=== other.yaml\n").unwrap_or((&text, ""));
    let files = |path: &str| -> io::Result<String> {
        assert!(!path.starts_with('/'), "{path}");
        match path {
            PATH => Ok(document.to_owned()),
            "other.yaml" => Ok(other.to_owned()),
            _ => Err(io::ErrorKind::NotFound.into()),
        }
    };
    let empty = |_: &str| Ok("{openapi: 3.1.0, info: {version: 1.0.0}}".to_owned());
    let [own, empty]: [&dyn Files; 2] = [&files, &empty];
    match compare(own, own) {
        Ok(review) => {
            assert!(review.changes.is_empty(), "{:#?}", review.changes);
            for (base, head) in [(own, empty), (empty, own)] {
                check_review(&compare(base, head).expect("both can be read"));
            }
        }
        Err(finding) => {
            let position = &finding.position;
            assert!(position.line > 0 && position.column > 0, "{finding}");
            assert!(
                !finding.message.is_empty() && !finding.help.is_empty(),
                "{finding}"
            );
            finding.render(false);
        }
    }
}
