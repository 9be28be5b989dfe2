//! The combinations of reply shape and credentials that the sandbox supports.

use std::fmt;

use jelou_sandbox::{Authentication, Options, ReplyShape};

const API_KEY: &str = "conformance-key";
const CLIENT_ID: &str = "conformance-client";
const CLIENT_SECRET: &str = "conformance-secret";

const REPLIES: [(&str, ReplyShape); 3] = [
    ("flat", ReplyShape::Flat),
    ("enveloped", ReplyShape::Enveloped),
    ("alternate", ReplyShape::Alternate),
];

const AUTHENTICATIONS: [(&str, Authentication, Credentials); 5] = [
    ("api-key", Authentication::ApiKey, Credentials::ApiKey),
    ("basic", Authentication::Basic, Credentials::Client),
    (
        "either, with a key",
        Authentication::Either,
        Credentials::ApiKey,
    ),
    (
        "either, as a client",
        Authentication::Either,
        Credentials::Client,
    ),
    ("none", Authentication::None, Credentials::None),
];

/// A reply shape, the credentials the sandbox requires, and the credentials to send.
pub(super) struct Mode {
    reply: (&'static str, ReplyShape),
    authentication: (&'static str, Authentication, Credentials),
}

#[derive(Clone, Copy)]
enum Credentials {
    ApiKey,
    Client,
    None,
}

impl Mode {
    pub(super) fn all() -> impl Iterator<Item = Self> {
        REPLIES.into_iter().flat_map(|reply| {
            AUTHENTICATIONS.map(|authentication| Self {
                reply,
                authentication,
            })
        })
    }

    /// Options for the sandbox. Every project has an integration, since requests for made-up projects would otherwise
    /// all get a 404.
    pub(super) fn options(&self) -> Options {
        Options::default()
            .every_project()
            .reply_shape(self.reply.1)
            .authentication(self.authentication.1)
            .api_key(API_KEY)
            .client(CLIENT_ID, CLIENT_SECRET)
    }

    /// Arguments that tell schemathesis which credentials to send.
    pub(super) fn credentials(&self) -> Vec<String> {
        match self.authentication.2 {
            Credentials::ApiKey => vec!["--header".to_owned(), format!("x-api-key: {API_KEY}")],
            Credentials::Client => {
                vec!["--auth".to_owned(), format!("{CLIENT_ID}:{CLIENT_SECRET}")]
            }
            Credentials::None => Vec::new(),
        }
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(&format!("{}; {}", self.reply.0, self.authentication.0))
    }
}
