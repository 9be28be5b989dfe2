//! The effect of a change on generated Rust, in the words that all formats share.

use std::sync::Arc;

use crate::{Review, Step, Surface, SurfaceChange};

/// The verdict on code if none was generated.
pub(super) const NOT_KNOWN: &str = "not known";

/// Lines of code that change for one reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Group<'a> {
    pub(super) step: Step,
    pub(super) why: &'a str,
    /// The lines of code, each with `-` if it was removed or `+` if it was added.
    pub(super) lines: Vec<(char, &'a str)>,
}

/// The first `count` changes by their reasons, and how many more there are.
pub(super) fn groups(changes: &[Arc<SurfaceChange>], count: usize) -> (Vec<Group<'_>>, usize) {
    let mut groups: Vec<Group<'_>> = Vec::new();
    for change in changes.iter().take(count) {
        let (step, why) = (change.step, change.why.as_str());
        let is_same = |group: &Group<'_>| (group.step, group.why) == (step, why);
        let index = groups.iter().position(is_same).unwrap_or_else(|| {
            let lines = Vec::new();
            groups.push(Group { step, why, lines });
            groups.len() - 1
        });
        groups[index].lines.extend(change.lines());
    }
    (groups, changes.len().saturating_sub(count))
}

impl SurfaceChange {
    /// Its lines of code, as a diff.
    pub(super) fn lines(&self) -> impl Iterator<Item = (char, &str)> {
        let old = self.old.as_deref().map(|line| ('-', line));
        let new = self.new.as_deref().map(|line| ('+', line));
        old.into_iter().chain(new)
    }
}

/// The verdict on code for changes whose largest step is `step`; `None` if there is no code.
pub(super) fn verdict(surface: &Surface, step: Option<Step>) -> Option<&'static str> {
    match (surface, step) {
        (Surface::NotGenerated, _) => None,
        (Surface::NotKnown { .. }, _) => Some(NOT_KNOWN),
        (Surface::Compared(_), None) => Some("none"),
        (Surface::Compared(_), Some(step)) => Some(step.as_str()),
    }
}

/// The reason for the verdict on code for these changes, the largest of which comes first.
pub(super) fn why<'a>(surface: &'a Surface, changes: &'a [Arc<SurfaceChange>]) -> &'a str {
    match (surface, changes) {
        (Surface::NotGenerated, _) => "",
        (Surface::NotKnown { why }, _) => why,
        (Surface::Compared(_), []) => "no public name of the generated code changes",
        (Surface::Compared(_), [largest, ..]) => &largest.why,
    }
}

/// The effect on the generated code as a whole, in one sentence; `None` if there is no code.
pub(super) fn summary(review: &Review) -> Option<String> {
    let changes = match &review.surface {
        Surface::NotGenerated => return None,
        Surface::NotKnown { why } => return Some(format!("Rust: not known, because {why}")),
        Surface::Compared(changes) if changes.is_empty() => {
            return Some("Rust: no public name of the generated code changed".to_owned());
        }
        Surface::Compared(changes) => changes,
    };
    let counts = [Step::Major, Step::Minor, Step::Patch].map(|step| {
        let count = changes.iter().filter(|change| change.step == step).count();
        (count > 0).then(|| format!("{count} {}", step.as_str()))
    });
    let counts: Vec<String> = counts.into_iter().flatten().collect();
    let step = verdict(&review.surface, review.rust_step())?;
    Some(format!(
        "Rust: {step}, changed public names: {}",
        counts.join(", ")
    ))
}
