//! Successful responses. The input is a line of secrets, then the body.

use serde_json::Value;

use super::{
    api_error, assert_no_secret, print_error, read_secrets, response, sent_with, split_line,
};
use crate::call::read as read_call;
use crate::sample::{API, ENVELOPE, Item, Update};
use crate::{Answer, Error, Reply, Shape};

/// The members of an item.
const MEMBERS: [&str; 6] = [
    "authType",
    "brainId",
    "createdAt",
    "id",
    "updatedAt",
    "webhookUrl",
];

/// Checks that a reply is either read without loss, or refused with its body kept and no secret shown.
pub fn check(data: &[u8]) {
    let (line, body) = split_line(data);
    let secrets = read_secrets(line);
    match read(body, &secrets) {
        Ok(reply) => check_accepted(body, &reply),
        Err(error) => check_refused(body, &error, &secrets),
    }
    check_once(body);
    check_envelope(body);
}

fn read(body: &[u8], secrets: &[String]) -> Result<Reply<Item>, Error> {
    read_call::<Update>(response(200, body), Some(sent_with(secrets)), false)
}

fn check_accepted(body: &[u8], reply: &Reply<Item>) {
    let without_mark = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    assert_eq!(
        reply.raw_json().as_bytes(),
        without_mark,
        "the raw JSON is kept"
    );
    assert_eq!(reply.response().body(), body);

    let Ok(whole) = serde_json::from_str::<Value>(reply.raw_json()) else {
        // An unknown member is too deep, or a number is out of range.
        return;
    };
    let is_said = match (whole.get("status"), whole.get("statusMessage")) {
        (Some(status), _) => {
            assert!(
                status.as_f64() == Some(1.0) || status == "1",
                "a failure is not a reply"
            );
            true
        }
        (None, Some(message)) if !message.is_null() => {
            assert_eq!(message, "success", "a failure is not a reply");
            true
        }
        _ => false,
    };
    assert_eq!(reply.has_value(), reply.shape() != Shape::Absent);
    let read = write_again(reply);
    let received = match reply.shape() {
        Shape::Enveloped => &whole["data"],
        Shape::Flat => &whole,
        Shape::Absent => {
            assert!(is_said, "nothing says that anything was done");
            assert_eq!(read, serde_json::json!({}));
            return;
        }
    };
    assert_eq!(
        whole.get("data").is_some(),
        reply.shape() == Shape::Enveloped
    );
    let received = received.as_object().expect("an item is an object");
    for (name, value) in read.as_object().expect("an item is an object") {
        match &received[name] {
            // An instant is kept as text.
            Value::Number(number) => {
                let kept = value.as_str().and_then(|text| text.parse().ok());
                assert_eq!(kept, number.as_f64(), "`{name}` is as received");
            }
            received => assert_eq!(received, value, "`{name}` is as received"),
        }
    }
    assert!(MEMBERS.iter().any(|name| received.contains_key(*name)));
    for name in MEMBERS {
        let is_given = received.get(name).is_some_and(|value| !value.is_null());
        assert_eq!(read.get(name).is_some(), is_given, "`{name}` is not lost");
    }
}

fn check_refused(body: &[u8], error: &Error, secrets: &[String]) {
    let kept = error.response().expect("an answer came");
    assert_eq!(kept.body(), body, "the body is kept");
    assert!(error.may_have_been_applied());

    let without_body = response(200, &vec![b' '; body.len()]);
    let wording = match error {
        // Its path consists of names of the document.
        Error::UnreadableReply { path, .. } => {
            let first = path.split(['.', '[']).next().unwrap_or_default();
            assert!(
                ["", "data"].contains(&first) || MEMBERS.contains(&first),
                "{path}"
            );
            print_error(error).replace(&format!("`{path}`"), "") + &MEMBERS.join(" ") + "data"
        }
        Error::Api(_) => {
            let blank = api_error(without_body, &[]);
            print_error(&blank) + "code Some [redacted]"
        }
        other => panic!("a reply is refused with {other:?}"),
    };
    assert_no_secret(error, &wording, secrets);
}

/// Checks that what is read in one pass is the same as what is read member by member.
fn check_once(body: &[u8]) {
    let response = response(200, body);
    let answer = Answer::new(&response, &API, None, false);
    if let Some(once) = answer.once::<Item>(Some(&ENVELOPE)) {
        let by_member = answer.by_member::<Item>(&ENVELOPE);
        assert_eq!(once, by_member.expect("it was read once"));
    }
}

/// Checks that a bare value is read in the same way as one in an envelope.
fn check_envelope(body: &[u8]) {
    let is_bare = serde_json::from_slice::<Value>(body).is_ok_and(|whole| {
        [
            "data",
            "status",
            "statusMessage",
            "error",
            "errors",
            "success",
            "ok",
        ]
        .iter()
        .all(|name| whole.get(name).is_none())
    });
    if !is_bare {
        return;
    }
    let text = std::str::from_utf8(body).expect("JSON is UTF-8");
    let envelope =
        format!(r#"{{"message":["done"],"statusMessage":"success","status":1,"data":{text}}}"#);
    if serde_json::from_str::<Value>(&envelope).is_err() {
        // One level too deep.
        return;
    }
    match (read(body, &[]), read(envelope.as_bytes(), &[])) {
        (Ok(bare), Ok(enveloped)) => {
            assert_eq!(bare.shape(), Shape::Flat);
            assert_eq!(enveloped.shape(), Shape::Enveloped);
            assert_eq!(write_again(&bare), write_again(&enveloped));
        }
        // The envelope reports success; a body without a known field does not.
        (Err(Error::Api(_)), Ok(enveloped)) => assert!(!enveloped.has_value()),
        (
            Err(Error::UnreadableReply { path: bare, .. }),
            Err(Error::UnreadableReply {
                path: enveloped, ..
            }),
        ) => {
            let bare = bare.trim_start_matches('.');
            assert_eq!(
                enveloped.trim_start_matches("data").trim_start_matches('.'),
                bare
            );
        }
        (bare, enveloped) => panic!("{bare:?} is not {enveloped:?}"),
    }
}

fn write_again(item: &Item) -> Value {
    serde_json::to_value(item).expect("it has only texts in it")
}
