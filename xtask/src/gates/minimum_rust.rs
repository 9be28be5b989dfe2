//! Checks that the workspace builds with the Rust version declared in Cargo.toml.

use std::path::Path;
use std::process::Command;

use cargo_metadata::MetadataCommand;
use cargo_metadata::semver::Version;

use crate::process;

use super::{Error, Verdict, packages};

pub(super) fn check(root: &Path) -> Result<Verdict, Error> {
    let minimum = minimum(root)?;
    // Check first what does not need that toolchain, and so works on every machine.
    let demanding = demanding_dependencies(root, &minimum)?;
    if !demanding.is_empty() {
        return Ok(Verdict::Failed(format!(
            "`rust-version` is {}, and dependencies in Cargo.lock need more: {}",
            name(&minimum),
            demanding.join(", ")
        )));
    }
    let toolchain = name(&minimum);
    if let Some(reason) = not_installed(&toolchain)? {
        return Ok(Verdict::NotRun {
            reason: format!(
                "{reason}; no dependency declares to need more than Rust {toolchain}, but nothing was built with it"
            ),
            hint: format!("`rustup toolchain install {toolchain} --profile minimal`"),
        });
    }
    let mut rustup = Command::new("rustup");
    process::forget_package(&mut rustup);
    rustup.args([
        "run",
        &toolchain,
        "cargo",
        "check",
        "--locked",
        "--workspace",
    ]);
    // This variable names the cargo that runs this task, not the one of the toolchain.
    rustup.env_remove("CARGO").current_dir(root);
    Ok(if process::passes(&mut rustup)? {
        Verdict::Passed(format!("the workspace builds with Rust {toolchain}"))
    } else {
        Verdict::Failed(format!(
            "the workspace does not build with Rust {toolchain}; see above"
        ))
    })
}

/// The highest `rust-version` of the workspace packages.
fn minimum(root: &Path) -> Result<Version, Error> {
    let versions = packages(root)?
        .packages
        .into_iter()
        .filter_map(|package| package.rust_version);
    versions.max().ok_or(Error::NoMinimum)
}

/// The toolchain name that rustup uses: `1.89` means its latest patch release, as in Cargo.toml.
fn name(version: &Version) -> String {
    match version {
        Version {
            major,
            minor,
            patch: 0,
            ..
        } => format!("{major}.{minor}"),
        _ => version.to_string(),
    }
}

/// The dependencies that declare a newer `rust-version` than `minimum`.
fn demanding_dependencies(root: &Path, minimum: &Version) -> Result<Vec<String>, Error> {
    let mut command = MetadataCommand::new();
    let locked = command
        .current_dir(root)
        .other_options(["--all-features", "--locked"].map(str::to_owned));
    let demanding = locked.exec()?.packages.into_iter().filter_map(|package| {
        let needed = package.rust_version.filter(|version| version > minimum)?;
        Some(format!(
            "{} {} needs {}",
            package.name,
            package.version,
            name(&needed)
        ))
    });
    Ok(demanding.collect())
}

/// Why `toolchain` cannot be used, if so. Installs nothing.
fn not_installed(toolchain: &str) -> Result<Option<String>, Error> {
    let listing =
        match process::output(Command::new("rustup").args(["toolchain", "list", "--quiet"])) {
            Ok(listing) => listing,
            Err(process::Error::Start { .. }) => {
                return Ok(Some(
                    "`rustup` is not installed (https://rustup.rs)".to_owned(),
                ));
            }
            Err(error) => return Err(error.into()),
        };
    let prefix = format!("{toolchain}-");
    let is_installed = listing.lines().any(|line| line.starts_with(&prefix));
    Ok((!is_installed).then(|| format!("Rust {toolchain} is not installed")))
}
