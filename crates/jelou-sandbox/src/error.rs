//! Why a sandbox did not start. Failures of single requests are answers, not errors.

use std::{error::Error, io, net::SocketAddr, path::PathBuf};

use openapi_document::Finding;

use crate::{Authentication, ScenarioError};

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
    /// The seed cannot be read; see [`Options::seed`](crate::Options::seed).
    #[error("the seed cannot be used: {problem}")]
    #[non_exhaustive]
    Seed {
        /// What is wrong, with file, line and column in front.
        problem: String,
        /// What to do about it.
        help: String,
    },
    /// The scenario names an operation that the document does not have; see [`Options::scenario`](crate::Options::scenario).
    #[error("the scenario cannot be used: {problem}")]
    #[non_exhaustive]
    Scenario {
        /// What is wrong, with file, line and column in front.
        problem: String,
        /// What to do about it.
        help: String,
    },
    /// The state file cannot be used; see [`Options::state_file`](crate::Options::state_file).
    #[error("the state file `{}` {problem}", path.display())]
    #[non_exhaustive]
    StateFile {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        problem: String,
        /// What to do about it.
        help: String,
        /// What the operating system or the database says.
        source: Option<Box<dyn Error + Send + Sync>>,
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
    /// [`Options::authentication`](crate::Options::authentication) asks for credentials that no operation of the document
    /// accepts, so that no request would be performed.
    #[error("no operation of the document accepts the credentials of `{authentication}`")]
    #[non_exhaustive]
    UndocumentedAuthentication {
        /// The credentials that were asked for.
        authentication: Authentication,
    },
}

impl From<Finding> for StartError {
    fn from(finding: Finding) -> Self {
        Self::Document {
            problem: finding.to_string(),
            help: finding.help,
        }
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
