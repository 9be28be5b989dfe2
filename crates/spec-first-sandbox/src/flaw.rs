//! An error in one place of the document that does not prevent the rest from being served.

use std::fmt;

use spec_first_document::Finding;

/// A flaw in the document that the sandbox works around; see [`Sandbox::flaws`](crate::Sandbox::flaws).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Flaw {
    /// What is wrong and what the sandbox does instead, starting with the file, line and column.
    pub problem: String,
    /// How to fix the document.
    pub help: String,
    /// The same as a finding, for programs that show several.
    pub finding: Box<Finding>,
}

impl PartialEq for Flaw {
    fn eq(&self, other: &Self) -> bool {
        (&self.problem, &self.help) == (&other.problem, &other.help)
    }
}

impl Eq for Flaw {}

impl fmt::Display for Flaw {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.problem)
    }
}

impl From<Finding> for Flaw {
    fn from(finding: Finding) -> Self {
        let place = finding.position;
        Self {
            problem: format!(
                "{}:{}:{}: {}",
                finding.source.name, place.line, place.column, finding.message
            ),
            help: finding.help.clone(),
            finding: Box::new(finding),
        }
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
        let Flaw { problem, help, .. } = flaw;
        Self { problem, help }
    }
}
