//! The members of an update that belong together.

use crate::WebhookAuth;
use crate::integrations::Update;

impl Update {
    /// Sets how Jelou authenticates to the webhook: sets `authType` and `authorization` together, and removes `authorization` from
    /// the update for [`WebhookAuth::None`].
    ///
    /// The last call wins, member by member: this one replaces what [`auth_type`](Self::auth_type) and
    /// [`authorization`](Self::authorization) set before, and each of them replaces its own member of what this one set.
    ///
    /// Source: `Cuerpo` of the page; `auth-type-values` and `authorization-format` in the reconciliation.
    ///
    /// ```no_run
    /// # use jelou_client::{Client, WebhookAuth};
    /// # async fn update(client: Client) -> Result<(), jelou_client::Error> {
    /// let update = client.integrations().update("PROJECT_ID");
    /// update.webhook_auth(WebhookAuth::api_key("WEBHOOK_API_KEY")).send().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn webhook_auth(mut self, auth: WebhookAuth) -> Self {
        if let Some(update) = self.object() {
            update.auth_type = Some(auth.auth_type());
            update.authorization = auth.into_authorization();
        }
        self
    }
}
