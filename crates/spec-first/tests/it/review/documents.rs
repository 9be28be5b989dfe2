//! Which documents are compared with which: several, new, moved and dropped ones.

use super::{DOCUMENT, pets};
use crate::folder::{AGE, Folder, NO_DOGS, PETS, RED, stdout};

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
    `apis/one.yaml`: `info.version` stays `1.0.0`, and an addition requires `1.1.0`
    `apis/two.yaml`: `info.version` stays `2.3.0`, and a breaking change requires `3.0.0`
    `apis/gone.yaml`: the document was dropped
    `apis/new.yaml`: the document is new
    `apis/newer.yaml`: the document is new

    breaking[operation/narrower]: the operation `GET /dogs` was dropped (apis/two.yaml:12:5 in the base)
    breaking[operation/narrower]: the operation `GET /cats` was dropped (apis/gone.yaml:5:5 in the base)
    breaking[operation/narrower]: the operation `GET /dogs` was dropped (apis/gone.yaml:12:5 in the base)
    harmless[property-added/narrower]: `Cat`: the property `age` was added (apis/one.yaml:22:9)
    harmless[operation/wider]: the operation `GET /birds` was added (apis/new.yaml:5:5)
    harmless[operation/wider]: the operation `GET /dogs` was added (apis/new.yaml:12:5)
    harmless[operation/wider]: the operation `GET /cats` was added (apis/newer.yaml:5:5)
    harmless[operation/wider]: the operation `GET /dogs` was added (apis/newer.yaml:12:5)
    == standard error
    error: 3 changes are breaking or undecided and not acknowledged
    hint: revert the change, or acknowledge it in `apis/acknowledged.yaml` with `--acknowledge`; `--details` shows the lines
    ");
    let report = folder.run(&["review", "--format", "sarif"]);
    assert!(stdout(&report).starts_with("{\n") && stdout(&report).ends_with("}\n"));
}

#[test]
fn documents_with_the_same_file_name_are_told_apart() {
    let folder = Folder::repository(&[
        ("spec-first.toml", "documents = [\"apis/*/openapi.yaml\"]\n"),
        ("apis/a/openapi.yaml", PETS),
        ("apis/b/openapi.yaml", PETS),
        ("apis/c/openapi.yaml", PETS),
    ]);
    for name in ["a", "b"] {
        folder.edit(&format!("apis/{name}/openapi.yaml"), &[RED, AGE]);
    }
    folder.edit("apis/c/openapi.yaml", &[AGE]);
    insta::assert_snapshot!(folder.run(&["review"]), @r#"
    exit code 1
    == standard output
    2 breaking, 3 harmless (1.0.0 -> 1.0.0)
    `apis/a/openapi.yaml`: `info.version` stays `1.0.0`, and a breaking change requires `2.0.0`
    `apis/b/openapi.yaml`: `info.version` stays `1.0.0`, and a breaking change requires `2.0.0`
    `apis/c/openapi.yaml`: `info.version` stays `1.0.0`, and an addition requires `1.1.0`

    `Cat` in `apis/a/openapi.yaml`: 1 breaking, 1 harmless
      breaking[enum/wider]: `colour`: `"red"` is now allowed (apis/a/openapi.yaml:23:32)
      harmless[property-added/narrower]: the property `age` was added (apis/a/openapi.yaml:22:9)

    `Cat` in `apis/b/openapi.yaml`: 1 breaking, 1 harmless
      breaking[enum/wider]: `colour`: `"red"` is now allowed (apis/b/openapi.yaml:23:32)
      harmless[property-added/narrower]: the property `age` was added (apis/b/openapi.yaml:22:9)

    harmless[property-added/narrower]: `Cat`: the property `age` was added (apis/c/openapi.yaml:22:9)
    == standard error
    error: 2 changes are breaking or undecided and not acknowledged
    hint: revert the change, or acknowledge it in `apis/a/acknowledged.yaml`, `apis/b/acknowledged.yaml` with `--acknowledge`; `--details` shows the lines
    "#);
    insta::assert_snapshot!(folder.run(&["review", "--changelog"]), @r#"
    exit code 1
    == standard output
    ## Unreleased

    ### Added

    - `Cat`: the property `age` was added (in `apis/a/openapi.yaml`).
    - `Cat`: the property `age` was added (in `apis/b/openapi.yaml`).
    - `Cat`: the property `age` was added (in `apis/c/openapi.yaml`).

    ### Changed

    - **Breaking:** `colour` of `Cat`: `"red"` is now allowed (in `apis/a/openapi.yaml`).
    - **Breaking:** `colour` of `Cat`: `"red"` is now allowed (in `apis/b/openapi.yaml`).
    == standard error
    error: 2 changes are breaking or undecided and not acknowledged
    hint: revert the change, or acknowledge it in `apis/a/acknowledged.yaml`, `apis/b/acknowledged.yaml` with `--acknowledge`
    "#);
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
    `info.version` stays `1.0.0`, and a breaking change requires `2.0.0`

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
fn a_first_document_breaks_nobody() {
    let folder = Folder::repository(&[("README.md", "# Pets\n")]);
    folder.write(DOCUMENT, PETS);
    insta::assert_snapshot!(folder.run(&["review"]), @r"
    exit code 0
    == standard output
    2 harmless
    the document is new

    harmless[operation/wider]: the operation `GET /cats` was added (api/openapi.yaml:5:5)
    harmless[operation/wider]: the operation `GET /dogs` was added (api/openapi.yaml:12:5)
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

    harmless[operation/wider]: the operation `GET /cats` was added (two.yaml:5:5)
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
    // So is its text on standard input, where the configuration follows the document.
    let text = folder.read("pets.yaml");
    for documents in ["pets.yaml", "*.yaml"] {
        folder.write("spec-first.toml", &format!("documents = [{documents:?}]\n"));
        let report = folder.run_with(&text, &["review", "HEAD", "-"]);
        assert!(stdout(&report).starts_with("1 breaking"), "{report}");
    }
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
    == standard error
    error: there is no `api/openapi.yml`, which `documents` in `spec-first.toml` lists
    hint: correct the path, or remove it from the list
    ");
    let linted = folder.run(&["lint"]);
    assert_eq!(linted, folder.run(&["review"]));
    folder.write("spec-first.toml", "documents = [\"apis/*.yaml\"]\n");
    insta::assert_snapshot!(folder.run(&["review"]), @r"
    exit code 2
    == standard error
    error: no OpenAPI document matches `apis/*.yaml`, which `documents` in `spec-first.toml` lists
    ");
}
