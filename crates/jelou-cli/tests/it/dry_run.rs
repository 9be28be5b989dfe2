//! Tests of requests that are shown and not sent.

use serde_json::Value;

use crate::command::{Jelou, jelou, update};
use crate::files::Folder;
use crate::server::Rogue;

#[test]
fn the_request_is_shown_and_not_sent() {
    let server = Rogue::answering(500, "");
    let run = update("--auth-type bearer --authorization-env TOKEN --dry-run")
        .env("JELOU_API_KEY", "canary")
        .env("TOKEN", "canary")
        .env("JELOU_BASE_URL", &server.base_url)
        .run();
    assert!(server.received().is_empty());
    check!(run, @r#"
    exit code: 0
    ----- stdout -----
    PATCH http://127.0.0.1:[PORT]/v1/external-support/PROJECT_ID
    accept: application/json
    content-type: application/json
    user-agent: jelou-client/0.1.0
    x-api-key: [redacted]

    {"authType":"bearer","authorization":"[redacted]","webhookUrl":"https://my-system.com/webhook/jelou-v2"}

    curl --request PATCH --header 'accept: application/json' --header 'content-type: application/json' --header 'user-agent: jelou-client/0.1.0' --header "x-api-key: $JELOU_API_KEY" --data-raw '{"authType":"bearer","authorization":"'"$TOKEN"'","webhookUrl":"https://my-system.com/webhook/jelou-v2"}' http://127.0.0.1:[PORT]/v1/external-support/PROJECT_ID
    ----- stderr -----
    note: nothing was sent
    "#);
}

#[test]
fn the_request_is_shown_as_json() {
    let command = || {
        update("--dry-run")
            .env("JELOU_CLIENT_ID", "ID")
            .env("JELOU_CLIENT_SECRET", "canary")
    };
    check!(command().arguments("--output json").run(), @r#"
    exit code: 0
    ----- stdout -----
    {
      "method": "PATCH",
      "url": "https://gateway.jelou.ai/jelouapi/v1/external-support/PROJECT_ID",
      "headers": {
        "accept": "application/json",
        "authorization": "[redacted]",
        "content-type": "application/json",
        "user-agent": "jelou-client/0.1.0"
      },
      "body": {
        "webhookUrl": "https://my-system.com/webhook/jelou-v2"
      },
      "curl": "curl --request PATCH --header 'accept: application/json' --user ID:\"$JELOU_CLIENT_SECRET\" --header 'content-type: application/json' --header 'user-agent: jelou-client/0.1.0' --data-raw '{\"webhookUrl\":\"https://my-system.com/webhook/jelou-v2\"}' https://gateway.jelou.ai/jelouapi/v1/external-support/PROJECT_ID"
    }
    ----- stderr -----
    note: nothing was sent
    "#);
    check!(command().arguments("--output yaml").run(), @r#"
    exit code: 0
    ----- stdout -----
    method: PATCH
    url: https://gateway.jelou.ai/jelouapi/v1/external-support/PROJECT_ID
    headers:
      accept: application/json
      authorization: "[redacted]"
      content-type: application/json
      user-agent: jelou-client/0.1.0
    body:
      webhookUrl: https://my-system.com/webhook/jelou-v2
    curl: "curl --request PATCH --header 'accept: application/json' --user ID:\"$JELOU_CLIENT_SECRET\" --header 'content-type: application/json' --header 'user-agent: jelou-client/0.1.0' --data-raw '{\"webhookUrl\":\"https://my-system.com/webhook/jelou-v2\"}' https://gateway.jelou.ai/jelouapi/v1/external-support/PROJECT_ID"
    ----- stderr -----
    note: nothing was sent
    "#);
}

#[test]
fn a_dry_run_needs_no_credentials() {
    check!(jelou("integration update a/b --auth-type no_auth --dry-run").run(), @r#"
    exit code: 0
    ----- stdout -----
    PATCH https://gateway.jelou.ai/jelouapi/v1/external-support/a%2Fb
    accept: application/json
    content-type: application/json
    user-agent: jelou-client/0.1.0
    x-api-key: [redacted]

    {"authType":"no_auth"}

    curl --request PATCH --header 'accept: application/json' --header 'content-type: application/json' --header 'user-agent: jelou-client/0.1.0' --header "x-api-key: $JELOU_API_KEY" --data-raw '{"authType":"no_auth"}' 'https://gateway.jelou.ai/jelouapi/v1/external-support/a%2Fb'
    ----- stderr -----
    note: no credentials; the request is shown with `JELOU_API_KEY`
    note: nothing was sent
    "#);
}

#[test]
fn an_invalid_update_is_rejected_in_a_dry_run() {
    check!(update("--dry-run --base-url http://my-system.com").run(), @"
    exit code: 2
    ----- stdout -----
    ----- stderr -----
    note: no credentials; the request is shown with `JELOU_API_KEY`
    error: the base URL cannot be used: it is plain `http`, so credentials would travel in clear; use `https` (`http` works for loopback only)
    hint: nothing was sent; the base URL comes from `--base-url`; the credentials come from `JELOU_API_KEY`
    ");
    check!(update("--dry-run --sandbox").run(), @"
    exit code: 2
    ----- stdout -----
    ----- stderr -----
    error: the argument '--dry-run' cannot be used with '--sandbox'

    Usage: jelou integration update [OPTIONS] <PROJECT_ID> <CHANGE>...

    For more information, try '--help'.
    ");
}

/// The secret of each run, including ones with characters that are special in a shell, in JSON or in a format string.
#[cfg(unix)]
const SECRETS: [&str; 5] = [
    "canary",
    "can ary$HOME`id`'",
    "canary\"\\",
    "%s canary\n\tx",
    "-n",
];

/// Checks that sending `command` and pasting its `curl` command result in the same request.
#[cfg(unix)]
#[track_caller]
fn check_curl(command: impl Fn() -> Jelou, variables: &[(&str, &str)]) {
    let server = Rogue::answering(200, r#"{"id":"INTEGRATION_ID"}"#);
    let with = |command: Jelou| {
        let command = command.arguments("--base-url").argument(&server.base_url);
        variables
            .iter()
            .fold(command, |command, (name, value)| command.env(name, value))
    };
    let sent = with(command()).run();
    assert_eq!(sent.code, Some(0), "{sent}");
    let shown = with(command()).arguments("--dry-run --output json").run();
    assert!(!shown.to_string().contains("canary"), "{shown}");
    let shown: Value = serde_json::from_str(&shown.stdout).unwrap();

    let pasted = std::process::Command::new("sh")
        .args(["-c", shown["curl"].as_str().unwrap()])
        .envs(variables.iter().copied())
        .output();
    let pasted = pasted.expect("this test needs a shell");
    let received: Vec<String> = server
        .received()
        .iter()
        .map(|request| sort(request))
        .collect();
    assert_eq!(received.len(), 2, "this test needs curl and jq: {pasted:?}");
    assert_eq!(received[0], received[1]);
}

/// Normalizes the order and case of the headers.
#[cfg(unix)]
fn sort(request: &str) -> String {
    let (head, body) = request.split_once("\r\n\r\n").unwrap();
    let mut lines = head.lines();
    let first = lines.next().unwrap();
    let mut headers: Vec<String> = lines
        .map(|line| {
            let (name, value) = line.split_once(": ").unwrap();
            format!("{}: {value}", name.to_lowercase())
        })
        .collect();
    headers.sort();
    format!("{first}\n{}\n\n{body}", headers.join("\n"))
}

#[cfg(unix)]
#[test]
fn the_curl_command_sends_the_same_request() {
    check_curl(|| update(""), &[("JELOU_API_KEY", "canary$HOME'\"")]);
    for id in ["ID", "an id's $HOME"] {
        check_curl(
            || update(""),
            &[
                ("JELOU_CLIENT_ID", id),
                ("JELOU_CLIENT_SECRET", "canary:$HOME'\""),
            ],
        );
    }
    for secret in SECRETS {
        check_curl(
            || update("--authorization-env TOKEN"),
            &[("JELOU_API_KEY", "canary"), ("TOKEN", secret)],
        );
    }
}

#[cfg(unix)]
#[test]
fn the_curl_command_reads_secrets_from_their_source() {
    let folder = Folder::with_configuration(
        r#"
        [profiles.file]
        api_key = { file = "the key" }
        [profiles.command]
        client_id = "ID"
        client_secret = { command = "cat 'the key'" }
        "#,
    );
    let key = folder.write_private("the key", "canary\n");
    check_curl(|| update("--profile file").configured(&folder), &[]);
    check_curl(
        || {
            update("--authorization-file")
                .argument(&key)
                .configured(&folder)
        },
        &[("JELOU_API_KEY", "canary")],
    );
}
