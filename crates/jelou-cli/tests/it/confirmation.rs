//! Changes made at a terminal require confirmation.

use nix::pty::openpty;

use crate::command::update;
use crate::files::Folder;
use crate::server::Rogue;
use crate::terminal::at_a_terminal;

/// Types `answer` at a terminal; returns what the terminal shows, and the number of requests that arrive.
fn ask(arguments: &str, answer: &str) -> (String, usize) {
    let server = Rogue::answering(200, r#"{"id":"INTEGRATION_ID"}"#);
    let command = update("--auth-type basic --base-url")
        .argument(&server.base_url)
        .arguments(arguments)
        .env("JELOU_API_KEY", "KEY");
    let (code, shown) = at_a_terminal(command, answer);
    (
        format!("exit code: {}\n{shown}", code.unwrap()),
        server.received().len(),
    )
}

#[test]
fn a_no_changes_nothing() {
    let (shown, requests) = ask("", "n\n");
    assert_eq!(requests, 0);
    check!(shown, @"
    exit code: 130
    n
    Change webhookUrl and authType of the integration of `PROJECT_ID` at http://127.0.0.1:[PORT]? [y/N] error: stopped: the answer was not `y`; nothing was changed
    hint: answer `y` or give `--yes` to go on
    ");
}

#[test]
fn nothing_but_yes_is_a_yes() {
    for answer in ["\n", "sure\n", "\u{4}"] {
        let (shown, requests) = ask("", answer);
        assert_eq!(requests, 0, "{shown}");
        assert!(shown.starts_with("exit code: 130\n"), "{shown}");
    }
}

#[test]
fn a_yes_continues() {
    for answer in ["y\n", "Yes\n"] {
        let (shown, requests) = ask("", answer);
        assert_eq!(requests, 1, "{shown}");
        assert!(shown.starts_with("exit code: 0\n"), "{shown}");
    }
}

#[test]
fn there_is_no_prompt_with_the_yes_option() {
    for yes in ["--yes", "-y"] {
        let (shown, requests) = ask(yes, "");
        assert_eq!(requests, 1);
        assert!(!shown.contains("[y/N]"), "{shown}");
    }
}

#[test]
fn there_is_no_prompt_for_the_sandbox_or_a_dry_run() {
    for command in [update("--sandbox"), update("--dry-run")] {
        let (code, shown) = at_a_terminal(command, "");
        assert_eq!(code, Some(0), "{shown}");
        assert!(!shown.contains("[y/N]"), "{shown}");
    }
}

#[test]
fn a_prompt_that_cannot_be_shown_is_an_error() {
    let terminal = openpty(None, None).unwrap();
    let mut command = update("--base-url http://127.0.0.1:1")
        .env("JELOU_API_KEY", "KEY")
        .into_command();
    let output = command.stdin(terminal.slave).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    check!(String::from_utf8(output.stderr).unwrap(), @"
    error: cannot ask for confirmation: standard error is not a terminal
    hint: use `--yes` to continue without confirmation
    ");
}

#[test]
fn a_secret_is_not_read_from_a_terminal() {
    let command = update("--authorization-stdin --base-url http://127.0.0.1:1");
    let (code, shown) = at_a_terminal(command, "");
    check!(format!("exit code: {}\n{shown}", code.unwrap()), @"
    exit code: 2
    error: `--authorization-stdin` reads standard input, which is the terminal: it would show the secret
    hint: pipe it in, as in `pass show webhook | jelou ... --authorization-stdin`
    ");
}

#[test]
fn a_profile_is_removed_after_a_yes() {
    let folder = Folder::with_configuration("[profiles.a]\napi_key.environment = \"KEY\"\n");
    let remove = || crate::command::jelou("profile remove a").configured(&folder);
    let (code, shown) = at_a_terminal(remove(), "n\n");
    assert_eq!(code, Some(130), "{shown}");
    assert!(folder.configuration().contains("profiles.a"));
    let (code, shown) = at_a_terminal(remove(), "y\n");
    assert_eq!(code, Some(0), "{shown}");
    assert!(!folder.configuration().contains("profiles.a"));
}
