//! The step of `info.version` that a review demands, and whether it was taken.

use semver::{BuildMetadata, Prerelease, Version};

use crate::change::Outcome;
use crate::literal::literal;
use crate::{Change, Step, Verdict};

/// The first version that says that a change of this kind was made. Before 1.0, what breaks is a minor step and everything else a
/// patch. A pre-release can still take up everything.
pub fn next_version(version: &Version, step: Step) -> Version {
    let (major, minor, patch) = (version.major, version.minor, version.patch);
    match step {
        _ if !version.pre.is_empty() => released(version),
        Step::Major if major > 0 => Version::new(major + 1, 0, 0),
        Step::Major => Version::new(0, minor + 1, 0),
        Step::Minor if major > 0 => Version::new(major, minor + 1, 0),
        Step::Minor | Step::Patch => Version::new(major, minor, patch + 1),
    }
}

/// The release that a version prepares, or the version itself.
fn released(version: &Version) -> Version {
    Version {
        pre: Prerelease::EMPTY,
        build: BuildMetadata::EMPTY,
        ..version.clone()
    }
}

/// What the changes demand of the version, and whether it is so; `None` if they demand nothing.
pub(crate) fn demand<'a>(
    changes: impl Iterator<Item = &'a Change>,
    base: Option<&str>,
    head: Option<&str>,
) -> Option<(Outcome, String)> {
    let steps = changes.filter_map(|change| match change.verdicts.backward.verdict {
        Verdict::Breaking => Some(Step::Major),
        _ if change.outcome == Outcome::Beside => None,
        _ => Some(Step::Minor),
    });
    let step = steps.max()?;
    let cause = match step {
        Step::Major => "a breaking change",
        Step::Minor | Step::Patch => "an addition",
    };
    let parsed = [base, head].map(|version| Version::parse(version?).ok());
    let [Some(old), Some(new)] = parsed else {
        let message = format!(
            "`info.version` must be a semantic version in both documents: {cause} demands a step"
        );
        return Some((Outcome::Undecided, message));
    };
    let wanted = next_version(&old, step);
    let (was, is) = (
        literal(&old.to_string()).to_string(),
        literal(&new.to_string()).to_string(),
    );
    Some(if new > old && released(&new) >= wanted {
        let message = format!("`info.version` goes from {was} to {is}, as {cause} demands");
        (Outcome::Beside, message)
    } else {
        let moved = match old == new {
            true => format!("stays {was}"),
            false => format!("goes from {was} to {is}"),
        };
        let wanted = wanted.to_string();
        let message = format!(
            "`info.version` {moved}, but {cause} demands {}",
            literal(&wanted)
        );
        (Outcome::Incomparable, message)
    })
}
