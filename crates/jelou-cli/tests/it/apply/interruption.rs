//! Tests of Ctrl-C.

use std::io::{BufRead, BufReader, Read};
use std::process::Child;
use std::sync::mpsc;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use super::harness::{Folder, check_run, of_output, rows};
use crate::command::Run;
use crate::server::{Rogue, response};

/// A server that reports each request, and answers it when told to.
fn patient() -> (Rogue, mpsc::Receiver<()>, mpsc::Sender<()>) {
    let (asked, was_asked) = mpsc::channel();
    let (go_on, may_go_on) = mpsc::channel();
    let rogue = Rogue::start(move |_| {
        _ = asked.send(());
        // If the sender is gone, answer immediately.
        _ = may_go_on.recv();
        response(200, r#"{"id":"INTEGRATION_ID"}"#)
    });
    (rogue, was_asked, go_on)
}

fn start(folder: &Folder, rogue: &Rogue) -> Child {
    folder
        .apply("rows.csv --concurrency 1")
        .arguments(&format!("--base-url {}", rogue.base_url))
        .env("JELOU_API_KEY", "KEY")
        .spawn()
}

fn interrupt(child: &Child, signal: Signal) {
    kill(Pid::from_raw(child.id() as i32), signal).unwrap();
}

/// Waits until the run reports the interruption.
fn await_answer(child: &mut Child) {
    let mut stderr = BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    stderr.read_line(&mut line).unwrap();
    assert!(
        line.contains("interrupted: waiting for 1 row in flight"),
        "{line}"
    );
    child.stderr = Some(stderr.into_inner());
}

/// Runs five rows, sending `signal` while the first is in flight, and then runs the same command again.
fn run_twice(signal: Signal) -> [Run; 2] {
    let folder = Folder::with("rows.csv", rows(5));
    let (rogue, was_asked, go_on) = patient();
    let mut child = start(&folder, &rogue);
    was_asked.recv().unwrap();
    interrupt(&child, signal);
    await_answer(&mut child);
    go_on.send(()).unwrap();
    let first = of_output(child.wait_with_output().unwrap());
    assert_eq!(rogue.received().len(), 1);

    drop(go_on);
    let second = of_output(start(&folder, &rogue).wait_with_output().unwrap());
    assert_eq!(rogue.received().len(), 5);
    [first, second]
}

#[test]
fn rows_in_flight_finish_and_the_run_can_be_resumed() {
    let [first, second] = run_twice(Signal::SIGINT);
    check_run!(first, @"
    exit code: 130
    ----- stdout -----
    5 rows of rows.csv
      applied                    1
      not sent                   4
      took                       [SECONDS] s, [RATE] rows a second, 1 request
    ----- stderr -----
    error: interrupted; not sent: 4 rows
    hint: run the same command again: it sends only what has not succeeded
    ");
    check_run!(second, @"
    exit code: 0
    ----- stdout -----
    5 rows of rows.csv
      applied                    4
      applied by an earlier run  1
      took                       [SECONDS] s, [RATE] rows a second, 4 requests
    ----- stderr -----
    note: resuming the last run, which applied 1 row; `--restart` sends every row
    ");
}

#[test]
fn a_shutdown_of_the_machine_is_an_interruption() {
    let [first, second] = run_twice(Signal::SIGTERM);
    assert_eq!((first.code, second.code), (Some(130), Some(0)));
}

#[test]
fn a_second_interruption_does_not_wait() {
    let folder = Folder::with("rows.csv", rows(5));
    let (rogue, was_asked, go_on) = patient();
    let mut child = start(&folder, &rogue);
    was_asked.recv().unwrap();
    interrupt(&child, Signal::SIGINT);
    await_answer(&mut child);
    interrupt(&child, Signal::SIGINT);
    let run = of_output(child.wait_with_output().unwrap());
    check_run!(run, @"
    exit code: 130
    ----- stdout -----
    5 rows of rows.csv
      applied                    0
      sent, without an answer    1
      not sent                   4
      took                       [SECONDS] s, [RATE] rows a second, 0 requests
    ----- stderr -----
    error: interrupted; not sent: 4 rows, sent without an answer: 1 row
    hint: run the same command again: it sends only what has not succeeded
    ");

    // The row that got no answer may have been applied.
    drop(go_on);
    let run = of_output(start(&folder, &rogue).wait_with_output().unwrap());
    check_run!(run, @"
    exit code: 0
    ----- stdout -----
    5 rows of rows.csv
      applied                    5
      sent again, in doubt       1: line 2 (P0)
      took                       [SECONDS] s, [RATE] rows a second, 5 requests
    ----- stderr -----
    note: an earlier run got no clear answer for 1 row, which may have been applied: row 1; sending what the file has now
    note: resuming the last run, which applied 0 rows; `--restart` sends every row
    ");
}

/// Nobody can tell whether the integration was created before the kill.
#[test]
fn a_creation_under_way_when_the_run_was_killed_is_not_repeated() {
    let rows = rows(2)
        .replace("\nP0", ",action\nP0")
        .replace("webhook/0", "webhook/0,create");
    let folder = Folder::with("rows.csv", rows.replace("webhook/1", "webhook/1,update"));
    let (rogue, was_asked, go_on) = patient();
    let run = || {
        let arguments = "rows.csv --concurrency 1 --secrets secrets";
        let apply = folder.apply(&format!("{arguments} --base-url {}", rogue.base_url));
        apply.env("JELOU_API_KEY", "KEY").spawn()
    };
    let mut child = run();
    was_asked.recv().unwrap();
    interrupt(&child, Signal::SIGKILL);
    child.wait().unwrap();
    drop(go_on);
    let again = of_output(run().wait_with_output().unwrap());
    assert_eq!(again.code, Some(1), "{again}");
    assert!(
        again
            .stdout
            .contains("unknown, check by hand     1: line 2 (P0)"),
        "{again}"
    );
    let requests = rogue.received();
    let requests: Vec<_> = requests
        .iter()
        .map(|text| &text[..text.find("\r\n").unwrap()])
        .collect();
    assert_eq!(
        requests,
        [
            "POST /v1/external-support/P0 HTTP/1.1",
            "PATCH /v1/external-support/P1 HTTP/1.1"
        ]
    );
}

#[test]
fn two_runs_on_one_journal_exclude_each_other() {
    let folder = Folder::with("rows.csv", rows(2));
    let (rogue, was_asked, go_on) = patient();
    let mut first = start(&folder, &rogue);
    was_asked.recv().unwrap();
    let second = of_output(start(&folder, &rogue).wait_with_output().unwrap());
    check_run!(second, @"
    exit code: 2
    ----- stderr -----
    error: another run uses the journal `rows.csv.jelou-journal`
    hint: nothing was sent; wait until it is done, or end it with Ctrl-C
    ");
    drop(go_on);
    let mut rest = String::new();
    first
        .stderr
        .take()
        .unwrap()
        .read_to_string(&mut rest)
        .unwrap();
    assert_eq!(first.wait().unwrap().code(), Some(0), "{rest}");
    assert_eq!(rogue.received().len(), 2);
}
