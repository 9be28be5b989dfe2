//! The address to which Jelou delivers events.

use std::fmt;

use serde::{Deserialize, Serialize};
use url::Url;

/// Why a text is not the URL of a webhook.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidWebhookUrl {
    /// The text is no URL.
    #[error("it is not a URL: {0}")]
    NotAUrl(String),
    /// The URL does not begin with `https://`.
    #[error("it does not begin with `https://`, by which Jelou must reach it")]
    NotHttps,
    /// The URL has a user name or a password in it, which would stand in every log.
    #[error("it has credentials in it; give them as `authorization`")]
    HasCredentials,
    /// The URL has white space or control characters, which a URL reader would silently remove.
    #[error("it has white space or control characters in it")]
    HasWhiteSpace,
}

/// The URL of a webhook, sent exactly as it was written.
///
/// The prose of the page wants a public URL reached by HTTPS, the schema section any URI (`webhook-url-constraint` in the
/// reconciliation): what satisfies the first satisfies both.
///
/// ```
/// use jelou_client::{InvalidWebhookUrl, WebhookUrl};
///
/// let url: WebhookUrl = "https://my-system.com/webhook/jelou-v2".parse()?;
/// assert_eq!(url.as_str(), "https://my-system.com/webhook/jelou-v2");
/// assert_eq!("http://my-system.com".parse::<WebhookUrl>(), Err(InvalidWebhookUrl::NotHttps));
/// # Ok::<(), InvalidWebhookUrl>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct WebhookUrl(String);

impl WebhookUrl {
    /// The URL as it was written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for WebhookUrl {
    type Error = InvalidWebhookUrl;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        if text
            .chars()
            .any(|character| character.is_whitespace() || character.is_control())
        {
            return Err(InvalidWebhookUrl::HasWhiteSpace);
        }
        let url =
            Url::parse(&text).map_err(|error| InvalidWebhookUrl::NotAUrl(error.to_string()))?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(InvalidWebhookUrl::HasCredentials);
        }
        // The document wants `https://` and a host; a URL reader would also take `HTTPS:` and `https:/`.
        if !text.starts_with("https://") {
            return Err(InvalidWebhookUrl::NotHttps);
        }
        Ok(Self(text))
    }
}

impl TryFrom<&str> for WebhookUrl {
    type Error = InvalidWebhookUrl;

    fn try_from(text: &str) -> Result<Self, Self::Error> {
        Self::try_from(text.to_owned())
    }
}

impl std::str::FromStr for WebhookUrl {
    type Err = InvalidWebhookUrl;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::try_from(text)
    }
}

impl From<WebhookUrl> for String {
    fn from(url: WebhookUrl) -> Self {
        url.0
    }
}

impl fmt::Display for WebhookUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl fmt::Debug for WebhookUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, formatter)
    }
}

#[cfg(feature = "schemars")]
impl schemars::JsonSchema for WebhookUrl {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "WebhookUrl".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "format": "uri", "pattern": "^https://[^/]" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_that_jelou_could_not_reach_by_https_is_refused() {
        for text in [
            "http://my-system.com",
            "HTTPS://my-system.com",
            "ftp://my-system.com",
            "https:/my-system.com",
        ] {
            assert_eq!(
                WebhookUrl::try_from(text),
                Err(InvalidWebhookUrl::NotHttps),
                "{text}"
            );
        }
        for text in ["", "my-system.com", "https://", "https://:80"] {
            assert!(
                matches!(
                    WebhookUrl::try_from(text),
                    Err(InvalidWebhookUrl::NotAUrl(_))
                ),
                "{text}"
            );
        }
    }

    #[test]
    fn credentials_and_white_space_are_refused() {
        assert_eq!(
            WebhookUrl::try_from("https://user:pass@my-system.com"),
            Err(InvalidWebhookUrl::HasCredentials)
        );
        assert_eq!(
            WebhookUrl::try_from("https://my-system.com/\n"),
            Err(InvalidWebhookUrl::HasWhiteSpace)
        );
    }
}
