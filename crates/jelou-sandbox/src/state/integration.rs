//! The integration of one project: what an update makes of it, and how the API and the control API show it.

use std::time::SystemTime;

use jiff::Timestamp;
use secrecy::SecretString;
use serde_json::{Value, json};

/// The instant at which every integration was made that is told nothing else; the one that Jelou's page shows.
pub(crate) const CREATED: Timestamp = Timestamp::constant(1_699_335_116, 0);

/// What stands in the place of a secret.
pub(crate) const REDACTED: &str = "[redacted]";

/// The integration of a project, as the sandbox keeps it. Its `Debug` form does not show the authorization.
#[derive(Clone, Debug)]
pub struct Integration {
    pub(crate) webhook_url: Box<str>,
    pub(crate) auth_type: Box<str>,
    pub(crate) authorization: Option<SecretString>,
    pub(crate) updated_at: Timestamp,
    /// Apart, since hardly any integration has it and a load test has a million integrations.
    pub(crate) origin: Option<Box<Origin>>,
}

/// What no update changes, as far as a seed names it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Origin {
    pub(crate) id: Option<Box<str>>,
    pub(crate) brain_id: Option<Box<str>>,
    pub(crate) created_at: Option<Timestamp>,
}

/// The fields that an update brings; one that is absent keeps its value.
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
            origin: None,
        }
    }
}

impl Integration {
    /// Where events are delivered.
    pub fn webhook_url(&self) -> &str {
        &self.webhook_url
    }

    /// How the webhook is authenticated to.
    pub fn auth_type(&self) -> &str {
        &self.auth_type
    }

    /// What is presented to the webhook; nothing that the sandbox serves shows it.
    pub fn authorization(&self) -> Option<&SecretString> {
        self.authorization.as_ref()
    }

    /// When it was made.
    pub fn created_at(&self) -> SystemTime {
        self.created().into()
    }

    /// When it was changed last, or made.
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
        // The clock of the machine may be set back; the integration does not become older by that.
        self.updated_at = now.max(self.updated_at);
    }

    /// The reply of the API: the integration itself, with timestamps in whole seconds.
    pub(crate) fn flat(&self, project_id: &str) -> Value {
        json!({
            "id": self.id(project_id),
            "brainId": self.brain_id(project_id),
            "webhookUrl": self.webhook_url,
            "authType": self.auth_type,
            "createdAt": format!("{:.0}", self.created()),
            "updatedAt": format!("{:.0}", self.updated_at),
        })
    }

    /// The reply of the API: the integration with the outcome around it, with timestamps in milliseconds.
    pub(crate) fn enveloped(&self, project_id: &str) -> Value {
        json!({
            "message": ["Integration updated successfully"],
            "statusMessage": "success",
            "status": 1,
            "data": {
                "brainId": project_id,
                "webhookUrl": self.webhook_url,
                "createdAt": format!("{:.3}", self.created()),
                "updatedAt": format!("{:.3}", self.updated_at),
            },
        })
    }

    /// What the control API shows: everything but the secret.
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
        shown
    }

    fn id(&self, project_id: &str) -> String {
        let given = self.origin.as_ref().and_then(|origin| origin.id.as_deref());
        given.map_or_else(|| format!("integration-{project_id}"), str::to_owned)
    }

    fn brain_id(&self, project_id: &str) -> String {
        let origin = self.origin.as_ref();
        let given = origin.and_then(|origin| origin.brain_id.as_deref());
        given.map_or_else(|| format!("brain-{project_id}"), str::to_owned)
    }

    fn created(&self) -> Timestamp {
        let origin = self.origin.as_ref();
        let given = origin.and_then(|origin| origin.created_at);
        given.unwrap_or(CREATED)
    }
}
