//! `cargo xtask review`: runs `spec-first review` on this repository's document, and adds what only this repository knows.

mod reconciliation;

use std::error::Error;

use clap::Args;
use spec_first::Source;
use spec_first::diff;
use spec_first::review::{Comparison, Presenting, attachment, comparisons, run as review};
use spec_first_review::Review;
use spec_first_review::render::Attachment;

use crate::workspace::Workspace;

pub(crate) use spec_first::review::HELP;

/// The folder of the wire snapshots.
const SNAPSHOTS: &str = "tests/it/snapshots";

/// The options of the task.
#[derive(Args)]
pub(crate) struct Arguments {
    /// What to compare with: a git revision, of which this repository's document is taken, or any OpenAPI document [default: the
    /// merge base with the default branch]
    #[arg(value_name = "BASE")]
    base: Option<String>,
    /// What to review, in the same way [default: the working tree]
    #[arg(value_name = "HEAD")]
    head: Option<String>,
    #[command(flatten)]
    presenting: Presenting,
}

/// Runs the review; returns whether everything is in order.
pub(crate) fn run(workspace: &Workspace, arguments: &Arguments) -> Result<bool, Box<dyn Error>> {
    let project = workspace.project()?;
    let Arguments {
        base,
        head,
        presenting,
    } = arguments;
    let comparisons = comparisons(&project, base.as_deref(), head.as_deref())?;
    Ok(review(&project, &comparisons, presenting, &additions)?)
}

/// What this repository adds to a review: the wire snapshots, and the entries of the reconciliation.
fn additions(
    comparison: &Comparison,
    review: &Review,
) -> Result<Vec<Attachment>, spec_first::Error> {
    let Comparison { base, head, .. } = comparison;
    let attachments = [
        wire(base, head)?,
        reconciliation::touched(base, head, review)?,
    ];
    Ok(attachments.into_iter().flatten().collect())
}

/// The differences between the wire snapshots; `None` if there are none, or if one side is not in a repository.
fn wire(base: &Source, head: &Source) -> Result<Option<Attachment>, spec_first::Error> {
    if !base.is_of_repository() || !head.is_of_repository() {
        return Ok(None);
    }
    let mut paths = base.list(SNAPSHOTS)?;
    paths.extend(head.list(SNAPSHOTS)?);
    paths.sort_unstable();
    paths.dedup();
    let mut all = String::new();
    for path in paths.iter().filter(|path| path.ends_with(".snap")) {
        let [old, new] = [base.read_if_there(path)?, head.read_if_there(path)?];
        all.push_str(&diff(path, old.as_deref(), new.as_deref()));
    }
    Ok(attachment("Snapshots of the wire", all))
}
