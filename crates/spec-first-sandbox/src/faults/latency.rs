//! How long a response is delayed: a fixed time, a uniform distribution, or one like that of real services.

use std::{fmt, time::Duration};

use fastrand::Rng;

/// The maximum delay.
const LONGEST: Duration = Duration::from_secs(600);

/// How many standard deviations the 99th percentile of a normal distribution lies above its median.
const DEVIATIONS_TO_P99: f64 = 2.326_347_874_040_841;

/// The accepted syntax, for messages.
pub(super) const SYNTAX: &str = "`200ms`, `50ms..2s` or `p50:80ms,p99:900ms`, at most ten minutes";

/// A distribution of latencies.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Latency {
    /// Always the same delay.
    Fixed(Duration),
    /// Uniform between the two.
    Uniform(Duration, Duration),
    /// Log-normal, with this median and 99th percentile.
    Percentiles { p50: Duration, p99: Duration },
}

impl Latency {
    /// Parses a latency; `None` if it is invalid.
    pub(super) fn parse(text: &str) -> Option<Self> {
        if let Some((from, to)) = text.split_once("..") {
            let (from, to) = (parse_duration(from)?, parse_duration(to)?);
            return (from <= to).then_some(Self::Uniform(from, to));
        }
        if let Some((p50, p99)) = text.split_once(',') {
            let p50 = parse_duration(p50.strip_prefix("p50:")?)?;
            let p99 = parse_duration(p99.strip_prefix("p99:")?)?;
            // Zero has no logarithm.
            return (p50 <= p99 && !p50.is_zero()).then_some(Self::Percentiles { p50, p99 });
        }
        parse_duration(text).map(Self::Fixed)
    }

    pub(super) fn draw(self, random: &mut Rng) -> Duration {
        match self {
            Self::Fixed(latency) => latency,
            Self::Uniform(from, to) => from + (to - from).mul_f64(random.f64()),
            Self::Percentiles { p50, p99 } => {
                let spread = (p99.as_secs_f64() / p50.as_secs_f64()).ln() / DEVIATIONS_TO_P99;
                let factor = (spread * draw_normal(random)).exp();
                let seconds = (p50.as_secs_f64() * factor).min(LONGEST.as_secs_f64());
                Duration::from_secs_f64(seconds)
            }
        }
    }
}

impl fmt::Display for Latency {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fixed(latency) => write!(formatter, "{latency:?}"),
            Self::Uniform(from, to) => write!(formatter, "{from:?}..{to:?}"),
            Self::Percentiles { p50, p99 } => write!(formatter, "p50:{p50:?},p99:{p99:?}"),
        }
    }
}

/// A duration such as `1.5s` or `200ms`; the unit is required.
fn parse_duration(text: &str) -> Option<Duration> {
    let (number, seconds) = match text.strip_suffix("ms") {
        Some(number) => (number, 0.001),
        None => (text.strip_suffix('s')?, 1.0),
    };
    let is_number = number
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b'.');
    let number: f64 = number.parse().ok().filter(|_| is_number)?;
    let duration = Duration::try_from_secs_f64(number * seconds).ok()?;
    (duration <= LONGEST).then_some(duration)
}

/// A sample of the standard normal distribution (Box-Muller transform).
fn draw_normal(random: &mut Rng) -> f64 {
    // Not zero, which has no logarithm.
    let radius = (-2.0 * (1.0 - random.f64()).ln()).sqrt();
    radius * (std::f64::consts::TAU * random.f64()).cos()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_latency_round_trips() {
        for text in ["200ms", "1.5s..2s", "p50:80ms,p99:900ms", "0ns"] {
            let read = text.replace("0ns", "0ms");
            assert_eq!(Latency::parse(&read).unwrap().to_string(), text);
        }
    }

    #[test]
    fn an_invalid_latency_is_rejected() {
        for text in [
            "",
            "200",
            "ms",
            "-1s",
            "1e3s",
            "2s..1s",
            "601s",
            "p50:1s",
            "p50:2s,p99:1s",
            "p50:0s,p99:1s",
            "infs",
            "NaNs",
            "1s..",
        ] {
            assert_eq!(Latency::parse(text), None, "{text}");
        }
    }

    #[test]
    fn samples_follow_the_percentiles() {
        let latency = Latency::parse("p50:100ms,p99:1s").unwrap();
        let mut random = Rng::with_seed(7);
        let mut drawn: Vec<_> = (0..20_000).map(|_| latency.draw(&mut random)).collect();
        drawn.sort_unstable();
        let percentile = |share: usize| drawn[drawn.len() * share / 100].as_secs_f64();
        assert!(
            (0.095..0.105).contains(&percentile(50)),
            "{}",
            percentile(50)
        );
        assert!((0.9..1.1).contains(&percentile(99)), "{}", percentile(99));
    }

    #[test]
    fn uniform_samples_stay_within_their_bounds() {
        let latency = Latency::parse("50ms..60ms").unwrap();
        let mut random = Rng::with_seed(7);
        let ends = Duration::from_millis(50)..=Duration::from_millis(60);
        assert!((0..1000).all(|_| ends.contains(&latency.draw(&mut random))));
    }
}
