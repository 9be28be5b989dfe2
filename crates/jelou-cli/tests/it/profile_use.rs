//! How requests use a profile: its credentials, its server, and its name in failures.

use jelou_sandbox::Options;

use crate::command::{Jelou, jelou, update};
use crate::files::Folder;
use crate::server::{Rogue, Service};

/// The credential that a server receives for an update with `arguments` and these variables.
fn credential(folder: &Folder, arguments: &str, variables: &[(&str, &str)]) -> String {
    let server = Rogue::answering(200, r#"{"id":"INTEGRATION_ID"}"#);
    let command: Jelou = update(arguments)
        .configured(folder)
        .env("PATH", "/usr/bin:/bin")
        .env("JELOU_BASE_URL", &server.base_url);
    let command = variables
        .iter()
        .fold(command, |command, (name, value)| command.env(name, value));
    let run = command.run();
    assert_eq!(run.code, Some(0), "{run}");
    let request = server.received().remove(0);
    let headers = request.lines().filter(|line| {
        let line = line.to_lowercase();
        line.starts_with("x-api-key: ") || line.starts_with("authorization: ")
    });
    headers.collect::<Vec<_>>().join("\n")
}

#[test]
fn a_profile_provides_the_credentials() {
    let folder = Folder::with_configuration(
        r#"
        default = "default"
        [profiles.default]
        api_key = { environment = "DEFAULT_KEY" }
        [profiles.file]
        api_key = { file = "key" }
        [profiles.command]
        client_id = "ID"
        client_secret = { command = "echo SECRET" }
        [profiles.nobody]
        "#,
    );
    folder.write_private("key", "KEY IN FILE\n");
    let default = ("DEFAULT_KEY", "KEY OF DEFAULT");
    let environment = ("JELOU_API_KEY", "KEY OF ENVIRONMENT");
    for (arguments, variables, expected) in [
        ("", &[default][..], "x-api-key: KEY OF DEFAULT"),
        ("--profile file", &[default], "x-api-key: KEY IN FILE"),
        (
            "--profile command",
            &[default],
            "authorization: Basic SUQ6U0VDUkVU",
        ),
        (
            "",
            &[default, ("JELOU_PROFILE", "file")],
            "x-api-key: KEY IN FILE",
        ),
        // The environment overrides a profile, unless an argument names the profile.
        ("", &[default, environment], "x-api-key: KEY OF ENVIRONMENT"),
        (
            "",
            &[environment, ("JELOU_PROFILE", "file")],
            "x-api-key: KEY OF ENVIRONMENT",
        ),
        ("--profile file", &[environment], "x-api-key: KEY IN FILE"),
        (
            "--profile nobody",
            &[environment],
            "x-api-key: KEY OF ENVIRONMENT",
        ),
        (
            "--profile file",
            &[default, ("JELOU_PROFILE", "nobody")],
            "x-api-key: KEY IN FILE",
        ),
    ] {
        let received = credential(&folder, arguments, variables);
        assert_eq!(received, expected, "{arguments} {variables:?}");
    }
}

#[test]
fn a_profile_provides_the_server() {
    let (in_profile, in_environment, argument) = (
        Rogue::answering(200, r#"{"id":"INTEGRATION_ID"}"#),
        Rogue::answering(200, r#"{"id":"INTEGRATION_ID"}"#),
        Rogue::answering(200, r#"{"id":"INTEGRATION_ID"}"#),
    );
    let folder = Folder::with_configuration(&format!(
        "[profiles.a]\nbase_url = \"{}\"\napi_key.environment = \"KEY\"\n",
        in_profile.base_url
    ));
    let requests =
        || [&in_profile, &in_environment, &argument].map(|server| server.received().len());
    let send = |arguments: &str, variables: &[(&str, &str)]| {
        let command = update(arguments).configured(&folder).env("KEY", "KEY");
        let command = variables
            .iter()
            .fold(command, |command, (name, value)| command.env(name, value));
        assert_eq!(command.run().code, Some(0));
    };
    let environment = ("JELOU_BASE_URL", in_environment.base_url.as_str());
    send("--profile a", &[]);
    assert_eq!(requests(), [1, 0, 0]);
    send("--profile a", &[environment]);
    assert_eq!(requests(), [2, 0, 0], "an argument names the profile");
    send("", &[environment, ("JELOU_PROFILE", "a")]);
    assert_eq!(requests(), [2, 1, 0]);
    send(
        &format!("--profile a --base-url {}", argument.base_url),
        &[environment],
    );
    assert_eq!(requests(), [2, 1, 1]);
}

#[test]
fn a_failure_names_the_profile() {
    let service = Service::start(Options::default().api_key("another"));
    let folder = Folder::with_configuration(&format!(
        "[profiles.acme]\nbase_url = \"{}\"\napi_key.environment = \"KEY\"\n",
        service.base_url()
    ));
    check!(update("--profile acme").configured(&folder).env("KEY", "canary").run(), @"
    exit code: 3
    ----- stderr -----
    error: the API answered with status 401: Unauthorized; the request must contain an accepted key in the header `x-api-key`, or an accepted user name and password in HTTP Basic authentication
    hint: check the credentials of the profile `acme`, and that they are for this project; `jelou profile check acme` says where they come from
    ");
    check!(update("--profile acme").configured(&folder).run(), @"
    exit code: 2
    ----- stderr -----
    error: the environment variable `KEY`, named by the profile `acme`, is not set
    hint: set `KEY` for this command; a variable of a shell must also be exported
    ");
    check!(folder.hide_in(&update("--profile acmee").configured(&folder).run()), @"
    exit code: 2
    ----- stderr -----
    error: unknown profile `acmee`, named by `--profile`, in `[FOLDER]/config.toml`
    hint: the profiles are `acme`
    ");
    check!(folder.hide_in(&update("").env("JELOU_PROFILE", "acmee").configured(&folder).run()), @"
    exit code: 2
    ----- stderr -----
    error: unknown profile `acmee`, named by `JELOU_PROFILE`, in `[FOLDER]/config.toml`
    hint: the profiles are `acme`
    ");
    check!(update("--profile acme --sandbox").configured(&folder).run(), @"
    exit code: 2
    ----- stderr -----
    error: the argument '--profile <NAME>' cannot be used with '--sandbox'

    Usage: jelou integration update [OPTIONS] <PROJECT_ID> <CHANGE>...

    For more information, try '--help'.
    ");
}

#[test]
fn a_broken_configuration_is_refused_where_it_is_needed() {
    let folder = Folder::with_configuration("[profiles.acme]\napi_key = \"canary\"\n");
    for arguments in [
        "profile list",
        "profile add b --api-key-env KEY",
        "config show",
        "doctor",
    ] {
        let shown = jelou(arguments).configured(&folder).run().to_string();
        assert!(
            shown.contains("line 2, column 11") && !shown.contains("canary"),
            "{shown}"
        );
    }
    check!(folder.hide_in(&update("").configured(&folder).run()), @r#"
    exit code: 2
    ----- stderr -----
    error: the configuration file `[FOLDER]/config.toml` is invalid at line 2, column 11: expected where the secret is: { environment = "VARIABLE" }, { file = "PATH" } or { command = "COMMAND" }
    hint: correct it; `jelou profile add --help` shows what a profile has
    "#);
    assert_eq!(update("--sandbox").configured(&folder).run().code, Some(0));
    assert!(
        folder.configuration().contains("canary"),
        "it is left as it was"
    );
}
