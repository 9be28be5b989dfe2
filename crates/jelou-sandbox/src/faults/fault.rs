//! A fault as people write it: on a command line, in a scenario and in the header of a request, all in one grammar.

use std::{
    fmt,
    str::FromStr,
    time::{Duration, SystemTime},
};

use super::{
    kind::Kind,
    latency::{self, Latency},
};

/// What can be written, and what it does. At most one of them, but for `latency` and the settings.
pub(crate) const SYNTAX: [(&str, &str); 20] = [
    (
        "latency=200ms",
        "holds the answer back; also `50ms..2s`, or `p50:80ms,p99:900ms`; may stand beside another fault",
    ),
    (
        "status=503",
        "answers with this status, and does not perform the request",
    ),
    (
        "html=502",
        "the page of a proxy in front of the API; 502 without a value",
    ),
    ("redirect=URL", "sends the client elsewhere, with a 307"),
    (
        "reset=before",
        "resets the connection in place of an answer, or with `middle` within its body",
    ),
    (
        "close=before",
        "closes the connection in place of an answer, or with `middle` within its body",
    ),
    (
        "stall=before",
        "never begins the answer, or with `middle` never ends its body",
    ),
    (
        "truncated",
        "closes the connection before all of `content-length` came; with `chunked` before the last chunk",
    ),
    (
        "oversize=16",
        "the answer behind so many mebibytes of white space",
    ),
    ("content-type=text/plain", "names another media type"),
    ("empty", "a 204 without a body"),
    ("not-json", "half of the body, and says that this is all"),
    ("invalid-utf8", "a body that is not UTF-8"),
    ("compressed", "says that the body is gzip, which it is not"),
    (
        "mixed",
        "the fields of every documented example of the response in one object",
    ),
    (
        "unknown-enum",
        "a value that is not documented, in each field that has an `enum`",
    ),
    (
        "null=FIELD",
        "null in this field of the answer, wherever it stands",
    ),
    (
        "retry-after=2",
        "a setting of `status` and `html`: seconds, or with `date:2` the date in so many seconds",
    ),
    (
        "probability=0.1",
        "a setting: how often it strikes, from 0 to 1",
    ),
    (
        "performed=no",
        "a setting: whether the request is performed before the fault strikes, `yes` or `no`",
    ),
];

/// Something that goes wrong with an answer on purpose.
///
/// Written as words with a space between them: at most one kind of fault, `latency=…` beside it or alone, and settings.
/// `GET /_sandbox/faults` lists them. Where a fault has nothing to change (`mixed`, `unknown-enum` or `null` in an answer
/// without such fields), the answer goes as it is, and the record says so. A body that is empty has no middle: what
/// should strike there strikes before the answer.
///
/// ```
/// use jelou_sandbox::Fault;
///
/// let fault: Fault = "status=503 retry-after=2 probability=0.1".parse()?;
/// assert_eq!(fault.to_string(), "status=503 retry-after=2 probability=0.1");
/// assert!("status=9".parse::<Fault>().is_err());
/// # Ok::<(), jelou_sandbox::UnknownFault>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    pub(super) latency: Option<Latency>,
    pub(super) kind: Option<Kind>,
    pub(super) retry_after: Option<RetryAfter>,
    pub(super) probability: f64,
    performed: Option<bool>,
}

/// The two forms of `Retry-After`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RetryAfter {
    Seconds(u64),
    DateIn(u64),
}

/// A text that is no fault.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{problem}; {help}")]
#[non_exhaustive]
pub struct UnknownFault {
    /// What is wrong with it.
    pub problem: String,
    /// What there is instead.
    pub help: String,
}

impl UnknownFault {
    /// A word that has another value than it takes.
    pub(super) fn value(name: &str, expected: &str) -> Self {
        Self {
            problem: format!("`{name}` has a value that it cannot have"),
            help: format!("it takes {expected}"),
        }
    }

    /// A word that there is not.
    pub(super) fn word(name: &str) -> Self {
        Self {
            problem: format!("there is no fault `{name}`"),
            help: format!("there are {}", list_words()),
        }
    }
}

impl Fault {
    /// Whether the request is performed before the fault strikes.
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
                let expected = "seconds, as in `2`, or a date in so many seconds, as in `date:2`";
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
                problem: format!("there are two kinds of fault, `{known}` and `{kind}`"),
                help: "give one of them; only `latency` may stand beside another".to_owned(),
            });
        }
        self.kind = Some(kind);
        Ok(())
    }

    /// Whether the settings fit the kind.
    fn check(self) -> Result<Self, UnknownFault> {
        let refused = |problem: &str, help: &str| UnknownFault {
            problem: problem.to_owned(),
            help: help.to_owned(),
        };
        let makes_answer = matches!(self.kind, Some(Kind::Status(_) | Kind::Html(_)));
        if self.retry_after.is_some() && !makes_answer {
            return Err(refused(
                "`retry-after` stands without `status` or `html`",
                "write it as `status=503 retry-after=2`",
            ));
        }
        let needs_answer = self.kind.as_ref().is_none_or(Kind::needs_answer);
        if self.performed == Some(false) && needs_answer {
            return Err(refused(
                "`performed=no` leaves no answer for this fault to change",
                "leave it out, or take `status`, `html`, `redirect`, `empty`, `invalid-utf8`, or `before`",
            ));
        }
        if self.kind.is_none() && self.latency.is_none() {
            return Err(refused(
                "there is no fault in it",
                &format!("there are {}", list_words()),
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
        // A day, beyond which dates are no use to anybody.
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
            problem: format!("`{name}` is there twice"),
            help: "give it once".to_owned(),
        });
    }
    Ok(())
}

/// The words that a fault can begin with.
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
    fn a_fault_is_written_as_it_is_read() {
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
    fn each_word_that_is_listed_is_understood() {
        for (syntax, _) in SYNTAX {
            let alone = syntax.parse::<Fault>().is_ok();
            let as_setting = format!("status=503 {syntax}").parse::<Fault>().is_ok();
            assert!(alone || as_setting, "{syntax}");
        }
    }

    #[test]
    fn a_request_is_performed_unless_the_fault_answers_in_its_place() {
        let performs = |text: &str| text.parse::<Fault>().unwrap().performs();
        assert!(!performs("status=503"));
        assert!(performs("status=503 performed=yes"));
        assert!(performs("reset=before"));
        assert!(!performs("reset=before performed=no"));
        assert!(performs("latency=1s"));
    }

    #[test]
    fn what_is_no_fault_says_why() {
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
            // The list of all words is longer than this test.
            let help = error.help.replace(&list_words(), "(all)");
            format!("{text}: {}; {help}\n", error.problem)
        })
        .collect();
        insta::assert_snapshot!(problems.concat());
    }
}
