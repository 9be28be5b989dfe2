//! An entry of the file, and what may be wrong with it.

use semver::Version;
use spec_first_document::{Content, Document, Entry, Finding, Node, Pointer};

/// The keys of an entry; each of them is needed.
pub(super) const KEYS: [&str; 4] = ["change", "what", "why", "until"];

/// What every entry looks like, for people who wrote another one.
const FORM: &str = "an entry has the keys `change`, `what`, `why` and `until`; each value is a string, and `change` needs quotes";

/// An entry.
#[derive(Clone, Debug)]
pub(super) struct Acknowledgement {
    pub(super) pointer: Pointer,
    pub(super) change: String,
    pub(super) what: String,
    pub(super) why: String,
    pub(super) until: Version,
}

impl Acknowledgement {
    pub(super) fn read(file: &Document, item: &Node, pointer: &Pointer) -> Result<Self, Finding> {
        let Content::Mapping(members) = &item.content else {
            return Err(malformed(file, pointer, "this is not an entry"));
        };
        if let Some(Entry { key, .. }) = members
            .iter()
            .find(|member| !KEYS.contains(&member.key.as_str()))
        {
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
        let until = Version::parse(&until).map_err(|error| {
            let message = format!("`{until}` is not a version: {error}");
            malformed(file, &pointer.child("until"), &message)
        })?;
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
            "acknowledged-in-vain",
            &self.pointer.child("change"),
            format!(
                "no breaking or undecided change has the fingerprint `{}`: {}",
                self.change, self.what
            ),
            "remove the entry, or replace it with one that the review prints: the change was reverted, is in the base already, or is now \
             another one",
        )
    }

    pub(super) fn has_expired(&self, file: &Document, version: &Version) -> Finding {
        file.finding(
            "acknowledgement-expired",
            &self.pointer.child("until"),
            format!(
                "acknowledged until {}, but the document has version {version}: {}",
                self.until, self.what
            ),
            "revert the change, or acknowledge it until a later version",
        )
    }

    pub(super) fn cannot_expire(&self, file: &Document) -> Finding {
        file.finding(
            "acknowledgement-without-version",
            &self.pointer.child("until"),
            "the document has no semantic version under `info.version`, so whether this is still valid is unknown",
            "give the document a version, for example `1.0.0`",
        )
    }
}

pub(super) fn malformed(file: &Document, pointer: &Pointer, message: &str) -> Finding {
    file.finding("acknowledgement-form", pointer, message, FORM)
}
