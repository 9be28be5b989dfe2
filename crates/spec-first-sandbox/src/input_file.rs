//! Parses files written for the sandbox, scenarios and seeds, and reports where they are wrong.

use spec_first_document::{Content, Document, Entries, Entry, Finding, Node, Pointer, Position};

/// A file written for the sandbox, such as a scenario or the seed of a [`State`](crate::State). Its findings say what is wrong and where.
#[derive(Clone, Copy, Debug)]
pub struct InputFile<'a> {
    /// The parsed file.
    pub document: &'a Document,
    /// The name of the rule that findings show.
    pub rule: &'static str,
}

impl InputFile<'_> {
    /// The members of a mapping, which messages call `what`.
    ///
    /// # Errors
    /// It is not a mapping.
    pub fn mapping<'n>(&self, node: Node<'n>, what: &str) -> Result<Entries<'n>, Finding> {
        match node.content() {
            Content::Mapping(entries) => Ok(entries),
            _ => Err(self.problem(
                node.position(),
                format!("{what} must be a mapping"),
                "write each `name: value` on its own line",
            )),
        }
    }

    /// The value of a member that must be a string.
    ///
    /// # Errors
    /// It is not a string.
    pub fn text<'n>(&self, field: Entry<'n>) -> Result<&'n str, Finding> {
        field.value.as_str().ok_or_else(|| {
            self.problem(
                field.value.position(),
                format!("`{}` must be a string", field.key),
                "put it in quotation marks",
            )
        })
    }

    /// What is wrong at a place, and what to do about it.
    pub fn problem(
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
