//! Stateful operations, which cannot be answered from an example. Does not validate: requests that get here conform to
//! the document.

use secrecy::SecretString;
use spec_first_sandbox::{Call, DocumentedOperation, Rejection, Reply, StatusCode};

use crate::state::{Panel, integration::Update};

/// The path parameter that names the project.
const PROJECT_ID: &str = "projectId";

/// Whether the operation is stateful. Another document may use the same ID for something else.
pub(super) fn handles(operation: DocumentedOperation<'_>) -> bool {
    let is_of_a_project = operation.path.contains(&format!("{{{PROJECT_ID}}}"));
    operation.id == Some("update_integration") && is_of_a_project
}

pub(super) async fn update_integration(panel: &Panel, call: Call<'_>) -> Result<Reply, Rejection> {
    let project_id = call.path_parameter(PROJECT_ID).unwrap_or_default();
    let field = |name: &str| call.body()?.get(name)?.as_str();
    let update = Update {
        webhook_url: field("webhookUrl").map(Box::from),
        auth_type: field("authType").map(Box::from),
        authorization: field("authorization").map(SecretString::from),
    };
    let failed = |status, message: &str| Err(Rejection::new(status, message));
    match panel.update(project_id, update).await {
        Ok(Some(integration)) => {
            let shown = match call.example() {
                Some("enveloped") => integration.enveloped(project_id),
                _ => integration.flat(project_id),
            };
            Ok(Reply::json(StatusCode::OK, shown).changed())
        }
        Ok(None) => failed(StatusCode::NOT_FOUND, "Integration not found"),
        Err(error) => failed(StatusCode::INTERNAL_SERVER_ERROR, &error.problem),
    }
}
