//! The header `Retry-After`. The input is a line with the present, in seconds since 1970, then the value of the header.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::HeaderValue;
use jiff::civil::DateTime;
use jiff::fmt::strtime;

use super::{response, split_line};
use crate::RetryPolicy;
use crate::retry::{Outcome, Phase};

/// The three date formats of RFC 9110.
const FORMS: [&str; 3] = [
    "%a, %d %b %Y %H:%M:%S GMT",
    "%A, %d-%b-%y %H:%M:%S GMT",
    "%a %b %e %H:%M:%S %Y",
];

const EPOCH: DateTime = DateTime::constant(1970, 1, 1, 0, 0, 0, 0);

/// 22 November 2026, 17:00:00 UTC.
const PRESENT: u64 = 1_795_366_800;

/// Checks that a wait agrees with an independent parser, and that no wait exceeds the deadline.
pub fn check(data: &[u8]) {
    let (present, value) = split_line(data);
    let present = read_digits(present).map_or(PRESENT, |seconds| seconds % (1 << 38));
    let now = UNIX_EPOCH + Duration::from_secs(present);
    let Ok(header) = HeaderValue::from_bytes(value) else {
        // HTTP does not define such a value.
        return;
    };
    let mut response = response(429, b"");
    response.headers.insert("retry-after", header);

    let wait = response.retry_after(now);
    let trimmed = value.trim_ascii();
    match read_digits(trimmed).or_else(|| read_date(trimmed, present)) {
        Some(seconds) => assert_eq!(wait, Some(Duration::from_secs(seconds)), "{value:?}"),
        None => check_lenience(trimmed, present, wait),
    }
    if let Some(wait) = wait {
        check_round_trip(now, wait);
        check_decision(wait);
    }
}

/// The `httpdate` crate accepts other separators between the parts of a date, but no other parts.
fn check_lenience(text: &[u8], present: u64, wait: Option<Duration>) {
    // Any past date has the same result.
    let Some(wait) = wait.filter(|wait| !wait.is_zero()) else {
        return;
    };
    let date = EPOCH + Duration::from_secs(present) + wait;
    let is_forgiven = |(exact, given): (u8, &u8)| exact == *given || !exact.is_ascii_alphanumeric();
    let is_the_same = FORMS.iter().any(|form| {
        let exact = strtime::format(form, date).expect("a date can be written");
        exact.len() == text.len() && exact.bytes().zip(text).all(is_forgiven)
    });
    let text = String::from_utf8_lossy(text);
    assert!(is_the_same, "`{text}` is read as {date}");
}

/// A number that is too large becomes the largest number.
fn read_digits(text: &[u8]) -> Option<u64> {
    let is_number = !text.is_empty() && text.iter().all(u8::is_ascii_digit);
    is_number.then(|| {
        text.iter().fold(0_u64, |number, digit| {
            number
                .saturating_mul(10)
                .saturating_add(u64::from(digit - b'0'))
        })
    })
}

/// The seconds from `present` to a date in exactly the format of RFC 9110.
fn read_date(text: &[u8], present: u64) -> Option<u64> {
    let text = std::str::from_utf8(text).ok()?;
    let seconds = FORMS.iter().find_map(|form| {
        let date: DateTime = strtime::parse(form, text).ok()?.to_datetime().ok()?;
        let is_exact = strtime::format(form, date).ok()? == text;
        let since_1970 = date.duration_since(EPOCH);
        is_exact.then_some(since_1970.as_secs())
    })?;
    Some(u64::try_from(seconds).ok()?.saturating_sub(present))
}

fn check_round_trip(now: SystemTime, wait: Duration) {
    let last = Duration::from_secs(253_402_300_799);
    let Some(date) = now
        .checked_add(wait)
        .filter(|date| *date <= UNIX_EPOCH + last)
    else {
        return;
    };
    let mut response = response(429, b"");
    let text = httpdate::fmt_http_date(date);
    let value = HeaderValue::from_str(&text).expect("a date is printable");
    response.headers.insert("retry-after", value);
    assert_eq!(response.retry_after(now), Some(wait), "{text}");
}

fn check_decision(wait: Duration) {
    let deadline = Duration::from_secs(60);
    let outcome = Outcome {
        phase: Phase::Answered {
            status: 429,
            retry_after: Some(wait),
        },
        is_idempotent: false,
    };
    let policy = RetryPolicy::default().deadline(deadline);
    let decided = policy.decide(&outcome, 1, Duration::ZERO, 0.5);
    assert_eq!(decided, (wait < deadline).then_some(wait));
}
