//! The effects of a document's changes on the Rust code generated from it. They come from a generator, which is not part of this
//! crate.

mod changes;

use std::sync::Arc;

use spec_first_document::Pointer;

pub use changes::surface_changes;

/// The version bump that a change requires, as defined by semantic versioning from 1.0 on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// Existing code still compiles, and no new API is available.
    Patch,
    /// Existing code still compiles, and a new API is available.
    Minor,
    /// Existing code may no longer compile.
    Major,
}

impl Step {
    /// The step in lower case.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Patch => "patch",
            Self::Minor => "minor",
            Self::Major => "major",
        }
    }
}

/// A public name of the generated code that is added, removed or changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SurfaceChange {
    /// The old item, as one line of code; `None` if it was added.
    pub old: Option<String>,
    /// The new item; `None` if it was removed.
    pub new: Option<String>,
    /// The version bump that the generated code requires, under Cargo's rules.
    pub step: Step,
    /// Why, in one sentence without a capital or a full stop.
    pub why: String,
    /// The places in the base document that the item is generated from, as precisely as the generator knows.
    pub base: Vec<Pointer>,
    /// The places in the head document that the item is generated from.
    pub head: Vec<Pointer>,
}

/// The changes to the generated code, if it was compared.
#[derive(Clone, Debug)]
pub enum Surface {
    /// No client is generated, so the review does not mention code.
    NotGenerated,
    /// The effects on generated code are not known.
    NotKnown {
        /// The reason, worded to follow "because".
        why: String,
    },
    /// Code was generated from both documents.
    Compared(Vec<Arc<SurfaceChange>>),
}

impl Surface {
    /// A surface with these changes.
    pub fn compared(changes: impl IntoIterator<Item = SurfaceChange>) -> Self {
        Self::Compared(changes.into_iter().map(Arc::new).collect())
    }

    /// The changes; empty if the code was not compared.
    pub fn changes(&self) -> &[Arc<SurfaceChange>] {
        match self {
            Self::Compared(changes) => changes,
            Self::NotGenerated | Self::NotKnown { .. } => &[],
        }
    }

    /// Whether the review should not mention code.
    pub(crate) fn is_not_generated(&self) -> bool {
        matches!(self, Self::NotGenerated)
    }

    /// Adds the changes to the code generated from another document. If they are unknown for one document, they are unknown for
    /// both.
    pub(crate) fn append(&mut self, other: Self) {
        match (&mut *self, other) {
            (Self::NotKnown { .. }, _) | (_, Self::NotGenerated) => {}
            (Self::Compared(changes), Self::Compared(others)) => changes.extend(others),
            (_, other) => *self = other,
        }
    }
}

impl Default for Surface {
    fn default() -> Self {
        let why = "no code was generated from the two documents".to_owned();
        Self::NotKnown { why }
    }
}

/// The version bump that all of these changes require; `None` if there are none.
pub(crate) fn step<'a>(changes: impl IntoIterator<Item = &'a Arc<SurfaceChange>>) -> Option<Step> {
    changes.into_iter().map(|change| change.step).max()
}
