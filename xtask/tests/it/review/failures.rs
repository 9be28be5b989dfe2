//! Failures that prevent a review: exit code 2, and what to do.

use std::fs;

use super::super::DOCUMENT;
use super::repository::{NO_DOGS, Repository, report};

#[test]
fn a_document_that_cannot_be_read_has_its_place() {
    let repository = Repository::new();
    repository.edit(
        DOCUMENT,
        &[("    get:\n      operationId: list_cats", "    get: [")],
    );
    insta::assert_snapshot!(report(&repository.review(&["HEAD"])));
}

#[test]
fn a_shallow_clone_says_what_it_lacks() {
    let origin = Repository::new();
    origin.edit(DOCUMENT, &[NO_DOGS]);
    origin.commit();
    let clone = Repository::shallow_clone(&origin, "1");
    insta::assert_snapshot!(report(&clone.review(&["HEAD^1"])));
    // What the workflow fetches is enough.
    let clone = Repository::shallow_clone(&origin, "2");
    assert_eq!(clone.review(&["HEAD^1"]).code, 1);
}

#[test]
fn a_name_that_is_nothing_is_an_error() {
    let repository = Repository::new();
    insta::assert_snapshot!(report(&repository.review(&["HEAD", "nothing.yaml"])), @r"
    exit code 2
    == standard error
    error: there is no file or git revision `nothing.yaml`
    ");
    let folder = Repository::folder();
    insta::assert_snapshot!(report(&folder.review(&["main"])), @r"
    exit code 2
    == standard error
    error: there is no file `main`, and this is not a git repository, so it cannot be a revision
    ");
}

#[test]
fn a_folder_is_refused_as_a_document() {
    let repository = Repository::new();
    insta::assert_snapshot!(report(&repository.review(&["HEAD", "openapi"])), @r"
    exit code 2
    == standard error
    error: `openapi` is a folder; name the document in it, for example `openapi/openapi.yaml`
    ");
}

#[test]
fn a_document_with_nothing_in_it_is_an_error() {
    let repository = Repository::new();
    repository.write(DOCUMENT, "");
    insta::assert_snapshot!(report(&repository.review(&["HEAD"])), @r"
    exit code 2
    == standard error
    error[syntax]: the file is empty
     --> openapi/external-support.yaml:1:1
      |
    1 |
      | ^
      |
      = help: fix the syntax here
    ");
}

#[test]
fn a_document_in_another_encoding_is_an_error_on_the_disk_and_in_a_revision() {
    let repository = Repository::new();
    let latin = b"openapi: 3.0.3\ninfo: {title: \xE9t\xE9}\n";
    fs::write(repository.path().join(DOCUMENT), latin).unwrap();
    insta::assert_snapshot!(report(&repository.review(&["HEAD"])), @r"
    exit code 2
    == standard error
    error: `openapi/external-support.yaml` is not UTF-8 text (line 2, byte 15); save it in that encoding
    ");
    repository.commit();
    repository.write(DOCUMENT, "openapi: 3.0.3\npaths: {}\n");
    insta::assert_snapshot!(report(&repository.review(&["HEAD"])), @r"
    exit code 2
    == standard error
    error: `openapi/external-support.yaml` in the revision `HEAD` is not UTF-8 text (line 2, byte 15); save it in that encoding
    ");
}

#[test]
fn a_file_in_another_encoding_is_an_error_without_a_repository_too() {
    let folder = Repository::folder();
    folder.write("base.yaml", "openapi: 3.0.3\npaths: {}\n");
    fs::write(folder.path().join("head.yaml"), b"openapi: \xFF\n").unwrap();
    let arguments = ["base.yaml", "head.yaml"];
    insta::assert_snapshot!(report(&folder.review(&arguments)), @r"
    exit code 2
    == standard error
    error: `head.yaml` is not UTF-8 text (line 1, byte 10); save it in that encoding
    ");
}

/// Nobody can read a path below a file; with file permissions instead, the test would depend on the user.
#[test]
fn a_document_that_the_system_does_not_give_away_is_an_error() {
    let repository = Repository::new();
    fs::remove_dir_all(repository.path().join("openapi")).unwrap();
    repository.write("openapi", "no folder");
    insta::assert_snapshot!(report(&repository.review(&["HEAD"])), @r"
    exit code 2
    == standard error
    error: cannot read `openapi/external-support.yaml`
      caused by: Not a directory (os error 20)
    ");
}

#[test]
fn a_revision_without_the_document_is_an_error() {
    let repository = Repository::new();
    repository.git(&["rm", "--quiet", "--cached", DOCUMENT]);
    repository.commit_staged();
    insta::assert_snapshot!(report(&repository.review(&["HEAD~1", "HEAD"])), @r"
    exit code 2
    == standard error
    error: there is no `openapi/external-support.yaml` in the revision `HEAD`, which `documents` in `spec-first.toml` lists
    hint: correct the path, or remove it from the list
    ");
}
