//! Replays `fuzz/corpus`, so that known failures are tested without a fuzzer.

use std::fs;
use std::panic::catch_unwind;
use std::path::Path;

type Check = fn(&[u8]);

const TARGETS: [(&str, Check); 1] = [("source_page", super::source_page::check)];

#[test]
fn what_holds_for_any_page_holds_for_the_corpus() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus");
    let mut failures = Vec::new();
    for (name, check) in TARGETS {
        let files = fs::read_dir(corpus.join(name)).unwrap();
        let files: Vec<_> = files.map(|file| file.unwrap().path()).collect();
        assert!(!files.is_empty(), "{name}");
        for path in files {
            let data = fs::read(&path).unwrap();
            // The panic message says which property does not hold.
            if catch_unwind(|| check(&data)).is_err() {
                failures.push(path);
            }
        }
    }
    assert!(failures.is_empty(), "{failures:#?}");
}
