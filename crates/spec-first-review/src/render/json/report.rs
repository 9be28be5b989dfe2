//! The members of a report. Their doc comments are the descriptions in the published schema.

use serde::Serialize;

use crate::{Direction, Judgement, Outcome};

/// What changed between two OpenAPI documents, and whom it breaks.
///
/// Members may be added; removing a member or changing its meaning increments `format_version`.
#[derive(Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[cfg_attr(
    feature = "schemars",
    schemars(title = "Review of an OpenAPI document")
)]
pub(super) struct Report<'a> {
    /// The version of this format.
    #[cfg_attr(feature = "schemars", schemars(extend("const" = 1)))]
    pub(super) format_version: u32,
    /// The worst that happens to an old client of a new server, whether acknowledged or not.
    pub(super) verdict: Worst,
    /// How many changes there are of each kind.
    pub(super) counts: Counts,
    /// `info.version` of the base, if it is a scalar.
    pub(super) base_version: Option<&'a str>,
    /// `info.version` of the head.
    pub(super) head_version: Option<&'a str>,
    /// What happens to Rust code that is generated from the document; absent if no Rust client is generated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) rust: Option<RustReport<'a>>,
    /// What breaks comes first, then what is undecided, a warning, acknowledged, harmless; then in the order of the head.
    pub(super) changes: Vec<ChangeReport<'a>>,
    /// What of the documents is not compared, and why; it counts for no verdict.
    pub(super) document_notes: Vec<NoteReport<'a>>,
    /// Sentences about the review as a whole, with literals between backticks.
    pub(super) notes: &'a [String],
    /// What else the change does, for example to generated code.
    pub(super) attachments: Vec<AttachmentReport<'a>>,
}

#[derive(Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub(super) enum Worst {
    /// Nothing changed.
    None,
    /// Breaks no client.
    Harmless,
    /// May break clients, and the team asked for a warning.
    Warning,
    /// The effect is unknown; it counts as breaking until a person has looked at it.
    Undecided,
    /// Breaks clients.
    Breaking,
}

/// Each change counts once.
#[derive(Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub(super) struct Counts {
    /// Breaks clients, and nobody acknowledged it.
    pub(super) breaking: usize,
    /// The effect is unknown, and nobody acknowledged it.
    pub(super) undecided: usize,
    /// May break clients, and the team asked for a warning.
    pub(super) warning: usize,
    /// Breaking or undecided, and acknowledged.
    pub(super) acknowledged: usize,
    /// Breaks no client.
    pub(super) harmless: usize,
}

/// One change.
#[derive(Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schemars", schemars(rename = "Change"))]
pub(super) struct ChangeReport<'a> {
    /// What identifies the change from one review to the next, wherever its lines have moved to.
    pub(super) fingerprint: String,
    /// Row and outcome, for example `enum/wider`.
    pub(super) rule: String,
    /// The keyword or the part of an operation; more of them may come.
    pub(super) row: &'a str,
    /// The head, seen from the base.
    pub(super) outcome: Outcome,
    /// What changed, in one sentence with literals between backticks.
    pub(super) message: &'a str,
    /// The place in the base, or the nearest enclosing place if it is absent there.
    pub(super) base: Option<PlaceReport<'a>>,
    /// The place in the head, or the nearest enclosing place if it is absent there.
    pub(super) head: Option<PlaceReport<'a>>,
    /// The affected uses, in the order of the base.
    pub(super) uses: Vec<UseReport<'a>>,
    /// What it does, and to whom.
    pub(super) verdicts: VerdictsReport,
    /// The version bump that the generated code needs. Absent if no Rust client is generated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) rust: Option<StepReport>,
    /// What of the generated code it changes; a change of code may stem from several changes of the document.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) rust_changes: Option<Vec<SurfaceReport<'a>>>,
    /// The reason given for acknowledging it; null if nobody did.
    pub(super) acknowledged: Option<&'a str>,
    /// The YAML entry that would acknowledge it, in which a person has to say why; null if it needs none, or if nobody said which
    /// file it belongs into.
    pub(super) acknowledgement: Option<String>,
}

/// A part of a document that the comparison ignores, or that does not say what its author means.
#[derive(Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schemars", schemars(rename = "Note"))]
pub(super) struct NoteReport<'a> {
    /// What kind of note it is, for example `wrong-value`; more of them may come.
    pub(super) rule: &'a str,
    /// What is not compared and why, in one sentence with literals between backticks.
    pub(super) message: &'a str,
    /// Where it is in the base; null if it is not there.
    pub(super) base: Option<PlaceReport<'a>>,
    /// Where it is in the head; null if it is not there.
    pub(super) head: Option<PlaceReport<'a>>,
}

/// What happens to Rust code that is generated from the document.
#[derive(Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schemars", schemars(rename = "Rust"))]
pub(super) struct RustReport<'a> {
    /// The version bump that the generated code needs.
    pub(super) step: StepReport,
    /// Why that is not known; null if it is.
    pub(super) why_not_known: Option<&'a str>,
    /// What of the generated code changes and stems from no change of the list.
    pub(super) unattached: Vec<SurfaceReport<'a>>,
}

/// How far a version has to move, under Cargo's rules and in the words of semantic versioning from 1.0 on.
#[derive(Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schemars", schemars(rename = "Step"))]
pub(super) enum StepReport {
    /// No code was generated, so the effect is unknown.
    #[serde(rename = "not known")]
    NotKnown,
    /// No public name changes.
    #[serde(rename = "none")]
    None,
    /// Existing code still compiles, and no new API is available.
    #[serde(rename = "patch")]
    Patch,
    /// Existing code still compiles, and a new API is available.
    #[serde(rename = "minor")]
    Minor,
    /// Existing code may no longer compile.
    #[serde(rename = "major")]
    Major,
}

/// A public name of the generated code that one side lacks, or that both give in different words.
#[derive(Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schemars", schemars(rename = "SurfaceChange"))]
pub(super) struct SurfaceReport<'a> {
    /// What it was, on one line of code; null if it was added.
    pub(super) old: Option<&'a str>,
    /// What it is now; null if it was removed.
    pub(super) new: Option<&'a str>,
    /// The version bump that it needs; never `none` or `not known`.
    pub(super) step: StepReport,
    /// Why, in one sentence.
    pub(super) why: &'a str,
}

/// A place in a file.
#[derive(Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schemars", schemars(rename = "Place"))]
pub(super) struct PlaceReport<'a> {
    /// The file.
    pub(super) file: &'a str,
    /// The line, counted from one.
    pub(super) line: u64,
    /// The column in characters, counted from one.
    pub(super) column: u64,
    /// The JSON pointer of the value in the file.
    pub(super) pointer: &'a str,
}

/// A part of an operation.
#[derive(Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schemars", schemars(rename = "Use"))]
pub(super) struct UseReport<'a> {
    /// The operation, as `METHOD /path`; of a callback or webhook, its name before that.
    pub(super) operation: &'a str,
    /// The part of it, with literals between backticks; empty for the operation itself.
    pub(super) part: &'a str,
    /// Who sends the value: the client a request, the server a response.
    pub(super) direction: Direction,
}

/// What a change does, and to whom.
#[derive(Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schemars", schemars(rename = "Verdicts"))]
pub(super) struct VerdictsReport {
    /// An old client of a new server. This is the one that counts.
    pub(super) old_client_new_server: Judgement,
    /// A new client of an old server.
    pub(super) new_client_old_server: Judgement,
    /// A generated client that is in use, when it reads the reply of a new server.
    pub(super) running_client: Judgement,
}

/// A difference between two texts that belongs to the review.
#[derive(Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schemars", schemars(rename = "Attachment"))]
pub(super) struct AttachmentReport<'a> {
    /// What differs.
    pub(super) title: &'a str,
    /// How, as a unified diff.
    pub(super) diff: &'a str,
}
