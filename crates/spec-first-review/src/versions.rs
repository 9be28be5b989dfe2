//! The version step that changes require, and whether it was taken.

use semver::{BuildMetadata, Prerelease, Version};

use crate::change::Outcome;
use crate::literal::literal;
use crate::{Change, Step, Verdict};

/// The first version that may contain a change of this kind. Before 1.0, a breaking change is a minor step and anything else a
/// patch. A pre-release may still contain any change.
///
/// `None` if a number of the version would overflow.
pub fn next_version(version: &Version, step: Step) -> Option<Version> {
    let (major, minor, patch) = (version.major, version.minor, version.patch);
    Some(match step {
        _ if !version.pre.is_empty() => released(version),
        Step::Major if major > 0 => Version::new(major.checked_add(1)?, 0, 0),
        Step::Major => Version::new(0, minor.checked_add(1)?, 0),
        Step::Minor if major > 0 => Version::new(major, minor.checked_add(1)?, 0),
        Step::Minor | Step::Patch => Version::new(major, minor, patch.checked_add(1)?),
    })
}

/// The step that `info.version` has to take for these changes; `None` if they do not affect what the API accepts and returns.
///
/// Each change comes with whether it was acknowledged. An acknowledged change still breaks clients if it is breaking, and is
/// settled if it was undecided.
pub fn version_step<'a>(changes: impl Iterator<Item = (&'a Change, bool)>) -> Option<Step> {
    let steps =
        changes.filter_map(
            |(change, is_acknowledged)| match change.verdicts.backward.verdict {
                Verdict::Breaking => Some(Step::Major),
                Verdict::Undecided if !is_acknowledged => Some(Step::Major),
                _ if change.outcome == Outcome::Neutral => None,
                Verdict::Undecided | Verdict::Warning | Verdict::Harmless => Some(Step::Minor),
            },
        );
    steps.max()
}

/// Whether a version took the required step, and a message about it; `None` if either version is not a semantic version.
pub fn judge_step(name: &str, base: &str, head: &str, step: Step) -> Option<(bool, String)> {
    let old = Version::parse(base).ok()?;
    let new = Version::parse(head).ok()?;
    let cause = cause(step);
    let moved = match old == new {
        true => format!("{name} stays {}", literal(base)),
        false => format!("{name} goes from {} to {}", literal(base), literal(head)),
    };
    let wanted = next_version(&old, step);
    let is_taken = new > old && wanted.as_ref().is_some_and(|it| released(&new) >= *it);
    Some(match wanted {
        _ if is_taken => (true, format!("{moved}, as {cause} requires")),
        Some(wanted) => {
            let wanted = wanted.to_string();
            let or_later = match old.pre.is_empty() {
                true => "",
                false => "a later pre-release or ",
            };
            let message = format!(
                "{moved}, and {cause} requires {or_later}{}",
                literal(&wanted)
            );
            (false, message)
        }
        None => (
            false,
            format!("{moved}, and there is no higher version for {cause}"),
        ),
    })
}

fn cause(step: Step) -> &'static str {
    match step {
        Step::Major => "a breaking change",
        Step::Minor => "an addition",
        Step::Patch => "a change",
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

/// Whether `info.version` took the step that the changes require, and a message about it; `None` if they require none. Undecided
/// changes do not count, because a person has to decide them anyway.
pub(crate) fn demand<'a>(
    changes: impl Iterator<Item = &'a Change>,
    base: Option<&str>,
    head: Option<&str>,
) -> Option<(Outcome, String)> {
    const NAME: &str = "`info.version`";
    let step = version_step(changes.map(|change| (change, true)))?;
    let judged = base
        .zip(head)
        .and_then(|(base, head)| judge_step(NAME, base, head, step));
    Some(match judged {
        Some((true, message)) => (Outcome::Neutral, message),
        Some((false, message)) => (Outcome::Incomparable, message),
        None => {
            let cause = cause(step);
            let message = format!(
                "{NAME} must be a semantic version in both documents: {cause} requires a step"
            );
            (Outcome::Undecided, message)
        }
    })
}
