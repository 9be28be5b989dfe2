//! Rows that fail: how they are reported, and what happens next.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use jelou_sandbox::Options;

use super::harness::{Folder, check_run, rows, sorted_projects};
use crate::command::Run;
use crate::server::{Rogue, Service, closed_port, response};

/// A sandbox in which two of the five projects have no integration.
fn service_of_three() -> Service {
    let options = ["P0", "P2", "P4"].into_iter();
    Service::start(options.fold(Options::default(), Options::integration))
}

#[test]
fn a_failure_is_reported_and_can_be_fed_back() {
    for (name, text) in [
        ("rows.csv", rows(5)),
        (
            "rows.jsonl",
            (0..5)
                .map(|row| format!("{{\"projectId\":\"P{row}\",\"authType\":\"basic\"}}\n"))
                .collect(),
        ),
        (
            "rows.yaml",
            (0..5)
                .map(|row| format!("- projectId: P{row}\n  authType: basic\n"))
                .collect(),
        ),
    ] {
        let folder = Folder::with(name, text);
        let service = service_of_three();
        let failures = format!("failures.{}", name.split('.').next_back().unwrap());
        let run = folder
            .apply_to(&service, &format!("{name} --failures {failures}"))
            .run();
        assert_eq!(run.code, Some(1), "{run}");
        let all = super::harness::service();
        let run = folder.apply_to(&all, &failures).run();
        assert_eq!(run.code, Some(0), "{run}");
        assert_eq!(sorted_projects(&all), ["P1", "P3"]);
    }
}

#[test]
fn the_report_is_text_and_json() {
    let folder = Folder::with("rows.csv", rows(5));
    let service = service_of_three();
    let run = folder
        .apply_to(&service, "rows.csv --quiet --report report.json")
        .run();
    check_run!(run, @"
    exit code: 1
    ----- stdout -----
    5 rows of rows.csv
      applied                    3
      failed                     2
      took                       [SECONDS] s, [RATE] rows a second, 5 requests
    failures:
      2 × the API answered with status 404: Integration not found
          line 3 (P1), line 5 (P3)
    ----- stderr -----
    error: 2 of 5 rows failed, for the reasons above
    hint: correct the rows if they are wrong, then run the same command again: it sends only what has not succeeded
    ");
    insta::with_settings!({ filters => super::harness::filters(), omit_expression => true }, {
        insta::assert_snapshot!(folder.read("report.json"), @r#"
        {
          "input": "rows.csv",
          "journal": "rows.csv.jelou-journal",
          "server": "http://127.0.0.1:[PORT]/jelouapi",
          "ending": "finished",
          "rows": 5,
          "applied": 3,
          "appliedEarlier": 0,
          "failed": 2,
          "mayHaveBeenApplied": 0,
          "invalid": 0,
          "unanswered": 0,
          "notSent": 0,
          "sentAgain": {
            "count": 0,
            "rows": []
          },
          "unknown": {
            "count": 0,
            "rows": []
          },
          "withoutSecret": {
            "count": 0,
            "rows": []
          },
          "requests": 5,
          "seconds": [NUMBER],
          "rowsPerSecond": [NUMBER],
          "failures": [
            {
              "reason": "the API answered with status 404: Integration not found",
              "exitCode": 4,
              "count": 2,
              "rows": [
                {
                  "line": 3,
                  "projectId": "P1"
                },
                {
                  "line": 5,
                  "projectId": "P3"
                }
              ]
            }
          ],
          "slowest": [ROWS]
        }
        "#);
    });
}

#[test]
fn the_next_run_sends_only_failed_rows_again() {
    let folder = Folder::with("rows.csv", rows(5));
    let service = service_of_three();
    let first = folder.apply_to(&service, "rows.csv").run();
    assert_eq!(first.code, Some(1), "{first}");
    let second = folder.apply_to(&service, "rows.csv").run();
    check_run!(second, @"
    exit code: 1
    ----- stdout -----
    5 rows of rows.csv
      applied                    0
      applied by an earlier run  3
      failed                     2
      took                       [SECONDS] s, [RATE] rows a second, 2 requests
    failures:
      2 × the API answered with status 404: Integration not found
          line 3 (P1), line 5 (P3)
    ----- stderr -----
    note: resuming the last run, which applied 3 rows; `--restart` sends every row
    error: 2 of 5 rows failed, for the reasons above
    hint: correct the rows if they are wrong, then run the same command again: it sends only what has not succeeded
    ");
    assert_eq!(
        sorted_projects(&service),
        ["P0", "P1", "P1", "P2", "P3", "P3", "P4"]
    );
}

#[test]
fn one_kind_of_failure_alone_has_its_own_exit_code() {
    let code = |service: &Service| {
        let folder = Folder::with("rows.csv", rows(3));
        folder.apply_to(service, "rows.csv").run().code
    };
    let stranger = Options::default().every_project().api_key("OTHER");
    assert_eq!(code(&Service::start(stranger)), Some(3));
    assert_eq!(code(&Service::start(Options::default())), Some(4));
    assert_eq!(
        code(&Service::start(Options::default().integration("P0"))),
        Some(1)
    );
    let folder = Folder::with("rows.csv", rows(2));
    let run = folder
        .apply(&format!("rows.csv --base-url {}", closed_port()))
        .env("JELOU_API_KEY", "KEY")
        .run();
    assert_eq!(run.code, Some(5), "{run}");
}

#[test]
fn a_run_in_which_nothing_works_is_stopped() {
    let folder = Folder::with("rows.csv", rows(100));
    let service = Service::start(Options::default());
    let run = folder
        .apply_to(&service, "rows.csv --max-failures 3 --concurrency 1")
        .run();
    check_run!(run, @"
    exit code: 4
    ----- stdout -----
    100 rows of rows.csv
      applied                    0
      failed                     3
      not sent                   97
      took                       [SECONDS] s, [RATE] rows a second, 3 requests
    failures:
      3 × the API answered with status 404: Integration not found
          line 2 (P0), line 3 (P1), line 4 (P2)
    ----- stderr -----
    error: stopped after 3 consecutive failures; not sent: 97 rows
    hint: fix the cause, then run the same command again: it sends only what has not succeeded
    ");
    assert_eq!(service.received().len(), 3);
    let run = folder
        .apply_to(&service, "rows.csv --max-failures 0 --quiet")
        .run();
    assert_eq!(run.code, Some(4), "{run}");
    assert_eq!(service.received().len(), 103);
}

#[test]
fn a_wait_requested_by_the_server_holds_every_row() {
    const ROWS: usize = 200;
    let was_asked = AtomicBool::new(false);
    let rogue = Rogue::start(move |request| {
        if request.contains("/P0 ") && !was_asked.swap(true, Ordering::Relaxed) {
            let answer = response(429, "{}");
            return answer.replace("\r\n\r\n", "\r\nRetry-After: 1\r\n\r\n");
        }
        response(200, r#"{"id":"INTEGRATION_ID"}"#)
    });
    let folder = Folder::with("rows.csv", rows(ROWS));
    let run = folder
        .apply(&format!(
            "rows.csv --concurrency 4 --base-url {}",
            rogue.base_url
        ))
        .env("JELOU_API_KEY", "KEY")
        .run();
    assert_eq!(run.code, Some(0), "{run}");
    let received = rogue.received();
    assert_eq!(received.len(), ROWS + 1);
    // Rows that are sent before the answer arrives are not held. All of them would be done within the wait.
    let is_first_row = |request: &String| request.contains("/P0 ");
    let retry = received.iter().rposition(is_first_row).unwrap();
    assert!(
        retry < ROWS / 4,
        "{retry} requests before the second attempt"
    );
}

#[test]
fn a_wait_of_an_hour_ends_the_run() {
    let answer = response(429, "{}").replace("\r\n\r\n", "\r\nRetry-After: 3600\r\n\r\n");
    let rogue = Rogue::start(move |_| answer.clone());
    let folder = Folder::with("rows.csv", rows(12));
    let run = folder
        .apply(&format!(
            "rows.csv --concurrency 1 --base-url {}",
            rogue.base_url
        ))
        .env("JELOU_API_KEY", "KEY")
        .run();
    check_run!(run, @"
    exit code: 1
    ----- stdout -----
    12 rows of rows.csv
      applied                    0
      failed                     1
      not sent                   11
      took                       [SECONDS] s, [RATE] rows a second, 1 request
    failures:
      1 × the API answered with status 429
          line 2 (P0)
    ----- stderr -----
    error: stopped: the server asks to wait 3600 s; not sent: 11 rows
    hint: after that, run the same command again: it sends only what has not succeeded
    ");
    assert_eq!(rogue.received().len(), 1);
}

#[test]
fn a_retryable_failure_is_retried() {
    let begun = AtomicUsize::new(0);
    let rogue = Rogue::start(move |_| match begun.fetch_add(1, Ordering::Relaxed) {
        0 | 1 => response(503, "{}"),
        _ => response(200, r#"{"id":"INTEGRATION_ID"}"#),
    });
    let folder = Folder::with("rows.csv", rows(1));
    let run = folder
        .apply(&format!("rows.csv --base-url {}", rogue.base_url))
        .env("JELOU_API_KEY", "KEY")
        .run();
    check_run!(run, @"
    exit code: 0
    ----- stdout -----
    1 row of rows.csv
      applied                    1
      took                       [SECONDS] s, [RATE] rows a second, 3 requests
    ");
}

#[test]
fn rows_that_may_have_been_applied_are_reported() {
    let rogue = Rogue::answering(500, "{}");
    let folder = Folder::with("rows.csv", rows(1));
    let apply = |base_url: String| {
        folder
            .apply("rows.csv")
            .arguments(&format!("--base-url {base_url}"))
            .env("JELOU_API_KEY", "KEY")
            .run()
    };
    check_run!(apply(rogue.base_url.clone()), @"
    exit code: 1
    ----- stdout -----
    1 row of rows.csv
      applied                    0
      failed                     1 (1 may have been applied)
      took                       [SECONDS] s, [RATE] rows a second, 5 requests
    failures:
      1 × the API answered with status 500
          line 2 (P0)
    ----- stderr -----
    error: 1 of 1 row failed, for the reasons above
    hint: correct the rows if they are wrong, then run the same command again: it sends only what has not succeeded
    ");
    check_run!(apply(rogue.base_url.clone()), @"
    exit code: 1
    ----- stdout -----
    1 row of rows.csv
      applied                    0
      failed                     1 (1 may have been applied)
      sent again, in doubt       1: line 2 (P0)
      took                       [SECONDS] s, [RATE] rows a second, 5 requests
    failures:
      1 × the API answered with status 500
          line 2 (P0)
    ----- stderr -----
    note: an earlier run got no clear answer for 1 row, which may have been applied: row 1; sending what the file has now
    note: resuming the last run, which applied 0 rows; `--restart` sends every row
    error: 1 of 1 row failed, for the reasons above
    hint: correct the rows if they are wrong, then run the same command again: it sends only what has not succeeded
    ");
}

/// Runs the same three rows twice, answering the second row with `status` and `body`; also returns the projects that were sent.
fn run_twice(status: u16, body: &'static str) -> (Run, Run, Vec<String>) {
    let server = Rogue::start(move |request| match request.contains("/P1 ") {
        true => response(status, body),
        false => response(200, r#"{"id":"INTEGRATION_ID"}"#),
    });
    let folder = Folder::with("rows.csv", rows(3));
    let apply = || {
        folder
            .apply("rows.csv --concurrency 1 --quiet --output json")
            .arguments(&format!("--base-url {}", server.base_url))
            .env("JELOU_API_KEY", "KEY")
            .run()
    };
    let (first, second) = (apply(), apply());
    let projects = server.received().into_iter().map(|request| {
        let target = request.split(' ').nth(1).unwrap();
        target.rsplit('/').next().unwrap().to_owned()
    });
    (first, second, projects.collect())
}

/// A number in the JSON report.
#[track_caller]
fn number(run: &Run, name: &str) -> u64 {
    let report: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    report[name].as_u64().unwrap()
}

#[test]
fn a_success_whose_body_reports_a_failure_is_a_failure() {
    for body in [
        r#"{"success":false,"message":"denied"}"#,
        r#"{"status":"error","message":"Project not found"}"#,
        r#"{"status":0,"message":["denied"],"data":{"brainId":"P"}}"#,
        r#"{"status":false,"message":"denied"}"#,
        r#"{"errors":[{"message":"denied"}]}"#,
        r#"{"message":"Unauthorized"}"#,
        "{}",
    ] {
        let (first, second, projects) = run_twice(200, body);
        for (run, applied) in [(first, 2), (second, 0)] {
            assert_eq!(run.code, Some(1), "{body}\n{run}");
            assert_eq!(number(&run, "applied"), applied, "{body}\n{run}");
            assert_eq!(number(&run, "failed"), 1, "{body}\n{run}");
        }
        assert_eq!(projects, ["P0", "P1", "P2", "P1"], "{body}");
    }
}

#[test]
fn every_status_of_success_is_applied_and_not_sent_again() {
    for (status, body) in [
        (201, r#"{"id":"INTEGRATION_ID"}"#),
        (202, r#"{"status":1,"data":{"id":"INTEGRATION_ID"}}"#),
        (202, ""),
        (204, ""),
    ] {
        let (first, second, projects) = run_twice(status, body);
        for (run, applied) in [(first, 3), (second, 0)] {
            assert_eq!(run.code, Some(0), "{status} {body}\n{run}");
            assert_eq!(number(&run, "applied"), applied, "{status} {body}\n{run}");
            assert_eq!(number(&run, "failed"), 0, "{status} {body}\n{run}");
        }
        assert_eq!(projects, ["P0", "P1", "P2"], "{status} {body}");
    }
}
