//! The property of the fuzz target `webhook_event`, and its corpus. The first line of the input is the header, the rest the body.

use http::{HeaderMap, HeaderValue};
use jelou_client::Secret;
use jelou_client::webhook::{self, Event, VerifyError};
use serde_json::value::RawValue;

/// Checks that a body is accepted only with its own signature, that what is JSON is never an error, and that it is kept as it came.
pub(crate) fn check(data: &[u8]) {
    let secret = Secret::from("SIGNING_SECRET");
    let end = data.iter().position(|byte| *byte == b'\n');
    let (given, body) = data.split_at(end.unwrap_or(data.len()));
    let body = body.strip_prefix(b"\n").unwrap_or(body);
    let signature = webhook::sign(&secret, body);
    let verify = |header: &[u8]| {
        let mut headers = HeaderMap::new();
        if let Ok(value) = HeaderValue::from_bytes(header) {
            headers.insert(webhook::SIGNATURE_HEADER, value);
        }
        webhook::verify(&headers, body.to_vec(), std::slice::from_ref(&secret))
    };
    let is_own = given.eq_ignore_ascii_case(signature.as_bytes()) && given.starts_with(b"sha256=");
    if !is_own {
        let refused = verify(given).expect_err("it is not the signature of the body");
        assert!(matches!(refused, VerifyError::Signature(_)), "{refused}");
    }
    match verify(signature.as_bytes()) {
        Ok(event) => check_event(&event, body),
        Err(VerifyError::NotJson { .. }) => {
            let text = std::str::from_utf8(body).ok();
            let json = text.filter(|text| serde_json::from_str::<&RawValue>(text).is_ok());
            assert_eq!(json, None, "it is JSON");
        }
        Err(other) => panic!("{other}"),
    }
}

fn check_event(event: &Event, body: &[u8]) {
    assert_eq!(event.raw_json().as_bytes(), body, "it is kept as it came");
    // Not every JSON is a value of serde_json.
    let Ok(value) = serde_json::from_slice::<serde_json::Value>(body) else {
        return;
    };
    let member = |name: &str| value.get(name).and_then(|member| member.as_str());
    assert_eq!(event.name(), member("event").or(member("event_type")));
    let expected = match event {
        Event::Message(_) => Some("message"),
        Event::ConversationStart(_) => Some("conversation.start"),
        Event::ConversationClose(_) => Some("conversation.close"),
        _ => event.name(),
    };
    assert_eq!(event.name(), expected);
    if event.timestamp().is_some() {
        assert!(value["timestamp"].as_i64() >= Some(0));
    }
}
