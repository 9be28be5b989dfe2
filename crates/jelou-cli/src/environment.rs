//! The only module that reads the environment. Does not decide how the values are used.
//!
//! Secrets come from the environment and never from arguments, which every user of the machine can see in the process list.

use std::env;
use std::ffi::OsString;
use std::path::PathBuf;

use jelou_client::Secret;

use crate::failure::Failure;

pub(crate) const API_KEY: &str = "JELOU_API_KEY";
pub(crate) const CLIENT_ID: &str = "JELOU_CLIENT_ID";
pub(crate) const CLIENT_SECRET: &str = "JELOU_CLIENT_SECRET";
pub(crate) const SIGNING_SECRET: &str = "JELOU_SIGNING_SECRET";
pub(crate) const BASE_URL: &str = "JELOU_BASE_URL";
pub(crate) const PROFILE: &str = "JELOU_PROFILE";
pub(crate) const CONFIGURATION_FOLDER: &str = "JELOU_CONFIG_DIR";

/// Every variable that the command or its libraries read, with a description.
pub(crate) const VARIABLES: [(&str, &str); 10] = [
    (API_KEY, "the API key of the Jelou project; or, instead,"),
    (CLIENT_ID, "the client id, and"),
    (CLIENT_SECRET, "the secret of the client id"),
    (SIGNING_SECRET, "the signing secret of messages and events"),
    (
        BASE_URL,
        "the server to use, unless --base-url or --sandbox is given",
    ),
    (
        PROFILE,
        "the profile to use, unless --profile names another",
    ),
    (
        CONFIGURATION_FOLDER,
        "the folder of config.toml, instead of the platform's",
    ),
    ("HTTPS_PROXY", "the proxy to use"),
    ("NO_PROXY", "hosts to reach without the proxy"),
    (
        "NO_COLOR",
        "if set, disables colour in help and usage errors",
    ),
];

/// Credentials from the environment.
#[derive(Debug)]
pub(crate) enum Credentials {
    ApiKey(Secret),
    Client { id: String, secret: Secret },
}

/// Reads the credentials; `None` if no variable is set, and an error if they are of more than one kind.
pub(crate) fn read_credentials() -> Result<Option<Credentials>, Failure> {
    let api_key = read_filled(API_KEY)?;
    let client_id = read_filled(CLIENT_ID)?;
    let client_secret = read_filled(CLIENT_SECRET)?;

    match (api_key, client_id, client_secret) {
        (Some(key), None, None) => Ok(Some(Credentials::ApiKey(key.into()))),
        (None, Some(id), Some(secret)) => Ok(Some(Credentials::Client {
            id,
            secret: secret.into(),
        })),
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
        (None, None, None) => Ok(None),
    }
}

/// Whether the environment has a signing secret.
pub(crate) fn has_signing_secret() -> Result<bool, Failure> {
    Ok(read_filled(SIGNING_SECRET)?.is_some())
}

/// The base URL, or `None` if it is not set.
pub(crate) fn read_base_url() -> Result<Option<String>, Failure> {
    read_filled(BASE_URL)
}

/// The profile to use, or `None` if it is not set.
pub(crate) fn read_profile() -> Result<Option<String>, Failure> {
    read_filled(PROFILE)
}

/// The configuration folder, or `None` if it is not set and the platform's folder applies.
pub(crate) fn read_configuration_folder() -> Option<PathBuf> {
    let folder = env::var_os(CONFIGURATION_FOLDER)?;
    (!folder.is_empty()).then(|| folder.into())
}

/// The variable that names a proxy for `https`, searched in the client's order; `None` if none is set.
pub(crate) fn find_proxy() -> Option<&'static str> {
    ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"]
        .into_iter()
        .find(|name| env::var_os(name).is_some_and(|value| !value.is_empty()))
}

/// Reads the secret in the variable `name`; `named_by` tells where the name came from.
pub(crate) fn read_secret(name: &str, named_by: &str) -> Result<Secret, Failure> {
    check_name(name, named_by)?;
    match read_filled(name)? {
        Some(text) => Ok(text.into()),
        None => Err(Failure::usage(
            format!("the environment variable `{name}`, named by {named_by}, is not set"),
            format!("set `{name}` for this command; a variable of a shell must also be exported"),
        )),
    }
}

/// Rejects an invalid variable name without showing it: a user who passes the secret instead of the name must not find it in a
/// build log.
pub(crate) fn check_name(name: &str, named_by: &str) -> Result<(), Failure> {
    if is_variable_name(name) {
        Ok(())
    } else {
        Err(Failure::usage(
            format!("{named_by} is not a valid environment variable name"),
            "put the value in a variable, and give its name: letters, digits and `_`, as in `WEBHOOK_AUTHORIZATION`",
        ))
    }
}

fn half(is_set: &str, is_missing: &str) -> Failure {
    Failure::usage(
        format!("`{is_set}` is set, but `{is_missing}` is not"),
        format!("set `{is_missing}` too, or use `{API_KEY}` in place of both"),
    )
}

pub(crate) fn is_variable_name(name: &str) -> bool {
    !name.is_empty()
        && !name.starts_with(|first: char| first.is_ascii_digit())
        && name
            .chars()
            .all(|character| character.is_ascii_alphanumeric() || character == '_')
}

/// The value of a variable. An empty one is an error: it was most likely set from another variable that is unset.
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
        // The value is dropped, as it may be a secret.
        Err(OsString { .. }) => Err(Failure::usage(
            format!("the environment variable `{name}` is not valid UTF-8"),
            format!("set `{name}` to text in UTF-8"),
        )),
    }
}
