//! The one module that reads the environment. Does not decide what the values are used for.
//!
//! Secrets come from here and never from arguments, which every user of the machine can see in the list of processes.

use std::env;
use std::ffi::OsString;

use jelou_client::Secret;

use crate::failure::Failure;

pub(crate) const API_KEY: &str = "JELOU_API_KEY";
pub(crate) const CLIENT_ID: &str = "JELOU_CLIENT_ID";
pub(crate) const CLIENT_SECRET: &str = "JELOU_CLIENT_SECRET";
pub(crate) const BASE_URL: &str = "JELOU_BASE_URL";

/// Every variable that has a meaning for the command, and which; also those that its libraries read.
pub(crate) const VARIABLES: [(&str, &str); 7] = [
    (
        API_KEY,
        "the API key of the Jelou project; or instead of it",
    ),
    (CLIENT_ID, "the client id, and"),
    (CLIENT_SECRET, "the secret of the client id"),
    (
        BASE_URL,
        "where requests go, unless --base-url or --sandbox says so",
    ),
    ("HTTPS_PROXY", "the proxy through which requests travel"),
    ("NO_PROXY", "hosts that are reached without the proxy"),
    (
        "NO_COLOR",
        "if it is set, help and usage errors have no colour",
    ),
];

/// Who asks, out of the environment.
#[derive(Debug)]
pub(crate) enum Credentials {
    ApiKey(Secret),
    Client { id: String, secret: Secret },
}

/// The credentials, of exactly one kind.
pub(crate) fn read_credentials() -> Result<Credentials, Failure> {
    let api_key = read_filled(API_KEY)?;
    let client_id = read_filled(CLIENT_ID)?;
    let client_secret = read_filled(CLIENT_SECRET)?;

    match (api_key, client_id, client_secret) {
        (Some(key), None, None) => Ok(Credentials::ApiKey(key.into())),
        (None, Some(id), Some(secret)) => Ok(Credentials::Client {
            id,
            secret: secret.into(),
        }),
        (Some(_), id, secret) => {
            let others = match (id, secret) {
                (Some(_), None) => format!("`{CLIENT_ID}` is"),
                (None, _) => format!("`{CLIENT_SECRET}` is"),
                (Some(_), Some(_)) => format!("`{CLIENT_ID}` and `{CLIENT_SECRET}` are"),
            };
            Err(Failure::usage(
                format!(
                    "`{API_KEY}` is set, and {others} too: only one kind of credentials can be sent"
                ),
                format!("unset `{API_KEY}`, or `{CLIENT_ID}` and `{CLIENT_SECRET}`"),
            ))
        }
        (None, Some(_), None) => Err(half(CLIENT_ID, CLIENT_SECRET)),
        (None, None, Some(_)) => Err(half(CLIENT_SECRET, CLIENT_ID)),
        (None, None, None) => Err(Failure::usage(
            format!(
                "there are no credentials: neither `{API_KEY}` nor `{CLIENT_ID}` and `{CLIENT_SECRET}` are set"
            ),
            format!(
                "set `{API_KEY}`, or `{CLIENT_ID}` and `{CLIENT_SECRET}`; `--sandbox` needs none"
            ),
        )),
    }
}

/// The base URL; `None` if it is not set.
pub(crate) fn read_base_url() -> Result<Option<String>, Failure> {
    read_filled(BASE_URL)
}

/// What the variable `name` holds, which the user chose to hold a secret for `argument`.
pub(crate) fn read_secret(name: &str, argument: &str) -> Result<Secret, Failure> {
    // Who gives the secret itself in place of a name must not find it in the log of a build.
    if !is_variable_name(name) {
        return Err(Failure::usage(
            format!("what `{argument}` gives is not the name of an environment variable"),
            format!(
                "put the value into a variable, and give the name of it: letters, digits and `_`, as in `{argument} WEBHOOK_AUTHORIZATION`"
            ),
        ));
    }
    match read_filled(name)? {
        Some(text) => Ok(text.into()),
        None => Err(Failure::usage(
            format!("the environment variable `{name}`, named by `{argument}`, is not set"),
            format!("set `{name}` for this command; a variable of a shell must also be exported"),
        )),
    }
}

fn half(is_set: &str, is_missing: &str) -> Failure {
    Failure::usage(
        format!("`{is_set}` is set, but `{is_missing}` is not"),
        format!("set `{is_missing}` too, or use `{API_KEY}` in place of both"),
    )
}

fn is_variable_name(name: &str) -> bool {
    !name.is_empty()
        && !name.starts_with(|first: char| first.is_ascii_digit())
        && name
            .chars()
            .all(|character| character.is_ascii_alphanumeric() || character == '_')
}

/// The value of a variable; a variable that is set, but to nothing, is most often one that was filled from another that is not.
fn read_filled(name: &str) -> Result<Option<String>, Failure> {
    let Some(value) = env::var_os(name) else {
        return Ok(None);
    };
    match value.into_string() {
        Ok(text) if text.is_empty() => Err(Failure::usage(
            format!("the environment variable `{name}` is set, but empty"),
            format!("give `{name}` a value, or unset it"),
        )),
        Ok(text) => Ok(Some(text)),
        // The value is dropped: it may be a secret.
        Err(OsString { .. }) => Err(Failure::usage(
            format!("the environment variable `{name}` is not valid UTF-8"),
            format!("set `{name}` to text in UTF-8"),
        )),
    }
}
