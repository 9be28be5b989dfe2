//! Credentials. This is the only module that knows how a credential becomes a part of a request.

mod renewal;
mod tokens;

use std::fmt;
use std::iter;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue};

use crate::api::{Api, Operation, SecurityScheme};
use crate::parameter::Parameter;
use crate::secret::REDACTED;
use crate::{Error, InvalidInput, Secret};
use renewal::Renewal;
use tokens::Tokens;

/// How the client authenticates to the API.
///
/// ```
/// use spec_first_runtime::Credentials;
///
/// let credentials = Credentials::api_key("API_KEY");
/// let other = Credentials::client("CLIENT_ID", "CLIENT_SECRET");
/// let both = Credentials::bearer("TOKEN").and(Credentials::api_key("API_KEY"));
/// assert_eq!(format!("{credentials:?}"), "ApiKey([redacted])");
/// ```
#[derive(Clone)]
pub struct Credentials {
    all: Vec<Credential>,
    renewals: Vec<Renewal>,
    /// Why the first of them that cannot be sent cannot.
    invalid: Option<InvalidInput>,
}

#[derive(Clone)]
struct Credential {
    /// The security scheme of the document that it is for; `None` for every one that it fits.
    scheme: Option<String>,
    kind: Kind,
    /// The value of the header that carries it; `None` if it differs between requests, or no header can carry it.
    header: Option<HeaderValue>,
}

#[derive(Clone)]
enum Kind {
    ApiKey(Secret),
    Client { id: String, secret: Secret },
    Bearer(Secret),
    BearerFrom(Arc<Tokens<dyn Fn() -> Secret + Send + Sync>>),
    SigningSecret(Secret),
}

/// Schemes that are sent together, with their names in the document.
type Alternative = &'static [(&'static str, SecurityScheme)];

/// A request that credentials are added to: its body, and where they may travel.
pub(crate) struct Unauthenticated<'a> {
    /// `None` if it is a stream.
    pub(crate) body: Option<&'a [u8]>,
    pub(crate) headers: &'a mut HeaderMap,
    pub(crate) query: &'a mut String,
    pub(crate) cookies: &'a mut String,
}

impl fmt::Debug for Credentials {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.all[..] {
            [credential] => credential.kind.fmt(formatter),
            all => {
                let kinds = all.iter().map(|credential| &credential.kind);
                formatter.debug_list().entries(kinds).finish()
            }
        }
    }
}

impl fmt::Debug for Kind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ApiKey(key) => formatter.debug_tuple("ApiKey").field(key).finish(),
            Self::Client { id, secret } => {
                let shown = if is_key(id, secret) { REDACTED } else { id };
                formatter
                    .debug_struct("Client")
                    .field("id", &shown)
                    .field("secret", secret)
                    .finish()
            }
            Self::Bearer(token) => formatter.debug_tuple("Bearer").field(token).finish(),
            Self::SigningSecret(secret) => formatter
                .debug_tuple("SigningSecret")
                .field(secret)
                .finish(),
            Self::BearerFrom(_) => formatter.debug_tuple("BearerFrom").finish_non_exhaustive(),
        }
    }
}

impl Credentials {
    /// No credentials, for operations that need none, and for those that a client certificate authenticates.
    pub fn none() -> Self {
        Self {
            all: Vec::new(),
            renewals: Vec::new(),
            invalid: None,
        }
    }

    /// An API key, sent in the header, query parameter or cookie that the document names. For an HTTP scheme of the vendor's own, it is
    /// the whole value of `Authorization`, with the name of the scheme.
    pub fn api_key(key: impl Into<Secret>) -> Self {
        Self::of(Kind::ApiKey(key.into()))
    }

    /// A client id and its secret, or a user name and password, sent as HTTP Basic authentication. Where an API takes a key as the user
    /// name, the password is empty or a placeholder such as `x`; with one of less than four characters, the id is a secret too.
    pub fn client(id: impl Into<String>, secret: impl Into<Secret>) -> Self {
        Self::of(Kind::Client {
            id: id.into(),
            secret: secret.into(),
        })
    }

    /// A token, sent as `Authorization: Bearer`: for the HTTP scheme `bearer`, OAuth 2 and OpenID Connect. How the token is obtained
    /// is up to the program.
    pub fn bearer(token: impl Into<Secret>) -> Self {
        Self::of(Kind::Bearer(token.into()))
    }

    /// Like [`bearer`](Self::bearer), with a token that may change: `token` is called for every attempt to send a request.
    /// Where a server echoes one of the last 64 tokens that were sent, it is redacted.
    ///
    /// It must not block: keep the token where the task that refreshes it puts it.
    ///
    /// ```
    /// use std::sync::{Arc, RwLock};
    /// use spec_first_runtime::{Credentials, Secret};
    ///
    /// let token = Arc::new(RwLock::new(Secret::from("TOKEN")));
    /// let current = Arc::clone(&token);
    /// let credentials = Credentials::bearer_from(move || current.read().expect("no writer panics").clone());
    /// ```
    pub fn bearer_from(token: impl Fn() -> Secret + Send + Sync + 'static) -> Self {
        Self::of(Kind::BearerFrom(Arc::new(Tokens::new(token))))
    }

    /// The secret with which requests are signed, for operations that ask for a signature of their body. It is never sent.
    pub fn signing_secret(secret: impl Into<Secret>) -> Self {
        Self::of(Kind::SigningSecret(secret.into()))
    }

    /// These credentials and `other`, for operations that ask for several, or each for another.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.all.extend(other.all);
        self.renewals.extend(other.renewals);
        self.invalid = self.invalid.or(other.invalid);
        self
    }

    /// Uses these credentials only for the security scheme that the document calls `name`, such as one of two API keys.
    #[must_use]
    pub fn for_scheme(mut self, name: impl Into<String>) -> Self {
        let name = name.into();
        for credential in &mut self.all {
            credential.scheme = Some(name.clone());
        }
        self
    }

    fn of(kind: Kind) -> Self {
        let header = kind.header();
        Self {
            invalid: kind.check(header.as_ref()).err(),
            all: vec![Credential {
                scheme: None,
                kind,
                header,
            }],
            renewals: Vec::new(),
        }
    }

    /// Checks that they can be sent, as [`ClientBuilder::build`](crate::ClientBuilder::build) does, before a client with other
    /// credentials is made.
    ///
    /// # Errors
    /// [`Error::InvalidInput`] if they are empty, or no header can carry them; the message never contains the value.
    pub fn check(&self) -> Result<(), Error> {
        match &self.invalid {
            None => Ok(()),
            Some(invalid) => Err(invalid.clone().into()),
        }
    }

    /// Adds what `operation` asks for to a request.
    pub(crate) fn apply(
        &self,
        operation: &Operation,
        request: &mut Unauthenticated<'_>,
    ) -> Result<(), Error> {
        let alternatives = operation.security;
        let Some(chosen) = self.choose(alternatives) else {
            // Without a requirement, or with an empty one, the operation is open: then no credential leaves.
            let is_open =
                alternatives.is_empty() || alternatives.iter().any(|schemes| schemes.is_empty());
            return match is_open {
                true => Ok(()),
                false => Err(self.refused_by(operation)),
            };
        };
        // Those of `Client::with_credentials` were not seen by `ClientBuilder::build`.
        self.check()?;
        for (name, scheme) in chosen {
            if let Some(credential) = self.find(name, *scheme) {
                credential.send(*scheme, request)?;
            }
        }
        Ok(())
    }

    #[cold]
    fn refused_by(&self, Operation { method, path, .. }: &Operation) -> Error {
        let refused = match &self.all[..] {
            [] => "needs credentials, but the client has none",
            [_] => "does not accept credentials of this kind",
            _ => "does not accept these credentials",
        };
        Error::invalid_input("credentials", format!("`{method} {path}` {refused}"))
    }

    /// Adds what `operation` asks for. If the document does not describe the operation, adds what the first operation of `api`
    /// that accepts credentials of this kind asks for.
    pub(crate) fn apply_to_any(
        &self,
        api: &Api,
        operation: Option<&Operation>,
        request: &mut Unauthenticated<'_>,
    ) -> Result<(), Error> {
        let fits = |operation: &&Operation| self.choose(operation.security).is_some();
        match operation.or_else(|| api.operations.iter().find(fits)) {
            Some(operation) => self.apply(operation, request),
            None if self.all.is_empty() => Ok(()),
            None => Err(Error::invalid_input(
                "credentials",
                "no operation of the document accepts credentials of this kind",
            )),
        }
    }

    /// Every text by which the credentials could be recognized in what a server sends back; see [`Secret::redact_all`].
    pub fn secrets(&self) -> Vec<Secret> {
        let secrets = self.all.iter().map(|credential| match &credential.kind {
            Kind::ApiKey(key) => {
                // In `Authorization`, a key follows the name of its scheme, and a server may send it back without that.
                let alone = key.expose().split_once(' ').map(|(_, alone)| alone.trim());
                let alone = alone.filter(|alone| !alone.is_empty()).map(Secret::from);
                iter::once(key.clone()).chain(alone).collect()
            }
            Kind::Client { id, secret } => {
                let of_both = is_key(id, secret).then(|| id.as_str().into());
                let of_both = of_both.into_iter().chain([secret.clone()]);
                let of_both = of_both.filter(|it: &Secret| !it.expose().is_empty());
                of_both.chain([basic_token(id, secret)]).collect()
            }
            Kind::Bearer(token) => vec![token.clone()],
            Kind::SigningSecret(secret) => vec![secret.clone()],
            Kind::BearerFrom(tokens) => tokens.sent(),
        });
        secrets.flatten().collect()
    }

    /// The first alternative that the credentials satisfy.
    fn choose(&self, alternatives: &'static [Alternative]) -> Option<Alternative> {
        let is_satisfied = |(name, scheme): &(&str, SecurityScheme)| {
            *scheme == SecurityScheme::MutualTls || self.find(name, *scheme).is_some()
        };
        alternatives
            .iter()
            .find(|schemes| !schemes.is_empty() && schemes.iter().all(is_satisfied))
            .copied()
    }

    /// The credential for a scheme: one for it alone, or else one for every scheme that it fits.
    fn find(&self, name: &str, scheme: SecurityScheme) -> Option<&Credential> {
        let mut found = None;
        for known in &self.all {
            if known.kind.satisfies(scheme) {
                match &known.scheme {
                    Some(only) if only == name => return Some(known),
                    Some(_) => {}
                    None => found = found.or(Some(known)),
                }
            }
        }
        found
    }
}

impl Credential {
    fn send(&self, scheme: SecurityScheme, request: &mut Unauthenticated<'_>) -> Result<(), Error> {
        let name = match (scheme, &self.kind) {
            (_, Kind::BearerFrom(_)) => return self.send_computed(scheme, request),
            (SecurityScheme::ApiKeyHeader(name), _) => header_name(name)?,
            (SecurityScheme::HttpBasic | SecurityScheme::Bearer, _) => AUTHORIZATION,
            _ => return self.send_computed(scheme, request),
        };
        self.add_header(name, self.header.clone(), request)
    }

    fn add_header(
        &self,
        name: HeaderName,
        value: Option<HeaderValue>,
        request: &mut Unauthenticated<'_>,
    ) -> Result<(), Error> {
        let value = value.ok_or_else(|| Error::invalid_input(self.kind.name(), NOT_IN_HEADERS))?;
        request.headers.insert(name, value);
        Ok(())
    }

    /// Adds a credential that is computed for each request: a token, a signature, a query parameter or a cookie.
    #[inline(never)]
    fn send_computed(
        &self,
        scheme: SecurityScheme,
        request: &mut Unauthenticated<'_>,
    ) -> Result<(), Error> {
        let (name, value) = match (scheme, &self.kind) {
            (SecurityScheme::ApiKeyQuery(name), Kind::ApiKey(key)) => {
                let written = Parameter::query(name).write(key.expose().into());
                append(request.query, "&", written);
                return Ok(());
            }
            // One that was copied from a browser is encoded already.
            (SecurityScheme::ApiKeyCookie(name), Kind::ApiKey(key)) => {
                let key = key.expose();
                let written = match key.bytes().all(is_cookie_octet) {
                    true => Ok(Some(format!("{name}={key}"))),
                    false => Parameter::cookie(name).write(key.into()),
                };
                append(request.cookies, "; ", written);
                return Ok(());
            }
            (SecurityScheme::Signature(signature), Kind::SigningSecret(secret)) => {
                let Some(body) = request.body else {
                    return Err(Error::invalid_input("body", "a stream cannot be signed"));
                };
                let signed = signature.sign(secret, body);
                (header_name(signature.header())?, header_value("", &signed))
            }
            (SecurityScheme::Bearer, Kind::BearerFrom(tokens)) => {
                let token = tokens.to_send();
                if token.expose().is_empty() {
                    return Err(Error::invalid_input(self.kind.name(), EMPTY));
                }
                (AUTHORIZATION, header_value("Bearer ", token.expose()))
            }
            // `satisfies` chose another.
            _ => return Ok(()),
        };
        self.add_header(name, value, request)
    }
}

impl Kind {
    /// What errors call it.
    fn name(&self) -> &'static str {
        match self {
            Self::ApiKey(_) => "API key",
            Self::Client { .. } => "client id and secret",
            Self::Bearer(_) | Self::BearerFrom(_) => "token",
            Self::SigningSecret(_) => "signing secret",
        }
    }

    /// The value of the header that carries it, if it is always the same and a header can.
    fn header(&self) -> Option<HeaderValue> {
        match self {
            Self::ApiKey(key) => header_value("", key.expose()),
            Self::Client { id, secret } => header_value("Basic ", basic_token(id, secret).expose()),
            Self::Bearer(token) => header_value("Bearer ", token.expose()),
            Self::BearerFrom(_) | Self::SigningSecret(_) => None,
        }
    }

    /// Checks that it can be sent; `header` is that of [`header`](Self::header).
    fn check(&self, header: Option<&HeaderValue>) -> Result<(), InvalidInput> {
        let (name, reason) = match self {
            Self::ApiKey(secret) | Self::Bearer(secret) | Self::SigningSecret(secret)
                if secret.expose().is_empty() =>
            {
                (self.name(), EMPTY)
            }
            // Many APIs take a key as the user name, without a password.
            Self::Client { id, secret } if id.is_empty() && secret.expose().is_empty() => {
                (self.name(), "both are empty")
            }
            // RFC 7617: the first colon ends the user name.
            Self::Client { id, .. } if id.contains(':') => (
                "client id",
                "it has a colon in it, which HTTP Basic cannot carry",
            ),
            Self::ApiKey(_) | Self::Bearer(_) if header.is_none() => (self.name(), NOT_IN_HEADERS),
            _ => return Ok(()),
        };
        Err(InvalidInput::new(name, reason))
    }

    fn satisfies(&self, scheme: SecurityScheme) -> bool {
        match scheme {
            SecurityScheme::ApiKeyHeader(_)
            | SecurityScheme::ApiKeyQuery(_)
            | SecurityScheme::ApiKeyCookie(_) => matches!(self, Self::ApiKey(_)),
            SecurityScheme::Signature(_) => matches!(self, Self::SigningSecret(_)),
            SecurityScheme::HttpBasic => matches!(self, Self::Client { .. }),
            SecurityScheme::Bearer => matches!(self, Self::Bearer(_) | Self::BearerFrom(_)),
            SecurityScheme::MutualTls => true,
        }
    }
}

fn header_name(name: &'static str) -> Result<HeaderName, Error> {
    let is_lower = |byte: u8| byte == b'-' || byte.is_ascii_lowercase() || byte.is_ascii_digit();
    if !name.is_empty() && name.bytes().all(is_lower) {
        // Would panic if the name were invalid, but copies nothing.
        return Ok(HeaderName::from_static(name));
    }
    HeaderName::from_bytes(name.as_bytes()).map_err(|_| {
        Error::invalid_input(
            "security scheme",
            "its header has a name that HTTP does not know",
        )
    })
}

/// Whether the value of a cookie can contain the byte (RFC 6265).
fn is_cookie_octet(byte: u8) -> bool {
    byte.is_ascii_graphic() && !b"\",;\\".contains(&byte)
}

/// Adds the parameter, in place of one that the call set under the same name.
fn append(list: &mut String, separator: &str, written: Result<Option<String>, String>) {
    // Text can always be written.
    let Ok(Some(written)) = written else {
        return;
    };
    let name = written.split_inclusive('=').next().unwrap_or(&written);
    let others = list.split(separator);
    let others = others.filter(|other| !other.is_empty() && !other.starts_with(name));
    *list = others
        .chain([&*written])
        .collect::<Vec<_>>()
        .join(separator);
}

fn basic_token(id: &str, secret: &Secret) -> Secret {
    let pair = Secret::from(format!("{id}:{}", secret.expose()));
    Secret::from(STANDARD.encode(pair.expose()))
}

/// Whether `id` is a key, and the password a placeholder.
fn is_key(id: &str, secret: &Secret) -> bool {
    !id.is_empty() && secret.expose().len() < SHORTEST_PASSWORD
}

const SHORTEST_PASSWORD: usize = 4;
const EMPTY: &str = "it is empty";
const NOT_IN_HEADERS: &str = "it has characters in it that no header can carry";

/// The value of a header that is not shown, and wiped from memory with its last copy.
fn header_value(prefix: &str, text: &str) -> Option<HeaderValue> {
    struct Wiped(Secret);

    impl AsRef<[u8]> for Wiped {
        fn as_ref(&self) -> &[u8] {
            self.0.expose().as_bytes()
        }
    }

    let text = Wiped(format!("{prefix}{text}").into());
    let mut value = HeaderValue::from_maybe_shared(Bytes::from_owner(text)).ok()?;
    value.set_sensitive(true);
    Some(value)
}

#[cfg(test)]
mod tests;
