//! Keeps the signing secrets of created integrations in a file that only its owner can read: a line of JSON for each.

use std::io;
use std::path::Path;

use jelou_client::Secret;
use serde_json::json;

use crate::failure::{Exit, Failure};
use crate::private_file::{self, NewFile};

/// The file, open for more secrets.
#[derive(Debug)]
pub(super) struct SecretsFile(NewFile);

impl SecretsFile {
    /// Opens the file and keeps its content.
    ///
    /// # Errors
    /// The file cannot be written, or other users may read or change it.
    pub(super) fn open(path: &Path) -> Result<Self, Failure> {
        private_file::create(path).map(Self)
    }

    /// Adds a secret. It is on disk once this returns.
    ///
    /// # Errors
    /// The file cannot be written.
    pub(super) fn add(&mut self, project_id: &str, secret: &Secret) -> io::Result<()> {
        let line = json!({"projectId": project_id, "signingSecret": secret.expose()});
        self.0.append(&line.to_string().into())
    }
}

/// The failure if the secrets of some integrations could not be written; a warning has named each of them.
pub(super) fn unwritten(error: &io::Error) -> Failure {
    Failure::new(
        Exit::Failed,
        "a signing secret could not be written, so nothing more was sent",
        "free disk space, and make other secrets as the warnings say; then run the same command again: it sends only what has not succeeded",
    )
    .caused_by(Some(error))
}

/// The failure if rows create integrations, but there is no file for their secrets.
pub(super) fn needed(creates: u64) -> Failure {
    Failure::usage(
        format!(
            "{} an integration, whose signing secret is shown only once",
            match creates {
                1 => "1 row creates".to_owned(),
                _ => format!("{creates} rows each create"),
            }
        ),
        "nothing was sent; name a file for the secrets with `--secrets FILE`",
    )
}
