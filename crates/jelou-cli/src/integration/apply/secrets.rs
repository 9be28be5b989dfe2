//! Keeps the signing secrets of created integrations in a file that only its owner can read: a line of JSON for each.

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
    pub(super) fn add(&mut self, project_id: &str, secret: &Secret) -> Result<(), Failure> {
        let line = json!({"projectId": project_id, "signingSecret": secret.expose()});
        self.0.append(&line.to_string().into()).map_err(|error| {
            Failure::new(
                Exit::Failed,
                format!("the signing secret of `{project_id}` cannot be written, so nothing more was sent"),
                format!("the integration was created: `jelou integration regenerate-secret {project_id}` makes another secret; free disk space, then run the same command again"),
            )
            .caused_by(Some(&error))
        })
    }
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
