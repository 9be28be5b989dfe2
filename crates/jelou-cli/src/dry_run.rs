//! `--dry-run`: shows the request of a call without sending it or reading the credentials.

use std::fmt::Write as _;
use std::sync::{Arc, OnceLock};

use jelou_client::{Client, Credentials, Error, HttpRequest, HttpResponse, Reply};
use serde::{Serialize, Serializer};
use serde_json::Value;

use crate::arguments::output::Format;
use crate::configuration::CredentialsSource;
use crate::curl::{Authentication, SecretInBody};
use crate::failure::{Exit, Failure, Outcome};
use crate::origin::{CredentialsOrigin, Origin};
use crate::output::escape;
use crate::secret_source::SecretSource;
use crate::settings::{FoundCredentials, Settings, SigningSecret};
use crate::{curl, diagnosis, environment, output, runtime, target};

/// Shown instead of a secret.
const REDACTED: &str = "[redacted]";

/// The request, as shown to the user.
#[derive(Debug, Serialize)]
pub(crate) struct Preview {
    method: String,
    url: String,
    #[serde(serialize_with = "as_map")]
    headers: Vec<(String, String)>,
    #[serde(serialize_with = "as_json")]
    body: String,
    curl: String,
}

/// Renders the request of `call`, which is answered here instead of being sent. With `signing`, a signing secret takes the place of
/// the credentials of the settings.
///
/// # Errors
/// The call cannot be made.
pub(crate) fn preview<T, C>(
    settings: Settings,
    signing: Option<Option<SigningSecret>>,
    authorization: Option<SecretInBody>,
    call: impl FnOnce(&Client) -> Result<C, Failure>,
) -> Result<Preview, Failure>
where
    C: IntoFuture<Output = Result<Reply<T>, Error>>,
{
    let placeholder = |name: &str| {
        output::print_note(&format!(
            "no credentials; the request is shown with `{name}`"
        ));
        SecretSource::Environment(name.to_owned())
    };
    let found = settings.credentials.as_ref();
    let (origin, authentication) = match signing {
        Some(signing) => {
            let source = signing.map(|secret| secret.source);
            let source = source.unwrap_or_else(|| placeholder(environment::SIGNING_SECRET));
            let authentication = Authentication::Signature(source);
            (CredentialsOrigin::SigningSecret, authentication)
        }
        None => {
            let source = found
                .map(FoundCredentials::source)
                .unwrap_or_else(|| CredentialsSource::ApiKey(placeholder(environment::API_KEY)));
            let origin = found.map_or(CredentialsOrigin::ApiKey, FoundCredentials::origin);
            (origin, Authentication::Credentials(source))
        }
    };
    let origin = Origin {
        credentials: origin,
        base_url: settings.base_url_origin,
    };
    let captured = Arc::new(OnceLock::new());
    let capture = Arc::clone(&captured);
    let client = target::builder(stand_in(&authentication), settings.base_url)
        .answer_with(move |request: &HttpRequest| {
            _ = capture.set(request.clone());
            HttpResponse::new(204, "")
        })
        .build()
        .map_err(|error| diagnosis::diagnose(&error, &origin, None))?;
    let result = runtime::run("nothing was sent", async { Ok(call(&client)?.await) })?;
    match (captured.get(), result) {
        (Some(request), _) => Ok(Preview::of(
            request,
            &authentication,
            authorization.as_ref(),
        )),
        (None, Err(error)) => Err(diagnosis::diagnose(&error, &origin, None)),
        (None, Ok(_)) => Err(Failure::new(
            Exit::Failed,
            "the call made no request",
            "please report it",
        )),
    }
}

/// Prints `preview`.
///
/// # Errors
/// Standard output cannot be written to.
pub(crate) fn print(preview: &Preview, format: Format) -> Outcome {
    output::print(preview, Preview::render, format)?;
    output::print_note("nothing was sent");
    Ok(Exit::Done)
}

/// Placeholder credentials of the right kind; their value is never shown.
fn stand_in(authentication: &Authentication) -> Credentials {
    match authentication {
        Authentication::Credentials(CredentialsSource::ApiKey(_)) => Credentials::api_key(REDACTED),
        Authentication::Credentials(CredentialsSource::Client { id, .. }) => {
            Credentials::client(id, REDACTED)
        }
        Authentication::Signature(_) => Credentials::signing_secret(REDACTED),
    }
}

impl Preview {
    fn of(
        request: &HttpRequest,
        authentication: &Authentication,
        authorization: Option<&SecretInBody>,
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
            curl: curl::render(request, authentication, authorization),
        }
    }

    fn render(&self) -> String {
        let mut text = format!("{} {}\n", self.method, escape(&self.url));
        for (name, value) in &self.headers {
            _ = writeln!(text, "{name}: {}", escape(value));
        }
        if !self.body.is_empty() {
            _ = writeln!(text, "\n{}", escape(&self.body));
        }
        // Escaping the command would change what the user pastes.
        _ = writeln!(text, "\n{}", self.curl);
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
