//! Where Jelou delivers events, and how it authenticates there. Sends nothing and looks nothing up.

mod address;
mod auth;
mod name;
mod update;
mod url;

pub use auth::WebhookAuth;
pub use url::{InvalidWebhookUrl, WebhookUrl};
