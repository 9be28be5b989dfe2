//! Small repositories with a workspace in them, and what the review prints there.

use std::fs;
use std::process::Command;

use tempfile::TempDir;

use super::super::{DOCUMENT, Outcome, RECONCILIATION};

pub(super) const ACKNOWLEDGED: &str = "openapi/acknowledged.yaml";

pub(super) const PETS: &str = "\
openapi: 3.0.3
info: {title: Pets, version: 1.0.0}
paths:
  /cats:
    get:
      operationId: list_cats
      responses:
        '200':
          description: Cats
          content: {application/json: {schema: {$ref: '#/components/schemas/Cats'}}}
  /dogs:
    get:
      operationId: list_dogs
      responses:
        '200': {description: Dogs}
components:
  schemas:
    Cats:
      type: object
      properties:
        name: {type: string}
        colour: {type: string, enum: [black, white]}
";

pub(super) const RECORD: &str = "\
entries:
  - id: cats
    subject: What a cat is
    document:
      - {pointer: /components/schemas/Cats/type, value: object}
  - id: colours
    subject: Which colours there are
    document:
      - {pointer: /components/schemas/Cats/properties/colour/enum, value: [black, white]}
";

/// Drops an operation, which breaks who calls it.
pub(super) const NO_DOGS: (&str, &str) = (
    "  /dogs:
    get:
      operationId: list_dogs
      responses:
        '200': {description: Dogs}
",
    "",
);

/// Adds a colour, which breaks who knows only the others.
pub(super) const RED: (&str, &str) = ("[black, white]", "[black, white, red]");

/// Adds a pattern to what the server sends, which nobody can compare with another pattern.
pub(super) const PATTERN: (&str, &str) = (
    "name: {type: string}",
    "name: {type: string, pattern: '^a'}",
);
pub(super) const OTHER_PATTERN: (&str, &str) = ("pattern: '^a'", "pattern: '^(a|b)'");

pub(super) const BUMPED: (&str, &str) = ("version: 1.0.0", "version: 2.0.0");

const CONFIGURATION: &str = "\
documents = [\"openapi/external-support.yaml\"]

[[generate]]
document = \"openapi/external-support.yaml\"
client = \"client.rs\"
surface = \"openapi/surface.txt\"
";

/// A repository with a workspace in it.
pub(super) struct Repository {
    pub(super) root: TempDir,
}

impl Repository {
    /// One commit, in which the document is `PETS`.
    pub(super) fn new() -> Self {
        Self::with_document(PETS)
    }

    /// A folder without anything in it, and no repository around it.
    pub(super) fn folder() -> Self {
        Self {
            root: TempDir::new().unwrap(),
        }
    }

    /// One commit with this document.
    pub(super) fn with_document(document: &str) -> Self {
        let repository = Self::folder();
        repository.write(DOCUMENT, document);
        repository.write(RECONCILIATION, RECORD);
        repository.write("spec-first.toml", CONFIGURATION);
        repository.write("Cargo.toml", "[workspace.package]\nversion = \"0.1.0\"\n");
        repository.write("tests/it/snapshots/it__cats.snap", "GET /cats\n\n200 OK\n");
        repository.git(&["init", "--quiet", "--initial-branch", "main"]);
        repository.commit();
        repository
    }

    /// The repository `origin`, with its last commits only.
    pub(super) fn shallow_clone(origin: &Self, depth: &str) -> Self {
        let repository = Self::folder();
        let url = format!("file://{}", origin.root.path().display());
        repository.git(&["clone", "--quiet", "--depth", depth, &url, "."]);
        repository
    }

    pub(super) fn write(&self, path: &str, text: &str) {
        let path = self.root.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub(super) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.root.path().join(path)).unwrap()
    }

    /// Makes each change in a file; the replaced text must occur once.
    #[track_caller]
    pub(super) fn edit(&self, path: &str, changes: &[(&str, &str)]) {
        let mut text = self.read(path);
        for (find, replace) in changes {
            assert_eq!(text.matches(find).count(), 1, "{find}");
            text = text.replace(find, replace);
        }
        self.write(path, &text);
    }

    pub(super) fn commit(&self) {
        self.git(&["add", "."]);
        self.commit_staged();
    }

    pub(super) fn commit_staged(&self) {
        self.git(&[
            "-c",
            "user.name=Somebody",
            "-c",
            "user.email=somebody@example.com",
            "commit",
            "--quiet",
            "--message",
            "a change",
        ]);
    }

    pub(super) fn git(&self, arguments: &[&str]) {
        let mut git = Command::new("git");
        let outcome = Outcome::of(git.args(arguments).current_dir(&self.root));
        assert_eq!(outcome.code, 0, "git {arguments:?}: {}", outcome.stderr);
    }

    pub(super) fn review(&self, arguments: &[&str]) -> Outcome {
        let mut task = Command::new(env!("CARGO_BIN_EXE_xtask"));
        let manifest = self.root.path().join("xtask");
        task.arg("review")
            .args(arguments)
            .current_dir(&self.root)
            .env("CARGO_MANIFEST_DIR", manifest);
        Outcome::of(&mut task)
    }

    /// The entries that acknowledge what is open, with `reason` in each.
    pub(super) fn acknowledge(&self, arguments: &[&str], reason: &str) -> String {
        let flags = ["--acknowledge", "--why", reason];
        let outcome = self.review(&[arguments, &flags].concat());
        assert_eq!(outcome.code, 0, "{}", outcome.stderr);
        self.read(ACKNOWLEDGED)
    }
}

/// All that a reviewer sees.
pub(super) fn report(outcome: &Outcome) -> String {
    let Outcome {
        code,
        stdout,
        stderr,
    } = outcome;
    format!("exit code {code}\n== standard output\n{stdout}\n== standard error\n{stderr}")
}
