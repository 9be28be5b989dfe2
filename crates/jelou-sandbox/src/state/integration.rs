//! The integration of a project: how updates change it, and how the API and the control API show it.

use std::time::SystemTime;

use jiff::{Timestamp, fmt::temporal::DateTimePrinter};
use secrecy::SecretString;
use serde_json::{Value, json};

/// The default time of creation: the one in the example on Jelou's page.
pub(crate) const CREATED: Timestamp = Timestamp::constant(1_699_335_116, 0);

/// Writes times in whole seconds.
pub(crate) const SECONDS: DateTimePrinter = DateTimePrinter::new().precision(Some(0));

/// Replaces a secret.
pub(crate) const REDACTED: &str = "[redacted]";

/// The integration of a project. Its `Debug` form does not show the authorization.
#[derive(Clone, Debug)]
pub struct Integration {
    pub(crate) webhook_url: Box<str>,
    pub(crate) auth_type: Box<str>,
    pub(crate) authorization: Option<SecretString>,
    pub(crate) updated_at: Timestamp,
    /// Boxed for the same reason as `origin`.
    pub(crate) secrets: Option<Box<Secrets>>,
    /// Boxed, since it is rarely set and a load test creates a million integrations.
    pub(crate) origin: Option<Box<Origin>>,
}

/// The fields that updates do not change, as far as a seed sets them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Origin {
    pub(crate) id: Option<Box<str>>,
    pub(crate) brain_id: Option<Box<str>>,
    pub(crate) created_at: Option<Timestamp>,
}

/// The signing secrets.
#[derive(Clone, Debug)]
pub(crate) struct Secrets {
    pub(crate) current: SecretString,
    /// The previous secret, to explain signatures that were made with it.
    pub(crate) former: Option<SecretString>,
}

/// The fields of an update; absent fields keep their value.
#[derive(Clone, Debug, Default)]
pub(crate) struct Update {
    pub(crate) webhook_url: Option<Box<str>>,
    pub(crate) auth_type: Option<Box<str>>,
    pub(crate) authorization: Option<SecretString>,
}

impl Default for Integration {
    fn default() -> Self {
        Self {
            webhook_url: "https://my-system.com/webhook/jelou".into(),
            auth_type: "no_auth".into(),
            authorization: None,
            updated_at: CREATED,
            secrets: None,
            origin: None,
        }
    }
}

impl Integration {
    /// The URL that events are delivered to.
    pub fn webhook_url(&self) -> &str {
        &self.webhook_url
    }

    /// How to authenticate to the webhook.
    pub fn auth_type(&self) -> &str {
        &self.auth_type
    }

    /// The credentials for the webhook. No response shows them.
    pub fn authorization(&self) -> Option<&SecretString> {
        self.authorization.as_ref()
    }

    /// The secret that signs events and messages; `None` if none was generated yet.
    pub fn signing_secret(&self) -> Option<&SecretString> {
        self.secrets.as_ref().map(|secrets| &secrets.current)
    }

    pub(crate) fn former_secret(&self) -> Option<&SecretString> {
        self.secrets.as_ref()?.former.as_ref()
    }

    /// Replaces the signing secret.
    pub(crate) fn renew_secret(&mut self, current: SecretString) {
        let former = self.secrets.take().map(|secrets| secrets.current);
        self.secrets = Some(Box::new(Secrets { current, former }));
    }

    /// When it was created.
    pub fn created_at(&self) -> SystemTime {
        self.created().into()
    }

    /// When it was last changed or created.
    pub fn updated_at(&self) -> SystemTime {
        self.updated_at.into()
    }

    pub(crate) fn update(&mut self, update: Update, now: Timestamp) {
        let Update {
            webhook_url,
            auth_type,
            authorization,
        } = update;
        if let Some(webhook_url) = webhook_url {
            self.webhook_url = webhook_url;
        }
        if let Some(auth_type) = auth_type {
            self.auth_type = auth_type;
        }
        self.authorization = authorization.or(self.authorization.take());
        // The clock may be set back; the timestamp must not go back with it.
        self.updated_at = now.max(self.updated_at);
    }

    /// The reply of the API: the bare integration, with timestamps in whole seconds.
    pub(crate) fn flat(&self, project_id: &str) -> Value {
        // `json!` would copy each text once more.
        Value::from_iter([
            ("id", self.id(project_id)),
            ("brainId", self.brain_id(project_id)),
            ("webhookUrl", self.webhook_url.to_string()),
            ("authType", self.auth_type.to_string()),
            ("createdAt", SECONDS.timestamp_to_string(&self.created())),
            ("updatedAt", SECONDS.timestamp_to_string(&self.updated_at)),
        ])
    }

    /// What the envelope of a reply contains: the integration, with timestamps in milliseconds.
    pub(crate) fn enveloped(&self, project_id: &str) -> Value {
        json!({
            "brainId": project_id,
            "webhookUrl": self.webhook_url,
            "createdAt": format!("{:.3}", self.created()),
            "updatedAt": format!("{:.3}", self.updated_at),
        })
    }

    /// The view of the control API: everything but the secret.
    pub(crate) fn shown(&self, project_id: &str) -> Value {
        let mut shown = json!({
            "id": self.id(project_id),
            "brainId": self.brain_id(project_id),
            "webhookUrl": self.webhook_url,
            "authType": self.auth_type,
            "createdAt": self.created().to_string(),
            "updatedAt": self.updated_at.to_string(),
        });
        if self.authorization.is_some() {
            shown["authorization"] = REDACTED.into();
        }
        if self.secrets.is_some() {
            shown["signingSecret"] = REDACTED.into();
        }
        shown
    }

    fn id(&self, project_id: &str) -> String {
        let given = self.origin.as_ref().and_then(|origin| origin.id.as_deref());
        given.map_or_else(|| ["integration-", project_id].concat(), str::to_owned)
    }

    fn brain_id(&self, project_id: &str) -> String {
        let origin = self.origin.as_ref();
        let given = origin.and_then(|origin| origin.brain_id.as_deref());
        given.map_or_else(|| ["brain-", project_id].concat(), str::to_owned)
    }

    fn created(&self) -> Timestamp {
        let origin = self.origin.as_ref();
        let given = origin.and_then(|origin| origin.created_at);
        given.unwrap_or(CREATED)
    }
}
