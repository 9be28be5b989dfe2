//! Small repositories that contain a workspace, and the output of the review in them.

use std::ops::Deref;
use std::process::Command;

pub(crate) use test_support::repository::NO_DOGS;
pub(super) use test_support::repository::{PETS, RED};

use super::super::{DOCUMENT, Outcome, RECONCILIATION};

pub(super) const ACKNOWLEDGED: &str = "openapi/acknowledged.yaml";

pub(super) const RECORD: &str = "\
entries:
  - id: cats
    subject: What a cat is
    document:
      - {pointer: /components/schemas/Cat/type, value: object}
  - id: colours
    subject: Which colours there are
    document:
      - {pointer: /components/schemas/Cat/properties/colour/enum, value: [black, white]}
";

/// Adds a pattern to a response, which cannot be compared with another pattern.
pub(super) const PATTERN: (&str, &str) = (
    "name: {type: string}",
    "name: {type: string, pattern: '^a'}",
);
pub(super) const OTHER_PATTERN: (&str, &str) = ("pattern: '^a'", "pattern: '^(b|c)'");

const CONFIGURATION: &str = "\
documents = [\"openapi/external-support.yaml\"]

[[generate]]
document = \"openapi/external-support.yaml\"
client = \"client.rs\"
surface = \"openapi/surface.txt\"
";

/// A repository that contains a workspace.
pub(crate) struct Repository(test_support::repository::Repository);

impl Deref for Repository {
    type Target = test_support::repository::Repository;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl Repository {
    /// One commit with the document `PETS`.
    pub(crate) fn new() -> Self {
        Self::with_document(PETS)
    }

    /// An empty folder outside any repository.
    pub(crate) fn folder() -> Self {
        Self(test_support::repository::Repository::folder())
    }

    /// One commit with this document.
    pub(super) fn with_document(document: &str) -> Self {
        Self(test_support::repository::Repository::with_files(&[
            (DOCUMENT, document),
            (RECONCILIATION, RECORD),
            ("spec-first.toml", CONFIGURATION),
            ("Cargo.toml", "[workspace.package]\nversion = \"0.1.0\"\n"),
            ("tests/it/snapshots/it__cats.snap", "GET /cats\n\n200 OK\n"),
        ]))
    }

    /// A clone of `origin` with its last commits only.
    pub(crate) fn shallow_clone(origin: &Self, depth: &str) -> Self {
        let repository = Self::folder();
        let url = format!("file://{}", origin.path().display());
        repository.git(&["clone", "--quiet", "--depth", depth, &url, "."]);
        repository
    }

    pub(crate) fn review(&self, arguments: &[&str]) -> Outcome {
        let mut task = Command::new(env!("CARGO_BIN_EXE_xtask"));
        let manifest = self.path().join("xtask");
        task.arg("review")
            .args(arguments)
            .current_dir(self.path())
            .env("CARGO_MANIFEST_DIR", manifest);
        Outcome::of(&mut task)
    }

    /// Acknowledges every open change with `reason`; returns the file of acknowledgements.
    pub(super) fn acknowledge(&self, arguments: &[&str], reason: &str) -> String {
        let flags = ["--acknowledge", "--why", reason];
        let outcome = self.review(&[arguments, &flags].concat());
        assert_eq!(outcome.code, 0, "{}", outcome.stderr);
        self.read(ACKNOWLEDGED)
    }
}

/// Everything that a reviewer sees.
pub(super) fn report(outcome: &Outcome) -> String {
    test_support::repository::report(outcome.code, &outcome.stdout, &outcome.stderr)
}
