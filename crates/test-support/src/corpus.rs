//! Replays the inputs of fuzz targets, so that a bug that was found once is tested without a fuzzer.

use std::collections::BTreeSet;
use std::fs;
use std::panic::catch_unwind;
use std::path::Path;

/// A corpus must stay readable and quick to replay, so it does not hold everything that a fuzzer finds.
const MOST_FILES: usize = 200;
const MOST_BYTES: usize = 300 * 1024;

/// What must hold for any input; panics if it does not.
pub type Check = fn(&[u8]);

/// Calls each target with every file in its corpus. The targets are those in the folder `fuzz` of `package`, and each has a
/// program, a dictionary and a corpus there.
pub fn replay(package: &str, targets: &[(&str, Check)]) {
    let package = Path::new(package);
    // A package from the registry has no corpus.
    if package.join("Cargo.toml.orig").exists() {
        return;
    }
    let folder = package.join("fuzz");
    let names: BTreeSet<_> = targets.iter().map(|(name, _)| (*name).to_owned()).collect();
    for of_each_target in ["corpus", "dictionaries", "fuzz_targets"] {
        assert_eq!(
            stems(&folder.join(of_each_target)),
            names,
            "{of_each_target}"
        );
    }
    let (mut files, mut bytes) = (0, 0);
    let mut failures = Vec::new();
    for (name, check) in targets {
        let before = files;
        for entry in fs::read_dir(folder.join("corpus").join(name)).unwrap() {
            let path = entry.unwrap().path();
            let data = fs::read(&path).unwrap();
            files += 1;
            bytes += data.len();
            // The panic message says which property does not hold.
            if catch_unwind(|| check(&data)).is_err() {
                failures.push(path);
            }
        }
        assert!(files > before, "{name} has an empty corpus");
    }
    assert!(failures.is_empty(), "{failures:#?}");
    assert!(
        files <= MOST_FILES && bytes <= MOST_BYTES,
        "{files} files, {bytes} bytes: keep what tells something"
    );
}

/// The names of the files in a folder, without extensions.
fn stems(folder: &Path) -> BTreeSet<String> {
    let entries = fs::read_dir(folder).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    paths
        .map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned())
        .collect()
}
