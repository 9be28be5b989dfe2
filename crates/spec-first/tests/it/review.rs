//! `spec-first review`.

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
    `info.version` stays `1.0.0`, and a breaking change asks for `2.0.0`

    `GET /dogs`: 1 breaking
      breaking[operation/narrower]: the operation `GET /dogs` was dropped (api/openapi.yaml:12:5 in the base)

    `Cat`: 1 breaking
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
    `info.version` stays `1.0.0`, and a breaking change asks for `2.0.0`

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
    `info.version` stays `1.0.0`, and an addition asks for `1.1.0`

    `Cat`: 1 harmless
      harmless[property-added/narrower]: `Cat`: the property `age` was added (api/openapi.yaml:22:9)
    == standard error
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
    `info.version` stays `1.0.0`, and a breaking change asks for `2.0.0`

    `GET /dogs`: 1 breaking
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
    == standard output
    == standard error
    error: cannot find the branch to compare with: `[folder]` is not in a git repository
    hint: name a revision or a file, for example `spec-first review HEAD~1`, or set `base` in `spec-first.toml`
    ");
    folder.write("old.yaml", PETS);
    insta::assert_snapshot!(folder.run(&["review", "old.yaml", "main"]), @r"
    exit code 2
    == standard output
    == standard error
    error: there is no file `main`, and this is not a git repository, so it cannot be a revision
    ");
    let folder = Folder::repository(&[("README.md", "# Nothing\n")]);
    insta::assert_snapshot!(folder.run(&["review"]), @r"
    exit code 2
    == standard output
    == standard error
    error: found no OpenAPI document in `[folder]`
    hint: name the document, or list it under `documents` in `spec-first.toml`; `spec-first init` writes that file
    ");
    let folder = Folder::repository(&[("a.yaml", PETS), ("b/c.json", "{\"openapi\": \"3.1.0\"}")]);
    insta::assert_snapshot!(folder.run(&["review"]), @r"
    exit code 2
    == standard output
    == standard error
    error: found several OpenAPI documents:
      a.yaml
      b/c.json
    hint: name the document, or list it under `documents` in `spec-first.toml`; `spec-first init` writes that file
    ");
    let folder = pets();
    folder.git(&["branch", "--quiet", "--move", "main", "trunk"]);
    insta::assert_snapshot!(folder.run(&["review"]), @r"
    exit code 2
    == standard output
    == standard error
    error: cannot find the branch to compare with: there is no `origin/HEAD`, and none of `origin/main`, `origin/master`, `main`, `master`
    hint: name a revision or a file, for example `spec-first review HEAD~1`, or set `base` in `spec-first.toml`
    ");
    insta::assert_snapshot!(folder.run(&["review", "-", "-"]), @r"
    exit code 2
    == standard output
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
}

#[test]
fn several_documents_have_one_verdict() {
    let other = PETS.replace("version: 1.0.0", "version: 2.3.0");
    let configuration = "documents = [\"apis/*.yaml\"]\n";
    let folder = Folder::repository(&[
        ("spec-first.toml", configuration),
        ("apis/one.yaml", PETS),
        ("apis/two.yaml", &other),
        ("apis/gone.yaml", PETS),
    ]);
    folder.edit("apis/one.yaml", &[AGE]);
    folder.edit("apis/two.yaml", &[NO_DOGS]);
    folder.remove("apis/gone.yaml");
    folder.write("apis/new.yaml", &PETS.replace("/cats", "/birds"));
    folder.write("apis/newer.yaml", PETS);
    insta::assert_snapshot!(folder.run(&["review"]), @r"
    exit code 1
    == standard output
    3 breaking, 5 harmless
    `apis/one.yaml`: `info.version` stays `1.0.0`, and an addition asks for `1.1.0`
    `apis/two.yaml`: `info.version` stays `2.3.0`, and a breaking change asks for `3.0.0`
    `apis/gone.yaml`: the document was dropped
    `apis/new.yaml`: the document is new
    `apis/newer.yaml`: the document is new

    `GET /dogs` in `two.yaml`: 1 breaking
      breaking[operation/narrower]: the operation `GET /dogs` was dropped (apis/two.yaml:12:5 in the base)

    `GET /cats` in `gone.yaml`: 1 breaking
      breaking[operation/narrower]: the operation `GET /cats` was dropped (apis/gone.yaml:5:5 in the base)

    `GET /dogs` in `gone.yaml`: 1 breaking
      breaking[operation/narrower]: the operation `GET /dogs` was dropped (apis/gone.yaml:12:5 in the base)

    `Cat` in `one.yaml`: 1 harmless
      harmless[property-added/narrower]: `Cat`: the property `age` was added (apis/one.yaml:22:9)

    `GET /birds` in `new.yaml`: 1 harmless
      harmless[operation/wider]: the operation `GET /birds` was added (apis/new.yaml:5:5)

    `GET /dogs` in `new.yaml`: 1 harmless
      harmless[operation/wider]: the operation `GET /dogs` was added (apis/new.yaml:12:5)

    `GET /cats` in `newer.yaml`: 1 harmless
      harmless[operation/wider]: the operation `GET /cats` was added (apis/newer.yaml:5:5)

    `GET /dogs` in `newer.yaml`: 1 harmless
      harmless[operation/wider]: the operation `GET /dogs` was added (apis/newer.yaml:12:5)
    == standard error
    error: 3 changes are breaking or undecided and not acknowledged
    hint: revert the change, or acknowledge it in `apis/acknowledged.yaml` with `--acknowledge`; `--details` shows the lines
    ");
    let report = folder.run(&["review", "--format", "sarif"]);
    assert!(stdout(&report).starts_with("{\n") && stdout(&report).ends_with("}\n"));
}

#[test]
fn a_document_that_moved_is_compared_with_what_it_was() {
    let folder = pets();
    folder.git(&["mv", DOCUMENT, "pets.yaml"]);
    folder.edit("pets.yaml", &[NO_DOGS]);
    let moved = folder.run(&["review"]);
    insta::assert_snapshot!(moved, @r"
    exit code 1
    == standard output
    1 breaking (1.0.0 -> 1.0.0)
    the document moved from `api/openapi.yaml` to `pets.yaml`
    `info.version` stays `1.0.0`, and a breaking change asks for `2.0.0`

    `GET /dogs`: 1 breaking
      breaking[operation/narrower]: the operation `GET /dogs` was dropped (api/openapi.yaml:12:5 in the base)
    == standard error
    error: 1 change is breaking or undecided and not acknowledged
    hint: revert the change, or acknowledge it in `acknowledged.yaml` with `--acknowledge`; `--details` shows the lines
    ");
    // So it is where the configuration follows the document, or lists it by a pattern.
    for documents in ["pets.yaml", "*.yaml"] {
        folder.write("spec-first.toml", &format!("documents = [{documents:?}]\n"));
        assert_eq!(folder.run(&["review"]), moved, "{documents}");
    }
}

#[test]
fn that_a_document_was_dropped_can_be_acknowledged() {
    let configuration = "documents = [\"apis/*/*.yaml\"]\n";
    let folder = Folder::repository(&[
        ("spec-first.toml", configuration),
        ("apis/one/api.yaml", PETS),
        ("apis/two/api.yaml", PETS),
    ]);
    folder.git(&["rm", "--quiet", "apis/two/api.yaml"]);
    assert!(folder.run(&["review"]).starts_with("exit code 1\n"));
    let report = folder.run(&["review", "--acknowledge", "--why", "nobody uses it"]);
    assert!(report.starts_with("exit code 0\n"), "{report}");
    assert!(folder.has("apis/two/acknowledged.yaml"));
    assert!(folder.run(&["review"]).starts_with("exit code 0\n"));
}

#[test]
fn a_first_document_breaks_nobody() {
    let folder = Folder::repository(&[("README.md", "# Pets\n")]);
    folder.write(DOCUMENT, PETS);
    insta::assert_snapshot!(folder.run(&["review"]), @r"
    exit code 0
    == standard output
    2 harmless
    the document is new

    `GET /cats`: 1 harmless
      harmless[operation/wider]: the operation `GET /cats` was added (api/openapi.yaml:5:5)

    `GET /dogs`: 1 harmless
      harmless[operation/wider]: the operation `GET /dogs` was added (api/openapi.yaml:12:5)
    == standard error
    ");
}

#[test]
fn a_document_that_a_pull_request_adds_is_not_compared_with_another_one() {
    let folder = Folder::repository(&[("one.yaml", PETS)]);
    folder.write("two.yaml", &PETS.replace(NO_DOGS.0, NO_DOGS.1));
    folder.commit();
    let added = folder.run(&["review", "HEAD^1", "two.yaml"]);
    insta::assert_snapshot!(added, @r"
    exit code 0
    == standard output
    1 harmless
    the document is new

    `GET /cats`: 1 harmless
      harmless[operation/wider]: the operation `GET /cats` was added (two.yaml:5:5)
    == standard error
    ");
    assert_eq!(folder.run(&["review", "HEAD^1", "HEAD:two.yaml"]), added);
    // So it is where the configuration lists it.
    let configuration = "documents = [\"one.yaml\", \"two.yaml\"]\n";
    folder.write("spec-first.toml", configuration);
    assert_eq!(folder.run(&["review", "HEAD^1", "two.yaml"]), added);
    let both = folder.run(&["review", "HEAD^1"]);
    assert!(both.starts_with("exit code 0\n"), "{both}");
    assert!(both.contains("`two.yaml`: the document is new"), "{both}");
}

#[test]
fn a_document_that_was_moved_and_is_named_is_compared_with_what_it_was() {
    let folder = pets();
    folder.git(&["mv", DOCUMENT, "pets.yaml"]);
    folder.edit("pets.yaml", &[NO_DOGS]);
    let named = folder.run(&["review", "HEAD", "pets.yaml"]);
    assert_eq!(named, folder.run(&["review", "HEAD"]));
    assert!(named.starts_with("exit code 1\n"), "{named}");
}

#[test]
fn a_file_that_git_does_not_track_is_compared_with_the_only_document() {
    let folder = pets();
    folder.write("draft.yaml", &PETS.replace(NO_DOGS.0, NO_DOGS.1));
    let report = folder.run(&["review", "HEAD", "draft.yaml"]);
    assert!(stdout(&report).starts_with("1 breaking"), "{report}");
}

#[test]
fn a_document_that_is_listed_must_be_there() {
    let folder = pets();
    folder.write(
        "spec-first.toml",
        "documents = [\"api/openapi.yml\", \"api/openapi.yaml\"]\n",
    );
    insta::assert_snapshot!(folder.run(&["review"]), @r"
    exit code 2
    == standard output
    == standard error
    error: there is no `api/openapi.yml`
    ");
    folder.write("spec-first.toml", "documents = [\"apis/*.yaml\"]\n");
    insta::assert_snapshot!(folder.run(&["review"]), @r"
    exit code 2
    == standard output
    == standard error
    error: no OpenAPI document matches `apis/*.yaml`, which `documents` in `spec-first.toml` lists
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
    `info.version` stays `1.0.0`, and an addition asks for `1.1.0`

    `Cat`: 1 warning
      warning[enum/wider]: `colour` of `Cat`: `"red"` is now allowed (api/openapi.yaml:18:32)

    `GET /dogs`: 1 harmless
      harmless[operation/narrower]: the operation `GET /dogs` was dropped (api/openapi.yaml:12:5 in the base)
    == standard error
    "#);
}

#[test]
fn a_setting_that_does_not_exist_has_its_line() {
    let folder = pets();
    folder.write("spec-first.toml", "documents = []\nignored-paths = []\n");
    insta::assert_snapshot!(folder.run(&["review"]), @r"
    exit code 2
    == standard output
    == standard error
    error: spec-first.toml:2:1: unknown field `ignored-paths`, expected one of `documents`, `base`, `acknowledgements`, `fail-on`, `minimum-notice-days`, `version-policy`, `ignore-paths`, `strip-prefixes`, `policy`, `lint`, `source`, `generate`
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
    == standard error
    ");
}

#[test]
fn acknowledging_writes_the_file_and_lets_the_changes_through() {
    let folder = pets();
    folder.edit(DOCUMENT, &[NO_DOGS]);
    insta::assert_snapshot!(folder.run(&["review", "--acknowledge"]), @r"
    exit code 2
    == standard output
    == standard error
    error: cannot acknowledge: cannot ask for reasons without a terminal; give one with `--why`
    ");
    assert!(!folder.has("api/acknowledged.yaml"));
    let report = folder.run(&["review", "--acknowledge", "--why", "nobody calls it"]);
    insta::assert_snapshot!(report, @r"
    exit code 0
    == standard output
    1 acknowledged (1.0.0 -> 1.0.0)
    `info.version` stays `1.0.0`, and a breaking change asks for `2.0.0`

    `GET /dogs`: 1 acknowledged
      acknowledged[operation/narrower]: the operation `GET /dogs` was dropped (api/openapi.yaml:12:5 in the base)
    == standard error
    wrote 1 entry to `api/acknowledged.yaml`
    ");
    insta::assert_snapshot!(folder.read("api/acknowledged.yaml"), @r#"
    - change: "c1dfe845939d68d9"
      what: "the operation `GET /dogs` was dropped"
      why: "nobody calls it"
      until: "2.1.0"
    "#);

    // A second change is added below; nothing is written twice.
    folder.edit(DOCUMENT, &[RED]);
    let arguments = [
        "review",
        "--acknowledge",
        "--why",
        "agreed",
        "--until",
        "3.0.0",
    ];
    assert!(
        folder
            .run(&arguments)
            .contains("wrote 1 entry to `api/acknowledged.yaml`")
    );
    let text = folder.read("api/acknowledged.yaml");
    assert_eq!(text.matches("- change:").count(), 2, "{text}");
    assert!(folder.run(&arguments).starts_with("exit code 0\n"));
    assert_eq!(folder.read("api/acknowledged.yaml"), text);
}

#[test]
fn an_empty_list_of_acknowledgements_takes_entries_and_another_form_does_not() {
    let folder = pets();
    folder.write("api/acknowledged.yaml", "# Ours.\n[]\n");
    folder.edit(DOCUMENT, &[NO_DOGS]);
    let arguments = ["review", "--acknowledge", "--why", "nobody calls it"];
    assert!(folder.run(&arguments).starts_with("exit code 0\n"));
    assert!(
        folder
            .read("api/acknowledged.yaml")
            .starts_with("# Ours.\n- change: ")
    );

    let text = "[{change: 'a', what: a, why: a, until: 9.0.0}]\n";
    folder.write("api/acknowledged.yaml", text);
    insta::assert_snapshot!(folder.run(&arguments), @r"
    exit code 2
    == standard output
    == standard error
    error: cannot acknowledge: `api/acknowledged.yaml` is not a list with one `- change:` for each entry; write it so
    ");
    assert_eq!(folder.read("api/acknowledged.yaml"), text);
}

#[test]
fn a_document_without_a_semantic_version_is_acknowledged_until_a_day() {
    let folder = Folder::repository(&[(DOCUMENT, &PETS.replace("1.0.0", "'71'"))]);
    folder.edit(DOCUMENT, &[NO_DOGS]);
    let arguments = ["review", "--acknowledge", "--why", "nobody calls it"];
    insta::assert_snapshot!(folder.run(&[&arguments[..], &["--until", "soon"]].concat()), @r"
    exit code 2
    == standard output
    == standard error
    error: cannot acknowledge: `soon` is not a version, and not a day as YYYY-MM-DD: unexpected character 's' while parsing major version number
    ");
    let report = folder.run(&arguments);
    assert!(report.starts_with("exit code 0\n"), "{report}");
    assert!(folder.run(&["review"]).starts_with("exit code 0\n"));
}

#[test]
fn documents_share_a_file_of_acknowledgements() {
    let configuration =
        "documents = [\"apis/*.yaml\"]\nacknowledgements = \"agreed/changes.yaml\"\n";
    let folder = Folder::repository(&[
        ("spec-first.toml", configuration),
        ("apis/one.yaml", PETS),
        ("apis/two.yaml", PETS),
    ]);
    folder.edit("apis/one.yaml", &[NO_DOGS]);
    folder.edit("apis/two.yaml", &[RED]);
    let report = folder.run(&["review", "--acknowledge", "--why", "agreed"]);
    assert!(report.starts_with("exit code 0\n"), "{report}");
    assert!(folder.run(&["review"]).starts_with("exit code 0\n"));
    // An entry that none of them needs is still out of date.
    folder.git(&["checkout", "--quiet", "apis/two.yaml"]);
    let report = folder.run(&["review"]);
    assert!(report.contains("error[acknowledged-in-vain]"), "{report}");
    assert_eq!(
        report.matches("error[acknowledged-in-vain]").count(),
        1,
        "{report}"
    );
}

#[test]
fn an_entry_for_one_document_is_not_one_for_another() {
    let folder = Folder::repository(&[
        ("spec-first.toml", "documents = [\"apis/*.yaml\"]\n"),
        ("apis/one.yaml", PETS),
        ("apis/two.yaml", PETS),
    ]);
    folder.edit("apis/one.yaml", &[NO_DOGS]);
    let report = folder.run(&["review", "--acknowledge", "--why", "agreed"]);
    assert!(report.starts_with("exit code 0\n"), "{report}");
    folder.edit("apis/two.yaml", &[NO_DOGS]);
    let report = folder.run(&["review"]);
    assert!(report.starts_with("exit code 1\n"), "{report}");
    assert!(
        report.contains("1 breaking, 1 acknowledged")
            && report.contains("`GET /dogs` in `two.yaml`: 1 breaking"),
        "{report}"
    );
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
    == standard error
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
    Rust: major, public names that changed: 3 major
    `info.version` stays `1.0.0`, and a breaking change asks for `2.0.0`
    the version of the crates stays `0.3.0`, and a breaking change asks for `0.4.0`

    `GET /dogs`: 1 breaking
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
