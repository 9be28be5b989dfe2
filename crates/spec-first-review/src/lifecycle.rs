//! `deprecated` and `x-sunset`: when something may be removed, and how much notice clients must get.

use jiff::civil::Date;

use crate::change::Outcome;
use crate::literal::literal;
use crate::review::Options;

pub(crate) const NOW_DEPRECATED: &str = "it is now deprecated";
pub(crate) const NOT_DEPRECATED: &str = "it is no longer deprecated";

/// The day of the review, and the notice that clients get.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lifecycle {
    today: Option<Date>,
    minimum_notice_days: u32,
}

impl Lifecycle {
    pub(crate) fn new(options: &Options) -> Self {
        Self {
            today: options.today.as_deref().and_then(day),
            minimum_notice_days: options.minimum_notice_days,
        }
    }

    /// Whether something deprecated with this sunset may be removed, and what to say about it.
    pub(crate) fn removal(self, sunset: &str) -> (bool, String) {
        let Some(day) = day(sunset) else {
            return (false, format!(", and its sunset {}", is_not_a_day(sunset)));
        };
        match self.today {
            Some(today) if today >= day => (true, format!(" after its sunset on {sunset}")),
            _ => (false, format!(" before its sunset on {sunset}")),
        }
    }

    /// The effect of a changed sunset on clients; `None` if it did not change.
    pub(crate) fn announcement(
        self,
        was: Option<&str>,
        is: Option<&str>,
    ) -> Option<(Outcome, String)> {
        if was == is {
            return None;
        }
        let Some(sunset) = is else {
            return Some((Outcome::Neutral, "`x-sunset` was dropped".to_owned()));
        };
        let Some(new) = day(sunset) else {
            let message = format!("`x-sunset` {}", is_not_a_day(sunset));
            return Some((Outcome::Undecided, message));
        };
        let is_later = was.and_then(day).is_some_and(|old| new >= old);
        let notice = self.today.map(|today| (new - today).get_days());
        let needed = self.minimum_notice_days;
        let message = format!("`x-sunset` is now {}", literal(sunset));
        Some(match notice {
            Some(notice) if !is_later && i64::from(notice) < i64::from(needed) => {
                let when = match notice {
                    ..0 => "is in the past".to_owned(),
                    0 => "is today".to_owned(),
                    1 => "is in 1 day".to_owned(),
                    days => format!("is in {days} days"),
                };
                let needed = match needed {
                    0 => String::new(),
                    days => format!("; clients are promised {days} days of notice"),
                };
                (
                    Outcome::Incomparable,
                    format!("{message}, which {when}{needed}"),
                )
            }
            _ => (Outcome::Neutral, message),
        })
    }
}

/// The day of a sunset, which may be followed by a time.
fn day(text: &str) -> Option<Date> {
    let (day, rest) = text.split_at_checked(10)?;
    let is_day =
        day.as_bytes()[4] == b'-' && (rest.is_empty() || rest.starts_with(['T', 't', ' ']));
    day.parse().ok().filter(|_| is_day)
}

fn is_not_a_day(text: &str) -> String {
    format!("{} is not a date (YYYY-MM-DD)", literal(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sunset_needs_the_notice_that_clients_are_promised() {
        let lifecycle = |minimum_notice_days| {
            Lifecycle::new(&Options {
                today: Some("2026-11-22".to_owned()),
                minimum_notice_days,
                ..Options::default()
            })
        };
        let announced = |was, is, notice| lifecycle(notice).announcement(was, is).unwrap();
        for (was, is, notice, outcome, words) in [
            (
                None,
                Some("2026-12-22"),
                30,
                Outcome::Neutral,
                "is now `2026-12-22`",
            ),
            (
                None,
                Some("2026-12-21"),
                30,
                Outcome::Incomparable,
                "is now `2026-12-21`, which is in 29 days; clients are promised 30 days of notice",
            ),
            (
                None,
                Some("2026-11-22T10:00:00Z"),
                0,
                Outcome::Neutral,
                "is now `2026-11-22T10:00:00Z`",
            ),
            (
                None,
                Some("2026-11-21"),
                0,
                Outcome::Incomparable,
                "is now `2026-11-21`, which is in the past",
            ),
            // A later sunset breaks nobody.
            (
                Some("2026-11-23"),
                Some("2026-11-30"),
                30,
                Outcome::Neutral,
                "is now `2026-11-30`",
            ),
            (
                Some("2027-11-23"),
                Some("2026-11-23"),
                2,
                Outcome::Incomparable,
                "is now `2026-11-23`, which is in 1 day; clients are promised 2 days of notice",
            ),
            (
                Some("2027-11-23"),
                None,
                30,
                Outcome::Neutral,
                "was dropped",
            ),
            (
                None,
                Some("2026-02-30"),
                0,
                Outcome::Undecided,
                "`2026-02-30` is not a date (YYYY-MM-DD)",
            ),
            (
                None,
                Some("soon"),
                0,
                Outcome::Undecided,
                "`soon` is not a date (YYYY-MM-DD)",
            ),
        ] {
            let expected = (outcome, format!("`x-sunset` {words}"));
            assert_eq!(announced(was, is, notice), expected);
        }
        assert_eq!(lifecycle(0).announcement(Some("soon"), Some("soon")), None);
    }

    #[test]
    fn what_has_reached_its_sunset_may_be_removed() {
        let mut options = Options::default();
        assert!(!Lifecycle::new(&options).removal("2020-01-01").0);
        options.today = Some("2026-11-22".to_owned());
        for (sunset, may_be_removed) in [
            ("2026-11-22", true),
            ("2026-11-21T23:00:00Z", true),
            ("2026-11-23", false),
            ("soon", false),
            ("2026-11-21x", false),
        ] {
            let removal = Lifecycle::new(&options).removal(sunset);
            assert_eq!(removal.0, may_be_removed, "{sunset}: {}", removal.1);
        }
    }
}
