use std::fs;

use super::*;

const SERVER: &str = "https://my-system.com";

/// A journal and its contents: whether it existed, the lines and events of its records, and the number of damaged ones.
struct Opened {
    journal: Journal,
    is_any: bool,
    events: Vec<(u32, Event)>,
    damaged: u64,
}

fn open(path: &Path) -> Result<Opened, Failure> {
    let mut found = Found::look(path, SERVER, false)?;
    let mut events = Vec::new();
    let read = found.read(|record| {
        events.push((record.row.line, record.event));
        Ok(())
    })?;
    Ok(Opened {
        journal: found.begin(SERVER)?,
        is_any: read.is_some(),
        events,
        damaged: read.map_or(0, |(_, damaged)| damaged),
    })
}

fn write(path: &Path, events: &[(u32, Event)]) {
    let mut journal = open(path).unwrap().journal;
    for (line, event) in events {
        let row = Fingerprint {
            project: 4711,
            values: 815,
            line: *line,
        };
        journal.note(row, *event);
    }
    journal.write().unwrap();
}

const EVENTS: [(u32, Event); 9] = [
    (0, Event::Sent),
    (1, Event::Sent),
    (2, Event::Sent),
    (3, Event::Sent),
    (1, Event::Applied),
    (2, Event::Refused),
    (3, Event::Unclear),
    (2, Event::Sent),
    (2, Event::Applied),
];

#[test]
fn a_journal_records_what_happened_to_each_row() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal");
    assert!(!open(&path).unwrap().is_any);
    write(&path, &EVENTS);
    let opened = open(&path).unwrap();
    assert!(opened.is_any);
    assert_eq!((&opened.events[..], opened.damaged), (&EVENTS[..], 0));
}

#[test]
fn a_journal_torn_at_any_byte_is_resumed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal");
    write(&path, &EVENTS);
    let whole = fs::read(&path).unwrap();
    let header = whole.len() - EVENTS.len() * record::LENGTH;
    for length in 0..whole.len() {
        fs::write(&path, &whole[..length]).unwrap();
        write(&path, &[(7, Event::Sent), (7, Event::Applied)]);
        let opened = open(&path).unwrap();
        let left = length.saturating_sub(header) / record::LENGTH;
        let mut expected = EVENTS[..left].to_vec();
        expected.extend([(7, Event::Sent), (7, Event::Applied)]);
        assert_eq!((opened.events, opened.damaged), (expected, 0), "{length}");
    }
}

#[test]
fn a_damaged_record_does_not_affect_others() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal");
    write(&path, &EVENTS);
    let mut bytes = fs::read(&path).unwrap();
    // The record that marks row 1 as applied.
    let place = bytes.len() - 5 * record::LENGTH;
    bytes[place] ^= 1;
    fs::write(&path, &bytes).unwrap();
    let opened = open(&path).unwrap();
    let expected = [&EVENTS[..4], &EVENTS[5..]].concat();
    assert_eq!((opened.events, opened.damaged), (expected, 1));
}

#[test]
fn an_open_journal_cannot_be_opened_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal");
    let _opened = open(&path).unwrap();
    let failure = open(&path).err().unwrap();
    assert!(
        failure.error().starts_with("another run uses"),
        "{failure:?}"
    );
}

#[test]
fn a_file_that_is_not_a_journal_is_not_changed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal");
    for (text, said) in [
        ("projectId\n", "is not a journal"),
        ("jelou-journal 1\n{}\n", "not a journal that this version"),
        ("jelou-journal 2\n{}\n", "not a journal that this version"),
    ] {
        fs::write(&path, text).unwrap();
        let failure = open(&path).err().unwrap();
        assert!(failure.error().contains(said), "{failure:?}");
        assert_eq!(fs::read_to_string(&path).unwrap(), text);
    }
}
