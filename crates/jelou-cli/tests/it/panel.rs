//! The calls of the panel, and events.

use jelou_sandbox::Options;
use serde_json::{Value, json};

use crate::command::jelou;
use crate::files::Folder;
use crate::server::Service;

const PANEL: &str = "--bot BOT_ID --user USER_ID";

#[test]
fn the_secret_goes_to_a_file_and_nowhere_else() {
    let folder = Folder::new();
    let path = folder.path().join("secret");
    let create = || {
        jelou("integration create PROJECT_ID --webhook-url https://my-system.com/webhook --sandbox")
    };
    let run = create().argument("--secret-file").argument(&path).run();
    let secret = std::fs::read_to_string(&path).unwrap();
    assert_eq!(run.code, Some(0), "{run}");
    assert_eq!(secret.len(), 65, "64 digits and the end of the line");
    assert!(!run.to_string().contains(secret.trim()), "{run}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    let run = create().argument("--show-secret").run();
    assert!(run.stdout.contains("signingSecret  "), "{run}");
    let run = create().run();
    assert_eq!(run.code, Some(2), "the secret would be lost: {run}");
    let run = jelou("integration create PROJECT_ID --show-secret --auth-type no_auth").run();
    assert_eq!(run.code, Some(2), "{run}");
    assert!(run.stderr.contains("--webhook-url <URL>"), "{run}");
}

#[test]
fn a_call_that_fails_leaves_no_empty_file() {
    let folder = Folder::new();
    let service = Service::start(Options::default().integration("PROJECT_ID"));
    let create = |path: &std::path::Path| {
        let run =
            jelou("integration create PROJECT_ID --webhook-url https://my-system.com/ --base-url")
                .argument(service.base_url())
                .arguments("--secret-file")
                .argument(path)
                .env("JELOU_API_KEY", "any")
                .run();
        assert_eq!(run.code, Some(1), "it has an integration already: {run}");
    };
    let path = folder.path().join("secret");
    create(&path);
    assert!(!path.exists());
    // Somebody else's file.
    create(&folder.write_private("secret", ""));
    assert!(path.exists());
}

/// The sandbox and a gateway on this machine deliver to webhooks on this machine.
#[test]
fn a_webhook_on_this_machine_needs_an_api_on_this_machine() {
    let folder = Folder::new();
    let service = Service::start(Options::default().integration("PROJECT_ID"));
    let url = "http://127.0.0.1:1/webhook";
    let rows = folder.write(
        "rows.csv",
        format!("projectId,webhookUrl\nPROJECT_ID,{url}\n"),
    );
    for (base_url, code) in [
        (service.base_url(), Some(0)),
        ("https://gateway.invalid".to_owned(), Some(2)),
    ] {
        let update = jelou("integration update PROJECT_ID --webhook-url").argument(url);
        let apply = jelou("integration apply").argument(&rows);
        for command in [update, apply] {
            let run = command
                .arguments("--base-url")
                .argument(&base_url)
                .env("JELOU_API_KEY", "any")
                .run();
            assert_eq!(run.code, code, "{run}");
        }
    }
    let run = jelou("integration update PROJECT_ID --sandbox --webhook-url")
        .argument(url)
        .run();
    assert_eq!(run.code, Some(0), "{run}");
    assert_eq!(service.received().len(), 2);
}

#[test]
fn a_conversation_starts_with_an_assignment_and_data() {
    let service = connected();
    let start = |more: &str| {
        jelou(&format!(
            "conversation start PROJECT_ID {PANEL} {more} --base-url"
        ))
        .argument(service.base_url())
        .env("JELOU_API_KEY", "any")
        .run()
    };
    let run =
        start(r#"--assignment-type queue --assignment-target sales --metadata {"ticketId":"T-1"}"#);
    assert_eq!(run.code, Some(0), "{run}");
    let sent: Value = serde_json::from_str(&service.received()[0].body).unwrap();
    assert_eq!(
        sent,
        json!({
            "botId": "BOT_ID", "userId": "USER_ID", "metadata": {"ticketId": "T-1"},
            "assignment": {"type": "queue", "target": "sales"},
        })
    );
    for wrong in ["--metadata [1]", "--metadata {", "--assignment-type room"] {
        assert_eq!(start(wrong).code, Some(2), "{wrong}");
    }
    let wrong = start("--assignment-type room").stderr;
    assert!(
        wrong.contains("[possible values: queue, operator, team]"),
        "{wrong}"
    );
    assert_eq!(service.received().len(), 1);
}

/// A file that cannot be written is reported before anything is sent.
#[test]
fn a_file_that_cannot_be_written_stops_the_call() {
    let service = Service::start(Options::default().integration("PROJECT_ID"));
    // A device keeps nothing.
    for path in ["missing/secret", "/dev/null"] {
        let run = jelou("integration regenerate-secret PROJECT_ID --secret-file")
            .arguments(&format!("{path} --base-url"))
            .argument(service.base_url())
            .env("JELOU_API_KEY", "any")
            .run();
        assert_eq!(run.code, Some(2), "{run}");
        assert!(run.stderr.contains(&format!("`{path}`")), "{run}");
    }
    assert!(service.received().is_empty());
}

/// A sandbox in which `PROJECT_ID` is connected with the signing secret `SECRET`.
fn connected() -> Service {
    Service::start(Options::default().seed(
        "seed.json",
        r#"{"integrations": {"PROJECT_ID": {"webhookUrl": "http://127.0.0.1:1/", "signingSecret": "SECRET"}}}"#.to_owned(),
    ))
}

#[test]
fn each_call_reaches_its_operation() {
    let service = connected();
    let run = |arguments: &str| {
        let run = jelou(arguments)
            .arguments("--base-url")
            .argument(service.base_url())
            .env("JELOU_API_KEY", "any")
            .env("JELOU_SIGNING_SECRET", "SECRET")
            .run();
        assert_eq!(run.code, Some(0), "{arguments}\n{run}");
        run.stdout
    };
    assert!(run("integration get PROJECT_ID").contains("webhookUrl  http://127.0.0.1:1/"));
    run(&format!(
        "conversation start PROJECT_ID {PANEL} --message Hello"
    ));
    let json = run("conversation get PROJECT_ID conversation-1 --output json");
    assert!(json.contains(r#""state": "active""#), "{json}");
    run(&format!(
        "message send PROJECT_ID {PANEL} --room ROOM_ID --id answer-1 --text Hello"
    ));
    run(&format!(
        "conversation close PROJECT_ID {PANEL} --message Goodbye"
    ));
    run("integration delete PROJECT_ID");
    let operations: Vec<_> = service
        .received()
        .iter()
        .map(|request| request.operation.as_deref().unwrap_or_default().to_owned())
        .collect();
    assert_eq!(
        operations,
        [
            "get_integration",
            "start_conversation",
            "get_conversation",
            "send_message",
            "close_conversation",
            "delete_integration"
        ]
    );
    let send = &service.received()[3];
    assert!(!format!("{send:?}").contains("x-api-key"), "{send:?}");
}

#[test]
fn a_message_may_be_a_file() {
    let service = connected();
    let send = |content: &str| {
        jelou(&format!(
            "message send PROJECT_ID {PANEL} --room ROOM_ID --id 1 {content} --base-url"
        ))
        .argument(service.base_url())
        .env("JELOU_SIGNING_SECRET", "SECRET")
        .run()
    };
    let url = "https://my-system.com/file";
    for (kind, more) in [
        ("image", "caption"),
        ("video", "caption"),
        ("audio", ""),
        ("document", "filename"),
    ] {
        let mut content = json!({"url": url, "mime_type": "a/b"});
        let mut arguments = format!("--{kind} {url} --mime-type a/b");
        if !more.is_empty() {
            arguments.push_str(&format!(" --{more} plan"));
            content[more] = json!("plan");
        }
        let run = send(&arguments);
        assert_eq!(run.code, Some(0), "{run}");
        let sent: Value = serde_json::from_str(&service.received().pop().unwrap().body).unwrap();
        assert_eq!(
            sent["value"],
            json!({"id": "1", "type": kind, "content": content})
        );
    }
    let count = service.received().len();
    for (content, expected) in [
        ("", "the message has no content"),
        (
            "--image https://my-system.com/1",
            "the media type of the file is missing",
        ),
        (
            "--image http://user:PASSWORD@my-system.com/1 --mime-type a/b",
            "over HTTPS",
        ),
        (
            "--text Hello --image https://my-system.com/1",
            "cannot be used with",
        ),
        ("--text Hello --caption plan", "cannot be used with"),
        (
            "--image https://my-system.com/1 --filename plan",
            "cannot be used with",
        ),
    ] {
        let run = send(content);
        assert_eq!(run.code, Some(2), "{content}: {run}");
        assert!(run.stderr.contains(expected), "{content}: {run}");
        assert!(!run.stderr.contains("PASSWORD"), "{run}");
    }
    assert_eq!(service.received().len(), count);
}

#[test]
fn a_message_with_an_old_secret_says_what_to_check() {
    let service = connected();
    let run = jelou(&format!(
        "message send PROJECT_ID {PANEL} --room ROOM_ID --id answer-1 --text Hello --base-url"
    ))
    .argument(service.base_url())
    .env("JELOU_SIGNING_SECRET", "other-secret-of-nobody")
    .run();
    assert_eq!(run.code, Some(3), "{run}");
    assert!(
        run.stderr.contains("check that the signing secret"),
        "{run}"
    );
}

#[test]
fn a_signature_is_made_and_verified() {
    let folder = Folder::new();
    let body = folder.write("body.json", r#"{"event":"conversation.close"}"#);
    let with_secret = |arguments: &str| {
        jelou(arguments)
            .argument(&body)
            .env("JELOU_SIGNING_SECRET", "SECRET")
    };
    let signature = with_secret("webhook sign").run().stdout;
    let signature = signature.trim();
    assert!(signature.starts_with("sha256="), "{signature}");
    let verify = |signature: &str| {
        with_secret("webhook verify")
            .argument("--signature")
            .argument(signature)
            .run()
    };
    let run = verify(signature);
    assert_eq!(
        (run.code, run.stdout.as_str()),
        (Some(0), "conversation.close\n")
    );
    let run = verify(&signature["sha256=".len()..]);
    assert_eq!(run.code, Some(1));
    assert!(
        run.stderr.contains("does not begin with `sha256=`"),
        "{run}"
    );
    let run = jelou("webhook sign -").stdin(b"{}".to_vec()).run();
    assert_eq!(run.code, Some(2), "no secret is configured: {run}");
}

#[test]
fn a_file_without_a_list_of_events_is_refused_with_its_line() {
    let folder = Folder::new();
    let file = folder.write("events.jsonl", "{\"body\":\"{}\"}\n{}\n");
    let run = jelou("webhook replay --to http://127.0.0.1:1/")
        .argument(&file)
        .env("JELOU_SIGNING_SECRET", "SECRET")
        .run();
    assert_eq!(run.code, Some(2), "{run}");
    assert!(run.stderr.contains("line 2 of"), "{run}");
}
