//! The action, run step by step as GitHub runs it.
//!
//! Not tested here: the upload of the artifact, and GitHub's own verification of an attestation.
#![cfg(unix)]

mod runner;

use std::path::Path;
use std::process::Command;

use cargo_metadata::MetadataCommand;
use spec_first_review::render::COMMENT_MARKER;
use tempfile::TempDir;

use super::review::repository::{NO_DOGS, Repository};
use super::{DOCUMENT, Outcome, write_program};
use runner::{Run, Runner};

/// The command that the action runs, as it was built with these tests.
const REVIEW: (&str, &str) = ("command", concat!(env!("CARGO_BIN_EXE_xtask"), " review"));
const INSTALLED: (&str, &str) = ("install", "none");

/// Adds a property, which breaks nobody.
const AGE: (&str, &str) = (
    "name: {type: string}\n",
    "name: {type: string}\n        age: {type: integer}\n",
);

/// A repository where a pull request has been checked out, as its merge into `main`.
fn pull_request(change: (&str, &str)) -> Repository {
    let repository = Repository::new();
    repository.git(&["switch", "--quiet", "--create", "feature"]);
    repository.edit(DOCUMENT, &[change]);
    repository.commit();
    repository.git(&["switch", "--quiet", "main"]);
    let author = [
        "-c",
        "user.name=Somebody",
        "-c",
        "user.email=somebody@example.com",
    ];
    let merge = ["merge", "--quiet", "--no-ff", "--no-edit", "feature"];
    repository.git(&[&author[..], &merge].concat());
    repository
}

#[test]
fn a_pull_request_that_breaks_fails_with_every_output() {
    let repository = pull_request(NO_DOGS);
    let run = Runner::new().run(&repository, &[INSTALLED, REVIEW]);
    assert_eq!(run.code, 1, "{}", run.stdout);
    assert!(run.stdout.contains("::error "), "{}", run.stdout);
    assert_eq!(run.outputs["verdict"], "breaking");
    let [sarif, comment] = ["sarif", "comment"].map(|name| runner::read(&run.outputs[name]));
    assert!(sarif.contains("\"ruleId\""), "{sarif}");
    assert!(comment.starts_with(COMMENT_MARKER), "{comment}");
    assert_eq!(run.summary, comment);
}

#[test]
fn a_pull_request_that_is_harmless_or_only_reported_passes() {
    let run = Runner::new().run(&pull_request(AGE), &[INSTALLED, REVIEW]);
    assert_eq!(
        (run.code, run.outputs["verdict"].as_str()),
        (0, "harmless"),
        "{}",
        run.stdout
    );
    let reported = ("fail-on", "none");
    let run = Runner::new().run(&pull_request(NO_DOGS), &[INSTALLED, REVIEW, reported]);
    assert_eq!(
        (run.code, run.outputs["verdict"].as_str()),
        (0, "breaking"),
        "{}",
        run.stdout
    );
}

#[test]
fn a_branch_that_is_not_merged_is_compared_with_its_merge_base() {
    let origin = pull_request(NO_DOGS);
    let clone = Repository::folder();
    let url = origin.path().display().to_string();
    clone.git(&["clone", "--quiet", &url, "."]);
    // Changes that `main` has received meanwhile are not changes of the branch.
    clone.git(&["switch", "--quiet", "feature"]);
    clone.edit(DOCUMENT, &[AGE]);
    clone.commit();
    let mut runner = Runner::new();
    runner.sha = Some("the merge");
    let run = runner.run(&clone, &[INSTALLED, REVIEW]);
    assert_eq!(
        (run.code, run.outputs["verdict"].as_str()),
        (0, "harmless"),
        "{}",
        run.stdout
    );
}

#[test]
fn a_base_and_a_document_can_be_named() {
    let repository = pull_request(NO_DOGS);
    let document = ("document", DOCUMENT);
    let run = Runner::new().run(
        &repository,
        &[INSTALLED, REVIEW, document, ("base", "HEAD")],
    );
    assert_eq!(
        (run.code, run.outputs["verdict"].as_str()),
        (0, "none"),
        "{}",
        run.stdout
    );
    let run = Runner::push().run(&repository, &[INSTALLED, REVIEW, document]);
    assert_eq!(run.code, 2);
    insta::assert_snapshot!(run.stdout, @"::error title=The review failed to run::outside of a pull request, `document` needs a `base`");
}

#[test]
fn a_project_below_the_top_is_reviewed_in_its_folder() {
    let repository = pull_request(NO_DOGS);
    repository.write("api/readme", "");
    let folder = TempDir::new().unwrap();
    let program = folder.path().join("review");
    let script = format!("echo \"in ${{PWD##*/}}\" >&2\nexec {} \"$@\"", REVIEW.1);
    write_program(&program, &script);
    let program = program.display().to_string();
    let inputs = [
        INSTALLED,
        ("command", program.as_str()),
        ("working-directory", "api"),
    ];
    let run = Runner::new().run(&repository, &inputs);
    assert_eq!(run.code, 1, "{}", run.stdout);
    assert!(run.stdout.contains("\nin api\n"), "{}", run.stdout);
}

#[test]
fn a_review_that_cannot_be_done_is_not_a_verdict() {
    let repository = pull_request(NO_DOGS);
    let run = Runner::new().run(&repository, &[INSTALLED, REVIEW, ("base", "--help")]);
    assert_eq!(
        (run.code, run.outputs.get("verdict")),
        (2, None),
        "{}",
        run.stdout
    );
    // The annotation and the comment say why; the comment replaces that of an earlier review.
    let annotation =
        "::error title=The review failed to run::error: there is no file or git revision `--help`";
    assert_eq!(run.commands(), [annotation], "{}", run.stdout);
    let comment = runner::read(&run.outputs["comment"]);
    assert!(comment.starts_with(COMMENT_MARKER), "{comment}");
    assert!(
        comment.contains("\n    error: there is no file"),
        "{comment}"
    );
    assert_eq!(run.summary, comment);
    let shallow = Repository::shallow_clone(&repository, "1");
    let run = Runner::new().run(&shallow, &[INSTALLED, REVIEW]);
    assert_eq!(run.code, 2);
    insta::assert_snapshot!(run.stdout, @"::error title=The review failed to run::the merge commit of the pull request and its parents are not checked out; run on `pull_request`, and check out with `fetch-depth: 2`");
}

/// Only annotations may be commands.
#[track_caller]
fn check_commands(run: &Run) {
    let is_annotation = |line: &&str| {
        let level = line.trim_start_matches(':').split([' ', ':']).next();
        matches!(level, Some("error" | "warning" | "notice")) && !line.contains("##[")
    };
    let commands = run.commands();
    let others = commands.iter().filter(|line| !is_annotation(line));
    assert_eq!(others.count(), 0, "{}", run.stdout);
}

#[test]
fn what_a_pull_request_contains_is_not_obeyed() {
    let file = "openapi/\n::add-mask::e.yaml";
    let listed = format!("documents = [{file:?}]\n");
    let generated = format!("[[generate]]\ndocument = {file:?}\nsurface = \"surface.txt\"\n");
    for (path, text) in [
        (
            DOCUMENT,
            "\"a\\n::add-mask::e\": 1\n\"a\\n::add-mask::e\": 2\n",
        ),
        (DOCUMENT, "a: 1\na: 2 # ##[add-mask]e\n"),
        ("spec-first.toml", "\"a\\n::add-mask::e\" = 1\n"),
        ("spec-first.toml", "\"a\\n ##[add-mask]e\" = 1\n"),
        ("spec-first.toml", &listed),
        ("spec-first.toml", &generated),
    ] {
        let repository = pull_request(AGE);
        repository.write(path, text);
        let run = Runner::new().run(&repository, &[INSTALLED, REVIEW]);
        assert_eq!(run.code, 2, "{}", run.stdout);
        check_commands(&run);
        let mut command = repository.review(&["HEAD^1", "--format", "github"]);
        command.stdout += &command.stderr;
        for line in command.stdout.lines().map(str::trim) {
            let is_command = line.starts_with("::a") || line.contains("##[");
            assert!(!is_command, "{}", command.stdout);
        }
    }
}

#[test]
fn a_command_can_only_annotate() {
    let repository = pull_request(NO_DOGS);
    let folder = TempDir::new().unwrap();
    let program = folder.path().join("review");
    // A build may print such lines before the review starts.
    let script = format!(
        "case $* in *github*) ;; *) echo ::add-mask::e ;; esac\nexec {} \"$@\"",
        REVIEW.1
    );
    write_program(&program, &script);
    let program = program.display().to_string();
    let run = Runner::new().run(&repository, &[INSTALLED, ("command", &program)]);
    assert_eq!(run.code, 1, "{}", run.stdout);
    assert!(
        run.commands()
            .iter()
            .any(|line| line.starts_with("::error ")),
        "{}",
        run.stdout
    );
    check_commands(&run);
}

/// A release in a folder, and GitHub's command, which only takes files from there and says what it was asked.
struct Release {
    folder: TempDir,
    version: String,
}

const TARGET: &str = "x86_64-unknown-linux-musl";

impl Release {
    /// Packs a program that only says its version and what it was asked.
    fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let version = env!("CARGO_PKG_VERSION").to_owned();
        let release = Self { folder, version };
        let program = release.folder.path().join("program");
        write_program(&program, &format!("echo spec-first {}", release.version));
        let mut package = Command::new(workspace.join(".ci/package"));
        package
            .arg(TARGET)
            .arg("program")
            .current_dir(&release.folder);
        let packed = Outcome::of(package.env("CARGO_TARGET_DIR", release.folder.path()));
        assert_eq!(packed.code, 0, "{}", packed.stderr);
        release.answer("attestation", "true");
        release
    }

    fn archive(&self) -> std::path::PathBuf {
        let name = format!("packages/spec-first-{}-{TARGET}.tar.gz", self.version);
        self.folder.path().join(name)
    }

    /// Installs GitHub's command, with what it does when it is asked for `subject`.
    fn answer(&self, subject: &str, does: &str) {
        let packages = self.folder.path().join("packages");
        let copy = format!("cp {}/* .", packages.display());
        let script =
            format!("echo asked gh \"$@\"\ncase $1 in {subject}) {does};; release) {copy};; esac");
        write_program(&self.folder.path().join("gh"), &script);
    }

    fn install(&self) -> Run {
        let mut runner = Runner::new();
        runner.path.push(self.folder.path().to_owned());
        let command = ("command", "spec-first");
        runner.run(&Repository::folder(), &[command])
    }
}

#[test]
fn a_release_is_installed_when_its_checksum_and_its_attestation_are_right() {
    let release = Release::new();
    let run = release.install();
    let version = &release.version;
    let name = format!("spec-first-{version}-{TARGET}.tar.gz");
    let asked: Vec<&str> = run
        .stdout
        .lines()
        .filter(|line| line.starts_with("asked "))
        .collect();
    assert_eq!(
        asked,
        [
            format!(
                "asked gh release download v{version} --repo somebody/spec-first --clobber --pattern {name} --pattern {name}.sha256"
            ),
            format!(
                "asked gh attestation verify {name} --repo somebody/spec-first --source-ref refs/tags/v{version} \
                --signer-workflow somebody/spec-first/.github/workflows/release.yml --deny-self-hosted-runners"
            ),
        ]
    );
    let is_found = run.path.last().unwrap().join("spec-first").is_file();
    assert!(is_found, "{:?}", run.path);
}

#[test]
fn a_release_that_is_not_what_was_built_is_not_installed() {
    let release = Release::new();
    let installed = release.install().path.len();
    release.answer("attestation", "false");
    let run = release.install();
    assert_eq!((run.code, run.path.len()), (1, installed - 1));
    assert!(
        run.stdout.contains("was not built by the release workflow"),
        "{}",
        run.stdout
    );

    release.answer("attestation", "true");
    std::fs::write(release.archive(), "other").unwrap();
    let run = release.install();
    assert_eq!((run.code, run.path.len()), (1, installed - 1));
    assert!(
        run.stdout.contains("does not have its checksum"),
        "{}",
        run.stdout
    );

    release.answer("release", "false");
    let run = release.install();
    assert_eq!((run.code, run.path.len()), (1, installed - 1));
    assert!(
        run.stdout.contains("use `install: source`"),
        "{}",
        run.stdout
    );
}

#[test]
fn cargo_binstall_finds_the_same_archive() {
    let release = Release::new();
    let mut metadata = MetadataCommand::new();
    let metadata = metadata.no_deps().exec().unwrap();
    let package = metadata
        .packages
        .iter()
        .find(|package| package.name == "spec-first")
        .unwrap();
    let settings = &package.metadata["binstall"];
    let expand = |setting: &str| {
        let values = [
            ("{ name }", "spec-first"),
            ("{ bin }", "spec-first"),
            ("{ binary-ext }", ""),
            ("{ version }", &release.version),
            ("{ target }", TARGET),
            ("{ repo }", "https://github.com/somebody/spec-first"),
        ];
        let mut text = settings[setting].as_str().unwrap().to_owned();
        for (name, value) in values {
            text = text.replace(name, value);
        }
        text
    };
    assert_eq!(settings["pkg-fmt"], "tgz");
    let archive = release.archive();
    let name = archive.file_name().unwrap().to_str().unwrap();
    let tag = &release.version;
    assert_eq!(
        expand("pkg-url"),
        format!("https://github.com/somebody/spec-first/releases/download/v{tag}/{name}")
    );
    let mut list = Command::new("tar");
    let listed = Outcome::of(list.arg("-tzf").arg(&archive)).stdout;
    let binary = expand("bin-dir");
    assert!(
        listed.lines().any(|line| line == binary),
        "{binary} in {listed}"
    );
}
