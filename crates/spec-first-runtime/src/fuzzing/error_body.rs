//! The body of an error. The input is a line with the status, a line of secrets, then the body.

use serde_json::Value;

use super::{
    REDACTED, api_error, assert_no_secret, print_error, read_secrets, response, shows_secret,
    spell, split_line,
};
use crate::{ApiError, Error};

/// Checks that an error keeps the body, shows its message, and shows neither a secret nor a control character.
pub fn check(data: &[u8]) {
    let (status, rest) = split_line(data);
    let (line, body) = split_line(rest);
    let status = read_status(status);
    let secrets = read_secrets(line);

    let error = api_error(response(status, body), &secrets);
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

    let blank = api_error(response(status, &vec![b' '; body.len()]), &[]);
    let wording = print_error(&blank) + "code Some [redacted]";
    assert_no_secret(&error, &wording, &secrets);
}

/// The status in the line; 400 if there is none.
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
    for text in [api.to_string(), format!("{api:?}")] {
        let steers = |character: char| {
            character.is_control()
                || matches!(character, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        };
        assert!(!text.contains(steers), "{text:?}");
        assert!(text.len() < 10_000, "{} bytes are shown", text.len());
    }
}

/// Checks that a message that consists of a secret is redacted, even if the secret contains a line break.
fn check_echo(status: u16, secrets: &[String]) {
    let mut spellings = secrets.iter().flat_map(|secret| spell(secret));
    if spellings.any(|spelling| REDACTED.contains(&spelling)) {
        // The mark that replaces it contains it.
        return;
    }
    for secret in secrets {
        let body = serde_json::json!({ "message": secret }).to_string();
        let error = api_error(response(status, body.as_bytes()), secrets);
        let Error::Api(api) = &error else {
            panic!("the API answered, which is not {error:?}");
        };
        let is_visible = |character: char| !character.is_control() && !character.is_whitespace();
        if secret.contains(is_visible) {
            assert_eq!(api.message(), Some(REDACTED));
        }
    }
}

/// Checks that the error shows what people can read in the body.
fn check_message(api: &ApiError, body: &[u8], secrets: &[String]) {
    let Ok(text) = std::str::from_utf8(body) else {
        return;
    };
    if !text.contains('<') && text.contains(char::is_alphanumeric) && text.trim() != "null" {
        assert!(api.message().is_some(), "what the server wrote is lost");
    }
    let Ok(body) = serde_json::from_str::<Value>(text) else {
        return;
    };
    if let Some(text) = body["message"].as_str() {
        let is_plain = text.bytes().all(|byte| byte.is_ascii_alphanumeric()) && text.len() < 1000;
        let may_show_secret = !secrets.is_empty();
        if is_plain && !text.is_empty() && !may_show_secret {
            let message = api.message().expect("a message is lost");
            assert!(message.starts_with(text), "{text}");
        }
    }
}
