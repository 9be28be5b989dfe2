//! The gates, on a workspace of one library and with tools that only print their arguments.
//!
//! What the real tools find is tested elsewhere. These tests check which tool is called with which arguments, and what becomes of
//! its result.
#![cfg(unix)]

use std::path::Path;
use std::process::Command;
use std::{env, fs};

use tempfile::TempDir;

use super::{Outcome, write_program};

const MANIFEST: &str = r#"
[package]
name = "panel"
version = "0.1.0"
edition = "2024"
rust-version = "1.89"

[workspace]
exclude = ["demanding"]
"#;

/// Prints its arguments.
const ASKED: &str = "echo asked \"$@\"";

/// A workspace, and the folder where cargo looks for its subcommands.
struct Panel {
    folder: TempDir,
    cargo_home: TempDir,
}

impl Panel {
    /// A workspace under git, on a branch `main`, with no tool installed.
    fn new() -> Self {
        let panel = Self {
            folder: TempDir::new().unwrap(),
            cargo_home: TempDir::new().unwrap(),
        };
        panel.write("Cargo.toml", MANIFEST);
        panel.write("src/lib.rs", "");
        panel.git(&["init", "--quiet", "--initial-branch", "main"]);
        panel.commit("a change");
        panel
    }

    /// The workspace `origin`, cloned with its last commit only.
    fn shallow_clone(origin: &Self, branch: &str) -> Self {
        let panel = Self {
            folder: TempDir::new().unwrap(),
            cargo_home: TempDir::new().unwrap(),
        };
        let url = format!("file://{}", origin.folder.path().display());
        panel.git(&[
            "clone", "--quiet", "--depth", "1", "--branch", branch, &url, ".",
        ]);
        panel
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn commit(&self, message: &str) {
        self.git(&["add", "."]);
        let author = [
            "-c",
            "user.name=Somebody",
            "-c",
            "user.email=somebody@example.com",
        ];
        let commit = ["commit", "--quiet", "--allow-empty", "--message", message];
        self.git(&[&author[..], &commit].concat());
    }

    fn git(&self, arguments: &[&str]) -> String {
        let mut git = Command::new("git");
        let Outcome {
            code,
            stdout,
            stderr,
        } = Outcome::of(git.args(arguments).current_dir(&self.folder));
        assert_eq!(code, 0, "git {arguments:?}: {stderr}");
        stdout.trim().to_owned()
    }

    /// Installs a program that runs `script`.
    fn tool(&self, name: &str, script: &str) {
        let path = self.cargo_home.path().join("bin").join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        write_program(&path, script);
    }

    fn run(&self, arguments: &[&str]) -> Outcome {
        let tools = self.cargo_home.path().join("bin");
        let path = env::var_os("PATH").unwrap_or_default();
        let others = env::split_paths(&path).filter(|folder| !holds_a_tool(folder));
        let mut task = Command::new(env!("CARGO_BIN_EXE_xtask"));
        task.arg("gates")
            .args(arguments)
            .current_dir(&self.folder)
            .env("CARGO_MANIFEST_DIR", self.folder.path().join("xtask"))
            .env("CARGO_HOME", self.cargo_home.path())
            .env("RUSTC", rustc())
            .env(
                "PATH",
                env::join_paths([tools].into_iter().chain(others)).unwrap(),
            );
        Outcome::of(&mut task)
    }
}

/// Whether a tool of the gates is installed in `folder`, which must then not be found.
fn holds_a_tool(folder: &Path) -> bool {
    let tools = ["cargo-deny", "cargo-semver-checks", "rustup"];
    tools.iter().any(|tool| folder.join(tool).exists())
}

/// The compiler, by its path: the one in `PATH` may be rustup, which is a tool of the gates.
fn rustc() -> std::path::PathBuf {
    let sysroot = Outcome::of(Command::new("rustc").args(["--print", "sysroot"])).stdout;
    Path::new(sysroot.trim()).join("bin/rustc")
}

#[test]
fn a_tool_that_is_not_installed_is_named_with_the_command_that_installs_it() {
    let panel = Panel::new();
    lock(&panel);
    let Outcome {
        code,
        stdout,
        stderr,
    } = panel.run(&[]);
    assert_eq!(code, 2, "{stdout}{stderr}");
    insta::assert_snapshot!(stdout, @r"
    semver: not run: `cargo-semver-checks` is not installed
      hint: `cargo install cargo-semver-checks --locked`
    dependencies: not run: `cargo-deny` is not installed
      hint: `cargo install cargo-deny --locked`
    minimum-rust: not run: `rustup` is not installed (https://rustup.rs); no dependency declares to need more than Rust 1.89, but nothing was built with it
      hint: `rustup toolchain install 1.89 --profile minimal`
    ");
    insta::assert_snapshot!(stderr, @r"
    == semver
    == dependencies
    == minimum-rust
    error: not every gate could be run: semver, dependencies, minimum-rust
    ");
}

#[test]
fn what_breaks_is_looked_for_since_the_commit_that_a_change_began_at() {
    let panel = Panel::new();
    let base = panel.git(&["rev-parse", "HEAD"]);
    panel.git(&["switch", "--quiet", "--create", "change"]);
    panel.commit("a change");
    panel.git(&["switch", "--quiet", "main"]);
    panel.commit("meanwhile");
    panel.git(&["switch", "--quiet", "change"]);
    panel.tool("cargo-semver-checks", ASKED);
    let Outcome {
        code,
        stdout,
        stderr,
    } = panel.run(&["semver", "--base", "main"]);
    assert_eq!(code, 0, "{stderr}");
    assert_eq!(
        stdout,
        format!(
            "asked semver-checks --baseline-rev {base} --package panel\nsemver: passed: 1 library against {base}\n"
        )
    );
}

#[test]
fn an_api_that_breaks_fails() {
    let panel = Panel::new();
    panel.tool("cargo-semver-checks", "test \"$2\" = --version");
    let Outcome {
        code,
        stdout,
        stderr,
    } = panel.run(&["semver", "--base", "main"]);
    assert_eq!(code, 1, "{stderr}");
    insta::assert_snapshot!(stdout, @"semver: failed: the public API has breaking changes without a matching version; see above");
    insta::assert_snapshot!(stderr, @r"
    == semver
    error: a gate failed: semver
    ");
}

#[test]
fn a_library_that_is_new_is_compared_with_nothing() {
    let panel = Panel::new();
    let base = panel.git(&["rev-parse", "HEAD"]);
    panel.write("Cargo.toml", &format!("{MANIFEST}members = [\"new\"]\n"));
    panel.write(
        "new/Cargo.toml",
        "[package]\nname = \"new\"\nversion = \"0.1.0\"\n",
    );
    panel.write("new/src/lib.rs", "");
    panel.tool("cargo-semver-checks", ASKED);
    let Outcome {
        code,
        stdout,
        stderr,
    } = panel.run(&["semver", "--base", "main"]);
    assert_eq!(code, 0, "{stderr}");
    assert!(
        stdout.starts_with(&format!(
            "asked semver-checks --baseline-rev {base} --package panel\n"
        )),
        "{stdout}"
    );
    assert!(
        stderr.contains(&format!(
            "note: `new` is new since {base}: there is nothing to compare it with\n"
        )),
        "{stderr}"
    );
}

#[test]
fn a_base_that_git_does_not_know_is_named() {
    let panel = Panel::new();
    panel.tool("cargo-semver-checks", ASKED);
    let Outcome { code, stdout, .. } = panel.run(&["semver"]);
    assert_eq!(code, 2);
    insta::assert_snapshot!(stdout, @r"
    semver: not run: there is no git revision `origin/main` to compare with
      hint: fetch it, or name another one with `--base REVISION`
    ");
}

#[test]
fn a_shallow_clone_is_told_apart_from_a_branch_that_has_nothing_in_common() {
    let origin = Panel::new();
    origin.git(&["branch", "change"]);
    origin.commit("a change");
    let panel = Panel::shallow_clone(&origin, "change");
    panel.git(&[
        "fetch",
        "--quiet",
        "--depth",
        "1",
        "origin",
        "main:refs/remotes/origin/main",
    ]);
    panel.tool("cargo-semver-checks", ASKED);
    let Outcome { code, stdout, .. } = panel.run(&["semver"]);
    assert_eq!(code, 2);
    insta::assert_snapshot!(stdout, @r"
    semver: not run: this clone is shallow and does not include the merge base with `origin/main`
      hint: `git fetch --unshallow`
    ");

    let panel = Panel::new();
    panel.git(&["switch", "--quiet", "--orphan", "other"]);
    panel.commit("a change");
    panel.tool("cargo-semver-checks", ASKED);
    let Outcome { code, stdout, .. } = panel.run(&["semver", "--base", "main"]);
    assert_eq!(code, 2);
    insta::assert_snapshot!(stdout, @r"
    semver: not run: `main` has no commit in common with this branch
      hint: name another one with `--base REVISION`
    ");
}

#[test]
fn a_licence_fails_and_an_advisory_only_warns() {
    let panel = Panel::new();
    for (script, expected) in [
        ("case $* in *advisories*) exit 1;; esac", 0),
        ("case $* in *licenses*) exit 1;; esac", 1),
        (ASKED, 0),
    ] {
        panel.tool("cargo-deny", script);
        let Outcome {
            code,
            stdout,
            stderr,
        } = panel.run(&["dependencies"]);
        assert_eq!(code, expected, "{script}: {stdout}{stderr}");
    }
    insta::assert_snapshot!(panel.run(&["dependencies"]).stdout, @r"
    asked deny check licenses bans sources
    asked deny check advisories
    dependencies: passed: licences, bans, sources, advisories
    ");
}

#[test]
fn the_toolchain_that_cargo_toml_promises_is_the_one_that_builds() {
    let panel = Panel::new();
    lock(&panel);
    for (build, expected) in [("true", 0), ("false", 1)] {
        panel.tool(
            "rustup",
            &format!("echo asked $*\ncase $1 in toolchain) echo 1.89-any;; run) {build};; esac"),
        );
        let Outcome {
            code,
            stdout,
            stderr,
        } = panel.run(&["minimum-rust"]);
        assert_eq!(code, expected, "{stdout}{stderr}");
        assert!(
            stdout.contains("asked run 1.89 cargo check --locked --workspace\n"),
            "{stdout}"
        );
    }
}

#[test]
fn a_toolchain_that_is_not_installed_is_not_mistaken_for_another() {
    let panel = Panel::new();
    lock(&panel);
    panel.tool(
        "rustup",
        "test $1 = toolchain && echo 1.8-any && echo 1.895-any && echo stable-any",
    );
    let Outcome { code, stdout, .. } = panel.run(&["minimum-rust"]);
    assert_eq!(code, 2);
    insta::assert_snapshot!(stdout, @r"
    minimum-rust: not run: Rust 1.89 is not installed; no dependency declares to need more than Rust 1.89, but nothing was built with it
      hint: `rustup toolchain install 1.89 --profile minimal`
    ");
}

#[test]
fn a_dependency_that_needs_a_newer_rust_is_found_without_any_toolchain() {
    let panel = Panel::new();
    panel.write(
        "Cargo.toml",
        &format!("{MANIFEST}\n[dependencies]\ndemanding = {{ path = \"demanding\" }}\n"),
    );
    panel.write(
        "demanding/Cargo.toml",
        "[package]\nname = \"demanding\"\nversion = \"0.1.0\"\nrust-version = \"1.90\"\n",
    );
    panel.write("demanding/src/lib.rs", "");
    lock(&panel);
    let Outcome { code, stdout, .. } = panel.run(&["minimum-rust"]);
    assert_eq!(code, 1);
    insta::assert_snapshot!(stdout, @"minimum-rust: failed: `rust-version` is 1.89, and dependencies in Cargo.lock need more: demanding 0.1.0 needs 1.90");
}

#[test]
fn every_gate_runs_after_one_that_failed() {
    let panel = Panel::new();
    lock(&panel);
    panel.tool("cargo-semver-checks", "test \"$2\" = --version");
    panel.tool("cargo-deny", ASKED);
    let Outcome { code, stdout, .. } = panel.run(&["--base", "main"]);
    assert_eq!(code, 1);
    let gates = stdout.lines().filter(|line| !line.starts_with("asked "));
    insta::assert_snapshot!(gates.collect::<Vec<_>>().join("\n"), @r"
    semver: failed: the public API has breaking changes without a matching version; see above
    dependencies: passed: licences, bans, sources, advisories
    minimum-rust: not run: `rustup` is not installed (https://rustup.rs); no dependency declares to need more than Rust 1.89, but nothing was built with it
      hint: `rustup toolchain install 1.89 --profile minimal`
    ");
}

/// Writes the lock file.
fn lock(panel: &Panel) {
    let cargo = env::var_os("CARGO").unwrap();
    let mut cargo = Command::new(cargo);
    cargo
        .args(["generate-lockfile", "--offline"])
        .current_dir(&panel.folder);
    let Outcome { code, stderr, .. } = Outcome::of(&mut cargo);
    assert_eq!(code, 0, "{stderr}");
}
