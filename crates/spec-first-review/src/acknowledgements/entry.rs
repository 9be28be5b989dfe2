//! An entry of the file, and the problems that it can have.

use jiff::civil::Date;
use semver::Version;
use spec_first_document::{Content, Document, Entry, Finding, Node, Pointer};

/// The keys of an entry, all of which are required.
pub(super) const KEYS: [&str; 4] = ["change", "what", "why", "until"];

/// The expected form of an entry, for people who wrote a different one.
const FORM: &str = "an entry has the keys `change`, `what`, `why` and `until`; each value is a string, and `change` needs quotes";

/// An entry.
#[derive(Clone, Debug)]
pub(super) struct Acknowledgement {
    pub(super) pointer: Pointer,
    pub(super) change: String,
    pub(super) what: String,
    pub(super) why: String,
    pub(super) until: Until,
}

/// When an entry expires.
#[derive(Clone, Debug)]
pub(super) enum Until {
    /// With this version of the document.
    Version(Version),
    /// On this day, as `YYYY-MM-DD`, for documents whose versions have no order.
    Day(String),
}

impl Acknowledgement {
    pub(super) fn read(
        file: &Document,
        item: Node<'_>,
        pointer: &Pointer,
    ) -> Result<Self, Finding> {
        let Content::Mapping(members) = item.content() else {
            return Err(malformed(file, pointer, "this is not an entry"));
        };
        if let Some(Entry { key, .. }) = members.iter().find(|member| !KEYS.contains(&member.key)) {
            let message = format!("unknown key `{key}`");
            return Err(malformed(file, &pointer.child(key), &message));
        }
        let text = |key: &str| match item.get(key) {
            None => Err(malformed(file, pointer, &format!("`{key}` is missing"))),
            Some(value) => match value.as_str() {
                Some(text) if !text.trim().is_empty() => Ok(text.to_owned()),
                Some(_) => Err(malformed(
                    file,
                    &pointer.child(key),
                    &format!("`{key}` is empty"),
                )),
                None => Err(malformed(
                    file,
                    &pointer.child(key),
                    &format!("`{key}` is not a string"),
                )),
            },
        };
        let [change, what, why, until] =
            [text("change")?, text("what")?, text("why")?, text("until")?];
        let until = match Version::parse(&until) {
            Ok(version) => Until::Version(version),
            Err(_) if is_day(&until) => Until::Day(until),
            Err(error) => {
                let message =
                    format!("`{until}` is neither a version nor a date (YYYY-MM-DD): {error}");
                return Err(malformed(file, &pointer.child("until"), &message));
            }
        };
        Ok(Self {
            pointer: pointer.clone(),
            change,
            what,
            why,
            until,
        })
    }

    pub(super) fn is_twice_there(&self, file: &Document) -> Finding {
        file.finding(
            "acknowledged-twice",
            &self.pointer.child("change"),
            format!("already acknowledged above: {}", self.what),
            "keep one of the two entries",
        )
    }

    pub(super) fn is_not_needed(&self, file: &Document) -> Finding {
        file.finding(
            "acknowledgement-unused",
            &self.pointer.child("change"),
            format!(
                "no breaking or undecided change has the fingerprint `{}`: {}",
                self.change, self.what
            ),
            "remove the entry, or replace it with one that the review prints: the change was reverted, is already in the base, or \
             has a different fingerprint now",
        )
    }

    /// Reports an entry that has expired, or whose expiry cannot be determined; `None` if it is still valid.
    pub(super) fn out_of_date(
        &self,
        file: &Document,
        version: Option<&Version>,
        today: Option<&str>,
    ) -> Option<Finding> {
        let reached = match (&self.until, version) {
            (Until::Version(until), Some(version)) if version >= until => {
                format!("{until}, but the document has version {version}")
            }
            (Until::Version(_), Some(_)) => return None,
            (Until::Version(_), None) => return Some(self.cannot_expire(file)),
            (Until::Day(until), _) => {
                let today = today.filter(|today| *today >= until.as_str())?;
                format!("{until}, but today is {today}")
            }
        };
        Some(file.finding(
            "acknowledgement-expired",
            &self.pointer.child("until"),
            format!("acknowledged until {reached}: {}", self.what),
            "revert the change, or acknowledge it until later",
        ))
    }

    fn cannot_expire(&self, file: &Document) -> Finding {
        file.finding(
            "acknowledgement-without-version",
            &self.pointer.child("until"),
            "the document has no semantic version under `info.version`, so it is unknown whether this entry has expired",
            "give the document a version, for example `1.0.0`, or set `until` to a date, as YYYY-MM-DD",
        )
    }
}

/// Whether the text is a day of the calendar, in the form in which days can be compared as text.
fn is_day(text: &str) -> bool {
    text.parse::<Date>()
        .is_ok_and(|day| day.to_string() == text)
}

pub(super) fn malformed(file: &Document, pointer: &Pointer, message: &str) -> Finding {
    file.finding("acknowledgement-form", pointer, message, FORM)
}
