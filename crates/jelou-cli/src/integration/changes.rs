//! The validated changes to an integration. Does not send.

use jelou_client::integrations::{Create, Update};
use jelou_client::types::AuthType;
use jelou_client::{Client, ProjectId, Secret, WebhookUrl};

/// The new values; `None` leaves the field unchanged.
#[derive(Clone, Debug, Default)]
pub(super) struct Changes {
    pub(super) webhook_url: Option<WebhookUrl>,
    pub(super) auth_type: Option<AuthType>,
    pub(super) authorization: Option<Secret>,
}

impl Changes {
    /// The API names of the fields that change.
    pub(super) fn fields(&self) -> Vec<&'static str> {
        let fields = [
            ("webhookUrl", self.webhook_url.is_some()),
            ("authType", self.auth_type.is_some()),
            ("authorization", self.authorization.is_some()),
        ];
        let changed = fields.into_iter().filter(|(_, is_changed)| *is_changed);
        changed.map(|(field, _)| field).collect()
    }

    /// Adds these changes, except for the webhook URL, to the creation of an integration.
    pub(super) fn complete(self, mut request: Create) -> Create {
        if let Some(auth_type) = self.auth_type {
            request = request.auth_type(auth_type);
        }
        if let Some(authorization) = self.authorization {
            request = request.authorization(authorization);
        }
        request
    }

    /// Builds the update of `project_id` with these changes.
    pub(super) fn request(self, client: &Client, project_id: &ProjectId) -> Update {
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
