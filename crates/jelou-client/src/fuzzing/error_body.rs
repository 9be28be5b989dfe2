//! The body of an error. The input is a line with the status, a line of secrets, then the body.

use serde_json::Value;

use super::{
    REDACTED, assert_no_secret, exchange_with, print_error, read_secrets, response, shows_secret,
    spell, split_line,
};
use crate::{ApiError, Error};

/// Checks that an error keeps the body, says what the body says, and shows neither a secret nor a control character.
pub fn check(data: &[u8]) {
    let (status, rest) = split_line(data);
    let (line, body) = split_line(rest);
    let status = read_status(status);
    let secrets = read_secrets(line);

    let error = exchange_with(&secrets).api_error(response(status, body));
    let Error::Api(api) = &error else {
        panic!("the API answered, which is not {error:?}");
    };
    assert_eq!(api.response().body(), body, "the body is kept");
    assert_eq!(error.status(), Some(status));
    assert_eq!(
        error.may_have_been_applied(),
        !(400..500).contains(&status),
        "only 4XX says that nothing was applied"
    );
    check_parts(api, &secrets);
    check_message(api, body, &secrets);
    check_echo(status, &secrets);

    let blank = exchange_with(&[]).api_error(response(status, &vec![b' '; body.len()]));
    let wording = print_error(&blank) + "code Some [redacted]";
    assert_no_secret(&error, &wording, &secrets);
}

/// A status by which an answer is an error; 400 if the line names none.
fn read_status(line: &[u8]) -> u16 {
    let status = std::str::from_utf8(line)
        .ok()
        .and_then(|text| text.trim().parse().ok());
    status
        .filter(|status| (100..1000).contains(status))
        .unwrap_or(400)
}

fn check_parts(api: &ApiError, secrets: &[String]) {
    for part in [api.message(), api.code(), api.key()].into_iter().flatten() {
        assert!(!part.trim().is_empty(), "a part that says nothing is none");
        assert!(!shows_secret(part, secrets), "a secret is in `{part}`");
    }
    let text = api.to_string();
    assert!(!text.chars().any(char::is_control), "{text:?}");
}

/// A message that is nothing but a secret shows nothing of it, be it with a line break in it.
fn check_echo(status: u16, secrets: &[String]) {
    let mut spellings = secrets.iter().flat_map(|secret| spell(secret));
    if spellings.any(|spelling| REDACTED.contains(&spelling)) {
        // It is found in the mark that takes its place.
        return;
    }
    for secret in secrets {
        let body = serde_json::json!({ "message": secret }).to_string();
        let error = exchange_with(secrets).api_error(response(status, body.as_bytes()));
        let Error::Api(api) = &error else {
            panic!("the API answered, which is not {error:?}");
        };
        let message = api.message();
        assert!(
            message.is_none() || message == Some(REDACTED),
            "{message:?}"
        );
    }
}

/// What a person can read in the body, a person can read in the error.
fn check_message(api: &ApiError, body: &[u8], secrets: &[String]) {
    let Ok(body) = serde_json::from_slice::<Value>(body) else {
        let parts = (api.message(), api.code(), api.key());
        assert_eq!(parts, (None, None, None), "a body of no JSON says nothing");
        return;
    };
    let detail = &body["error"];
    let texts = [&body["message"], &detail["description"], detail];
    let readable = |value: &Value| {
        let text = value.as_str()?.to_owned();
        let is_visible = |character: char| !character.is_control() && !character.is_whitespace();
        text.chars().any(is_visible).then_some(text)
    };
    assert!(
        api.message().is_some() || texts.into_iter().all(|value| readable(value).is_none()),
        "a message is lost"
    );
    if let Some(text) = readable(&body["message"]) {
        let is_plain = !text.chars().any(char::is_control) && !shows_secret(&text, secrets);
        assert!(!is_plain || api.message() == Some(&text), "{text}");
    }
}
