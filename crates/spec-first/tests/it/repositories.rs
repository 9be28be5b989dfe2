//! Repositories that are not checked out as usual.

use std::fs;

use super::folder::{Folder, NO_DOGS, PETS, RED};

const CONFIGURATION: &str = "documents = [\"openapi.yaml\"]\n";

#[test]
fn a_hook_in_a_linked_worktree_compares_with_the_same_base() {
    let folder = Folder::repository(&[
        ("api/spec-first.toml", CONFIGURATION),
        ("api/openapi.yaml", PETS),
    ]);
    folder.git(&["worktree", "add", "--quiet", "linked", "-b", "other"]);
    folder.edit("linked/api/openapi.yaml", &[NO_DOGS]);
    let expected = folder.run_in("linked/api", &["review"]);
    assert!(expected.starts_with("exit code 1\n"), "{expected}");
    let mut command = folder.command("linked/api", &["review"]);
    let folder_of_git = folder.path().join(".git/worktrees/linked");
    let output = command.env("GIT_DIR", folder_of_git).output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{output:?}");
}

#[test]
fn a_default_branch_that_was_renamed_is_not_the_base() {
    let folder = Folder::repository(&[("openapi.yaml", PETS)]);
    folder.git(&[
        "symbolic-ref",
        "refs/remotes/origin/HEAD",
        "refs/remotes/origin/gone",
    ]);
    folder.edit("openapi.yaml", &[NO_DOGS]);
    let report = folder.run(&["review"]);
    assert!(report.starts_with("exit code 1\n"), "{report}");
}

#[test]
fn what_a_sparse_checkout_leaves_out_was_not_dropped() {
    let folder = Folder::repository(&[("api/openapi.yaml", PETS), ("other/readme", "")]);
    folder.git(&["sparse-checkout", "set", "other"]);
    insta::assert_snapshot!(folder.run(&["review"]), @r"
    exit code 2
    == standard error
    error: `api/openapi.yaml` is not checked out (sparse checkout)
    ");
}

#[test]
fn a_document_in_a_submodule_is_not_new() {
    let api = Folder::repository(&[("openapi.yaml", PETS)]);
    let folder = Folder::repository(&[("spec-first.toml", "documents = [\"api/openapi.yaml\"]\n")]);
    let url = api.path().to_str().unwrap();
    let allow = ["-c", "protocol.file.allow=always"];
    folder.git(&[&allow[..], &["submodule", "--quiet", "add", url, "api"]].concat());
    folder.commit();
    folder.edit("api/openapi.yaml", &[NO_DOGS]);
    insta::assert_snapshot!(folder.run(&["review", "HEAD"]), @r"
    exit code 2
    == standard error
    error: cannot read `api/openapi.yaml`
      caused by: it is in a submodule, so run this in the submodule
    ");
}

#[test]
fn a_document_that_is_deleted_and_taken_off_the_list_was_dropped() {
    let list = |names: &str| format!("documents = [{names}]\n");
    let folder = Folder::repository(&[
        (
            "spec-first.toml",
            &list("\"a.yaml\", \"b.yaml\", \"none/*.yaml\""),
        ),
        ("a.yaml", PETS),
        ("b.yaml", PETS),
    ]);
    folder.remove("a.yaml");
    folder.write("spec-first.toml", &list("\"b.yaml\""));
    let report = folder.run(&["review"]);
    assert!(
        report.contains("`a.yaml`: the document was dropped"),
        "{report}"
    );
    assert!(report.starts_with("exit code 1\n"), "{report}");
    // Whatever else the list had, and however git is configured.
    folder.git(&["config", "color.ui", "always"]);
    assert_eq!(folder.run(&["review"]), report);
    // Two that are merged into one, too.
    folder.remove("b.yaml");
    folder.write("c.yaml", PETS);
    folder.write("spec-first.toml", &list("\"c.yaml\""));
    let report = folder.run(&["review"]);
    assert!(
        report.contains("`b.yaml`: the document was dropped"),
        "{report}"
    );
    assert!(report.contains("`c.yaml`: the document is new"), "{report}");
}

#[test]
fn unusual_names_are_names() {
    let (combining, magic, glob) = ("cafe\u{301}.yaml", ":a.yaml", "[a].yaml");
    let folder = Folder::repository(&[(combining, PETS), (magic, PETS), (glob, PETS)]);
    let report = folder.run(&["init"]);
    assert!(report.starts_with("exit code 0\n"), "{report}");
    for name in [combining, magic, glob] {
        folder.edit(name, &[NO_DOGS]);
    }
    let report = folder.run(&["review"]);
    assert!(report.contains("3 breaking"), "{report}");
}

#[test]
fn acknowledgements_are_beside_a_document_elsewhere_in_the_repository() {
    let folder = Folder::repository(&[
        ("api/openapi.yaml", PETS),
        (
            "client/spec-first.toml",
            "documents = [\"../api/openapi.yaml\"]\n",
        ),
    ]);
    folder.edit("api/openapi.yaml", &[NO_DOGS]);
    let report = folder.run_in("client", &["review", "--acknowledge", "--why", "agreed"]);
    assert!(report.starts_with("exit code 0\n"), "{report}");
    assert!(folder.has("api/acknowledged.yaml"));
}

#[test]
fn a_project_below_the_top_gets_a_configuration_only() {
    let folder = Folder::repository(&[("api/openapi.yaml", PETS), ("api/spec-first.toml", "")]);
    insta::assert_snapshot!(folder.run_in("api", &["init"]), @r"
    exit code 0
    == standard error
    kept spec-first.toml
    left out .github/workflows/spec-first.yml and .pre-commit-config.yaml, which belong at the top of the repository; in a workflow of yours, use the action with `working-directory: api`
    next:
      spec-first lint       find mistakes in openapi.yaml
      spec-first review     see what your changes break, compared with the default branch
    ");
    assert!(!folder.has("api/.github"));
}

#[test]
fn files_below_the_top_are_named_from_there_for_github() {
    let folder = Folder::repository(&[
        ("services/pets/openapi.yaml", PETS),
        (
            "services/pets/api/spec-first.toml",
            "documents = [\"../openapi.yaml\"]\n",
        ),
    ]);
    folder.edit(
        "services/pets/openapi.yaml",
        &[RED, ("list_dogs", "list dogs")],
    );
    let name = "services/pets/openapi.yaml";
    for arguments in [
        &["review"][..],
        &["review", "HEAD", "../openapi.yaml"],
        &["lint"],
        &["lint", "../openapi.yaml"],
    ] {
        for (format, address) in [
            ("github", format!("file={name},")),
            ("sarif", format!("\"uri\": \"{name}\"")),
        ] {
            let arguments = [arguments, &["--format", format]].concat();
            let report = folder.run_in("services/pets/api", &arguments);
            assert!(report.contains(&address), "{arguments:?}: {report}");
        }
    }
}

#[test]
fn a_clone_that_lacks_the_default_branch_says_how_to_get_it() {
    let origin = Folder::repository(&[("openapi.yaml", PETS)]);
    origin.edit("openapi.yaml", &[NO_DOGS]);
    origin.commit();
    origin.edit("openapi.yaml", &[RED]);
    origin.commit();
    origin.git(&["switch", "--quiet", "main"]);
    let url = format!("file://{}", origin.path().display());
    let base = "base = \"origin/main\"\n";
    for (depth, arguments, configuration) in [
        (&["--single-branch"][..], &["review"][..], ""),
        (&["--single-branch"], &["review"], base),
        (&["--single-branch"], &["review", "origin/main"], ""),
        (&["--depth", "1"], &["review"], ""),
        (&["--depth", "1"], &["review"], base),
        (&["--depth", "1"], &["review", "origin/main"], ""),
        (&["--depth", "1", "--no-single-branch"], &["review"], ""),
    ] {
        let clone = Folder::new();
        let branch = ["--branch", "feature", &url, "."];
        clone.git(&[&["clone", "--quiet"], depth, &branch].concat());
        clone.write("spec-first.toml", configuration);
        let report = clone.run(arguments);
        let (_, hint) = report.split_once("hint: fetch it with `git ").unwrap();
        let (command, _) = hint.split_once('`').unwrap();
        clone.git(&command.split(' ').collect::<Vec<_>>());
        let report = clone.run(arguments);
        assert!(report.contains("2 breaking"), "{arguments:?}: {report}");
    }
}

#[cfg(unix)]
#[test]
fn a_link_to_a_document_is_not_another_one() {
    let folder = Folder::repository(&[("api/openapi.yaml", PETS)]);
    fs::create_dir(folder.path().join("docs")).unwrap();
    let link = folder.path().join("docs/openapi.yaml");
    std::os::unix::fs::symlink("../api/openapi.yaml", link).unwrap();
    folder.commit();
    folder.edit("api/openapi.yaml", &[NO_DOGS]);
    let report = folder.run(&["review", "HEAD"]);
    assert!(report.contains("1 breaking"), "{report}");
}
