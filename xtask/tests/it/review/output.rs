//! Where the review goes, and the exit code.

use super::super::{DOCUMENT, Outcome};
use super::repository::{NO_DOGS, OTHER_PATTERN, PATTERN, Repository, report};

#[test]
fn the_review_is_written_to_a_file() {
    let repository = Repository::new();
    let arguments = ["HEAD", "--format", "json", "--output", "review.json"];
    let Outcome { code, stdout, .. } = repository.review(&arguments);
    assert_eq!((code, stdout.as_str()), (0, ""));
    assert!(repository.read("review.json").starts_with("{\n"));

    let outcome = repository.review(&["HEAD", "--output", "missing/review.txt"]);
    insta::assert_snapshot!(report(&outcome), @r"
    exit code 2
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
        let arguments = ["HEAD", "--fail-on", fail_on];
        repository.review(&arguments).code
    };
    // Two patterns are undecided.
    assert_eq!(["breaking", "undecided", "none"].map(code), [0, 1, 0]);
    repository.edit(DOCUMENT, &[NO_DOGS]);
    assert_eq!(["breaking", "undecided", "none"].map(code), [1, 1, 0]);
}
