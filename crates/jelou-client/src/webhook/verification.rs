//! Verifies and makes the signature of an event. Parses nothing before the signature fits.

use http::HeaderMap;
use spec_first_runtime::{Bytes, SignatureError};

use super::Event;
use crate::Secret;
use crate::generated::WEBHOOK_SIGNATURE;

/// The header that carries the signature, in lower case.
pub const SIGNATURE_HEADER: &str = WEBHOOK_SIGNATURE.header();

/// The most bytes of a body that are read: 1 MiB.
pub const BODY_LIMIT: usize = 1024 * 1024;

/// Why an event was not accepted. No message contains a part of the event or of a secret.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum VerifyError {
    /// The signature is missing, or does not fit the bytes and a secret: anybody may have sent it.
    #[error(transparent)]
    Signature(SignatureError),
    /// The body is longer than [`BODY_LIMIT`].
    #[error("the body is longer than {BODY_LIMIT} bytes")]
    TooLong,
    /// The body could not be received to its end.
    #[error("the body could not be received")]
    NotReceived(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The signature fits, but the body is not JSON in UTF-8.
    #[error("the body is not JSON, at line {line} column {column}")]
    NotJson {
        /// The line, from 1.
        line: usize,
        /// The column, from 1.
        column: usize,
    },
}

impl VerifyError {
    /// The status to answer with: 401, 413 or 400.
    pub fn status(&self) -> u16 {
        match self {
            Self::Signature(_) => 401,
            Self::TooLong => 413,
            Self::NotReceived(_) | Self::NotJson { .. } => 400,
        }
    }
}

/// Reads the event in `body`, the bytes as they were received, if one of `secrets` signed them. It takes the same time wherever the
/// signatures differ.
///
/// Source: the page about signatures; `signature-bytes`, `signature-form` and `signature-required` in the reconciliation.
///
/// # Errors
/// [`VerifyError`]. An event of a kind, or with a content, that this version does not know is not an error, but
/// [`Event::Unknown`].
pub fn verify(
    headers: &HeaderMap,
    body: impl Into<Bytes>,
    secrets: &[Secret],
) -> Result<Event, VerifyError> {
    let body = body.into();
    if body.len() > BODY_LIMIT {
        return Err(VerifyError::TooLong);
    }
    WEBHOOK_SIGNATURE
        .verify(headers, &body, secrets)
        .map_err(VerifyError::Signature)?;
    Event::read(body)
}

/// The value of [`SIGNATURE_HEADER`] for `body`, to test a receiver. [`messages().send`](crate::messages::Messages::send) signs what it
/// sends, with [`Credentials::signing_secret`](crate::Credentials::signing_secret).
///
/// ```
/// use jelou_client::{Secret, webhook::{self, Event}};
///
/// let secret = Secret::from("SIGNING_SECRET");
/// let body = r#"{"event":"conversation.start"}"#;
/// let mut headers = http::HeaderMap::new();
/// headers.insert(webhook::SIGNATURE_HEADER, webhook::sign(&secret, body.as_bytes()).parse()?);
/// let event = webhook::verify(&headers, body, &[secret])?;
/// assert!(matches!(event, Event::ConversationStart(_)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn sign(secret: &Secret, body: &[u8]) -> String {
    WEBHOOK_SIGNATURE.sign(secret, body)
}
