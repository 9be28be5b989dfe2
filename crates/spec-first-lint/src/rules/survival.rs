//! Keys and values that the parser `openapiv3` drops, so that tools built on it never see them.

use serde_json::Value;
use spec_first_document::{Content, Document, Node, Pointer};

use crate::report::Report;

/// What is reported here.
pub(crate) const RULES: [&str; 2] = ["dropped-key", "openapi-form"];

pub(crate) fn check(document: &Document, report: &mut Report<'_>) {
    match document.typed() {
        Ok(typed) => {
            if let Ok(kept) = serde_json::to_value(&typed) {
                compare(document.root(), &kept, &Pointer::root(), report);
            }
        }
        Err(finding) => {
            // Usually already reported by `form`, with a better message.
            if !report.has_within(&finding.pointer) && !report.has_around(&finding.pointer) {
                report.push(finding);
            }
        }
    }
}

/// Whether the value may be dropped because its absence means the same.
fn is_default(node: Node<'_>) -> bool {
    match node.content() {
        Content::Null | Content::Boolean(false) => true,
        Content::Sequence(items) => items.is_empty(),
        Content::Mapping(entries) => entries.is_empty(),
        _ => false,
    }
}

fn compare(written: Node<'_>, kept: &Value, pointer: &Pointer, report: &mut Report<'_>) {
    for entry in written.entries() {
        let at = pointer.child(entry.key);
        match kept.get(entry.key) {
            Some(kept) => compare(entry.value, kept, &at, report),
            None if is_default(entry.value) || report.has_around(&at) || report.has_within(&at) => {
            }
            None => report.add(
                "dropped-key",
                &at,
                format!("`{}` is dropped by the parser `openapiv3`", entry.key),
                "express it differently; tools built on `openapiv3` do not see it",
            ),
        }
    }
    let lists = kept.as_array().map_or(&[][..], Vec::as_slice);
    for (index, item) in written.items().iter().enumerate() {
        if let Some(kept) = lists.get(index) {
            compare(item, kept, &pointer.child(index), report);
        }
    }
    let is_altered = match written.content() {
        Content::Number(number) => number.as_f64() != kept.as_f64(),
        Content::String(text) => kept.as_str() != Some(text),
        Content::Boolean(value) => kept.as_bool() != Some(value),
        Content::Sequence(items) => items.len() != lists.len(),
        Content::Mapping(_) => !kept.is_object(),
        Content::Null => false,
    };
    if is_altered && !report.has_around(pointer) && !report.has_within(pointer) {
        report.add(
            "dropped-key",
            pointer,
            "the parser `openapiv3` changes this value",
            "write it as specified by OpenAPI 3.0.3",
        );
    }
}
