//! The crate of somebody who depends on `jelou-client`, built from the packages of this workspace as they are now.

use std::process::Command;

use tempfile::TempDir;

use super::Outcome;

/// It has a reqwest of its own, which no feature of `jelou-client` may break. Minutes on a machine that never ran it, seconds from then on: what it builds stays in the target directory.
#[test]
fn a_crate_outside_the_workspace_applies_an_update_whatever_the_features() {
    let mut task = Command::new(env!("CARGO_BIN_EXE_xtask"));
    let Outcome {
        code,
        stdout,
        stderr,
    } = Outcome::of(task.arg("downstream"));
    assert_eq!(code, 0, "{stdout}{stderr}");
    // How many crates that takes is in `xtask/downstream/crates.txt`.
    let results: Vec<_> = stdout.lines().map(|line| line.split(';').next()).collect();
    assert_eq!(
        results,
        [
            Some("default features: the update is applied"),
            Some("native-tls: the update is applied")
        ]
    );
}

#[test]
fn a_folder_without_a_workspace_is_an_error_and_not_a_finding() {
    let folder = TempDir::new().unwrap();
    let mut task = Command::new(env!("CARGO_BIN_EXE_xtask"));
    task.arg("downstream")
        .current_dir(&folder)
        .env("CARGO_MANIFEST_DIR", folder.path().join("xtask"));
    let Outcome {
        code,
        stdout,
        stderr,
    } = Outcome::of(&mut task);
    assert_eq!((code, stdout.as_str()), (2, ""), "{stderr}");
    assert!(
        stderr.starts_with("error: `cargo fetch --locked --quiet` failed with exit status: 101:\n")
            && stderr.contains("could not find `Cargo.toml`"),
        "{stderr}"
    );
}
