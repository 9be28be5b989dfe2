//! Maps client errors to exit codes and hints. Does not print.

use jelou_client::Error;

use crate::environment::{API_KEY, CLIENT_ID, CLIENT_SECRET};
use crate::failure::{Exit, Failure};
use crate::origin::{BaseUrlOrigin, CredentialsOrigin, Origin};

/// Repeating an update is safe: it sets values and does not add to them.
pub(crate) const AGAIN: &str = "the update may have been applied anyway; sending it again is safe, since it sets the same values";

/// There is no option that overrides the variable.
pub(crate) const CHECK_PROXY: &str = "set the variable to the `http` or `https` URL of the proxy, unset it, or name the host in `NO_PROXY`";

/// The sandbox has the project and accepts any credentials, and everything it could reject was validated before.
const REPORT: &str = "this is a mistake in `jelou` or its sandbox; please report it";

/// Explains `error`. `base_url` is the server of the request, once it is known to be a URL without credentials.
pub(crate) fn diagnose(error: &Error, origin: &Origin, base_url: Option<&str>) -> Failure {
    let (exit, hint) = match error {
        Error::InvalidInput { field: "proxy", .. } => (Exit::Usage, CHECK_PROXY.to_owned()),
        Error::InvalidInput { .. } => (Exit::Usage, check_input(origin)),
        Error::Setup { .. } => (
            Exit::Failed,
            "install the certificates that this platform trusts, on Linux most often the package `ca-certificates`".to_owned(),
        ),
        Error::NotSent { .. } => (
            Exit::Network,
            format!(
                "nothing was sent; check {}, the network, and the proxy (`HTTPS_PROXY`, `NO_PROXY`)",
                name_server(origin, base_url)
            ),
        ),
        Error::NoAnswer { .. } => (Exit::Network, AGAIN.to_owned()),
        Error::TooLong { .. } | Error::UnreadableReply { .. } => (
            Exit::Failed,
            format!(
                "check that {} is the API; if it is, {AGAIN}",
                name_server(origin, base_url)
            ),
        ),
        Error::Api(api) => {
            let status = api.response().status();
            let hint = match &origin.base_url {
                BaseUrlOrigin::Sandbox => REPORT.to_owned(),
                _ => advise(status, origin, base_url),
            };
            (exit_for(status), hint)
        }
        _ => (Exit::Failed, AGAIN.to_owned()),
    };
    Failure::of(exit, error, hint)
}

/// Like [`diagnose`], for requests that are not necessarily updates.
pub(crate) fn diagnose_request(error: &Error, origin: &Origin, base_url: &str) -> Failure {
    match error {
        Error::NotSent { .. } => diagnose(error, origin, Some(base_url)),
        Error::NoAnswer { .. } => Failure::of(Exit::Network, error, error.hint()),
        Error::InvalidInput { .. } => Failure::of(Exit::Usage, error, error.hint()),
        _ => Failure::of(Exit::Failed, error, error.hint()),
    }
}

/// Like [`diagnose`], for calls that may do harm if they are repeated.
pub(crate) fn diagnose_call(error: &Error, origin: &Origin, base_url: &str) -> Failure {
    match error {
        Error::Api(api) => {
            let status = api.response().status();
            let hint = match status {
                401 | 403 => check_credentials(origin),
                _ => error.hint().to_string(),
            };
            Failure::of(exit_for(status), error, hint)
        }
        _ => diagnose_request(error, origin, base_url),
    }
}

/// Explains the status of a response whose body is on standard output.
pub(crate) fn diagnose_status(status: u16, origin: &Origin, base_url: &str) -> Failure {
    let server = name_server(origin, Some(base_url));
    let hint = match status {
        300..=399 => format!(
            "redirects are not followed, since they could lead the credentials elsewhere; check {server}"
        ),
        401 => check_credentials(origin),
        403 => format!(
            "the credentials may not do this; check {}",
            origin.credentials
        ),
        404 => format!("check the path; or {server} is not the API"),
        _ => "the response is on standard output; `--include` also shows its headers".to_owned(),
    };
    let error = format!("the server answered with status {status}");
    Failure::new(exit_for(status), error, hint)
}

fn exit_for(status: u16) -> Exit {
    match status {
        401 | 403 => Exit::NotAuthorized,
        404 => Exit::NotFound,
        _ => Exit::Failed,
    }
}

/// The hint for an error that the API reports with `status`.
fn advise(status: u16, origin: &Origin, base_url: Option<&str>) -> String {
    let server = name_server(origin, base_url);
    match status {
        200 => "the HTTP status reports success, but the reply reports an error; correct what it names, then send the update again".to_owned(),
        201..=299 => format!("the update was most likely applied, but the API does not document this answer; check {server}"),
        300..=399 => format!("redirects are not followed, since they could lead the credentials elsewhere; check {server}"),
        400 | 422 => "nothing was changed; correct what the API names, `jelou integration update --help` says what each field takes".to_owned(),
        401 => check_credentials(origin),
        403 => format!(
            "the credentials may not change this project; check PROJECT_ID, and {}",
            origin.credentials
        ),
        404 => format!("check PROJECT_ID, and that this project has an integration; or {server} is not the API"),
        429 => "nothing was changed; wait before the update is sent again".to_owned(),
        500.. => AGAIN.to_owned(),
        _ => format!("nothing was changed; check that {server} is the API"),
    }
}

fn check_input(origin: &Origin) -> String {
    let base_url = match &origin.base_url {
        BaseUrlOrigin::Document | BaseUrlOrigin::Sandbox => String::new(),
        given => format!("the base URL comes from {given}; "),
    };
    format!(
        "nothing was sent; {base_url}the credentials come from {}",
        origin.credentials
    )
}

fn check_credentials(origin: &Origin) -> String {
    match &origin.credentials {
        CredentialsOrigin::ApiKey => format!(
            "check `{API_KEY}`: it must be the key of this project; if Jelou gave you a client id and secret, set `{CLIENT_ID}` and `{CLIENT_SECRET}` instead"
        ),
        CredentialsOrigin::Client => format!(
            "check `{CLIENT_ID}` and `{CLIENT_SECRET}`; if Jelou gave you an API key, set `{API_KEY}` instead"
        ),
        CredentialsOrigin::Profile(name) => format!(
            "check the credentials of the profile `{name}`, and that they are for this project; `jelou profile check {name}` says where they come from"
        ),
        CredentialsOrigin::SigningSecret => {
            "check that the signing secret is the current one of this project".to_owned()
        }
        CredentialsOrigin::Sandbox => REPORT.to_owned(),
    }
}

fn name_server(origin: &Origin, base_url: Option<&str>) -> String {
    let base_url = base_url.map(|url| format!(" `{url}`")).unwrap_or_default();
    match &origin.base_url {
        BaseUrlOrigin::Document => format!("the server{base_url}"),
        BaseUrlOrigin::Sandbox => format!("the sandbox{base_url}"),
        given => format!("the server{base_url} (from {given})"),
    }
}
