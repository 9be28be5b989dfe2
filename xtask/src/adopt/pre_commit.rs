//! Installs and runs the hooks of this repository with pre-commit, as for a repository that lists them in its configuration.

use std::error::Error;
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::process;
use crate::python::Environment;
use crate::workspace::Workspace;

use super::repository::Repository;

/// The packages to install.
const REQUIREMENTS: &str = include_str!("../../adopt/requirements.txt");

/// Runs the hooks before and after a breaking change, on a document with a mistake, and after that document was deleted.
pub(super) fn run(workspace: &Workspace, repository: &Repository) -> Result<(), Box<dyn Error>> {
    let root = workspace.root();
    let environment = Environment::install(root, "pre-commit", REQUIREMENTS)?;
    let wheels = environment.folder().join("wheels");
    if wheels.exists() {
        fs::remove_dir_all(&wheels)?;
    }
    let mut maturin = Command::new(environment.program("maturin"));
    process::forget_package(&mut maturin);
    maturin
        .args(["build", "--quiet", "--locked", "--manifest-path"])
        .arg(root.join("crates/spec-first/Cargo.toml"))
        .arg("--out")
        .arg(&wheels);
    process::output(&mut maturin)?;

    let program = environment.program("pre-commit");
    let text = root
        .to_str()
        .ok_or("the path of the workspace is not UTF-8")?;
    // The wheel is not on the index yet.
    let variables: [(&str, &Path); 2] = [
        ("PIP_FIND_LINKS", &wheels),
        ("PRE_COMMIT_HOME", &environment.folder().join("home")),
    ];
    let hook_for = |id: &str, files: &[&str], code: i32| {
        let arguments = [&["try-repo", text, id, "--verbose"], files].concat();
        repository.run(&program, &arguments, &variables, &[code])
    };
    let hook = |id: &str, code: i32| hook_for(id, &["--all-files"], code);
    repository.git(&["switch", "--quiet", "--create", "feature"])?;
    for id in ["spec-first-lint", "spec-first-review"] {
        hook(id, 0)?;
        hook(&format!("{id}-system"), 0)?;
    }
    repository.rename_first()?;
    for id in ["spec-first-review", "spec-first-review-system"] {
        let review = hook(id, 1)?;
        if !review.contains("was dropped") {
            return Err(format!("the hook `{id}` does not show the review:\n{review}").into());
        }
    }
    repository.spoil_example()?;
    for id in ["spec-first-lint", "spec-first-lint-system"] {
        let findings = hook(id, 1)?;
        if !findings.contains("invalid-example") {
            return Err(format!("the hook `{id}` does not show the mistake:\n{findings}").into());
        }
    }
    repository.delete_document()?;
    for id in ["spec-first-review", "spec-first-review-system"] {
        // As for a commit, to which nothing is left that has a name.
        let review = hook_for(id, &[], 1)?;
        if !review.contains("the document was dropped") {
            return Err(format!("the hook `{id}` does not see the deletion:\n{review}").into());
        }
    }
    Ok(())
}
