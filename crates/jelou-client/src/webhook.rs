//! The webhook of a panel: where Jelou delivers events, how it authenticates there, and the events.
//!
//! # Receive an event
//! Verify the bytes of the body **as they arrived**, before anything reads them. A body that was parsed and serialized again has
//! other bytes, and its signature does not match.
//!
//! ```
//! use jelou_client::{Secret, webhook::{self, Event}};
//!
//! # fn handle(headers: &http::HeaderMap, body: Vec<u8>) -> Result<(), webhook::VerifyError> {
//! // The signing secret that `integrations().create` returned. After a regeneration, the old one beside it, until the new one is
//! // everywhere.
//! let secrets = [Secret::from("SIGNING_SECRET")];
//! match webhook::verify(headers, body, &secrets)? {
//!     Event::Message(message) => println!("message {}", message.value.id().as_str()),
//!     Event::ConversationStart(_) | Event::ConversationClose(_) => {}
//!     // An unknown event is not an error: answer 200, or Jelou may deliver it again.
//!     other => println!("an event of {} bytes", other.raw_json().len()),
//! }
//! # Ok(())
//! # }
//! ```
//!
//! With the feature `axum`, [`Event`] is an extractor, and [`VerifyError`] the response if it fails.
//!
//! The pages do not say whether an event may arrive twice or out of order, so expect both: recognize a message by its `value.id`.
//! Answer with a 2XX before you process the event (`event-answer` in the reconciliation).

mod address;
mod auth;
mod event;
#[cfg(feature = "axum")]
mod extractor;
mod name;
mod reply;
mod update;
mod url;
mod verification;

pub use auth::WebhookAuth;
pub use event::{Event, Received};
#[cfg(feature = "axum")]
pub use extractor::SigningSecrets;
pub use spec_first_runtime::SignatureError;
pub use url::{InvalidWebhookUrl, WebhookUrl};
pub use verification::{BODY_LIMIT, SIGNATURE_HEADER, VerifyError, sign, verify};
