//! How Jelou authenticates to a webhook. Sends credentials as given, without formatting them.

use crate::Secret;
use crate::types::AuthType;

/// How Jelou authenticates when it delivers an event, with the credentials that it presents: `authType` and `authorization`
/// together.
///
/// The page does not say how `authorization` is written for each `authType`: whether `bearer` wants a token or a whole header
/// value, in which header an `api_key` arrives, whether `basic` is encoded already. So **the text is sent exactly as given**:
/// nothing is put before it, encoded or trimmed. Deliver one event to a webhook that shows its headers before you depend on it.
///
/// Source: `Cuerpo` of the page; `auth-type-values` and `authorization-format` in the reconciliation.
///
/// ```no_run
/// # use jelou_client::{Client, WebhookAuth};
/// # async fn update(client: Client) -> Result<(), jelou_client::Error> {
/// client
///     .integrations()
///     .update("PROJECT_ID")
///     .webhook_auth(WebhookAuth::bearer("WEBHOOK_AUTHORIZATION"))
///     .send()
///     .await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum WebhookAuth {
    /// `authType: bearer`; see [`WebhookAuth::bearer`].
    Bearer(Secret),
    /// `authType: api_key`; see [`WebhookAuth::api_key`].
    ApiKey(Secret),
    /// `authType: basic`; see [`WebhookAuth::basic`].
    Basic(Secret),
    /// `authType: no_auth`, without `authorization`: Jelou presents nothing. The page does not say whether it forgets what it
    /// presented before.
    ///
    /// Source: `Cuerpo` of the page; `auth-type-values` and `credentials-without-auth-type` in the reconciliation.
    ///
    /// ```
    /// use jelou_client::{WebhookAuth, types::AuthType};
    ///
    /// assert_eq!(WebhookAuth::None.auth_type(), AuthType::NoAuth);
    /// assert!(WebhookAuth::None.authorization().is_none());
    /// ```
    None,
}

impl WebhookAuth {
    /// `authType: bearer` with `authorization`, sent exactly as given: `Bearer ` is not put before it, and not taken away.
    ///
    /// Source: `Cuerpo` of the page; `authorization-format` in the reconciliation.
    ///
    /// ```
    /// let auth = jelou_client::WebhookAuth::bearer("WEBHOOK_TOKEN");
    /// assert_eq!(auth.authorization().map(|secret| secret.expose()), Some("WEBHOOK_TOKEN"));
    /// assert_eq!(format!("{auth:?}"), "Bearer([redacted])");
    /// ```
    pub fn bearer(authorization: impl Into<Secret>) -> Self {
        Self::Bearer(authorization.into())
    }

    /// `authType: api_key` with `authorization`, sent exactly as given. The page does not say in which header it arrives.
    ///
    /// Source: `Cuerpo` of the page; `authorization-format` in the reconciliation.
    ///
    /// ```
    /// let auth = jelou_client::WebhookAuth::api_key("WEBHOOK_API_KEY");
    /// assert_eq!(auth.authorization().map(|secret| secret.expose()), Some("WEBHOOK_API_KEY"));
    /// ```
    pub fn api_key(authorization: impl Into<Secret>) -> Self {
        Self::ApiKey(authorization.into())
    }

    /// `authType: basic` with `authorization`, sent exactly as given: no user name and password are joined, and nothing is
    /// encoded as Base64. The page does not say which of `user:password`, its Base64, or `Basic ` and its Base64 is meant.
    ///
    /// Source: `Cuerpo` of the page; `authorization-format` in the reconciliation.
    ///
    /// ```
    /// let auth = jelou_client::WebhookAuth::basic("WEBHOOK_AUTHORIZATION");
    /// assert_eq!(auth.authorization().map(|secret| secret.expose()), Some("WEBHOOK_AUTHORIZATION"));
    /// ```
    pub fn basic(authorization: impl Into<Secret>) -> Self {
        Self::Basic(authorization.into())
    }

    /// The `authType` that is sent.
    ///
    /// Source: `Cuerpo` of the page; `auth-type-values` in the reconciliation.
    ///
    /// ```
    /// use jelou_client::{WebhookAuth, types::AuthType};
    ///
    /// assert_eq!(WebhookAuth::api_key("WEBHOOK_API_KEY").auth_type(), AuthType::ApiKey);
    /// ```
    pub fn auth_type(&self) -> AuthType {
        match self {
            Self::Bearer(_) => AuthType::Bearer,
            Self::ApiKey(_) => AuthType::ApiKey,
            Self::Basic(_) => AuthType::Basic,
            Self::None => AuthType::NoAuth,
        }
    }

    /// The `authorization` that is sent, if one is.
    ///
    /// Source: `Cuerpo` of the page; `authorization-format` in the reconciliation.
    ///
    /// ```
    /// let auth = jelou_client::WebhookAuth::basic("WEBHOOK_AUTHORIZATION");
    /// assert!(auth.authorization().is_some());
    /// ```
    pub fn authorization(&self) -> Option<&Secret> {
        match self {
            Self::Bearer(secret) | Self::ApiKey(secret) | Self::Basic(secret) => Some(secret),
            Self::None => None,
        }
    }

    pub(super) fn into_authorization(self) -> Option<Secret> {
        match self {
            Self::Bearer(secret) | Self::ApiKey(secret) | Self::Basic(secret) => Some(secret),
            Self::None => None,
        }
    }
}
