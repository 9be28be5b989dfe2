//! The integrations of projects, and the operations on them that need more than an example.
//!
//! Judges nothing: a request that comes here fits the document.

use std::{
    collections::HashMap,
    fmt,
    sync::{Mutex, PoisonError},
};

use axum::http::StatusCode;
use jiff::Timestamp;
use secrecy::SecretString;
use serde_json::{Value, json};

use crate::{ReplyShape, answer::Answer};

/// The instant at which every integration that a sandbox starts with was made; the one that Jelou's page shows.
const CREATED: Timestamp = Timestamp::constant(1_699_335_116, 0);

/// The parameter of the path that names the project.
const PROJECT_ID: &str = "projectId";

/// Answers an operation out of the state.
#[derive(Clone, Copy)]
pub(crate) struct Handler(fn(&Integrations, &Call<'_>) -> Answer);

/// A request that fits the document.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Call<'a> {
    pub(crate) path_parameters: &'a [(String, String)],
    pub(crate) body: Option<&'a Value>,
}

/// The integration of each project; a project has at most one.
#[derive(Debug)]
pub(crate) struct Integrations {
    by_project: Mutex<HashMap<String, Integration>>,
    shape: ReplyShape,
}

#[derive(Clone, Debug)]
struct Integration {
    id: String,
    brain_id: String,
    webhook_url: String,
    auth_type: String,
    /// Part of the state, but nothing that the document describes returns it.
    authorization: Option<SecretString>,
    created_at: Timestamp,
    updated_at: Timestamp,
}

/// The handler of an operation; `None` if its example answers it as well.
pub(crate) fn handler(operation_id: &str, path: &str) -> Option<Handler> {
    let handler = match operation_id {
        "update_integration" => update_integration,
        _ => return None,
    };
    // Another document may use the same id for something else.
    path.contains(&format!("{{{PROJECT_ID}}}"))
        .then_some(Handler(handler))
}

impl Handler {
    pub(crate) fn answer(self, integrations: &Integrations, call: &Call<'_>) -> Answer {
        (self.0)(integrations, call)
    }
}

impl fmt::Debug for Handler {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Handler")
    }
}

impl Integrations {
    pub(crate) fn of(projects: &[String], shape: ReplyShape) -> Self {
        let by_project = projects
            .iter()
            .map(|project_id| (project_id.clone(), Integration::initial(project_id)))
            .collect();
        Self {
            by_project: Mutex::new(by_project),
            shape,
        }
    }
}

impl Integration {
    fn initial(project_id: &str) -> Self {
        Self {
            id: format!("integration-{project_id}"),
            brain_id: format!("brain-{project_id}"),
            webhook_url: "https://my-system.com/webhook/jelou".to_owned(),
            auth_type: "no_auth".to_owned(),
            authorization: None,
            created_at: CREATED,
            updated_at: CREATED,
        }
    }

    fn reply(&self, project_id: &str, shape: ReplyShape) -> Value {
        match shape {
            ReplyShape::Flat => json!({
                "id": self.id,
                "brainId": self.brain_id,
                "webhookUrl": self.webhook_url,
                "authType": self.auth_type,
                "createdAt": format!("{:.0}", self.created_at),
                "updatedAt": format!("{:.0}", self.updated_at),
            }),
            ReplyShape::Enveloped => json!({
                "message": ["Integration updated successfully"],
                "statusMessage": "success",
                "status": 1,
                "data": {
                    "brainId": project_id,
                    "webhookUrl": self.webhook_url,
                    "createdAt": format!("{:.3}", self.created_at),
                    "updatedAt": format!("{:.3}", self.updated_at),
                },
            }),
        }
    }
}

fn update_integration(integrations: &Integrations, call: &Call<'_>) -> Answer {
    let project_id = call
        .path_parameters
        .iter()
        .find(|(name, _)| name == PROJECT_ID);
    let project_id = project_id.map_or("", |(_, value)| value.as_str());
    // A panic while the lock was held cannot leave an integration half changed: all of it is replaced at once.
    let mut by_project = integrations
        .by_project
        .lock()
        .unwrap_or_else(PoisonError::into_inner);
    let Some(integration) = by_project.get_mut(project_id) else {
        return Answer::failure(StatusCode::NOT_FOUND, "Integration not found");
    };
    let field = |name: &str| Some(call.body?.get(name)?.as_str()?.to_owned());
    let mut updated = integration.clone();
    if let Some(webhook_url) = field("webhookUrl") {
        updated.webhook_url = webhook_url;
    }
    if let Some(auth_type) = field("authType") {
        updated.auth_type = auth_type;
    }
    if let Some(authorization) = field("authorization") {
        updated.authorization = Some(authorization.into());
    }
    // The clock of the machine may be set back; the integration does not become older by that.
    updated.updated_at = Timestamp::now().max(updated.updated_at);
    *integration = updated;
    Answer::json(integration.reply(project_id, integrations.shape))
}
