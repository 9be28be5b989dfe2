//! Acknowledged changes: changes that are accepted although they break clients, or might, listed in a file next to the document.
//!
//! ```yaml
//! - change: '0123456789abcdef'   # the fingerprint of the change
//!   what: the operation was dropped
//!   why: nobody has called it for a year
//!   until: 2.0.0                 # from this version of the document on, the entry no longer counts
//! ```
//!
//! If a document has no semantic versions, `until` is a date instead, as `YYYY-MM-DD`.
//!
//! The fingerprint covers the member of the schema that changed, in both documents and regardless of the references that lead to
//! it, and what changed about it. An entry whose fingerprint matches no change, for instance because an earlier version of this
//! crate computed it differently, is out of date, and the review fails until the entry is removed or replaced.
//!
//! An entry covers one change and one version step. Once it is no longer needed, it must be removed; otherwise, the list could
//! accept a later change that nobody meant to accept.

mod entry;

use std::collections::BTreeMap;
use std::fmt::Write;

use semver::Version;
use spec_first_document::{Content, Document, Finding, Pointer, fingerprint};

use crate::subject::{Member, Subject};
use crate::{Change, Review, Verdict};
use entry::{Acknowledgement, KEYS, malformed};

/// The acknowledged changes of a document.
#[derive(Clone, Debug, Default)]
pub struct Acknowledgements {
    /// The file; `None` if it does not exist or is empty.
    file: Option<Document>,
    entries: Vec<Acknowledgement>,
}

/// The effect of the acknowledgements on a review.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Acknowledged {
    /// Why a change was accepted, by its index in [`Review::changes`].
    pub reasons: BTreeMap<usize, String>,
    /// The problems with the entries, in file order: no longer needed, expired or duplicate.
    pub findings: Vec<Finding>,
}

impl Change {
    /// Identifies the change from one review to the next, even if its lines have moved: the rule, the message, and the value that
    /// changed in both documents, regardless of the references that lead there. Unique within a review.
    pub fn fingerprint(&self) -> String {
        let Subject {
            base,
            head,
            message,
            document,
            ..
        } = &self.subject;
        let members = [base, head].map(|member| match member {
            Some(Member { file, pointer, .. }) => [file.as_str(), pointer.as_str()],
            None => ["", "nowhere"],
        });
        let texts = document.as_deref().into_iter();
        let texts = texts.chain(members.into_iter().flatten());
        fingerprint(texts.chain([self.rule().as_str(), message]))
    }

    /// Whether the change fails the review unless it is acknowledged.
    pub fn needs_acknowledgement(&self) -> bool {
        self.verdicts.backward.verdict >= Verdict::Undecided
    }

    /// The entry that acknowledges the change for the reason `why`, until the document reaches the version `until`.
    pub fn acknowledgement(&self, why: &str, until: &str) -> String {
        let mut text = String::new();
        for (key, value) in
            KEYS.into_iter()
                .zip([&self.fingerprint(), &self.sentence(), why, until])
        {
            let indent = if key == "change" { "- " } else { "  " };
            _ = writeln!(text, "{indent}{key}: {}", quoted(value));
        }
        text
    }
}

impl Acknowledgements {
    /// Parses the text of a file, which messages call `name`. An empty file acknowledges nothing.
    ///
    /// # Errors
    /// The text is not YAML, or an entry is invalid; the finding has the line and column.
    pub fn parse(name: &str, text: &str) -> Result<Self, Finding> {
        let is_nothing = |line: &str| line.is_empty() || line.starts_with('#');
        if text.lines().all(|line| is_nothing(line.trim())) {
            return Ok(Self::default());
        }
        let file = Document::parse(name, text)?;
        let Content::Sequence(items) = file.root().content() else {
            return Err(malformed(&file, &Pointer::root(), "this is not a list"));
        };
        let entries = items
            .iter()
            .enumerate()
            .map(|(index, item)| Acknowledgement::read(&file, item, &Pointer::root().child(index)));
        let entries = entries.collect::<Result<_, _>>()?;
        Ok(Self {
            file: Some(file),
            entries,
        })
    }

    /// Determines which changes of the review are accepted, and which entries are out of date.
    ///
    /// An entry expires when `info.version` of the head reaches its `until`.
    pub fn apply(&self, review: &Review) -> Acknowledged {
        let mut acknowledged = Acknowledged::default();
        let Some(file) = &self.file else {
            return acknowledged;
        };
        let version = review.head_version.as_deref();
        let version = version.and_then(|version| Version::parse(version).ok());
        let today = review.today.as_deref();
        let mut changes: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (index, change) in review.changes.iter().enumerate() {
            if change.needs_acknowledgement() {
                let indices = changes.entry(change.fingerprint()).or_default();
                indices.push(index);
            }
        }
        let mut seen: Vec<&str> = Vec::new();
        for entry in &self.entries {
            let is_second = seen.contains(&entry.change.as_str());
            seen.push(&entry.change);
            let finding = match changes.get(&entry.change) {
                _ if is_second => entry.is_twice_there(file),
                None => entry.is_not_needed(file),
                Some(indices) => match entry.out_of_date(file, version.as_ref(), today) {
                    Some(finding) => finding,
                    None => {
                        let reasons = indices.iter().map(|index| (*index, entry.why.clone()));
                        acknowledged.reasons.extend(reasons);
                        continue;
                    }
                },
            };
            acknowledged.findings.push(finding);
        }
        acknowledged
    }
}

/// The text as a YAML string on one line, with escapes for characters that a terminal would act on instead of showing.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            shown if shown.is_ascii_graphic() || shown == ' ' || shown.is_alphanumeric() => {
                quoted.push(shown);
            }
            hidden => _ = write!(quoted, "\\U{:08x}", u32::from(hidden)),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::{Format, Presentation, render};
    use crate::{Input, Options, review};

    const BASE: &str = "
openapi: 3.0.3
info: {title: Pets, version: 1.0.0}
paths:
  /cats: {get: {responses: {'200': {description: Cats}}}}
  /dogs: {get: {responses: {'200': {description: Dogs}}}}
";

    fn dropped(operations: &[&str], version: &str) -> Review {
        let text: String = BASE
            .replace("1.0.0", version)
            .lines()
            .filter(|line| !operations.iter().any(|path| line.contains(path)))
            .map(|line| format!("{line}\n"))
            .collect();
        let base = |_: &str| Ok(BASE.to_owned());
        let head = move |_: &str| Ok(text.clone());
        let input = |files| Input {
            files,
            path: "pets.yaml",
        };
        review(input(&base), input(&head), &Options::default()).unwrap()
    }

    fn entry(review: &Review, index: usize) -> String {
        review.changes[index].acknowledgement("nobody calls it", "1.2.0")
    }

    /// The accepted changes, and one line for each finding.
    #[track_caller]
    fn check(review: &Review, entries: &str, reasons: &[usize], findings: &str) {
        let acknowledgements = Acknowledgements::parse("acknowledged.yaml", entries).unwrap();
        let acknowledged = acknowledgements.apply(review);
        let found: Vec<_> = acknowledged
            .findings
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(found.join("\n"), findings);
        let indices: Vec<_> = acknowledged.reasons.keys().copied().collect();
        assert_eq!(indices, reasons);
    }

    #[test]
    fn only_acknowledged_changes_pass() {
        let review = dropped(&["/cats", "/dogs"], "1.0.0");
        check(&review, &entry(&review, 1), &[1], "");
        let both = entry(&review, 0) + &entry(&review, 1);
        check(&review, &both, &[0, 1], "");
    }

    #[test]
    fn nothing_in_the_file_is_nothing_acknowledged() {
        let review = dropped(&["/cats"], "1.0.0");
        for text in ["", "\n# nothing\n\n", "[]\n", "# nothing\n[]\n"] {
            check(&review, text, &[], "");
        }
    }

    #[test]
    fn an_entry_without_its_change_is_found() {
        let both = dropped(&["/cats", "/dogs"], "1.0.0");
        let one = dropped(&["/dogs"], "1.0.0");
        let entries = entry(&both, 0) + &entry(&both, 1);
        let fingerprint = both.changes[0].fingerprint();
        check(
            &one,
            &entries,
            &[0],
            &format!(
                "acknowledged.yaml:1:3: no breaking or undecided change has the fingerprint `{fingerprint}`: the operation \
                 `GET /cats` was dropped (acknowledgement-unused)"
            ),
        );
    }

    #[test]
    fn an_entry_counts_until_its_version() {
        for (version, expected) in [
            ("1.1.9", true),
            ("1.2.0-rc.1", true),
            ("1.2.0", false),
            ("2.0.0", false),
        ] {
            let review = dropped(&["/cats"], version);
            let index = review
                .changes
                .iter()
                .position(Change::needs_acknowledgement);
            let index = index.unwrap();
            let finding = format!(
                "acknowledged.yaml:4:3: acknowledged until 1.2.0, but the document has version {version}: the operation \
                 `GET /cats` was dropped (acknowledgement-expired)"
            );
            match expected {
                true => check(&review, &entry(&review, index), &[index], ""),
                false => check(&review, &entry(&review, index), &[], &finding),
            }
        }
    }

    #[test]
    fn an_entry_with_a_day_counts_until_then_whatever_the_version() {
        let mut review = dropped(&["/cats"], "one");
        let entry = review.changes[0].acknowledgement("nobody calls it", "2026-03-01");
        for today in [None, Some("2026-02-28")] {
            review.today = today.map(str::to_owned);
            check(&review, &entry, &[0], "");
        }
        review.today = Some("2026-03-01".to_owned());
        check(
            &review,
            &entry,
            &[],
            "acknowledged.yaml:4:3: acknowledged until 2026-03-01, but today is 2026-03-01: the operation `GET /cats` was \
             dropped (acknowledgement-expired)",
        );
    }

    #[test]
    fn without_a_version_nothing_is_acknowledged() {
        let review = dropped(&["/cats"], "one");
        check(
            &review,
            &entry(&review, 0),
            &[],
            "acknowledged.yaml:4:3: the document has no semantic version under `info.version`, so it is unknown whether this entry has expired (acknowledgement-without-version)",
        );
    }

    #[test]
    fn a_change_that_is_acknowledged_twice_is_found() {
        let review = dropped(&["/cats"], "1.0.0");
        check(
            &review,
            &entry(&review, 0).repeat(2),
            &[0],
            "acknowledged.yaml:5:3: already acknowledged above: the operation `GET /cats` was dropped (acknowledged-twice)",
        );
    }

    #[test]
    fn an_entry_that_is_not_as_it_must_be_has_its_place() {
        let good = "- change: '1'\n  what: a\n  why: b\n  until: 1.0.0\n";
        Acknowledgements::parse("a.yaml", good).unwrap();
        for (find, replace, expected) in [
            (good, "a: b\n", "a.yaml:1:1: this is not a list"),
            (good, "- a\n", "a.yaml:1:3: this is not an entry"),
            ("why: b", "who: b", "a.yaml:3:3: unknown key `who`"),
            ("  why: b\n", "", "a.yaml:1:3: `why` is missing"),
            ("why: b", "why: ' '", "a.yaml:3:3: `why` is empty"),
            (
                "change: '1'",
                "change: 1",
                "a.yaml:1:3: `change` is not a string",
            ),
            (
                "until: 1.0.0",
                "until: '1.0'",
                "a.yaml:4:3: `1.0` is neither a version nor a date (YYYY-MM-DD)",
            ),
        ] {
            let text = good.replace(find, replace);
            let finding = Acknowledgements::parse("a.yaml", &text).unwrap_err();
            assert!(finding.to_string().starts_with(expected), "{finding}");
        }
    }

    #[test]
    fn the_fingerprint_is_the_one_that_the_formats_show() {
        let review = dropped(&["/cats"], "1.0.0");
        let json = render(&review, Format::Json, &Presentation::default());
        let line = format!("\"fingerprint\": \"{}\"", review.changes[0].fingerprint());
        assert!(json.contains(&line), "{json}");
    }

    #[test]
    fn an_entry_is_read_back_as_it_was_and_hides_nothing() {
        let mut review = dropped(&["/cats"], "1.0.0");
        let message = "`a\"b\\c` \u{1b}[31m \u{202e} é\n- change: x";
        review.changes[0].message = message.to_owned();
        let text = entry(&review, 0);
        assert_eq!(text.lines().count(), 4, "{text}");
        assert!(!text.contains(['\u{1b}', '\u{202e}']), "{text}");
        let read = Acknowledgements::parse("a.yaml", &text).unwrap();
        assert!(read.entries[0].what.ends_with(message), "{text}");
        check(&review, &text, &[0], "");
    }

    /// A document with a request body whose property `thing` has this schema.
    fn thing(thing: &str, components: &str) -> String {
        format!(
            "
openapi: 3.0.3
info: {{title: Things, version: 1.0.0}}
paths:
  /things:
    post:
      requestBody: {{content: {{application/json: {{schema: {{properties: {{thing: {thing}}}}}}}}}}}
      responses: {{'200': {{description: Done}}}}
components: {{schemas: {{{components}}}}}
"
        )
    }

    fn compare(base: &str, head: &str) -> Review {
        let (base, head) = (|_: &str| Ok(base.to_owned()), |_: &str| Ok(head.to_owned()));
        let path = "things.yaml";
        let (base, head) = (Input { files: &base, path }, Input { files: &head, path });
        review(base, head, &Options::default()).unwrap()
    }

    const OPEN: &str = "{type: object, properties: {a: {type: string, nullable: true}, b: {type: string, nullable: true}}}";
    const ONLY_B: &str =
        "Thing: {type: object, properties: {a: {type: string}, b: {type: string, nullable: true}}}";
    const NEITHER: &str =
        "Thing: {type: object, properties: {a: {type: string}, b: {type: string}}}";
    const REFERENCE: &str = "{$ref: '#/components/schemas/Thing'}";

    #[test]
    fn members_behind_one_reference_are_acknowledged_one_by_one() {
        let base = thing(OPEN, NEITHER);
        let one = compare(&base, &thing(REFERENCE, ONLY_B));
        let both = compare(&base, &thing(REFERENCE, NEITHER));
        assert_eq!((one.changes.len(), both.changes.len()), (1, 2));
        check(&both, &entry(&one, 0), &[0], "");
        check(&both, &(entry(&both, 0) + &entry(&both, 1)), &[0, 1], "");
    }

    #[test]
    fn members_that_allowed_anything_are_acknowledged_one_by_one() {
        let any = thing("{properties: {a: {}, b: {}}}", NEITHER);
        let one = |a: &str, b: &str| thing(&format!("{{properties: {{a: {a}, b: {b}}}}}"), NEITHER);
        for schema in [REFERENCE, "{not: {}}"] {
            let first = compare(&any, &one(schema, "{}"));
            let both = compare(&any, &one(schema, schema));
            assert_eq!(
                (first.changes.len(), both.changes.len()),
                (1, 2),
                "{schema}"
            );
            check(&both, &entry(&first, 0), &[0], "");
        }
    }

    #[test]
    fn the_sentence_of_an_entry_names_the_member() {
        let sentence = |review: &Review, index: usize| review.changes[index].sentence();
        let both = compare(&thing(OPEN, NEITHER), &thing(REFERENCE, NEITHER));
        assert_eq!(
            [0, 1].map(|index| sentence(&both, index)),
            [
                "`thing.a` of `POST /things`, request body, `application/json`: `null` is no longer allowed: \
                 it is now a reference to `#/components/schemas/Thing`",
                "`thing.b` of `POST /things`, request body, `application/json`: `null` is no longer allowed: \
                 it is now a reference to `#/components/schemas/Thing`"
            ]
        );
        let named = compare(&thing(REFERENCE, ONLY_B), &thing(REFERENCE, NEITHER));
        assert_eq!(
            sentence(&named, 0),
            "`b` of `Thing`: `null` is no longer allowed"
        );
        let inline = compare(
            &thing(OPEN, ""),
            &thing(&OPEN.replace(", nullable: true", ""), ""),
        );
        assert_eq!(
            sentence(&inline, 0),
            "`thing.a` of `POST /things`, request body, `application/json`: `null` is no longer allowed"
        );
        let operation = dropped(&["/cats"], "1.0.0");
        assert_eq!(
            sentence(&operation, 0),
            "the operation `GET /cats` was dropped"
        );
    }

    #[test]
    fn a_change_has_one_fingerprint_whatever_else_leads_to_it() {
        let used = |also: &str, schema: &str| {
            thing(REFERENCE, schema).replace("paths:", &format!("paths:{also}"))
        };
        let also = "
  /also:
    get:
      responses: {'200': {description: Things, content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}}}
    put:
      requestBody: {content: {text/json: {schema: {allOf: [{$ref: '#/components/schemas/Thing'}]}}}}
      responses: {'200': {description: Done}}";
        let alone = compare(&used("", ONLY_B), &used("", NEITHER));
        let shared = compare(&used(also, ONLY_B), &used(also, NEITHER));
        assert_eq!((alone.changes.len(), shared.changes.len()), (1, 1));
        assert_eq!(
            alone.changes[0].fingerprint(),
            shared.changes[0].fingerprint()
        );
    }
}
