//! What the change of a document does to the Rust code that is generated from it. A generator has to tell: this crate has none.

use std::sync::Arc;

use spec_first_document::Pointer;

/// How far a version has to move for a change, in the words of semantic versioning from 1.0 on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// Code that compiles goes on to compile, and finds nothing new.
    Patch,
    /// Code that compiles goes on to compile, and finds something new.
    Minor,
    /// Code that compiles may no longer do so.
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

/// A public name of the generated code that one side lacks, or that both give in different words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SurfaceChange {
    /// What it was, on one line of code; `None` if it was added.
    pub old: Option<String>,
    /// What it is now; `None` if it was removed.
    pub new: Option<String>,
    /// How far the version of the generated code has to move for it, under Cargo's rules.
    pub step: Step,
    /// Why, in one sentence without a capital and a full stop.
    pub why: String,
    /// The places of the base that it comes from, in the document itself and as near as the generator knows.
    pub base: Vec<Pointer>,
    /// The places of the head that it comes from.
    pub head: Vec<Pointer>,
}

/// The surface of the generated code: whether it was compared, and what of it differs.
#[derive(Clone, Debug)]
pub enum Surface {
    /// Nobody knows what happens to generated code.
    NotKnown {
        /// Why not, in words that go on after "because".
        why: String,
    },
    /// Code was generated from both documents.
    Compared(Vec<Arc<SurfaceChange>>),
}

impl Surface {
    /// A surface of which this differs.
    pub fn compared(changes: impl IntoIterator<Item = SurfaceChange>) -> Self {
        Self::Compared(changes.into_iter().map(Arc::new).collect())
    }

    /// What differs; nothing if it was not compared.
    pub fn changes(&self) -> &[Arc<SurfaceChange>] {
        match self {
            Self::Compared(changes) => changes,
            Self::NotKnown { .. } => &[],
        }
    }
}

impl Default for Surface {
    fn default() -> Self {
        let why = "no code was generated from the two documents".to_owned();
        Self::NotKnown { why }
    }
}

/// How far the version has to move for all of these; `None` for nothing.
pub(crate) fn step<'a>(changes: impl IntoIterator<Item = &'a Arc<SurfaceChange>>) -> Option<Step> {
    changes.into_iter().map(|change| change.step).max()
}
