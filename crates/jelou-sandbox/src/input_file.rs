//! Reads what people write for the sandbox, a scenario or a seed, and says where it is wrong.

use openapi_document::{Content, Document, Entry, Finding, Node, Pointer, Position};

/// A file, and what findings about it are called.
pub(crate) struct InputFile<'a> {
    pub(crate) document: &'a Document,
    pub(crate) rule: &'static str,
}

impl InputFile<'_> {
    /// The members of a mapping; `what` is what a message calls it.
    pub(crate) fn mapping<'n>(&self, node: &'n Node, what: &str) -> Result<&'n [Entry], Finding> {
        match &node.content {
            Content::Mapping(entries) => Ok(entries),
            _ => Err(self.problem(
                node.position,
                format!("{what} is a mapping"),
                "write `name: value` on lines of their own",
            )),
        }
    }

    pub(crate) fn text<'n>(&self, field: &'n Entry) -> Result<&'n str, Finding> {
        field.value.as_str().ok_or_else(|| {
            self.problem(
                field.value.position,
                format!("`{}` is text", field.key),
                "put it between quotation marks",
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
