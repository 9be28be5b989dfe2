//! Runs every case in `tests/cases`: a small document, one change to it, and the effects of that change.

mod explanations;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use json_patch::Patch;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use spec_first_review::{
    Acknowledgements, Change, Direction, Input, Options, Outcome, Policy, Review, Row, Verdict,
    review,
};

/// A case, as its file describes it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    what: String,
    base: String,
    #[serde(default)]
    prepare: Option<Patch>,
    change: Patch,
    backward: Expected,
    forward: Expected,
    /// A change must be at or below one of these places, in either document.
    #[serde(default)]
    at: Vec<String>,
    /// The number of changes, where the same change could be listed more than once.
    #[serde(default)]
    changes: Option<usize>,
    #[serde(default)]
    settings: Settings,
    /// The messages that the changes must contain.
    #[serde(default)]
    says: Vec<String>,
    /// The messages that the notes must contain.
    #[serde(default)]
    notes: Vec<String>,
    why: String,
}

/// The settings of the review.
#[derive(Clone, Copy, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
struct Settings {
    minimum_notice_days: u32,
    version_policy: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Expected {
    None,
    Harmless,
    Undecided,
    Breaking,
}

impl From<Option<Verdict>> for Expected {
    fn from(verdict: Option<Verdict>) -> Self {
        match verdict {
            None => Self::None,
            Some(Verdict::Harmless) => Self::Harmless,
            Some(Verdict::Undecided) => Self::Undecided,
            Some(Verdict::Breaking) => Self::Breaking,
            Some(Verdict::Warning) => unreachable!("only a configuration asks for a warning"),
        }
    }
}

/// Reads YAML 1.2, where `y` is a string and not a boolean.
fn read_yaml<T: DeserializeOwned>(text: &str) -> Result<T, serde_saphyr::Error> {
    let options = serde_saphyr::options! { strict_booleans: true };
    serde_saphyr::from_str_with_options(text, options)
}

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests")
        .join(name)
}

fn files_in(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(files_in(&path));
        } else {
            files.push(path);
        }
    }
    files.sort();
    files
}

fn bases() -> BTreeMap<String, Value> {
    let read = |path: PathBuf| {
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        (name, read_yaml(&fs::read_to_string(path).unwrap()).unwrap())
    };
    files_in(&folder("bases")).into_iter().map(read).collect()
}

fn compare(base: &Value, head: &Value, settings: Settings) -> Review {
    let (old, new) = (base.to_string(), head.to_string());
    let old = |_: &str| Ok(old.clone());
    let new = |_: &str| Ok(new.clone());
    let mut options = Options::default();
    options.today = Some("2026-11-22".to_owned());
    options.minimum_notice_days = settings.minimum_notice_days;
    options.version_policy = settings.version_policy;
    let input = |files, path| Input { files, path };
    review(input(&old, "base.json"), input(&new, "head.json"), &options).unwrap()
}

fn documents(case: &Case, bases: &BTreeMap<String, Value>) -> (Value, Value) {
    let mut base = bases
        .get(&case.base)
        .unwrap_or_else(|| panic!("no base `{}`", case.base))
        .clone();
    if let Some(prepare) = &case.prepare {
        json_patch::patch(&mut base, prepare).unwrap();
    }
    let mut head = base.clone();
    json_patch::patch(&mut head, &case.change).unwrap();
    (base, head)
}

/// For each row, and each outcome in each direction: its verdict, and how often it occurred.
type Coverage = BTreeMap<&'static str, BTreeMap<(Direction, Outcome), (Verdict, usize)>>;

fn cover(coverage: &mut Coverage, review: &Review) {
    let policy = Policy::default();
    for change in &review.changes {
        let directions: BTreeSet<Direction> =
            change.uses.iter().map(|each| each.direction).collect();
        for direction in directions {
            let verdict = policy
                .backward(change.row, change.outcome, direction)
                .verdict;
            let row = coverage.entry(change.row.as_str()).or_default();
            let (_, count) = row
                .entry((direction, change.outcome))
                .or_insert((verdict, 0));
            *count += 1;
        }
    }
}

/// The table: the effect of each outcome of each row on an old client, and the number of cases in which it occurred.
fn table(coverage: &Coverage) -> String {
    let columns = [Direction::Request, Direction::Response].map(|direction| {
        [
            Outcome::Wider,
            Outcome::Narrower,
            Outcome::Incomparable,
            Outcome::Undecided,
            Outcome::Neutral,
        ]
        .map(|outcome| (direction, outcome))
    });
    let columns = columns.as_flattened();
    let mut text = "| row |".to_owned();
    for (direction, outcome) in columns {
        _ = write!(text, " {}, {} |", direction.as_str(), outcome.as_str());
    }
    _ = write!(text, "\n|---|{}", "---|".repeat(columns.len()));
    for row in Row::ALL {
        _ = write!(text, "\n| {} |", row.as_str());
        for column in columns {
            match coverage
                .get(row.as_str())
                .and_then(|cells| cells.get(column))
            {
                Some((verdict, count)) => _ = write!(text, " {} ({count}) |", verdict.as_str()),
                None => text.push_str(" |"),
            }
        }
    }
    text
}

/// How the review differs from what the case expects; `None` if it does not.
fn disagreement(
    case: &Case,
    bases: &BTreeMap<String, Value>,
    coverage: &mut Coverage,
) -> Option<String> {
    let (base, head) = documents(case, bases);
    let review = compare(&base, &head, case.settings);
    cover(coverage, &review);
    let forward = review
        .changes
        .iter()
        .map(|change| change.verdicts.forward.verdict)
        .max();
    let verdicts = (Expected::from(review.verdict()), Expected::from(forward));
    let is_at = |change: &Change, pointer: &str| {
        let places = [&change.base, &change.head];
        places
            .into_iter()
            .flatten()
            .any(|place| place.pointer.as_str().starts_with(pointer))
    };
    let is_found = |pointer: &String| review.changes.iter().any(|change| is_at(change, pointer));
    let is_misplaced = !case.at.is_empty() && !case.at.iter().any(is_found);
    let mut text = String::new();
    if verdicts != (case.backward, case.forward) {
        _ = writeln!(
            text,
            "  expected {:?} / {:?}, found {:?} / {:?}",
            case.backward, case.forward, verdicts.0, verdicts.1
        );
        _ = writeln!(text, "  because {}", case.why);
    }
    if is_misplaced {
        _ = writeln!(text, "  no change is reported at {}", case.at.join(" or "));
    }
    let number = review.changes.len();
    if case.changes.is_some_and(|expected| expected != number) {
        _ = writeln!(text, "  there are {number} changes");
    }
    let said: BTreeSet<&String> = review
        .changes
        .iter()
        .map(|change| &change.message)
        .collect();
    if !case.says.is_empty() && said != case.says.iter().collect() {
        _ = writeln!(text, "  expected to hear {:?}", case.says);
    }
    let sorted = |mut notes: Vec<String>| {
        notes.sort_unstable();
        notes
    };
    let noted = review.notes.iter().map(|note| note.message.clone());
    let (noted, expected) = (sorted(noted.collect()), sorted(case.notes.clone()));
    if noted != expected {
        _ = writeln!(text, "  expected the notes {expected:#?}, found {noted:#?}");
    }
    for change in &review.changes {
        let place = change
            .place()
            .map_or("nowhere", |place| place.pointer.as_str());
        let direction = change
            .uses
            .iter()
            .map(|each| each.direction.as_str())
            .collect::<Vec<_>>()
            .join(",");
        if !text.is_empty() {
            _ = writeln!(
                text,
                "  - {} {} [{direction}] at {place}",
                change.rule(),
                change.message
            );
        }
    }
    (!text.is_empty()).then_some(text)
}

#[test]
fn every_case_is_judged_as_it_says() {
    let bases = bases();
    let mut disagreements = String::new();
    let mut coverage = Coverage::default();
    let (mut cases, mut wrong) = (0, 0);
    for path in files_in(&folder("cases")) {
        let text = fs::read_to_string(&path).unwrap();
        let case: Case = match read_yaml(&text) {
            Ok(case) => case,
            Err(error) => {
                wrong += 1;
                _ = writeln!(disagreements, "{}: {error}", path.display());
                continue;
            }
        };
        cases += 1;
        if let Some(disagreement) = disagreement(&case, &bases, &mut coverage) {
            wrong += 1;
            let name = path
                .strip_prefix(folder("cases"))
                .unwrap()
                .display()
                .to_string();
            _ = write!(disagreements, "{name}: {}\n{disagreement}", case.what);
        }
    }
    assert!(wrong == 0, "{wrong} of {cases} cases:\n{disagreements}");
    insta::assert_snapshot!("table", format!("{cases} cases\n\n{}", table(&coverage)));
}

/// An acknowledgement is about one change, and the proposed one is accepted for exactly that change.
#[test]
fn what_a_review_proposes_acknowledges_each_of_its_changes() {
    let bases = bases();
    for path in files_in(&folder("cases")) {
        let case: Case = read_yaml(&fs::read_to_string(&path).unwrap()).unwrap();
        let (base, head) = documents(&case, &bases);
        for (base, head) in [(&base, &head), (&head, &base)] {
            let review = compare(base, head, case.settings);
            let mut changes = BTreeMap::new();
            for change in &review.changes {
                let other = changes.insert(change.fingerprint(), &change.message);
                assert_eq!(other, None, "{}: {}", path.display(), change.message);
            }
            let needed = (0..).zip(&review.changes);
            let needed = needed.filter(|(_, change)| change.needs_acknowledgement());
            let (indices, entries): (Vec<usize>, Vec<String>) = needed
                .map(|(index, change)| (index, change.acknowledgement("agreed", "2999-12-31")))
                .unzip();
            let entries = entries.concat();
            let acknowledgements = Acknowledgements::parse("a.yaml", &entries).unwrap();
            let acknowledged = acknowledgements.apply(&review);
            assert!(
                acknowledged.findings.is_empty(),
                "{}",
                acknowledged.findings[0]
            );
            assert!(acknowledged.reasons.into_keys().eq(indices), "{entries}");
        }
    }
}
