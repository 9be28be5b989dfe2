//! Renders a request as a `curl` command for a POSIX shell. The command tells the shell where to find secrets and never contains
//! one.

use jelou_client::{HttpRequest, Secret};

use crate::configuration::CredentialsSource;
use crate::environment::SIGNING_SECRET;
use crate::secret_source::SecretSource;
use crate::shell::quote;

/// Placeholder for webhook credentials that cannot be read twice.
pub(crate) const AUTHORIZATION: &str = "WEBHOOK_AUTHORIZATION";

/// A secret in the body and its source.
pub(crate) type SecretInBody = (Secret, SecretSource);

/// What authenticates a request.
#[derive(Debug)]
pub(crate) enum Authentication {
    Credentials(CredentialsSource),
    /// A signature of the body with this secret.
    Signature(SecretSource),
}

/// The command that sends `request`.
pub(crate) fn render(
    request: &HttpRequest,
    authentication: &Authentication,
    authorization: Option<&SecretInBody>,
) -> String {
    let mut words = vec![
        "curl".to_owned(),
        "--request".to_owned(),
        request.method().to_owned(),
    ];
    let mut headers: Vec<_> = request.headers().collect();
    headers.sort_unstable();
    for (name, value) in headers {
        words.extend(match value {
            Some(value) => header(&format!("{name}: {}", String::from_utf8_lossy(value))),
            None => credential(name, authentication, request.body()),
        });
    }
    if !request.body().is_empty() {
        words.push("--data-raw".to_owned());
        words.push(body(request.body(), authorization));
    }
    words.push(quote(request.url()));
    words.join(" ")
}

fn header(text: &str) -> [String; 2] {
    ["--header".to_owned(), quote(text)]
}

fn credential(header: &str, authentication: &Authentication, body: &[u8]) -> [String; 2] {
    match authentication {
        Authentication::Credentials(CredentialsSource::ApiKey(source)) => [
            "--header".to_owned(),
            format!("\"{header}: {}\"", source.in_shell("JELOU_API_KEY")),
        ],
        Authentication::Credentials(CredentialsSource::Client { id, secret }) => [
            "--user".to_owned(),
            format!(
                "{}\"{}\"",
                quote(&format!("{id}:")),
                secret.in_shell("JELOU_CLIENT_SECRET")
            ),
        ],
        Authentication::Signature(secret) => [
            "--header".to_owned(),
            format!(
                "\"{header}: $(printf %s {} | {SIGNING_SECRET}=\"{}\" jelou webhook sign -)\"",
                quote(&String::from_utf8_lossy(body)),
                secret.in_shell(SIGNING_SECRET)
            ),
        ],
    }
}

/// The body as one shell word, with the secret replaced by an expansion.
fn body(body: &[u8], authorization: Option<&SecretInBody>) -> String {
    let text = String::from_utf8_lossy(body);
    let Some((secret, source)) = authorization else {
        return quote(&text);
    };
    let in_json = Secret::from(serde_json::Value::from(secret.expose()).to_string());
    let Some((before, after)) = text.split_once(in_json.expose()) else {
        return quote(&text);
    };
    let reference = source.in_shell(AUTHORIZATION);
    let is_plain = in_json.expose().len() == secret.expose().len() + 2;
    if is_plain {
        let (before, after) = (format!("{before}\""), format!("\"{after}"));
        format!("{}\"{reference}\"{}", in_quotes(&before), in_quotes(&after))
    } else {
        // The secret needs JSON escaping, which the shell cannot do.
        let value = format!("\"$(printf %s \"{reference}\" | jq --raw-input --slurp .)\"");
        format!("{}{value}{}", in_quotes(before), in_quotes(after))
    }
}

/// Quotes unconditionally, so that the result can be joined to adjacent text.
fn in_quotes(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}
