//! Credentials. This is the only module that knows how a credential becomes a header.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue};

use crate::api::{Api, Operation, SecurityScheme};
use crate::{Error, Secret};

/// How the client authenticates to the API.
///
/// ```
/// use spec_first_runtime::Credentials;
///
/// let credentials = Credentials::api_key("API_KEY");
/// let other = Credentials::client("CLIENT_ID", "CLIENT_SECRET");
/// assert_eq!(format!("{credentials:?}"), "ApiKey([redacted])");
/// ```
#[derive(Clone)]
pub struct Credentials(Kind);

#[derive(Clone)]
enum Kind {
    ApiKey(Secret),
    Client { id: String, secret: Secret },
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.0 {
            Kind::ApiKey(key) => formatter.debug_tuple("ApiKey").field(key).finish(),
            Kind::Client { id, secret } => formatter
                .debug_struct("Client")
                .field("id", id)
                .field("secret", secret)
                .finish(),
        }
    }
}

impl Credentials {
    /// An API key, sent in the header that the document names.
    pub fn api_key(key: impl Into<Secret>) -> Self {
        Self(Kind::ApiKey(key.into()))
    }

    /// A client id and its secret, sent as HTTP Basic authentication.
    pub fn client(id: impl Into<String>, secret: impl Into<Secret>) -> Self {
        Self(Kind::Client {
            id: id.into(),
            secret: secret.into(),
        })
    }

    /// Checks that they can be sent, as [`ClientBuilder::build`](crate::ClientBuilder::build) does, before a client with other
    /// credentials is made.
    ///
    /// # Errors
    /// [`Error::InvalidInput`] if they are empty, or no header can carry them; the message never contains the value.
    pub fn check(&self) -> Result<(), Error> {
        match &self.0 {
            Kind::ApiKey(key) if key.expose().is_empty() => {
                Err(Error::invalid_input("API key", "it is empty"))
            }
            Kind::ApiKey(key) => header_value(key.expose()).map(drop),
            Kind::Client { id, secret } if id.is_empty() || secret.expose().is_empty() => Err(
                Error::invalid_input("client id and secret", "one of them is empty"),
            ),
            // RFC 7617: the first colon ends the user name.
            Kind::Client { id, .. } if id.contains(':') => Err(Error::invalid_input(
                "client id",
                "it has a colon in it, which HTTP Basic cannot carry",
            )),
            Kind::Client { .. } => Ok(()),
        }
    }

    /// Adds what `operation` asks for to `headers`.
    pub(crate) fn apply(
        &self,
        operation: &Operation,
        headers: &mut HeaderMap,
    ) -> Result<(), Error> {
        let alternatives = operation.security;
        // An empty alternative, or none at all, means that the operation is open: then no credential leaves.
        if alternatives.iter().all(|schemes| schemes.is_empty()) {
            return Ok(());
        }
        // Those of `Client::with_credentials` were not seen by `ClientBuilder::build`.
        self.check()?;
        let Some(scheme) = self.choose(alternatives) else {
            return Err(Error::invalid_input(
                "credentials",
                format!(
                    "`{} {}` does not accept credentials of this kind",
                    operation.method, operation.path
                ),
            ));
        };
        let (name, value) = self.header(scheme)?;
        headers.insert(name, value);
        Ok(())
    }

    /// Adds what `operation` asks for. If the document does not describe the operation, adds what the first operation of `api`
    /// that accepts credentials of this kind asks for.
    pub(crate) fn apply_to_any(
        &self,
        api: &Api,
        operation: Option<&Operation>,
        headers: &mut HeaderMap,
    ) -> Result<(), Error> {
        let fits = |operation: &&Operation| self.choose(operation.security).is_some();
        match operation.or_else(|| api.operations.iter().find(fits)) {
            Some(operation) => self.apply(operation, headers),
            None => Err(Error::invalid_input(
                "credentials",
                "no operation of the document accepts credentials of this kind",
            )),
        }
    }

    /// Every text by which the credentials could be recognised in what a server sends back; see [`Secret::redact_all`].
    pub fn secrets(&self) -> Vec<Secret> {
        match &self.0 {
            Kind::ApiKey(key) => vec![key.clone()],
            Kind::Client { id, secret } => vec![secret.clone(), basic_token(id, secret)],
        }
    }

    fn choose(&self, alternatives: &[&[SecurityScheme]]) -> Option<SecurityScheme> {
        alternatives.iter().find_map(|schemes| match schemes {
            [scheme] if self.satisfies(*scheme) => Some(*scheme),
            _ => None,
        })
    }

    fn satisfies(&self, scheme: SecurityScheme) -> bool {
        matches!(
            (&self.0, scheme),
            (Kind::ApiKey(_), SecurityScheme::ApiKeyHeader(_))
                | (Kind::Client { .. }, SecurityScheme::HttpBasic)
        )
    }

    fn header(&self, scheme: SecurityScheme) -> Result<(HeaderName, HeaderValue), Error> {
        match (&self.0, scheme) {
            (Kind::ApiKey(key), SecurityScheme::ApiKeyHeader(name)) => {
                let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| {
                    Error::invalid_input(
                        "security scheme",
                        "its header has a name that HTTP does not know",
                    )
                })?;
                Ok((name, header_value(key.expose())?))
            }
            (Kind::Client { id, secret }, SecurityScheme::HttpBasic) => {
                let token = basic_token(id, secret);
                let text = Secret::from(format!("Basic {}", token.expose()));
                Ok((AUTHORIZATION, header_value(text.expose())?))
            }
            _ => Err(Error::invalid_input(
                "credentials",
                "they do not fit the security scheme",
            )),
        }
    }
}

fn basic_token(id: &str, secret: &Secret) -> Secret {
    let pair = Secret::from(format!("{id}:{}", secret.expose()));
    Secret::from(STANDARD.encode(pair.expose()))
}

fn header_value(text: &str) -> Result<HeaderValue, Error> {
    let mut value = HeaderValue::from_str(text).map_err(|_| {
        Error::invalid_input(
            "API key",
            "it has characters in it that no header can carry",
        )
    })?;
    value.set_sensitive(true);
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_header_can_carry_is_refused_without_being_shown() {
        for credentials in [
            Credentials::api_key(""),
            Credentials::api_key("canary\n"),
            Credentials::client("", "canary"),
            Credentials::client("id:canary", "canary"),
        ] {
            let error = credentials.check().unwrap_err();
            assert!(
                !format!("{error} {error:?}").contains("canary"),
                "{error:?}"
            );
        }
    }

    #[test]
    fn a_header_with_a_credential_is_marked_sensitive() {
        let operation = Operation::new("", "", "").security(&[&[SecurityScheme::HttpBasic]]);
        let mut headers = HeaderMap::new();
        Credentials::client("id", "secret")
            .apply(&operation, &mut headers)
            .unwrap();
        assert_eq!(headers[AUTHORIZATION], "Basic aWQ6c2VjcmV0");
        assert!(headers[AUTHORIZATION].is_sensitive());
    }

    #[test]
    fn an_open_operation_gets_no_credential() {
        let operation = Operation::new("", "", "").security(&[]);
        let mut headers = HeaderMap::new();
        Credentials::api_key("key")
            .apply(&operation, &mut headers)
            .unwrap();
        assert!(headers.is_empty());
    }

    #[test]
    fn credentials_of_the_wrong_kind_are_refused() {
        let operation = Operation::new("", "GET", "/").security(&[&[SecurityScheme::HttpBasic]]);
        let error = Credentials::api_key("key")
            .apply(&operation, &mut HeaderMap::new())
            .unwrap_err();
        assert!(error.to_string().contains("`GET /`"), "{error}");
    }
}
