//! The path of a request, and the query that it may be written with.

use crate::Error;
use crate::parameter::{Location, Parameter};

/// Puts the values of the path parameters into `template`.
pub(super) fn expand(
    template: &str,
    parameters: &[(&'static Parameter, String)],
    path: &mut String,
) -> Result<(), Error> {
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((name, after)) = after.split_once('}') else {
            break;
        };
        let value = parameters
            .iter()
            .find(|(parameter, _)| parameter.location == Location::Path && parameter.name == name);
        let Some((_, value)) = value else {
            return Err(Error::invalid_input("path", format!("`{name}` is not set")));
        };
        path.push_str(before);
        path.push_str(value);
        rest = after;
    }
    path.push_str(rest);
    Ok(())
}

/// Puts the values of the path parameters into the query that a path is `written` with. What is left in braces there is a parameter
/// of the query, which is written as such; a fragment is not sent.
#[inline(never)]
pub(super) fn expand_query(written: &str, parameters: &[(&'static Parameter, String)]) -> String {
    let mut query = String::new();
    let Some(written) = written.strip_prefix('?') else {
        return query;
    };
    for pair in written.split('#').next().unwrap_or_default().split('&') {
        let (start, separator) = (query.len(), if query.is_empty() { "" } else { "&" });
        query.push_str(separator);
        if expand(pair, parameters, &mut query).is_err() {
            query.truncate(start);
        }
    }
    query
}
