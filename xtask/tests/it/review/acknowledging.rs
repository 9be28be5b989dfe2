//! Acknowledged changes.

use super::super::{DOCUMENT, Outcome};
use super::repository::{ACKNOWLEDGED, NO_DOGS, OTHER_PATTERN, PATTERN, Repository, report};

#[test]
fn what_was_undecided_asks_for_a_smaller_step_once_it_is_acknowledged() {
    let repository = Repository::new();
    repository.edit(DOCUMENT, &[PATTERN]);
    repository.commit();
    repository.edit(DOCUMENT, &[OTHER_PATTERN]);
    let arguments = ["HEAD"];
    let breaking = "`info.version` stays `1.0.0`, and a breaking change requires `2.0.0`\n";
    let Outcome { code, stdout, .. } = repository.review(&arguments);
    assert!(code == 1 && stdout.contains(breaking), "{stdout}");

    repository.acknowledge(&arguments, "each name that matched still does");
    let addition = "`info.version` stays `1.0.0`, and an addition requires `1.1.0`\n";
    let Outcome { code, stdout, .. } = repository.review(&arguments);
    assert!(code == 0 && stdout.contains(addition), "{stdout}");
}

#[test]
fn the_acknowledgements_are_those_of_the_head() {
    let repository = Repository::new();
    repository.edit(DOCUMENT, &[NO_DOGS]);
    repository.acknowledge(&["HEAD"], "nobody has dogs");
    repository.commit();
    repository.write(ACKNOWLEDGED, "[]\n");
    let arguments = ["HEAD~1", "HEAD"];
    assert_eq!(repository.review(&arguments).code, 0);
    assert_eq!(repository.review(&["HEAD~1"]).code, 1);
}

#[test]
fn an_acknowledgement_that_matches_nothing_is_an_error() {
    let repository = Repository::new();
    let original = repository.read(DOCUMENT);
    repository.edit(DOCUMENT, &[NO_DOGS]);
    repository.acknowledge(&["HEAD"], "nobody has dogs");
    repository.write(DOCUMENT, &original);
    insta::assert_snapshot!(report(&repository.review(&["HEAD"])));
}

#[test]
fn an_acknowledgement_that_is_none_has_its_place() {
    let repository = Repository::new();
    repository.write(ACKNOWLEDGED, "- change: '1'\n  what: a\n  because: b\n");
    insta::assert_snapshot!(report(&repository.review(&["HEAD"])), @r"
    exit code 2
    == standard error
    error[acknowledgement-form]: unknown key `because`
     --> openapi/acknowledged.yaml:3:3
      |
    3 |   because: b
      |   ^^^^^^^^^^
      |
      = note: at #/0/because
      = help: an entry has the keys `change`, `what`, `why` and `until`; each value is a string, and `change` needs quotes
    ");
}
