//! For programs. What is documented here is what the published schema says.

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema};
use serde::Serialize;

use super::entry::{Entries, Entry, Standing};
use crate::{Direction, Judgement, Outcome, Place, Use, Verdict};

/// What changed between two OpenAPI documents, and whom it breaks.
///
/// Members may be added; a member that goes or changes its meaning comes with a new `format_version`.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "Review of an OpenAPI document")]
struct Report<'a> {
    /// The version of this format.
    #[schemars(extend("const" = 1))]
    format_version: u32,
    /// The worst that happens to an old client of a new server, whether acknowledged or not.
    verdict: Worst,
    /// How many changes there are of each kind.
    counts: Counts,
    /// `info.version` of the base, if it is a scalar.
    base_version: Option<&'a str>,
    /// `info.version` of the head.
    head_version: Option<&'a str>,
    /// What breaks comes first, then what is undecided, acknowledged, harmless; then in the order of the head.
    changes: Vec<ChangeReport<'a>>,
    /// Sentences about the review as a whole, with literals between backticks.
    notes: &'a [String],
    /// What else the change does, for example to generated code.
    attachments: Vec<AttachmentReport<'a>>,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Worst {
    /// Nothing changed.
    None,
    /// Nobody is broken.
    Harmless,
    /// Nobody can tell; it counts as breaking until a person has looked at it.
    Undecided,
    /// Somebody is broken.
    Breaking,
}

/// Each change counts once.
#[derive(Serialize, JsonSchema)]
struct Counts {
    /// Somebody is broken, and nobody acknowledged it.
    breaking: usize,
    /// Nobody can tell, and nobody acknowledged it.
    undecided: usize,
    /// Breaking or undecided, and acknowledged.
    acknowledged: usize,
    /// Nobody is broken.
    harmless: usize,
}

/// One change.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Change")]
struct ChangeReport<'a> {
    /// What identifies the change from one review to the next, wherever its lines have moved to.
    fingerprint: String,
    /// Row and outcome, for example `enum/wider`.
    rule: String,
    /// The keyword or the part of an operation; more of them may come.
    row: &'a str,
    /// The head, seen from the base.
    outcome: OutcomeReport,
    /// What changed, in one sentence with literals between backticks.
    message: &'a str,
    /// Where it stands in the base; the nearest place around it for what is not there.
    base: Option<PlaceReport<'a>>,
    /// Where it stands in the head; the nearest place around it for what is not there.
    head: Option<PlaceReport<'a>>,
    /// Where it is felt, in the order of the base.
    uses: Vec<UseReport<'a>>,
    /// What it does, and to whom.
    verdicts: VerdictsReport,
    /// Why a person let it through; null if nobody did.
    acknowledged: Option<&'a str>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Outcome")]
#[serde(rename_all = "lowercase")]
enum OutcomeReport {
    /// The head allows all that the base allows, and more.
    Wider,
    /// The head allows less than the base, and nothing else.
    Narrower,
    /// Each allows something that the other does not.
    Incomparable,
    /// Nobody can tell, for instance of two regular expressions.
    Undecided,
    /// What is allowed is the same; something around it changed.
    Beside,
}

/// A place in a file.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Place")]
struct PlaceReport<'a> {
    /// The file.
    file: &'a str,
    /// The line, counted from one.
    line: u64,
    /// The column in characters, counted from one.
    column: u64,
    /// The JSON pointer of the value in the file.
    pointer: &'a str,
}

/// A part of an operation.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Use")]
struct UseReport<'a> {
    /// The operation, as `METHOD /path`; of a callback or webhook, its name before that.
    operation: &'a str,
    /// The part of it, with literals between backticks; empty for the operation itself.
    part: &'a str,
    /// Who sends the value: the client a request, the server a response.
    direction: DirectionReport,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Direction")]
#[serde(rename_all = "lowercase")]
enum DirectionReport {
    /// The client sends it.
    Request,
    /// The server sends it.
    Response,
}

/// What a change does, and to whom.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Verdicts")]
struct VerdictsReport {
    /// An old client of a new server. This is the one that counts.
    old_client_new_server: JudgementReport,
    /// A new client of an old server.
    new_client_old_server: JudgementReport,
    /// A generated client that is in use, when it reads the reply of a new server.
    running_client: JudgementReport,
}

/// A verdict with its reason.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Judgement")]
struct JudgementReport {
    /// What it does.
    verdict: VerdictReport,
    /// Why, in one sentence.
    why: &'static str,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Verdict")]
#[serde(rename_all = "lowercase")]
enum VerdictReport {
    /// Nobody is broken.
    Harmless,
    /// Nobody can tell; it counts as breaking until a person has looked at it.
    Undecided,
    /// Somebody is broken.
    Breaking,
}

/// A difference between two texts that belongs to the review.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Attachment")]
struct AttachmentReport<'a> {
    /// What differs.
    title: &'a str,
    /// How, as a unified diff.
    diff: &'a str,
}

pub(super) fn render(entries: &Entries<'_>) -> String {
    pretty(&Report::from(entries))
}

/// The JSON Schema of [`Format::Json`](super::Format::Json), as it is published in `review.schema.json`.
pub fn json_schema() -> String {
    let generator = SchemaSettings::draft2020_12()
        .for_serialize()
        .into_generator();
    let mut schema: Schema = generator.into_root_schema_for::<Report<'_>>();
    schema.insert(
        "$comment".to_owned(),
        "Written by `cargo xtask generate`; do not edit.".into(),
    );
    pretty(&schema)
}

fn pretty(value: &impl Serialize) -> String {
    let mut text = serde_json::to_string_pretty(value)
        .expect("strings, numbers and lists can always be written as JSON");
    text.push('\n');
    text
}

impl<'a> From<&Entries<'a>> for Report<'a> {
    fn from(entries: &Entries<'a>) -> Self {
        let review = entries.review;
        let attachments = entries.presentation.attachments.iter();
        Self {
            format_version: 1,
            verdict: review.verdict().map_or(Worst::None, Worst::from),
            counts: Counts {
                breaking: entries.count(Standing::Breaking),
                undecided: entries.count(Standing::Undecided),
                acknowledged: entries.count(Standing::Acknowledged),
                harmless: entries.count(Standing::Harmless),
            },
            base_version: review.base_version.as_deref(),
            head_version: review.head_version.as_deref(),
            changes: entries.all.iter().map(ChangeReport::from).collect(),
            notes: &entries.presentation.notes,
            attachments: attachments
                .map(|attachment| AttachmentReport {
                    title: &attachment.title,
                    diff: &attachment.diff,
                })
                .collect(),
        }
    }
}

impl<'a> From<&Entry<'a>> for ChangeReport<'a> {
    fn from(entry: &Entry<'a>) -> Self {
        let change = entry.change;
        let verdicts = &change.verdicts;
        Self {
            fingerprint: entry.change.fingerprint(),
            rule: change.rule(),
            row: change.row.as_str(),
            outcome: change.outcome.into(),
            message: &change.message,
            base: change.base.as_ref().map(PlaceReport::from),
            head: change.head.as_ref().map(PlaceReport::from),
            uses: change
                .uses
                .iter()
                .map(|each| UseReport::from(each.as_ref()))
                .collect(),
            verdicts: VerdictsReport {
                old_client_new_server: verdicts.backward.into(),
                new_client_old_server: verdicts.forward.into(),
                running_client: verdicts.running_client.into(),
            },
            acknowledged: entry.acknowledged,
        }
    }
}

impl<'a> From<&'a Place> for PlaceReport<'a> {
    fn from(place: &'a Place) -> Self {
        Self {
            file: &place.source.name,
            line: place.position.line,
            column: place.position.column,
            pointer: place.pointer.as_str(),
        }
    }
}

impl<'a> From<&'a Use> for UseReport<'a> {
    fn from(each: &'a Use) -> Self {
        Self {
            operation: &each.operation,
            part: &each.part,
            direction: match each.direction {
                Direction::Request => DirectionReport::Request,
                Direction::Response => DirectionReport::Response,
            },
        }
    }
}

impl From<Judgement> for JudgementReport {
    fn from(judgement: Judgement) -> Self {
        Self {
            verdict: match judgement.verdict {
                Verdict::Harmless => VerdictReport::Harmless,
                Verdict::Undecided => VerdictReport::Undecided,
                Verdict::Breaking => VerdictReport::Breaking,
            },
            why: judgement.why,
        }
    }
}

impl From<Verdict> for Worst {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Harmless => Self::Harmless,
            Verdict::Undecided => Self::Undecided,
            Verdict::Breaking => Self::Breaking,
        }
    }
}

impl From<Outcome> for OutcomeReport {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Wider => Self::Wider,
            Outcome::Narrower => Self::Narrower,
            Outcome::Incomparable => Self::Incomparable,
            Outcome::Undecided => Self::Undecided,
            Outcome::Beside => Self::Beside,
        }
    }
}
