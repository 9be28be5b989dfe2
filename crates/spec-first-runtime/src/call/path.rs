//! The path of a request.

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
