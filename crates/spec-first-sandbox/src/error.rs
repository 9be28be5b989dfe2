//! Errors that keep a sandbox from starting. Errors of single requests are responses.

use std::{io, net::SocketAddr};

use spec_first_document::Finding;

use crate::{Authentication, ScenarioError, StateError, flaw::Unservable};

/// Why a sandbox did not start. Nothing is listening in that case.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// The document cannot be parsed, or contains something that cannot be served.
    #[error("cannot serve the document: {problem}")]
    #[non_exhaustive]
    Document {
        /// What is wrong, starting with the file, line and column.
        problem: String,
        /// What to do about it.
        help: String,
    },
    /// The scenario names an operation that is not in the document; see [`Options::scenario`](crate::Options::scenario).
    #[error("invalid scenario: {problem}")]
    #[non_exhaustive]
    Scenario {
        /// What is wrong, starting with the file, line and column.
        problem: String,
        /// What to do about it.
        help: String,
    },
    /// The state cannot be opened, for example because its seed is invalid.
    #[error(transparent)]
    State(#[from] StateError),
    /// Listening on the address failed, for example because the port is in use.
    #[error("cannot listen on `{address}`")]
    #[non_exhaustive]
    Bind {
        /// The requested address.
        address: SocketAddr,
        /// The cause reported by the operating system.
        source: io::Error,
    },
    /// The trusted certificates of the system cannot be read, which an upstream with `https` needs; see
    /// [`Options::proxy`](crate::Options::proxy).
    #[error("cannot read the trusted certificates of the system")]
    Certificates(#[source] io::Error),
    /// No operation in the document defines a response with the status of [`Options::fail_with`](crate::Options::fail_with).
    #[error("no operation in the document defines a response with status {status}")]
    #[non_exhaustive]
    UndocumentedStatus {
        /// The requested status.
        status: u16,
    },
    /// No operation in the document accepts the credentials of [`Options::authentication`](crate::Options::authentication), so
    /// every request would be rejected.
    #[error("no operation in the document accepts `{authentication}` credentials")]
    #[non_exhaustive]
    UndocumentedAuthentication {
        /// The requested kind of credentials.
        authentication: Authentication,
    },
}

impl From<Unservable> for StartError {
    fn from(document: Unservable) -> Self {
        let Unservable { problem, help } = document;
        Self::Document { problem, help }
    }
}

impl From<Finding> for StartError {
    fn from(finding: Finding) -> Self {
        Unservable::from(finding).into()
    }
}

impl From<ScenarioError> for StartError {
    fn from(error: ScenarioError) -> Self {
        Self::Scenario {
            problem: error.problem,
            help: error.help,
        }
    }
}
