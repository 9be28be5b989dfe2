//! `jelou integration update --dry-run`: shows the request without sending it or reading the API credentials.

use std::fmt::Write as _;

use jelou_client::{Credentials, HttpRequest, ProjectId, Secret};
use serde::{Serialize, Serializer};
use serde_json::Value;

use crate::arguments::output::Format;
use crate::configuration::CredentialsSource;
use crate::failure::{Exit, Failure, Outcome};
use crate::integration::changes::Changes;
use crate::origin::{CredentialsOrigin, Origin};
use crate::output::escape;
use crate::secret_source::SecretSource;
use crate::settings::{FoundCredentials, Settings};
use crate::{curl, diagnosis, environment, output, target};

/// Shown instead of a secret.
const REDACTED: &str = "[redacted]";

/// The request, as shown to the user.
#[derive(Debug, Serialize)]
pub(super) struct Preview {
    method: String,
    url: String,
    #[serde(serialize_with = "as_map")]
    headers: Vec<(String, String)>,
    #[serde(serialize_with = "as_json")]
    body: String,
    curl: String,
}

/// Prepares the update and renders it.
///
/// # Errors
/// The update cannot be prepared.
pub(super) fn preview(
    settings: Settings,
    project_id: &ProjectId,
    changes: Changes,
    authorization: Option<(SecretSource, &'static str)>,
) -> Result<Preview, Failure> {
    let source = match &settings.credentials {
        Some(found) => found.source(),
        None => {
            let name = environment::API_KEY;
            output::print_note(&format!(
                "no credentials; the request is shown with `{name}`"
            ));
            CredentialsSource::ApiKey(SecretSource::Environment(name.to_owned()))
        }
    };
    let secret = changes
        .authorization
        .clone()
        .zip(authorization.map(|(source, _)| source));

    let origin = Origin {
        credentials: settings
            .credentials
            .as_ref()
            .map_or(CredentialsOrigin::ApiKey, FoundCredentials::origin),
        base_url: settings.base_url_origin,
    };
    let client = target::build(stand_in(&source), settings.base_url, &origin)?;
    let update = changes.request(&client, project_id);
    let request = update
        .prepare()
        .map_err(|error| diagnosis::diagnose(&error, &origin, None))?;
    Ok(Preview::of(&request, &source, secret.as_ref()))
}

/// Prints `preview`.
///
/// # Errors
/// Standard output cannot be written to.
pub(super) fn print(preview: &Preview, format: Format) -> Outcome {
    output::print(preview, Preview::render, format)?;
    output::print_note("nothing was sent");
    Ok(Exit::Done)
}

/// Placeholder credentials of the right kind; their value is never shown.
fn stand_in(source: &CredentialsSource) -> Credentials {
    match source {
        CredentialsSource::ApiKey(_) => Credentials::api_key(REDACTED),
        CredentialsSource::Client { id, .. } => Credentials::client(id, REDACTED),
    }
}

impl Preview {
    fn of(
        request: &HttpRequest,
        credentials: &CredentialsSource,
        authorization: Option<&(Secret, SecretSource)>,
    ) -> Self {
        let mut headers: Vec<(String, String)> = request
            .headers()
            .map(|(name, value)| {
                let shown = value.map_or(REDACTED.into(), String::from_utf8_lossy);
                (name.to_owned(), shown.into_owned())
            })
            .collect();
        headers.sort();
        let body = String::from_utf8_lossy(request.body());
        let body = match authorization {
            // Replace whole JSON values only, so that a short secret does not match inside other text.
            Some((secret, _)) => body.replace(&in_json(secret.expose()), &in_json(REDACTED)),
            None => body.into_owned(),
        };
        Self {
            method: request.method().to_owned(),
            url: request.url().to_owned(),
            headers,
            body,
            curl: curl::render(request, credentials, authorization),
        }
    }

    fn render(&self) -> String {
        let mut text = format!("{} {}\n", self.method, escape(&self.url));
        for (name, value) in &self.headers {
            _ = writeln!(text, "{name}: {}", escape(value));
        }
        // Escaping the command would change what the user pastes.
        _ = writeln!(text, "\n{}\n\n{}", escape(&self.body), self.curl);
        text
    }
}

fn in_json(text: &str) -> String {
    Value::from(text).to_string()
}

fn as_map<S: Serializer>(headers: &[(String, String)], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(headers.iter().map(|(name, value)| (name, value)))
}

fn as_json<S: Serializer>(body: &str, serializer: S) -> Result<S::Ok, S::Error> {
    match serde_json::from_str::<Value>(body) {
        Ok(value) => value.serialize(serializer),
        Err(_) => body.serialize(serializer),
    }
}
