//! Replays `fuzz/corpus`, so that a bug that was found once stays fixed without a fuzzer.

use std::collections::BTreeSet;
use std::fs;
use std::panic::catch_unwind;
use std::path::{Path, PathBuf};

/// The corpus is for readers and quick tests; intermediate finds of a fuzzer do not belong there.
const MOST_FILES: usize = 200;
const MOST_BYTES: u64 = 300 * 1024;

type Check = fn(&[u8]);

const TARGETS: [(&str, Check); 7] = [
    ("base_url", super::base_url::check),
    ("error_body", super::error_body::check),
    ("path_segment", super::path_segment::check),
    ("redaction", super::redaction::check),
    ("reply", super::reply::check),
    ("retry_after", super::retry_after::check),
    ("timestamp", super::timestamp::check),
];

/// The folder `fuzz`; `None` in a package from the registry, which has tests and no corpus.
fn fuzz_folder() -> Option<PathBuf> {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    (!package.join("Cargo.toml.orig").exists()).then(|| package.join("fuzz"))
}

/// The names in `folder`, without what follows the dot.
#[track_caller]
fn list(folder: &Path) -> BTreeSet<String> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{folder:?}: {error}"));
    entries
        .map(|entry| {
            let path = entry.unwrap().path();
            path.file_stem().unwrap().to_str().unwrap().to_owned()
        })
        .collect()
}

#[test]
fn each_target_has_a_program_a_dictionary_and_a_corpus() {
    let Some(folder) = fuzz_folder() else {
        return;
    };
    let targets: BTreeSet<_> = TARGETS.map(|(name, _)| name.to_owned()).into();
    assert_eq!(list(&folder.join("corpus")), targets);
    assert_eq!(list(&folder.join("dictionaries")), targets);
    assert_eq!(list(&folder.join("fuzz_targets")), targets);

    for name in &targets {
        assert!(
            !list(&folder.join("corpus").join(name)).is_empty(),
            "{name}"
        );
    }
}

#[test]
fn what_holds_for_any_bytes_holds_for_the_corpus() {
    let Some(folder) = fuzz_folder() else {
        return;
    };
    let (mut files, mut bytes) = (0, 0);
    let mut failures = Vec::new();
    for (name, check) in TARGETS {
        for entry in fs::read_dir(folder.join("corpus").join(name)).unwrap() {
            let path = entry.unwrap().path();
            let data = fs::read(&path).unwrap();
            files += 1;
            bytes += data.len() as u64;
            // Its own message says what does not hold.
            if catch_unwind(|| check(&data)).is_err() {
                failures.push(path);
            }
        }
    }
    assert!(failures.is_empty(), "{failures:#?}");
    assert!(
        files <= MOST_FILES && bytes <= MOST_BYTES,
        "{files} files, {bytes} bytes: keep what tells something"
    );
}
