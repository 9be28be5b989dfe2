//! Where requests go and who asks: the embedded sandbox, or a server out of the settings. Does not send.

use jelou_client::{Client, Credentials};
use jelou_sandbox::{Options, Sandbox, StartError};

use crate::arguments::target::TargetArguments;
use crate::diagnosis;
use crate::failure::{Exit, Failure};
use crate::origin::{BaseUrlOrigin, CredentialsOrigin, Origin};
use crate::redaction::Redaction;
use crate::settings::Settings;

/// What the sandbox is shown in place of credentials: it accepts any, and real ones stay where they are.
const SANDBOX_API_KEY: &str = "SANDBOX_API_KEY";

/// Where requests are to go; nothing was started yet.
#[derive(Debug)]
pub(crate) enum Destination {
    Sandbox,
    Server(Box<Target>),
}

/// A client that is ready to send.
#[derive(Debug)]
pub(crate) struct Target {
    pub(crate) client: Client,
    pub(crate) origin: Origin,
    pub(crate) redaction: Redaction,
    /// It stops when it is dropped.
    _sandbox: Option<Sandbox>,
}

impl Destination {
    /// What `arguments` ask for, with the credentials of the settings.
    ///
    /// # Errors
    /// The settings or the credentials cannot be used.
    pub(crate) fn of(arguments: &TargetArguments) -> Result<Self, Failure> {
        if arguments.sandbox {
            return Ok(Self::Sandbox);
        }
        let settings = Settings::resolve(arguments)?;
        let (credentials, origin) = settings.read_credentials()?;
        let redaction = Redaction::of(&credentials);
        let client = build(credentials, settings.base_url, &origin)?;
        Ok(Self::Server(Box::new(Target {
            client,
            origin,
            redaction,
            _sandbox: None,
        })))
    }

    /// The sandbox forgets everything, so nobody needs to be asked.
    pub(crate) fn is_sandbox(&self) -> bool {
        matches!(self, Self::Sandbox)
    }

    /// Where requests go, for a question.
    pub(crate) fn name(&self) -> &str {
        match self {
            Self::Sandbox => "the sandbox",
            Self::Server(target) => target.client.base_url(),
        }
    }

    /// The target; the sandbox starts here, as `options` say.
    ///
    /// # Errors
    /// The sandbox does not start.
    pub(crate) async fn open(self, options: Options) -> Result<Target, Failure> {
        match self {
            Self::Server(target) => Ok(*target),
            Self::Sandbox => open_sandbox(options).await,
        }
    }
}

async fn open_sandbox(options: Options) -> Result<Target, Failure> {
    let sandbox = Sandbox::start(options)
        .await
        .map_err(|error| not_started(&error))?;
    let origin = Origin {
        base_url: BaseUrlOrigin::Sandbox,
        credentials: CredentialsOrigin::Sandbox,
    };
    let credentials = Credentials::api_key(SANDBOX_API_KEY);
    Ok(Target {
        client: build(credentials, Some(sandbox.base_url()), &origin)?,
        origin,
        redaction: Redaction::default(),
        _sandbox: Some(sandbox),
    })
}

/// A client for `base_url`, or for the server of the document.
pub(crate) fn build(
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

/// Whether the client takes this base URL, and the proxy that the environment names for it.
///
/// # Errors
/// It does not; the message shows nothing of it.
pub(crate) fn check_base_url(base_url: &str) -> Result<(), Failure> {
    let builder = Client::builder(Credentials::api_key("API_KEY"));
    match builder.base_url(base_url).build() {
        Err(error @ jelou_client::Error::InvalidInput { field, .. }) => {
            let hint = match field {
                "proxy" => diagnosis::CHECK_PROXY,
                _ => {
                    "give `--base-url` the address of the API, such as `https://gateway.jelou.ai/jelouapi`"
                }
            };
            Err(Failure::of(Exit::Usage, &error, hint))
        }
        _ => Ok(()),
    }
}

pub(crate) fn not_started(error: &StartError) -> Failure {
    let hint = match error {
        StartError::Document { help, .. } => help.clone(),
        _ => {
            "let this process listen on 127.0.0.1; the sandbox takes any free port there".to_owned()
        }
    };
    Failure::of(Exit::Failed, error, hint)
}
