//! Secrets leave only in requests, even if the server echoes them.

use serde_json::json;

use crate::command::{jelou, update};
use crate::files::Folder;
use crate::server::{Rogue, response};

const CLIENT_ID: &str = "ID";

/// `ID:canary-credential`, as encoded by HTTP Basic.
const BASIC: &str = "SUQ6Y2FuYXJ5LWNyZWRlbnRpYWw=";

/// The credentials of the request, in each of the two kinds.
const CREDENTIALS: [&[(&str, &str)]; 2] = [
    &[("JELOU_API_KEY", "canary-credential")],
    &[
        ("JELOU_CLIENT_ID", CLIENT_ID),
        ("JELOU_CLIENT_SECRET", "canary-credential"),
    ],
];

/// The webhook credentials, including a value that programs quote differently.
const AUTHORIZATIONS: [&str; 2] = ["canary-authorization", " canary\t\"authorization\"\n"];

/// Sends the update in every way to a server that responds with `answer`, applied to the request.
#[track_caller]
fn check(expected_code: i32, answer: fn(&str) -> String) {
    let server = Rogue::start(answer);
    for credentials in CREDENTIALS {
        for authorization in AUTHORIZATIONS {
            for output in ["text", "json", "yaml"] {
                let command = update("--authorization-env AUTHORIZATION --output")
                    .argument(output)
                    .env("AUTHORIZATION", authorization)
                    .env("JELOU_BASE_URL", &server.base_url);
                let command = credentials
                    .iter()
                    .fold(command, |command, (name, value)| command.env(name, value));
                let run = command.run();
                assert_eq!(run.code, Some(expected_code), "{run}");
                let shown = run.to_string();
                assert!(
                    !shown.contains("canary") && !shown.contains(BASIC),
                    "{shown}"
                );
            }
        }
    }
    let received = server.received();
    // Twelve runs; a request that is retried carries the secrets each time.
    assert!([12, 36].contains(&received.len()), "{}", received.len());
    for request in received {
        assert!(request.contains("canary-credential") || request.contains(BASIC));
        assert!(request.matches("canary").count() >= 1);
    }
}

#[test]
fn of_a_success_with_an_echo() {
    check(0, |request| {
        let echo = json!({ "id": request, "brainId": request, "webhookUrl": request, "authType": request, "createdAt": request, "updatedAt": request });
        response(200, &echo.to_string())
    });
    check(0, |request| {
        let echo = json!({ "message": [request], "data": { "webhookUrl": decode_body(request) } });
        response(200, &echo.to_string())
    });
}

#[test]
fn of_an_error_with_an_echo() {
    fn echo(status: u16, request: &str) -> String {
        let authorization = decode_body(request);
        let body = json!({
            "message": [request, authorization],
            "error": { "code": authorization, "key": request, "description": request },
            "validationError": { "authorization": [authorization] },
        });
        response(status, &body.to_string())
    }
    check(1, |request| echo(400, request));
    check(3, |request| echo(401, request));
    check(3, |request| echo(403, request));
    check(4, |request| echo(404, request));
    check(1, |request| echo(429, request));
    check(1, |request| echo(500, request));
}

#[test]
fn of_an_error_that_is_not_json() {
    check(1, |request| response(400, request));
    check(1, |request| response(502, &format!("<pre>{request}</pre>")));
}

#[test]
fn of_an_envelope_that_reports_a_failure() {
    check(1, |request| {
        response(
            200,
            &json!({ "status": 0, "message": [request, decode_body(request)] }).to_string(),
        )
    });
}

#[test]
fn of_an_unreadable_reply() {
    check(1, |request| response(200, request));
    check(1, |request| {
        response(
            200,
            &json!({ "id": { decode_body(request): 1 }, "webhookUrl": [request] }).to_string(),
        )
    });
}

#[test]
fn of_a_redirect() {
    check(1, |request| {
        let place = request.replace(['\r', '\n'], "");
        format!(
            "HTTP/1.1 302 Found\r\nLocation: https://my-system.com/?{place}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        )
    });
}

#[test]
fn of_a_truncated_response() {
    check(5, |_| String::new());
    check(5, |request| {
        let whole = response(200, &format!("{request}{request}"));
        whole[..whole.len() - request.len()].to_owned()
    });
    check(5, |request| format!("{request}\r\n\r\n"));
}

#[test]
fn of_an_unreachable_server() {
    let run = update("--authorization-env AUTHORIZATION")
        .env("AUTHORIZATION", "canary")
        .env("JELOU_API_KEY", "canary")
        .env("JELOU_BASE_URL", crate::server::closed_port())
        .run();
    assert_eq!(run.code, Some(5), "{run}");
    assert!(!run.to_string().contains("canary"), "{run}");
}

#[test]
fn of_an_update_of_the_sandbox() {
    for output in ["text", "json", "yaml"] {
        let run = update("--sandbox --authorization-env AUTHORIZATION --output")
            .argument(output)
            .env("AUTHORIZATION", "canary")
            .env("JELOU_API_KEY", "canary")
            .run();
        assert_eq!(run.code, Some(0), "{run}");
        assert!(!run.to_string().contains("canary"), "{run}");
    }
}

/// Decodes the authorization in the body of `request`.
fn decode_body(request: &str) -> String {
    let (_, body) = request.split_once("\r\n\r\n").unwrap();
    let body: serde_json::Value = serde_json::from_str(body).unwrap();
    body["authorization"].as_str().unwrap().to_owned()
}

/// Every source of credentials, as arguments and variables; the folder contains the files.
const SOURCES: [(&str, &[(&str, &str)]); 6] = [
    ("", &[("JELOU_API_KEY", "canary-credential")]),
    (
        "",
        &[
            ("JELOU_CLIENT_ID", CLIENT_ID),
            ("JELOU_CLIENT_SECRET", "canary-credential"),
        ],
    ),
    (
        "--profile environment",
        &[("ACME_KEY", "canary-credential")],
    ),
    ("--profile file", &[]),
    ("--profile command", &[]),
    ("--profile client", &[]),
];

/// The commands that use credentials, and their standard input.
const COMMANDS: [(&str, &str); 8] = [
    (
        "integration update a --authorization-stdin",
        "canary-authorization",
    ),
    (
        "integration update a --authorization-stdin --output yaml",
        "canary-authorization",
    ),
    (
        "integration update a --authorization-stdin --dry-run",
        "canary-authorization",
    ),
    (
        "raw PATCH /v1/external-support/a --include --body -",
        r#"{"authorization":"canary-authorization"}"#,
    ),
    ("doctor", ""),
    ("doctor --output json", ""),
    ("config show", ""),
    ("profile check --output json", ""),
];

#[test]
fn of_any_source_in_any_command() {
    let folder = Folder::with_configuration(
        r#"
        [profiles.environment]
        api_key = { environment = "ACME_KEY" }
        [profiles.file]
        api_key = { file = "key" }
        [profiles.command]
        api_key = { command = "cat key" }
        [profiles.client]
        client_id = "ID"
        client_secret = { file = "key" }
        "#,
    );
    folder.write_private("key", "canary-credential\n");
    // Shell commands run in the current folder of the test, so they need an absolute path.
    let configuration = folder
        .configuration()
        .replace("cat key", &format!("cat '{}/key'", folder.path().display()));
    folder.write_private("config.toml", configuration);
    for status in [200, 401] {
        let server = Rogue::start(move |request| {
            response(status, request).replace(
                "Connection: close",
                &format!(
                    "Connection: close\r\nX-Echo: {}",
                    request.replace("\r\n", " ")
                ),
            )
        });
        for (arguments, variables) in SOURCES {
            for (command, input) in COMMANDS {
                let takes_target = !command.starts_with("profile");
                let run = jelou(command)
                    .configured(&folder)
                    .stdin(input)
                    .env("PATH", "/usr/bin:/bin");
                let run = match takes_target {
                    true => run
                        .arguments(arguments)
                        .arguments("--base-url")
                        .argument(&server.base_url),
                    false => run,
                };
                let run = variables
                    .iter()
                    .fold(run, |run, (name, value)| run.env(name, value))
                    .run();
                let shown = run.to_string();
                assert!(
                    !shown.contains("canary") && !shown.contains(BASIC),
                    "{command} {arguments}\n{shown}"
                );
            }
        }
        // Confirm that the secrets were sent at all.
        let received = server.received().concat();
        assert!(received.contains("canary-credential") && received.contains(BASIC));
        assert!(received.contains("canary-authorization"));
    }
}
