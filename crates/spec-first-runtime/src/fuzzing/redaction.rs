//! The redaction of secrets. The input is a line of secrets, then the text.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::{REDACTED, as_secrets, read_secrets, shows_secret, spell, split_line};
use crate::Secret;

/// Checks that no secret is left in a text, that nothing else is removed, and that the order of the secrets does not matter.
pub fn check(data: &[u8]) {
    let (line, text) = split_line(data);
    let mut secrets = read_secrets(line);
    let text = String::from_utf8_lossy(text);

    let redacted = redact(&secrets, &text);
    assert!(
        !shows_secret(&redacted, &secrets),
        "{secrets:?} in `{text}`: `{redacted}`"
    );
    if !may_show_secret(&text, &secrets) && !text.contains(REDACTED) {
        assert_eq!(redacted, text, "nothing but secrets is redacted");
    }
    check_remainder(&text, &redacted);
    for spelling in secrets.iter().flat_map(|secret| spell(secret)) {
        // A secret at the beginning of another must not leave the rest of the longer one.
        assert_eq!(redact(&secrets, &spelling), REDACTED, "{secrets:?}");
    }

    for secret in &secrets {
        for spelling in encode(secret) {
            assert_eq!(
                redact(&secrets, &spelling),
                REDACTED,
                "{spelling} of {secrets:?}"
            );
        }
    }

    // A server may write the text as JSON, and the JSON into another text.
    let quoted = serde_json::Value::from(text.as_ref()).to_string();
    let redacted_quoted = redact(&secrets, &quoted);
    assert!(
        !shows_secret(&redacted_quoted, &secrets),
        "{redacted_quoted}"
    );

    secrets.reverse();
    assert_eq!(redact(&secrets, &text), redacted, "the order matters");
}

fn redact(secrets: &[String], text: &str) -> String {
    Secret::redact_all(&as_secrets(secrets), text)
}

/// Whether `text` contains anything that could be a part of a secret or of an escape.
fn may_show_secret(text: &str, secrets: &[String]) -> bool {
    let is_plain = |text: &str| {
        let is_escape = |character| matches!(character, '%' | '+' | '\\' | ';');
        text.is_ascii() && !text.contains(is_escape)
    };
    if !is_plain(text) || !secrets.iter().all(|secret| is_plain(secret)) {
        return true;
    }
    let texts = secrets
        .iter()
        .flat_map(|secret| [secret.as_str(), secret.trim()]);
    let mut texts = texts.filter(|text| !text.trim().is_empty());
    texts.any(|secret| {
        let base64 = STANDARD_NO_PAD.encode(secret);
        let url_safe = URL_SAFE_NO_PAD.encode(secret);
        let json = serde_json::Value::from(secret).to_string();
        [secret, &json[1..json.len() - 1], &base64, &url_safe]
            .iter()
            .any(|spelling| text.contains(&spelling[..spelling.len().min(12)]))
    })
}

/// `secret` in the spellings that a whole text may have.
fn encode(secret: &str) -> Vec<String> {
    let is_escape = |character| matches!(character, '%' | '+' | '\\' | '&');
    if secret.trim().chars().count() < 4 || secret.contains(is_escape) {
        // Too short to be searched for, or not the same after decoding.
        return Vec::new();
    }
    let percent = utf8_percent_encode(secret, NON_ALPHANUMERIC).to_string();
    let json = secret.encode_utf16().map(|unit| format!("\\u{unit:04x}"));
    let html = secret
        .chars()
        .map(|character| format!("&#{};", u32::from(character)));
    let latin_1 = secret.bytes().map(char::from).collect();
    let cut_off: String = secret.chars().take(12).collect();
    let mut spellings = vec![
        percent.replace('%', "%25"),
        percent,
        json.collect(),
        html.collect(),
        latin_1,
        STANDARD_NO_PAD.encode(secret),
        URL_SAFE_NO_PAD.encode(secret),
    ];
    if !cut_off.trim().is_empty() {
        spellings.push(cut_off);
    }
    spellings
}

/// Checks that what remains is in the text, in the same order.
fn check_remainder(text: &str, redacted: &str) {
    let mut rest = text;
    for kept in redacted.split(REDACTED) {
        let (_, after) = rest
            .split_once(kept)
            .unwrap_or_else(|| panic!("`{kept}` is not in `{rest}`"));
        rest = after;
    }
}
