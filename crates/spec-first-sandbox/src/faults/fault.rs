//! The syntax of a fault: the same on the command line, in a scenario and in a request header.

use std::{
    fmt,
    str::FromStr,
    time::{Duration, SystemTime},
};

use super::{
    kind::Kind,
    latency::{self, Latency},
};

/// The words of a fault, and what each does. A fault has at most one of them, plus `latency` and settings.
pub(crate) const SYNTAX: [(&str, &str); 20] = [
    (
        "latency=200ms",
        "delays the response; also `50ms..2s` or `p50:80ms,p99:900ms`; can be combined with another fault",
    ),
    (
        "status=503",
        "responds with this status without performing the request",
    ),
    (
        "html=502",
        "responds with a proxy's error page; 502 by default",
    ),
    ("redirect=URL", "redirects the client with a 307"),
    (
        "reset=before",
        "resets the connection instead of responding, or with `middle` within the body",
    ),
    (
        "close=before",
        "closes the connection instead of responding, or with `middle` within the body",
    ),
    (
        "stall=before",
        "never starts the response, or with `middle` never finishes the body",
    ),
    (
        "truncated",
        "closes the connection before `content-length` bytes are sent, or with `chunked` before the last chunk",
    ),
    (
        "oversize=16",
        "puts this many MiB of white space before the response body",
    ),
    (
        "content-type=text/plain",
        "responds with this `content-type`",
    ),
    ("empty", "responds with a 204 without a body"),
    ("not-json", "sends half of the body as if it were complete"),
    ("invalid-utf8", "sends a body that is not UTF-8"),
    ("compressed", "labels the body as gzip, which it is not"),
    (
        "mixed",
        "merges the fields of all documented examples of the response into one object",
    ),
    (
        "unknown-enum",
        "puts an undocumented value in each field that has an `enum`",
    ),
    (
        "null=FIELD",
        "sets this field to null throughout the response",
    ),
    (
        "retry-after=2",
        "a setting of `status` and `html`: a number of seconds, or with `date:2` a date that many seconds ahead",
    ),
    (
        "probability=0.1",
        "a setting: how likely the fault is to apply, from 0 to 1",
    ),
    (
        "performed=no",
        "a setting: whether the request is performed before the fault applies, `yes` or `no`",
    ),
];

/// A fault: something that goes wrong with a response on purpose.
///
/// Written as words separated by spaces: at most one kind of fault, optionally `latency=…`, and settings.
/// `GET /_sandbox/faults` lists them. A fault without anything to change (`mixed`, `unknown-enum` or `null` in a response
/// without such fields) leaves the response as it is, which the record notes. An empty body has no middle: a fault for the
/// middle applies before the response.
///
/// ```
/// use spec_first_sandbox::Fault;
///
/// let fault: Fault = "status=503 retry-after=2 probability=0.1".parse()?;
/// assert_eq!(fault.to_string(), "status=503 retry-after=2 probability=0.1");
/// assert!("status=9".parse::<Fault>().is_err());
/// # Ok::<(), spec_first_sandbox::UnknownFault>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    pub(super) latency: Option<Latency>,
    pub(super) kind: Option<Kind>,
    pub(super) retry_after: Option<RetryAfter>,
    pub(super) probability: f64,
    performed: Option<bool>,
}

/// The two formats of `Retry-After`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RetryAfter {
    Seconds(u64),
    DateIn(u64),
}

/// The text is not a fault.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{problem}; {help}")]
#[non_exhaustive]
pub struct UnknownFault {
    /// What is wrong with it.
    pub problem: String,
    /// What to write instead.
    pub help: String,
}

impl UnknownFault {
    /// A word with an invalid value.
    pub(super) fn value(name: &str, expected: &str) -> Self {
        Self {
            problem: format!("invalid value for `{name}`"),
            help: format!("expected {expected}"),
        }
    }

    /// An unknown word.
    pub(super) fn word(name: &str) -> Self {
        Self {
            problem: format!("unknown fault `{name}`"),
            help: format!("available: {}", list_words()),
        }
    }
}

impl Fault {
    /// Whether the request is performed before the fault applies.
    pub(super) fn performs(&self) -> bool {
        let answers_itself = self.kind.as_ref().is_some_and(Kind::answers_itself);
        self.performed.unwrap_or(!answers_itself)
    }

    fn set(&mut self, word: &str) -> Result<(), UnknownFault> {
        let (name, value) = match word.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (word, None),
        };
        let wrong = |expected: &str| UnknownFault::value(name, expected);
        let needed = |expected: &str| {
            value
                .filter(|value| !value.is_empty())
                .ok_or_else(|| wrong(expected))
        };
        match name {
            "latency" => {
                let latency = Latency::parse(needed(latency::SYNTAX)?);
                let latency = latency.ok_or_else(|| wrong(latency::SYNTAX))?;
                return once(name, self.latency.replace(latency).is_some());
            }
            "retry-after" => {
                let expected = "a number of seconds such as `2`, or a date that many seconds ahead such as `date:2`";
                let retry_after = RetryAfter::parse(needed(expected)?);
                let retry_after = retry_after.ok_or_else(|| wrong(expected))?;
                return once(name, self.retry_after.replace(retry_after).is_some());
            }
            "probability" => {
                let expected = "a number from 0 to 1";
                let probability = needed(expected)?.parse().ok();
                let probability = probability.filter(|share| (0.0..=1.0).contains(share));
                let is_repeated = self.probability < 1.0;
                self.probability = probability.ok_or_else(|| wrong(expected))?;
                return once(name, is_repeated);
            }
            "performed" => {
                let performed = match value {
                    Some("yes") => true,
                    Some("no") => false,
                    _ => return Err(wrong("`yes` or `no`")),
                };
                return once(name, self.performed.replace(performed).is_some());
            }
            _ => {}
        }
        let kind = Kind::parse(name, value)?;
        if let Some(known) = &self.kind {
            return Err(UnknownFault {
                problem: format!("conflicting faults `{known}` and `{kind}`"),
                help: "use one of them; only `latency` can be combined with another".to_owned(),
            });
        }
        self.kind = Some(kind);
        Ok(())
    }

    /// Whether the settings are valid for the kind.
    fn check(self) -> Result<Self, UnknownFault> {
        let refused = |problem: &str, help: &str| UnknownFault {
            problem: problem.to_owned(),
            help: help.to_owned(),
        };
        let makes_answer = matches!(self.kind, Some(Kind::Status(_) | Kind::Html(_)));
        if self.retry_after.is_some() && !makes_answer {
            return Err(refused(
                "`retry-after` requires `status` or `html`",
                "write it as `status=503 retry-after=2`",
            ));
        }
        let needs_answer = self.kind.as_ref().is_none_or(Kind::needs_answer);
        if self.performed == Some(false) && needs_answer {
            return Err(refused(
                "`performed=no` leaves no response for this fault to alter",
                "remove it, or use `status`, `html`, `redirect`, `empty`, `invalid-utf8` or `before`",
            ));
        }
        if self.kind.is_none() && self.latency.is_none() {
            return Err(refused(
                "no fault given",
                &format!("available: {}", list_words()),
            ));
        }
        Ok(self)
    }
}

impl FromStr for Fault {
    type Err = UnknownFault;

    fn from_str(text: &str) -> Result<Self, UnknownFault> {
        let mut fault = Self {
            latency: None,
            kind: None,
            retry_after: None,
            probability: 1.0,
            performed: None,
        };
        for word in text.split_ascii_whitespace() {
            fault.set(word)?;
        }
        fault.check()
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = self.kind.as_ref().map(ToString::to_string);
        let latency = self.latency.map(|latency| format!("latency={latency}"));
        let retry_after = self
            .retry_after
            .map(|retry_after| format!("retry-after={retry_after}"));
        let probability =
            (self.probability < 1.0).then(|| format!("probability={}", self.probability));
        let performed = self
            .performed
            .map(|performed| format!("performed={}", if performed { "yes" } else { "no" }));
        let words: Vec<_> = [latency, kind, retry_after, probability, performed]
            .into_iter()
            .flatten()
            .collect();
        formatter.write_str(&words.join(" "))
    }
}

impl RetryAfter {
    fn parse(text: &str) -> Option<Self> {
        // A day; later dates are of no use.
        let seconds = |text: &str| text.parse().ok().filter(|seconds| *seconds <= 86_400);
        match text.strip_prefix("date:") {
            Some(text) => seconds(text).map(Self::DateIn),
            None => seconds(text).map(Self::Seconds),
        }
    }

    /// The value of the header.
    pub(super) fn value(self) -> String {
        match self {
            Self::Seconds(seconds) => seconds.to_string(),
            Self::DateIn(seconds) => {
                httpdate::fmt_http_date(SystemTime::now() + Duration::from_secs(seconds))
            }
        }
    }
}

impl fmt::Display for RetryAfter {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Seconds(seconds) => write!(formatter, "{seconds}"),
            Self::DateIn(seconds) => write!(formatter, "date:{seconds}"),
        }
    }
}

fn once(name: &str, is_repeated: bool) -> Result<(), UnknownFault> {
    if is_repeated {
        return Err(UnknownFault {
            problem: format!("duplicate `{name}`"),
            help: "give it once".to_owned(),
        });
    }
    Ok(())
}

/// The words that a fault can start with.
fn list_words() -> String {
    let words: Vec<_> = SYNTAX
        .iter()
        .map(|(syntax, _)| format!("`{syntax}`"))
        .collect();
    words.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_round_trips() {
        for text in [
            "latency=50ms..2s reset=middle probability=0.25 performed=yes",
            "status=429 retry-after=date:2",
            "html=502 retry-after=2 performed=yes",
            "redirect=https://other.example/a?b=c",
            "stall=before performed=no",
            "truncated=chunked",
            "null=data",
        ] {
            let fault: Fault = text.parse().unwrap();
            assert_eq!(fault.to_string(), text);
        }
        assert_eq!("html".parse::<Fault>().unwrap().to_string(), "html=502");
    }

    #[test]
    fn every_listed_word_can_be_parsed() {
        for (syntax, _) in SYNTAX {
            let alone = syntax.parse::<Fault>().is_ok();
            let as_setting = format!("status=503 {syntax}").parse::<Fault>().is_ok();
            assert!(alone || as_setting, "{syntax}");
        }
    }

    #[test]
    fn a_request_is_performed_unless_the_fault_replaces_the_response() {
        let performs = |text: &str| text.parse::<Fault>().unwrap().performs();
        assert!(!performs("status=503"));
        assert!(performs("status=503 performed=yes"));
        assert!(performs("reset=before"));
        assert!(!performs("reset=before performed=no"));
        assert!(performs("latency=1s"));
    }

    #[test]
    fn an_invalid_fault_is_rejected_with_a_reason() {
        let problems: Vec<String> = [
            "",
            "explode",
            "status",
            "status=199",
            "status=503 html",
            "status=503 status=500",
            "latency=1",
            "reset=after",
            "empty=1",
            "oversize=0",
            "retry-after=2",
            "status=503 retry-after=soon",
            "latency=1s latency=2s",
            "probability=2",
            "mixed performed=no",
            "null=",
            "status=503 performed",
        ]
        .iter()
        .map(|text| {
            let error = text.parse::<Fault>().unwrap_err();
            // The list of all words would make this test too long.
            let help = error.help.replace(&list_words(), "(all)");
            format!("{text}: {}; {help}\n", error.problem)
        })
        .collect();
        insta::assert_snapshot!(problems.concat());
    }
}
