//! Why a sandbox did not start. Failures of single requests are answers, not errors.

use std::{io, net::SocketAddr};

use openapi_document::{Document, Finding, Pointer};

/// Why a sandbox did not start; nothing listens then.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// The document cannot be read, or says something that cannot be served.
    #[error("the document cannot be served: {problem}")]
    #[non_exhaustive]
    Document {
        /// What is wrong, with file, line and column in front.
        problem: String,
        /// What to do about it.
        help: String,
    },
    /// The address cannot be listened on, for example because its port is in use.
    #[error("cannot listen on `{address}`")]
    #[non_exhaustive]
    Bind {
        /// The address that was asked for.
        address: SocketAddr,
        /// What the operating system says.
        source: io::Error,
    },
    /// [`Options::fail_with`](crate::Options::fail_with) asks for a status that no operation of the document describes.
    #[error("no operation of the document describes a response with the status {status}")]
    #[non_exhaustive]
    UndocumentedStatus {
        /// The status that was asked for.
        status: u16,
    },
}

impl StartError {
    /// An error about the value at `pointer`.
    pub(crate) fn at(
        document: &Document,
        pointer: &Pointer,
        message: impl Into<String>,
        help: &str,
    ) -> Self {
        document
            .finding("cannot-be-served", pointer, message, help)
            .into()
    }
}

impl From<Finding> for StartError {
    fn from(finding: Finding) -> Self {
        Self::Document {
            problem: finding.to_string(),
            help: finding.help,
        }
    }
}
