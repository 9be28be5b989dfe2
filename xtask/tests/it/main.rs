//! The tasks, run as a contributor runs them, on a copy of the files that they read and write.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod action;
mod downstream;
mod packaging;
mod review;

use std::path::Path;
use std::process::Command;
use std::{fs, str};

use tempfile::TempDir;

const DOCUMENT: &str = "openapi/external-support.yaml";
const RECONCILIATION: &str = "openapi/reconciliation.yaml";
const FACTS: &str = "openapi/facts/update.yaml";
const DERIVED: [&str; 6] = [
    "crates/spec-first/spec-first.schema.json",
    "crates/spec-first-review/review.schema.json",
    "crates/spec-first/lint.schema.json",
    "crates/jelou-client/generated/client.rs",
    "openapi/surface.txt",
    "openapi/RECONCILIATION.md",
];

/// A copy of the part of the workspace that the tasks touch.
struct Copy {
    root: TempDir,
}

/// What a task printed, and its exit code.
struct Outcome {
    code: i32,
    stdout: String,
    stderr: String,
}

impl Copy {
    fn new() -> Self {
        let copy = Self {
            root: TempDir::new().unwrap(),
        };
        let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let folders = ["tests", "crates", "openapi/facts"].map(|folder| workspace.join(folder));
        let files = folders
            .iter()
            .flat_map(walkdir::WalkDir::new)
            .map(Result::unwrap);
        let tests = files
            .filter(|entry| {
                entry
                    .path()
                    .extension()
                    .is_some_and(|extension| extension == "rs")
                    || entry.file_type().is_file()
                        && entry.path().starts_with(workspace.join("openapi/facts"))
            })
            .map(|entry| {
                entry
                    .path()
                    .strip_prefix(workspace)
                    .unwrap()
                    .to_str()
                    .unwrap()
                    .to_owned()
            });
        for path in [DOCUMENT, RECONCILIATION, FACTS, "spec-first.toml"]
            .into_iter()
            .chain(DERIVED)
            .map(str::to_owned)
            .chain(tests)
        {
            let target = copy.root.path().join(&path);
            fs::create_dir_all(target.parent().unwrap()).unwrap();
            fs::copy(workspace.join(&path), target).unwrap();
        }
        copy
    }

    fn read(&self, path: &str) -> String {
        fs::read_to_string(self.root.path().join(path)).unwrap()
    }

    /// Replaces text that occurs exactly once in a file.
    #[track_caller]
    fn edit(&self, path: &str, find: &str, replace: &str) {
        let text = self.read(path);
        assert_eq!(
            text.matches(find).count(),
            1,
            "`{find}` must occur once in `{path}`"
        );
        fs::write(self.root.path().join(path), text.replace(find, replace)).unwrap();
    }

    /// The number of the one line that has `text` in it.
    fn line_of(&self, path: &str, text: &str) -> usize {
        let text = self.read(path).lines().position(|line| line.contains(text));
        text.unwrap() + 1
    }

    fn run(&self, arguments: &[&str]) -> Outcome {
        Outcome::of(
            Command::new(env!("CARGO_BIN_EXE_xtask"))
                .args(arguments)
                .env("CARGO_MANIFEST_DIR", self.root.path().join("xtask")),
        )
    }
}

impl Outcome {
    fn of(command: &mut Command) -> Self {
        let output = command.output().unwrap();
        Self {
            code: output.status.code().unwrap(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

/// Writes a program that runs `script`.
#[cfg(unix)]
fn write_program(path: &Path, script: &str) {
    // Written by another process: if this one wrote it, a thread that forks meanwhile could keep the file open for writing, and
    // then it could not be run.
    let write = r#"printf '#!/bin/sh\n%s\n' "$1" > "$2" && chmod +x "$2""#;
    let mut shell = Command::new("sh");
    shell.args(["-c", write, "sh", script]).arg(path);
    assert!(shell.status().unwrap().success());
}

/// Adds one optional property, as a contributor would in a hurry.
fn add_property(copy: &Copy) {
    copy.edit(
        DOCUMENT,
        "            integration created by other means may contain any string.\n          example: https://my-system.com/webhook/jelou-v2\n",
        "            integration created by other means may contain any string.\n          example: https://my-system.com/webhook/jelou-v2\n        region:\n          type: string\n",
    );
}

#[test]
fn the_workspace_is_in_order() {
    let copy = Copy::new();
    for task in [&["generate", "--check"][..], &["lint"]] {
        let Outcome {
            code,
            stdout,
            stderr,
        } = copy.run(task);
        assert_eq!(
            (code, stdout.as_str(), stderr.as_str()),
            (0, "", ""),
            "{task:?}"
        );
    }
}

#[test]
fn a_stale_file_is_shown_as_a_diff_and_not_touched() {
    let copy = Copy::new();
    add_property(&copy);
    let before = DERIVED.map(|path| copy.read(path));
    let Outcome {
        code,
        stdout,
        stderr,
    } = copy.run(&["generate", "--check"]);
    assert_eq!(code, 1);
    assert!(
        stdout.contains("--- a/crates/jelou-client/generated/client.rs\n"),
        "{stdout}"
    );
    assert!(
        stdout.contains("\n+        pub region: ::std::option::Option<::std::string::String>,\n"),
        "{stdout}"
    );
    // Only what changes: the lines around it change with every other edit of the document.
    let surface = &stdout[stdout.find("--- a/openapi/surface.txt").unwrap()..];
    let changes: Vec<_> = surface
        .lines()
        .filter(|line| line.starts_with(['+', '-']))
        .collect();
    insta::assert_snapshot!(changes.join("\n"), @r#"
    --- a/openapi/surface.txt
    +++ b/openapi/surface.txt
    +document #/components/schemas/Integration/properties/region/type = "string"
    +rust field types::Integration.region: Option<String> as `region`
    "#);
    insta::assert_snapshot!(stderr, @r"
    error: 2 derived files are not up to date: crates/jelou-client/generated/client.rs, openapi/surface.txt
    hint: run `cargo xtask generate`, and review what it changes
    ");
    assert_eq!(before, DERIVED.map(|path| copy.read(path)));
}

#[test]
fn generating_brings_everything_in_order_and_a_second_time_changes_nothing() {
    let copy = Copy::new();
    add_property(&copy);
    assert_eq!(copy.run(&["generate"]).code, 0);
    assert_eq!(copy.run(&["generate", "--check"]).code, 0);
    let generated = DERIVED.map(|path| copy.read(path));
    let Outcome { code, stderr, .. } = copy.run(&["generate"]);
    assert_eq!((code, stderr.as_str()), (0, ""));
    assert_eq!(generated, DERIVED.map(|path| copy.read(path)));
}

#[test]
fn a_derived_file_that_is_missing_is_written_again() {
    let copy = Copy::new();
    let path = copy.root.path().join(DERIVED[2]);
    fs::remove_file(&path).unwrap();
    assert_eq!(copy.run(&["generate", "--check"]).code, 1);
    assert_eq!(copy.run(&["generate"]).code, 0);
    assert!(path.exists());
}

#[test]
fn a_property_without_description_and_example_is_found() {
    let copy = Copy::new();
    add_property(&copy);
    let Outcome {
        code,
        stdout,
        stderr,
    } = copy.run(&["lint"]);
    assert_eq!(code, 1);
    let line = copy.line_of(DOCUMENT, "        region:");
    assert_eq!(
        stdout,
        format!(
            "\
advice[missing-description]: the property `region` has no description
   --> openapi/external-support.yaml:{line}:9
    |
{line} |         region:
    |         ^^^^^^^
    |
    = note: at #/components/schemas/Integration/properties/region
    = help: add a `description` that says more than the name

advice[missing-example]: the property `region` has no example
   --> openapi/external-support.yaml:{line}:9
    |
{line} |         region:
    |         ^^^^^^^
    |
    = note: at #/components/schemas/Integration/properties/region
    = help: add a realistic `example`

"
        )
    );
    let hint = "hint: `spec-first lint --explain RULE` says why a rule exists\n";
    assert_eq!(stderr, format!("error: 2 pieces of advice\n{hint}"));
}

#[test]
fn any_document_can_be_linted() {
    let copy = Copy::new();
    let sound = copy.root.path().join(DOCUMENT);
    let other = copy.root.path().join("other.yaml");
    let texts = "x".repeat(2000);
    fs::write(
        &other,
        format!("openapi: 3.0.3\ninfo: {{title: '{texts}'}}\npaths: {{}}\n"),
    )
    .unwrap();
    let Outcome { code, stdout, .. } = copy.run(&["lint", sound.to_str().unwrap()]);
    assert_eq!((code, stdout.as_str()), (0, ""));
    let Outcome { code, stdout, .. } = copy.run(&["lint", other.to_str().unwrap()]);
    assert_eq!(code, 1);
    assert!(stdout.contains("other.yaml:2:"), "{stdout}");
    assert!(!stdout.contains(&texts), "{stdout}");
    let missing = copy.root.path().join("missing.yaml");
    let Outcome { code, stderr, .. } = copy.run(&["lint", missing.to_str().unwrap()]);
    assert_eq!(code, 2);
    assert!(stderr.contains("missing.yaml"), "{stderr}");
}

#[test]
fn a_broken_pointer_names_the_entry_and_the_line() {
    let copy = Copy::new();
    copy.edit(
        RECONCILIATION,
        "ClientCredentials/scheme, value",
        "ClientCredentials/schema, value",
    );
    let Outcome { code, stdout, .. } = copy.run(&["lint"]);
    assert_eq!(code, 1);
    let line = copy.line_of(RECONCILIATION, "ClientCredentials/schema, value");
    assert!(
        stdout.starts_with(
            "error[pointer-to-nothing]: the entry `authentication` points to \
             `/components/securitySchemes/ClientCredentials/schema`, which does not exist in openapi/external-support.yaml\n"
        ),
        "{stdout}"
    );
    assert!(
        stdout.contains(&format!("--> openapi/reconciliation.yaml:{line}:10\n")),
        "{stdout}"
    );
}

#[test]
fn invalid_yaml_is_reported_with_its_place_and_nothing_is_written() {
    let copy = Copy::new();
    copy.edit(
        DOCUMENT,
        "openapi: 3.1.0\n",
        "openapi: 3.1.0\nopenapi: 3.1.0\n",
    );
    let before = DERIVED.map(|path| copy.read(path));
    for task in ["generate", "lint"] {
        let Outcome {
            code,
            stdout,
            stderr,
        } = copy.run(&[task]);
        assert_eq!(code, 2);
        // A finding of the linter is data; for the others it is an error.
        let said = if task == "lint" { stdout } else { stderr };
        assert!(said.contains("openapi/external-support.yaml:8:1"), "{said}");
    }
    assert_eq!(before, DERIVED.map(|path| copy.read(path)));
}

#[test]
fn a_document_that_is_missing_is_an_error() {
    let copy = Copy::new();
    fs::remove_file(copy.root.path().join(DOCUMENT)).unwrap();
    let Outcome { code, stderr, .. } = copy.run(&["generate"]);
    assert_eq!(code, 2);
    assert!(
        stderr.starts_with("error: cannot read `openapi/external-support.yaml`\n  caused by: "),
        "{stderr}"
    );
}

#[test]
fn what_the_generator_would_ignore_stops_it_with_its_place() {
    let copy = Copy::new();
    copy.edit(
        DOCUMENT,
        "operationId: update_integration\n      # Each field is set to the given value, so a client may resend the request if it received no response.\n      x-idempotent: true\n",
        "operationId: update_integration\n      x-idempotent: sometimes\n",
    );
    let Outcome { code, stderr, .. } = copy.run(&["generate"]);
    assert_eq!(code, 2);
    assert!(
        stderr.contains("openapi/external-support.yaml:")
            && stderr.contains("neither `true` nor `false`"),
        "{stderr}"
    );
}
