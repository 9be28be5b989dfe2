//! Tests of `jelou raw`.

use jelou_sandbox::Options;

use crate::command::{Jelou, Run, jelou};
use crate::files::Folder;
use crate::server::{Rogue, Service, closed_port};

fn raw(arguments: &str, server: &str) -> Jelou {
    jelou("raw")
        .arguments(arguments)
        .arguments("--base-url")
        .argument(server)
        .env("JELOU_API_KEY", "KEY")
}

#[test]
fn the_sandbox_answers_as_the_api_does() {
    let body = r#"{"authType":"no_auth"}"#;
    let command = jelou("raw PATCH /v1/external-support/PROJECT_ID --sandbox --body -").stdin(body);
    let run = command.run();
    assert_eq!(run.code, Some(0), "{run}");
    let answer: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(answer["authType"], "no_auth");
    assert_eq!(run.stderr, "");
}

#[test]
fn the_request_is_sent_as_given() {
    let server = Rogue::answering(200, "");
    let folder = Folder::new();
    let file = folder.write("body", "<a/>");
    let command = raw("post /a?b=%20c --header x-trace:1", &server.base_url)
        .arguments("-H")
        .argument("Content-Type: text/xml")
        .arguments("--body")
        .argument(file);
    let run = command.run();
    assert_eq!(run.code, Some(0), "{run}");
    let request = server.received().remove(0).replace('\r', "");
    check!(request, @"
    POST /a?b=%20c HTTP/1.1
    accept: */*
    x-trace: 1
    content-type: text/xml
    x-api-key: KEY
    user-agent: jelou-client/0.1.0
    host: 127.0.0.1:[PORT]
    content-length: 4

    <a/>
    ");
}

#[test]
fn the_body_is_printed_verbatim() {
    let body = "\u{1b}[31m not JSON\n\u{0}";
    let server = Rogue::answering(200, body);
    assert_eq!(raw("GET /", &server.base_url).run().stdout, body);
}

#[test]
fn status_and_headers_can_be_included() {
    let server = Rogue::answering(200, "body\n");
    check!(raw("GET / --include", &server.base_url).run(), @"
    exit code: 0
    ----- stdout -----
    200
    connection: close
    content-length: 5
    content-type: application/json

    body
    ");
}

#[test]
fn the_exit_code_follows_the_status() {
    for (status, code) in [
        (200, 0),
        (204, 0),
        (302, 1),
        (400, 1),
        (401, 3),
        (403, 3),
        (404, 4),
        (500, 1),
    ] {
        let server = Rogue::answering(status, "body");
        let run = raw("POST /", &server.base_url).run();
        assert_eq!(run.code, Some(code), "{status}\n{run}");
        if status != 204 {
            assert_eq!(run.stdout, "body", "{status}");
        }
        assert_eq!(run.stderr.is_empty(), code == 0, "{run}");
    }
    check!(answered(401), @"
    exit code: 3
    ----- stdout -----
    body
    ----- stderr -----
    error: the server answered with status 401
    hint: check `JELOU_API_KEY`: it must be the key of this project; if Jelou gave you a client id and secret, set `JELOU_CLIENT_ID` and `JELOU_CLIENT_SECRET` instead
    ");
    check!(answered(404), @"
    exit code: 4
    ----- stdout -----
    body
    ----- stderr -----
    error: the server answered with status 404
    hint: check the path; or the server `http://127.0.0.1:[PORT]` (from `--base-url`) is not the API
    ");
    check!(answered(302), @"
    exit code: 1
    ----- stdout -----
    body
    ----- stderr -----
    error: the server answered with status 302
    hint: redirects are not followed, since they could lead the credentials elsewhere; check the server `http://127.0.0.1:[PORT]` (from `--base-url`)
    ");
    check!(answered(400), @"
    exit code: 1
    ----- stdout -----
    body
    ----- stderr -----
    error: the server answered with status 400
    hint: the response is on standard output; `--include` also shows its headers
    ");
}

fn answered(status: u16) -> Run {
    let server = Rogue::answering(status, "body\n");
    raw("POST /", &server.base_url).run()
}

#[test]
fn an_unreachable_server_is_a_network_failure() {
    assert_eq!(raw("GET /", &closed_port()).run().code, Some(5));
    let server = Rogue::start(|_| String::new());
    let run = raw("POST /", &server.base_url).run();
    check!(run, @"
    exit code: 5
    ----- stderr -----
    error: no answer came, so the request may have been applied
      caused by: error sending request
      caused by: client error (SendRequest)
      caused by: connection closed before message completed
    hint: find out whether the request was applied, or send it again if that does no harm
    ");
    assert_eq!(
        server.received().len(),
        1,
        "nothing says that a POST may be sent twice"
    );
}

#[test]
fn an_invalid_request_is_rejected() {
    let server = Rogue::answering(200, "");
    for (arguments, expected) in [
        (
            "GET v1",
            "the path cannot be used: it does not begin with `/`",
        ),
        (
            "GET /../secrets",
            "the path cannot be used: it leads out of the base URL",
        ),
        ("G;T /", "the method cannot be used"),
        (
            "GET / --header x-api-key:canary",
            "`x-api-key` is set by the client, or carries credentials",
        ),
        (
            "GET / --header canary",
            "the value of `--header` is not a header",
        ),
        (
            "GET / --body /nowhere/at/all",
            "the body `/nowhere/at/all` cannot be read",
        ),
    ] {
        let run = raw(arguments, &format!("{}/base", server.base_url)).run();
        assert_eq!(run.code, Some(2), "{run}");
        assert!(run.stderr.contains(expected), "{run}");
        assert!(run.stderr.contains("hint: "), "{run}");
        assert!(!run.to_string().contains("canary"), "{run}");
    }
    assert!(server.received().is_empty());
}

#[test]
fn requests_are_retried_as_in_every_other_command() {
    let service = Service::start(Options::default().integration("PROJECT_ID").fail_with(500));
    let run = raw(
        "PATCH /v1/external-support/PROJECT_ID --body -",
        &service.base_url(),
    )
    .stdin(r#"{"authType":"no_auth"}"#)
    .run();
    assert_eq!(run.code, Some(1), "{run}");
    assert_eq!(service.received().len(), 3);
}
