//! Timestamps. The input is the text.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::Timestamp;

/// Checks that a text is kept, and that the instant of an RFC 3339 timestamp agrees with plain arithmetic.
pub fn check(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let timestamp = Timestamp::from(text.as_ref());
    assert_eq!(timestamp.as_str(), text);
    let json = serde_json::to_string(&timestamp).expect("it is a text");
    assert_eq!(
        serde_json::from_str::<Timestamp>(&json).ok(),
        Some(timestamp.clone())
    );

    let instant = timestamp.instant();
    if let Some(expected) = read(&text) {
        assert_eq!(instant, Some(expected), "{text}");
    }
}

/// Instants end at 9999-12-30T22:00:00Z: a later one would have a year of five digits somewhere on Earth.
const END: Duration = Duration::from_secs(253_402_207_200);

/// Reads `2026-01-15T10:30:00[.123]Z`, in years from 1970 on.
fn read(text: &str) -> Option<SystemTime> {
    let (date, time) = text.split_once('T')?;
    let time = time.strip_suffix('Z')?;
    let (time, fraction) = time.split_once('.').unwrap_or((time, "0"));
    let [year, month, day] = read_numbers(date, '-', [4, 2, 2])?;
    let [hour, minute, second] = read_numbers(time, ':', [2, 2, 2])?;
    if year < 1970 || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    if fraction.is_empty() || fraction.len() > 9 || !is_digits(fraction) {
        return None;
    }
    let days = days_since_1970(year, month, day)?;
    let seconds = ((days * 24 + hour) * 60 + minute) * 60 + second;
    let nanoseconds = format!("{fraction:0<9}").parse().ok()?;
    let since_1970 = Duration::new(seconds, nanoseconds);
    (since_1970 < END).then(|| UNIX_EPOCH + since_1970)
}

fn read_numbers(text: &str, separator: char, lengths: [usize; 3]) -> Option<[u64; 3]> {
    let parts: Vec<_> = text.split(separator).collect();
    let is_right = |(part, length): (&&str, usize)| part.len() == length && is_digits(part);
    let all_right = parts.len() == 3 && parts.iter().zip(lengths).all(is_right);
    let numbers: Option<Vec<u64>> = parts.iter().map(|part| part.parse().ok()).collect();
    numbers.filter(|_| all_right)?.try_into().ok()
}

fn is_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

/// `None` if the date does not exist.
fn days_since_1970(year: u64, month: u64, day: u64) -> Option<u64> {
    let is_leap = |year: u64| {
        year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
    };
    let february = if is_leap(year) { 29 } else { 28 };
    let lengths = [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let before = usize::try_from(month.checked_sub(1)?).ok()?;
    let length = *lengths.get(before)?;
    let of_years: u64 = (1970..year)
        .map(|year| if is_leap(year) { 366 } else { 365 })
        .sum();
    let of_months: u64 = lengths[..before].iter().sum();
    (1..=length)
        .contains(&day)
        .then(|| of_years + of_months + day - 1)
}
