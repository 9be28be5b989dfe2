//! The stateful operations, for which an example is not enough. Does not validate: requests that get here conform to the
//! document.

use std::borrow::Cow;

use secrecy::SecretString;
use serde_json::Value;

use crate::{
    answer::Answer,
    state::{State, integration::Update},
};
use axum::http::StatusCode;

/// The path parameter that names the project.
const PROJECT_ID: &str = "projectId";

/// Handles a stateful operation.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Handler {
    UpdateIntegration,
}

/// A valid request.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Call<'a> {
    pub(crate) path_parameters: &'a [(&'a str, Cow<'a, str>)],
    pub(crate) body: Option<&'a Value>,
    /// Whether to reply with an envelope around the integration.
    pub(crate) is_enveloped: bool,
}

/// The handler of an operation; `None` if its example is enough.
pub(crate) fn handler(operation_id: &str, path: &str) -> Option<Handler> {
    let handler = match operation_id {
        "update_integration" => Handler::UpdateIntegration,
        _ => return None,
    };
    // Another document may use the same ID for something else.
    path.contains(&format!("{{{PROJECT_ID}}}"))
        .then_some(handler)
}

impl Handler {
    /// Performs the operation. Its changes are stored when this returns, even if the process is killed right after.
    pub(crate) async fn answer(self, state: &State, call: &Call<'_>) -> Answer {
        match self {
            Self::UpdateIntegration => update_integration(state, call).await,
        }
    }
}

async fn update_integration(state: &State, call: &Call<'_>) -> Answer {
    let project_id = call
        .path_parameters
        .iter()
        .find(|(name, _)| *name == PROJECT_ID);
    let project_id = project_id.map_or("", |(_, value)| &**value);
    let field = |name: &str| call.body?.get(name)?.as_str();
    let update = Update {
        webhook_url: field("webhookUrl").map(Box::from),
        auth_type: field("authType").map(Box::from),
        authorization: field("authorization").map(SecretString::from),
    };
    match state.update(project_id, update).await {
        Ok(Some(integration)) if call.is_enveloped => {
            Answer::json(integration.enveloped(project_id))
        }
        Ok(Some(integration)) => Answer::json(integration.flat(project_id)),
        Ok(None) => Answer::failure(StatusCode::NOT_FOUND, "Integration not found"),
        Err(error) => Answer::failure(StatusCode::INTERNAL_SERVER_ERROR, error.to_string()),
    }
}
