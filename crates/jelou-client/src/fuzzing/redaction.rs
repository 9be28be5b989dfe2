//! The redaction of secrets. The input is a line of secrets, then the text.

use super::{REDACTED, as_secrets, read_secrets, shows_secret, spell, split_line};
use crate::Secret;

/// Checks that no secret is left in a text, that nothing else is taken from it, and that the order of secrets does not matter.
pub fn check(data: &[u8]) {
    let (line, text) = split_line(data);
    let mut secrets = read_secrets(line);
    let text = String::from_utf8_lossy(text);

    let redacted = redact(&secrets, &text);
    assert!(
        !shows_secret(&redacted, &secrets),
        "{secrets:?} in `{text}`: `{redacted}`"
    );
    if !shows_secret(&text, &secrets) && !text.contains(REDACTED) {
        assert_eq!(redacted, text, "nothing but secrets is redacted");
    }
    check_remainder(&text, &redacted);
    for spelling in secrets.iter().flat_map(|secret| spell(secret)) {
        // A secret that begins another must not leave the rest of that one.
        assert_eq!(redact(&secrets, &spelling), REDACTED, "{secrets:?}");
    }

    // A server may write the text as JSON, and that into another text.
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

/// What is left stands in the text, in the same order.
fn check_remainder(text: &str, redacted: &str) {
    let mut rest = text;
    for kept in redacted.split(REDACTED) {
        let (_, after) = rest
            .split_once(kept)
            .unwrap_or_else(|| panic!("`{kept}` is not in `{rest}`"));
        rest = after;
    }
}
