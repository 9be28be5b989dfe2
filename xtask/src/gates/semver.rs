//! Checks that breaking changes of the public API have a matching version, with cargo-semver-checks and the merge base
//! as the baseline.

use std::path::Path;
use std::process::Command;

use cargo_metadata::{Package, TargetKind};

use crate::process;

use super::{Error, Verdict, missing, packages};

pub(super) fn check(root: &Path, base: &str) -> Result<Verdict, Error> {
    if let Some(verdict) = missing("semver-checks")? {
        return Ok(verdict);
    }
    let base = match merge_base(root, base)? {
        Ok(commit) => commit,
        Err(verdict) => return Ok(verdict),
    };
    let metadata = packages(root)?;
    let libraries = metadata
        .packages
        .iter()
        .filter(|package| is_public(package));
    let (known, new): (Vec<_>, Vec<_>) = libraries.partition(|package| {
        let manifest = package.manifest_path.strip_prefix(&metadata.workspace_root);
        let manifest = manifest.unwrap_or(&package.manifest_path).as_str();
        let object = format!("{base}:{}", manifest.replace('\\', "/"));
        process::output(git(root).args(["cat-file", "-e", &object])).is_ok()
    });
    for package in &new {
        eprintln!(
            "note: `{}` is new since {base}: there is nothing to compare it with",
            package.name
        );
    }
    if known.is_empty() {
        return Ok(Verdict::Passed(format!(
            "there was no public library at {base}"
        )));
    }
    let mut cargo = process::cargo();
    cargo.args(["semver-checks", "--baseline-rev", &base]);
    for package in &known {
        cargo.args(["--package", &package.name]);
    }
    Ok(if process::passes(cargo.current_dir(root))? {
        Verdict::Passed(format!("{} against {base}", count(known.len())))
    } else {
        Verdict::Failed(
            "the public API has breaking changes without a matching version; see above".to_owned(),
        )
    })
}

/// Whether `package` is published and has a public API.
fn is_public(package: &Package) -> bool {
    let is_published = package
        .publish
        .as_ref()
        .is_none_or(|registries| !registries.is_empty());
    let mut kinds = package.targets.iter().flat_map(|target| &target.kind);
    is_published && kinds.any(|kind| *kind == TargetKind::Lib)
}

/// The merge base of the current commit and `base`, or the verdict if there is none.
fn merge_base(root: &Path, base: &str) -> Result<Result<String, Verdict>, Error> {
    let not_run = |reason: String, hint: &str| {
        Ok(Err(Verdict::NotRun {
            reason,
            hint: hint.to_owned(),
        }))
    };
    let revision = format!("{base}^{{commit}}");
    let is_known = process::output(git(root).args(["rev-parse", "--verify", "--quiet", &revision]));
    match is_known {
        Err(error @ process::Error::Start { .. }) => return Err(error.into()),
        Err(process::Error::Failed { .. }) => {
            return not_run(
                format!("there is no git revision `{base}` to compare with"),
                "fetch it, or name another one with `--base REVISION`",
            );
        }
        Ok(_) => {}
    }
    match process::output(git(root).args(["merge-base", "HEAD", &revision])) {
        Ok(commit) => Ok(Ok(commit.trim().to_owned())),
        Err(error @ process::Error::Start { .. }) => Err(error.into()),
        Err(process::Error::Failed { .. }) if is_shallow(root)? => not_run(
            format!("this clone is shallow and does not include the merge base with `{base}`"),
            "`git fetch --unshallow`",
        ),
        Err(process::Error::Failed { .. }) => not_run(
            format!("`{base}` has no commit in common with this branch"),
            "name another one with `--base REVISION`",
        ),
    }
}

fn is_shallow(root: &Path) -> Result<bool, Error> {
    let answer = process::output(git(root).args(["rev-parse", "--is-shallow-repository"]))?;
    Ok(answer.trim() == "true")
}

fn git(root: &Path) -> Command {
    let mut git = Command::new("git");
    git.current_dir(root);
    git
}

fn count(libraries: usize) -> String {
    match libraries {
        1 => "1 library".to_owned(),
        count => format!("{count} libraries"),
    }
}
