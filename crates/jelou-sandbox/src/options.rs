//! The configuration of a sandbox.

mod modes;

use std::{
    net::{Ipv4Addr, SocketAddr},
    path::PathBuf,
    time::Duration,
};

use secrecy::SecretString;

use crate::{CorsOrigin, Fault, Scenario, record::Limits};

pub use modes::{Authentication, ReplyShape, UnknownMode};

/// Configures a sandbox. By default:
///
/// - it serves [`jelou_spec::EXTERNAL_SUPPORT`] on a free port of `127.0.0.1`;
/// - no project has an integration;
/// - it accepts every well-formed credential that the document describes;
/// - it replies with the bare integration, [`ReplyShape::Flat`];
/// - it keeps the last 10,000 requests, in at most 768 KiB;
/// - it serves 1,024 connections at once, and waits 15 seconds for the head of a request and another 15 for its body;
/// - it lets pages on this machine use the API from a browser.
///
/// ```
/// use jelou_sandbox::{Options, ReplyShape};
///
/// let options = Options::default()
///     .integration("PROJECT_ID")
///     .reply_shape(ReplyShape::Enveloped)
///     .client("client-id", "client-secret");
/// assert!(!format!("{options:?}").contains("client-secret"));
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct Options {
    pub(crate) address: SocketAddr,
    pub(crate) document_name: String,
    pub(crate) document_text: String,
    pub(crate) projects: Vec<String>,
    pub(crate) every_project: bool,
    /// The name of the seed in messages, and its text, which may contain secrets.
    pub(crate) seed: Option<(String, SecretString)>,
    pub(crate) state_file: Option<PathBuf>,
    pub(crate) reply_shape: ReplyShape,
    pub(crate) authentication: Authentication,
    pub(crate) record_limits: Limits,
    pub(crate) receive_timeout: Duration,
    pub(crate) max_connections: usize,
    pub(crate) cors: Vec<CorsOrigin>,
    pub(crate) accepted: Vec<Credential>,
    pub(crate) fail_with: Option<u16>,
    pub(crate) scenario: Scenario,
    pub(crate) strict: bool,
}

/// A credential that a sandbox accepts. Its `Debug` form does not show the secret.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Credential {
    /// The value of an `apiKey` scheme, or the token of a bearer scheme.
    ApiKey(SecretString),
    /// A user name and password for HTTP Basic authentication.
    Client {
        /// The client ID, sent as the user name.
        id: String,
        /// The client secret, sent as the password.
        secret: SecretString,
    },
}

impl Default for Options {
    fn default() -> Self {
        Self {
            address: (Ipv4Addr::LOCALHOST, 0).into(),
            document_name: jelou_spec::EXTERNAL_SUPPORT.name.to_owned(),
            document_text: jelou_spec::EXTERNAL_SUPPORT.text.to_owned(),
            projects: Vec::new(),
            every_project: false,
            seed: None,
            state_file: None,
            reply_shape: ReplyShape::default(),
            authentication: Authentication::default(),
            record_limits: Limits::default(),
            receive_timeout: Duration::from_secs(15),
            max_connections: 1024,
            cors: vec![CorsOrigin::Loopback],
            accepted: Vec::new(),
            fail_with: None,
            scenario: Scenario::default(),
            strict: false,
        }
    }
}

impl Options {
    /// Listens on this address; port 0 picks a free port.
    pub fn address(mut self, address: SocketAddr) -> Self {
        self.address = address;
        self
    }

    /// Serves this OpenAPI 3.0 document; error messages call it `name`.
    pub fn document(mut self, name: impl Into<String>, text: impl Into<String>) -> Self {
        self.document_name = name.into();
        self.document_text = text.into();
        self
    }

    /// Gives this project an integration; can be repeated.
    pub fn integration(mut self, project_id: impl Into<String>) -> Self {
        self.projects.push(project_id.into());
        self
    }

    /// Gives every project an integration, created on first use; for load tests with many projects.
    pub fn every_project(mut self) -> Self {
        self.every_project = true;
        self
    }

    /// Starts with the integrations of this seed, in addition to those of [`Options::integration`]; error messages call it
    /// `name`.
    ///
    /// A seed is YAML or JSON. Omitted fields have defaults:
    ///
    /// ```yaml
    /// integrations:
    ///   PROJECT_ID:
    ///     id: INTEGRATION_ID
    ///     brainId: BRAIN_ID
    ///     webhookUrl: https://my-system.com/webhook/jelou
    ///     authType: bearer
    ///     authorization: WEBHOOK_AUTHORIZATION
    ///     createdAt: 2026-01-15T10:30:00Z
    ///     updatedAt: 2026-01-22T09:15:00Z
    ///   OTHER_PROJECT_ID: {}
    /// ```
    pub fn seed(mut self, name: impl Into<String>, text: impl Into<SecretString>) -> Self {
        self.seed = Some((name.into(), text.into()));
        self
    }

    /// Keeps the integrations in this file, so that a later sandbox resumes with them; by default they are kept in memory.
    ///
    /// If the file does not exist, it is created with the integrations of [`Options::integration`] and [`Options::seed`].
    /// Otherwise the sandbox resumes with its content ([`Sandbox::resumed`](crate::Sandbox::resumed)). A change is on disk
    /// before its request is answered, and survives a kill of the process. The file contains the authorization of each
    /// integration in plain text and is readable only by its owner. Only one sandbox can use it at a time:
    /// [`Sandbox::shutdown`](crate::Sandbox::shutdown) returns once it is released; dropping the sandbox releases it
    /// shortly after.
    /// later.
    pub fn state_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.state_file = Some(path.into());
        self
    }

    /// Sets the shape of replies.
    pub fn reply_shape(mut self, shape: ReplyShape) -> Self {
        self.reply_shape = shape;
        self
    }

    /// Sets which of the documented credentials are required.
    pub fn authentication(mut self, authentication: Authentication) -> Self {
        self.authentication = authentication;
        self
    }

    /// Keeps at most this many requests for [`Sandbox::received`](crate::Sandbox::received); 10,000 by default. They are also
    /// limited to 768 KiB, enough for about 2,300 small ones.
    pub fn keep_requests(mut self, requests: usize) -> Self {
        self.record_limits.requests = requests;
        self
    }

    /// Sets how long the head of a request, and then its body, may take to arrive; 15 seconds by default.
    ///
    /// A late body gets a 408. A connection whose head is late is closed without a response, even if it served requests
    /// before.
    pub fn receive_timeout(mut self, timeout: Duration) -> Self {
        self.receive_timeout = timeout;
        self
    }

    /// Sets the maximum number of concurrent connections, at least 1; 1,024 by default.
    ///
    /// A new connection replaces the one that has been idle longest, or waits if none has been idle for 200 milliseconds. The
    /// same happens when the process runs out of file descriptors.
    pub fn max_connections(mut self, connections: usize) -> Self {
        self.max_connections = connections;
        self
    }

    /// Sets the origins whose pages may use the API from a browser (CORS); [`CorsOrigin::Loopback`] by default. An empty list
    /// turns CORS off. The control API never allows other origins.
    pub fn cors(mut self, origins: impl IntoIterator<Item = CorsOrigin>) -> Self {
        self.cors = origins.into_iter().collect();
        self
    }

    /// Accepts only this credential; repeat it to accept several.
    pub fn accept(mut self, credential: Credential) -> Self {
        self.accepted.push(credential);
        self
    }

    /// Accepts this API key, as [`Options::accept`] does.
    pub fn api_key(self, secret: impl Into<String>) -> Self {
        self.accept(Credential::ApiKey(SecretString::from(secret.into())))
    }

    /// Accepts this client id with this client secret, as [`Options::accept`] does.
    pub fn client(self, id: impl Into<String>, secret: impl Into<String>) -> Self {
        self.accept(Credential::Client {
            id: id.into(),
            secret: SecretString::from(secret.into()),
        })
    }

    /// Responds to every valid request with this status if its operation documents it, without changing anything.
    pub fn fail_with(mut self, status: u16) -> Self {
        self.fail_with = Some(status);
        self
    }

    /// Rejects what the sandbox otherwise accepts with a note: a document with flaws
    /// ([`Sandbox::flaws`](crate::Sandbox::flaws)), and `readOnly` properties in requests.
    pub fn strict(mut self) -> Self {
        self.strict = true;
        self
    }

    /// Applies this fault to requests; can be repeated, and the first that applies wins.
    pub fn fault(mut self, fault: Fault) -> Self {
        self.scenario.add(fault);
        self
    }

    /// Applies the rules of this scenario, replacing the faults set before.
    pub fn scenario(mut self, scenario: Scenario) -> Self {
        self.scenario = scenario;
        self
    }

    /// Sets the seed of the faults; 0 by default.
    ///
    /// The faults of a request depend only on the seed and its number, so runs with the same requests are reproducible.
    /// Requests are numbered by arrival over all connections: with several connections, the same numbers are affected,
    /// whichever requests get them.
    pub fn fault_seed(mut self, seed: u64) -> Self {
        self.scenario.seed = Some(seed);
        self
    }
}
