//! Which documents are compared, and what is shown along with the changes.

use std::fs;

use super::super::{DOCUMENT, Outcome, RECONCILIATION};
use super::repository::{NO_DOGS, RED, Repository, report};

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
