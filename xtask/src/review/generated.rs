//! What the change does to the generated Rust.

use std::fmt::Write;

use jelou_codegen::{Step, SurfaceChange, surface, surface_changes};

use super::sources::Source;
use super::{Error, plural};

/// How many names are listed.
const NAMES: usize = 8;

/// The surfaces of both documents, or why there are none.
pub(super) enum Surfaces {
    Compared {
        base: String,
        head: String,
        changes: Vec<SurfaceChange>,
    },
    NotCompared {
        reason: String,
    },
}

impl Surfaces {
    /// Generates from both documents, not from what is checked in, which may be stale.
    pub(super) fn of(base: &Source, head: &Source) -> Result<Self, Error> {
        if !base.is_of_repository() && !head.is_of_repository() {
            return Ok(Self::NotCompared {
                reason: "neither document is the one that the client is generated from".to_owned(),
            });
        }
        let (base, head) = match (surface_of("base", base)?, surface_of("head", head)?) {
            (Ok(base), Ok(head)) => (base, head),
            (Err(reason), _) | (_, Err(reason)) => return Ok(Self::NotCompared { reason }),
        };
        let changes = surface_changes(&base, &head);
        Ok(Self::Compared {
            base,
            head,
            changes,
        })
    }

    /// How far the version of the crate has to move; `None` if nobody knows or nothing changed.
    pub(super) fn step(&self) -> Option<Step> {
        match self {
            Self::Compared { changes, .. } => changes.iter().map(|change| change.step).max(),
            Self::NotCompared { .. } => None,
        }
    }

    /// What to say about it, a sentence each.
    pub(super) fn notes(&self) -> Vec<String> {
        let changes = match self {
            Self::NotCompared { reason } => {
                return vec![format!("Rust: not compared, because {reason}")];
            }
            Self::Compared { changes, .. } if changes.is_empty() => {
                return vec!["Rust: no public name of the generated client changed".to_owned()];
            }
            Self::Compared { changes, .. } => changes,
        };
        let count = |step| changes.iter().filter(|change| change.step == step).count();
        let mut summary = format!(
            "Rust: {} of the generated client {} major under Cargo's rules",
            plural(count(Step::Major), "change", "changes"),
            if count(Step::Major) == 1 { "is" } else { "are" },
        );
        for (step, name) in [(Step::Minor, "minor"), (Step::Patch, "patch")] {
            if count(step) > 0 {
                _ = write!(summary, ", {} {name}", count(step));
            }
        }
        let major = || changes.iter().filter(|change| change.step == Step::Major);
        let mut notes = vec![summary];
        notes.extend(major().take(NAMES).map(|change| {
            let what = match (&change.old, &change.new) {
                (None, _) => "was added",
                (_, None) => "was removed",
                _ => "changed",
            };
            format!("Rust: `{}` {what}: {}", change.name, change.why)
        }));
        let left = major().count().saturating_sub(NAMES);
        if left > 0 {
            notes.push(format!("Rust: and {left} more"));
        }
        notes
    }
}

/// The surface of a document, or why it has none.
fn surface_of(role: &str, source: &Source) -> Result<Result<String, String>, Error> {
    let text = source.read_if_there(&source.path)?.unwrap_or_default();
    Ok(surface(&source.path, &text).map_err(|error| {
        let error = error.to_string();
        let first = error.lines().next().unwrap_or_default();
        format!("nothing can be generated from the {role}: {first}")
    }))
}
