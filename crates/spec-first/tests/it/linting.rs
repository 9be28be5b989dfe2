//! `spec-first lint`.

use super::folder::{Folder, PETS, stdout};

#[test]
fn the_documents_of_the_project_are_linted_without_arguments() {
    let folder = Folder::repository(&[("pets.yaml", PETS)]);
    let report = folder.run(&["lint"]);
    assert!(report.starts_with("exit code 1\n"), "{report}");
    assert!(stdout(&report).contains("--> pets.yaml:"), "{report}");
    assert_eq!(report, folder.run(&["lint", "pets.yaml"]));
}

#[test]
fn a_file_that_is_not_there_cannot_be_linted() {
    let folder = Folder::new();
    insta::assert_snapshot!(folder.run(&["lint", "pets.yaml"]), @r"
    exit code 2
    == standard output
    == standard error
    error: cannot read `pets.yaml`
      caused by: No such file or directory (os error 2)
    ");
}
