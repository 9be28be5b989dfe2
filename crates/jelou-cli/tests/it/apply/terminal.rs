//! What somebody at a terminal is asked and shown.

use super::harness::{Folder, rows};
use crate::command::{Jelou, jelou};
use crate::server::{Rogue, response};
use crate::terminal::at_a_terminal;

fn command(folder: &Folder, server: &Rogue) -> Jelou {
    jelou("integration apply --base-url")
        .argument(&server.base_url)
        .argument(folder.path("rows.csv"))
        .env("JELOU_API_KEY", "KEY")
        .env("TERM", "xterm")
}

#[test]
fn somebody_is_asked_and_sees_how_far_it_has_come() {
    let folder = Folder::with("rows.csv", rows(30));
    let server = Rogue::start(|_| response(200, r#"{"id":"INTEGRATION_ID"}"#));
    let (code, shown) = at_a_terminal(command(&folder, &server), "y\n");
    assert_eq!(code, Some(0), "{shown}");
    let question = format!("Send 30 updates to {}? [y/N] ", server.base_url);
    assert!(shown.contains(&question), "{shown}");
    assert!(shown.contains(" of 30 rows, "), "{shown}");
    assert!(shown.contains(", 0 failed, "), "{shown}");
    assert_eq!(server.received().len(), 30);
}

#[test]
fn nothing_is_sent_and_no_journal_is_begun_after_a_no() {
    let folder = Folder::with("rows.csv", rows(3));
    let server = Rogue::start(|_| response(200, r#"{"id":"INTEGRATION_ID"}"#));
    let (code, shown) = at_a_terminal(command(&folder, &server), "n\n");
    assert_eq!(code, Some(130), "{shown}");
    assert!(server.received().is_empty());
    assert_eq!(folder.names(), ["rows.csv"]);
}

#[test]
fn the_bar_is_left_out_where_that_is_asked_for() {
    let folder = Folder::with("rows.csv", rows(30));
    let server = Rogue::start(|_| response(200, r#"{"id":"INTEGRATION_ID"}"#));
    let quiet = command(&folder, &server).arguments("--quiet --yes");
    let (code, shown) = at_a_terminal(quiet, "");
    assert_eq!(code, Some(0), "{shown}");
    assert!(!shown.contains(" of 30 rows, "), "{shown}");
    assert!(!shown.contains("[y/N]"), "{shown}");
}

#[test]
fn the_question_counts_what_remains() {
    let folder = Folder::with("rows.csv", rows(3));
    let server = Rogue::start(|request| match request.contains("/P1 ") {
        true => response(404, "{}"),
        false => response(200, r#"{"id":"INTEGRATION_ID"}"#),
    });
    at_a_terminal(command(&folder, &server).arguments("--yes"), "");
    let (_, shown) = at_a_terminal(command(&folder, &server), "n\n");
    assert!(shown.contains("Send 1 update to "), "{shown}");
    let (_, shown) = at_a_terminal(command(&folder, &server).arguments("--restart"), "n\n");
    assert!(shown.contains("Send 3 updates to "), "{shown}");
    assert_eq!(server.received().len(), 3);
}

#[test]
fn nobody_is_asked_where_nothing_remains() {
    let folder = Folder::with("rows.csv", rows(3));
    let server = Rogue::answering(200, r#"{"id":"INTEGRATION_ID"}"#);
    at_a_terminal(command(&folder, &server).arguments("--yes"), "");
    let (code, shown) = at_a_terminal(command(&folder, &server), "n\n");
    assert_eq!(code, Some(0), "{shown}");
    assert!(!shown.contains("[y/N]"), "{shown}");
    assert_eq!(server.received().len(), 3);
}
