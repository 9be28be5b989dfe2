//! `spec-first init`.

use super::folder::{Folder, NO_DOGS, PETS};

#[test]
fn what_is_written_works_and_a_second_run_changes_nothing() {
    let folder = Folder::repository(&[("api/openapi.yaml", PETS)]);
    insta::assert_snapshot!(folder.run(&["init"]), @r"
    exit code 0
    == standard output
    == standard error
    wrote spec-first.toml
    wrote .github/workflows/spec-first.yml
    wrote .pre-commit-config.yaml
    fill in OWNER in .github/workflows/spec-first.yml and .pre-commit-config.yaml: this build of spec-first does not know where it is published
    next:
      spec-first lint       find mistakes in api/openapi.yaml
      spec-first review     see what your changes break, compared with the default branch
      git add spec-first.toml .github/workflows/spec-first.yml .pre-commit-config.yaml
    ");
    let files = [
        "spec-first.toml",
        ".github/workflows/spec-first.yml",
        ".pre-commit-config.yaml",
    ];
    let before = files.map(|file| folder.read(file));
    let release = concat!("v", env!("CARGO_PKG_VERSION"));
    for (text, reference) in [
        (&before[1], format!("uses: OWNER/spec-first@{release}\n")),
        (
            &before[2],
            format!("OWNER/spec-first\n    rev: {release}\n"),
        ),
    ] {
        assert!(text.contains(&reference), "{text}");
    }
    assert!(
        before[0].contains("\ndocuments = [\"api/openapi.yaml\"]\n"),
        "{}",
        before[0]
    );
    insta::assert_snapshot!(folder.run(&["init"]), @r"
    exit code 0
    == standard output
    == standard error
    everything is there already; nothing was written
    next:
      spec-first lint       find mistakes in api/openapi.yaml
      spec-first review     see what your changes break, compared with the default branch
      git add spec-first.toml .github/workflows/spec-first.yml .pre-commit-config.yaml
    ");
    assert_eq!(files.map(|file| folder.read(file)), before);
    folder.edit("api/openapi.yaml", &[NO_DOGS]);
    assert!(folder.run(&["review"]).starts_with("exit code 1\n"));
}

#[test]
fn what_is_there_is_kept() {
    let hooks = "repos:\n  - repo: local\n    hooks: []\n";
    let folder = Folder::repository(&[("openapi.yaml", PETS), (".pre-commit-config.yaml", hooks)]);
    insta::assert_snapshot!(folder.run(&["init"]), @r"
    exit code 0
    == standard output
    == standard error
    wrote spec-first.toml
    wrote .github/workflows/spec-first.yml
    kept .pre-commit-config.yaml; add this below `repos:`

      - repo: https://github.com/OWNER/spec-first
        rev: v0.1.0
        hooks:
          - id: spec-first-lint
          - id: spec-first-review

    fill in OWNER in .github/workflows/spec-first.yml and .pre-commit-config.yaml: this build of spec-first does not know where it is published
    next:
      spec-first lint       find mistakes in openapi.yaml
      spec-first review     see what your changes break, compared with the default branch
      git add spec-first.toml .github/workflows/spec-first.yml .pre-commit-config.yaml
    ");
    assert_eq!(folder.read(".pre-commit-config.yaml"), hooks);
}

#[test]
fn without_a_document_nothing_is_written() {
    let folder = Folder::repository(&[("README.md", "# Nothing\n")]);
    assert!(folder.run(&["init"]).starts_with("exit code 2\n"));
    assert!(!folder.has("spec-first.toml"));
}
