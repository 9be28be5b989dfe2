//! What became of each row, on disk, so that a run that was killed can be taken up again, also over a file that was corrected.
//!
//! A file that only grows: a header of two lines, then 24 bytes for each event. Before a row is sent, that is written; once it is
//! answered, what came of it. What a process wrote outlives it however it ends, so a row is sent again only if its answer was not
//! written yet. A record that was torn or damaged counts as not written: its row is sent again, and none is lost.

mod fingerprint;
mod record;

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, BufReader, ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::row::Row;
use crate::failure::{Exit, Failure};
pub(super) use fingerprint::{Fingerprint, Fingerprinter};
pub(super) use record::{Event, Record};

/// The first line of any version.
const ANY_FORMAT: &str = "jelou-journal ";

/// The first line; the number changes with the format of the rest.
const FORMAT: &str = "jelou-journal 2\n";

/// A header is shorter than that; what is longer is none.
const HEADER_LIMIT: u64 = 1 << 16;

/// What the events of a journal belong to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Header {
    /// The base URL of the server, or `sandbox`.
    server: String,
    /// The key of the fingerprints.
    key: String,
}

/// A journal that is being written. Nobody else can write it meanwhile.
#[derive(Debug)]
pub(super) struct Journal {
    path: PathBuf,
    file: File,
    fingerprinter: Fingerprinter,
    /// Events that are not written yet.
    pending: Vec<u8>,
}

/// The place of a journal, locked if there is one already.
#[derive(Debug)]
pub(super) struct Found {
    path: PathBuf,
    file: Option<File>,
    /// What an earlier run left behind, unless it is to be discarded: its header, and the length of what can be read.
    earlier: Option<(Header, u64)>,
}

impl Found {
    /// Looks at `path` and begins nothing; with `is_restart`, an earlier journal is to be discarded.
    ///
    /// # Errors
    /// Another run uses the journal, it belongs to another server, is not a journal, or cannot be written.
    pub(super) fn look(path: &Path, server: &str, is_restart: bool) -> Result<Self, Failure> {
        let mut found = Self {
            path: path.to_owned(),
            file: None,
            earlier: None,
        };
        let file = match OpenOptions::new().read(true).write(true).open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(found),
            Err(error) => return Err(unwritable(path, &error)),
        };
        lock(&file, path)?;
        found.earlier = read_header(&file, path, is_restart)?;
        if let Some((header, _)) = &found.earlier {
            header.check(server, path)?;
        }
        found.file = Some(file);
        Ok(found)
    }

    /// Hands every event of the earlier run to `found`, and leaves the journal as it is; returns what takes the fingerprints of rows as that run did, and how many records cannot be read. `None` if there was no earlier run.
    ///
    /// # Errors
    /// The journal cannot be read, or `found` fails.
    pub(super) fn read(
        &mut self,
        found: impl FnMut(Record) -> Result<(), Failure>,
    ) -> Result<Option<(Fingerprinter, u64)>, Failure> {
        let (Some(file), Some((header, length))) = (&mut self.file, &mut self.earlier) else {
            return Ok(None);
        };
        let damaged = read_events(file, length, &self.path, found)?;
        Ok(Some((Fingerprinter::new(&header.key), damaged)))
    }

    /// Discards what an earlier run left behind, once the journal is begun.
    pub(super) fn discard(&mut self) {
        self.earlier = None;
    }

    /// Goes on with the journal, or begins it.
    ///
    /// # Errors
    /// It cannot be written, or another run has begun it meanwhile.
    pub(super) fn begin(self, server: &str) -> Result<Journal, Failure> {
        let Self {
            path,
            file,
            earlier,
        } = self;
        let mut file = match file {
            Some(file) => file,
            None => {
                let mut options = OpenOptions::new();
                let created = options.read(true).write(true).create_new(true).open(&path);
                let file = created.map_err(|error| match error.kind() {
                    ErrorKind::AlreadyExists => in_use(&path),
                    _ => unwritable(&path, &error),
                })?;
                lock(&file, &path)?;
                file
            }
        };
        let header = match earlier {
            Some((header, length)) => {
                // The next event comes behind the last whole one.
                let end = file.set_len(length);
                let end = end.and_then(|()| file.seek(SeekFrom::Start(length)));
                end.map_err(|error| unwritable(&path, &error))?;
                header
            }
            None => {
                let begun = begin_header(&mut file, server);
                begun.map_err(|error| unwritable(&path, &error))?
            }
        };
        Ok(Journal {
            path,
            file,
            fingerprinter: Fingerprinter::new(&header.key),
            pending: Vec::new(),
        })
    }
}

impl Journal {
    /// What the journal knows `row` by.
    pub(super) fn fingerprint(&self, row: &Row) -> Fingerprint {
        self.fingerprinter.take(row)
    }

    /// Notes an event; it is written with the others by [`Journal::write`].
    pub(super) fn note(&mut self, row: Fingerprint, event: Event) {
        let record = Record { row, event };
        self.pending.extend_from_slice(&record.encode());
    }

    /// Writes what was noted, at once. A request may be sent when this has returned.
    ///
    /// # Errors
    /// The disk is full, or fails.
    pub(super) fn write(&mut self) -> Result<(), Failure> {
        if self.pending.is_empty() {
            return Ok(());
        }
        let written = self.file.write_all(&self.pending);
        self.pending.clear();
        written.map_err(|error| {
            Failure::new(
                Exit::Failed,
                format!("the journal `{}` cannot be written, so nothing more was sent", self.path.display()),
                "free disk space, then run the same command again: it resumes where the journal ends, and repeats at most the rows that were under way",
            )
            .caused_by(Some(&error))
        })
    }
}

impl Header {
    fn check(&self, server: &str, path: &Path) -> Result<(), Failure> {
        if self.server == server {
            return Ok(());
        }
        let (path, was) = (path.display(), &self.server);
        Err(Failure::usage(
            format!("the journal `{path}` is for `{was}`, not for `{server}`"),
            "nothing was sent; name another journal with `--journal`, or give `--restart` to discard this one and send every row",
        ))
    }
}

fn lock(file: &File, path: &Path) -> Result<(), Failure> {
    match file.try_lock() {
        Ok(()) => Ok(()),
        Err(TryLockError::WouldBlock) => Err(in_use(path)),
        Err(TryLockError::Error(error)) => Err(Failure::new(
            Exit::Failed,
            format!("the journal `{}` cannot be locked", path.display()),
            "nothing was sent; name a file on a local disk with `--journal`",
        )
        .caused_by(Some(&error))),
    }
}

fn in_use(path: &Path) -> Failure {
    Failure::usage(
        format!("another run uses the journal `{}`", path.display()),
        "nothing was sent; wait until it is done, or end it with Ctrl-C",
    )
}

/// The header and where it ends; `None` for a new journal, one whose header was not written to its end, and any that is to be
/// discarded.
fn read_header(
    file: &File,
    path: &Path,
    is_restart: bool,
) -> Result<Option<(Header, u64)>, Failure> {
    let mut text = Vec::new();
    let read = file.take(HEADER_LIMIT).read_to_end(&mut text);
    read.map_err(|error| unwritable(path, &error))?;
    if FORMAT.as_bytes().starts_with(&text) {
        return Ok(None);
    }
    let is_journal = text.starts_with(ANY_FORMAT.as_bytes());
    if is_journal && is_restart {
        return Ok(None);
    }
    let not_a_journal = || {
        let path = path.display();
        match is_journal {
            true => Failure::usage(
                format!("`{path}` is not a journal that this version of `jelou` can read"),
                "nothing was sent; use the version that began it, or give `--restart` to discard it and send every row",
            ),
            false => Failure::usage(
                format!("`{path}` is not a journal"),
                "nothing was sent; name another file with `--journal`, or move this one away",
            ),
        }
    };
    let rest = text
        .strip_prefix(FORMAT.as_bytes())
        .ok_or_else(not_a_journal)?;
    let Some(length) = rest.iter().position(|byte| *byte == b'\n') else {
        return match (text.len() as u64) < HEADER_LIMIT {
            true => Ok(None),
            false => Err(not_a_journal()),
        };
    };
    let header = serde_json::from_slice(&rest[..length]).map_err(|_| not_a_journal())?;
    Ok(Some((header, (FORMAT.len() + length + 1) as u64)))
}

fn begin_header(file: &mut File, server: &str) -> io::Result<Header> {
    let header = Header {
        server: server.to_owned(),
        key: fingerprint::draw_key().map_err(io::Error::other)?,
    };
    file.set_len(0)?;
    file.seek(SeekFrom::Start(0))?;
    let text = format!("{FORMAT}{}\n", serde_json::to_string(&header)?);
    file.write_all(text.as_bytes())?;
    Ok(header)
}

/// Reads the events behind the `length` bytes of the header, and adds theirs; returns how many records cannot be read.
fn read_events(
    file: &mut File,
    length: &mut u64,
    path: &Path,
    mut found: impl FnMut(Record) -> Result<(), Failure>,
) -> Result<u64, Failure> {
    let unreadable = |error: io::Error| unwritable(path, &error);
    let mut damaged = 0;
    file.seek(SeekFrom::Start(*length)).map_err(unreadable)?;
    let mut reader = BufReader::with_capacity(1 << 16, &*file);
    let mut bytes = [0; record::LENGTH];
    loop {
        match reader.read_exact(&mut bytes) {
            Ok(()) => *length += record::LENGTH as u64,
            // What is left is a record that was torn.
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => break,
            Err(error) => return Err(unreadable(error)),
        }
        match Record::decode(&bytes) {
            Some(record) => found(record)?,
            None => damaged += 1,
        }
    }
    Ok(damaged)
}

fn unwritable(path: &Path, error: &io::Error) -> Failure {
    Failure::new(
        Exit::Failed,
        format!("the journal `{}` cannot be read or written", path.display()),
        "nothing was sent, because a run without a journal cannot be resumed; name a file in a writable folder with `--journal`",
    )
    .caused_by(Some(error))
}

#[cfg(test)]
mod tests;
