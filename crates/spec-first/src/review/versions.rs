//! Which step of a version a change asks for, and whether it was taken.

use spec_first_review::{Review, Step, judge_step};

use crate::Error;
use crate::sources::Source;

/// The manifest that has the version of the crates.
const MANIFEST: &str = "Cargo.toml";

/// What to say about `info.version`.
pub(super) fn note_on_document(review: &Review, step: Option<Step>) -> Option<String> {
    let step = step?;
    let (Some(base), Some(head)) = (&review.base_version, &review.head_version) else {
        return Some("a document has no `info.version`, so its step is not checked".to_owned());
    };
    Some(note("`info.version`", base, head, step))
}

/// What to say about the version of the crates.
pub(super) fn note_on_crates(
    base: &Source,
    head: &Source,
    step: Option<Step>,
) -> Result<Option<String>, Error> {
    const NAME: &str = "the version of the crates";
    let Some(step) = step else {
        return Ok(None);
    };
    if !base.is_of_repository() || !head.is_of_repository() {
        let note = format!("{NAME} is not checked: a file has none, compare revisions");
        return Ok(Some(note));
    }
    let versions = [base, head].map(|source| -> Result<_, Error> {
        let manifest = source.read_if_there(MANIFEST)?;
        Ok(manifest.as_deref().and_then(version))
    });
    let [base, head] = versions;
    Ok(Some(match (base?, head?) {
        (Some(base), Some(head)) => note(NAME, &base, &head, step),
        _ => format!("{NAME} is not checked: `{MANIFEST}` has no version"),
    }))
}

/// The version of the workspace, or of the package.
fn version(manifest: &str) -> Option<String> {
    let manifest: toml::Table = manifest.parse().ok()?;
    let workspace = manifest.get("workspace");
    let shared = workspace.and_then(|workspace| workspace.get("package")?.get("version"));
    let version = shared.or_else(|| manifest.get("package")?.get("version"))?;
    Some(version.as_str()?.to_owned())
}

fn note(name: &str, base: &str, head: &str, step: Step) -> String {
    match judge_step(name, base, head, step) {
        Some((_, message)) => message,
        None => {
            format!("{name} is not checked: `{base}` and `{head}` are not both semantic versions")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(base: &str, head: &str, step: Step, expected: &str) {
        assert_eq!(note("it", base, head, step), expected);
    }

    #[test]
    fn a_step_that_was_not_taken_is_named() {
        let stays = "it stays `1.2.3`, and a breaking change requires `2.0.0`";
        check("1.2.3", "1.2.3", Step::Major, stays);
        let short = "it goes from `1.2.3` to `1.3.0`, and a breaking change requires `2.0.0`";
        check("1.2.3", "1.3.0", Step::Major, short);
        let addition = "it goes from `1.2.3` to `1.2.4`, and an addition requires `1.3.0`";
        check("1.2.3", "1.2.4", Step::Minor, addition);
        let back = "it goes from `1.2.3` to `1.2.2`, and a change requires `1.2.4`";
        check("1.2.3", "1.2.2", Step::Patch, back);
    }

    #[test]
    fn before_1_0_what_breaks_is_a_minor_step() {
        check(
            "0.1.0",
            "0.1.1",
            Step::Major,
            "it goes from `0.1.0` to `0.1.1`, and a breaking change requires `0.2.0`",
        );
        check(
            "0.1.0",
            "0.2.0",
            Step::Major,
            "it goes from `0.1.0` to `0.2.0`, as a breaking change requires",
        );
        check(
            "0.1.0",
            "0.1.1",
            Step::Minor,
            "it goes from `0.1.0` to `0.1.1`, as an addition requires",
        );
    }

    #[test]
    fn more_than_is_asked_for_is_enough() {
        check(
            "1.2.3",
            "3.0.0",
            Step::Major,
            "it goes from `1.2.3` to `3.0.0`, as a breaking change requires",
        );
        check(
            "1.2.3",
            "2.0.0",
            Step::Minor,
            "it goes from `1.2.3` to `2.0.0`, as an addition requires",
        );
    }

    #[test]
    fn a_release_that_is_prepared_can_take_up_everything() {
        check(
            "1.2.3",
            "2.0.0-rc.1",
            Step::Major,
            "it goes from `1.2.3` to `2.0.0-rc.1`, as a breaking change requires",
        );
        check(
            "2.0.0-rc.1",
            "2.0.0-rc.2",
            Step::Major,
            "it goes from `2.0.0-rc.1` to `2.0.0-rc.2`, as a breaking change requires",
        );
        check(
            "2.0.0-rc.1",
            "2.0.0-rc.1",
            Step::Major,
            "it stays `2.0.0-rc.1`, and a breaking change requires a later pre-release or `2.0.0`",
        );
    }

    #[test]
    fn the_last_version_has_no_successor() {
        let last = "18446744073709551615.0.0";
        let stays =
            format!("it stays `{last}`, and there is no higher version for a breaking change");
        check(last, last, Step::Major, &stays);
        let addition =
            format!("it stays `{last}`, and an addition requires `18446744073709551615.1.0`");
        check(last, last, Step::Minor, &addition);
    }

    #[test]
    fn other_than_semantic_versions_are_not_checked() {
        check(
            "v1",
            "2",
            Step::Major,
            "it is not checked: `v1` and `2` are not both semantic versions",
        );
    }

    #[test]
    fn the_version_of_the_workspace_or_the_package_is_found() {
        let found =
            version("[workspace]\nmembers = []\n[workspace.package]\nversion = \"1.2.3\"\n");
        assert_eq!(found.as_deref(), Some("1.2.3"));
        let found = version("[package]\nversion = \"1.2.3\"\n");
        assert_eq!(found.as_deref(), Some("1.2.3"));
        assert_eq!(version("[package]\nversion.workspace = true\n"), None);
        assert_eq!(version("no manifest"), None);
    }
}
