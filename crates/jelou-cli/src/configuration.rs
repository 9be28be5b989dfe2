//! The configuration file: profiles, each with a server and the location of its secrets. Contains no secrets.
//!
//! ```toml
//! default = "acme"
//!
//! [profiles.acme]
//! base_url = "https://gateway.jelou.ai/jelouapi"
//! api_key = { command = "pass show jelou/acme" }
//! signing_secret = { file = "acme-signing-secret" }
//! ```

mod editing;
mod location;
mod reading;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use jelou_client::{Credentials, Secret};

use crate::failure::Failure;
use crate::private_file;
use crate::secret_source::SecretSource;

/// The content of the configuration file; empty if the file does not exist.
#[derive(Debug, Default)]
pub(crate) struct Configuration {
    /// The path of the file, even if it does not exist.
    pub(crate) path: PathBuf,
    pub(crate) is_there: bool,
    /// The profile to use if none is named.
    pub(crate) default: Option<String>,
    pub(crate) profiles: BTreeMap<String, Profile>,
}

/// A named server and its credentials.
#[derive(Clone, Debug, Default)]
pub(crate) struct Profile {
    pub(crate) base_url: Option<String>,
    pub(crate) credentials: Option<CredentialsSource>,
    /// The location of the secret that signs messages and events.
    pub(crate) signing_secret: Option<SecretSource>,
}

/// The location of the credentials.
#[derive(Clone, Debug)]
pub(crate) enum CredentialsSource {
    ApiKey(SecretSource),
    Client { id: String, secret: SecretSource },
}

impl Configuration {
    /// Reads the file if it exists.
    ///
    /// # Errors
    /// Other users may read or change the file, or it contains something unknown.
    pub(crate) fn load() -> Result<Self, Failure> {
        // Without a home directory there is no configuration, which is not an error.
        match location::find_path() {
            Some(path) => Self::load_from(path),
            None => Ok(Self::default()),
        }
    }

    /// Like [`Configuration::load`], but requires a path to write to.
    ///
    /// # Errors
    /// As for [`Configuration::load`], and if there is no home directory.
    pub(crate) fn load_to_change() -> Result<Self, Failure> {
        match location::find_path() {
            Some(path) => Self::load_from(path),
            None => Err(Failure::usage(
                "cannot locate the configuration folder: this user has no home directory",
                format!("name one in `{}`", crate::environment::CONFIGURATION_FOLDER),
            )),
        }
    }

    fn load_from(path: PathBuf) -> Result<Self, Failure> {
        // A file that cannot be accessed may still exist.
        if matches!(path.try_exists(), Ok(false)) {
            return Ok(Self {
                path,
                ..Self::default()
            });
        }
        let text = private_file::read(&path, &file_name(&path))?;
        reading::parse(path, &text)
    }

    /// Returns the profile `name`; `named_by` tells where the name came from.
    ///
    /// # Errors
    /// There is no profile of that name.
    pub(crate) fn profile(&self, name: &str, named_by: &str) -> Result<&Profile, Failure> {
        self.profiles.get(name).ok_or_else(|| {
            let known: Vec<String> = self
                .profiles
                .keys()
                .map(|name| format!("`{name}`"))
                .collect();
            let known = match known.is_empty() {
                true => {
                    "there is none yet; `jelou profile add --help` says how to add one".to_owned()
                }
                false => format!("the profiles are {}", known.join(", ")),
            };
            Failure::usage(
                format!(
                    "unknown profile `{name}`, named by {named_by}, in `{}`",
                    self.path.display()
                ),
                known,
            )
        })
    }

    /// Adds `profile` as `name`, replacing an existing one.
    pub(crate) fn add(&self, name: &str, profile: &Profile) -> Result<(), Failure> {
        editing::change(&self.path, |document| {
            editing::insert(document, name, profile)
        })
    }

    /// Removes the profile `name`, and unsets the default if it is that profile.
    pub(crate) fn remove(&self, name: &str) -> Result<(), Failure> {
        editing::change(&self.path, |document| editing::remove(document, name))
    }

    /// Makes the profile `name` the default; `None` unsets the default.
    pub(crate) fn set_default(&self, name: Option<&str>) -> Result<(), Failure> {
        editing::change(&self.path, |document| editing::set_default(document, name))
    }
}

impl Profile {
    /// Describes what the profile has and where the secrets are; `None` if it has none.
    pub(crate) fn describe(&self) -> Option<String> {
        let credentials = self.credentials.as_ref().map(CredentialsSource::describe);
        let signing_secret = self.signing_secret.as_ref();
        let signing_secret =
            signing_secret.map(|source| format!("signing secret from {}", source.describe()));
        let described: Vec<_> = credentials.into_iter().chain(signing_secret).collect();
        (!described.is_empty()).then(|| described.join("; "))
    }
}

impl CredentialsSource {
    /// Reads the credentials for the profile `name`.
    ///
    /// # Errors
    /// The secret cannot be read.
    pub(crate) fn read(&self, name: &str) -> Result<Credentials, Failure> {
        let named_by = format!("the profile `{name}`");
        let secret: Secret = self.secret().read(&named_by)?;
        Ok(match self {
            Self::ApiKey(_) => Credentials::api_key(secret),
            Self::Client { id, .. } => Credentials::client(id, secret),
        })
    }

    pub(crate) fn secret(&self) -> &SecretSource {
        match self {
            Self::ApiKey(secret) | Self::Client { secret, .. } => secret,
        }
    }

    /// Describes the credentials and the location of the secret.
    pub(crate) fn describe(&self) -> String {
        match self {
            Self::ApiKey(source) => format!("API key from {}", source.describe()),
            Self::Client { id, secret } => {
                format!("client `{id}`, its secret from {}", secret.describe())
            }
        }
    }
}

/// Rejects names that would need quoting in the file, on the command line or in a message.
pub(crate) fn check_name(name: &str) -> Result<(), Failure> {
    let is_allowed =
        |character: char| character.is_ascii_alphanumeric() || "._-".contains(character);
    if !name.is_empty() && !name.starts_with('-') && name.chars().all(is_allowed) {
        Ok(())
    } else {
        Err(Failure::usage(
            "this is not a valid profile name",
            "use letters, digits, `.`, `_` and `-`, and do not begin with `-`",
        ))
    }
}

/// The name of the file in error messages.
fn file_name(path: &Path) -> String {
    format!("the configuration file `{}`", path.display())
}

/// The folder that relative paths in the file are resolved against.
fn folder_of(path: &Path) -> &Path {
    path.parent().unwrap_or(path)
}
