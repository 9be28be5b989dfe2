//! The configuration of a sandbox of the panel.

use std::{net::SocketAddr, path::PathBuf, time::Duration};

use secrecy::SecretString;
use spec_first_sandbox::{
    Authentication, CorsOrigin, Credential, DeliveryFault, ErrorFormat, Fault, Scenario, Upstream,
};

use crate::{ReplyShape, errors};

/// Configures a sandbox. By default:
///
/// - it serves [`jelou_spec::EXTERNAL_SUPPORT`];
/// - webhooks may be on loopback, which the document does not allow;
/// - no project has an integration;
/// - it replies with the bare integration, [`ReplyShape::Flat`];
/// - everything else is as in [`spec_first_sandbox::Options`].
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
    pub(crate) server: spec_first_sandbox::Options,
    pub(crate) projects: Vec<String>,
    pub(crate) every_project: bool,
    /// The name of the seed in messages, and its text, which may contain secrets.
    pub(crate) seed: Option<(String, SecretString)>,
    pub(crate) state_file: Option<PathBuf>,
}

impl Default for Options {
    fn default() -> Self {
        let document = jelou_spec::EXTERNAL_SUPPORT;
        let text = document.text.replacen(HTTPS_ONLY, HTTPS_OR_LOOPBACK, 1);
        let server = spec_first_sandbox::Options::new(document.name, text)
            .error_format(ErrorFormat::new("application/json", errors::body));
        let options = Self {
            server,
            projects: Vec::new(),
            every_project: false,
            seed: None,
            state_file: None,
        };
        options.reply_shape(ReplyShape::default())
    }
}

/// The pattern of a webhook URL in the document.
const HTTPS_ONLY: &str = "'^https://[^/?#@]+([/?#]|$)'";

/// A panel that is being developed listens on loopback, without a certificate.
const HTTPS_OR_LOOPBACK: &str =
    r"'^(https://[^/?#@]+|http://(localhost|127\.0\.0\.1|\[::1\])(:[0-9]+)?)([/?#]|$)'";

/// Forwards settings to the server.
macro_rules! server_options {
    ($($name:ident($($argument:ident: $type:ty),*);)*) => {
        $(
            #[doc = concat!("See [`spec_first_sandbox::Options::", stringify!($name), "`].")]
            pub fn $name(mut self, $($argument: $type),*) -> Self {
                self.server = self.server.$name($($argument),*);
                self
            }
        )*
    };
}

impl Options {
    /// Gives this project an integration; can be repeated.
    pub fn integration(mut self, project_id: impl Into<String>) -> Self {
        self.projects.push(project_id.into());
        self
    }

    /// Gives every project an integration, created on first use but not again after it was deleted; for load tests with many
    /// projects.
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

    /// Keeps the integrations and conversations in this file, so that a later sandbox resumes with them; by default they are kept in
    /// memory.
    ///
    /// If the file does not exist, it is created with the integrations of [`Options::integration`] and [`Options::seed`].
    /// Otherwise the sandbox resumes with its content ([`Sandbox::resumed`](crate::Sandbox::resumed)). A change is on disk
    /// before its request is answered, and survives a kill of the process. The file contains the authorization of each
    /// integration in plain text and is readable only by its owner. Only one sandbox can use it at a time:
    /// [`Sandbox::shutdown`](crate::Sandbox::shutdown) returns once it is released; dropping the sandbox releases it
    /// shortly after.
    pub fn state_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.state_file = Some(path.into());
        self
    }

    /// Delivers an event up to this many times, until the webhook answers with a 2XX; once by default. Waits between attempts,
    /// twice as long each time.
    pub fn delivery_attempts(mut self, attempts: u32) -> Self {
        self.server = self.server.webhook_attempts(attempts);
        self
    }

    /// Sets the shape of replies.
    pub fn reply_shape(mut self, shape: ReplyShape) -> Self {
        self.server = self.server.examples(shape.examples());
        self
    }

    server_options! {
        address(address: SocketAddr);
        document(name: impl Into<String>, text: impl Into<String>);
        authentication(authentication: Authentication);
        keep_requests(requests: usize);
        receive_timeout(timeout: Duration);
        max_connections(connections: usize);
        cors(origins: impl IntoIterator<Item = CorsOrigin>);
        accept(credential: Credential);
        api_key(secret: impl Into<String>);
        client(id: impl Into<String>, secret: impl Into<String>);
        fail_with(status: u16);
        strict();
        fault(fault: Fault);
        scenario(scenario: Scenario);
        fault_seed(seed: u64);
        delivery_fault(fault: DeliveryFault);
        proxy(upstream: Upstream);
        decisions(decisions: impl IntoIterator<Item = (impl Into<String>, impl Into<String>)>);
    }
}
