//! `spec-first review`.

mod acknowledging;
mod documents;

use super::folder::{AGE, Folder, NO_DOGS, PETS, RED, stdout};

const DOCUMENT: &str = "api/openapi.yaml";

fn pets() -> Folder {
    Folder::repository(&[(DOCUMENT, PETS), ("README.md", "# Pets\n")])
}

#[test]
fn without_arguments_the_working_tree_is_compared_with_where_the_branch_was_left() {
    let folder = pets();
    // What happens on `main` meanwhile is not a change of this branch.
    folder.git(&["switch", "--quiet", "main"]);
    folder.edit(DOCUMENT, &[AGE]);
    folder.commit();
    folder.git(&["switch", "--quiet", "feature"]);
    folder.edit(DOCUMENT, &[NO_DOGS]);
    folder.commit();
    folder.edit(DOCUMENT, &[RED]);
    insta::assert_snapshot!(folder.run(&["review"]), @r#"
    exit code 1
    == standard output
    2 breaking (1.0.0 -> 1.0.0)
    `info.version` stays `1.0.0`, and a breaking change requires `2.0.0`

    breaking[operation/narrower]: the operation `GET /dogs` was dropped (api/openapi.yaml:12:5 in the base)
    breaking[enum/wider]: `colour` of `Cat`: `"red"` is now allowed (api/openapi.yaml:17:32)
    == standard error
    error: 2 changes are breaking or undecided and not acknowledged
    hint: revert the change, or acknowledge it in `api/acknowledged.yaml` with `--acknowledge`; `--details` shows the lines
    "#);
    assert_eq!(folder.run_in("api", &["review"]), folder.run(&["review"]));
}

#[test]
fn details_show_the_lines() {
    let folder = pets();
    folder.edit(DOCUMENT, &[NO_DOGS]);
    insta::assert_snapshot!(folder.run(&["review", "--details"]), @r"
    exit code 1
    == standard output
    1 breaking (1.0.0 -> 1.0.0)
    `info.version` stays `1.0.0`, and a breaking change requires `2.0.0`

    breaking[operation/narrower]: the operation `GET /dogs` was dropped
      --> api/openapi.yaml:12:5
       |
    11 |   /dogs:
    12 |     get:
       |     ^^^^ base
    13 |       operationId: list_dogs
       |
      ::: api/openapi.yaml:3:1
       |
     2 | info: {title: Pets, version: 1.0.0}
     3 | paths:
       | ------ not in the head
     4 |   /cats:
       |
       = old client, new server: breaking, an old client may send what is no longer accepted
       = new client, old server: harmless
       = running generated client: harmless
       = used by: `GET /dogs`
    == standard error
    error: 1 change is breaking or undecided and not acknowledged
    hint: revert the change, or acknowledge it in `api/acknowledged.yaml` with `--acknowledge`
    ");
}

#[test]
fn nothing_that_breaks_is_in_order() {
    let folder = pets();
    folder.edit(DOCUMENT, &[AGE]);
    insta::assert_snapshot!(folder.run(&["review"]), @r"
    exit code 0
    == standard output
    1 harmless (1.0.0 -> 1.0.0)
    `info.version` stays `1.0.0`, and an addition requires `1.1.0`

    harmless[property-added/narrower]: `Cat`: the property `age` was added (api/openapi.yaml:22:9)
    ");
}

#[test]
fn no_format_has_a_word_of_rust_where_no_client_is_generated() {
    let folder = pets();
    folder.edit(DOCUMENT, &[NO_DOGS]);
    for format in [
        "text",
        "markdown",
        "json",
        "github",
        "sarif",
        "html",
        "junit",
        "changelog",
    ] {
        let report = folder.run(&["review", "--details", "--format", format]);
        assert!(report.starts_with("exit code 1\n"), "{report}");
        let body = report
            .split_once("</head>")
            .map_or(report.as_str(), |(_, body)| body);
        assert!(!body.to_lowercase().contains("rust"), "{format}: {body}");
    }
}

#[test]
fn a_side_is_a_file_a_revision_a_path_in_a_revision_or_standard_input() {
    let folder = pets();
    folder.edit(DOCUMENT, &[NO_DOGS]);
    let expected = "1 breaking (1.0.0 -> 1.0.0)";
    let head = folder.read(DOCUMENT);
    folder.write("base.yaml.txt", PETS);
    for arguments in [
        &["HEAD"][..],
        &["HEAD:api/openapi.yaml"],
        &["base.yaml.txt"],
        &["base.yaml.txt", DOCUMENT],
        &["HEAD", DOCUMENT],
    ] {
        let report = folder.run(&[&["review"], arguments].concat());
        assert_eq!(
            stdout(&report).lines().next(),
            Some(expected),
            "{arguments:?}: {report}"
        );
    }
    let report = folder.run_with(&head, &["review", "HEAD", "-"]);
    assert_eq!(stdout(&report).lines().next(), Some(expected), "{report}");
    let report = folder.run_with(PETS, &["review", "-", DOCUMENT]);
    assert_eq!(stdout(&report).lines().next(), Some(expected), "{report}");
    folder.commit();
    folder.write(DOCUMENT, "not read: [");
    let report = folder.run(&["review", "main", "HEAD"]);
    assert_eq!(stdout(&report).lines().next(), Some(expected), "{report}");
}

#[test]
fn two_files_need_no_repository() {
    let folder = Folder::new();
    folder.write("old.yaml", PETS);
    folder.write("new.yaml", &PETS.replace(NO_DOGS.0, NO_DOGS.1));
    insta::assert_snapshot!(folder.run(&["review", "old.yaml", "new.yaml"]), @r"
    exit code 1
    == standard output
    1 breaking (1.0.0 -> 1.0.0)
    `info.version` stays `1.0.0`, and a breaking change requires `2.0.0`

    breaking[operation/narrower]: the operation `GET /dogs` was dropped (old.yaml:12:5 in the base)
    == standard error
    error: 1 change is breaking or undecided and not acknowledged
    hint: revert the change, or acknowledge it in `acknowledged.yaml` with `--acknowledge`; `--details` shows the lines
    ");
}

#[test]
fn what_cannot_be_found_is_an_error_that_says_what_to_do() {
    let folder = Folder::new();
    insta::assert_snapshot!(folder.run(&["review"]), @r"
    exit code 2
    == standard error
    error: cannot find the branch to compare with: `[folder]` is not in a git repository
    hint: name a revision or a file, for example `spec-first review HEAD~1`, or set `base` in `spec-first.toml`
    ");
    folder.write("old.yaml", PETS);
    insta::assert_snapshot!(folder.run(&["review", "old.yaml", "main"]), @r"
    exit code 2
    == standard error
    error: there is no file `main`, and this is not a git repository, so it cannot be a revision
    ");
    let folder = Folder::repository(&[("README.md", "# Nothing\n")]);
    insta::assert_snapshot!(folder.run(&["review"]), @r"
    exit code 2
    == standard error
    error: found no OpenAPI document in `[folder]`
    hint: name the document, or list it under `documents` in `spec-first.toml`
    ");
    let folder = Folder::repository(&[("a.yaml", PETS), ("b/c.json", "{\"openapi\": \"3.1.0\"}")]);
    insta::assert_snapshot!(folder.run(&["review"]), @r"
    exit code 2
    == standard error
    error: found several OpenAPI documents:
      a.yaml
      b/c.json
    hint: name one of them, or list them under `documents` in `spec-first.toml`; `spec-first init` writes that file
    ");
    let folder = pets();
    folder.git(&["branch", "--quiet", "--move", "main", "trunk"]);
    insta::assert_snapshot!(folder.run(&["review"]), @r"
    exit code 2
    == standard error
    error: cannot find the branch to compare with: there is no `origin/HEAD`, and none of `origin/main`, `origin/master`, `main`, `master`
    hint: name a revision or a file, for example `spec-first review HEAD~1`, or set `base` in `spec-first.toml`
    ");
    insta::assert_snapshot!(folder.run(&["review", "-", "-"]), @r"
    exit code 2
    == standard error
    error: both sides are standard input
    hint: read one of them from a file or a revision
    ");
}

#[test]
fn the_branch_of_the_configuration_is_compared_with() {
    let folder = pets();
    folder.git(&["branch", "--quiet", "--move", "main", "trunk"]);
    folder.write("spec-first.toml", "base = \"trunk\"\n");
    folder.edit(DOCUMENT, &[NO_DOGS]);
    assert!(folder.run(&["review"]).starts_with("exit code 1\n"));
    folder.write("spec-first.toml", "base = \"trunks\"\n");
    insta::assert_snapshot!(folder.run(&["review"]), @r"
    exit code 2
    == standard error
    error: cannot find the branch to compare with: `base` in `spec-first.toml` names `trunks`, which is not a git revision
    hint: name a revision or a file, for example `spec-first review HEAD~1`, or set `base` in `spec-first.toml`
    ");
}

#[test]
fn a_repository_that_git_refuses_to_read_is_not_called_a_missing_one() {
    let folder = pets();
    for arguments in [&["review"][..], &["review", "HEAD"]] {
        let mut command = folder.command("", arguments);
        // What git does in a container where the repository belongs to another user.
        command.env("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1");
        let output = command.output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert!(stderr.contains("detected dubious ownership"), "{stderr}");
        assert!(
            stderr.contains("git config --global --add safe.directory"),
            "{stderr}"
        );
    }
}

#[cfg(unix)]
#[test]
fn a_folder_or_a_pipe_is_not_a_document() {
    let folder = pets();
    let fifo = folder.path().join("pipe.yaml");
    let made = std::process::Command::new("mkfifo").arg(fifo).status();
    assert!(made.unwrap().success());
    for arguments in [
        &["review", DOCUMENT, "api"][..],
        &["lint", "api"],
        &["mock", "api"],
    ] {
        insta::allow_duplicates! {
            insta::assert_snapshot!(folder.run(arguments), @r"
            exit code 2
            == standard error
            error: `api` is a folder; name the document in it, for example `api/openapi.yaml`
            ");
        }
    }
    insta::assert_snapshot!(folder.run(&["review", DOCUMENT, "pipe.yaml"]), @r"
    exit code 2
    == standard error
    error: `pipe.yaml` is not a regular file
    hint: to read the output of a program, name `-` and use standard input
    ");
}

#[test]
fn the_configuration_says_how_seriously_a_change_is_taken() {
    let folder = pets();
    folder.edit(DOCUMENT, &[NO_DOGS]);
    folder.edit(DOCUMENT, &[RED]);
    folder.edit(DOCUMENT, &[AGE]);
    folder.write(
        "spec-first.toml",
        "[policy]\n\"enum/wider\" = { response = \"warning\" }\noperation = { request = \"harmless\" }\n\
         property-added = { response = \"ignore\" }\n",
    );
    insta::assert_snapshot!(folder.run(&["review"]), @r#"
    exit code 0
    == standard output
    1 warning, 1 harmless (1.0.0 -> 1.0.0)
    `info.version` stays `1.0.0`, and an addition requires `1.1.0`

    warning[enum/wider]: `colour` of `Cat`: `"red"` is now allowed (api/openapi.yaml:18:32)
    harmless[operation/narrower]: the operation `GET /dogs` was dropped (api/openapi.yaml:12:5 in the base)
    "#);
}

#[test]
fn a_setting_that_does_not_exist_has_its_line() {
    let folder = pets();
    folder.write("spec-first.toml", "documents = []\nignored-paths = []\n");
    insta::assert_snapshot!(folder.run(&["review"]), @r"
    exit code 2
    == standard error
    error: spec-first.toml:2:1: unknown setting `ignored-paths`, expected one of `documents`, `base`, `acknowledgements`, `fail-on`, `minimum-notice-days`, `version-policy`, `ignore-paths`, `strip-prefixes`, `policy`, `lint`, `source`, `generate`
    hint: did you mean `ignore-paths`?
    ");
}

#[test]
fn paths_are_left_out_and_lose_their_prefix() {
    let folder = pets();
    let moved = PETS
        .replace("  /cats:", "  /v2/cats:")
        .replace("  /dogs:", "  /internal/dogs:");
    folder.write(DOCUMENT, &moved);
    folder.commit();
    folder.edit(DOCUMENT, &[("  /v2/cats:", "  /cats:")]);
    folder.edit(DOCUMENT, &[("  /internal/dogs:", "  /internal/birds:")]);
    assert!(folder.run(&["review", "HEAD"]).starts_with("exit code 1\n"));
    folder.write(
        "spec-first.toml",
        "ignore-paths = [\"/internal/**\"]\nstrip-prefixes = [\"/v2\"]\n",
    );
    insta::assert_snapshot!(folder.run(&["review", "HEAD"]), @r"
    exit code 0
    == standard output
    no changes (1.0.0 -> 1.0.0)
    ");
}

#[test]
fn an_error_in_the_base_says_which_revision_it_is_in() {
    let folder =
        Folder::repository(&[(DOCUMENT, "openapi: 3.0.3\ninfo: {}\ninfo: {}\npaths: {}\n")]);
    folder.write(DOCUMENT, PETS);
    for base in [&["review"][..], &["review", "HEAD~0"]] {
        let report = folder.run(base);
        let name = base.get(1).unwrap_or(&"main");
        let words =
            format!("duplicate key `info`; this is in the base, revision `{name}` (commit ");
        assert!(report.contains(&words), "{report}");
    }
    folder.commit();
    folder.write(DOCUMENT, "openapi: 3.0.3\ninfo: {}\ninfo: {}\npaths: {}\n");
    let report = folder.run(&["review", "HEAD"]);
    assert!(report.contains("duplicate key `info`\n"), "{report}");
}

#[test]
fn a_changelog_says_everything_in_words_for_release_notes() {
    let folder = pets();
    folder.edit(DOCUMENT, &[NO_DOGS, AGE, RED]);
    insta::assert_snapshot!(folder.run(&["review", "--changelog", "--fail-on", "none"]), @r#"
    exit code 0
    == standard output
    ## Unreleased

    ### Added

    - `Cat`: the property `age` was added.

    ### Changed

    - **Breaking:** `colour` of `Cat`: `"red"` is now allowed.

    ### Removed

    - **Breaking:** the operation `GET /dogs` was dropped.
    "#);
    let report = folder.run(&["review", "--changelog", "--format", "json"]);
    assert!(report.contains("cannot be used with"), "{report}");
}

#[test]
fn a_generated_client_is_reviewed_too() {
    let configuration = "[[generate]]\ndocument = \"api/openapi.yaml\"\nclient = \"client.rs\"\n";
    let manifest = "[package]\nname = \"pets\"\nversion = \"0.3.0\"\n";
    let folder = pets();
    folder.write("spec-first.toml", configuration);
    folder.write("Cargo.toml", manifest);
    folder.commit();
    folder.edit(DOCUMENT, &[NO_DOGS]);
    insta::assert_snapshot!(folder.run(&["review", "HEAD"]), @r"
    exit code 1
    == standard output
    1 breaking (1.0.0 -> 1.0.0)
    Rust: major, changed public names: 3 major
    `info.version` stays `1.0.0`, and a breaking change requires `2.0.0`
    the version of the crates stays `0.3.0`, and a breaking change requires `0.4.0`

    breaking[operation/narrower]: the operation `GET /dogs` was dropped (api/openapi.yaml:12:5 in the base), Rust: major
    == standard error
    error: 1 change is breaking or undecided and not acknowledged
    hint: revert the change, or acknowledge it in `api/acknowledged.yaml` with `--acknowledge`; `--details` shows the lines
    ");
}

#[test]
fn the_help_says_what_the_exit_codes_mean() {
    let folder = Folder::new();
    insta::assert_snapshot!(folder.run(&["--help"]));
    insta::assert_snapshot!(folder.run(&["review", "--help"]));
}
