//! What a sandbox is told when it starts.

use std::net::{Ipv4Addr, SocketAddr};

use secrecy::SecretString;

/// How a sandbox behaves. By default:
///
/// - it serves [`jelou_spec::EXTERNAL_SUPPORT`] on a free port of `127.0.0.1`;
/// - no project has an integration;
/// - it accepts every well-formed credential that the document describes;
/// - it replies with the integration itself, [`ReplyShape::Flat`].
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
    pub(crate) reply_shape: ReplyShape,
    pub(crate) accepted: Vec<Credential>,
    pub(crate) fail_with: Option<u16>,
}

/// Which of the two documented shapes a reply with an integration has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ReplyShape {
    /// The integration itself, with timestamps in whole seconds: the schema section of Jelou's page.
    #[default]
    Flat,
    /// The integration in an envelope with the outcome, with timestamps in milliseconds: the prose section of the page.
    Enveloped,
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
            reply_shape: ReplyShape::default(),
            accepted: Vec::new(),
            fail_with: None,
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

    /// Replies in this shape.
    pub fn reply_shape(mut self, shape: ReplyShape) -> Self {
        self.reply_shape = shape;
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
}
