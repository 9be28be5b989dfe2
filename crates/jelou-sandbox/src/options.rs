//! What a sandbox is told when it starts.

mod modes;

use std::{
    net::{Ipv4Addr, SocketAddr},
    path::PathBuf,
    time::Duration,
};

use secrecy::SecretString;

use crate::{CorsOrigin, Fault, Scenario, record::Limits};

pub use modes::{Authentication, ReplyShape, UnknownMode};

/// How a sandbox behaves. By default:
///
/// - it serves [`jelou_spec::EXTERNAL_SUPPORT`] on a free port of `127.0.0.1`;
/// - no project has an integration;
/// - it accepts every well-formed credential that the document describes;
/// - it replies with the integration itself, [`ReplyShape::Flat`];
/// - it keeps the last 10,000 requests, as far as 768 KiB hold them;
/// - it serves 1,024 connections at once, and waits 15 seconds for the head of a request, and as long again for its body;
/// - it lets the pages of this machine use the API from a browser.
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
    /// What messages call the seed, and its text, which may hold secrets.
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
    /// User name and password of HTTP Basic authentication.
    Client {
        /// The client id, which is the user name.
        id: String,
        /// The client secret, which is the password.
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
    /// Listens on this address; port 0 stands for any free port.
    pub fn address(mut self, address: SocketAddr) -> Self {
        self.address = address;
        self
    }

    /// Serves this OpenAPI 3.0 document; `name` is what error messages call it.
    pub fn document(mut self, name: impl Into<String>, text: impl Into<String>) -> Self {
        self.document_name = name.into();
        self.document_text = text.into();
        self
    }

    /// Gives this project an integration; may be repeated.
    pub fn integration(mut self, project_id: impl Into<String>) -> Self {
        self.projects.push(project_id.into());
        self
    }

    /// Gives every project an integration, made when it is asked for first; for load tests with many projects.
    pub fn every_project(mut self) -> Self {
        self.every_project = true;
        self
    }

    /// Starts with the integrations of this seed, besides those of [`Options::integration`]; `name` is what error messages
    /// call it.
    ///
    /// A seed is YAML or JSON. A field that is left out has its default:
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

    /// Keeps the integrations in this file, so that a later sandbox goes on with them; by default they are kept in memory.
    ///
    /// A file that does not exist is made, with what [`Options::integration`] and [`Options::seed`] say. With one that
    /// exists, the sandbox goes on with what is in it ([`Sandbox::continues`](crate::Sandbox::continues)). What was changed
    /// is on the disk before the request is answered, and stays there if the process is killed. The file holds the
    /// authorization of each integration in clear; it is made for its owner alone. One sandbox uses it at a time:
    /// [`Sandbox::shutdown`](crate::Sandbox::shutdown) returns when the next one can, one that is dropped lets it go a little
    /// later.
    pub fn state_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.state_file = Some(path.into());
        self
    }

    /// Replies in this shape.
    pub fn reply_shape(mut self, shape: ReplyShape) -> Self {
        self.reply_shape = shape;
        self
    }

    /// Asks for these of the credentials that the document describes.
    pub fn authentication(mut self, authentication: Authentication) -> Self {
        self.authentication = authentication;
        self
    }

    /// Keeps at most this many requests for [`Sandbox::received`](crate::Sandbox::received); 10,000 unless told otherwise. Those
    /// that are kept take 768 KiB at most, which about 2,300 small ones do.
    pub fn keep_requests(mut self, requests: usize) -> Self {
        self.record_limits.requests = requests;
        self
    }

    /// How long the head of a request may take to arrive, and then its body; 15 seconds by default.
    ///
    /// A late body is answered with 408. A connection whose head is late is closed without an answer, even if it served
    /// requests before.
    pub fn receive_timeout(mut self, timeout: Duration) -> Self {
        self.receive_timeout = timeout;
        self
    }

    /// The maximum number of concurrent connections, at least 1; 1,024 by default.
    ///
    /// A new connection replaces the one that has been idle longest, or waits if none has been idle for 200 milliseconds. The
    /// same happens when the process runs out of file descriptors.
    pub fn max_connections(mut self, connections: usize) -> Self {
        self.max_connections = connections;
        self
    }

    /// The origins whose pages may use the API from a browser (CORS); replaces [`CorsOrigin::Loopback`], and an empty list turns
    /// CORS off. The control API never allows other origins.
    pub fn cors(mut self, origins: impl IntoIterator<Item = CorsOrigin>) -> Self {
        self.cors = origins.into_iter().collect();
        self
    }

    /// Accepts this credential and no other but those that were given too; may be repeated.
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

    /// Answers every request that the document allows with this status, as far as its operation documents it, and
    /// changes nothing.
    pub fn fail_with(mut self, status: u16) -> Self {
        self.fail_with = Some(status);
        self
    }

    /// Refuses what the sandbox otherwise accepts with a note: a document with flaws
    /// ([`Sandbox::flaws`](crate::Sandbox::flaws)), and `readOnly` properties in requests.
    pub fn strict(mut self) -> Self {
        self.strict = true;
        self
    }

    /// Strikes requests with this fault; may be repeated, and the first that strikes wins.
    pub fn fault(mut self, fault: Fault) -> Self {
        self.scenario.add(fault);
        self
    }

    /// Strikes requests by the rules of this scenario, in place of the faults given before.
    pub fn scenario(mut self, scenario: Scenario) -> Self {
        self.scenario = scenario;
        self
    }

    /// What the faults are drawn from; 0 unless told otherwise.
    ///
    /// What is drawn for a request depends on the seed and on its number alone, so that a run with the same requests repeats
    /// itself. Requests are numbered as they come in, over all connections: with several at once, the same numbers are
    /// struck, whichever request gets them.
    pub fn fault_seed(mut self, seed: u64) -> Self {
        self.scenario.seed = Some(seed);
        self
    }
}
