//! The configuration file: profiles, each of which names a server and where its credentials are. Holds no secret.
//!
//! ```toml
//! default = "acme"
//!
//! [profiles.acme]
//! base_url = "https://gateway.jelou.ai/jelouapi"
//! api_key = { command = "pass show jelou/acme" }
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

/// What the file says; nothing, if there is none.
#[derive(Debug, Default)]
pub(crate) struct Configuration {
    /// Where the file is, or would be.
    pub(crate) path: PathBuf,
    pub(crate) is_there: bool,
    /// The profile that is used where none is named.
    pub(crate) default: Option<String>,
    pub(crate) profiles: BTreeMap<String, Profile>,
}

/// A server and credentials, under a name.
#[derive(Clone, Debug, Default)]
pub(crate) struct Profile {
    pub(crate) base_url: Option<String>,
    pub(crate) credentials: Option<CredentialsSource>,
}

/// Where credentials are.
#[derive(Clone, Debug)]
pub(crate) enum CredentialsSource {
    ApiKey(SecretSource),
    Client { id: String, secret: SecretSource },
}

impl Configuration {
    /// Reads the file, if there is one.
    ///
    /// # Errors
    /// Others may read or change it, or it says what this program does not know.
    pub(crate) fn load() -> Result<Self, Failure> {
        // Without a home there is no configuration, and nothing to complain about.
        match location::find_path() {
            Some(path) => Self::load_from(path),
            None => Ok(Self::default()),
        }
    }

    /// The same where there must be a place for it, because it is about to be changed.
    ///
    /// # Errors
    /// Those of [`Configuration::load`], and no place.
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
        // One that cannot be looked at is not one that is not there.
        if matches!(path.try_exists(), Ok(false)) {
            return Ok(Self {
                path,
                ..Self::default()
            });
        }
        let text = private_file::read(&path, &file_name(&path))?;
        reading::parse(path, &text)
    }

    /// The profile `name`, which `named_by` names.
    ///
    /// # Errors
    /// There is none of that name.
    pub(crate) fn profile(&self, name: &str, named_by: &str) -> Result<&Profile, Failure> {
        self.profiles.get(name).ok_or_else(|| {
            let known: Vec<String> = self
                .profiles
                .keys()
                .map(|name| format!("`{name}`"))
                .collect();
            let known = match known.is_empty() {
                true => {
                    "there is none yet; `jelou profile add --help` says how to make one".to_owned()
                }
                false => format!("there are {}", known.join(", ")),
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

    /// Adds `profile` under `name`, in place of one that is there.
    pub(crate) fn add(&self, name: &str, profile: &Profile) -> Result<(), Failure> {
        editing::change(&self.path, |document| {
            editing::insert(document, name, profile)
        })
    }

    /// Removes the profile `name`, and does not use it any more where none is named.
    pub(crate) fn remove(&self, name: &str) -> Result<(), Failure> {
        editing::change(&self.path, |document| editing::remove(document, name))
    }

    /// Uses the profile `name` where none is named, or none at all.
    pub(crate) fn set_default(&self, name: Option<&str>) -> Result<(), Failure> {
        editing::change(&self.path, |document| editing::set_default(document, name))
    }
}

impl CredentialsSource {
    /// Reads the credentials of the profile `name`.
    ///
    /// # Errors
    /// The secret is not where it should be.
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

    /// What the credentials are, and where the secret is, in words.
    pub(crate) fn describe(&self) -> String {
        match self {
            Self::ApiKey(source) => format!("API key out of {}", source.describe()),
            Self::Client { id, secret } => {
                format!("client `{id}`, its secret out of {}", secret.describe())
            }
        }
    }
}

/// Refuses what would be no name in the file, on the command line or in a message.
pub(crate) fn check_name(name: &str) -> Result<(), Failure> {
    let is_allowed =
        |character: char| character.is_ascii_alphanumeric() || "._-".contains(character);
    if !name.is_empty() && !name.starts_with('-') && name.chars().all(is_allowed) {
        Ok(())
    } else {
        Err(Failure::usage(
            "this cannot be the name of a profile",
            "use letters, digits, `.`, `_` and `-`, and begin with no `-`",
        ))
    }
}

/// What errors call the file.
fn file_name(path: &Path) -> String {
    format!("the configuration file `{}`", path.display())
}

/// The folder that relative paths in the file are seen from.
fn folder_of(path: &Path) -> &Path {
    path.parent().unwrap_or(path)
}
