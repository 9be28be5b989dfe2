//! The configuration of a sandbox.

use std::{
    net::{Ipv4Addr, SocketAddr},
    time::Duration,
};

use secrecy::SecretString;
use spec_first_document::{Document, Finding};

use crate::{
    Authentication, CorsOrigin, Credential, DeliveryFault, ErrorFormat, Fault, Scenario, Upstream,
    WebhookUrl, record::Limits,
};

/// Configures a sandbox. By default:
///
/// - it listens on a free port of `127.0.0.1`;
/// - it accepts every well-formed credential that the document describes;
/// - it keeps the last 10,000 requests, in at most 768 KiB;
/// - it serves 1,024 connections at once, and waits 15 seconds for the head of a request and another 15 for its body;
/// - it lets pages on this machine use the API from a browser.
///
/// ```
/// use spec_first_sandbox::Options;
///
/// let options = Options::new("api.yaml", "openapi: 3.0.3\npaths: {}\n").client("client-id", "client-secret");
/// assert!(!format!("{options:?}").contains("client-secret"));
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct Options {
    pub(crate) address: SocketAddr,
    pub(crate) document: Result<Document, Finding>,
    pub(crate) examples: Vec<String>,
    pub(crate) errors: ErrorFormat,
    pub(crate) authentication: Authentication,
    pub(crate) record_limits: Limits,
    pub(crate) receive_timeout: Duration,
    pub(crate) max_connections: usize,
    pub(crate) cors: Vec<CorsOrigin>,
    pub(crate) accepted: Vec<Credential>,
    pub(crate) fail_with: Option<u16>,
    pub(crate) scenario: Scenario,
    pub(crate) strict: bool,
    pub(crate) upstream: Option<Upstream>,
    pub(crate) is_stateless: bool,
    pub(crate) seed: u64,
    pub(crate) webhook: Option<WebhookUrl>,
    pub(crate) webhook_secret: Option<SecretString>,
    pub(crate) webhook_attempts: u32,
    pub(crate) delivery_fault: Option<DeliveryFault>,
    pub(crate) decisions: Vec<(String, String)>,
}

impl Options {
    /// Serves this OpenAPI document, in YAML or JSON; error messages call it `name`. If it is in several files, use
    /// [`Options::from_document`].
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Self {
        Self::of(Document::parse(&name.into(), &text.into()))
    }

    /// Serves a document that was read before, for example with [`Document::read`].
    pub fn from_document(document: Document) -> Self {
        Self::of(Ok(document))
    }

    /// If the document could not be read, the sandbox does not start.
    fn of(document: Result<Document, Finding>) -> Self {
        Self {
            document,
            address: (Ipv4Addr::LOCALHOST, 0).into(),
            examples: Vec::new(),
            errors: ErrorFormat::default(),
            authentication: Authentication::default(),
            record_limits: Limits::default(),
            receive_timeout: Duration::from_secs(15),
            max_connections: 1024,
            cors: vec![CorsOrigin::Loopback],
            accepted: Vec::new(),
            fail_with: None,
            scenario: Scenario::default(),
            strict: false,
            upstream: None,
            is_stateless: false,
            seed: 0,
            webhook: None,
            webhook_secret: None,
            webhook_attempts: 1,
            delivery_fault: None,
            decisions: Vec::new(),
        }
    }

    /// Listens on this address; port 0 picks a free port.
    pub fn address(mut self, address: SocketAddr) -> Self {
        self.address = address;
        self
    }

    /// Serves this document instead of the one given before; error messages call it `name`.
    pub fn document(mut self, name: impl Into<String>, text: impl Into<String>) -> Self {
        self.document = Document::parse(&name.into(), &text.into());
        self
    }

    /// Replies with the example of this name, if there is one; with several names, each reply uses the next one. By default,
    /// replies use the first example that conforms to the document.
    pub fn examples(mut self, names: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.examples = names.into_iter().map(Into::into).collect();
        self
    }

    /// Sets the shape of the errors that the sandbox makes itself; problem details (RFC 9457) by default.
    pub fn error_format(mut self, format: ErrorFormat) -> Self {
        self.errors = format;
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

    /// Passes each request to this server instead of answering it, and records what does not fit the document in the request
    /// and in the response, see [`Sandbox::traffic`](crate::Sandbox::traffic).
    ///
    /// The response gets the header `Sandbox-Problems`, with their number, and `Sandbox-Note`, and is otherwise unchanged.
    /// Faults apply; examples, a state, preferences and [`Options::fail_with`] do not.
    pub fn proxy(mut self, upstream: Upstream) -> Self {
        self.upstream = Some(upstream);
        self
    }

    /// Names decisions, each with the JSON pointer of a place in the document that rests on it. [`Sandbox::traffic`](crate::Sandbox::traffic)
    /// then says how many exchanges support and contradict each.
    pub fn decisions(
        mut self,
        decisions: impl IntoIterator<Item = (impl Into<String>, impl Into<String>)>,
    ) -> Self {
        let decisions = decisions.into_iter();
        self.decisions = decisions
            .map(|(name, pointer)| (name.into(), pointer.into()))
            .collect();
        self
    }

    /// Answers every request from the document alone, and keeps nothing; by default, [`Resources`](crate::Resources) are kept.
    pub fn stateless(mut self) -> Self {
        self.is_stateless = true;
        self
    }

    /// Chooses among the values that are generated where the document has no example; 0 by default. The same seed gives the same
    /// values.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Sends the webhooks of the document here, each after the operations that it is about, and allows callbacks to this host. By
    /// default, webhooks are sent only by hand, and callbacks only to this machine.
    pub fn webhook(mut self, url: WebhookUrl) -> Self {
        self.webhook = Some(url);
        self
    }

    /// Signs webhooks and callbacks with HMAC-SHA256 of their body, in the header that the document describes (a header parameter
    /// with `signature` in its name), or else in `X-Signature`: `sha256=` and hexadecimal digits.
    pub fn webhook_secret(mut self, secret: impl Into<SecretString>) -> Self {
        self.webhook_secret = Some(secret.into());
        self
    }

    /// Sends a webhook or callback up to this many times, until the receiver answers with a 2XX; once by default. It waits a
    /// moment in between, twice as long each time.
    pub fn webhook_attempts(mut self, attempts: u32) -> Self {
        self.webhook_attempts = attempts.max(1);
        self
    }

    /// Sends webhooks and callbacks with this fault.
    pub fn delivery_fault(mut self, fault: DeliveryFault) -> Self {
        self.delivery_fault = Some(fault);
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
