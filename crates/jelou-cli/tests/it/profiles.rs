//! Profiles are added, listed, used, removed and checked.

use crate::command::{Run, jelou};
use crate::files::Folder;

/// A hand-written configuration.
const BY_HAND: &str = r#"# Ours.
default = "acme"

[profiles.acme] # the first customer
api_key = { environment = "ACME_KEY" }

[profiles.other]
base_url = "https://gateway.my-system.com/jelouapi"
client_id = "ID"
client_secret = { command = "echo canary" }
"#;

#[track_caller]
fn check_run(folder: &Folder, arguments: &str) -> Run {
    jelou(arguments).configured(folder).run()
}

#[test]
fn a_profile_is_added_and_used() {
    let folder = Folder::new();
    let run = |arguments| folder.hide_in(&check_run(&folder, arguments));
    check!(run("profile list"), @"
    exit code: 0
    ----- stderr -----
    note: no profiles yet; see `jelou profile add --help`
    ");
    check!(run("profile add acme --api-key-env ACME_KEY --base-url https://gateway.my-system.com"), @"
    exit code: 0
    ----- stderr -----
    note: `acme` is in `[FOLDER]/config.toml`; `jelou profile check acme` tries it, `jelou profile use acme` uses it by default
    ");
    check!(run("profile add other --client-id ID --client-secret-command ./secret"), @"
    exit code: 0
    ----- stderr -----
    note: `other` is in `[FOLDER]/config.toml`; `jelou profile check other` tries it, `jelou profile use other` uses it by default
    ");
    check!(run("profile use acme"), @"
    exit code: 0
    ----- stderr -----
    note: `acme` is used wherever no profile is named and the environment has no credentials
    ");
    check!(run("profile list"), @"
    exit code: 0
    ----- stdout -----
    *  acme   https://gateway.my-system.com  API key from the environment variable `ACME_KEY`
       other  -                              client `ID`, its secret from the output of `./secret`
    ");
    check!(run("profile list --output json"), @r#"
    exit code: 0
    ----- stdout -----
    {
      "path": "[FOLDER]/config.toml",
      "profiles": [
        {
          "name": "acme",
          "isDefault": true,
          "baseUrl": "https://gateway.my-system.com",
          "credentials": "API key from the environment variable `ACME_KEY`"
        },
        {
          "name": "other",
          "isDefault": false,
          "baseUrl": null,
          "credentials": "client `ID`, its secret from the output of `./secret`"
        }
      ]
    }
    "#);
    check!(run("profile list --output yaml"), @"
    exit code: 0
    ----- stdout -----
    path: [FOLDER]/config.toml
    profiles:
    - name: acme
      isDefault: true
      baseUrl: https://gateway.my-system.com
      credentials: API key from the environment variable `ACME_KEY`
    - name: other
      isDefault: false
      baseUrl: null
      credentials: client `ID`, its secret from the output of `./secret`
    ");
    check!(folder.configuration(), @r#"
    default = "acme"
    [profiles.acme]
    base_url = "https://gateway.my-system.com"
    api_key = { environment = "ACME_KEY" }

    [profiles.other]
    client_id = "ID"
    client_secret = { command = "./secret" }
    "#);
}

#[test]
fn hand_written_text_is_preserved() {
    let folder = Folder::with_configuration(BY_HAND);
    assert_eq!(
        check_run(&folder, "profile add new --api-key-env NEW").code,
        Some(0)
    );
    assert_eq!(
        folder.configuration(),
        format!("{BY_HAND}\n[profiles.new]\napi_key = {{ environment = \"NEW\" }}\n")
    );
    assert_eq!(check_run(&folder, "profile remove new").code, Some(0));
    assert_eq!(folder.configuration(), BY_HAND);
    assert_eq!(check_run(&folder, "profile use --none").code, Some(0));
    assert!(!folder.configuration().contains("default"));
    assert!(
        folder
            .configuration()
            .contains("[profiles.acme] # the first customer\n")
    );
}

#[test]
fn the_profile_in_use_can_be_removed() {
    let folder = Folder::with_configuration(BY_HAND);
    check!(check_run(&folder, "profile remove acme"), @"
    exit code: 0
    ----- stderr -----
    note: `acme` is removed; its secret was not touched
    ");
    assert!(!folder.configuration().contains("acme"));
}

#[test]
fn a_profile_is_not_replaced_by_mistake() {
    let folder = Folder::with_configuration(BY_HAND);
    check!(check_run(&folder, "profile add acme --api-key-env NEW"), @"
    exit code: 2
    ----- stderr -----
    error: the profile `acme` already exists
    hint: choose another name, or give `--replace`
    ");
    assert_eq!(folder.configuration(), BY_HAND);
    assert_eq!(
        check_run(&folder, "profile add acme --api-key-env NEW --replace").code,
        Some(0)
    );
    assert!(!folder.configuration().contains("ACME_KEY"));
}

#[test]
fn an_invalid_profile_is_rejected() {
    let folder = Folder::new();
    for arguments in [
        "profile add acme",
        "profile add acme --client-id ID",
        "profile add acme --client-secret-env SECRET",
        "profile add acme --api-key-env KEY --client-id ID --client-secret-env SECRET",
        "profile add acme --api-key-env KEY --api-key-file FILE",
        "profile add a/b --api-key-env KEY",
        "profile add -- -a --api-key-env KEY",
        "profile add acme --api-key-env canary!",
        "profile add acme --api-key-env KEY --base-url http://my-system.com",
        "profile add acme --api-key-env KEY --base-url https://user:canary@my-system.com",
        "profile use acme",
        "profile remove acme",
        "profile check acme",
    ] {
        let run = check_run(&folder, arguments);
        assert_eq!(run.code, Some(2), "{arguments}\n{run}");
        assert!(!run.to_string().contains("canary"), "{run}");
    }
    assert!(!folder.path().join("config.toml").exists());
}

#[test]
fn a_check_reads_every_secret_and_shows_none() {
    let folder = Folder::with_configuration(
        r#"
        [profiles.command]
        api_key = { command = "echo canary" }
        [profiles.command-that-fails]
        api_key = { command = "echo canary; exit 3" }
        [profiles.empty]
        [profiles.file]
        client_id = "ID"
        client_secret = { file = "secret" }
        [profiles.file-of-others]
        api_key = { file = "open" }
        [profiles.not-a-header]
        api_key = { command = "printf 'canary\ncanary'" }
        [profiles.variable]
        api_key = { environment = "KEY" }
        [profiles.variable-that-is-not-set]
        api_key = { environment = "OTHER_KEY" }
        "#,
    );
    folder.write_private("secret", "canary\n");
    crate::files::set_mode(&folder.write("open", "canary\n"), 0o644);
    let check = |arguments: &str| {
        let run = jelou("profile check")
            .arguments(arguments)
            .configured(&folder);
        let shown = folder.hide_in(&run.env("KEY", "canary").env("PATH", "/usr/bin:/bin").run());
        // The canary is part of commands, which are not secret.
        assert!(
            !shown
                .replace("echo canary", "")
                .replace("printf 'canary\\u{a}canary'", "")
                .contains("canary"),
            "{shown}"
        );
        shown
    };
    check!(check(""), @r"
    exit code: 1
    ----- stdout -----
    ok      command: API key from the output of `echo canary`
    failed  command-that-fails: API key from the output of `echo canary; exit 3`
            the command `echo canary; exit 3`, named by the profile `command-that-fails`, failed
            hint: run it by hand; it must print the secret, and nothing else, to standard output
    failed  empty: no credentials
            the profile `empty` has no credentials
            hint: add them: `jelou profile add empty --replace --help`
    ok      file: client `ID`, its secret from the file `[FOLDER]/secret`
    failed  file-of-others: API key from the file `[FOLDER]/open`
            the file `[FOLDER]/open`, named by the profile `file-of-others`, is accessible to other users of this machine (mode 0644)
            hint: run: chmod 600 [FOLDER]/open
    failed  not-a-header: API key from the output of `printf 'canary\u{a}canary'`
            the API key cannot be used: it has characters in it that no header can carry
            hint: correct the profile `not-a-header`, or what it refers to
    ok      variable: API key from the environment variable `KEY`
    failed  variable-that-is-not-set: API key from the environment variable `OTHER_KEY`
            the environment variable `OTHER_KEY`, named by the profile `variable-that-is-not-set`, is not set
            hint: set `OTHER_KEY` for this command; a variable of a shell must also be exported
    ");
    check!(check("file"), @"
    exit code: 0
    ----- stdout -----
    ok      file: client `ID`, its secret from the file `[FOLDER]/secret`
    ");
    check!(check("variable-that-is-not-set --output json"), @r#"
    exit code: 1
    ----- stdout -----
    [
      {
        "name": "variable-that-is-not-set",
        "isUsable": false,
        "credentials": "API key from the environment variable `OTHER_KEY`",
        "problem": "the environment variable `OTHER_KEY`, named by the profile `variable-that-is-not-set`, is not set",
        "hint": "set `OTHER_KEY` for this command; a variable of a shell must also be exported"
      }
    ]
    "#);
}

#[cfg(unix)]
#[test]
fn a_configuration_that_others_may_read_or_change_is_refused() {
    let folder = Folder::with_configuration(BY_HAND);
    for mode in [0o644, 0o640, 0o602] {
        crate::files::set_mode(&folder.path().join("config.toml"), mode);
        let run = check_run(&folder, "profile list");
        assert_eq!(run.code, Some(2), "{mode:o}\n{run}");
    }
    check!(folder.hide_in(&check_run(&folder, "profile list")), @"
    exit code: 2
    ----- stderr -----
    error: the configuration file `[FOLDER]/config.toml` is accessible to other users of this machine (mode 0602)
    hint: run: chmod 600 [FOLDER]/config.toml
    ");
}

#[cfg(unix)]
#[test]
fn the_configuration_is_readable_only_by_its_owner() {
    use std::os::unix::fs::PermissionsExt;

    let folder = Folder::new();
    let inner = folder.path().join("a").join("b");
    let run = jelou("profile add acme --api-key-env KEY")
        .env("JELOU_CONFIG_DIR", &inner)
        .run();
    assert_eq!(run.code, Some(0), "{run}");
    let mode =
        |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&inner), 0o700);
    assert_eq!(mode(&inner.join("config.toml")), 0o600);
}

#[cfg(unix)]
#[test]
fn a_symbolic_link_to_the_configuration_is_kept() {
    let folder = Folder::new();
    let real = folder.write_private("real.toml", BY_HAND);
    let link = folder.path().join("config.toml");
    std::os::unix::fs::symlink(&real, &link).unwrap();
    let other = folder.write("config.lock", "of somebody else");
    assert_eq!(check_run(&folder, "profile use other").code, Some(0));
    assert_eq!(std::fs::read_to_string(other).unwrap(), "of somebody else");
    assert!(link.is_symlink());
    assert!(
        std::fs::read_to_string(real)
            .unwrap()
            .contains("default = \"other\"")
    );
}

#[test]
fn concurrent_changes_are_not_lost() {
    let folder = Folder::new();
    let children: Vec<_> = (0..8)
        .map(|number| {
            let add =
                jelou(&format!("profile add p{number} --api-key-env KEY")).configured(&folder);
            add.into_command()
                .stderr(std::process::Stdio::null())
                .spawn()
                .unwrap()
        })
        .collect();
    for mut child in children {
        assert!(child.wait().unwrap().success());
    }
    assert_eq!(folder.configuration().matches("[profiles.p").count(), 8);
}
