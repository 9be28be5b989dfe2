//! `mock --watch`: serves a document anew when one of its files changes.
//!
//! Looks at the times of the files, which are few, instead of asking the system for events: those do not arrive from network
//! and container file systems, and need code for each platform.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::Mutex;
use std::time::{Duration, SystemTime};

use spec_first_document::{Document, Files};
use spec_first_sandbox::{Sandbox, StartError};

use super::warn;
use crate::sources::Source;
use crate::terminal::tell;
use crate::{Error, print_error};

/// How often the files are looked at.
const INTERVAL: Duration = Duration::from_millis(250);

/// The files of a document, also those that do not exist, each with its time and length.
type Stamps = BTreeMap<String, Option<(SystemTime, u64)>>;

/// Reloads the document of `sandbox` whenever a file changes, and says so. A version that cannot be served is reported, and the
/// one before is kept.
pub(super) async fn reload(source: &Source, sandbox: &Sandbox, mut seen: Stamps) -> Infallible {
    let mut settled = seen.clone();
    loop {
        tokio::time::sleep(INTERVAL).await;
        let now = stamps(source, seen.keys());
        if now == seen || now != settled {
            // Unchanged, or whoever writes may not have finished.
            settled = now;
            continue;
        }
        let (document, files) = read(source);
        // A file that a broken version does not name may be the one that mends it.
        seen = now;
        seen.extend(files);
        settled.clone_from(&seen);
        let served = match document {
            Ok(document) => sandbox.reload(document).await.map_err(Error::from),
            Err(error) => Err(error),
        };
        match served {
            Ok(()) => {
                tell(format_args!(
                    "note: serving the new version of `{}`",
                    source.path()
                ));
                warn(sandbox);
            }
            Err(error) => {
                print_error(&error);
                tell("note: still serving the previous version");
            }
        }
    }
}

/// Reads a document, and returns the files that it consists of.
pub(super) fn read(source: &Source) -> (Result<Document, Error>, Stamps) {
    let files = Mutex::new(Stamps::new());
    let recording = |path: &str| {
        // Before it is read, so that a change in between is noticed.
        let stamp = source.stamp(path);
        if let Ok(mut files) = files.lock() {
            files.insert(path.to_owned(), stamp);
        }
        Files::read(source, path)
    };
    let document = Document::read(&recording, source.path()).map_err(|error| {
        // If the file itself cannot be read, the source says more about it.
        let unreadable = source.read().err();
        unreadable.unwrap_or_else(|| StartError::from(error).into())
    });
    (document, files.into_inner().unwrap_or_default())
}

fn stamps<'a>(source: &Source, paths: impl Iterator<Item = &'a String>) -> Stamps {
    let stamped = paths.map(|path| (path.clone(), source.stamp(path)));
    stamped.collect()
}
