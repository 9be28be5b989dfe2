//! Finds the entries of the reconciliation that a change touches: those whose text changed, and those about something that changed.

use std::fmt::Write;

use spec_first::diff;
use spec_first::review::attachment;
use spec_first::{Error, Source};
use spec_first_document::{Document, Node, Pointer};
use spec_first_review::render::Attachment;
use spec_first_review::{Change, Review};

use crate::workspace::{DOCUMENT, RECONCILIATION};

/// The parts of an entry that matter here.
#[derive(Debug, PartialEq, Eq)]
struct Entry {
    id: String,
    /// Its lines.
    text: String,
    /// The places in the document that it is about.
    pointers: Vec<Pointer>,
}

/// The entries touched; `None` if there are none, or if one side is not in a repository.
pub(super) fn touched(
    base: &Source,
    head: &Source,
    review: &Review,
) -> Result<Option<Attachment>, Error> {
    if !base.is_of_repository() || !head.is_of_repository() {
        return Ok(None);
    }
    let [old, new] = [base, head].map(entries);
    Ok(attachment(
        "Entries of the reconciliation",
        compare(&old?, &new?, &changed_pointers(&review.changes)),
    ))
}

/// The entries of the file; empty if it is missing or invalid, since reporting that is up to the linter.
fn entries(source: &Source) -> Result<Vec<Entry>, Error> {
    let text = source.read_if_there(RECONCILIATION)?;
    Ok(text.map_or_else(Vec::new, |text| read(&text)))
}

fn read(text: &str) -> Vec<Entry> {
    let Ok(file) = Document::parse(RECONCILIATION, text) else {
        return Vec::new();
    };
    let items = file.root().items_of("entries");
    let lines: Vec<&str> = text.lines().collect();
    let first_lines: Vec<usize> = items
        .iter()
        .map(|item| usize::try_from(item.position().line).unwrap_or(usize::MAX) - 1)
        .collect();
    let read = |(index, item): (usize, Node<'_>)| {
        let end = first_lines.get(index + 1).copied().unwrap_or(lines.len());
        let own = lines.get(first_lines[index]..end).unwrap_or_default();
        let expectations = item.items_of("document");
        Some(Entry {
            id: item.get("id")?.as_str()?.to_owned(),
            text: own.join("\n").trim_end().to_owned() + "\n",
            pointers: expectations
                .iter()
                .filter_map(|each| Pointer::parse(each.get("pointer")?.as_str()?))
                .collect(),
        })
    };
    items.iter().enumerate().filter_map(read).collect()
}

/// Where the document changed.
fn changed_pointers(changes: &[Change]) -> Vec<&Pointer> {
    changes.iter().flat_map(pointers_of).collect()
}

fn pointers_of(change: &Change) -> Vec<&Pointer> {
    let places = [&change.base, &change.head].into_iter().flatten();
    let pointers: Vec<&Pointer> = places
        .filter(|place| place.source.name == DOCUMENT)
        .map(|place| &place.pointer)
        .collect();
    match pointers[..] {
        // Where nothing is there, the place is the one around it, which covers more than the change.
        [base, head] if base != head && contains(base, head) => vec![head],
        [base, head] if base != head && contains(head, base) => vec![base],
        _ => pointers,
    }
}

fn compare(old: &[Entry], new: &[Entry], changed: &[&Pointer]) -> String {
    let mut ids: Vec<&str> = new
        .iter()
        .chain(old)
        .map(|entry| entry.id.as_str())
        .collect();
    let mut seen = Vec::new();
    ids.retain(|id| {
        let is_new = !seen.contains(id);
        seen.push(id);
        is_new
    });
    let mut all = String::new();
    for id in ids {
        let [old, new] = [old, new].map(|entries| entries.iter().find(|entry| entry.id == id));
        let [old_text, new_text] = [old, new].map(|entry| entry.map(|entry| entry.text.as_str()));
        let path = format!("{RECONCILIATION} ({id})");
        all.push_str(&diff(&path, old_text, new_text));
        if old_text == new_text
            && let Some(entry) = new
            && let Some(pointer) = touching(entry, changed)
        {
            _ = writeln!(all, "@@ `{id}` is about {pointer}, which changed @@");
            for line in entry.text.lines() {
                _ = writeln!(all, " {line}");
            }
        }
    }
    all
}

/// The first pointer of the entry that is at, above or below a place that changed.
fn touching<'a>(entry: &'a Entry, changed: &[&Pointer]) -> Option<&'a Pointer> {
    let touches = |pointer: &&Pointer| {
        changed
            .iter()
            .any(|changed| contains(pointer, changed) || contains(changed, pointer))
    };
    entry.pointers.iter().find(touches)
}

/// Whether `inner` is the same as `outer` or inside it.
fn contains(outer: &Pointer, inner: &Pointer) -> bool {
    let rest = inner.as_str().strip_prefix(outer.as_str());
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    const RECORD: &str = "\
parts: [prose]
entries:
  - id: authentication
    subject: How
    document:
      - {pointer: /security, value: []}

  - id: body
    subject: What
    document:
      - {pointer: /components/schemas/Update/required, value: [a]}
";

    #[track_caller]
    fn check(old: &str, new: &str, changed: &[&str], expected: &str) {
        let pointers: Vec<Pointer> = changed
            .iter()
            .map(|text| Pointer::parse(text).unwrap())
            .collect();
        let pointers: Vec<&Pointer> = pointers.iter().collect();
        assert_eq!(compare(&read(old), &read(new), &pointers), expected);
    }

    #[test]
    fn an_entry_is_touched_at_above_and_below_what_it_is_about() {
        let expected = "\
@@ `body` is about #/components/schemas/Update/required, which changed @@
   - id: body
     subject: What
     document:
       - {pointer: /components/schemas/Update/required, value: [a]}
";
        for changed in [
            "/components/schemas/Update/required",
            "/components/schemas/Update",
            "/components/schemas/Update/required/0",
        ] {
            check(RECORD, RECORD, &[changed], expected);
        }
    }

    #[test]
    fn an_entry_beside_what_changed_is_not_touched() {
        let changed = [
            "/components/schemas/Up",
            "/components/schemas/Update/requiredness",
            "/components/schemas/Update/properties",
            "/servers",
        ];
        check(RECORD, RECORD, &changed, "");
    }

    #[test]
    fn an_entry_whose_text_changed_is_a_difference() {
        check(
            RECORD,
            &RECORD.replace("subject: How", "subject: Who"),
            &[],
            "\
--- a/openapi/reconciliation.yaml (authentication)
+++ b/openapi/reconciliation.yaml (authentication)
@@ -1,4 +1,4 @@
   - id: authentication
-    subject: How
+    subject: Who
     document:
       - {pointer: /security, value: []}
",
        );
    }

    #[test]
    fn an_entry_that_is_gone_is_a_difference() {
        let (rest, gone) = RECORD.split_once("\n  - id: body").unwrap();
        let lines: String = format!("  - id: body{gone}")
            .lines()
            .map(|line| format!("-{line}\n"))
            .collect();
        let expected = format!(
            "--- a/openapi/reconciliation.yaml (body)\n+++ /dev/null\n@@ -1,4 +0,0 @@\n{lines}"
        );
        check(RECORD, rest, &[], &expected);
    }
}
