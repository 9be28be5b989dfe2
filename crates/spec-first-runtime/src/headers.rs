//! Headers that a caller adds to a request. They cannot replace credentials or what HTTP derives from the request.

use http::HeaderMap;
use http::header::{
    ACCEPT, ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_TYPE, HeaderName, HeaderValue, USER_AGENT,
};

use crate::Error;
use crate::api::Api;

/// Headers that HTTP derives from the request or the connection, or that carry credentials.
const RESERVED: [&str; 13] = [
    "authorization",
    "connection",
    "content-length",
    "cookie",
    "expect",
    "host",
    "keep-alive",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// A header of any request.
///
/// # Errors
/// Why it cannot be sent, without its value.
pub(crate) fn parse(
    api: &Api,
    name: &str,
    value: &str,
) -> Result<(HeaderName, HeaderValue), String> {
    let name = HeaderName::from_bytes(name.as_bytes())
        .map_err(|_| "its name is not a valid header name".to_owned())?;
    if RESERVED.contains(&name.as_str()) || api.is_credential_header(name.as_str()) {
        return Err(format!(
            "`{name}` is set by the client, or carries credentials"
        ));
    }
    let value = HeaderValue::from_str(value)
        .map_err(|_| format!("`{name}` has a character in its value that no header can carry"))?;
    Ok((name, value))
}

/// A header of requests whose body and answer the document describes. `Debug` does not show its value.
///
/// # Errors
/// Why it cannot be sent, without its value.
pub(crate) fn parse_additional(
    api: &Api,
    name: &str,
    value: &str,
) -> Result<(HeaderName, HeaderValue), String> {
    let (name, mut value) = parse(api, name, value)?;
    let reserved = [
        ACCEPT,
        ACCEPT_ENCODING,
        CONTENT_ENCODING,
        CONTENT_TYPE,
        USER_AGENT,
    ];
    if reserved.contains(&name) {
        return Err(format!("`{name}` is reserved for the client"));
    }
    value.set_sensitive(true);
    Ok((name, value))
}

/// The value of a header that must not be shown.
///
/// # Errors
/// [`Error::InvalidInput`].
pub(crate) fn sensitive(text: &str) -> Result<HeaderValue, Error> {
    let mut value = HeaderValue::from_str(text)
        .map_err(|_| Error::invalid_input("cookie", "no header can carry it"))?;
    value.set_sensitive(true);
    Ok(value)
}

/// Adds those of `additional` that `headers` does not have.
pub(crate) fn add_missing(headers: &mut HeaderMap, additional: &HeaderMap) {
    for (name, value) in additional {
        headers.entry(name).or_insert_with(|| value.clone());
    }
}
