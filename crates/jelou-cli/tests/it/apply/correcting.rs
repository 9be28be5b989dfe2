//! A corrected file resumes where the last run ended.

use std::fs::{self, File};
use std::sync::mpsc;

use jelou_sandbox::Options;

use super::harness::{Folder, check_run, projects, rows, service, sorted_projects};
use crate::server::{Rogue, Service, response};

/// A sandbox that has some of the projects in these tests.
fn service_of_some() -> Service {
    let options = ["P0", "P2", "P4", "P9", "Q1", "Q2"].into_iter();
    Service::start(options.fold(Options::default(), Options::integration))
}

/// A folder and a sandbox after a run of five rows, of which P1 and P3 failed.
fn failed() -> (Folder, Service) {
    let folder = Folder::with("rows.csv", rows(5));
    let service = service_of_some();
    let run = folder.apply_to(&service, "rows.csv --concurrency 1").run();
    assert_eq!(run.code, Some(1), "{run}");
    assert_eq!(service.received().len(), 5);
    (folder, service)
}

#[test]
fn rows_that_were_not_applied_may_change() {
    let (folder, service) = failed();
    folder.write(
        "rows.csv",
        rows(5).replace("P1,", "P9,").replace("P3,", "Q1,"),
    );
    check_run!(folder.apply_to(&service, "rows.csv --concurrency 1").run(), @"
    exit code: 0
    ----- stdout -----
    5 rows of rows.csv
      applied                    2
      applied by an earlier run  3
      took                       [SECONDS] s, [RATE] rows a second, 2 requests
    ----- stderr -----
    note: resuming the last run, which applied 3 rows; `--restart` sends every row
    ");
    assert_eq!(projects(&service)[5..], ["P9", "Q1"]);
    // By now, every row has been applied.
    let run = folder.apply_to(&service, "rows.csv").run();
    assert_eq!(run.code, Some(0), "{run}");
    assert_eq!(service.received().len(), 7);
}

#[test]
fn a_dry_run_shows_what_remains_and_changes_nothing() {
    let (folder, service) = failed();
    let journal = folder.path("rows.csv.jelou-journal");
    // Tear the last record: P4 then counts as sent, but not as applied.
    let bytes = fs::read(&journal).unwrap();
    let bytes = &bytes[..bytes.len() - 3];
    fs::write(&journal, bytes).unwrap();
    folder.write("rows.csv", rows(5).replace("P1,", "P9,"));
    check_run!(folder.apply_to(&service, "rows.csv --dry-run").run(), @"
    exit code: 0
    ----- stdout -----
    3 of 5 rows would be sent to http://127.0.0.1:[PORT]/jelouapi, and noted in rows.csv.jelou-journal
      line 3: projectId=P9 webhookUrl=https://my-system.com/webhook/1
      line 5: projectId=P3 webhookUrl=https://my-system.com/webhook/3
      line 6: projectId=P4 webhookUrl=https://my-system.com/webhook/4
    2 rows applied by an earlier run
    nothing was sent
    ");
    let run = folder
        .apply_to(&service, "rows.csv --dry-run --output json")
        .run();
    let plan: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    let numbers = ["rows", "valid", "appliedEarlier"].map(|name| &plan[name]);
    assert_eq!(numbers, [5, 5, 2]);

    folder.write("rows.csv", rows(5).replace("webhook/2", "webhook/x"));
    let run = folder.apply_to(&service, "rows.csv --dry-run").run();
    assert_eq!(run.code, Some(2), "{run}");
    let told = "1 row of `rows.csv` changed after an earlier run applied it";
    assert!(run.stderr.contains(told), "{run}");
    assert_eq!(fs::read(&journal).unwrap(), bytes);
    assert_eq!(service.received().len(), 5);
}

#[test]
fn rows_may_be_moved_added_removed_and_reformatted() {
    let (folder, service) = failed();
    // The format in which a spreadsheet saves the sorted rows.
    let url = "https://my-system.com/webhook";
    let text = format!(
        "\u{feff}webhookUrl;projectId;profile\r\n{url}/4;P4;\r\n{url}/q;Q1;\r\n\"{url}/2\";P2;\r\n;;\r\n{url}/0;P0;\r\n{url}/q;Q2;\r\n"
    );
    folder.write("rows.csv", text);
    let run = folder.apply_to(&service, "rows.csv --concurrency 1").run();
    assert_eq!(run.code, Some(0), "{run}");
    assert_eq!(projects(&service)[5..], ["Q1", "Q2"]);
}

#[test]
fn applied_rows_may_not_change() {
    let (folder, service) = failed();
    folder.write(
        "rows.csv",
        rows(5)
            .replace("webhook/4", "webhook/x")
            .replace("webhook/2", "webhook/x")
            .replace("P1,", "P9,"),
    );
    check_run!(folder.apply_to(&service, "rows.csv").run(), @"
    exit code: 2
    ----- stderr -----
    error: 2 rows of `rows.csv` changed after an earlier run applied them: row 3 (line 4, project `P2`), and 1 more
    hint: nothing was sent; only rows that were not applied may change: undo the change to go on, put new values for these projects into another file, or give `--restart` to send every row of this one
    ");
    assert_eq!(service.received().len(), 5);
    // The journal is unharmed.
    folder.write(
        "rows.csv",
        rows(5).replace("P1,", "P9,").replace("P3,", "Q1,"),
    );
    let run = folder.apply_to(&service, "rows.csv --concurrency 1").run();
    assert_eq!(run.code, Some(0), "{run}");
    assert_eq!(projects(&service)[5..], ["P9", "Q1"]);
}

#[test]
fn applied_rows_may_not_be_removed_or_change_their_project() {
    let (folder, service) = failed();
    folder.write("rows.csv", rows(5).replace("P2,", "P9,"));
    check_run!(folder.apply_to(&service, "rows.csv").run(), @"
    exit code: 2
    ----- stderr -----
    error: 1 row that an earlier run applied is missing from `rows.csv`: the one on line 4, where row 3 (line 4, project `P9`) is now
    hint: nothing was sent; only rows that were not applied may change: undo the change to go on, put new values for these projects into another file, or give `--restart` to send every row of this one
    ");
    folder.write("rows.csv", rows(1));
    check_run!(folder.apply_to(&service, "rows.csv").run(), @"
    exit code: 2
    ----- stderr -----
    error: 2 rows that an earlier run applied are missing from `rows.csv`: the one on line 4, and 1 more
    hint: nothing was sent; only rows that were not applied may change: undo the change to go on, put new values for these projects into another file, or give `--restart` to send every row of this one
    ");
    assert_eq!(service.received().len(), 5);
    let run = folder.apply_to(&service, "rows.csv --restart").run();
    assert_eq!(run.code, Some(0), "{run}");
    assert_eq!(service.received().len(), 6);
}

#[test]
fn credentials_of_any_row_may_change() {
    let (folder, service) = failed();
    let text = rows(5)
        .replace("webhookUrl\n", "webhookUrl,apiKeyEnv\n")
        .replace("P1,", "P9,")
        .replace("P3,", "Q1,");
    let text: String = text.split_inclusive('\n').map(with_key).collect();
    folder.write("rows.csv", text);
    let run = folder
        .apply_to(&service, "rows.csv --concurrency 1")
        .env("OTHER_KEY", "OTHER")
        .run();
    assert_eq!(run.code, Some(0), "{run}");
    assert_eq!(projects(&service)[5..], ["P9", "Q1"]);
}

fn with_key(line: &str) -> String {
    match line.starts_with("projectId") {
        true => line.to_owned(),
        false => line.replace('\n', ",OTHER_KEY\n"),
    }
}

#[test]
fn a_row_in_doubt_may_change_and_is_reported() {
    let rogue = Rogue::start(|request| match request.contains("/1\"") {
        true => response(500, "{}"),
        false => response(200, r#"{"id":"INTEGRATION_ID"}"#),
    });
    let folder = Folder::with("rows.csv", rows(3));
    let apply = || {
        folder
            .apply("rows.csv --concurrency 1 --quiet")
            .arguments(&format!("--base-url {}", rogue.base_url))
            .env("JELOU_API_KEY", "KEY")
            .run()
    };
    assert_eq!(apply().code, Some(1));
    folder.write("rows.csv", rows(3).replace("webhook/1", "webhook/x"));
    check_run!(apply(), @"
    exit code: 0
    ----- stdout -----
    3 rows of rows.csv
      applied                    1
      applied by an earlier run  2
      sent again, in doubt       1: line 3 (P1)
      took                       [SECONDS] s, [RATE] rows a second, 1 request
    ----- stderr -----
    note: an earlier run got no clear answer for 1 row, which may have been applied: row 2; sending what the file has now
    ");
    assert!(rogue.received().last().unwrap().contains("webhook/x"));
}

#[test]
fn a_killed_run_resumes_with_a_corrected_and_sorted_file() {
    let (asked, was_asked) = mpsc::channel();
    let (go_on, may_go_on) = mpsc::channel::<()>();
    let rogue = Rogue::start(move |request| {
        if request.contains("webhook/3\"") {
            _ = asked.send(());
            _ = may_go_on.recv();
        }
        response(200, r#"{"id":"INTEGRATION_ID"}"#)
    });
    let folder = Folder::with("rows.csv", rows(5));
    let apply = || {
        folder
            .apply("rows.csv --concurrency 1 --quiet")
            .arguments(&format!("--base-url {}", rogue.base_url))
            .env("JELOU_API_KEY", "KEY")
    };
    let mut child = apply().spawn();
    was_asked.recv().unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    drop(go_on);

    let text = rows(5).replace("webhook/3", "webhook/x");
    let (header, rest) = text.split_once('\n').unwrap();
    let mut lines: Vec<&str> = rest.lines().rev().collect();
    lines.insert(0, header);
    folder.write("rows.csv", lines.join("\n"));
    let run = apply().run();
    assert_eq!(run.code, Some(0), "{run}");
    let received = rogue.received();
    let sent = received.iter().map(|request| {
        let target = request.split(' ').nth(1).unwrap();
        target.rsplit('/').next().unwrap()
    });
    assert_eq!(
        sent.collect::<Vec<_>>(),
        ["P0", "P1", "P2", "P3", "P4", "P3"]
    );
    assert!(received[5].contains("webhook/x"), "{}", received[5]);
}

#[test]
fn skipped_rows_are_sent_once_they_are_corrected() {
    let folder = Folder::with(
        "rows.csv",
        rows(3).replace(
            "https://my-system.com/webhook/1",
            "http://my-system.com/webhook/1",
        ),
    );
    let service = service();
    let run = folder
        .apply_to(&service, "rows.csv --skip-invalid --quiet")
        .run();
    check_run!(run, @"
    exit code: 1
    ----- stdout -----
    3 rows of rows.csv
      applied                    2
      skipped as invalid         1
      took                       [SECONDS] s, [RATE] rows a second, 2 requests
    ----- stderr -----
    rows.csv:3:4: `webhookUrl` cannot be used: it does not begin with `https://`
    error: 1 of 3 rows skipped as invalid
    hint: correct them, then run the same command again: it sends only what has not succeeded
    ");
    folder.write("rows.csv", rows(3));
    let run = folder.apply_to(&service, "rows.csv").run();
    assert_eq!(run.code, Some(0), "{run}");
    assert_eq!(sorted_projects(&service), ["P0", "P1", "P2"]);
}

#[test]
fn an_applied_row_that_is_now_invalid_is_not_missing() {
    let text = "projectId,authType,apiKeyEnv\nA,basic,OWN\nB,basic,\n";
    let folder = Folder::with("rows.csv", text);
    let service = service();
    let run = folder
        .apply_to(&service, "rows.csv")
        .env("OWN", "KEY")
        .run();
    assert_eq!(run.code, Some(0), "{run}");
    folder.write("rows.csv", format!("{text}C,basic,\n"));
    let run = folder
        .apply_to(&service, "rows.csv --skip-invalid --output json")
        .run();
    assert_eq!(run.code, Some(1), "{run}");
    let report: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    let numbers = ["applied", "appliedEarlier", "invalid", "notSent"].map(|name| &report[name]);
    assert_eq!(numbers, [1, 1, 1, 0]);
}

#[test]
fn standard_input_can_be_corrected() {
    let folder = Folder::with("rows", rows(5));
    let service = service_of_some();
    let apply = |arguments: &str| {
        folder
            .apply_to(&service, "- --format csv --quiet --concurrency 1")
            .arguments(arguments)
            .stdin(File::open(folder.path("rows")).unwrap())
            .run()
    };
    let run = apply("");
    assert_eq!(run.code, Some(1), "{run}");
    let names = folder.names();
    let journal = names
        .iter()
        .find(|name| name.ends_with("-journal"))
        .unwrap();
    let command = format!("`--journal {journal}`");
    assert!(run.stderr.contains(&command), "{run}");

    folder.write("rows", rows(5).replace("P1,", "P9,").replace("P3,", "Q1,"));
    let run = apply(&format!("--journal {journal}"));
    assert_eq!(run.code, Some(0), "{run}");
    assert_eq!(projects(&service)[5..], ["P9", "Q1"]);
}

#[test]
fn changed_rows_are_sent_to_the_sandbox_again() {
    let folder = Folder::with("rows.csv", rows(3));
    for text in [rows(3), rows(3).replace("/webhook/", "/hook/"), rows(2)] {
        folder.write("rows.csv", &text);
        let run = folder.apply("rows.csv --sandbox --output json").run();
        assert_eq!(run.code, Some(0), "{run}");
        let report: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
        assert_eq!(report["applied"], text.lines().count() - 1, "{run}");
    }
}

#[test]
fn a_journal_reveals_nothing_about_a_secret() {
    let text = "projectId,authType,authorizationEnv\nA,bearer,TOKEN\n";
    let folder = Folder::with("rows.csv", text);
    let service = service();
    let journal = |arguments: &str, token: &str| {
        let run = folder
            .apply_to(&service, arguments)
            .env("TOKEN", token)
            .run();
        assert_eq!(run.code, Some(0), "{run}");
        fs::read(folder.path("rows.csv.jelou-journal")).unwrap()
    };
    let first = journal("rows.csv", "canary-one");
    // A row does not change with the value of its secret.
    assert_eq!(journal("rows.csv", "canary-two"), first);
    assert_eq!(service.received().len(), 1);
    // In another journal, the same row has different digests.
    let second = journal("rows.csv --restart", "canary-one");
    let digests = |journal: &[u8]| -> Vec<[u8; 16]> {
        let events = journal.splitn(3, |byte| *byte == b'\n').nth(2).unwrap();
        let events = events.chunks_exact(24);
        events
            .map(|event| event[..16].try_into().unwrap())
            .collect()
    };
    let (first, second) = (digests(&first), digests(&second));
    assert_eq!((first.len(), second.len()), (2, 2));
    assert_eq!(first[0], first[1]);
    assert_ne!(first[0][..8], second[0][..8]);
    assert_ne!(first[0][8..], second[0][8..]);
}

#[test]
fn a_journal_of_another_version_is_not_changed_until_it_is_discarded() {
    let folder = Folder::with("rows.csv", rows(1));
    let service = service();
    let old =
        "jelou-journal 1\n{\"input\":{\"bytes\":56,\"xxh3\":\"00\"},\"server\":\"sandbox\"}\n";
    folder.write("rows.csv.jelou-journal", old);
    check_run!(folder.apply_to(&service, "rows.csv").run(), @"
    exit code: 2
    ----- stderr -----
    error: `rows.csv.jelou-journal` is not a journal that this version of `jelou` can read
    hint: nothing was sent; use the version that began it, or give `--restart` to discard it and send every row
    ");
    assert_eq!(folder.read("rows.csv.jelou-journal"), old);
    assert!(service.received().is_empty());
    let run = folder.apply_to(&service, "rows.csv --restart").run();
    assert_eq!(run.code, Some(0), "{run}");
    assert_eq!(service.received().len(), 1);
}
