//! The client: the runtime's, with the operations of the panel.

use spec_first_runtime::{Client as Runtime, Credentials, UntypedRequest};

use crate::generated::{self, API};
use crate::{ClientBuilder, Integrations, raw};

/// A client of the External Support Panel. Cloning it is cheap and shares its connections.
///
/// ```no_run
/// use jelou_client::{Client, Credentials};
///
/// let client = Client::builder(Credentials::client("CLIENT_ID", "CLIENT_SECRET")).build()?;
/// # Ok::<(), jelou_client::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Client(Runtime);

impl From<Runtime> for Client {
    fn from(runtime: Runtime) -> Self {
        Self(runtime)
    }
}

impl Client {
    /// Configures a client that uses `credentials`; see [`ClientBuilder`] for the defaults.
    pub fn builder(credentials: Credentials) -> ClientBuilder {
        ClientBuilder::new(&API, credentials)
    }

    /// The default base URL: the first server of the document, `https://gateway.jelou.ai/jelouapi`.
    pub fn default_base_url() -> &'static str {
        API.default_base_url().unwrap_or_default()
    }

    /// A client of the same server that uses `credentials`, and shares everything else with this one: connections, trusted
    /// certificates, timeouts, and the budget of retries.
    ///
    /// An API key belongs to one project, so a program that serves many projects has many keys: build one client, and derive
    /// the others from it. Deriving one costs no handshake and loads no certificates. Credentials that cannot be sent are
    /// reported by the first request, as [`Error::InvalidInput`](crate::Error::InvalidInput), or earlier by
    /// [`Credentials::check`].
    ///
    /// ```no_run
    /// use jelou_client::{Client, Credentials};
    ///
    /// # async fn update(keys: Vec<(String, String)>) -> Result<(), jelou_client::Error> {
    /// let shared = Client::builder(Credentials::api_key("API_KEY")).build()?;
    /// for (project_id, api_key) in keys {
    ///     let client = shared.with_credentials(Credentials::api_key(api_key));
    ///     let update = client.integrations().update(project_id);
    ///     update.webhook_url("https://my-system.com/webhook/jelou-v2").send().await?;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn with_credentials(&self, credentials: Credentials) -> Self {
        Self(self.0.with_credentials(credentials))
    }

    /// The operations on integrations, which connect projects with the panel.
    pub fn integrations(&self) -> Integrations<'_> {
        Integrations::new(&self.0)
    }

    /// The URL to which the paths of the document are appended, without a slash at its end.
    pub fn base_url(&self) -> &str {
        self.0.base_url()
    }

    /// The generated client, with the same credentials, retries and limits; see [`raw`].
    ///
    /// A response body of more than 1 MiB arrives cut off.
    pub fn raw(&self) -> raw::Client {
        generated::client(&self.0.call().raw())
    }

    /// Begins a request with any method and path, for what the document does not describe; with the same credentials, retries
    /// and limits. `path` is appended to the base URL: it begins with `/`, is percent-encoded, and may have a query.
    ///
    /// ```no_run
    /// # async fn look(client: jelou_client::Client) -> Result<(), jelou_client::Error> {
    /// let response = client.request("GET", "/v1/external-support/PROJECT_ID").send().await?;
    /// println!("{}: {}", response.status(), String::from_utf8_lossy(response.body()));
    /// # Ok(())
    /// # }
    /// ```
    pub fn request(&self, method: &str, path: &str) -> UntypedRequest<'_> {
        self.0.request(method, path)
    }
}
