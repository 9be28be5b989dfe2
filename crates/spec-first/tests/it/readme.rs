//! What the README shows is what the command prints.

use super::folder::{Folder, NO_DOGS, PETS, RED};

#[test]
fn the_first_review_of_the_readme_is_real() {
    let readme = include_str!("../../README.md");
    let (_, rest) = readme.split_once("```text\n").unwrap();
    let (shown, _) = rest.split_once("```\n").unwrap();

    let folder = Folder::repository(&[("api/openapi.yaml", PETS)]);
    assert!(folder.run(&["init"]).starts_with("exit code 0\n"));
    folder.edit("api/openapi.yaml", &[NO_DOGS, RED]);
    let report = folder.run(&["review"]);
    let printed = report
        .replace("exit code 1\n== standard output\n", "")
        .replace("== standard error\n", "");
    assert_eq!(printed, shown);
}
