//! `cargo xtask adopt`: checks that `spec-first` works in a repository that contains nothing but a document.

mod pre_commit;
mod repository;

use std::error::Error;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use std::{env, fs};

use crate::packages::Packages;
use crate::process;
use crate::workspace::Workspace;

use repository::Repository;

/// Our own document, in which every step succeeds.
const OWN: &str = "xtask/adopt/library.yaml";

/// How long all steps together may take.
const LIMIT: Duration = Duration::from_secs(60);

/// Adopts each document, or our own; returns whether every step did what it should.
pub(crate) fn run(
    workspace: &Workspace,
    documents: &[PathBuf],
    program: Option<&Path>,
    pre_commit: bool,
) -> Result<bool, Box<dyn Error>> {
    let program = match program {
        Some(program) => fs::canonicalize(program)?,
        None => install(workspace)?,
    };
    let is_own = documents.is_empty();
    let own = [workspace.root().join(OWN)];
    let mut is_in_order = true;
    for document in if is_own { &own[..] } else { documents } {
        eprintln!("{}", document.display());
        let repository = Repository::new(&program, document)?;
        if let Err(error) = adopt(&repository, is_own) {
            eprintln!("error: {error}");
            is_in_order = false;
        }
    }
    if pre_commit {
        let repository = Repository::new(&program, &own[0])?;
        pre_commit::run(workspace, &repository)?;
    }
    Ok(is_in_order)
}

/// The files of a folder that may be documents, in the order of their names.
pub(crate) fn documents(folder: &Path) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let is_document = |path: &PathBuf| {
        let extension = path.extension().and_then(|extension| extension.to_str());
        path.is_file() && matches!(extension, Some("json" | "yaml" | "yml"))
    };
    let entries = fs::read_dir(folder)
        .map_err(|error| format!("cannot list `{}`: {error}", folder.display()))?;
    let paths: Result<Vec<_>, _> = entries.map(|entry| Ok(entry?.path())).collect();
    let mut paths: Vec<PathBuf> = paths.map_err(|error: std::io::Error| error)?;
    paths.retain(is_document);
    paths.sort();
    if paths.is_empty() {
        return Err(format!("`{}` has no YAML or JSON files", folder.display()).into());
    }
    Ok(paths)
}

/// Builds the command from its package and those that it depends on, and returns its path.
fn install(workspace: &Workspace) -> Result<PathBuf, Box<dyn Error>> {
    let packages = Packages::pack(workspace)?;
    let folder = packages.folder();
    packages.unpack(folder)?;
    // Nothing is published yet, so the packages replace those of the registry.
    fs::create_dir(folder.join(".cargo"))?;
    fs::write(folder.join(".cargo/config.toml"), packages.patches())?;
    let name = format!("packages/spec-first-{}", packages.version("spec-first")?);
    let root = workspace.root().join("target/adopt");
    let mut cargo = process::cargo();
    cargo
        .current_dir(folder)
        .args(["install", "--offline", "--quiet", "--force", "--path"])
        .arg(folder.join(name))
        .arg("--root")
        .arg(&root)
        .arg("--target-dir")
        .arg(packages.target_directory());
    process::output(&mut cargo)?;
    let name = format!("spec-first{}", env::consts::EXE_SUFFIX);
    Ok(root.join("bin").join(name))
}

/// Follows the steps of somebody who adopts the command.
fn adopt(repository: &Repository, is_own: bool) -> Result<(), Box<dyn Error>> {
    let start = Instant::now();
    repository.step(&["init"], &[0])?;
    repository.commit()?;
    repository.step(&["init"], &[0])?;
    if !repository.git(&["status", "--porcelain"])?.is_empty() {
        return Err("the second `init` changed something".into());
    }
    repository.git(&["switch", "--quiet", "--create", "feature"])?;
    repository.step(&["review"], &[0])?;
    repository.rename_first()?;
    let review = repository.step(&["review"], &[1])?;
    if !review.contains("was dropped") {
        return Err(format!("the review does not say what was dropped:\n{review}").into());
    }
    let reason = ["review", "--acknowledge", "--why", "nobody calls it"];
    repository.step(&reason, &[0])?;
    repository.step(&["review"], &[0])?;
    repository.step(&["review", "--format", "sarif"], &[0])?;
    // Documents of others may have mistakes, and parts that no client can be generated from.
    repository.step(&["lint"], if is_own { &[0] } else { &[0, 1] })?;
    repository.mock(is_own)?;
    repository.configure_client()?;
    let generate = if is_own { &[0][..] } else { &[0, 2] };
    repository.step(&["generate"], generate)?;
    if is_own {
        repository.step(&["generate", "--check"], &[0])?;
    }
    let elapsed = start.elapsed();
    if elapsed > LIMIT {
        return Err(format!("it took {elapsed:.1?}, and {LIMIT:?} is the limit").into());
    }
    Ok(())
}
