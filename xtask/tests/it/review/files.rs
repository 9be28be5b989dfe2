//! Which files a review reads: those in the document's folder or repository, and no others on the machine.

use std::fs;
use std::os::unix::fs::symlink;
use std::process::Command;

use super::super::{DOCUMENT, Outcome};
use super::repository::{ACKNOWLEDGED, Repository, report};

const REFERENCE: &str = "'#/components/schemas/Cat'";

/// Uses this reference for the schema, in the working tree of a repository next to a file with a secret.
fn refer(reference: &str, prepare: impl Fn(&Repository)) -> Outcome {
    let outside = Repository::folder();
    outside.write("secret.yaml", "Cat: {type: object, title: canary}\n");
    let repository = Repository::new();
    let path = outside.path().join("secret.yaml");
    symlink(&path, repository.path().join("openapi/link.yaml")).unwrap();
    symlink(outside.path(), repository.path().join("openapi/folder")).unwrap();
    prepare(&repository);
    repository.edit(DOCUMENT, &[(REFERENCE, &format!("'{reference}'"))]);
    repository.review(&["HEAD"])
}

#[track_caller]
fn is_refused(outcome: &Outcome, words: &str) {
    let shown = report(outcome);
    assert_eq!(outcome.code, 2, "{shown}");
    assert!(shown.contains(words), "{shown}");
    assert!(!shown.contains("canary"), "{shown}");
}

#[test]
fn what_leads_out_of_the_repository_is_refused() {
    let up = "../".repeat(40);
    for reference in [
        format!("{up}etc/passwd"),
        format!("{}etc/passwd", up.replace("..", "%2e%2e")),
        format!("{}etc%2Fpasswd", up.replace("../", "%2E%2E%2F")),
        "link.yaml#/Cat".to_owned(),
        "folder/secret.yaml#/Cat".to_owned(),
    ] {
        let outcome = refer(&reference, |_| {});
        is_refused(&outcome, "outside the repository or folder of the document");
    }
    is_refused(&refer("/proc/self/environ", |_| {}), "absolute");
}

#[test]
fn what_git_keeps_for_itself_is_refused() {
    let outcome = refer("../.git/config", |repository| {
        repository.git(&["config", "http.extraHeader", "canary"]);
    });
    is_refused(&outcome, "outside the repository or folder of the document");
}

#[test]
fn only_regular_files_are_read() {
    let outcome = refer("pipe.yaml", |repository| {
        let pipe = repository.path().join("openapi/pipe.yaml");
        assert!(Command::new("mkfifo").arg(pipe).status().unwrap().success());
    });
    is_refused(&outcome, "not a regular file");
}

#[test]
fn a_reference_in_another_file_is_held_to_the_same_root() {
    let outcome = refer("other.yaml#/Cat", |repository| {
        let up = "../".repeat(40);
        repository.write(
            "openapi/other.yaml",
            &format!("Cat: {{$ref: '{up}etc/passwd'}}\n"),
        );
    });
    is_refused(&outcome, "outside the repository or folder of the document");
}

#[test]
fn a_file_elsewhere_in_the_repository_is_read() {
    let outcome = refer("../schemas/cats.yaml#/Cat", |repository| {
        repository.write("schemas/cats.yaml", "Cat: {type: string}\n");
    });
    assert_eq!(outcome.code, 1, "{}", report(&outcome));
}

#[test]
fn a_revision_is_held_to_its_repository_too() {
    let up = "../".repeat(40);
    let outside = format!("{up}etc/passwd");
    for (reference, words) in [
        (
            outside.as_str(),
            "outside the repository or folder of the document",
        ),
        ("link.yaml#/Cat", "symbolic link"),
        (
            "../.git/config",
            "outside the repository or folder of the document",
        ),
    ] {
        let repository = Repository::new();
        symlink("/etc/passwd", repository.path().join("openapi/link.yaml")).unwrap();
        repository.edit(DOCUMENT, &[(REFERENCE, &format!("'{reference}'"))]);
        repository.commit();
        is_refused(&repository.review(&["HEAD", "HEAD"]), words);
    }
}

#[test]
fn a_document_and_acknowledgements_that_are_links_to_elsewhere_are_refused() {
    let outside = Repository::folder();
    outside.write("secret.yaml", "canary: [\n");
    for path in [DOCUMENT, ACKNOWLEDGED] {
        let repository = Repository::new();
        let link = repository.path().join(path);
        _ = fs::remove_file(&link);
        symlink(outside.path().join("secret.yaml"), link).unwrap();
        let outcome = repository.review(&["HEAD"]);
        let shown = report(&outcome);
        assert_eq!(outcome.code, 2, "{shown}");
        assert!(!shown.contains("canary"), "{shown}");
    }
}

#[test]
fn two_files_without_a_repository_are_held_to_their_folder() {
    let outside = Repository::folder();
    outside.write("secret.yaml", "Cat: {type: object, title: canary}\n");
    let name = outside
        .path()
        .file_name()
        .unwrap()
        .to_str()
        .unwrap()
        .to_owned();
    let folder = Repository::folder();
    let document =
        |reference: &str| super::repository::PETS.replace(REFERENCE, &format!("'{reference}'"));
    folder.write("base.yaml", super::repository::PETS);
    folder.write(
        "head.yaml",
        &document(&format!("../{name}/secret.yaml#/Cat")),
    );
    let outcome = folder.review(&["base.yaml", "head.yaml"]);
    is_refused(&outcome, "outside the repository or folder of the document");
}
