//! Delivers events to the webhook of an integration, with a signature and the headers of its `authType`.

use base64::{Engine, prelude::BASE64_STANDARD};
use secrecy::ExposeSecret;
use serde_json::Value;
use spec_first_sandbox::{Deliveries, Outgoing};
use tokio::task::JoinHandle;

use crate::Integration;

/// The name of the signature header, and the prefix of its value.
pub(crate) const SIGNATURE: (&str, &str) = ("x-jelou-signature", "sha256=");

/// Delivers `event`, named `name`, in a task that returns the number of the delivery.
pub(crate) fn deliver(
    deliveries: &Deliveries,
    integration: &Integration,
    name: &str,
    event: &Value,
) -> JoinHandle<u64> {
    let mut outgoing = Outgoing::new(name, integration.webhook_url(), event.to_string());
    let credentials = integration.authorization();
    let credentials = credentials.map_or("", |secret| secret.expose_secret());
    outgoing = match integration.auth_type() {
        "bearer" => outgoing.header("authorization", &format!("Bearer {credentials}")),
        "api_key" => outgoing.header("x-api-key", credentials),
        "basic" => {
            let pair = match credentials.contains(':') {
                true => credentials.to_owned(),
                false => format!("{credentials}:"),
            };
            let encoded = BASE64_STANDARD.encode(pair);
            outgoing.header("authorization", &format!("Basic {encoded}"))
        }
        _ => outgoing,
    };
    let Some(secret) = integration.signing_secret() else {
        let reason = "the integration has no signing secret yet: regenerate it";
        let number = deliveries.refuse(&outgoing, reason);
        return tokio::spawn(async move { number });
    };
    deliveries.deliver(outgoing.signed(SIGNATURE.0, SIGNATURE.1, secret))
}
