//! Tests of each source of the webhook credentials.

use crate::command::{Jelou, Run, jelou};
use crate::files::Folder;
use crate::server::Rogue;

fn update() -> Jelou {
    jelou("integration update PROJECT_ID").env("JELOU_API_KEY", "KEY")
}

/// The body that `command` sends.
#[track_caller]
fn sent(command: Jelou) -> String {
    let server = Rogue::answering(200, r#"{"id":"INTEGRATION_ID"}"#);
    let run = command.env("JELOU_BASE_URL", &server.base_url).run();
    assert_eq!(run.code, Some(0), "{run}");
    let request = server.received().remove(0);
    request.rsplit("\r\n\r\n").next().unwrap().to_owned()
}

/// The result of `command`, which must not send anything.
#[track_caller]
fn refused(command: Jelou) -> Run {
    let server = Rogue::answering(200, r#"{"id":"INTEGRATION_ID"}"#);
    let run = command.env("JELOU_BASE_URL", &server.base_url).run();
    assert_eq!(run.code, Some(2), "{run}");
    assert!(server.received().is_empty());
    assert!(!run.to_string().contains("canary"), "{run}");
    run
}

#[test]
fn a_file_or_standard_input_loses_its_last_line_break_and_nothing_else() {
    let folder = Folder::new();
    for (text, expected) in [
        ("TOKEN", r#"{"authorization":"TOKEN"}"#),
        ("TOKEN\n", r#"{"authorization":"TOKEN"}"#),
        (" TO KEN \r\n", r#"{"authorization":" TO KEN "}"#),
        ("TOKEN\n\n", r#"{"authorization":"TOKEN\n"}"#),
    ] {
        let file = folder.write_private("token", text);
        assert_eq!(
            sent(update().arguments("--authorization-file").argument(&file)),
            expected
        );
        assert_eq!(
            sent(update().arguments("--authorization-stdin").stdin(text)),
            expected
        );
    }
}

#[test]
fn only_one_source_is_allowed() {
    check!(refused(update().arguments("--authorization-env A --authorization-stdin")), @"
    exit code: 2
    ----- stderr -----
    error: the argument '--authorization-env <VARIABLE>' cannot be used with '--authorization-stdin'

    Usage: jelou integration update [OPTIONS] <PROJECT_ID> <CHANGE>...

    For more information, try '--help'.
    ");
    check!(refused(update().arguments("--authorization-file canary --authorization-stdin")), @"
    exit code: 2
    ----- stderr -----
    error: the argument '--authorization-file <FILE>' cannot be used with '--authorization-stdin'

    Usage: jelou integration update [OPTIONS] <PROJECT_ID> <CHANGE>...

    For more information, try '--help'.
    ");
}

#[test]
fn an_empty_source_is_rejected() {
    let folder = Folder::new();
    let file = folder.write_private("token", "\n");
    check!(refused(update().arguments("--authorization-stdin").stdin("\n")), @"
    exit code: 2
    ----- stderr -----
    error: no secret in standard input, named by `--authorization-stdin`
    hint: check that this is the right place
    ");
    check!(folder.hide_in(&refused(update().arguments("--authorization-file").argument(file))), @"
    exit code: 2
    ----- stderr -----
    error: no secret in the file `[FOLDER]/token`, named by `--authorization-file`
    hint: check that this is the right place
    ");
}

#[test]
fn invalid_utf_8_and_long_values_are_rejected() {
    check!(refused(update().arguments("--authorization-stdin").stdin(*b"canary\xff")), @"
    exit code: 2
    ----- stderr -----
    error: standard input is not valid UTF-8
    hint: check that this is the right place; it must be text in UTF-8
    ");
    let long = "canary".repeat(200_000);
    check!(refused(update().arguments("--authorization-stdin").stdin(long)), @"
    exit code: 2
    ----- stderr -----
    error: standard input has more than 1048576 bytes
    hint: check that this is the right place
    ");
}

#[test]
fn a_missing_file_is_an_error() {
    let folder = Folder::new();
    let missing = folder.path().join("token");
    check!(folder.hide_in(&refused(update().arguments("--authorization-file").argument(missing))), @"
    exit code: 2
    ----- stderr -----
    error: the file `[FOLDER]/token`, named by `--authorization-file`, cannot be read
      caused by: No such file or directory (os error [NUMBER])
    hint: check the path, and that you may read the file
    ");
}

#[cfg(unix)]
#[test]
fn a_file_that_others_may_read_or_change_is_refused() {
    let folder = Folder::new();
    let file = folder.write("it's a token", "canary");
    for mode in [0o644, 0o640, 0o604, 0o620, 0o602] {
        crate::files::set_mode(&file, mode);
        refused(update().arguments("--authorization-file").argument(&file));
    }
    check!(folder.hide_in(&refused(update().arguments("--authorization-file").argument(&file))), @r#"
    exit code: 2
    ----- stderr -----
    error: the file `[FOLDER]/it's a token`, named by `--authorization-file`, is accessible to other users of this machine (mode 0602)
    hint: run: chmod 600 "[FOLDER]/it's a token"
    "#);
    crate::files::set_mode(&file, 0o600);
    assert_eq!(
        sent(update().arguments("--authorization-file").argument(&file)),
        r#"{"authorization":"canary"}"#
    );
}
