//! The credentials that rows are sent with: references in the rows, and the clients that use them.

use std::collections::HashMap;
use std::mem;

use jelou_client::{Client, Credentials, RetryPolicy};
use jelou_sandbox::{Options, Sandbox};
use url::Url;

use super::field::Field;
use super::operation::read_secret;
use super::row::{Problem, Row};
use crate::arguments::target::TargetArguments;
use crate::configuration::Configuration;
use crate::failure::Failure;
use crate::origin::{BaseUrlOrigin, CredentialsOrigin, Origin};
use crate::redaction::{Redaction, show_base_url};
use crate::settings::Settings;
use crate::{diagnosis, target};

/// Credentials for the sandbox, which accepts any. Real ones are never sent to it.
const SANDBOX_API_KEY: &str = "SANDBOX_API_KEY";

/// The location of a row's credentials; never the credentials themselves.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum CredentialsName {
    /// The credentials of the run, for rows that name none.
    Run,
    /// An environment variable with an API key.
    ApiKey(String),
    /// Two environment variables: one with the client id and one with its secret.
    Client { id: String, secret: String },
    /// The profile of this name.
    Profile(String),
}

/// The clients of a run, one per set of credentials. They share connections and all other state.
pub(super) struct Clients {
    base_url: Option<String>,
    origin: Origin,
    /// The settings for rows that name no credentials; `None` with the sandbox.
    settings: Option<Settings>,
    configuration: Option<Configuration>,
    by_name: HashMap<CredentialsName, Client>,
    redaction: Redaction,
    /// The sandbox stops when this is dropped.
    sandbox: Option<Sandbox>,
}

impl CredentialsName {
    /// Checks which credentials `row` names, without looking them up.
    pub(super) fn check(row: &Row) -> Result<Self, Problem> {
        let text = |field| row.get(field).map(str::to_owned);
        let named = [
            text(Field::ApiKeyEnv),
            text(Field::ClientIdEnv),
            text(Field::ClientSecretEnv),
            text(Field::Profile),
        ];
        match named {
            [None, None, None, None] => Ok(Self::Run),
            [Some(name), None, None, None] => Ok(Self::ApiKey(name)),
            [None, Some(id), Some(secret), None] => Ok(Self::Client { id, secret }),
            [None, None, None, Some(name)] => Ok(Self::Profile(name)),
            [None, Some(_), None, None] => {
                Err(row.problem(Field::ClientIdEnv, "`clientIdEnv` needs `clientSecretEnv`"))
            }
            [None, None, Some(_), None] => Err(row.problem(
                Field::ClientSecretEnv,
                "`clientSecretEnv` needs `clientIdEnv`",
            )),
            _ => Err(Problem::new(
                row.place,
                "give one of `apiKeyEnv`, `clientIdEnv` with `clientSecretEnv`, and `profile`: only one kind of credentials can be sent",
            )),
        }
    }
}

impl Clients {
    /// Prepares the clients for `arguments`. With `--sandbox`, starts a sandbox that has every project.
    pub(super) async fn open(arguments: TargetArguments) -> Result<Self, Failure> {
        let mut clients = Self {
            base_url: None,
            origin: Origin {
                base_url: BaseUrlOrigin::Document,
                credentials: CredentialsOrigin::ApiKey,
            },
            settings: None,
            configuration: None,
            by_name: HashMap::new(),
            redaction: Redaction::default(),
            sandbox: None,
        };
        if arguments.sandbox {
            let sandbox = Sandbox::start(Options::default().every_project())
                .await
                .map_err(|error| target::not_started(&error))?;
            clients.base_url = Some(sandbox.base_url());
            clients.origin = Origin {
                base_url: BaseUrlOrigin::Sandbox,
                credentials: CredentialsOrigin::Sandbox,
            };
            clients.sandbox = Some(sandbox);
            clients.add(CredentialsName::Run, Credentials::api_key(SANDBOX_API_KEY))?;
        } else {
            let settings = Settings::resolve(&arguments)?;
            clients.base_url = settings.base_url.clone();
            clients.origin.base_url = settings.base_url_origin.clone();
            clients.settings = Some(settings);
        }
        Ok(clients)
    }

    pub(super) fn is_sandbox(&self) -> bool {
        self.sandbox.is_some()
    }

    /// Whether the API is on this machine.
    pub(super) fn is_local(&self) -> bool {
        self.base_url.as_deref().is_some_and(target::is_local)
    }

    pub(super) fn origin(&self) -> &Origin {
        &self.origin
    }

    /// The secrets that have been read so far; call it after all rows have been checked.
    pub(super) fn take_redaction(&mut self) -> Redaction {
        mem::take(&mut self.redaction)
    }

    /// The server of the requests, for display and for the journal.
    pub(super) fn base_url(&self) -> String {
        let client = self.by_name.values().next();
        client.map_or_else(
            || show_base_url(self.given_base_url()),
            |client| client.base_url().to_owned(),
        )
    }

    /// The base URL as it was given, which no client may have checked.
    fn given_base_url(&self) -> &str {
        let given = self.base_url.as_deref();
        given.or(Client::default_base_url()).unwrap_or_default()
    }

    /// Returns the client for the credentials that `name` identifies and `row` refers to.
    ///
    /// # Errors
    /// `Ok(Err(_))` is a problem of this row: it names credentials that do not exist. `Err(_)` concerns every row.
    pub(super) fn get(
        &mut self,
        name: &CredentialsName,
        row: &Row,
    ) -> Result<Result<Client, Problem>, Failure> {
        // The sandbox accepts any credentials, so real ones are never sent to it.
        let name = match self.is_sandbox() {
            true => &CredentialsName::Run,
            false => name,
        };
        if let Some(client) = self.by_name.get(name) {
            return Ok(Ok(client.clone()));
        }
        if let (CredentialsName::Run, Some(settings)) = (name, &self.settings) {
            let (credentials, origin) = settings.read_credentials()?;
            self.origin = origin;
            return self.add(name.clone(), credentials).map(Ok);
        }
        let credentials = match self.read(name, row)? {
            Ok(credentials) => credentials,
            Err(problem) => return Ok(Err(problem)),
        };
        Ok(self
            .add(name.clone(), credentials)
            .map_err(|failure| Problem::new(row.place, failure.error())))
    }

    /// Reads the credentials that `row` names.
    fn read(
        &mut self,
        name: &CredentialsName,
        row: &Row,
    ) -> Result<Result<Credentials, Problem>, Failure> {
        Ok(match name {
            // [`Self::get`] handles this case.
            CredentialsName::Run => Err(Problem::new(row.place, "no credentials")),
            CredentialsName::ApiKey(name) => {
                read_secret(row, Field::ApiKeyEnv, name).map(Credentials::api_key)
            }
            CredentialsName::Client { id, secret } => read_secret(row, Field::ClientIdEnv, id)
                .and_then(|id| {
                    let secret = read_secret(row, Field::ClientSecretEnv, secret)?;
                    Ok(Credentials::client(id.expose(), secret))
                }),
            CredentialsName::Profile(name) => {
                if self.configuration.is_none() {
                    self.configuration = Some(Configuration::load()?);
                }
                self.read_profile(name)
                    .map_err(|failure| row.problem(Field::Profile, failure.error()))
            }
        })
    }

    fn read_profile(&self, name: &str) -> Result<Credentials, Failure> {
        const HINT: &str = "name another profile";
        let configuration = self.configuration.as_ref();
        let Some(configuration) = configuration else {
            return Err(Failure::usage("no configuration", HINT));
        };
        let profile = configuration.profile(name, "`profile`")?;
        let here = self.given_base_url();
        // Credentials for one server must not be sent to another.
        if let Some(other) = &profile.base_url
            && !is_same_server(other, here)
        {
            let (other, here) = (show_base_url(other), show_base_url(here));
            return Err(Failure::usage(
                format!("the profile `{name}` is for `{other}`, and this run sends to `{here}`"),
                HINT,
            ));
        }
        match &profile.credentials {
            Some(source) => source.read(name),
            None => Err(Failure::usage(
                format!("the profile `{name}` has no credentials"),
                HINT,
            )),
        }
    }

    fn add(&mut self, name: CredentialsName, credentials: Credentials) -> Result<Client, Failure> {
        let failed = |error| diagnosis::diagnose(&error, &self.origin, None);
        credentials.check().map_err(failed)?;
        let secrets = credentials.secrets();
        let client = match self.by_name.values().next() {
            Some(client) => client.with_credentials(credentials),
            None => {
                // Retries are up to the caller, so that every attempt counts towards the shared rate limit.
                let builder = target::builder(credentials, self.base_url.clone());
                builder
                    .retry(RetryPolicy::never())
                    .build()
                    .map_err(failed)?
            }
        };
        for secret in &secrets {
            self.redaction.protect(secret);
        }
        self.by_name.insert(name, client.clone());
        Ok(client)
    }
}

/// Whether two base URLs are the same to the client, which ignores the case of the host and a slash at the end.
fn is_same_server(one: &str, other: &str) -> bool {
    let parsed = |text| {
        let url = Url::parse(text).ok()?;
        Some(url.as_str().trim_end_matches('/').to_owned())
    };
    one == other || parsed(one).is_some_and(|one| parsed(other) == Some(one))
}
