//! Repositories of others, with links, pipes and settings that lead elsewhere.
#![cfg(unix)]

use std::fs;
use std::os::unix::fs::symlink;
use std::process::Command;

use super::folder::{Folder, NO_DOGS, PETS};

/// A repository in which something breaks, beside a file that is none of its own.
fn pets() -> (Folder, Folder) {
    let (outside, folder) = (Folder::new(), Folder::repository(&[("openapi.yaml", PETS)]));
    outside.write("file", "precious");
    folder.edit("openapi.yaml", &[NO_DOGS]);
    (folder, outside)
}

const ACKNOWLEDGE: [&str; 4] = ["review", "--acknowledge", "--why", "agreed"];

#[test]
fn nothing_is_written_through_a_link_that_leads_elsewhere() {
    let (folder, outside) = pets();
    let file = outside.path().join("file");
    for name in ["acknowledged.yaml.unfinished", "lint-baseline.json"] {
        symlink(&file, folder.path().join(name)).unwrap();
    }
    let acknowledged = folder.run(&ACKNOWLEDGE);
    assert!(acknowledged.starts_with("exit code 0\n"), "{acknowledged}");
    let written = folder.path().join("acknowledged.yaml");
    assert!(written.symlink_metadata().unwrap().is_file());
    for arguments in [&["lint", "--write-baseline"][..], &["lint"]] {
        let report = folder.run(arguments);
        assert!(report.starts_with("exit code 2\n"), "{report}");
        assert!(!report.contains("precious"), "{report}");
    }
    symlink(outside.path(), folder.path().join(".github")).unwrap();
    let report = folder.run(&["init"]);
    assert!(report.starts_with("exit code 2\n"), "{report}");
    assert_eq!(outside.read("file"), "precious");
    assert_eq!(fs::read_dir(outside.path()).unwrap().count(), 1);
}

#[test]
fn a_link_to_another_file_of_the_project_stays() {
    let (folder, _) = pets();
    folder.write("real.yaml", "");
    symlink("real.yaml", folder.path().join("acknowledged.yaml")).unwrap();
    let report = folder.run(&ACKNOWLEDGE);
    assert!(report.starts_with("exit code 0\n"), "{report}");
    let link = folder.path().join("acknowledged.yaml");
    assert!(link.symlink_metadata().unwrap().is_symlink());
    assert!(folder.read("real.yaml").starts_with("- change:"));
}

#[test]
fn settings_do_not_lead_elsewhere() {
    let (folder, outside) = pets();
    let name = outside.path().file_name().unwrap().to_str().unwrap();
    for (settings, arguments) in [
        (
            "[lint]\nbaseline = \"../NAME/new\"",
            &["lint", "--write-baseline"][..],
        ),
        ("documents = [\"../NAME/file\"]", &["lint"]),
        ("acknowledgements = \".git/new\"", &ACKNOWLEDGE),
        ("acknowledgements = \"../NAME/new\"", &ACKNOWLEDGE),
        (
            "[source]\nlabels = [\"../NAME/file\"]",
            &["source", "facts", "page.md"],
        ),
        (
            "[source]\nlayout = \"../NAME/file\"",
            &["source", "facts", "page.md"],
        ),
    ] {
        folder.write("page.md", "# Pets\n");
        folder.write("spec-first.toml", &settings.replace("NAME", name));
        let report = folder.run(arguments);
        assert!(report.starts_with("exit code 2\n"), "{settings}: {report}");
        assert!(report.contains("outside"), "{settings}: {report}");
        assert!(!report.contains("precious"), "{settings}: {report}");
    }
    assert_eq!(fs::read_dir(outside.path()).unwrap().count(), 1);
}

#[test]
fn a_pipe_is_not_read() {
    let (folder, _) = pets();
    let made = Command::new("mkfifo")
        .arg(folder.path().join("spec-first.toml"))
        .status();
    assert!(made.unwrap().success());
    insta::assert_snapshot!(folder.run(&["lint"]), @r"
    exit code 2
    == standard error
    error: cannot read `spec-first.toml`
      caused by: this is not a regular file
    ");
    folder.remove("spec-first.toml");
    insta::assert_snapshot!(folder.run(&["lint", "/dev/null"]), @r"
    exit code 2
    == standard error
    error: `/dev/null` is not a regular file
    hint: to read the output of a program, name `-` and use standard input
    ");
}

#[test]
fn names_of_files_are_not_obeyed() {
    let names = ["a\u{1b}]0;b\u{9b}31m.yaml", "c\n::error::d.yaml"];
    let folder = Folder::repository(&names.map(|name| (name, PETS)));
    let check = |arguments: &[&str]| {
        let report = folder.run(arguments);
        assert!(report.contains(r"\u{"), "{arguments:?}: {report}");
        let is_obeyed = |character: char| character.is_control() && character != '\n';
        assert!(!report.contains(is_obeyed), "{arguments:?}: {report:?}");
        assert!(!report.contains("\n::error"), "{arguments:?}: {report}");
    };
    check(&["review"]);
    check(&["init"]);
    folder.git(&["rm", "--quiet", names[1]]);
    folder.edit(names[0], &[NO_DOGS, ("list_cats", "list cats")]);
    folder.write("missing.yaml", &PETS.replace("#/", "b\u{1b}.yaml#/"));
    for arguments in [
        &["lint", "--all", "--profile", "strict", names[0]][..],
        &["lint", "missing.yaml", "--profile", "strict"],
        &["lint", "\u{1b}"],
        &["review", "HEAD", names[0], "--details"],
        &["review", "HEAD", names[0], "--format", "markdown"],
        &[
            "review",
            "HEAD",
            names[0],
            "--acknowledge",
            "--why",
            "agreed",
        ],
        &["review", "\u{1b}"],
        &["mock", "\u{1b}"],
    ] {
        check(arguments);
    }
}

#[test]
fn a_name_that_is_a_file_and_a_revision_is_refused() {
    let (folder, _) = pets();
    folder.commit();
    folder.write("HEAD^1", &folder.read("openapi.yaml"));
    insta::assert_snapshot!(folder.run(&["review", "HEAD^1"]), @r"
    exit code 2
    == standard error
    error: `HEAD^1` is both a file and a revision
    hint: name the file as `./HEAD^1`, or rename it
    ");
    insta::assert_snapshot!(folder.run(&["review", "./HEAD^1", "openapi.yaml"]), @r"
    exit code 0
    == standard output
    no changes (1.0.0 -> 1.0.0)
    ");
}
