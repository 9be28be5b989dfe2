//! `jelou webhook listen` and `trigger`: what is received, what is printed, and where events may go.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Stdio};

use jelou_client::webhook::sign;

use crate::command::{Run, jelou};
use crate::files::Folder;
use crate::server::Rogue;

const MESSAGE: &str = r#"{"event_type":"message","timestamp":1776134278574,"project_id":"P","room_id":"R","contact":{"id":"U","name":"Ana"},"bot":{"id":"B"},"value":{"id":"M","type":"text","content":{"body":"Hello"}}}"#;

/// `webhook listen` in the background.
struct Listening {
    child: Child,
    address: String,
}

impl Listening {
    fn start(arguments: &str) -> Self {
        let mut command = jelou("webhook listen --port 0")
            .arguments(arguments)
            .env("JELOU_SIGNING_SECRET", "SECRET")
            .into_command();
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut errors = BufReader::new(child.stderr.as_mut().unwrap());
        let mut first = String::new();
        errors.read_line(&mut first).unwrap();
        let (_, address) = first.split_once("http://").expect("it says where");
        let (address, _) = address.split_once('/').unwrap();
        let address = address.to_owned();
        Self { child, address }
    }

    /// Sends a signed body; returns the status of the answer.
    fn send(&self, start: &str, body: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let signature = sign(&"SECRET".into(), body.as_bytes());
        let length = body.len();
        write!(
            stream,
            "{start} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\nx-jelou-signature: {signature}\r\ncontent-length: {length}\r\n\r\n{body}"
        )
        .unwrap();
        let mut response = String::new();
        stream.read_to_string(&mut response).unwrap();
        response.get(9..12).unwrap_or_default().to_owned()
    }

    fn end(self) -> Run {
        Run::from(self.child.wait_with_output().unwrap())
    }
}

/// What is printed for one event.
fn printed(format: &str, event: &str) -> String {
    let listening = Listening::start(&format!("--count 1 --output {format}"));
    assert_eq!(listening.send("POST /any/path", event), "200");
    let run = listening.end();
    assert_eq!(run.code, Some(0), "{run}");
    run.stdout
}

#[test]
fn json_is_printed_as_it_was_received_in_one_line() {
    let event = "{ \"b\": 12345678901234567890123456789,\r\n \"a\" : [1.0e0, \" \\\" \\\\\", \"\\u00e9\"] }\n";
    let expected =
        "{\"b\":12345678901234567890123456789,\"a\":[1.0e0,\" \\\" \\\\\",\"\\u00e9\"]}\n";
    assert_eq!(printed("json", event), expected);
}

/// A user could otherwise control the terminal of whoever listens.
#[test]
fn no_text_of_a_user_controls_the_terminal() {
    let event = MESSAGE.replace("Hello", "a\u{9b}31mb\u{202e}c");
    let json = printed("json", &event);
    assert_eq!(
        json.trim_end(),
        event
            .replace('\u{9b}', "\\u009b")
            .replace('\u{202e}', "\\u202e")
    );
    insta::assert_snapshot!(printed("text", &event), @r"2026-04-14T02:37:58.574Z message Ana: a\u{9b}31mb\u{202e}c");
}

#[test]
fn an_event_is_a_readable_line() {
    let image = MESSAGE
        .replace(r#""type":"text""#, r#""type":"image""#)
        .replace(
            r#"{"body":"Hello"}"#,
            r#"{"url":"https://a/b","mime_type":"image/png"}"#,
        )
        .replace(r#","name":"Ana""#, "");
    for (event, expected) in [
        (MESSAGE, "2026-04-14T02:37:58.574Z message Ana: Hello\n"),
        (
            &image,
            "2026-04-14T02:37:58.574Z message U: [image] https://a/b\n",
        ),
        (
            r#"{"event":"conversation.close"}"#,
            "- conversation.close\n",
        ),
        ("7", "- unknown\n"),
    ] {
        assert_eq!(printed("text", event), expected);
    }
}

#[test]
fn only_a_post_is_an_event() {
    let listening = Listening::start("--count 1");
    assert_eq!(listening.send("PUT /", MESSAGE), "405");
    assert_eq!(listening.send("POST /", MESSAGE), "200");
    assert_eq!(listening.end().stdout.lines().count(), 1);
}

/// The sender would not send it again.
#[cfg(target_os = "linux")]
#[test]
fn an_event_that_is_not_stored_is_not_acknowledged() {
    let listening = Listening::start("--file /dev/full");
    assert_eq!(listening.send("POST /", MESSAGE), "500");
    let run = listening.end();
    assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""), "{run}");
    assert!(run.stderr.contains("cannot use `/dev/full`"), "{run}");
}

/// A receiver that was killed leaves half a line, which may end within a character.
#[test]
fn an_event_after_half_a_line_is_kept_and_replayed() {
    let folder = Folder::new();
    let file = folder.path().join("events.jsonl");
    std::fs::write(&file, b"{\"body\":\"\xc3").unwrap();
    let listening = Listening::start(&format!("--count 1 --file {}", file.display()));
    assert_eq!(listening.send("POST /", MESSAGE), "200");
    assert_eq!(listening.end().code, Some(0));

    let webhook = Rogue::answering(200, "");
    let run = jelou("webhook replay --to")
        .argument(&webhook.base_url)
        .argument(&file)
        .env("JELOU_SIGNING_SECRET", "SECRET")
        .run();
    assert_eq!((run.code, run.stdout.as_str()), (Some(0), "200\n"), "{run}");
    assert!(run.stderr.starts_with("warning: line 1 of "), "{run}");
    assert!(webhook.received()[0].ends_with(MESSAGE));
}

/// It may come from a pipe, or from a command that asks for a password.
#[test]
fn the_secret_is_read_once() {
    let folder = Folder::new();
    let secret = folder.write_private("secret", "SECRET");
    let listening = Listening::start(&format!("--count 1 --secret-file {}", secret.display()));
    std::fs::remove_file(secret).unwrap();
    assert_eq!(listening.send("POST /", MESSAGE), "200");
    assert_eq!(listening.end().code, Some(0));
}

fn trigger(to: &str, more: &str) -> Run {
    jelou("webhook trigger message --bot BOT_ID --user USER_ID --to")
        .argument(to)
        .arguments(more)
        .env("JELOU_SIGNING_SECRET", "SECRET")
        .run()
}

#[test]
fn a_webhook_that_refuses_has_a_hint_for_its_status() {
    for (status, hint) in [(401, "signing secret"), (404, "path"), (500, "log")] {
        let webhook = Rogue::answering(status, "");
        let run = trigger(&format!("{}/hook?a=1", webhook.base_url), "");
        assert_eq!(run.code, Some(1), "{run}");
        assert!(run.stderr.contains(hint), "{run}");
        assert!(webhook.received()[0].starts_with("POST /hook?a=1 "));
    }
}

#[test]
fn an_event_may_go_to_another_machine_without_tls() {
    // No such host, but it is asked for.
    let run = trigger("http://panel.invalid:3000/hook", "");
    assert_eq!(run.code, Some(5), "{run}");
    for (to, expected) in [
        (
            "127.0.0.1:4020",
            "begins neither with `https://` nor with `http://`",
        ),
        (
            "localhost:4020",
            "begins neither with `https://` nor with `http://`",
        ),
        ("http://user:PASSWORD@127.0.0.1:1/", "credentials"),
    ] {
        let run = trigger(to, "");
        assert_eq!(run.code, Some(2), "{run}");
        assert!(run.stderr.contains(expected), "{run}");
        assert!(!run.stderr.contains("PASSWORD"), "{run}");
    }
}

#[test]
fn a_user_may_also_send_a_file() {
    let folder = Folder::new();
    let file = folder.path().join("events.jsonl");
    let listening = Listening::start(&format!("--count 2 --file {}", file.display()));
    let to = format!("http://{}/", listening.address);
    let image = "--image https://my-system.com/1 --mime-type image/png --caption plan";
    assert_eq!(trigger(&to, image).code, Some(0));
    assert_eq!(trigger(&to, "").code, Some(0));
    let shown = listening.end().stdout;
    let texts: Vec<_> = shown
        .lines()
        .filter_map(|line| line.split_once("message "))
        .collect();
    assert_eq!(texts[0].1, "USER_ID: [image] https://my-system.com/1");
    assert_eq!(texts[1].1, "USER_ID: Hello");
    assert_eq!(std::fs::read_to_string(file).unwrap().lines().count(), 2);
}

#[test]
fn neither_content_without_a_message_nor_a_file_without_events_is_ignored() {
    let start = jelou(
        "webhook trigger conversation-start --bot B --user U --text Hi --to http://127.0.0.1:9/",
    )
    .env("JELOU_SIGNING_SECRET", "SECRET")
    .run();
    assert_eq!(start.code, Some(2), "{start}");
    assert!(
        start
            .stderr
            .starts_with("error: only a message has content\n"),
        "{start}"
    );

    let folder = Folder::new();
    let empty = folder.write("events.jsonl", "");
    let replay = jelou("webhook replay --to http://127.0.0.1:9/")
        .argument(&empty)
        .env("JELOU_SIGNING_SECRET", "SECRET")
        .run();
    assert_eq!(replay.code, Some(0), "{replay}");
    assert!(
        replay.stderr.ends_with("has no events; nothing was sent\n"),
        "{replay}"
    );
}

#[test]
fn a_signed_body_that_is_not_an_event_is_not_said_to_have_a_wrong_signature() {
    let folder = Folder::new();
    let body = folder.write("body.json", "hello");
    let signature = sign(&"SECRET".into(), b"hello");
    let run = jelou("webhook verify --signature")
        .argument(&signature)
        .argument(&body)
        .env("JELOU_SIGNING_SECRET", "SECRET")
        .run();
    assert_eq!(run.code, Some(1), "{run}");
    insta::assert_snapshot!(run.stderr, @r"
    error: the body is not JSON, at line 1 column 1
    hint: check that the file has the body of an event
    ");
}
