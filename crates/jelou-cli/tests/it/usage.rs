//! Arguments and settings that are rejected before anything is sent: exit code 2.

use jelou_sandbox::Options;

use crate::command::{Jelou, jelou, update};
use crate::server::Service;

#[test]
fn an_update_needs_a_change() {
    check!(jelou("integration update PROJECT_ID").run(), @"
    exit code: 2
    ----- stderr -----
    error: the following required arguments were not provided:
      <--webhook-url <URL>|--auth-type <TYPE>|--authorization-env <VARIABLE>|--authorization-file <FILE>|--authorization-stdin>

    Usage: jelou integration update [OPTIONS] <PROJECT_ID> <CHANGE>...

    For more information, try '--help'.
    ");
}

#[test]
fn an_update_needs_a_project() {
    check!(jelou("integration update --auth-type no_auth --sandbox").run(), @"
    exit code: 2
    ----- stderr -----
    error: the following required arguments were not provided:
      <PROJECT_ID>

    Usage: jelou integration update [OPTIONS] <PROJECT_ID> <CHANGE>...

    For more information, try '--help'.
    ");
}

#[test]
fn an_undocumented_authentication_is_refused() {
    check!(jelou("integration update PROJECT_ID --auth-type baerer").run(), @"
    exit code: 2
    ----- stderr -----
    error: invalid value 'baerer' for '--auth-type <TYPE>'
      [possible values: bearer, api_key, basic, no_auth]

      tip: a similar value exists: 'bearer'

    For more information, try '--help'.
    ");
}

#[test]
fn the_sandbox_conflicts_with_a_server() {
    check!(update("--sandbox --base-url http://127.0.0.1:1").run(), @"
    exit code: 2
    ----- stderr -----
    error: the argument '--sandbox' cannot be used with '--base-url <URL>'

    Usage: jelou integration update [OPTIONS] <PROJECT_ID> <CHANGE>...

    For more information, try '--help'.
    ");
}

#[test]
fn a_mistyped_command_gets_a_suggestion() {
    check!(jelou("integration updaet PROJECT_ID").run(), @"
    exit code: 2
    ----- stderr -----
    error: unrecognized subcommand 'updaet'

      tip: a similar subcommand exists: 'update'

    Usage: jelou integration <COMMAND>

    For more information, try '--help'.
    ");
}

#[test]
fn mistyped_options_and_values_get_a_suggestion() {
    for (mistyped, suggestion) in [
        (
            "integraton update a",
            "similar subcommands exist: 'conversation', 'integration'",
        ),
        ("docter", "a similar subcommand exists: 'doctor'"),
        ("profile ad", "a similar subcommand exists: 'add'"),
        ("completions bsh", "a similar value exists: 'bash'"),
        ("update --webhook-url a", "unrecognized subcommand 'update'"),
        (
            "integration update a --webhok-url b",
            "a similar argument exists: '--webhook-url'",
        ),
        ("sandbox --prot 1", "a similar argument exists: '--port'"),
    ] {
        let run = jelou(mistyped).run();
        assert_eq!(run.code, Some(2), "{run}");
        assert!(run.stderr.contains(suggestion), "{run}");
    }
}

#[test]
fn a_secret_cannot_be_an_argument() {
    check!(jelou("integration update PROJECT_ID --authorization=canary").run(), @"
    exit code: 2
    ----- stderr -----
    error: unexpected argument '--authorization' found

      tip: a similar argument exists: '--authorization-env'

    Usage: jelou integration update [OPTIONS] <PROJECT_ID> <CHANGE>...

    For more information, try '--help'.
    ");
}

#[test]
fn a_project_id_that_would_address_another_path_is_refused() {
    check!(jelou("integration update .. --auth-type no_auth --sandbox").run(), @"
    exit code: 2
    ----- stderr -----
    error: the project id cannot be used: it is made of dots only, which would address another path
    hint: give the id of a Jelou project as PROJECT_ID
    ");
}

#[test]
fn a_webhook_without_https_is_refused() {
    check!(jelou("integration update PROJECT_ID --webhook-url http://my-system.com --sandbox").run(), @"
    exit code: 2
    ----- stderr -----
    error: the webhook URL cannot be used: it does not begin with `https://`
    hint: give `--webhook-url` a public address, such as `https://my-system.com/webhook/jelou-v2`
    ");
}

#[test]
fn a_password_in_the_webhook_url_is_refused_and_not_shown() {
    check!(jelou("integration update PROJECT_ID --webhook-url https://user:canary@my-system.com --sandbox").run(), @"
    exit code: 2
    ----- stderr -----
    error: the webhook URL cannot be used: it contains credentials; give them as `authorization`
    hint: give `--webhook-url` a public address, such as `https://my-system.com/webhook/jelou-v2`
    ");
}

#[test]
fn credentials_over_plain_http_are_rejected() {
    check!(update("--base-url http://gateway.jelou.ai").env("JELOU_API_KEY", "KEY").run(), @"
    exit code: 2
    ----- stderr -----
    error: the base URL cannot be used: it is plain `http`, so credentials would travel in clear; use `https` (`http` works for loopback only)
    hint: nothing was sent; the base URL comes from `--base-url`; the credentials come from `JELOU_API_KEY`
    ");
    check!(update("").env("JELOU_BASE_URL", "http://user:canary@127.0.0.1").env("JELOU_API_KEY", "KEY").run(), @"
    exit code: 2
    ----- stderr -----
    error: the base URL cannot be used: it has credentials in it; they must be given apart from it
    hint: nothing was sent; the base URL comes from `JELOU_BASE_URL`; the credentials come from `JELOU_API_KEY`
    ");
}

#[test]
fn missing_credentials_are_an_error() {
    check!(refused(&[]), @"
    exit code: 2
    ----- stderr -----
    error: no credentials: neither `JELOU_API_KEY` nor `JELOU_CLIENT_ID` and `JELOU_CLIENT_SECRET` are set, and no profile has any
    hint: set `JELOU_API_KEY`, or `JELOU_CLIENT_ID` and `JELOU_CLIENT_SECRET`, or name a profile with `--profile`; `--sandbox` needs none
    ");
}

#[test]
fn one_half_of_a_pair_is_refused() {
    check!(refused(&[("JELOU_CLIENT_ID", "ID")]), @"
    exit code: 2
    ----- stderr -----
    error: `JELOU_CLIENT_ID` is set, but `JELOU_CLIENT_SECRET` is not
    hint: set `JELOU_CLIENT_SECRET` too, or use `JELOU_API_KEY` in place of both
    ");
    check!(refused(&[("JELOU_CLIENT_SECRET", "canary")]), @"
    exit code: 2
    ----- stderr -----
    error: `JELOU_CLIENT_SECRET` is set, but `JELOU_CLIENT_ID` is not
    hint: set `JELOU_CLIENT_ID` too, or use `JELOU_API_KEY` in place of both
    ");
}

#[test]
fn credentials_of_two_kinds_are_refused() {
    check!(refused(&[("JELOU_API_KEY", "canary"), ("JELOU_CLIENT_ID", "ID"), ("JELOU_CLIENT_SECRET", "canary")]), @"
    exit code: 2
    ----- stderr -----
    error: `JELOU_API_KEY` is set, and `JELOU_CLIENT_ID` and `JELOU_CLIENT_SECRET` are too: only one kind of credentials can be sent
    hint: unset `JELOU_API_KEY`, or `JELOU_CLIENT_ID` and `JELOU_CLIENT_SECRET`
    ");
    check!(refused(&[("JELOU_API_KEY", "canary"), ("JELOU_CLIENT_SECRET", "canary")]), @"
    exit code: 2
    ----- stderr -----
    error: `JELOU_API_KEY` is set, and `JELOU_CLIENT_SECRET` is too: only one kind of credentials can be sent
    hint: unset `JELOU_API_KEY`, or `JELOU_CLIENT_ID` and `JELOU_CLIENT_SECRET`
    ");
}

#[test]
fn an_empty_credential_is_refused() {
    check!(refused(&[("JELOU_API_KEY", "")]), @"
    exit code: 2
    ----- stderr -----
    error: the environment variable `JELOU_API_KEY` is set, but empty
    hint: give `JELOU_API_KEY` a value, or unset it
    ");
    check!(refused(&[("JELOU_CLIENT_ID", "ID"), ("JELOU_CLIENT_SECRET", "")]), @"
    exit code: 2
    ----- stderr -----
    error: the environment variable `JELOU_CLIENT_SECRET` is set, but empty
    hint: give `JELOU_CLIENT_SECRET` a value, or unset it
    ");
}

#[test]
fn a_key_that_no_header_can_carry_is_refused() {
    check!(refused(&[("JELOU_API_KEY", "canary\n")]), @"
    exit code: 2
    ----- stderr -----
    error: the API key cannot be used: it has characters in it that no header can carry
    hint: nothing was sent; the base URL comes from `--base-url`; the credentials come from `JELOU_API_KEY`
    ");
}

#[cfg(unix)]
#[test]
fn a_variable_that_is_not_text_is_refused() {
    use std::{ffi::OsStr, os::unix::ffi::OsStrExt};

    let garbage = OsStr::from_bytes(b"canary\xff");
    check!(update("--base-url http://127.0.0.1:1").env("JELOU_API_KEY", garbage).run(), @"
    exit code: 2
    ----- stderr -----
    error: the environment variable `JELOU_API_KEY` is not valid UTF-8
    hint: set `JELOU_API_KEY` to text in UTF-8
    ");
    check!(update("--sandbox --authorization-env TOKEN").env("TOKEN", garbage).run(), @"
    exit code: 2
    ----- stderr -----
    error: the environment variable `TOKEN` is not valid UTF-8
    hint: set `TOKEN` to text in UTF-8
    ");
}

#[test]
fn the_variable_with_the_authorization_must_be_set() {
    check!(update("--sandbox --authorization-env TOKEN").run(), @"
    exit code: 2
    ----- stderr -----
    error: the environment variable `TOKEN`, named by `--authorization-env`, is not set
    hint: set `TOKEN` for this command; a variable of a shell must also be exported
    ");
    check!(update("--sandbox --authorization-env TOKEN").env("TOKEN", "").run(), @"
    exit code: 2
    ----- stderr -----
    error: the environment variable `TOKEN` is set, but empty
    hint: give `TOKEN` a value, or unset it
    ");
}

#[test]
fn a_secret_in_place_of_the_name_of_a_variable_is_not_shown() {
    check!(update("--sandbox --authorization-env canary-token=").run(), @"
    exit code: 2
    ----- stderr -----
    error: `--authorization-env` is not a valid environment variable name
    hint: put the value in a variable, and give its name: letters, digits and `_`, as in `WEBHOOK_AUTHORIZATION`
    ");
}

/// Runs the update with these variables, which must be a usage error that sends nothing and shows no value.
#[track_caller]
fn refused(variables: &[(&str, &str)]) -> String {
    let service = Service::start(Options::default().integration("PROJECT_ID"));
    let command: Jelou = update("--base-url").argument(service.base_url());
    let command = variables
        .iter()
        .fold(command, |command, (name, value)| command.env(name, value));
    let run = command.run();
    assert_eq!(run.code, Some(2), "{run}");
    assert!(service.received().is_empty());
    assert!(!run.to_string().contains("canary"), "{run}");
    run.to_string()
}
