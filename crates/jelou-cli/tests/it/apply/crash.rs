//! A run that is killed at any moment loses no row and resends none unnecessarily.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::thread;
use std::time::{Duration, Instant};

use super::harness::{Folder, projects, rows, service};

const KILLS: u32 = 50;
const ROWS: usize = 200;
const CONCURRENCY: usize = 4;

#[test]
fn no_row_is_lost_or_sent_again_unnecessarily() {
    let seed = fastrand::get_seed();
    let whole = duration_of_a_run();
    let (mut kills, mut again, mut files) = (0, 0, 0);
    while kills < KILLS {
        let ending = kill_until_done(whole, KILLS - kills, seed);
        kills += ending.kills;
        again += ending.again;
        files += 1;
    }
    println!("{kills} kills in {files} files of {ROWS} rows, {again} rows sent again, seed {seed}");
}

/// The duration of an undisturbed run.
fn duration_of_a_run() -> Duration {
    let folder = Folder::with("rows.csv", rows(ROWS));
    let service = service();
    let begin = Instant::now();
    let run = folder.apply_to(&service, &arguments()).run();
    assert_eq!(run.code, Some(0), "{run}");
    begin.elapsed()
}

fn arguments() -> String {
    format!("rows.csv --quiet --concurrency {CONCURRENCY}")
}

/// What it took to complete a file.
struct Ending {
    kills: u32,
    again: usize,
}

/// Kills runs on one file at random moments until one ends by itself; after `most` kills, lets the next one finish.
fn kill_until_done(whole: Duration, most: u32, seed: u64) -> Ending {
    let folder = Folder::with("rows.csv", rows(ROWS));
    let service = service();
    let mut kills = 0;
    loop {
        let mut child = folder.apply_to(&service, &arguments()).spawn();
        if kills < most {
            thread::sleep(whole.mul_f64(fastrand::f64()));
            // The run may already have ended.
            _ = child.kill();
        }
        match child.wait().unwrap().code() {
            None => kills += 1,
            code => {
                assert_eq!(code, Some(0), "after {kills} kills, seed {seed}");
                break;
            }
        }
    }
    // Count requests at the end: those in flight when a run was killed may arrive after the next run has started.
    let sent = projects(&service);
    let distinct: HashSet<String> = sent.iter().cloned().collect();
    let all: HashSet<String> = (0..ROWS).map(|row| format!("P{row}")).collect();
    assert_eq!(distinct, all, "after {kills} kills, seed {seed}");
    let again = sent.len() - distinct.len();
    assert!(
        again <= CONCURRENCY * kills as usize,
        "{again} rows were sent again after {kills} kills, seed {seed}"
    );
    let journal = fs::read(folder.path("rows.csv.jelou-journal")).unwrap();
    check_journal(&journal, &sent, seed);
    Ending { kills, again }
}

/// Checks that no row was sent after its success was recorded, and that the journal has every request that arrived.
fn check_journal(journal: &[u8], sent: &[String], seed: u64) {
    let mut requests: HashMap<&str, usize> = HashMap::new();
    for project in sent {
        *requests.entry(project).or_default() += 1;
    }
    // Two header lines, then 24-byte records: two digests, the line of the row, the event, and a checksum.
    let mut lines = journal.splitn(3, |byte| *byte == b'\n');
    let mut attempts = [0; ROWS];
    let mut is_applied = [false; ROWS];
    for event in lines.nth(2).unwrap().chunks_exact(24) {
        let line = u32::from_le_bytes(event[16..20].try_into().unwrap());
        let row = line as usize - 2;
        match event[20] {
            1 => {
                assert!(!is_applied[row], "row {row} without need, seed {seed}");
                attempts[row] += 1;
            }
            2 => is_applied[row] = true,
            other => panic!("row {row} has the event {other}, seed {seed}"),
        }
    }
    for row in 0..ROWS {
        assert!(is_applied[row], "row {row}, seed {seed}");
        let came = requests[format!("P{row}").as_str()];
        assert!(
            came <= attempts[row],
            "row {row} came {came} times, seed {seed}"
        );
    }
}
