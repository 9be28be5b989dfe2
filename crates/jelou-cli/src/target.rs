//! Where requests go and who asks: the embedded sandbox, or a server out of arguments and environment. Does not send.

use jelou_client::{Client, Credentials, ProjectId};
use jelou_sandbox::{Options, Sandbox, StartError};

use crate::arguments::TargetArguments;
use crate::failure::{Exit, Failure};
use crate::origin::{BaseUrlOrigin, CredentialsOrigin, Origin};
use crate::redaction::Redaction;
use crate::{diagnosis, environment};

/// What the sandbox is shown in place of credentials: it accepts any, and real ones stay where they are.
const SANDBOX_API_KEY: &str = "SANDBOX_API_KEY";

/// A client that is ready to send.
#[derive(Debug)]
pub(crate) struct Target {
    pub(crate) client: Client,
    pub(crate) origin: Origin,
    pub(crate) redaction: Redaction,
    /// It stops when it is dropped.
    _sandbox: Option<Sandbox>,
}

impl Target {
    /// Sets up what `arguments` ask for; a sandbox has an integration for `project_id`.
    pub(crate) async fn open(
        arguments: TargetArguments,
        project_id: &ProjectId,
    ) -> Result<Self, Failure> {
        if arguments.sandbox {
            Self::open_sandbox(project_id).await
        } else {
            Self::open_server(arguments.base_url)
        }
    }

    async fn open_sandbox(project_id: &ProjectId) -> Result<Self, Failure> {
        let options = Options::default().integration(project_id.as_str());
        let sandbox = Sandbox::start(options)
            .await
            .map_err(|error| not_started(&error))?;
        let origin = Origin {
            base_url: BaseUrlOrigin::Sandbox,
            credentials: CredentialsOrigin::Sandbox,
        };
        let credentials = Credentials::api_key(SANDBOX_API_KEY);
        Ok(Self {
            client: build(credentials, Some(sandbox.base_url()), &origin)?,
            origin,
            redaction: Redaction::default(),
            _sandbox: Some(sandbox),
        })
    }

    fn open_server(base_url: Option<String>) -> Result<Self, Failure> {
        let (base_url, base_url_origin) = match base_url {
            Some(base_url) => (Some(base_url), BaseUrlOrigin::Argument),
            None => match environment::read_base_url()? {
                Some(base_url) => (Some(base_url), BaseUrlOrigin::Environment),
                None => (None, BaseUrlOrigin::Document),
            },
        };

        let (credentials, credentials_origin) = match environment::read_credentials()? {
            environment::Credentials::ApiKey(key) => {
                (Credentials::api_key(key), CredentialsOrigin::ApiKey)
            }
            environment::Credentials::Client { id, secret } => {
                (Credentials::client(id, secret), CredentialsOrigin::Client)
            }
        };
        let redaction = Redaction::of(&credentials);

        let origin = Origin {
            base_url: base_url_origin,
            credentials: credentials_origin,
        };
        Ok(Self {
            client: build(credentials, base_url, &origin)?,
            origin,
            redaction,
            _sandbox: None,
        })
    }
}

fn build(
    credentials: Credentials,
    base_url: Option<String>,
    origin: &Origin,
) -> Result<Client, Failure> {
    let builder = Client::builder(credentials);
    let builder = match base_url {
        Some(base_url) => builder.base_url(base_url),
        None => builder,
    };
    builder
        .build()
        .map_err(|error| diagnosis::diagnose(&error, origin, None))
}

fn not_started(error: &StartError) -> Failure {
    let hint = match error {
        StartError::Document { help, .. } => help.clone(),
        _ => {
            "let this process listen on 127.0.0.1; the sandbox takes any free port there".to_owned()
        }
    };
    Failure::of(Exit::Failed, error, hint)
}
