//! Ctrl-C while a request is in flight.

use std::process::Stdio;
use std::sync::mpsc;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::command::{jelou, update};
use crate::server::{Rogue, response};

/// Interrupts `command` once its request has arrived.
fn interrupt(command: crate::command::Jelou) -> String {
    let (arrived, arrival) = mpsc::channel();
    let (release, released) = mpsc::channel::<()>();
    let server = Rogue::start(move |_| {
        arrived.send(()).unwrap();
        // Answer only after the client has gone.
        _ = released.recv();
        response(200, r#"{"id":"INTEGRATION_ID"}"#)
    });
    let mut command = command
        .env("JELOU_BASE_URL", &server.base_url)
        .env("JELOU_API_KEY", "KEY")
        .into_command();
    let child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    arrival.recv().unwrap();
    kill(
        Pid::from_raw(child.id().try_into().unwrap()),
        Signal::SIGINT,
    )
    .unwrap();
    let output = child.wait_with_output().unwrap();
    drop(release);
    assert_eq!(output.stdout, b"");
    let code = output.status.code();
    format!(
        "exit code: {code:?}\n{}",
        String::from_utf8(output.stderr).unwrap()
    )
}

#[test]
fn an_update_that_was_sent_may_have_been_applied() {
    check!(interrupt(update("")), @"
    exit code: Some(130)
    error: interrupted
    hint: the update may have been applied anyway; sending it again is safe, since it sets the same values
    ");
}

#[test]
fn any_other_request_that_was_sent_may_have_been_applied() {
    check!(interrupt(jelou("raw POST /")), @"
    exit code: Some(130)
    error: interrupted
    hint: the request may have been applied anyway
    ");
}
