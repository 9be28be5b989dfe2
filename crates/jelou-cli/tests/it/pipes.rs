//! Tests of a closed or full standard output.

use std::io;

use crate::command::{jelou, update};

#[track_caller]
fn check_broken_pipe(command: crate::command::Jelou) {
    let (reader, writer) = io::pipe().unwrap();
    drop(reader);
    let run = command.stdout(writer).run();
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
}

#[test]
fn a_closed_pipe_is_not_an_error() {
    check_broken_pipe(update("--sandbox"));
    check_broken_pipe(update("--sandbox --output json"));
    check_broken_pipe(jelou("--help"));
    check_broken_pipe(jelou("--version"));
    check_broken_pipe(jelou("spec"));
    check_broken_pipe(jelou("completions bash"));
    check_broken_pipe(jelou("man"));
    check_broken_pipe(jelou("doctor --sandbox"));
}

#[test]
fn a_new_secret_that_nobody_reads_is_an_error() {
    let (reader, writer) = io::pipe().unwrap();
    drop(reader);
    let create =
        "integration create P --webhook-url https://my-system.com/ --sandbox --show-secret";
    check!(jelou(create).stdout(writer).run(), @"
    exit code: 1
    ----- stderr -----
    error: the integration has a new signing secret, but it could not be written
      caused by: Broken pipe (os error [NUMBER])
    hint: check where it goes, then make another one with `jelou integration regenerate-secret`
    ");
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error_that_says_the_update_was_applied() {
    let full = std::fs::File::options()
        .write(true)
        .open("/dev/full")
        .unwrap();
    check!(update("--sandbox").stdout(full).run(), @"
    exit code: 1
    ----- stderr -----
    error: the update was done, but the result could not be written to standard output
      caused by: No space left on device (os error [NUMBER])
    hint: check where the output goes; the update need not be sent again
    ");
}
