//! `spec-first init`.

use super::folder::{Folder, NO_DOGS, PETS};

#[test]
fn what_is_written_works_and_a_second_run_changes_nothing() {
    let folder = Folder::repository(&[("api/openapi.yaml", PETS)]);
    insta::assert_snapshot!(folder.run(&["init"]), @r"
    exit code 0
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
    == standard error
    kept spec-first.toml
    kept .github/workflows/spec-first.yml
    kept .pre-commit-config.yaml
    nothing to write: all files exist already
    next:
      spec-first lint       find mistakes in api/openapi.yaml
      spec-first review     see what your changes break, compared with the default branch
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
    == standard error
    wrote spec-first.toml
    wrote .github/workflows/spec-first.yml
    kept .pre-commit-config.yaml; add this below `repos:`

      - repo: https://github.com/OWNER/spec-first
        rev: v0.1.0
        hooks:
          - id: spec-first-lint
          - id: spec-first-review

    fill in OWNER in .github/workflows/spec-first.yml and the lines above: this build of spec-first does not know where it is published
    next:
      spec-first lint       find mistakes in openapi.yaml
      spec-first review     see what your changes break, compared with the default branch
      git add spec-first.toml .github/workflows/spec-first.yml
    ");
    assert_eq!(folder.read(".pre-commit-config.yaml"), hooks);
}

#[test]
fn without_a_document_nothing_is_written() {
    let folder = Folder::repository(&[("README.md", "# Nothing\n")]);
    assert!(folder.run(&["init"]).starts_with("exit code 2\n"));
    assert!(!folder.has("spec-first.toml"));
}

#[test]
fn all_documents_are_listed_or_those_that_are_named() {
    let files = [
        ("apis/pets.yaml", PETS),
        ("apis/more pets.yaml", PETS),
        ("notes.yaml", "a: 1\n"),
    ];
    let folder = Folder::repository(&files);
    let report = folder.run(&["init"]);
    assert!(report.starts_with("exit code 0\n"), "{report}");
    let written = folder.read("spec-first.toml");
    let expected = "\ndocuments = [\n    \"apis/more pets.yaml\",\n    \"apis/pets.yaml\",\n]\n";
    assert!(written.contains(expected), "{written}");
    let report = folder.run(&["review"]);
    assert!(report.contains("no changes"), "{report}");
    // A configuration that is there is not touched.
    insta::assert_snapshot!(folder.run_in("apis", &["init", "pets.yaml"]), @r#"
    exit code 0
    == standard error
    kept spec-first.toml; set this in it

    documents = ["apis/pets.yaml"]

    kept .github/workflows/spec-first.yml
    kept .pre-commit-config.yaml
    nothing to write: all files exist already
    next:
      spec-first lint       find mistakes in apis/pets.yaml
      spec-first review     see what your changes break, compared with the default branch
    "#);
    assert_eq!(folder.read("spec-first.toml"), written);

    let folder = Folder::repository(&files);
    assert!(
        folder
            .run(&["init", "notes.yaml"])
            .contains("error: `notes.yaml` is not an OpenAPI document\n")
    );
    assert!(
        folder
            .run(&["init", "gone.yaml"])
            .contains("error: there is no `gone.yaml` in `[folder]`\n")
    );
    assert!(!folder.has("spec-first.toml"));
    let report = folder.run_in("apis", &["init", "pets.yaml"]);
    assert!(report.starts_with("exit code 0\n"), "{report}");
    let written = folder.read("spec-first.toml");
    assert!(
        written.contains("\ndocuments = [\"apis/pets.yaml\"]\n"),
        "{written}"
    );
}

#[test]
fn a_workflow_of_others_is_kept_and_what_to_add_is_said() {
    let workflow = "name: ours\n";
    let path = ".github/workflows/spec-first.yml";
    let folder = Folder::repository(&[("openapi.yaml", PETS), (path, workflow)]);
    insta::assert_snapshot!(folder.run(&["init"]), @r"
    exit code 0
    == standard error
    wrote spec-first.toml
    kept .github/workflows/spec-first.yml; add this below `steps:`

          - uses: OWNER/spec-first@v0.1.0

    wrote .pre-commit-config.yaml
    fill in OWNER in the lines above and .pre-commit-config.yaml: this build of spec-first does not know where it is published
    next:
      spec-first lint       find mistakes in openapi.yaml
      spec-first review     see what your changes break, compared with the default branch
      git add spec-first.toml .pre-commit-config.yaml
    ");
    assert_eq!(folder.read(path), workflow);
}

#[test]
fn without_a_repository_no_command_of_git_is_proposed() {
    let folder = Folder::new();
    folder.write("openapi.yaml", PETS);
    insta::assert_snapshot!(folder.run(&["init"]), @r"
    exit code 0
    == standard error
    wrote spec-first.toml
    wrote .github/workflows/spec-first.yml
    wrote .pre-commit-config.yaml
    fill in OWNER in .github/workflows/spec-first.yml and .pre-commit-config.yaml: this build of spec-first does not know where it is published
    next:
      spec-first lint       find mistakes in openapi.yaml
      git init              the review compares with what git has
    ");
}

#[test]
fn the_only_branch_is_compared_with_whatever_it_is_called() {
    let folder = Folder::repository(&[("openapi.yaml", PETS)]);
    folder.git(&["branch", "--quiet", "--delete", "main"]);
    folder.git(&["branch", "--quiet", "--move", "trunk"]);
    let report = folder.run(&["init"]);
    assert!(report.starts_with("exit code 0\n"), "{report}");
    assert!(
        folder
            .read("spec-first.toml")
            .contains("\nbase = \"trunk\"\n")
    );
    let report = folder.run(&["review"]);
    assert!(report.starts_with("exit code 0\n"), "{report}");
    // So it is before the first commit.
    let new = Folder::new();
    new.write("openapi.yaml", PETS);
    new.git(&["init", "--quiet", "--initial-branch", "develop"]);
    let report = new.run(&["init"]);
    assert!(report.starts_with("exit code 0\n"), "{report}");
    new.commit();
    let report = new.run(&["review"]);
    assert!(report.starts_with("exit code 0\n"), "{report}");
    // With several, somebody has to choose.
    folder.remove("spec-first.toml");
    folder.git(&["branch", "--quiet", "other"]);
    let report = folder.run(&["init"]);
    assert!(
        report.contains("warning: cannot find the branch to compare with: ")
            && report.contains("; set `base` in spec-first.toml\n"),
        "{report}"
    );
}
