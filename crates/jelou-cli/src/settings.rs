//! Resolves the base URL and the credentials from arguments, environment, profile and document. Does not read secrets that a
//! profile names.
//!
//! Precedence: arguments, then the environment, then the default profile, then the document. A profile named with `--profile`
//! counts as an argument and so overrides the environment, whose credentials may belong to another project.

use std::path::PathBuf;

use jelou_client::{Client, Credentials, Secret};

use crate::arguments::panel::SecretArguments;
use crate::arguments::target::TargetArguments;
use crate::configuration::{Configuration, CredentialsSource, Profile};
use crate::environment::{self, API_KEY, CLIENT_ID, CLIENT_SECRET, SIGNING_SECRET};
use crate::failure::Failure;
use crate::origin::{BaseUrlOrigin, CredentialsOrigin, Origin, ProfileOrigin};
use crate::secret_source::SecretSource;

/// The settings in effect for a run that sends to a server.
#[derive(Debug)]
pub(crate) struct Settings {
    /// The path of the configuration file, even if it does not exist.
    pub(crate) configuration_path: PathBuf,
    pub(crate) has_configuration: bool,
    pub(crate) profile: Option<(String, ProfileOrigin)>,
    /// `None` selects the document's server.
    pub(crate) base_url: Option<String>,
    pub(crate) base_url_origin: BaseUrlOrigin,
    pub(crate) credentials: Option<FoundCredentials>,
    pub(crate) signing_secret: Option<SigningSecret>,
}

/// The location of the secret that signs messages and events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SigningSecret {
    pub(crate) source: SecretSource,
    /// The argument, the variable or the profile that names it.
    pub(crate) named_by: String,
}

/// Credentials, or their location.
#[derive(Debug)]
pub(crate) enum FoundCredentials {
    Environment(environment::Credentials),
    Profile {
        name: String,
        source: CredentialsSource,
    },
}

impl Settings {
    /// Resolves the settings for `arguments`.
    ///
    /// # Errors
    /// The environment or the configuration is invalid, or the profile does not exist.
    pub(crate) fn resolve(arguments: &TargetArguments) -> Result<Self, Failure> {
        let Chosen {
            configuration,
            name,
            profile,
            comes_first,
            chosen,
        } = Chosen::of(arguments.profile.as_deref())?;
        let signing_secret = find_signing_secret(&name, profile.signing_secret, comes_first)?;
        let in_profile = profile.credentials.map(|source| FoundCredentials::Profile {
            name: name.clone(),
            source,
        });
        let credentials = match in_profile {
            Some(found) if comes_first => Some(found),
            in_profile => match environment::read_credentials()? {
                Some(credentials) => Some(FoundCredentials::Environment(credentials)),
                None => in_profile,
            },
        };
        let (base_url, base_url_origin) = choose_base_url(
            arguments.base_url.clone(),
            profile.base_url,
            name,
            comes_first,
        )?;
        Ok(Self {
            configuration_path: configuration.path,
            has_configuration: configuration.is_there,
            profile: chosen,
            base_url,
            base_url_origin,
            credentials,
            signing_secret,
        })
    }

    /// The base URL of requests.
    pub(crate) fn base_url(&self) -> &str {
        self.base_url
            .as_deref()
            .or(Client::default_base_url())
            .unwrap_or_default()
    }

    /// The credentials, and the origins of the settings.
    ///
    /// # Errors
    /// There are no credentials, or they cannot be read.
    pub(crate) fn read_credentials(&self) -> Result<(Credentials, Origin), Failure> {
        let found = self.credentials.as_ref().ok_or_else(missing)?;
        let origin = Origin {
            base_url: self.base_url_origin.clone(),
            credentials: found.origin(),
        };
        Ok((found.read()?, origin))
    }
}

impl SigningSecret {
    /// Looks for the signing secret in the arguments, then in the named profile, the environment and the default profile.
    ///
    /// # Errors
    /// The environment or the configuration is invalid, or the profile does not exist.
    pub(crate) fn find(
        arguments: &SecretArguments,
        profile: Option<&str>,
    ) -> Result<Option<Self>, Failure> {
        if let Some((source, argument)) = arguments.source() {
            let named_by = argument.to_owned();
            return Ok(Some(Self { source, named_by }));
        }
        let chosen = Chosen::of(profile)?;
        find_signing_secret(
            &chosen.name,
            chosen.profile.signing_secret,
            chosen.comes_first,
        )
    }

    /// Reads what was found.
    ///
    /// # Errors
    /// Nothing was found, or it cannot be read.
    pub(crate) fn read(found: Option<Self>) -> Result<Secret, Failure> {
        let Some(Self { source, named_by }) = found else {
            return Err(Failure::usage(
                format!("no signing secret: `{SIGNING_SECRET}` is not set, and no profile has one"),
                format!(
                    "set `{SIGNING_SECRET}`, name a file with `--secret-file`, or a profile that has one with `--profile`"
                ),
            ));
        };
        source.read(&named_by)
    }
}

impl FoundCredentials {
    pub(crate) fn origin(&self) -> CredentialsOrigin {
        match self {
            Self::Environment(environment::Credentials::ApiKey(_)) => CredentialsOrigin::ApiKey,
            Self::Environment(environment::Credentials::Client { .. }) => CredentialsOrigin::Client,
            Self::Profile { name, .. } => CredentialsOrigin::Profile(name.clone()),
        }
    }

    /// The location of the credentials; reads no secret.
    pub(crate) fn source(&self) -> CredentialsSource {
        match self {
            Self::Environment(environment::Credentials::ApiKey(_)) => {
                CredentialsSource::ApiKey(SecretSource::Environment(API_KEY.to_owned()))
            }
            Self::Environment(environment::Credentials::Client { id, .. }) => {
                CredentialsSource::Client {
                    id: id.clone(),
                    secret: SecretSource::Environment(CLIENT_SECRET.to_owned()),
                }
            }
            Self::Profile { source, .. } => source.clone(),
        }
    }

    fn read(&self) -> Result<Credentials, Failure> {
        match self {
            Self::Environment(environment::Credentials::ApiKey(key)) => {
                Ok(Credentials::api_key(key.clone()))
            }
            Self::Environment(environment::Credentials::Client { id, secret }) => {
                Ok(Credentials::client(id, secret.clone()))
            }
            Self::Profile { name, source } => source.read(name),
        }
    }
}

/// The profile that applies, if there is one.
struct Chosen {
    configuration: Configuration,
    chosen: Option<(String, ProfileOrigin)>,
    /// Empty without a profile.
    name: String,
    profile: Profile,
    /// Whether it is an argument, which overrides the environment.
    comes_first: bool,
}

impl Chosen {
    fn of(argument: Option<&str>) -> Result<Self, Failure> {
        let configuration = Configuration::load()?;
        let chosen = choose_profile(argument, &configuration)?;
        let (name, profile) = match &chosen {
            Some((name, origin)) => {
                let profile = configuration.profile(name, &origin.to_string())?;
                (name.clone(), profile.clone())
            }
            None => Default::default(),
        };
        Ok(Self {
            comes_first: matches!(chosen, Some((_, ProfileOrigin::Argument))),
            configuration,
            chosen,
            name,
            profile,
        })
    }
}

fn find_signing_secret(
    profile: &str,
    in_profile: Option<SecretSource>,
    profile_comes_first: bool,
) -> Result<Option<SigningSecret>, Failure> {
    let in_profile = in_profile.map(|source| SigningSecret {
        source,
        named_by: format!("the profile `{profile}`"),
    });
    if (in_profile.is_some() && profile_comes_first) || !environment::has_signing_secret()? {
        return Ok(in_profile);
    }
    Ok(Some(SigningSecret {
        source: SecretSource::Environment(SIGNING_SECRET.to_owned()),
        named_by: "the environment".to_owned(),
    }))
}

fn choose_profile(
    argument: Option<&str>,
    configuration: &Configuration,
) -> Result<Option<(String, ProfileOrigin)>, Failure> {
    if let Some(name) = argument {
        return Ok(Some((name.to_owned(), ProfileOrigin::Argument)));
    }
    if let Some(name) = environment::read_profile()? {
        return Ok(Some((name, ProfileOrigin::Environment)));
    }
    let default = configuration.default.clone();
    Ok(default.map(|name| (name, ProfileOrigin::Configuration)))
}

fn choose_base_url(
    argument: Option<String>,
    in_profile: Option<String>,
    profile: String,
    profile_comes_first: bool,
) -> Result<(Option<String>, BaseUrlOrigin), Failure> {
    let by_argument = argument.map(|url| (url, BaseUrlOrigin::Argument));
    let by_profile = in_profile.map(|url| (url, BaseUrlOrigin::Profile(profile)));
    let chosen = match (by_argument, by_profile) {
        (Some(found), _) => Some(found),
        (None, Some(found)) if profile_comes_first => Some(found),
        (None, by_profile) => environment::read_base_url()?
            .map(|url| (url, BaseUrlOrigin::Environment))
            .or(by_profile),
    };
    Ok(match chosen {
        Some((url, origin)) => (Some(url), origin),
        None => (None, BaseUrlOrigin::Document),
    })
}

fn missing() -> Failure {
    Failure::usage(
        format!(
            "no credentials: neither `{API_KEY}` nor `{CLIENT_ID}` and `{CLIENT_SECRET}` are set, and no profile has any"
        ),
        format!(
            "set `{API_KEY}`, or `{CLIENT_ID}` and `{CLIENT_SECRET}`, or name a profile with `--profile`; `--sandbox` needs none"
        ),
    )
}
