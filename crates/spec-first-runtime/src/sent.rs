//! The secrets of a request that was sent, which a server may echo.

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use serde_json::Value;

use crate::{Api, Credentials, Secret};

/// The credentials and the body of a request. The secrets in them are looked up only where something might show one.
#[derive(Clone)]
pub(crate) struct Sent {
    pub(crate) api: &'static Api,
    pub(crate) credentials: Arc<Credentials>,
    pub(crate) body: Bytes,
}

impl Sent {
    /// The credentials, and the secrets in the body.
    pub(crate) fn secrets(&self) -> Vec<Secret> {
        let mut secrets = self.credentials.secrets();
        collect_secrets(self.api, &self.body, &mut secrets);
        secrets
    }
}

impl fmt::Debug for Sent {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Sent").finish_non_exhaustive()
    }
}

/// The secrets in the body of a request, if it is JSON: what the document marks as secret.
pub(crate) fn collect_secrets(api: &Api, body: &[u8], secrets: &mut Vec<Secret>) {
    if let Ok(body) = serde_json::from_slice(body) {
        collect_from(api, &body, secrets);
    }
}

/// The strings anywhere in `value` under the name of a secret property.
fn collect_from(api: &Api, value: &Value, secrets: &mut Vec<Secret>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                match member {
                    Value::String(text) if api.secret_properties.contains(&name.as_str()) => {
                        secrets.push(text.as_str().into())
                    }
                    _ => collect_from(api, member, secrets),
                }
            }
        }
        Value::Array(items) => {
            for item in items {
                collect_from(api, item, secrets);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_secret_members_of_a_body_are_secrets() {
        let body = br#"[{"authorization":"a","webhookUrl":"b","x":{"authorization":"c"}},{"authorization":["d"]}]"#;
        let sent = Sent {
            api: &crate::sample::API,
            credentials: Arc::new(Credentials::api_key("API_KEY")),
            body: Bytes::from_static(body),
        };
        let secrets = sent.secrets();
        let secrets: Vec<_> = secrets.iter().map(Secret::expose).collect();
        assert_eq!(secrets, ["API_KEY", "a", "c"]);
    }
}
