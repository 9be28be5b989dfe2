//! Tests of the confirmation prompt and the progress bar on a terminal.

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
fn a_terminal_shows_a_prompt_and_progress() {
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
fn after_a_no_nothing_is_sent_and_no_journal_is_created() {
    let folder = Folder::with("rows.csv", rows(3));
    let server = Rogue::start(|_| response(200, r#"{"id":"INTEGRATION_ID"}"#));
    let (code, shown) = at_a_terminal(command(&folder, &server), "n\n");
    assert_eq!(code, Some(130), "{shown}");
    assert!(server.received().is_empty());
    assert_eq!(folder.names(), ["rows.csv"]);
}

#[test]
fn the_bar_is_hidden_on_request() {
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
fn there_is_no_prompt_if_no_rows_remain() {
    let folder = Folder::with("rows.csv", rows(3));
    let server = Rogue::answering(200, r#"{"id":"INTEGRATION_ID"}"#);
    at_a_terminal(command(&folder, &server).arguments("--yes"), "");
    let (code, shown) = at_a_terminal(command(&folder, &server), "n\n");
    assert_eq!(code, Some(0), "{shown}");
    assert!(!shown.contains("[y/N]"), "{shown}");
    assert_eq!(server.received().len(), 3);
}
