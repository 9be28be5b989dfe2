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
    ----- stderr -----
    note: no credentials; the request is shown with `JELOU_API_KEY`
    error: the base URL cannot be used: it is plain `http`, so credentials would travel in clear; use `https` (`http` works for loopback only)
    hint: nothing was sent; the base URL comes from `--base-url`; the credentials come from `JELOU_API_KEY`
    ");
    check!(update("--dry-run --sandbox").run(), @"
    exit code: 2
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
    let body =
        r#"{"message":["OK"],"statusMessage":"success","status":1,"data":{"brainId":"BRAIN_ID"}}"#;
    let server = Rogue::answering(200, body);
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

#[test]
fn every_call_is_shown_and_nothing_is_sent_or_written() {
    let folder = Folder::new();
    let server = Rogue::answering(500, "");
    let show = |arguments: &str| {
        let run = jelou(arguments)
            .arguments("--dry-run --base-url")
            .argument(&server.base_url)
            .env("JELOU_API_KEY", "canary")
            .env("JELOU_SIGNING_SECRET", "canary")
            .env("TOKEN", "canary")
            .run();
        assert_eq!(run.code, Some(0), "{arguments}\n{run}");
        assert!(!run.to_string().contains("canary"), "{run}");
        let shown = run.stdout.lines();
        let shown: Vec<_> = shown.filter(|line| !line.starts_with("curl ")).collect();
        shown.join("\n").replace(&server.base_url, "")
    };
    let secret_file = folder.path().join("secret").display().to_string();
    let create = "integration create PROJECT_ID --webhook-url http://127.0.0.1:1/ --auth-type bearer --authorization-env TOKEN --secret-file";
    insta::assert_snapshot!(show(&format!("{create} {secret_file}")), @r#"
    POST /v1/external-support/PROJECT_ID
    accept: application/json
    content-type: application/json
    user-agent: jelou-client/0.1.0
    x-api-key: [redacted]

    {"authType":"bearer","authorization":"[redacted]","webhookUrl":"http://127.0.0.1:1/"}
    "#);
    assert!(!folder.path().join("secret").exists());
    let panel = "PROJECT_ID --bot BOT_ID --user USER_ID";
    insta::assert_snapshot!(show(&format!("message send {panel} --room ROOM_ID --id answer-1 --text Hello")), @r#"
    POST /v1/external-support/webhook
    accept: application/json
    content-type: application/json
    user-agent: jelou-client/0.1.0
    x-jelou-signature: [redacted]

    {"bot_id":"BOT_ID","event_type":"incoming_message","field":"messages","object":"message_event","project_id":"PROJECT_ID","room_id":"ROOM_ID","user_id":"USER_ID","value":{"content":{"body":"Hello"},"id":"answer-1","type":"text"}}
    "#);
    let requests: Vec<_> = [
        "integration get PROJECT_ID".to_owned(),
        "integration delete PROJECT_ID".to_owned(),
        "integration regenerate-secret PROJECT_ID --show-secret".to_owned(),
        format!("conversation start {panel} --message Hello"),
        format!("conversation close {panel} --message Goodbye"),
        "conversation get PROJECT_ID CONVERSATION_ID".to_owned(),
    ]
    .iter()
    .map(|arguments| {
        let shown = show(arguments);
        let (head, body) = shown.split_once("\n\n").unwrap_or((&shown, ""));
        let request = format!("{} {body}", head.lines().next().unwrap());
        request.trim_end().to_owned()
    })
    .collect();
    insta::assert_snapshot!(requests.join("\n"), @r#"
    GET /v1/external-support/PROJECT_ID
    DELETE /v1/external-support/PROJECT_ID
    POST /v1/external-support/PROJECT_ID/secret/regenerate
    POST /v1/external-support/PROJECT_ID/conversations/start {"botId":"BOT_ID","initialMessage":"Hello","userId":"USER_ID"}
    POST /v1/external-support/PROJECT_ID/conversations/close {"botId":"BOT_ID","redirectPayload":{"text":"Goodbye","type":"text"},"userId":"USER_ID"}
    GET /v1/external-support/PROJECT_ID/conversations/CONVERSATION_ID
    "#);
    assert!(server.received().is_empty());
}

/// The shell finds `jelou` in the folder of the binary.
#[cfg(unix)]
#[test]
fn the_curl_command_of_every_call_sends_the_same_request() {
    let key = [("JELOU_API_KEY", "canary"), ("TOKEN", "canary\"$HOME'")];
    let create = "integration create PROJECT_ID --webhook-url https://my-system.com/webhook --show-secret --authorization-env TOKEN";
    for arguments in [
        create,
        "integration get PROJECT_ID",
        "integration delete PROJECT_ID",
        "conversation close PROJECT_ID --bot BOT_ID --user USER_ID --message it's",
    ] {
        check_curl(|| jelou(arguments), &key);
    }
    let binary = std::path::Path::new(env!("CARGO_BIN_EXE_jelou"));
    let path = std::env::var("PATH").unwrap();
    let path = format!("{}:{path}", binary.parent().unwrap().display());
    check_curl(
        || {
            jelou("message send PROJECT_ID --bot BOT_ID --user USER_ID --room ROOM_ID --id 1 --secret-env SECRET --text")
                .argument("it's 100% $HOME\\n")
        },
        &[("SECRET", "canary'$HOME"), ("PATH", &path)],
    );
}

#[test]
fn a_dry_run_of_a_message_needs_no_signing_secret() {
    let run = jelou("message send PROJECT_ID --bot BOT_ID --user USER_ID --room ROOM_ID --id 1 --text Hello --dry-run").run();
    assert_eq!(run.code, Some(0), "{run}");
    assert!(
        run.stderr.contains("shown with `JELOU_SIGNING_SECRET`")
            && run
                .stdout
                .contains("JELOU_SIGNING_SECRET=\"$JELOU_SIGNING_SECRET\" jelou webhook sign -"),
        "{run}"
    );
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
