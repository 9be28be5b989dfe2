//! The target of requests: the embedded sandbox, or a server from the settings. Does not send.

use jelou_client::{Client, ClientBuilder, Credentials, InvalidWebhookUrl, WebhookUrl};
use jelou_sandbox::{Options, Sandbox, StartError};

use crate::arguments::target::TargetArguments;
use crate::diagnosis;
use crate::failure::{Exit, Failure};
use crate::origin::{BaseUrlOrigin, CredentialsOrigin, Origin};
use crate::redaction::Redaction;
use crate::settings::Settings;

/// Credentials for the sandbox, which accepts any. Real ones are never sent to it.
const SANDBOX_API_KEY: &str = "SANDBOX_API_KEY";

/// Where requests will go; nothing has been started yet.
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
    /// The sandbox stops when this is dropped.
    _sandbox: Option<Sandbox>,
}

impl Target {
    /// A client of a server.
    pub(crate) fn new(client: Client, origin: Origin, redaction: Redaction) -> Self {
        Self {
            client,
            origin,
            redaction,
            _sandbox: None,
        }
    }
}

impl Destination {
    /// Resolves the destination and the credentials for `arguments`.
    ///
    /// # Errors
    /// The settings or the credentials are invalid.
    pub(crate) fn of(arguments: &TargetArguments) -> Result<Self, Failure> {
        if arguments.sandbox {
            return Ok(Self::Sandbox);
        }
        let settings = Settings::resolve(arguments)?;
        let (credentials, origin) = settings.read_credentials()?;
        let redaction = Redaction::of(&credentials);
        let client = build(credentials, settings.base_url, &origin)?;
        let target = Target::new(client, origin, redaction);
        Ok(Self::Server(Box::new(target)))
    }

    /// Changes to the sandbox are lost when it stops, so they need no confirmation.
    pub(crate) fn is_sandbox(&self) -> bool {
        matches!(self, Self::Sandbox)
    }

    /// The destination's name in a confirmation prompt.
    pub(crate) fn name(&self) -> &str {
        match self {
            Self::Sandbox => "the sandbox",
            Self::Server(target) => target.client.base_url(),
        }
    }

    /// Returns the target; starts the sandbox with `options` if it is the destination.
    ///
    /// # Errors
    /// The sandbox cannot start.
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

/// Configures a client for `base_url`, or for the document's server.
pub(crate) fn builder(credentials: Credentials, base_url: Option<String>) -> ClientBuilder {
    let builder = Client::builder(credentials);
    match base_url {
        Some(base_url) => builder.base_url(base_url),
        None => builder,
    }
}

/// Builds a client for `base_url`, or for the document's server.
pub(crate) fn build(
    credentials: Credentials,
    base_url: Option<String>,
    origin: &Origin,
) -> Result<Client, Failure> {
    builder(credentials, base_url)
        .build()
        .map_err(|error| diagnosis::diagnose(&error, origin, None))
}

/// Checks that the client accepts this base URL, and the proxy that the environment names for it.
///
/// # Errors
/// The URL or the proxy is rejected; the message shows neither.
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

/// Reads the URL of a webhook: a public one, or one on this machine if the API is on this machine, too.
pub(crate) fn parse_webhook_url(
    text: &str,
    is_api_local: impl FnOnce() -> bool,
) -> Result<WebhookUrl, InvalidWebhookUrl> {
    WebhookUrl::try_from(text).or_else(|error| match is_local(text) && is_api_local() {
        true => WebhookUrl::for_development(text),
        false => Err(error),
    })
}

/// Whether a server is on this machine.
pub(crate) fn is_local(url: &str) -> bool {
    url::Url::parse(url).is_ok_and(|url| match url.host() {
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        Some(url::Host::Domain(name)) => name == "localhost",
        None => false,
    })
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
