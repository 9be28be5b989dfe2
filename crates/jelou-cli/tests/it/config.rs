//! Tests of `jelou config show`.

use crate::command::jelou;
use crate::files::Folder;

const CONFIGURATION: &str = r#"
default = "acme"
[profiles.acme]
base_url = "https://gateway.my-system.com/jelouapi"
client_id = "ID"
client_secret = { file = "secret" }
[profiles.key]
api_key = { command = "exit 1" }
"#;

#[test]
fn every_setting_can_be_absent() {
    let folder = Folder::new();
    check!(folder.hide_in(&jelou("config show").configured(&folder).run()), @"
    exit code: 0
    ----- stdout -----
    configuration file  [FOLDER]/config.toml (there is none)
    profile             none
    base URL            https://gateway.jelou.ai/jelouapi (the document)
    credentials         none
    signing secret      none
    ");
    check!(folder.hide_in(&jelou("config show --output json").configured(&folder).run()), @r#"
    exit code: 0
    ----- stdout -----
    [
      {
        "name": "configuration file",
        "value": "[FOLDER]/config.toml",
        "source": "there is none"
      },
      {
        "name": "profile",
        "value": null,
        "source": null
      },
      {
        "name": "base URL",
        "value": "https://gateway.jelou.ai/jelouapi",
        "source": "the document"
      },
      {
        "name": "credentials",
        "value": null,
        "source": null
      },
      {
        "name": "signing secret",
        "value": null,
        "source": null
      }
    ]
    "#);
    check!(folder.hide_in(&jelou("config show --output yaml").configured(&folder).run()), @"
    exit code: 0
    ----- stdout -----
    - name: configuration file
      value: [FOLDER]/config.toml
      source: there is none
    - name: profile
      value: null
      source: null
    - name: base URL
      value: https://gateway.jelou.ai/jelouapi
      source: the document
    - name: credentials
      value: null
      source: null
    - name: signing secret
      value: null
      source: null
    ");
}

#[test]
fn each_source_is_named_and_no_secret_is_read() {
    let folder = Folder::with_configuration(CONFIGURATION);
    let show = |arguments: &str, variables: &[(&str, &str)]| {
        let command = jelou("config show")
            .arguments(arguments)
            .configured(&folder);
        let command = variables
            .iter()
            .fold(command, |command, (name, value)| command.env(name, value));
        let shown = folder.hide_in(&command.run());
        assert!(!shown.contains("canary"), "{shown}");
        shown
    };
    check!(show("", &[]), @"
    exit code: 0
    ----- stdout -----
    configuration file  [FOLDER]/config.toml (exists)
    profile             acme (`default` in the configuration file)
    base URL            https://gateway.my-system.com/jelouapi (the profile `acme`)
    credentials         client `ID`, secret [redacted], from the file `[FOLDER]/secret` (the profile `acme`)
    signing secret      none
    ");
    check!(show("--profile key --base-url http://127.0.0.1:1", &[]), @"
    exit code: 0
    ----- stdout -----
    configuration file  [FOLDER]/config.toml (exists)
    profile             key (`--profile`)
    base URL            http://127.0.0.1:[PORT] (`--base-url`)
    credentials         API key [redacted], from the output of `exit 1` (the profile `key`)
    signing secret      none
    ");
    check!(show("", &[("JELOU_PROFILE", "key"), ("JELOU_API_KEY", "canary"), ("JELOU_BASE_URL", "https://user:canary@my-system.com/a")]), @"
    exit code: 0
    ----- stdout -----
    configuration file  [FOLDER]/config.toml (exists)
    profile             key (`JELOU_PROFILE`)
    base URL            https://[redacted]@my-system.com/a (`JELOU_BASE_URL`)
    credentials         API key [redacted], from the environment variable `JELOU_API_KEY` (`JELOU_API_KEY`)
    signing secret      none
    ");
    check!(show("", &[("JELOU_CLIENT_ID", "ID"), ("JELOU_CLIENT_SECRET", "canary")]), @"
    exit code: 0
    ----- stdout -----
    configuration file  [FOLDER]/config.toml (exists)
    profile             acme (`default` in the configuration file)
    base URL            https://gateway.my-system.com/jelouapi (the profile `acme`)
    credentials         client `ID`, secret [redacted], from the environment variable `JELOU_CLIENT_SECRET` (`JELOU_CLIENT_ID` and `JELOU_CLIENT_SECRET`)
    signing secret      none
    ");
    check!(show("--sandbox", &[("JELOU_API_KEY", "canary")]), @"
    exit code: 0
    ----- stdout -----
    base URL        a free port of 127.0.0.1 (`--sandbox`)
    credentials     a placeholder (`--sandbox`)
    signing secret  none
    ");
}

#[test]
fn invalid_settings_are_rejected_as_elsewhere() {
    let run = jelou("config show")
        .env("JELOU_API_KEY", "canary")
        .env("JELOU_CLIENT_ID", "ID")
        .run();
    check!(run, @"
    exit code: 2
    ----- stderr -----
    error: `JELOU_API_KEY` is set, and `JELOU_CLIENT_ID` is too: only one kind of credentials can be sent
    hint: unset `JELOU_API_KEY`, or `JELOU_CLIENT_ID` and `JELOU_CLIENT_SECRET`
    ");
}

#[cfg(unix)]
#[test]
fn the_configuration_is_where_the_platform_keeps_it() {
    let folder = Folder::new();
    let path = |command: crate::command::Jelou| {
        let shown = folder.hide_in(&command.env_remove("JELOU_CONFIG_DIR").run());
        shown
            .lines()
            .find_map(|line| line.strip_prefix("configuration file  "))
            .unwrap()
            .to_owned()
    };
    check!(path(jelou("config show").env("HOME", folder.path())), @"[FOLDER]/.config/jelou/config.toml (there is none)");
    check!(path(jelou("config show").env("HOME", "/nowhere").env("XDG_CONFIG_HOME", folder.path())), @"[FOLDER]/jelou/config.toml (there is none)");
}
