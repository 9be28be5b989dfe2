//! Parses files written for the sandbox, scenarios and seeds, and reports where they are wrong.

use spec_first_document::{Content, Document, Entry, Finding, Node, Pointer, Position};

/// A file, and the rule name of its findings.
pub(crate) struct InputFile<'a> {
    pub(crate) document: &'a Document,
    pub(crate) rule: &'static str,
}

impl InputFile<'_> {
    /// The members of a mapping, which messages call `what`.
    pub(crate) fn mapping<'n>(&self, node: &'n Node, what: &str) -> Result<&'n [Entry], Finding> {
        match &node.content {
            Content::Mapping(entries) => Ok(entries),
            _ => Err(self.problem(
                node.position,
                format!("{what} must be a mapping"),
                "write each `name: value` on its own line",
            )),
        }
    }

    pub(crate) fn text<'n>(&self, field: &'n Entry) -> Result<&'n str, Finding> {
        field.value.as_str().ok_or_else(|| {
            self.problem(
                field.value.position,
                format!("`{}` must be a string", field.key),
                "put it in quotation marks",
            )
        })
    }

    /// What is wrong at a place, and what to do about it.
    pub(crate) fn problem(
        &self,
        position: Position,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Finding {
        let pointer = Pointer::root();
        let finding = self.document.finding(self.rule, &pointer, message, help);
        Finding {
            position,
            ..finding
        }
    }
}
