//! Requests that fail, or cannot be sent: exit codes 1, 3, 4 and 5.

use jelou_sandbox::Options;

use crate::command::{Run, jelou, update};
use crate::server::{Rogue, Service, closed_port};

#[test]
fn a_refused_update_is_a_failure() {
    check!(send(Options::default().integration("PROJECT_ID").fail_with(400)), @"
    exit code: 1
    ----- stderr -----
    error: the API answered with status 400: webhookUrl must be a URL
    hint: nothing was changed; correct what the API names, `jelou integration update --help` says what each field takes
    ");
}

#[test]
fn a_wrong_api_key_names_its_variable() {
    check!(send(Options::default().integration("PROJECT_ID").api_key("another")), @"
    exit code: 3
    ----- stderr -----
    error: the API answered with status 401: Unauthorized; the request must contain an accepted key in the header `x-api-key`, or an accepted user name and password in HTTP Basic authentication
    hint: check `JELOU_API_KEY`: it must be the key of this project; if Jelou gave you a client id and secret, set `JELOU_CLIENT_ID` and `JELOU_CLIENT_SECRET` instead
    ");
}

#[test]
fn a_wrong_client_secret_names_its_variables() {
    let service = Service::start(Options::default().client("ID", "another"));
    let run = update("--base-url")
        .argument(service.base_url())
        .env("JELOU_CLIENT_ID", "ID")
        .env("JELOU_CLIENT_SECRET", "SECRET")
        .run();
    check!(run, @"
    exit code: 3
    ----- stderr -----
    error: the API answered with status 401: Unauthorized; the request must contain an accepted key in the header `x-api-key`, or an accepted user name and password in HTTP Basic authentication
    hint: check `JELOU_CLIENT_ID` and `JELOU_CLIENT_SECRET`; if Jelou gave you an API key, set `JELOU_API_KEY` instead
    ");
}

#[test]
fn a_project_without_integration_is_not_found() {
    check!(send(Options::default()), @"
    exit code: 4
    ----- stderr -----
    error: the API answered with status 404: Integration not found
    hint: check PROJECT_ID, and that this project has an integration; or the server `http://127.0.0.1:[PORT]/jelouapi` (from `--base-url`) is not the API
    ");
}

#[test]
fn an_error_of_the_server_may_hide_an_update() {
    check!(send(Options::default().integration("PROJECT_ID").fail_with(500)), @"
    exit code: 1
    ----- stderr -----
    error: the API answered with status 500: Internal server error
    hint: the update may have been applied anyway; sending it again is safe, since it sets the same values
    ");
}

#[test]
fn forbidden_is_not_authorized() {
    check!(answered(403, r#"{"message":"Forbidden","error":{"code":17}}"#), @"
    exit code: 3
    ----- stderr -----
    error: the API answered with status 403, code `17`: Forbidden
    hint: the credentials may not change this project; check PROJECT_ID, and `JELOU_API_KEY`
    ");
}

#[test]
fn a_redirect_is_not_followed() {
    check!(answered(302, ""), @"
    exit code: 1
    ----- stderr -----
    error: the API answered with status 302
    hint: redirects are not followed, since they could lead the credentials elsewhere; check the server `http://127.0.0.1:[PORT]` (from `--base-url`)
    ");
}

#[test]
fn too_many_requests_suggest_waiting() {
    check!(answered(429, ""), @"
    exit code: 1
    ----- stderr -----
    error: the API answered with status 429
    hint: nothing was changed; wait before the update is sent again
    ");
}

#[test]
fn an_undocumented_status_casts_doubt_on_the_server() {
    check!(answered(405, "<html>"), @"
    exit code: 1
    ----- stderr -----
    error: the API answered with status 405
    hint: nothing was changed; check that the server `http://127.0.0.1:[PORT]` (from `--base-url`) is the API
    ");
}

#[test]
fn an_envelope_can_report_a_failure() {
    check!(answered(200, r#"{"status":0,"statusMessage":"failed","message":["no such webhook"]}"#), @"
    exit code: 1
    ----- stderr -----
    error: the API answered with status 200: no such webhook
    hint: the HTTP status reports success, but the reply reports an error; correct what it names, then send the update again
    ");
}

#[test]
fn a_reply_that_is_not_json_is_unreadable() {
    check!(answered(200, "<html>"), @"
    exit code: 1
    ----- stderr -----
    error: the answer, of status 200, is not what the document describes at `.`
      caused by: this is not JSON, at line 1 column 1
    hint: check that the server `http://127.0.0.1:[PORT]` (from `--base-url`) is the API; if it is, the update may have been applied anyway; sending it again is safe, since it sets the same values
    ");
}

#[test]
fn a_reply_of_another_type_is_unreadable() {
    check!(answered(200, r#"{"data":{"id":{"canary":1}}}"#), @"
    exit code: 1
    ----- stderr -----
    error: the answer, of status 200, is not what the document describes at `data.id`
      caused by: a value is missing or has the wrong type
    hint: check that the server `http://127.0.0.1:[PORT]` (from `--base-url`) is the API; if it is, the update may have been applied anyway; sending it again is safe, since it sets the same values
    ");
}

#[test]
fn an_endless_reply_is_cut_off() {
    check!(answered(200, &" ".repeat(2 * 1024 * 1024)), @"
    exit code: 1
    ----- stderr -----
    error: the answer, of status 200, is longer than 1048576 bytes
    hint: check that the server `http://127.0.0.1:[PORT]` (from `--base-url`) is the API; if it is, the update may have been applied anyway; sending it again is safe, since it sets the same values
    ");
}

#[test]
fn a_broken_connection_is_a_network_failure() {
    let server = Rogue::start(|_| String::new());
    let run = update("--base-url")
        .argument(&server.base_url)
        .env("JELOU_API_KEY", "KEY")
        .run();
    check!(run, @"
    exit code: 5
    ----- stderr -----
    error: no answer came, so the request may have been applied
      caused by: error sending request
      caused by: client error (SendRequest)
      caused by: connection closed before message completed
    hint: the update may have been applied anyway; sending it again is safe, since it sets the same values
    ");
    assert_eq!(server.received().len(), 3, "no answer came to any attempt");
}

#[test]
fn an_unreachable_server_is_a_network_failure() {
    let run = update("")
        .env("JELOU_BASE_URL", closed_port())
        .env("JELOU_API_KEY", "KEY")
        .run();
    check!(run, @"
    exit code: 5
    ----- stderr -----
    error: the server could not be reached
      caused by: error sending request
      caused by: client error (Connect)
      caused by: tcp connect error
      caused by: Connection refused (os error [NUMBER])
    hint: nothing was sent; check the server `http://127.0.0.1:[PORT]` (from `JELOU_BASE_URL`), the network, and the proxy (`HTTPS_PROXY`, `NO_PROXY`)
    ");
}

#[test]
fn errors_are_text_on_standard_error_whatever_the_output() {
    let service = Service::start(Options::default());
    let run = |output: &str| {
        jelou("integration update PROJECT_ID --auth-type basic --base-url")
            .argument(service.base_url())
            .arguments(output)
            .env("JELOU_API_KEY", "KEY")
            .run()
            .to_string()
    };
    assert_eq!(run("--output json"), run("--output text"));
}

/// How often a request that gets this status is sent: those that may succeed later are retried.
fn expected_requests(status: u16) -> usize {
    if matches!(status, 429 | 500..) { 3 } else { 1 }
}

/// Sends the update to a sandbox with these options.
fn send(options: Options) -> Run {
    let service = Service::start(options);
    let run = update("--base-url")
        .argument(service.base_url())
        .env("JELOU_API_KEY", "KEY")
        .run();
    assert!([1, 3].contains(&service.received().len()));
    run
}

/// Sends the update to a server that responds with `status` and `body`.
fn answered(status: u16, body: &str) -> Run {
    let server = Rogue::answering(status, body);
    let run = update("--base-url")
        .argument(&server.base_url)
        .env("JELOU_API_KEY", "KEY")
        .run();
    assert_eq!(server.received().len(), expected_requests(status));
    run
}
