//! `cargo xtask downstream` where it cannot run. What it builds takes minutes: `.ci/gates downstream`.

use std::process::Command;

use tempfile::TempDir;

use super::Outcome;

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
