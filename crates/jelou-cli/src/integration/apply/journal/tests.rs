use std::fs;

use super::*;

fn header() -> Header {
    Header {
        input: Digest {
            bytes: 17,
            xxh3: "0123".to_owned(),
        },
        server: "https://my-system.com".to_owned(),
    }
}

fn open(path: &Path) -> Result<(Journal, Earlier), Failure> {
    let (found, earlier) = Found::look(path, &header(), |_| false, false)?;
    Ok((found.begin(&header())?, earlier))
}

fn write(path: &Path, events: &[(u32, Event)]) {
    let (mut journal, _) = open(path).unwrap();
    for (row, event) in events {
        journal.note(*row, *event);
    }
    journal.write().unwrap();
}

fn rows(rows: &RoaringBitmap) -> Vec<u32> {
    rows.iter().collect()
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
fn a_journal_says_what_became_of_each_row() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal");
    assert!(!open(&path).unwrap().1.is_any);
    write(&path, &EVENTS);
    let (_, earlier) = open(&path).unwrap();
    assert!(earlier.is_any);
    assert_eq!(rows(&earlier.applied), [1, 2]);
    assert_eq!(rows(&earlier.in_doubt), [0, 3]);
}

#[test]
fn a_journal_that_was_torn_anywhere_is_taken_up() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal");
    write(&path, &EVENTS);
    let whole = fs::read(&path).unwrap();
    let header = whole.len() - EVENTS.len() * record::LENGTH;
    for length in 0..whole.len() {
        fs::write(&path, &whole[..length]).unwrap();
        write(&path, &[(7, Event::Sent), (7, Event::Applied)]);
        let (_, earlier) = open(&path).unwrap();
        assert_eq!(earlier.damaged, 0, "{length}");
        let written = length.saturating_sub(header) / record::LENGTH;
        let expected: &[u32] = match written {
            0..5 => &[7],
            5..9 => &[1, 7],
            _ => &[1, 2, 7],
        };
        assert_eq!(rows(&earlier.applied), expected, "{length}");
    }
}

#[test]
fn a_damaged_record_loses_no_row() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal");
    write(&path, &EVENTS);
    let mut bytes = fs::read(&path).unwrap();
    // The record that says that row 1 was applied.
    let place = bytes.len() - 5 * record::LENGTH;
    bytes[place] = 0;
    fs::write(&path, &bytes).unwrap();
    let (_, earlier) = open(&path).unwrap();
    assert_eq!(earlier.damaged, 1);
    assert_eq!(rows(&earlier.applied), [2]);
    assert_eq!(rows(&earlier.in_doubt), [0, 1, 3]);
}

#[test]
fn nobody_else_opens_a_journal_that_is_open() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal");
    let (_journal, _) = open(&path).unwrap();
    let failure = open(&path).unwrap_err();
    assert!(
        failure.error().starts_with("another run uses"),
        "{failure:?}"
    );
}

#[test]
fn a_file_that_is_no_journal_stays_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal");
    for text in [
        "projectId\n",
        "jelou-journal 2\n{}\n",
        "jelou-journal 1\n{}\n",
    ] {
        fs::write(&path, text).unwrap();
        let failure = open(&path).unwrap_err();
        assert!(failure.error().contains("is not a journal"), "{failure:?}");
        assert_eq!(fs::read_to_string(&path).unwrap(), text);
    }
}
