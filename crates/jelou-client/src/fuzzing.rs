//! What holds for every decoder of bytes that come from elsewhere, whatever the bytes are.
//!
//! Each module is one fuzz target: its `check` panics if what it says does not hold for `data`. The programs in
//! `fuzz/fuzz_targets` call it with bytes that are looked for, the tests in `replay` with those in `fuzz/corpus`. It is not part
//! of the API: it is compiled for tests and for fuzzing only.

pub mod base_url;
pub mod error_body;
pub mod path_segment;
pub mod redaction;
pub mod reply;
pub mod retry_after;
pub mod timestamp;
pub mod webhook_url;

#[cfg(test)]
mod replay;

use std::sync::Arc;
use std::time::Duration;

use crate::exchange::{Decoder, Exchange};
use crate::transport::Transport;
use crate::{Credentials, Error, HttpResponse, RetryPolicy, Secret};

/// Shown instead of a secret.
const REDACTED: &str = "[redacted]";

/// The first line of `data`, and what follows it.
fn split_line(data: &[u8]) -> (&[u8], &[u8]) {
    match data.iter().position(|byte| *byte == b'\n') {
        Some(end) => (&data[..end], &data[end + 1..]),
        None => (data, &[]),
    }
}

/// The secrets that a line of an input names: a JSON array of texts, or one plain text.
fn read_secrets(line: &[u8]) -> Vec<String> {
    serde_json::from_slice(line)
        .unwrap_or_else(|_| vec![String::from_utf8_lossy(line).into_owned()])
}

/// A call that knows `secrets`: the first as the credentials of the client, the others from the body of the request.
fn exchange_with(secrets: &[String]) -> Exchange {
    let key = secrets.first().cloned().unwrap_or_default();
    let transport = Transport::new(RetryPolicy::never(), Duration::ZERO);
    let exchange = Exchange::new(
        Arc::new(Credentials::api_key(key)),
        Arc::new(transport),
        Decoder::Reply,
    );
    let body: Vec<_> = secrets
        .iter()
        .skip(1)
        .map(|secret| serde_json::json!({ "authorization": secret }))
        .collect();
    exchange.protect_body(serde_json::Value::from(body).to_string().as_bytes());
    exchange
}

fn response(status: u16, body: &[u8]) -> HttpResponse {
    HttpResponse {
        status,
        headers: http::HeaderMap::new(),
        body: body.to_vec().into(),
        is_cut_off: false,
    }
}

/// The ways in which `secret` may not appear; white space alone tells nothing.
fn spell(secret: &str) -> Vec<String> {
    [secret, secret.trim()]
        .into_iter()
        .filter(|text| !text.trim().is_empty())
        .flat_map(|text| {
            let json = serde_json::Value::from(text).to_string();
            [text.to_owned(), json[1..json.len() - 1].to_owned()]
        })
        .collect()
}

/// Whether what was not redacted in `text` has one of `secrets` in it.
fn shows_secret(text: &str, secrets: &[String]) -> bool {
    // A secret may be a part of `[redacted]` itself, or begin with one.
    text.split(REDACTED).any(|shown| {
        secrets
            .iter()
            .flat_map(|secret| spell(secret))
            .any(|spelling| shown.contains(&spelling))
    })
}

/// Everything that a program could print of `error`: both texts of it and of each of its causes.
fn print_error(error: &Error) -> String {
    let mut printed = String::new();
    let mut next: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(error) = next {
        printed += &format!("{error}\n{error:?}\n");
        next = error.source();
    }
    printed
}

/// Checks that no text of `error` shows one of `secrets`.
///
/// Secrets of which the wording of an error has a part anyhow, such as `status`, cannot be looked for, nor those that would be
/// written with an escape.
fn assert_no_secret(error: &Error, wording: &str, secrets: &[String]) {
    let printed = print_error(error);
    for secret in secrets {
        let can_be_found = !secret.is_empty()
            && secret.bytes().all(|byte| byte.is_ascii_alphanumeric())
            && !wording.contains(secret.as_str());
        assert!(
            !can_be_found || !printed.contains(secret.as_str()),
            "`{secret}` is shown: {printed}"
        );
    }
}

fn as_secrets(secrets: &[String]) -> Vec<Secret> {
    secrets.iter().map(|text| text.as_str().into()).collect()
}
