//! Acknowledging changes.

use super::{DOCUMENT, pets};
use crate::folder::{Folder, NO_DOGS, PETS, RED};

#[test]
fn acknowledging_writes_the_file_and_lets_the_changes_through() {
    let folder = pets();
    folder.edit(DOCUMENT, &[NO_DOGS]);
    insta::assert_snapshot!(folder.run(&["review", "--acknowledge"]), @r"
    exit code 2
    == standard error
    error: cannot acknowledge: cannot ask for reasons without a terminal; give one with `--why`
    ");
    assert!(!folder.has("api/acknowledged.yaml"));
    let report = folder.run(&["review", "--acknowledge", "--why", "nobody calls it"]);
    insta::assert_snapshot!(report, @r"
    exit code 0
    == standard output
    1 acknowledged (1.0.0 -> 1.0.0)
    `info.version` stays `1.0.0`, and a breaking change requires `2.0.0`

    acknowledged[operation/narrower]: the operation `GET /dogs` was dropped (api/openapi.yaml:12:5 in the base)
    == standard error
    wrote 1 entry to `api/acknowledged.yaml`
    ");
    insta::assert_snapshot!(folder.read("api/acknowledged.yaml"), @r#"
    - change: "c1dfe845939d68d9"
      what: "the operation `GET /dogs` was dropped"
      why: "nobody calls it"
      until: "2.1.0"
    "#);

    // A second change is added below; nothing is written twice.
    folder.edit(DOCUMENT, &[RED]);
    let arguments = [
        "review",
        "--acknowledge",
        "--why",
        "agreed",
        "--until",
        "3.0.0",
    ];
    assert!(
        folder
            .run(&arguments)
            .contains("wrote 1 entry to `api/acknowledged.yaml`")
    );
    let text = folder.read("api/acknowledged.yaml");
    assert_eq!(text.matches("- change:").count(), 2, "{text}");
    assert!(folder.run(&arguments).starts_with("exit code 0\n"));
    assert_eq!(folder.read("api/acknowledged.yaml"), text);
}

#[test]
fn an_empty_list_of_acknowledgements_takes_entries_and_another_form_does_not() {
    let folder = pets();
    folder.write("api/acknowledged.yaml", "# Ours.\n[]\n");
    folder.edit(DOCUMENT, &[NO_DOGS]);
    let arguments = ["review", "--acknowledge", "--why", "nobody calls it"];
    assert!(folder.run(&arguments).starts_with("exit code 0\n"));
    assert!(
        folder
            .read("api/acknowledged.yaml")
            .starts_with("# Ours.\n- change: ")
    );

    let text = "[{change: 'a', what: a, why: a, until: 9.0.0}]\n";
    folder.write("api/acknowledged.yaml", text);
    insta::assert_snapshot!(folder.run(&arguments), @r"
    exit code 2
    == standard error
    error: cannot acknowledge: `api/acknowledged.yaml` must be a list in which each entry begins with `- change:`
    ");
    assert_eq!(folder.read("api/acknowledged.yaml"), text);
}

#[test]
fn a_document_without_a_semantic_version_is_acknowledged_until_a_day() {
    let folder = Folder::repository(&[(DOCUMENT, &PETS.replace("1.0.0", "'71'"))]);
    folder.edit(DOCUMENT, &[NO_DOGS]);
    let arguments = ["review", "--acknowledge", "--why", "nobody calls it"];
    insta::assert_snapshot!(folder.run(&[&arguments[..], &["--until", "soon"]].concat()), @r"
    exit code 2
    == standard error
    error: cannot acknowledge: `soon` is neither a version nor a date (YYYY-MM-DD): unexpected character 's' while parsing major version number
    ");
    let report = folder.run(&arguments);
    assert!(report.starts_with("exit code 0\n"), "{report}");
    assert!(folder.run(&["review"]).starts_with("exit code 0\n"));
}

#[test]
fn an_entry_that_would_not_count_is_not_written() {
    for (version, until, expected) in [
        (
            "1.0.0",
            "2026-13-01",
            "`2026-13-01` is neither a version nor a date (YYYY-MM-DD)",
        ),
        (
            "1.0.0",
            "2020-01-01",
            "acknowledged until 2020-01-01, but today is ",
        ),
        (
            "1.0.0",
            "1.0.0",
            "acknowledged until 1.0.0, but the document has version 1.0.0",
        ),
        (
            "'71'",
            "2.0.0",
            "the document has no semantic version under `info.version`",
        ),
    ] {
        let folder = Folder::repository(&[(DOCUMENT, &PETS.replace("1.0.0", version))]);
        folder.edit(DOCUMENT, &[NO_DOGS]);
        let arguments = [
            "review",
            "--acknowledge",
            "--why",
            "agreed",
            "--until",
            until,
        ];
        let report = folder.run(&arguments);
        let expected = format!("error: cannot acknowledge: {expected}");
        assert!(report.contains(&expected), "{report}");
        assert!(!folder.has("api/acknowledged.yaml"));
    }
}

#[test]
fn entries_of_a_pre_release_count_with_its_release() {
    let folder = pets();
    folder.edit(DOCUMENT, &[NO_DOGS, ("1.0.0", "3.0.0-rc.1")]);
    let arguments = ["review", "--acknowledge", "--why", "agreed"];
    assert!(folder.run(&arguments).starts_with("exit code 0\n"));
    folder.edit(DOCUMENT, &[("3.0.0-rc.1", "3.0.0")]);
    let report = folder.run(&["review"]);
    assert!(report.starts_with("exit code 0\n"), "{report}");
}

#[test]
fn documents_share_a_file_of_acknowledgements() {
    let configuration =
        "documents = [\"apis/*.yaml\"]\nacknowledgements = \"agreed/changes.yaml\"\n";
    let folder = Folder::repository(&[
        ("spec-first.toml", configuration),
        ("apis/one.yaml", PETS),
        ("apis/two.yaml", PETS),
    ]);
    folder.edit("apis/one.yaml", &[NO_DOGS]);
    folder.edit("apis/two.yaml", &[RED]);
    let report = folder.run(&["review", "--acknowledge", "--why", "agreed"]);
    assert!(report.starts_with("exit code 0\n"), "{report}");
    assert!(folder.run(&["review"]).starts_with("exit code 0\n"));
    // An entry that none of them needs is still out of date.
    folder.git(&["checkout", "--quiet", "apis/two.yaml"]);
    let report = folder.run(&["review"]);
    assert!(report.contains("error[acknowledgement-unused]"), "{report}");
    assert_eq!(
        report.matches("error[acknowledgement-unused]").count(),
        1,
        "{report}"
    );
}

#[test]
fn an_entry_for_one_document_is_not_one_for_another() {
    let folder = Folder::repository(&[
        ("spec-first.toml", "documents = [\"apis/*.yaml\"]\n"),
        ("apis/one.yaml", PETS),
        ("apis/two.yaml", PETS),
    ]);
    folder.edit("apis/one.yaml", &[NO_DOGS]);
    let report = folder.run(&["review", "--acknowledge", "--why", "agreed"]);
    assert!(report.starts_with("exit code 0\n"), "{report}");
    folder.edit("apis/two.yaml", &[NO_DOGS]);
    let report = folder.run(&["review"]);
    assert!(report.starts_with("exit code 1\n"), "{report}");
    assert!(
        report.contains("1 breaking, 1 acknowledged")
            && report.contains("breaking[operation/narrower]: the operation `GET /dogs` was dropped (apis/two.yaml:"),
        "{report}"
    );
}

#[test]
fn that_a_document_was_dropped_can_be_acknowledged() {
    let configuration = "documents = [\"apis/*/*.yaml\"]\n";
    let folder = Folder::repository(&[
        ("spec-first.toml", configuration),
        ("apis/one/api.yaml", PETS),
        ("apis/two/api.yaml", PETS),
    ]);
    folder.git(&["rm", "--quiet", "apis/two/api.yaml"]);
    assert!(folder.run(&["review"]).starts_with("exit code 1\n"));
    let report = folder.run(&["review", "--acknowledge", "--why", "nobody uses it"]);
    assert!(report.starts_with("exit code 0\n"), "{report}");
    assert!(folder.has("apis/two/acknowledged.yaml"));
    assert!(folder.run(&["review"]).starts_with("exit code 0\n"));
}
