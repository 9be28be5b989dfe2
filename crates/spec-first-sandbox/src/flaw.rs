//! An error in one place of the document that does not prevent the rest from being served.

use std::fmt;

use spec_first_document::Finding;

/// A flaw in the document that the sandbox works around; see [`Sandbox::flaws`](crate::Sandbox::flaws).
///
/// `Display` prints what is wrong and what the sandbox does instead, after the file, line and column.
#[derive(Clone, Debug)]
pub struct Flaw(Box<Finding>);

impl Flaw {
    /// The flaw as a finding, which also says how to fix the document.
    pub fn finding(&self) -> &Finding {
        &self.0
    }
}

impl fmt::Display for Flaw {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Finding {
            source,
            position,
            message,
            ..
        } = &*self.0;
        let (line, column) = (position.line, position.column);
        write!(formatter, "{}:{line}:{column}: {message}", source.name)
    }
}

impl From<Finding> for Flaw {
    fn from(finding: Finding) -> Self {
        Self(Box::new(finding))
    }
}

/// Why a document cannot be served at all.
#[derive(Debug)]
pub(crate) struct Unservable {
    pub(crate) problem: String,
    pub(crate) help: String,
}

impl From<Finding> for Unservable {
    fn from(finding: Finding) -> Self {
        Self {
            problem: finding.to_string(),
            help: finding.help,
        }
    }
}

impl From<Flaw> for Unservable {
    fn from(flaw: Flaw) -> Self {
        Self {
            problem: flaw.to_string(),
            help: flaw.0.help,
        }
    }
}
