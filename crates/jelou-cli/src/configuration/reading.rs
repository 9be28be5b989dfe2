//! Reads the configuration file. Errors show names and positions but never values, which may be secrets.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::{Configuration, CredentialsSource, Profile, check_name, file_name, folder_of};
use crate::environment;
use crate::failure::Failure;
use crate::secret_source::SecretSource;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    default: Option<String>,
    #[serde(default)]
    profiles: BTreeMap<String, Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    base_url: Option<String>,
    api_key: Option<Reference>,
    client_id: Option<String>,
    client_secret: Option<Reference>,
    signing_secret: Option<Reference>,
}

#[derive(Deserialize)]
#[serde(
    deny_unknown_fields,
    expecting = "where the secret is: { environment = \"VARIABLE\" }, { file = \"PATH\" } or { command = \"COMMAND\" }"
)]
struct Reference {
    environment: Option<String>,
    file: Option<PathBuf>,
    command: Option<String>,
}

/// Parses `text`, the content of the file at `path`.
pub(super) fn parse(path: PathBuf, text: &str) -> Result<Configuration, Failure> {
    let file: File = toml_edit::de::from_str(text)
        .map_err(|error| broken(&path, text, error.span(), error.message()))?;
    let folder = folder_of(&path).to_owned();
    let mut profiles = BTreeMap::new();
    for (name, mut entry) in file.profiles {
        check_name(&name)?;
        let incomplete = |problem| incomplete(&path, &name, problem);
        let signing_secret = entry.signing_secret.take();
        let profile = Profile {
            base_url: entry.base_url.clone(),
            signing_secret: signing_secret
                .map(|reference| reference.locate(&folder))
                .transpose()
                .map_err(incomplete)?,
            credentials: entry.credentials(&folder).map_err(incomplete)?,
        };
        profiles.insert(name, profile);
    }
    Ok(Configuration {
        path,
        is_there: true,
        default: file.default,
        profiles,
    })
}

impl Entry {
    fn credentials(self, folder: &Path) -> Result<Option<CredentialsSource>, &'static str> {
        match (self.api_key, self.client_id, self.client_secret) {
            (None, None, None) => Ok(None),
            (Some(key), None, None) => Ok(Some(CredentialsSource::ApiKey(key.locate(folder)?))),
            (None, Some(id), Some(secret)) => Ok(Some(CredentialsSource::Client {
                id,
                secret: secret.locate(folder)?,
            })),
            (Some(_), _, _) => Err(
                "`api_key` beside `client_id` or `client_secret`: only one kind of credentials can be sent",
            ),
            (None, Some(_), None) => Err("`client_id` without `client_secret`"),
            (None, None, Some(_)) => Err("`client_secret` without `client_id`"),
        }
    }
}

impl Reference {
    fn locate(self, folder: &Path) -> Result<SecretSource, &'static str> {
        match (self.environment, self.file, self.command) {
            (Some(name), None, None) if environment::is_variable_name(&name) => {
                Ok(SecretSource::Environment(name))
            }
            (Some(_), None, None) => {
                Err("an `environment` that is not the name of an environment variable")
            }
            (None, Some(path), None) => Ok(SecretSource::File(folder.join(path))),
            (None, None, Some(command)) => Ok(SecretSource::Command(command)),
            _ => Err("a secret without exactly one of `environment`, `file` and `command`"),
        }
    }
}

fn incomplete(path: &Path, name: &str, problem: &str) -> Failure {
    Failure::usage(
        format!("the profile `{name}` in `{}` has {problem}", path.display()),
        "give it either `api_key`, or `client_id` and `client_secret`",
    )
}

fn broken(path: &Path, text: &str, span: Option<Range<usize>>, message: &str) -> Failure {
    let before = span
        .and_then(|span| text.get(..span.start))
        .unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    let column = before
        .chars()
        .rev()
        .take_while(|character| *character != '\n')
        .count()
        + 1;
    Failure::usage(
        format!(
            "{} is invalid at line {line}, column {column}: {}",
            file_name(path),
            without_value(message)
        ),
        "correct it; `jelou profile add --help` shows what a profile has",
    )
}

/// Removes the value from serde's message, such as `invalid type: string "...", expected a map`.
fn without_value(message: &str) -> String {
    match message.rsplit_once(", expected ") {
        Some((_, expected)) if message.starts_with("invalid ") => format!("expected {expected}"),
        _ => message.lines().collect::<Vec<_>>().join(", "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse_text(text: &str) -> Result<Configuration, Failure> {
        parse(PathBuf::from("/folder/config.toml"), text)
    }

    #[test]
    fn every_source_of_a_secret_is_read() {
        let configuration = parse_text(
            r#"
            default = "a"
            [profiles.a]
            base_url = "https://my-system.com"
            api_key = { environment = "KEY" }
            [profiles.b]
            client_id = "ID"
            client_secret = { file = "secret" }
            [profiles.c]
            api_key.command = "pass show a"
            signing_secret.file = "signing"
            [profiles.d]
            "#,
        );
        let configuration = configuration.unwrap();
        let described: Vec<_> = configuration
            .profiles
            .values()
            .map(Profile::describe)
            .collect();
        let file = Path::new("/folder").join("secret");
        let signing = Path::new("/folder").join("signing");
        assert_eq!(
            described,
            [
                Some("API key from the environment variable `KEY`".to_owned()),
                Some(format!(
                    "client `ID`, its secret from the file `{}`",
                    file.display()
                )),
                Some(format!(
                    "API key from the output of `pass show a`; signing secret from the file `{}`",
                    signing.display()
                )),
                None,
            ]
        );
        assert_eq!(configuration.default.as_deref(), Some("a"));
    }

    #[test]
    fn errors_name_the_problem_and_show_no_value() {
        for (text, expected) in [
            (
                "[profiles.a]\napi_key = \"canary\"",
                "line 2, column 11: expected where the secret is: { env",
            ),
            (
                "[profiles.a]\napi_key = 0xCA4A47",
                "line 2, column 11: expected where",
            ),
            ("[profiles.a]\napi_key = [\"canary\"]", "line 2, column 11"),
            (
                "[profiles.a]\napi_key = { value = \"canary\" }",
                "unknown field `value`",
            ),
            (
                "[profiles.a]\napi_key = { environment = \"canary!\" }",
                "not the name of an environment variable",
            ),
            (
                "[profiles.a]\napi_key = { environment = \"A\", file = \"canary\" }",
                "without exactly one of",
            ),
            ("[profiles.a]\napi_key = {}", "without exactly one of"),
            (
                "[profiles.a]\nsecret = \"canary\"",
                "line 2, column 1: unknown field `secret`",
            ),
            (
                "[profiles.a]\nbase_url = 13267527",
                "line 2, column 12: expected a string",
            ),
            ("[profiles.a]\napi_key = \"canary", "line 2, column"),
            ("api_key = \"canary\"", "unknown field `api_key`"),
            ("profiles = \"canary\"", "line 1, column 12"),
            ("[profiles.\"a b\"]", "not a valid profile name"),
            (
                "[profiles.a]\nsigning_secret = \"canary\"",
                "line 2, column 18: expected where the secret is",
            ),
            (
                "[profiles.a]\nsigning_secret = { environment = \"canary!\" }",
                "not the name of an environment variable",
            ),
            (
                "[profiles.a]\nclient_id = \"canary\"",
                "`client_id` without `client_secret`",
            ),
            (
                "[profiles.a]\nclient_secret = { environment = \"A\" }",
                "`client_secret` without",
            ),
            (
                "[profiles.a]\nclient_id = \"canary\"\napi_key = { environment = \"A\" }",
                "`api_key` beside",
            ),
        ] {
            let failure = parse_text(text).unwrap_err();
            let shown = format!("{failure:?}");
            assert!(failure.error().contains(expected), "{text}\n{shown}");
            assert!(
                !shown.contains("canary") && !shown.contains("13267527"),
                "{shown}"
            );
        }
    }
}
