//! Events: which are accepted, how they are read, and what is said of those that are refused.

use std::time::{Duration, UNIX_EPOCH};

use http::HeaderMap;
use jelou_client::Secret;
use jelou_client::types::{ReceivedMediaType, ReceivedMessage};
use jelou_client::webhook::{self, BODY_LIMIT, Event, SignatureError, VerifyError};

/// The message of the vendor's page.
const MESSAGE: &str = r#"{"field":"messages","object":"message_event","event_type":"message","timestamp":1776134278574,"project_id":"PROJECT_ID","room_id":"ROOM_ID","contact":{"id":"USER_ID","name":"USER_NAME"},"conversation":{"id":"CONVERSATION_ID"},"bot":{"id":"BOT_ID","name":"BOT_NAME"},"value":{"id":"MESSAGE_ID","type":"text","content":{"body":"Hello"}}}"#;

fn secret() -> Secret {
    "SIGNING_SECRET".into()
}

fn headers(signature: &str) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(webhook::SIGNATURE_HEADER, signature.parse().unwrap());
    headers
}

/// The event in `body`, signed as Jelou does.
#[track_caller]
fn event(body: &str) -> Event {
    let headers = headers(&webhook::sign(&secret(), body.as_bytes()));
    webhook::verify(&headers, body.to_owned(), &[secret()]).unwrap()
}

/// `printf %s BODY | openssl dgst -sha256 -hmac SIGNING_SECRET` computed it.
#[test]
fn a_signature_of_another_implementation_is_accepted() {
    const SIGNATURE: &str =
        "sha256=600c8e602907a1cf5b846bd1d45fd4c6f06df362c8816d201a76c41855fa6462";
    assert_eq!(webhook::sign(&secret(), MESSAGE.as_bytes()), SIGNATURE);
    let event = webhook::verify(&headers(SIGNATURE), MESSAGE, &[secret()]).unwrap();
    assert!(matches!(event, Event::Message(_)));
}

#[test]
fn a_message_has_types_and_its_json() {
    let received = event(MESSAGE);
    assert_eq!(received.name(), Some("message"));
    assert_eq!(received.raw_json(), MESSAGE);
    let at = UNIX_EPOCH + Duration::from_millis(1_776_134_278_574);
    assert_eq!(received.timestamp(), Some(at));
    let Event::Message(message) = &received else {
        panic!("{received:?}");
    };
    assert_eq!(message.value.id().as_str(), "MESSAGE_ID");
    assert_eq!(message.contact.id.as_str(), "USER_ID");
    assert!(
        matches!(&message.value, ReceivedMessage::ReceivedText(text) if text.content.body == "Hello")
    );
}

#[test]
fn what_is_new_is_not_an_error() {
    let location = MESSAGE
        .replace(r#""type":"text""#, r#""type":"location""#)
        .replace(r#"{"body":"Hello"}"#, r#"{"latitude":1.5}"#);
    let Event::Message(message) = event(&location) else {
        panic!("a message of a new type is a message");
    };
    assert!(
        matches!(&message.value, ReceivedMessage::ReceivedOther(other) if other.type_ == "location" && other.content["latitude"] == 1.5)
    );

    for (body, name) in [
        (
            r#"{"event":"conversation.moved"}"#,
            Some("conversation.moved"),
        ),
        (r#"{"event_type":"reaction","value":1}"#, Some("reaction")),
        // Not what an answer needs.
        (r#"{"event_type":"message"}"#, Some("message")),
        (r#"{"event":7,"event_type":"other"}"#, Some("other")),
        ("[]", None),
        ("7", None),
        (
            r#"{"event":"conversation.close","timestamp":"yesterday"}"#,
            Some("conversation.close"),
        ),
    ] {
        let event = event(body);
        assert!(matches!(&event, Event::Unknown(_)), "{body}");
        assert_eq!((event.name(), event.raw_json()), (name, body));
        assert_eq!(event.timestamp(), None, "{body}");
    }
}

/// Node writes half of an emoji as an escape, and numbers and nesting have no limit in JSON.
#[test]
fn json_that_serde_json_cannot_hold_is_not_an_error() {
    let cut = MESSAGE.replace("Hello", r"\\\ud83d\ude00 \ude00 \ud83d\u0041 \ud83d");
    let Event::Message(message) = event(&cut) else {
        panic!("the message can be read");
    };
    assert!(
        matches!(&message.value, ReceivedMessage::ReceivedText(text) if text.content.body == "\\😀 \u{fffd} \u{fffd}A \u{fffd}")
    );
    assert_eq!(message.raw_json(), cut);

    let deep = format!("{}{}", "[".repeat(200), "]".repeat(200));
    for (more, is_left_out) in [("1e400", true), (&*deep, true), (r#""\udfff""#, false)] {
        let body = format!(r#"{{"event":"x","n":{more}}}"#);
        let Event::Unknown(unknown) = event(&body) else {
            panic!("{body}");
        };
        assert_eq!(
            (unknown.raw_json(), &unknown["event"]),
            (&*body, &"x".into())
        );
        assert_eq!(unknown.get("n").is_none(), is_left_out, "{body}");
        let close = format!(r#"{{"event":"conversation.close","more":{more}}}"#);
        assert!(matches!(event(&close), Event::ConversationClose(_)));
    }
    for body in [&*deep, "1e400"] {
        assert_eq!(event(body).raw_json(), body);
        assert_eq!(event(body).name(), None);
    }
}

/// The fields of the content alone would say otherwise.
#[test]
fn the_type_of_a_message_says_which_content_it_has() {
    let received = |kind: &str, content: &str| {
        let body = MESSAGE
            .replace(r#""type":"text""#, &format!(r#""type":"{kind}""#))
            .replace(r#"{"body":"Hello"}"#, content);
        match event(&body) {
            Event::Message(message) => message.into_value().value,
            other => panic!("{other:?}"),
        }
    };
    let both = r#"{"body":"Hello","url":"https://a/b","mime_type":"image/png"}"#;
    let image = received("image", both);
    assert!(
        matches!(&image, ReceivedMessage::ReceivedMedia(media) if media.type_ == ReceivedMediaType::Image)
    );
    assert!(matches!(
        received("text", both),
        ReceivedMessage::ReceivedText(_)
    ));
    for (kind, content) in [
        ("location", both),
        ("image", r#"{"body":"Hello","url":"https://a/b"}"#),
        ("image", r#"{"body":"Hello"}"#),
        ("text", r#"{"url":"https://a/b","mime_type":"image/png"}"#),
    ] {
        let other = received(kind, content);
        assert!(
            matches!(other, ReceivedMessage::ReceivedOther(_)),
            "{kind} {content}"
        );
        assert_eq!(other.id().as_str(), "MESSAGE_ID");
    }
}

#[test]
fn events_about_conversations_are_told_apart() {
    let start = event(r#"{"event":"conversation.start","timestamp":1,"more":{"a":1}}"#);
    assert!(matches!(start, Event::ConversationStart(_)));
    let close = event(r#"{"event":"conversation.close","timestamp":-1,"project_id":"P"}"#);
    assert!(matches!(&close, Event::ConversationClose(close) if close.project_id.is_some()));
    assert_eq!(close.timestamp(), None, "there was nothing before 1970");
    assert!(start.raw_json().contains("more"));
}

#[test]
fn each_refusal_has_its_reason_and_status() {
    let signed = webhook::sign(&secret(), MESSAGE.as_bytes());
    let verify = |headers: &HeaderMap, body: &str, secrets: &[Secret]| {
        webhook::verify(headers, body.to_owned(), secrets).unwrap_err()
    };
    let reason = |error: VerifyError| match error {
        VerifyError::Signature(reason) => reason,
        other => panic!("{other}"),
    };
    let header = webhook::SIGNATURE_HEADER;
    let secrets = [secret()];
    let missing = verify(&HeaderMap::new(), MESSAGE, &secrets);
    assert_eq!(missing.status(), 401);
    assert_eq!(reason(missing), SignatureError::Missing(header));
    let without_prefix = verify(&headers(&signed[7..]), MESSAGE, &secrets);
    assert_eq!(
        without_prefix.to_string(),
        "the header `x-jelou-signature` does not begin with `sha256=`"
    );
    let not_hex = verify(&headers("sha256=xyz"), MESSAGE, &secrets);
    assert_eq!(reason(not_hex), SignatureError::NotHexadecimal(header));
    let other_secrets = ["old".into(), "older".into()];
    let mismatch = verify(&headers(&signed), MESSAGE, &other_secrets);
    assert_eq!(reason(mismatch), SignatureError::Mismatch { secrets: 2 });

    let text = "{\n \"event\": hello";
    let broken = verify(
        &headers(&webhook::sign(&secret(), text.as_bytes())),
        text,
        &secrets,
    );
    assert_eq!(
        broken.to_string(),
        "the body is not JSON, at line 2 column 11"
    );
    assert_eq!(broken.status(), 400);
    let latin = b"{\"event\": \"\xe9\"}";
    let latin = webhook::verify(
        &headers(&webhook::sign(&secret(), latin)),
        latin.to_vec(),
        &secrets,
    );
    assert_eq!(latin.unwrap_err().status(), 400);
    let long = " ".repeat(BODY_LIMIT + 1);
    assert_eq!(verify(&headers(&signed), &long, &secrets).status(), 413);
}

/// The mistake of the sample on the vendor's page: it verifies the parsed body, serialized again. The order of the members, escapes
/// and numbers are spelt differently then.
#[test]
fn a_body_that_was_serialized_again_does_not_verify() {
    let sent = r#"{"event": "conversation.start", "note": "\u00e9\/", "rate": 1.0e0}"#;
    let headers = headers(&webhook::sign(&secret(), sent.as_bytes()));
    webhook::verify(&headers, sent, &[secret()]).unwrap();

    let parsed: serde_json::Value = serde_json::from_str(sent).unwrap();
    let error = webhook::verify(&headers, parsed.to_string(), &[secret()]).unwrap_err();
    assert!(matches!(
        error,
        VerifyError::Signature(SignatureError::Mismatch { secrets: 1 })
    ));
}

#[test]
fn nothing_of_an_event_is_shown_by_debug() {
    let shown = format!("{:?} {:?}", event(MESSAGE), event("{\"a\":\"Hello\"}"));
    assert!(
        !shown.contains("Hello") && !shown.contains("USER"),
        "{shown}"
    );
    assert!(shown.contains("Message(335 bytes)"), "{shown}");
}

/// The extractor of the feature `axum`.
#[cfg(feature = "axum")]
mod axum_extractor {
    use axum::{Router, routing::post};
    use jelou_client::webhook::SigningSecrets;

    use super::*;

    /// Posts `body` with `signature` to a receiver on loopback; returns the response.
    async fn receive(signature: Option<String>, body: &str) -> String {
        let handler = async |event: Event| format!("{:?}", event.name());
        let secrets = SigningSecrets::from(["NEW".into(), secret()]);
        let router = Router::new().route("/", post(handler)).with_state(secrets);
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async { axum::serve(listener, router).await.unwrap() });
        let signature = signature.map(|it| format!("x-jelou-signature: {it}\r\n"));
        let request = format!(
            "POST / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-length: {}\r\n{}\r\n{body}",
            body.len(),
            signature.unwrap_or_default(),
        );
        let exchange = move || {
            use std::io::{Read, Write};
            let mut stream = std::net::TcpStream::connect(address).unwrap();
            // The server may answer before it has read everything.
            _ = stream.write_all(request.as_bytes());
            let mut response = String::new();
            stream.read_to_string(&mut response).unwrap();
            response
        };
        tokio::task::spawn_blocking(exchange).await.unwrap()
    }

    #[tokio::test]
    async fn only_a_verified_event_reaches_the_handler() {
        let signed = webhook::sign(&secret(), MESSAGE.as_bytes());
        let response = receive(Some(signed.clone()), MESSAGE).await;
        assert!(response.starts_with("HTTP/1.1 200 "), "{response}");
        assert!(response.ends_with(r#"Some("message")"#), "{response}");
        for (signature, body, status) in [
            (None, MESSAGE, "401"),
            (Some(signed), "{}", "401"),
            (Some(webhook::sign(&secret(), b"{")), "{", "400"),
            (
                Some(webhook::sign(&secret(), b"{")),
                &" ".repeat(BODY_LIMIT + 1),
                "413",
            ),
        ] {
            let response = receive(signature, body).await;
            assert!(
                response.starts_with(&format!("HTTP/1.1 {status} ")),
                "{response}"
            );
        }
    }
}
