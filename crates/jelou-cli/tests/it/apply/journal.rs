//! Tests of the journal: what a run records, and how the next one uses it.

use std::fs;

use super::harness::{Folder, check_run, rows, service, sorted_projects};
use crate::server::Service;

/// A folder and a sandbox after a completed run.
fn done() -> (Folder, Service) {
    let folder = Folder::with("rows.csv", rows(3));
    let service = service();
    let run = folder.apply_to(&service, "rows.csv --concurrency 1").run();
    assert_eq!(run.code, Some(0), "{run}");
    (folder, service)
}

#[test]
fn what_was_applied_is_not_sent_again() {
    let (folder, service) = done();
    check_run!(folder.apply_to(&service, "rows.csv").run(), @"
    exit code: 0
    ----- stdout -----
    3 rows of rows.csv
      applied                    0
      applied by an earlier run  3
      took                       [SECONDS] s, [RATE] rows a second, 0 requests
    ----- stderr -----
    note: resuming the last run, which applied 3 rows; `--restart` sends every row
    ");
    assert_eq!(service.received().len(), 3);
}

#[test]
fn every_row_is_sent_again_on_request() {
    let (folder, service) = done();
    let run = folder
        .apply_to(&service, "rows.csv --restart --quiet")
        .run();
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
    assert_eq!(service.received().len(), 6);
}

#[test]
fn a_journal_belongs_to_one_server() {
    let (folder, _) = done();
    let other = service();
    check_run!(folder.apply_to(&other, "rows.csv").run(), @"
    exit code: 2
    ----- stderr -----
    error: the journal `rows.csv.jelou-journal` is for `http://127.0.0.1:[PORT]/jelouapi`, not for `http://127.0.0.1:[PORT]/jelouapi`
    hint: nothing was sent; name another journal with `--journal`, or give `--restart` to discard this one and send every row
    ");
    assert!(other.received().is_empty());
}

#[test]
fn rows_sent_to_the_sandbox_do_not_count_as_applied() {
    let folder = Folder::with("rows.csv", rows(2));
    for _ in 0..2 {
        let run = folder.apply("rows.csv --sandbox --quiet").run();
        assert!(run.stdout.contains("applied                    2"), "{run}");
    }
    let service = service();
    let run = folder.apply_to(&service, "rows.csv").run();
    assert_eq!(run.code, Some(0), "{run}");
    assert_eq!(sorted_projects(&service), ["P0", "P1"]);
}

#[test]
fn a_torn_journal_is_resumed() {
    let (folder, service) = done();
    let journal = folder.path("rows.csv.jelou-journal");
    let bytes = fs::read(&journal).unwrap();
    // Tear the last record: its row then counts as sent, but not as applied.
    fs::write(&journal, &bytes[..bytes.len() - 3]).unwrap();
    check_run!(folder.apply_to(&service, "rows.csv --concurrency 1").run(), @"
    exit code: 0
    ----- stdout -----
    3 rows of rows.csv
      applied                    1
      applied by an earlier run  2
      sent again, in doubt       1: line 4 (P2)
      took                       [SECONDS] s, [RATE] rows a second, 1 request
    ----- stderr -----
    note: an earlier run got no clear answer for 1 row, which may have been applied: row 3; sending what the file has now
    note: resuming the last run, which applied 2 rows; `--restart` sends every row
    ");
    assert_eq!(service.received().len(), 4);
}

#[test]
fn a_damaged_journal_loses_no_row() {
    let (folder, service) = done();
    let journal = folder.path("rows.csv.jelou-journal");
    let mut bytes = fs::read(&journal).unwrap();
    let begin = bytes.len() - 24;
    bytes[begin..].fill(0);
    fs::write(&journal, &bytes).unwrap();
    let run = folder.apply_to(&service, "rows.csv").run();
    assert!(
        run.stderr
            .contains("1 record of the journal cannot be read"),
        "{run}"
    );
    assert_eq!(service.received().len(), 4);
}

#[test]
fn a_file_that_is_not_a_journal_is_not_overwritten() {
    let folder = Folder::with("rows.csv", rows(1));
    folder.write("notes.txt", "not a journal");
    check_run!(folder.apply("rows.csv --sandbox --journal notes.txt").run(), @"
    exit code: 2
    ----- stderr -----
    error: `notes.txt` is not a journal
    hint: nothing was sent; name another file with `--journal`, or move this one away
    ");
    assert_eq!(folder.read("notes.txt"), "not a journal");
}

#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_written_is_an_error() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::with("rows.csv", rows(1));
    let closed = folder.path("closed");
    fs::create_dir(&closed).unwrap();
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o500)).unwrap();
    // File permissions do not stop root.
    if fs::write(closed.join("probe"), "").is_err() {
        let run = folder
            .apply("rows.csv --sandbox --journal closed/journal")
            .run();
        assert_eq!(run.code, Some(1), "{run}");
    }
    folder.write("failures", "of an earlier run");
    let arguments = "rows.csv --sandbox --failures failures --journal absent/journal";
    check_run!(folder.apply(arguments).run(), @"
    exit code: 1
    ----- stderr -----
    error: the journal `absent/journal` cannot be read or written
      caused by: No such file or directory (os error [NUMBER])
    hint: nothing was sent, because a run without a journal cannot be resumed; name a file in a writable folder with `--journal`
    ");
    assert_eq!(folder.read("failures"), "of an earlier run");
}

#[cfg(unix)]
#[test]
fn sending_stops_when_the_journal_has_no_space() {
    let folder = Folder::with("rows.csv", rows(500));
    let service = service();
    // Limit files to two blocks, which are 512 bytes or 1 KiB each.
    let line = "trap '' XFSZ; ulimit -f 2; exec \"$@\"";
    let run = folder
        .apply_through_shell(line, "rows.csv --concurrency 4")
        .arguments(&format!("--base-url {}", service.base_url()))
        .env("JELOU_API_KEY", "KEY")
        .run();
    assert_eq!(run.code, Some(1), "{run}");
    insta::with_settings!({ filters => super::harness::filters(), omit_expression => true }, {
        insta::assert_snapshot!(run.stderr, @"
        error: the journal `rows.csv.jelou-journal` cannot be written, so nothing more was sent
          caused by: File too large (os error [NUMBER])
        hint: free disk space, then run the same command again: it resumes where the journal ends, and repeats at most the rows that were in flight
        ");
    });
    let sent = service.received().len();
    assert!((1..200).contains(&sent), "{sent}");

    let run = folder.apply_to(&service, "rows.csv").run();
    assert_eq!(run.code, Some(0), "{run}");
    let sent = sorted_projects(&service);
    let mut distinct = sent.clone();
    distinct.dedup();
    assert_eq!(distinct.len(), 500);
    // At most four rows were in flight when the space ran out.
    assert!(sent.len() <= 504, "{}", sent.len());
}
