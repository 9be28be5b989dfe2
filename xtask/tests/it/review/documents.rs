//! Which documents are compared, and what is shown along with the changes.

use std::fs;

use super::super::{DOCUMENT, Outcome, RECONCILIATION};
use super::repository::{BUMPED, NO_DOGS, PETS, RED, Repository, report};

#[test]
fn nothing_changed() {
    let repository = Repository::new();
    insta::assert_snapshot!(report(&repository.review(&["HEAD"])), @r"
    exit code 0
    == standard output
    no changes (1.0.0 -> 1.0.0)
    Rust: no public name of the generated code changed

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
    insta::assert_snapshot!(report(&repository.review(&["main", "--details"])));
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
    let Outcome { code, stdout, .. } = repository.review(&["HEAD"]);
    assert_eq!(code, 0);
    assert!(stdout.contains("the property `size` was added"), "{stdout}");
    assert!(
        !stdout.contains("Entries of the reconciliation"),
        "{stdout}"
    );
}

#[test]
fn two_revisions_are_compared_whatever_is_in_the_working_tree() {
    let repository = Repository::new();
    repository.edit(DOCUMENT, &[NO_DOGS, BUMPED]);
    repository.edit("Cargo.toml", &[("0.1.0", "0.2.0")]);
    repository.commit();
    repository.write(DOCUMENT, "nothing that can be read: [");
    let arguments = ["HEAD~1", "HEAD", "--format", "markdown"];
    insta::assert_snapshot!(report(&repository.review(&arguments)));
}

#[test]
fn two_files_are_compared_without_a_repository() {
    let folder = Repository::folder();
    folder.write("base.yaml", PETS);
    folder.write("head.yaml", &PETS.replace(NO_DOGS.0, NO_DOGS.1));
    let arguments = ["base.yaml", "head.yaml", "--details"];
    insta::assert_snapshot!(report(&folder.review(&arguments)));
}

#[test]
fn the_document_by_its_path_is_that_of_the_working_tree() {
    let repository = Repository::new();
    repository.edit(DOCUMENT, &[RED]);
    let by_path = repository.review(&["HEAD", DOCUMENT]);
    let by_default = repository.review(&["HEAD"]);
    assert_eq!(report(&by_path), report(&by_default));
}

#[test]
fn a_document_in_several_files_is_read_from_its_revision() {
    let repository = Repository::new();
    repository.edit(
        DOCUMENT,
        &[("'#/components/schemas/Cat'", "'schemas/cats.yaml#/Cat'")],
    );
    repository.write(
        "openapi/schemas/cats.yaml",
        "Cat:\n  type: object\n  properties:\n    name: {type: string}\n",
    );
    repository.commit();
    repository.edit(
        "openapi/schemas/cats.yaml",
        &[("    name: {type: string}\n", "    names: {type: string}\n")],
    );
    insta::assert_snapshot!(report(&repository.review(&["HEAD", "--details"])));

    fs::remove_file(repository.path().join("openapi/schemas/cats.yaml")).unwrap();
    repository.commit();
    let outcome = repository.review(&["HEAD~1", "HEAD"]);
    insta::assert_snapshot!(report(&outcome));
}
