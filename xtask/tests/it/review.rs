//! The review of a change, on small repositories with a document of two operations.

use std::fs;
use std::path::Path;
use std::process::Command;

use openapi_review::render::COMMENT_MARKER;
use tempfile::TempDir;

use super::{DOCUMENT, Outcome, RECONCILIATION};

const ACKNOWLEDGED: &str = "openapi/acknowledged.yaml";

const PETS: &str = "\
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

const RECORD: &str = "\
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
const NO_DOGS: (&str, &str) = (
    "  /dogs:
    get:
      operationId: list_dogs
      responses:
        '200': {description: Dogs}
",
    "",
);

/// Adds a colour, which breaks who knows only the others.
const RED: (&str, &str) = ("[black, white]", "[black, white, red]");

/// Adds a pattern to what the server sends, which nobody can compare with another pattern.
const PATTERN: (&str, &str) = (
    "name: {type: string}",
    "name: {type: string, pattern: '^a'}",
);
const OTHER_PATTERN: (&str, &str) = ("pattern: '^a'", "pattern: '^(a|b)'");

const BUMPED: (&str, &str) = ("version: 1.0.0", "version: 2.0.0");

/// A repository with a workspace in it.
struct Repository {
    root: TempDir,
}

impl Repository {
    /// One commit, in which the document is `PETS`.
    fn new() -> Self {
        let repository = Self {
            root: TempDir::new().unwrap(),
        };
        repository.write(DOCUMENT, PETS);
        repository.write(RECONCILIATION, RECORD);
        repository.write("Cargo.toml", "[workspace.package]\nversion = \"0.1.0\"\n");
        repository.write("tests/it/snapshots/it__cats.snap", "GET /cats\n\n200 OK\n");
        repository.git(&["init", "--quiet", "--initial-branch", "main"]);
        repository.commit();
        repository
    }

    /// The repository `origin`, with its last commits only.
    fn shallow_clone(origin: &Self, depth: &str) -> Self {
        let repository = Self {
            root: TempDir::new().unwrap(),
        };
        let url = format!("file://{}", origin.root.path().display());
        repository.git(&["clone", "--quiet", "--depth", depth, &url, "."]);
        repository
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.root.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn read(&self, path: &str) -> String {
        fs::read_to_string(self.root.path().join(path)).unwrap()
    }

    /// Makes each change in a file; what is exchanged must stand there once.
    #[track_caller]
    fn edit(&self, path: &str, changes: &[(&str, &str)]) {
        let mut text = self.read(path);
        for (find, replace) in changes {
            assert_eq!(text.matches(find).count(), 1, "{find}");
            text = text.replace(find, replace);
        }
        self.write(path, &text);
    }

    fn commit(&self) {
        self.git(&["add", "."]);
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

    fn git(&self, arguments: &[&str]) {
        let mut git = Command::new("git");
        let outcome = Outcome::of(git.args(arguments).current_dir(&self.root));
        assert_eq!(outcome.code, 0, "git {arguments:?}: {}", outcome.stderr);
    }

    fn review(&self, arguments: &[&str]) -> Outcome {
        let mut task = Command::new(env!("CARGO_BIN_EXE_xtask"));
        let manifest = self.root.path().join("xtask");
        task.arg("review")
            .args(arguments)
            .current_dir(&self.root)
            .env("CARGO_MANIFEST_DIR", manifest);
        Outcome::of(&mut task)
    }

    /// The entries that the review asks for, with `reason` in each.
    fn proposal(&self, arguments: &[&str], reason: &str) -> String {
        let Outcome { stdout, .. } = self.review(arguments);
        let (_, entries) = stdout
            .split_once("`openapi/acknowledged.yaml`:\n\n")
            .unwrap();
        entries.replace("why: \"\"", &format!("why: {reason}"))
    }
}

/// All that a reviewer sees.
fn report(outcome: &Outcome) -> String {
    let Outcome {
        code,
        stdout,
        stderr,
    } = outcome;
    format!("exit code {code}\n== standard output\n{stdout}\n== standard error\n{stderr}")
}

#[test]
fn nothing_changed() {
    let repository = Repository::new();
    insta::assert_snapshot!(report(&repository.review(&["--base", "HEAD"])), @r"
    exit code 0
    == standard output
    no changes (1.0.0 -> 1.0.0)
    Rust: no public name of the generated client changed

    == standard error
    ");
}

#[test]
fn what_breaks_in_the_working_tree_is_shown_with_all_that_belongs_to_it() {
    let repository = Repository::new();
    repository.edit(DOCUMENT, &[NO_DOGS, RED]);
    repository.edit(RECONCILIATION, &[("What a cat is", "What cats are")]);
    repository.edit(
        "tests/it/snapshots/it__cats.snap",
        &[("GET /cats", "GET /cats?all")],
    );
    insta::assert_snapshot!(report(&repository.review(&["--base", "main"])));
}

#[test]
fn what_is_added_beside_an_entry_does_not_touch_it() {
    let repository = Repository::new();
    repository.edit(
        DOCUMENT,
        &[(
            "name: {type: string}",
            "name: {type: string}\n        size: {type: string}",
        )],
    );
    let Outcome { code, stdout, .. } = repository.review(&["--base", "HEAD"]);
    assert_eq!(code, 0);
    assert!(stdout.contains("the property `size` was added"), "{stdout}");
    assert!(
        !stdout.contains("Entries of the reconciliation"),
        "{stdout}"
    );
}

#[test]
fn what_was_undecided_asks_for_a_smaller_step_once_it_is_acknowledged() {
    let repository = Repository::new();
    repository.edit(DOCUMENT, &[PATTERN]);
    repository.commit();
    repository.edit(DOCUMENT, &[OTHER_PATTERN]);
    let arguments = ["--base", "HEAD"];
    let breaking = "`info.version` stays `1.0.0`, and a breaking change asks for `2.0.0`\n";
    let Outcome { code, stdout, .. } = repository.review(&arguments);
    assert!(code == 1 && stdout.contains(breaking), "{stdout}");

    let entries = repository.proposal(&arguments, "each name that matched still does");
    repository.write(ACKNOWLEDGED, &entries);
    let addition = "`info.version` stays `1.0.0`, and an addition asks for `1.1.0`\n";
    let Outcome { code, stdout, .. } = repository.review(&arguments);
    assert!(code == 0 && stdout.contains(addition), "{stdout}");
}

#[test]
fn two_revisions_are_compared_whatever_is_in_the_working_tree() {
    let repository = Repository::new();
    repository.edit(DOCUMENT, &[NO_DOGS, BUMPED]);
    repository.edit("Cargo.toml", &[("0.1.0", "0.2.0")]);
    repository.commit();
    repository.write(DOCUMENT, "nothing that can be read: [");
    let arguments = ["--base", "HEAD~1", "--head", "HEAD", "--format", "markdown"];
    insta::assert_snapshot!(report(&repository.review(&arguments)));
}

#[test]
fn two_files_are_compared_without_a_repository() {
    let folder = Repository {
        root: TempDir::new().unwrap(),
    };
    folder.write("base.yaml", PETS);
    folder.write("head.yaml", &PETS.replace(NO_DOGS.0, NO_DOGS.1));
    let arguments = ["--base", "base.yaml", "--head", "head.yaml"];
    insta::assert_snapshot!(report(&folder.review(&arguments)));
}

#[test]
fn the_document_by_its_path_is_that_of_the_working_tree() {
    let repository = Repository::new();
    repository.edit(DOCUMENT, &[RED]);
    let by_path = repository.review(&["--base", "HEAD", "--head", DOCUMENT]);
    let by_default = repository.review(&["--base", "HEAD"]);
    assert_eq!(report(&by_path), report(&by_default));
}

#[test]
fn each_format_is_written() {
    let repository = Repository::new();
    repository.edit(DOCUMENT, &[NO_DOGS]);
    let mut first_lines = String::new();
    for format in ["text", "markdown", "json", "github", "sarif", "html"] {
        let Outcome { code, stdout, .. } =
            repository.review(&["--base", "HEAD", "--format", format]);
        assert_eq!(code, 1, "{format}");
        let lines: Vec<&str> = stdout.lines().take(4).collect();
        let shown: String = lines.join("\n").chars().take(300).collect();
        first_lines += &format!("== {format}\n{shown}\n");
    }
    insta::assert_snapshot!(first_lines);
}

#[test]
fn the_review_is_written_to_a_file() {
    let repository = Repository::new();
    let arguments = [
        "--base",
        "HEAD",
        "--format",
        "json",
        "--output",
        "review.json",
    ];
    let Outcome { code, stdout, .. } = repository.review(&arguments);
    assert_eq!((code, stdout.as_str()), (0, ""));
    assert!(repository.read("review.json").starts_with("{\n"));

    let outcome = repository.review(&["--base", "HEAD", "--output", "missing/review.txt"]);
    insta::assert_snapshot!(report(&outcome), @r"
    exit code 2
    == standard output

    == standard error
    error: cannot write `missing/review.txt`
      caused by: No such file or directory (os error 2)
    ");
}

#[test]
fn the_exit_code_says_what_was_asked_for() {
    let repository = Repository::new();
    repository.edit(DOCUMENT, &[PATTERN]);
    repository.commit();
    repository.edit(DOCUMENT, &[OTHER_PATTERN]);
    let code = |fail_on| {
        let arguments = ["--base", "HEAD", "--fail-on", fail_on];
        repository.review(&arguments).code
    };
    // Two patterns are undecided.
    assert_eq!(["breaking", "undecided", "none"].map(code), [0, 1, 0]);
    repository.edit(DOCUMENT, &[NO_DOGS]);
    assert_eq!(["breaking", "undecided", "none"].map(code), [1, 1, 0]);
}

#[test]
fn what_is_acknowledged_goes_through() {
    let repository = Repository::new();
    repository.edit(DOCUMENT, &[NO_DOGS, RED]);
    let arguments = ["--base", "HEAD"];
    let entries = repository.proposal(&arguments, "nobody has dogs");
    repository.write(ACKNOWLEDGED, &entries);
    let outcome = repository.review(&arguments);
    assert!(
        outcome
            .stdout
            .starts_with("2 acknowledged (1.0.0 -> 1.0.0)\n")
    );
    assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""));

    // So they do when the version takes the step that they ask for.
    repository.edit(DOCUMENT, &[BUMPED]);
    let outcome = repository.review(&arguments);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""));

    // One of them alone: the other is as open as before.
    let (first, _) = entries.split_at(entries[1..].find("- change").unwrap() + 1);
    repository.write(ACKNOWLEDGED, first);
    let outcome = repository.review(&arguments);
    assert!(
        outcome
            .stdout
            .starts_with("1 breaking, 1 acknowledged (1.0.0 -> 2.0.0)\n")
    );
    assert_eq!(outcome.code, 1);
}

#[test]
fn the_acknowledgements_are_those_of_the_head() {
    let repository = Repository::new();
    repository.edit(DOCUMENT, &[NO_DOGS]);
    let entries = repository.proposal(&["--base", "HEAD"], "nobody has dogs");
    repository.write(ACKNOWLEDGED, &entries);
    repository.commit();
    repository.write(ACKNOWLEDGED, "[]\n");
    let arguments = ["--base", "HEAD~1", "--head", "HEAD"];
    assert_eq!(repository.review(&arguments).code, 0);
    assert_eq!(repository.review(&["--base", "HEAD~1"]).code, 1);
}

#[test]
fn an_acknowledgement_that_matches_nothing_is_an_error() {
    let repository = Repository::new();
    let original = repository.read(DOCUMENT);
    repository.edit(DOCUMENT, &[NO_DOGS]);
    let entries = repository.proposal(&["--base", "HEAD"], "nobody has dogs");
    repository.write(ACKNOWLEDGED, &entries);
    repository.write(DOCUMENT, &original);
    insta::assert_snapshot!(report(&repository.review(&["--base", "HEAD"])));
}

#[test]
fn an_acknowledgement_that_has_expired_is_an_error() {
    let repository = Repository::new();
    repository.edit(DOCUMENT, &[NO_DOGS]);
    let entries = repository.proposal(&["--base", "HEAD"], "nobody has dogs");
    repository.write(ACKNOWLEDGED, &entries);
    repository.edit(DOCUMENT, &[("version: 1.0.0", "version: 2.1.0")]);
    let outcome = repository.review(&["--base", "HEAD", "--format", "github"]);
    insta::assert_snapshot!(report(&outcome));
}

#[test]
fn an_acknowledgement_that_is_none_has_its_place() {
    let repository = Repository::new();
    repository.write(ACKNOWLEDGED, "- change: '1'\n  what: a\n  because: b\n");
    insta::assert_snapshot!(report(&repository.review(&["--base", "HEAD"])), @r"
    exit code 2
    == standard output

    == standard error
    error[acknowledgement-form]: an entry has no `because`
     --> openapi/acknowledged.yaml:3:3
      |
    3 |   because: b
      |   ^^^^^^^^^^
      |
      = note: at #/0/because
      = help: an entry has `change`, `what`, `why` and `until`, each of them text; `change` stands between quotes
    ");
}

#[test]
fn a_document_that_cannot_be_read_has_its_place() {
    let repository = Repository::new();
    repository.edit(
        DOCUMENT,
        &[("    get:\n      operationId: list_cats", "    get: [")],
    );
    insta::assert_snapshot!(report(&repository.review(&["--base", "HEAD"])));
}

#[test]
fn a_document_in_several_files_is_read_from_its_revision() {
    let repository = Repository::new();
    repository.edit(
        DOCUMENT,
        &[("'#/components/schemas/Cats'", "'schemas/cats.yaml#/Cats'")],
    );
    repository.write(
        "openapi/schemas/cats.yaml",
        "Cats:\n  type: object\n  properties:\n    name: {type: string}\n",
    );
    repository.commit();
    repository.edit(
        "openapi/schemas/cats.yaml",
        &[("    name: {type: string}\n", "    names: {type: string}\n")],
    );
    insta::assert_snapshot!(report(&repository.review(&["--base", "HEAD"])));

    fs::remove_file(repository.root.path().join("openapi/schemas/cats.yaml")).unwrap();
    repository.commit();
    let outcome = repository.review(&["--base", "HEAD~1", "--head", "HEAD"]);
    insta::assert_snapshot!(report(&outcome));
}

#[test]
fn a_shallow_clone_says_what_it_lacks() {
    let origin = Repository::new();
    origin.edit(DOCUMENT, &[NO_DOGS]);
    origin.commit();
    let clone = Repository::shallow_clone(&origin, "1");
    insta::assert_snapshot!(report(&clone.review(&["--base", "HEAD^1"])));
    // What the workflow fetches is enough.
    let clone = Repository::shallow_clone(&origin, "2");
    assert_eq!(clone.review(&["--base", "HEAD^1"]).code, 1);
}

#[test]
fn a_name_that_is_nothing_is_an_error() {
    let repository = Repository::new();
    insta::assert_snapshot!(report(&repository.review(&["--base", "HEAD", "--head", "nothing.yaml"])), @r"
    exit code 2
    == standard output

    == standard error
    error: there is no file `nothing.yaml`, and git knows no revision of that name; name one of the two
    ");
    let folder = Repository {
        root: TempDir::new().unwrap(),
    };
    insta::assert_snapshot!(report(&folder.review(&["--base", "main"])), @r"
    exit code 2
    == standard output

    == standard error
    error: there is no file `main`, and no git repository in which it could be a revision
    ");
}

#[test]
fn a_revision_without_the_document_is_an_error() {
    let repository = Repository::new();
    repository.git(&["rm", "--quiet", "--cached", DOCUMENT]);
    repository.git(&[
        "-c",
        "user.name=Somebody",
        "-c",
        "user.email=somebody@example.com",
        "commit",
        "--quiet",
        "--message",
        "a change",
    ]);
    let Outcome { code, stderr, .. } = repository.review(&["--base", "HEAD"]);
    assert_eq!(code, 2);
    assert!(
        stderr.starts_with(
            "error[unreadable]: the file cannot be read: there is no such file in the revision `HEAD`\n"
        ),
        "{stderr}"
    );
}

fn workflow(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../.github/workflows");
    fs::read_to_string(folder.join(name)).unwrap()
}

#[test]
fn the_commands_of_the_workflow_do_with_what_it_fetches() {
    let origin = Repository::new();
    origin.edit(DOCUMENT, &[NO_DOGS]);
    origin.commit();
    let text = workflow("spec-review.yml");
    let after = |line: &str, words: &str| Some(line.split_once(words)?.1.to_owned());
    let depth = text.lines().find_map(|line| after(line, "fetch-depth: "));
    let clone = Repository::shallow_clone(&origin, &depth.unwrap());
    fs::create_dir(clone.root.path().join("review")).unwrap();
    let commands = text
        .lines()
        .filter_map(|line| after(line, "cargo xtask review "));
    let codes: Vec<i32> = commands
        .map(|command| {
            let arguments: Vec<&str> = command.split(' ').collect();
            clone.review(&arguments).code
        })
        .collect();
    // Only the last one judges.
    assert_eq!(codes, [0, 0, 1]);
    let comment = clone.read("review/comment.md");
    assert!(comment.starts_with(COMMENT_MARKER), "{comment}");
    assert!(clone.read("review/review.sarif").contains("\"ruleId\""));
}

#[test]
fn the_workflow_that_may_write_runs_no_code_of_the_pull_request() {
    let text = workflow("spec-review-comment.yml");
    let (steps, script) = text.split_once("script: |\n").unwrap();
    let actions: Vec<&str> = steps
        .lines()
        .filter_map(|line| Some(line.split_once("uses: ")?.1))
        .collect();
    assert_eq!(
        actions,
        ["actions/download-artifact@v5", "actions/github-script@v8"]
    );
    assert!(!steps.contains(" run: "), "{steps}");
    // What is put into a script by the runner is code.
    assert!(!script.contains("${{"), "{script}");
    let marker = format!("const marker = '{COMMENT_MARKER}';\n");
    assert!(script.contains(&marker), "{script}");
}
