//! The files in which people acknowledge changes that break somebody: by default beside the document of the head.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, BufRead, IsTerminal, Write};

use semver::Version;
use spec_first_document::Finding;
use spec_first_document::literal::printable;
use spec_first_review::render::AcknowledgementFile;
use spec_first_review::{Acknowledged, Acknowledgements, Change, Review, Step, next_version};

use super::Reviewed;
use crate::sources::Source;
use crate::terminal::{plural, tell};
use crate::{Error, Project};

/// For how many days an entry counts in a document whose versions have no order.
const DAYS: i64 = 90;

/// The rule of an entry that no change needs.
const UNUSED: &str = "acknowledgement-unused";

/// What the acknowledgements do to the reviews.
pub(super) struct Applied {
    /// For each review, why a change was accepted, by its index.
    pub(super) reasons: Vec<BTreeMap<usize, String>>,
    pub(super) findings: Vec<Finding>,
}

/// What `--acknowledge` was told.
pub(super) struct Answers<'a> {
    pub(super) why: Option<&'a str>,
    pub(super) until: Option<&'a str>,
}

/// The path of the file for a document.
fn path(project: &Project, head: &Source) -> String {
    let name = &project.configuration().acknowledgements;
    if is_shared(project, head) {
        name.clone()
    } else {
        head.beside(name.rsplit('/').next().unwrap_or(name))
    }
}

/// Whether documents of all folders have one file.
fn is_shared(project: &Project, head: &Source) -> bool {
    project.configuration().acknowledgements.contains('/') && head.is_of_repository()
}

/// What tells the document from all others with the same file: its path in the project, or its name in the folder of the file.
pub(super) fn name_of_document(project: &Project, head: &Source) -> String {
    let path = head.path();
    let name = match is_shared(project, head) {
        true => path,
        false => path.rsplit('/').next().unwrap_or(path),
    };
    name.to_owned()
}

/// The paths of the files, each once.
pub(super) fn paths<'a>(
    project: &Project,
    all: impl Iterator<Item = &'a Reviewed<'a>>,
) -> Vec<String> {
    let paths = all.map(|reviewed| path(project, &reviewed.comparison.head));
    paths.collect::<BTreeSet<String>>().into_iter().collect()
}

fn read(head: &Source, path: &str) -> Result<Acknowledgements, Error> {
    let text = head.read_if_there(path)?.unwrap_or_default();
    Ok(Acknowledgements::parse(path, &text)?)
}

/// Which changes are acknowledged, and which entries are out of date.
pub(super) fn apply(project: &Project, all: &[Reviewed<'_>]) -> Result<Applied, Error> {
    let mut applied = Vec::new();
    for Reviewed {
        comparison, review, ..
    } in all
    {
        let path = path(project, &comparison.head);
        let acknowledged = read(&comparison.head, &path)?.apply(review);
        applied.push((path, acknowledged));
    }
    Ok(Applied {
        findings: findings(&applied),
        reasons: applied
            .into_iter()
            .map(|(_, acknowledged)| acknowledged.reasons)
            .collect(),
    })
}

/// What is wrong with the entries. Documents may share a file; an entry is needed if one of them needs it.
fn findings(applied: &[(String, Acknowledged)]) -> Vec<Finding> {
    let is_same = |one: &Finding, other: &Finding| {
        (one.rule, one.position.offset) == (other.rule, other.position.offset)
    };
    let mut findings: Vec<Finding> = Vec::new();
    for (path, acknowledged) in applied {
        let sharing = || applied.iter().filter(|(other, _)| other == path);
        for finding in &acknowledged.findings {
            let has_it = |(_, other): &&(String, Acknowledged)| {
                other.findings.iter().any(|other| is_same(finding, other))
            };
            let is_known = findings
                .iter()
                .any(|known| known.source.name == *path && is_same(known, finding));
            let is_needed = finding.rule == UNUSED && !sharing().all(|each| has_it(&each));
            if !is_known && !is_needed {
                findings.push(finding.clone());
            }
        }
    }
    findings
}

/// The file as the review shows it, with the version until which new entries are to count.
pub(super) fn file(project: &Project, reviewed: &Reviewed<'_>) -> AcknowledgementFile {
    AcknowledgementFile {
        path: path(project, &reviewed.comparison.head),
        until: until(&reviewed.review),
    }
}

/// Beyond the version that the changes ask for, with which the entries must still count, and no further than need be; a day where
/// versions have no order.
fn until(review: &Review) -> String {
    let [base, head] = [&review.base_version, &review.head_version]
        .map(|version| Version::parse(version.as_deref()?).ok());
    let Some(head) = head else {
        let day = jiff::Timestamp::now() + jiff::SignedDuration::from_hours(24 * DAYS);
        return day.strftime("%Y-%m-%d").to_string();
    };
    let asked_for = base.and_then(|base| next_version(&base, Step::Major));
    // The entries of a pre-release must count with its release, too.
    let head = match head.pre.is_empty() {
        true => head,
        false => next_version(&head, Step::Patch).unwrap_or(head),
    };
    let released = asked_for.map_or_else(|| head.clone(), |version| version.max(head.clone()));
    next_version(&released, Step::Minor)
        .unwrap_or(released)
        .to_string()
}

/// Writes an entry for each change that is open.
pub(super) fn write_entries(
    project: &Project,
    all: &[Reviewed<'_>],
    answers: &Answers<'_>,
) -> Result<(), Error> {
    let applied = apply(project, all)?;
    let mut seen = BTreeSet::new();
    for (reviewed, reasons) in all.iter().zip(&applied.reasons) {
        let changes = reviewed.review.changes.iter().enumerate();
        let open = changes.filter(|(index, change)| {
            change.needs_acknowledgement() && !reasons.contains_key(index)
        });
        let head = &reviewed.comparison.head;
        let path = path(project, head);
        let open: Vec<&Change> = open
            .map(|(_, change)| change)
            .filter(|change| seen.insert((path.clone(), change.fingerprint())))
            .collect();
        if open.is_empty() {
            continue;
        }
        let entries = entries(&reviewed.review, &open, answers)?;
        append(head, &path, &entries)?;
        let count = plural(entries.len(), "entry", "entries");
        tell(format_args!("wrote {count} to `{path}`"));
    }
    Ok(())
}

/// The entries for the changes, with the reasons that were given or are asked for.
fn entries(review: &Review, open: &[&Change], answers: &Answers<'_>) -> Result<Vec<String>, Error> {
    let until = answers
        .until
        .map_or_else(|| until(review), ToOwned::to_owned);
    if let Some(why) = answers.why {
        if why.trim().is_empty() {
            return Err(Error::Acknowledging {
                reason: "`--why` is empty".to_owned(),
            });
        }
        let entries = open.iter();
        let entries = entries.map(|change| change.acknowledgement(why, &until));
        let entries: Vec<String> = entries.collect();
        return match entries.iter().find_map(|entry| problem(review, entry)) {
            Some(reason) => Err(Error::Acknowledging { reason }),
            None => Ok(entries),
        };
    }
    if !io::stdin().is_terminal() || !io::stderr().is_terminal() {
        return Err(Error::Acknowledging {
            reason: "cannot ask for reasons without a terminal; give one with `--why`".to_owned(),
        });
    }
    let (input, output) = (&mut io::stdin().lock(), &mut io::stderr());
    ask(review, open, &until, input, output)
}

/// Why an entry would not count.
fn problem(review: &Review, entry: &str) -> Option<String> {
    match Acknowledgements::parse("entry", entry) {
        Ok(entries) => entries.apply(review).findings.pop(),
        Err(finding) => Some(finding),
    }
    .map(|finding| finding.message)
}

/// Asks for the reason of each change, and until which version it counts; a change without a reason stays open.
fn ask(
    review: &Review,
    open: &[&Change],
    default: &str,
    input: &mut impl BufRead,
    output: &mut impl Write,
) -> Result<Vec<String>, Error> {
    let mut answer = |question: &str| -> Result<String, Error> {
        write!(output, "{}", printable(question)).map_err(Error::Output)?;
        output.flush().map_err(Error::Output)?;
        let mut line = String::new();
        input
            .read_line(&mut line)
            .map_err(Error::file("read", "<stdin>"))?;
        Ok(line.trim().to_owned())
    };
    let mut entries = Vec::new();
    for change in open {
        let sentence = change.sentence();
        let why = answer(&format!("{sentence}\n  why (empty to leave it open): "))?;
        if why.is_empty() {
            continue;
        }
        let mut before = String::new();
        entries.push(loop {
            let text = answer(&format!("{before}  until version or date [{default}]: "))?;
            let until = if text.is_empty() { default } else { &text };
            let entry = change.acknowledgement(&why, until);
            match problem(review, &entry) {
                None => break entry,
                Some(reason) if text.is_empty() => return Err(Error::Acknowledging { reason }),
                Some(reason) => before = format!("  {reason}\n"),
            }
        });
    }
    Ok(entries)
}

/// Adds entries to the end of the file.
fn append(head: &Source, path: &str, entries: &[String]) -> Result<(), Error> {
    let added = entries.concat();
    Acknowledgements::parse(path, &added).map_err(|finding| Error::Acknowledging {
        reason: finding.message,
    })?;
    let mut text = head.read_if_there(path)?.unwrap_or_default();
    if text.lines().any(|line| line == "[]") {
        // An empty list has no place for entries.
        let lines = text.lines().filter(|line| *line != "[]");
        text = lines.map(|line| format!("{line}\n")).collect();
    }
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
    text += &added;
    Acknowledgements::parse(path, &text).map_err(|_| Error::Acknowledging {
        reason: format!("`{path}` must be a list in which each entry begins with `- change:`"),
    })?;
    head.write(path, &text)
}

#[cfg(test)]
mod tests {
    use spec_first_review::{Input, Options, review};

    use super::*;

    #[test]
    fn a_change_without_a_reason_stays_open() {
        const BASE: &str = "{openapi: 3.0.3, info: {version: 1.0.0}, paths: {/a: {get: {responses: {}}}, /b: {get: {responses: {}}}}}";
        let base = |_: &str| Ok(BASE.to_owned());
        let head = |_: &str| Ok("{openapi: 3.0.3, info: {version: 1.0.0}, paths: {}}".to_owned());
        let path = "a.yaml";
        let (base, head) = (Input { files: &base, path }, Input { files: &head, path });
        let review = review(base, head, &Options::default()).unwrap();
        let open: Vec<&Change> = review.changes.iter().collect();
        let mut input = "\nnobody \"calls\" it\nlater\n0.9.0\n3.0.0\n".as_bytes();
        let mut output = Vec::new();
        let until = until(&review);
        let entries = ask(&review, &open, &until, &mut input, &mut output).unwrap();
        let text = entries.concat();
        assert!(
            text.contains("why: \"nobody \\\"calls\\\" it\"\n"),
            "{text}"
        );
        assert!(
            text.contains("`GET /b`") && text.contains("until: \"3.0.0\""),
            "{text}"
        );
        let asked = String::from_utf8(output).unwrap();
        let expected = "the operation `GET /a` was dropped\n  why (empty to leave it open): \
                        the operation `GET /b` was dropped\n  why (empty to leave it open):   \
                        until version or date [2.1.0]:   `later` is neither a version nor a date (YYYY-MM-DD): unexpected \
                        character 'l' while parsing major version number\n  until version or date [2.1.0]:   acknowledged until \
                        0.9.0, but the document has version 1.0.0: the operation `GET /b` was dropped\n  until version or date \
                        [2.1.0]: ";
        assert_eq!(asked, expected);
    }
}
