//! Decides whether a failed attempt is made again, and when. Does not sleep or send.

use std::time::{Duration, SystemTime};

/// When a failed request is sent again.
///
/// Defaults:
/// - up to three attempts, within a minute;
/// - a random wait of up to 200 milliseconds before the second attempt, and up to twice as long before each further one, at most
///   5 seconds; it is random so that clients that failed together do not return together;
/// - `Retry-After` of the server is obeyed, however long; if it exceeds the minute, the error is returned;
/// - retries are limited to a fifth of the requests of a client, plus ten every ten seconds.
///
/// A request is sent again only if that does no harm: if it did not reach the server, if the server refused it before processing
/// it (408, 425, 429), and, for an idempotent operation, if there was no response or one with 500, 502, 503 or 504.
///
/// ```
/// use std::time::Duration;
/// use spec_first_runtime::RetryPolicy;
///
/// let patient = RetryPolicy::default().max_attempts(6).deadline(Duration::from_secs(300));
/// let never = RetryPolicy::never();
/// # _ = (patient, never);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RetryPolicy {
    max_attempts: u32,
    initial_backoff: Duration,
    max_backoff: Duration,
    deadline: Duration,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            max_attempts: 3,
            initial_backoff: Duration::from_millis(200),
            max_backoff: Duration::from_secs(5),
            deadline: Duration::from_secs(60),
        }
    }
}

impl RetryPolicy {
    /// Sends each request once.
    pub fn never() -> Self {
        Self::default().max_attempts(1)
    }

    /// Limits the number of attempts, including the first; 3 by default. Zero counts as one.
    #[must_use]
    pub fn max_attempts(mut self, max_attempts: u32) -> Self {
        self.max_attempts = max_attempts;
        self
    }

    /// Sets the longest wait before the second attempt; 200 milliseconds by default.
    #[must_use]
    pub fn initial_backoff(mut self, initial_backoff: Duration) -> Self {
        self.initial_backoff = initial_backoff;
        self
    }

    /// Limits the wait before any attempt, except for `Retry-After`; 5 seconds by default.
    #[must_use]
    pub fn max_backoff(mut self, max_backoff: Duration) -> Self {
        self.max_backoff = max_backoff;
        self
    }

    /// Limits a request including all attempts and waits; one minute by default.
    #[must_use]
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// Returns a random wait after attempt number `attempt`, counted from one, if the server asks for none. For programs that retry
    /// on their own in the same way as the client.
    pub fn draw_backoff(&self, attempt: u32) -> Duration {
        self.longest_backoff(attempt).mul_f64(fastrand::f64())
    }

    fn longest_backoff(&self, attempt: u32) -> Duration {
        let doublings = 2_u32.saturating_pow(attempt.saturating_sub(1));
        let longest = self.initial_backoff.saturating_mul(doublings);
        longest.min(self.max_backoff)
    }

    /// The time that remains `elapsed` after the first attempt began.
    pub(crate) fn remaining(&self, elapsed: Duration) -> Duration {
        self.deadline.saturating_sub(elapsed)
    }

    /// The wait before the attempt that follows number `attempt`, counted from one; `None` if there is none. `jitter`, a random
    /// number from zero to one, is the share of the longest wait.
    #[cold]
    pub(crate) fn decide(
        &self,
        outcome: &Outcome,
        attempt: u32,
        elapsed: Duration,
        jitter: f64,
    ) -> Option<Duration> {
        if attempt >= self.max_attempts || !outcome.is_retryable() {
            return None;
        }
        let wait = outcome.retry_after().unwrap_or_else(|| {
            self.longest_backoff(attempt)
                .mul_f64(jitter.clamp(0.0, 1.0))
        });
        (wait < self.remaining(elapsed)).then_some(wait)
    }
}

/// How an attempt ended, as far as it matters for a retry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Outcome {
    pub(crate) phase: Phase,
    /// Whether the operation is idempotent.
    pub(crate) is_idempotent: bool,
}

/// How far an attempt got.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    /// The server was not reached.
    NotSent,
    /// The request cannot be sent at all: the server does not support trusted TLS, or the request is invalid.
    Impossible,
    /// No response arrived, or it broke off.
    NoAnswer,
    /// A response arrived.
    Answered {
        status: u16,
        retry_after: Option<Duration>,
    },
}

impl Phase {
    /// Whether the server may have done what the request asks for.
    pub(crate) fn may_have_been_applied(&self) -> bool {
        match self {
            Self::NotSent | Self::Impossible => false,
            Self::NoAnswer => true,
            Self::Answered { status, .. } => is_applied_status(*status),
        }
    }
}

impl Outcome {
    pub(crate) fn is_retryable(&self) -> bool {
        match self.phase {
            Phase::NotSent => true,
            Phase::Impossible => false,
            Phase::NoAnswer => self.is_idempotent,
            Phase::Answered { status, .. } => is_retryable_status(status, self.is_idempotent),
        }
    }

    fn retry_after(&self) -> Option<Duration> {
        match self.phase {
            Phase::Answered { retry_after, .. } => retry_after,
            _ => None,
        }
    }
}

/// Whether a request that got this status may have been applied. Only 4XX says that it was not: an undocumented success is one all
/// the same, and what led to a redirect or a failure of the server is not known.
pub(crate) fn is_applied_status(status: u16) -> bool {
    !(400..500).contains(&status)
}

/// Whether the same request may succeed later, and can do no harm.
pub(crate) fn is_retryable_status(status: u16, is_idempotent: bool) -> bool {
    match status {
        // The server says that it did not look at the request.
        408 | 425 | 429 => true,
        // It may have applied it before it failed.
        500 | 502 | 503 | 504 => is_idempotent,
        _ => false,
    }
}

/// Reads `Retry-After` in either form of RFC 9110: seconds, or a date, from which `now` is subtracted. `None` for anything else.
pub(crate) fn parse_retry_after(value: &[u8], now: SystemTime) -> Option<Duration> {
    // HTTP allows only these two white space characters.
    let text = std::str::from_utf8(value).ok()?.trim_matches([' ', '\t']);
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        // A number that is too large means never, and so does the largest one.
        return Some(Duration::from_secs(text.parse().unwrap_or(u64::MAX)));
    }
    let date = httpdate::parse_http_date(text).ok()?;
    Some(date.duration_since(now).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn outcome(phase: Phase, is_idempotent: bool) -> Outcome {
        Outcome {
            phase,
            is_idempotent,
        }
    }

    fn answered(status: u16) -> Phase {
        Phase::Answered {
            status,
            retry_after: None,
        }
    }

    fn is_repeated(phase: Phase, is_idempotent: bool) -> bool {
        RetryPolicy::default()
            .decide(&outcome(phase, is_idempotent), 1, Duration::ZERO, 0.5)
            .is_some()
    }

    #[test]
    fn what_may_have_been_applied_is_repeated_only_if_that_does_no_harm() {
        for (phase, idempotent, otherwise) in [
            (Phase::NotSent, true, true),
            (Phase::Impossible, false, false),
            (Phase::NoAnswer, true, false),
            (answered(408), true, true),
            (answered(425), true, true),
            (answered(429), true, true),
            (answered(500), true, false),
            (answered(502), true, false),
            (answered(503), true, false),
            (answered(504), true, false),
        ] {
            assert_eq!(is_repeated(phase.clone(), true), idempotent, "{phase:?}");
            assert_eq!(is_repeated(phase.clone(), false), otherwise, "{phase:?}");
        }
    }

    #[test]
    fn no_other_status_is_repeated() {
        for status in
            (100..600).filter(|status| ![408, 425, 429, 500, 502, 503, 504].contains(status))
        {
            assert!(!is_repeated(answered(status), true), "{status}");
        }
    }

    #[test]
    fn the_wait_doubles_up_to_its_limit_and_is_drawn_from_nothing() {
        let policy = RetryPolicy::default()
            .max_attempts(100)
            .deadline(SECOND * 3600);
        let outcome = outcome(Phase::NotSent, false);
        let longest: Vec<_> = (1..8)
            .map(|attempt| {
                policy
                    .decide(&outcome, attempt, Duration::ZERO, 1.0)
                    .unwrap()
                    .as_millis()
            })
            .collect();
        assert_eq!(longest, [200, 400, 800, 1600, 3200, 5000, 5000]);
        assert_eq!(
            policy.decide(&outcome, 5, Duration::ZERO, 0.0),
            Some(Duration::ZERO)
        );
        assert_eq!(
            policy.decide(&outcome, 99, Duration::ZERO, 1.0),
            Some(SECOND * 5)
        );
        for (attempt, longest) in (1..8).zip(longest) {
            assert!(
                policy.draw_backoff(attempt).as_millis() <= longest,
                "{attempt}"
            );
        }
        let drawn: HashSet<_> = (0..20).map(|_| policy.draw_backoff(99)).collect();
        assert!(drawn.len() > 1, "{drawn:?}");
    }

    #[test]
    fn attempts_and_time_are_limited() {
        let policy = RetryPolicy::default();
        let outcome = outcome(Phase::NotSent, false);
        assert!(policy.decide(&outcome, 2, Duration::ZERO, 1.0).is_some());
        assert_eq!(policy.decide(&outcome, 3, Duration::ZERO, 1.0), None);
        assert_eq!(policy.decide(&outcome, 1, SECOND * 60, 0.0), None);
        assert_eq!(
            policy.decide(&outcome, 1, Duration::from_millis(59_900), 1.0),
            None
        );
        assert_eq!(
            RetryPolicy::never().decide(&outcome, 1, Duration::ZERO, 0.0),
            None
        );
    }

    #[test]
    fn retry_after_takes_the_place_of_the_drawn_wait() {
        let policy = RetryPolicy::default();
        let phase = |seconds| Phase::Answered {
            status: 429,
            retry_after: Some(SECOND * seconds),
        };
        assert_eq!(
            policy.decide(&outcome(phase(7), false), 1, Duration::ZERO, 0.1),
            Some(SECOND * 7)
        );
        assert_eq!(
            policy.decide(&outcome(phase(61), false), 1, Duration::ZERO, 0.1),
            None,
            "it does not fit"
        );
        assert_eq!(
            policy.decide(&outcome(phase(u32::MAX), false), 1, Duration::ZERO, 0.1),
            None
        );
    }

    #[test]
    fn retry_after_is_read_in_both_forms() {
        let now = httpdate::parse_http_date("Sun, 22 Nov 2026 17:00:00 GMT").unwrap();
        for (text, seconds) in [
            ("0", Some(0)),
            ("120", Some(120)),
            (" 7 ", Some(7)),
            ("99999999999999999999999", Some(u64::MAX)),
            ("Sun, 22 Nov 2026 17:02:00 GMT", Some(120)),
            ("Sunday, 22-Nov-26 17:02:00 GMT", Some(120)),
            ("Sun Nov 22 17:02:00 2026", Some(120)),
            ("Sun, 22 Nov 2026 16:00:00 GMT", Some(0)),
            ("", None),
            ("-1", None),
            ("1.5", None),
            ("soon", None),
            ("2026-11-22T17:02:00Z", None),
        ] {
            let parsed = parse_retry_after(text.as_bytes(), now);
            assert_eq!(parsed, seconds.map(Duration::from_secs), "{text}");
        }
        assert_eq!(parse_retry_after(b"\xff7", now), None);
    }
}
