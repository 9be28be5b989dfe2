//! What is to change in an integration, checked. Does not send.

use jelou_client::types::AuthType;
use jelou_client::{Client, ProjectId, Secret, UpdateIntegration, WebhookUrl};

/// The new values; what is `None` stays as it is.
#[derive(Clone, Debug, Default)]
pub(super) struct Changes {
    pub(super) webhook_url: Option<WebhookUrl>,
    pub(super) auth_type: Option<AuthType>,
    pub(super) authorization: Option<Secret>,
}

impl Changes {
    /// The names in the API of the fields that change.
    pub(super) fn fields(&self) -> Vec<&'static str> {
        let fields = [
            ("webhookUrl", self.webhook_url.is_some()),
            ("authType", self.auth_type.is_some()),
            ("authorization", self.authorization.is_some()),
        ];
        let changed = fields.into_iter().filter(|(_, is_changed)| *is_changed);
        changed.map(|(field, _)| field).collect()
    }

    /// The update of `project_id` with all of them.
    pub(super) fn request(self, client: &Client, project_id: &ProjectId) -> UpdateIntegration {
        let mut request = client.integrations().update(project_id.as_str());
        if let Some(url) = self.webhook_url {
            request = request.webhook_url(url);
        }
        if let Some(auth_type) = self.auth_type {
            request = request.auth_type(auth_type);
        }
        if let Some(authorization) = self.authorization {
            request = request.authorization(authorization);
        }
        request
    }
}
