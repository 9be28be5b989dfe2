//! Checks the credentials of a request against the security requirements of the document: always their form, and their
//! value if the options name the accepted credentials.

use std::{borrow::Cow, collections::HashMap};

use axum::http::{HeaderMap, header};
use base64::{Engine, prelude::BASE64_STANDARD};
use indexmap::IndexSet;
use secrecy::ExposeSecret;
use spec_first_document::{Document, Node, Pointer};

use crate::{
    Authentication, Credential, Flaw,
    contract::{percent::decode_query_part, place::Place},
};

/// The requirements of an operation: alternatives, each of which is a list of schemes that must all be satisfied.
#[derive(Clone, Debug)]
pub(crate) struct Security {
    /// Each scheme with its name.
    alternatives: Vec<Vec<(String, Scheme)>>,
    /// Where the document writes them.
    pub(crate) pointer: Pointer,
    /// Whether requests need no credentials.
    pub(crate) is_open: bool,
}

/// The security schemes of a document by name; `None` for an invalid one.
pub(crate) type Schemes = HashMap<String, Option<Scheme>>;

/// The names and values of a query.
type Query<'a> = [(Cow<'a, str>, Cow<'a, str>)];

/// A way to present a credential.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Scheme {
    /// The value of a header.
    Header(String),
    /// A signature of the body in a header, after this prefix. Only the state knows the secret.
    Signature { header: String, prefix: String },
    /// The value of a query parameter.
    Query(String),
    /// The value of a cookie.
    Cookie(String),
    /// User name and password in `Authorization`.
    Basic,
    /// A token in `Authorization`, after this scheme name in lower case.
    Token(String),
}

impl Security {
    /// Reads the requirements of an operation, or of the document for operations that have none.
    pub(crate) fn of(
        schemes: &Schemes,
        owner: &Place<'_>,
        authentication: Authentication,
        flaws: &mut Vec<Flaw>,
    ) -> Self {
        let mut alternatives = Vec::new();
        for requirement in owner.items_of("security") {
            let mut all = Vec::new();
            for (name, place) in requirement.entries() {
                match schemes.get(name) {
                    Some(scheme) => {
                        all.extend(scheme.clone().map(|scheme| (name.to_owned(), scheme)));
                    }
                    None => flaws.push(place.flaw(
                        format!("the security scheme `{name}` is not defined and is not enforced"),
                        "define it under `components/securitySchemes`",
                    )),
                }
            }
            alternatives.push(all);
        }
        let is_open = alternatives.is_empty()
            || alternatives.iter().any(Vec::is_empty)
            || authentication == Authentication::None;
        alternatives.retain(|all| all.iter().all(|(_, it)| it.is_asked_by(authentication)));
        Self {
            alternatives,
            pointer: owner.pointer.child("security"),
            is_open,
        }
    }

    /// Whether there is a way to satisfy it with the credentials of this mode. A signature is none of them.
    pub(crate) fn is_satisfiable(&self, authentication: Authentication) -> bool {
        let mut alternatives = self.alternatives.iter();
        let is_signature =
            |(_, scheme): &(String, Scheme)| matches!(scheme, Scheme::Signature { .. });
        self.is_open
            || alternatives.any(|all| {
                authentication == Authentication::Either || !all.iter().all(is_signature)
            })
    }

    /// Whether the request satisfies one of the alternatives.
    pub(crate) fn is_satisfied(
        &self,
        accepted: &[Credential],
        headers: &HeaderMap,
        query: &Query<'_>,
    ) -> bool {
        self.is_open
            || self.alternatives.iter().any(|all| {
                let is_satisfied = |scheme: &Scheme| scheme.is_satisfied(accepted, headers, query);
                // A header carries one credential, so one of those that share it is enough.
                let instead_of = |scheme: &Scheme| {
                    let mut sharing = all.iter().filter(|(_, it)| it.place() == scheme.place());
                    sharing.any(|(_, other)| is_satisfied(other))
                };
                all.iter()
                    .all(|(_, scheme)| is_satisfied(scheme) || instead_of(scheme))
            })
    }

    /// The names of the schemes for which the request has credentials.
    pub(crate) fn satisfied(
        &self,
        accepted: &[Credential],
        headers: &HeaderMap,
        query: &Query<'_>,
    ) -> Vec<&str> {
        let schemes = self.alternatives.iter().flatten();
        let satisfied = schemes.filter(|(_, it)| it.is_satisfied(accepted, headers, query));
        satisfied.map(|(name, _)| name.as_str()).collect()
    }

    /// What a request must contain, and what is wrong with its signature, for error messages.
    pub(crate) fn explain(&self, headers: &HeaderMap) -> String {
        let required = self.description();
        let mut schemes = self.alternatives.iter().flatten();
        match schemes.find_map(|(_, scheme)| scheme.flaw_of_signature(headers)) {
            Some(flaw) => format!("{required}; the header {flaw}"),
            None => required,
        }
    }

    /// What a request must contain, for error messages.
    pub(crate) fn description(&self) -> String {
        let alternatives = self.alternatives.iter().map(|all| {
            let all: IndexSet<_> = all.iter().map(|(_, it)| it.description()).collect();
            Vec::from_iter(all).join(" and ")
        });
        // Schemes may differ only in what they are called.
        let alternatives: IndexSet<_> = alternatives.collect();
        let alternatives = Vec::from_iter(alternatives);
        format!("the request must contain {}", alternatives.join(", or "))
    }

    /// Credentials of the right form, for the first of the alternatives: where each is sent, its name and its value.
    pub(crate) fn sample(&self) -> Vec<(&'static str, String, String)> {
        let schemes = self.alternatives.first().filter(|_| !self.is_open);
        let mut places = Vec::new();
        let schemes = schemes.into_iter().flatten().filter(|(_, scheme)| {
            let is_first = !places.contains(&scheme.place());
            places.push(scheme.place());
            is_first
        });
        schemes.map(|(_, scheme)| scheme.sample()).collect()
    }

    /// The challenges of a 401 response: RFC 9110 requires one for each scheme that uses `Authorization`.
    pub(crate) fn challenges(&self) -> Vec<String> {
        let mut challenges = Vec::new();
        for (_, scheme) in self.alternatives.iter().flatten() {
            let challenge = match scheme {
                Scheme::Basic => "Basic realm=\"sandbox\", charset=\"UTF-8\"".to_owned(),
                Scheme::Token(name) => format!("{name} realm=\"sandbox\""),
                Scheme::Header(_)
                | Scheme::Signature { .. }
                | Scheme::Query(_)
                | Scheme::Cookie(_) => continue,
            };
            if !challenges.contains(&challenge) {
                challenges.push(challenge);
            }
        }
        challenges
    }
}

/// Reads the security schemes of a document, by name.
pub(crate) fn read_schemes(document: &Document, flaws: &mut Vec<Flaw>) -> Schemes {
    let pointer = Pointer::root().child("components").child("securitySchemes");
    let written = Place::at(document, &pointer);
    let written = written.iter().flat_map(Place::entries);
    let read = written.map(|(name, place)| {
        let resolved = place.resolve();
        let scheme = resolved.as_ref().and_then(|place| read_scheme(place.node));
        if resolved.is_some() && scheme.is_none() {
            flaws.push(place.flaw(
                "this security scheme is not enforced: it is not a valid OpenAPI 3.0 scheme",
                "give it the type `apiKey` (with `in` and `name`), `http` (with `scheme`), `oauth2` or `openIdConnect`",
            ));
        }
        (name.to_owned(), scheme)
    });
    read.collect()
}

fn read_scheme(node: Node<'_>) -> Option<Scheme> {
    let text = |key: &str| node.str_of(key);
    match text("type")? {
        "apiKey" => {
            let name = text("name")?.to_owned();
            match text("in")? {
                "header" => {
                    let header = name.to_ascii_lowercase();
                    Some(match node.get("x-signature") {
                        Some(signature) => {
                            let prefix = signature.str_of("prefix").unwrap_or_default();
                            let prefix = prefix.to_owned();
                            Scheme::Signature { header, prefix }
                        }
                        None => Scheme::Header(header),
                    })
                }
                "query" => Some(Scheme::Query(name)),
                "cookie" => Some(Scheme::Cookie(name)),
                _ => None,
            }
        }
        "http" => match text("scheme")?.to_ascii_lowercase().as_str() {
            "basic" => Some(Scheme::Basic),
            other => Some(Scheme::Token(other.to_owned())),
        },
        // RFC 6750: the tokens issued by both are bearer tokens.
        "oauth2" | "openIdConnect" => Some(Scheme::Token("bearer".to_owned())),
        _ => None,
    }
}

impl Scheme {
    fn is_asked_by(&self, authentication: Authentication) -> bool {
        if matches!(self, Self::Signature { .. }) {
            return true;
        }
        match authentication {
            Authentication::ApiKey => *self != Self::Basic,
            Authentication::Basic => *self == Self::Basic,
            Authentication::Either | Authentication::None => true,
        }
    }

    fn description(&self) -> String {
        match self {
            Self::Header(name) => format!("an accepted key in the header `{name}`"),
            Self::Signature { header, prefix } => format!(
                "a signature of the body in the header `{header}`: `{prefix}` and 64 hexadecimal digits"
            ),
            Self::Query(name) => format!("an accepted key in the query parameter `{name}`"),
            Self::Cookie(name) => format!("an accepted key in the cookie `{name}`"),
            Self::Basic => {
                "an accepted user name and password in HTTP Basic authentication".to_owned()
            }
            Self::Token(scheme) => {
                let scheme = match scheme.eq_ignore_ascii_case("bearer") {
                    true => "Bearer",
                    false => scheme,
                };
                format!("an accepted token in `Authorization: {scheme} TOKEN`")
            }
        }
    }

    /// Where it is sent, and under which name.
    fn place(&self) -> (&'static str, &str) {
        match self {
            Self::Header(name) | Self::Signature { header: name, .. } => ("header", name),
            Self::Query(name) => ("query", name),
            Self::Cookie(name) => ("cookie", name),
            Self::Basic | Self::Token(_) => ("header", "authorization"),
        }
    }

    fn sample(&self) -> (&'static str, String, String) {
        let (location, name) = self.place();
        let value = match self {
            Self::Header(_) | Self::Query(_) | Self::Cookie(_) => "sample".to_owned(),
            Self::Signature { prefix, .. } => format!("{prefix}{}", "0".repeat(64)),
            Self::Basic => format!("Basic {}", BASE64_STANDARD.encode("sample:sample")),
            Self::Token(scheme) => format!("{scheme} sample"),
        };
        (location, name.to_owned(), value)
    }

    /// What is wrong with the form of a signature, after "the header".
    fn flaw_of_signature(&self, headers: &HeaderMap) -> Option<String> {
        let Self::Signature { header, prefix } = self else {
            return None;
        };
        let flaw = match single_header(headers, header) {
            None if headers.contains_key(header) => "is repeated or is not text".to_owned(),
            None => "is missing".to_owned(),
            Some(value) => match value.strip_prefix(prefix.as_str()) {
                None => format!("does not begin with `{prefix}`"),
                Some(digits)
                    if digits.len() == 64 && digits.bytes().all(|it| it.is_ascii_hexdigit()) =>
                {
                    return None;
                }
                Some(_) => "does not end with 64 hexadecimal digits".to_owned(),
            },
        };
        Some(format!("`{header}` {flaw}"))
    }

    fn is_satisfied(
        &self,
        accepted: &[Credential],
        headers: &HeaderMap,
        query: &Query<'_>,
    ) -> bool {
        match self {
            Self::Header(name) => single_header(headers, name).is_some_and(|key| {
                // Many documents describe `Authorization: Bearer KEY` like this.
                let is_authorization = name == header::AUTHORIZATION.as_str();
                let behind = key.split_once(' ').filter(|_| is_authorization);
                let behind = behind.map(|(_, key)| key.trim_start());
                accepts_key(accepted, key) || behind.is_some_and(|it| accepts_key(accepted, it))
            }),
            Self::Signature { .. } => self.flaw_of_signature(headers).is_none(),
            Self::Query(name) => {
                let mut values = query.iter().filter(|(given, _)| given == name);
                let first = values.next();
                values.next().is_none() && first.is_some_and(|(_, key)| accepts_key(accepted, key))
            }
            Self::Cookie(name) => cookie(headers, name)
                .as_deref()
                .is_some_and(|key| accepts_key(accepted, key)),
            Self::Basic => authorization(headers, "basic")
                .and_then(|text| BASE64_STANDARD.decode(text).ok())
                .and_then(|bytes| String::from_utf8(bytes).ok())
                .is_some_and(|pair| accepts_client(accepted, &pair)),
            Self::Token(scheme) => {
                authorization(headers, scheme).is_some_and(|token| accepts_key(accepted, token))
            }
        }
    }
}

fn accepts_key(accepted: &[Credential], key: &str) -> bool {
    let well_formed = !key.is_empty() && key.chars().all(|character| character.is_ascii_graphic());
    well_formed
        && (accepted.is_empty()
            || accepted.iter().any(|credential| {
                matches!(credential, Credential::ApiKey(secret) if secret.expose_secret() == key)
            }))
}

fn accepts_client(accepted: &[Credential], pair: &str) -> bool {
    // RFC 7617: the user name ends at the first colon, and control characters are not allowed.
    let Some((user, password)) = pair.split_once(':') else {
        return false;
    };
    // Many APIs take a key as the user name, without a password: `curl -u KEY:`.
    let well_formed = !user.is_empty() && !pair.chars().any(char::is_control);
    well_formed
        && (accepted.is_empty()
            || accepted.iter().any(|credential| match credential {
                Credential::Client { id, secret } => {
                    id == user && secret.expose_secret() == password
                }
                Credential::ApiKey(key) => password.is_empty() && key.expose_secret() == user,
            }))
}

/// The credentials in `Authorization` if they use this scheme (case-insensitive).
fn authorization<'a>(headers: &'a HeaderMap, scheme: &str) -> Option<&'a str> {
    let value = single_header(headers, header::AUTHORIZATION.as_str())?;
    let (given, credentials) = value.split_once(' ')?;
    given
        .eq_ignore_ascii_case(scheme)
        .then(|| credentials.trim_start_matches(' '))
}

/// The value of a header that occurs exactly once: choosing one of several would be a guess.
pub(crate) fn single_header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?;
    if values.next().is_some() {
        return None;
    }
    value.to_str().ok()
}

/// The value of a cookie.
pub(crate) fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    let value = single_header(headers, header::COOKIE.as_str())?;
    let pairs = value
        .split(';')
        .filter_map(|pair| pair.trim().split_once('='));
    let (_, value) = pairs.into_iter().find(|(given, _)| *given == name)?;
    decode_query_part(value).map(Cow::into_owned)
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[track_caller]
    fn check(scheme: Scheme, name: &'static str, value: &str, expected: bool) {
        let headers = HeaderMap::from_iter([(
            header::HeaderName::from_static(name),
            HeaderValue::from_bytes(value.as_bytes()).unwrap(),
        )]);
        assert_eq!(scheme.is_satisfied(&[], &headers, &[]), expected, "{value}");
    }

    #[test]
    fn basic_credentials_must_be_well_formed() {
        let encoded = |text: &str| BASE64_STANDARD.encode(text);
        for (value, expected) in [
            (format!("Basic {}", encoded("id:secret")), true),
            (format!("bASIC  {}", encoded("id:se:cret")), true),
            (format!("Basic {}", encoded("id:")), true),
            (format!("Basic {}", encoded(":secret")), false),
            (format!("Basic {}", encoded("secret")), false),
            (format!("Basic {}", encoded("id:sec\nret")), false),
            (format!("Basic{}", encoded("id:secret")), false),
            (format!("Bearer {}", encoded("id:secret")), false),
            ("Basic id:secret".to_owned(), false),
            ("Basic ".to_owned(), false),
            ("Basic".to_owned(), false),
            (String::new(), false),
        ] {
            check(Scheme::Basic, "authorization", &value, expected);
        }
    }

    #[test]
    fn keys_and_tokens_must_be_well_formed() {
        check(Scheme::Header("x-key".into()), "x-key", "abc", true);
        check(Scheme::Header("x-key".into()), "x-key", "", false);
        check(Scheme::Header("x-key".into()), "x-key", "a b", false);
        check(Scheme::Header("x-key".into()), "x-key", "é", false);
        check(Scheme::Header("x-key".into()), "x-other", "abc", false);
        check(
            Scheme::Token("bearer".into()),
            "authorization",
            "Bearer abc",
            true,
        );
        check(
            Scheme::Token("bearer".into()),
            "authorization",
            "Bearer ",
            false,
        );
        check(Scheme::Cookie("key".into()), "cookie", "a=1; key=abc", true);
        check(Scheme::Cookie("key".into()), "cookie", "a=1; key=", false);
    }

    #[test]
    fn a_signature_must_be_well_formed() {
        let scheme = |prefix: &str| Scheme::Signature {
            header: "x-sig".into(),
            prefix: prefix.into(),
        };
        let digits = "0aF9".repeat(16);
        check(scheme("v1="), "x-sig", &format!("v1={digits}"), true);
        check(scheme(""), "x-sig", &digits, true);
        check(scheme("v1="), "x-sig", &digits, false);
        check(scheme("v1="), "x-sig", &format!("v1={digits}0"), false);
        check(
            scheme("v1="),
            "x-sig",
            &format!("v1={}g", &digits[1..]),
            false,
        );
        check(scheme("v1="), "x-other", &format!("v1={digits}"), false);
    }

    #[test]
    fn a_repeated_header_is_not_a_credential() {
        let mut headers = HeaderMap::new();
        headers.append("x-key", HeaderValue::from_static("one"));
        headers.append("x-key", HeaderValue::from_static("two"));
        assert!(!Scheme::Header("x-key".into()).is_satisfied(&[], &headers, &[]));
    }
}
