//! JSON, for programs.

mod report;

use std::sync::Arc;

#[cfg(feature = "schemars")]
use schemars::{JsonSchema, generate::SchemaSettings};
use serde::Serialize;

use super::entry::{Entries, Entry, Standing};
use crate::{Note, Place, Step, Surface, SurfaceChange, Use, Verdict};
use report::{
    AttachmentReport, ChangeReport, Counts, NoteReport, PlaceReport, Report, RustReport,
    StepReport, SurfaceReport, UseReport, VerdictsReport, Worst,
};

pub(super) fn render(entries: &Entries<'_>) -> String {
    pretty(&Report::from(entries))
}

/// The JSON Schema of [`Format::Json`](super::Format::Json), as published in `review.schema.json`.
#[cfg(feature = "schemars")]
pub fn json_schema() -> String {
    written_schema::<Report<'_>>(SchemaSettings::draft2020_12().for_serialize())
}

/// The JSON Schema of a type, as a file that is generated in this workspace.
#[cfg(feature = "schemars")]
pub fn written_schema<T: JsonSchema>(settings: SchemaSettings) -> String {
    let mut schema = settings.into_generator().into_root_schema_for::<T>();
    let comment = "Written by `cargo xtask generate`; do not edit.";
    schema.insert("$comment".to_owned(), comment.into());
    pretty(&schema)
}

/// Formats a value as indented JSON, with a line feed at the end.
pub fn pretty(value: &impl Serialize) -> String {
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
                warning: entries.count(Standing::Warning),
                acknowledged: entries.count(Standing::Acknowledged),
                harmless: entries.count(Standing::Harmless),
            },
            base_version: review.base_version.as_deref(),
            head_version: review.head_version.as_deref(),
            rust: step(&review.surface, review.rust_step()).map(|step| RustReport {
                step,
                why_not_known: match &review.surface {
                    Surface::NotKnown { why } => Some(why),
                    Surface::NotGenerated | Surface::Compared(_) => None,
                },
                unattached: surface(&review.unattached),
            }),
            changes: entries
                .all
                .iter()
                .map(|entry| ChangeReport::new(entries, entry))
                .collect(),
            document_notes: review.notes.iter().map(NoteReport::from).collect(),
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

fn step(surface: &Surface, step: Option<Step>) -> Option<StepReport> {
    match (surface, step) {
        (Surface::NotGenerated, _) => None,
        (Surface::NotKnown { .. }, _) => Some(StepReport::NotKnown),
        (Surface::Compared(_), None) => Some(StepReport::None),
        (Surface::Compared(_), Some(step)) => Some(step.into()),
    }
}

fn surface(changes: &[Arc<SurfaceChange>]) -> Vec<SurfaceReport<'_>> {
    let changes = changes.iter().map(|change| SurfaceReport {
        old: change.old.as_deref(),
        new: change.new.as_deref(),
        step: change.step.into(),
        why: &change.why,
    });
    changes.collect()
}

impl<'a> ChangeReport<'a> {
    fn new(entries: &Entries<'a>, entry: &Entry<'a>) -> Self {
        let change = entry.change;
        let verdicts = &change.verdicts;
        Self {
            fingerprint: entry.change.fingerprint(),
            rule: change.rule(),
            row: change.row.as_str(),
            outcome: change.outcome,
            message: &change.message,
            base: change.base.as_ref().map(PlaceReport::from),
            head: change.head.as_ref().map(PlaceReport::from),
            uses: change
                .uses
                .iter()
                .map(|each| UseReport::from(each.as_ref()))
                .collect(),
            verdicts: VerdictsReport {
                old_client_new_server: verdicts.backward,
                new_client_old_server: verdicts.forward,
                running_client: verdicts.running_client,
            },
            rust: step(&entries.review.surface, change.rust_step()),
            rust_changes: (!entries.review.surface.is_not_generated())
                .then(|| surface(&change.surface)),
            acknowledged: entry.acknowledged,
            acknowledgement: entries.proposal(entry),
        }
    }
}

impl<'a> From<&'a Note> for NoteReport<'a> {
    fn from(note: &'a Note) -> Self {
        Self {
            rule: note.rule,
            message: &note.message,
            base: note.base.as_ref().map(PlaceReport::from),
            head: note.head.as_ref().map(PlaceReport::from),
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
            direction: each.direction,
        }
    }
}

impl From<Step> for StepReport {
    fn from(step: Step) -> Self {
        match step {
            Step::Patch => Self::Patch,
            Step::Minor => Self::Minor,
            Step::Major => Self::Major,
        }
    }
}

impl From<Verdict> for Worst {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Harmless => Self::Harmless,
            Verdict::Warning => Self::Warning,
            Verdict::Undecided => Self::Undecided,
            Verdict::Breaking => Self::Breaking,
        }
    }
}
