//! The input: a file, or a copy of a stream that can be read only once. Identifies its content by a digest; does not parse rows.

use std::cell::RefCell;
use std::fs::{self, File};
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use encoding_rs::{Encoding, UTF_8};
use encoding_rs_io::{DecodeReaderBytes, DecodeReaderBytesBuilder};
use serde::{Deserialize, Serialize};
use twox_hash::XxHash3_128;

use super::reading::{ReadOptions, RowFormat};
use crate::failure::{Exit, Failure};

/// The FILE that means standard input.
const STANDARD_INPUT: &str = "-";

/// An input that can be read repeatedly.
#[derive(Debug)]
pub(super) struct Input {
    /// The name used in messages.
    pub(super) name: String,
    pub(super) format: RowFormat,
    pub(super) csv: ReadOptions,
    /// The encoding, unless a byte order mark indicates another one.
    pub(super) encoding: Option<&'static Encoding>,
    source: Source,
}

#[derive(Debug)]
enum Source {
    File(PathBuf),
    /// An anonymous temporary file, which the system deletes when the process ends.
    Copy(File),
}

/// Identifies the content of an input. Accidental collisions are negligible, but the hash is not cryptographic: whoever could
/// forge a collision could edit the journal just as well.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Digest {
    pub(super) bytes: u64,
    pub(super) xxh3: String,
}

/// The text of an input, which is hashed as it is read.
pub(super) type Text = BufReader<DecodeReaderBytes<Digesting, Vec<u8>>>;

pub(super) struct Digesting {
    file: File,
    state: DigestState,
}

/// The hash of the text read so far.
#[derive(Clone)]
pub(super) struct DigestState(Rc<RefCell<(XxHash3_128, u64)>>);

impl Input {
    /// Opens `file`; a stream that can be read only once is copied to a temporary file next to `journal`.
    ///
    /// # Errors
    /// The file does not exist, cannot be read or copied, or is in an unknown format.
    pub(super) fn open(
        file: &Path,
        format: Option<RowFormat>,
        csv: ReadOptions,
        encoding: Option<&'static Encoding>,
        journal: Option<&Path>,
    ) -> Result<Self, Failure> {
        let is_standard_input = file.as_os_str() == STANDARD_INPUT;
        let name = match is_standard_input {
            true => "standard input".to_owned(),
            false => file.display().to_string(),
        };
        let format = match format {
            Some(format) => format,
            None => format_of(file, &name)?,
        };
        let source = if is_standard_input {
            Source::Copy(copy(&name, io::stdin().lock(), journal)?)
        } else {
            let metadata = fs::metadata(file).map_err(|error| unreadable(&name, &error))?;
            if metadata.is_dir() {
                return Err(Failure::usage(
                    format!("`{name}` is a folder"),
                    "give a file with rows",
                ));
            }
            match metadata.is_file() {
                true => Source::File(file.to_owned()),
                // A pipe, such as the shell creates for `<(…)`.
                false => {
                    let pipe = File::open(file).map_err(|error| unreadable(&name, &error))?;
                    Source::Copy(copy(&name, pipe, journal)?)
                }
            }
        };
        Ok(Self {
            name,
            format,
            csv,
            encoding,
            source,
        })
    }

    /// The path of the file; `None` for a copy.
    pub(super) fn path(&self) -> Option<&Path> {
        match &self.source {
            Source::File(path) => Some(path),
            Source::Copy(_) => None,
        }
    }

    /// Reads the text from the start as UTF-8, without a byte order mark; also returns its digest so far.
    ///
    /// # Errors
    /// The input cannot be read.
    pub(super) fn read(&self) -> Result<(Text, DigestState), Failure> {
        let opened = match &self.source {
            Source::File(path) => File::open(path),
            Source::Copy(file) => file.try_clone().and_then(|mut file| {
                file.seek(SeekFrom::Start(0))?;
                Ok(file)
            }),
        };
        let state = DigestState(Rc::new(RefCell::new((XxHash3_128::new(), 0))));
        let file = opened.map_err(|error| unreadable(&self.name, &error))?;
        let digesting = Digesting {
            file,
            state: state.clone(),
        };
        // Keep invalid UTF-8, so that the row reader can report its position.
        let encoding = self.encoding.filter(|encoding| *encoding != UTF_8);
        // Some spreadsheets save text files as UTF-16.
        let decoding = DecodeReaderBytesBuilder::new()
            .encoding(encoding)
            .bom_sniffing(true)
            .bom_override(true)
            .strip_bom(true)
            .utf8_passthru(encoding.is_none())
            .build(digesting);
        let text = BufReader::with_capacity(1 << 16, decoding);
        Ok((text, state))
    }
}

impl Digest {
    /// Enough of the digest for a file name.
    pub(super) fn short(&self) -> &str {
        self.xxh3.get(..16).unwrap_or(&self.xxh3)
    }
}

impl DigestState {
    /// The digest of the text read so far; complete once the end has been reached.
    pub(super) fn digest(&self) -> Digest {
        let (hasher, bytes) = &*self.0.borrow();
        Digest {
            bytes: *bytes,
            xxh3: format!("{:032x}", hasher.finish_128()),
        }
    }
}

impl Read for Digesting {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.file.read(buffer)?;
        let (hasher, bytes) = &mut *self.state.0.borrow_mut();
        hasher.write(&buffer[..length]);
        *bytes += length as u64;
        Ok(length)
    }
}

/// The failure if the input cannot be read.
pub(super) fn unreadable(name: &str, error: &io::Error) -> Failure {
    Failure::usage(
        format!("`{name}` cannot be read"),
        "check the path and its permissions; nothing was sent",
    )
    .caused_by(Some(error))
}

fn format_of(file: &Path, name: &str) -> Result<RowFormat, Failure> {
    let ending = file.extension().and_then(|ending| ending.to_str());
    if let Some(format) = ending.and_then(RowFormat::of_ending) {
        return Ok(format);
    }
    let hint = match ending {
        Some("json") => {
            "write an object in each line, as in `jq -c '.[]' FILE`, and give `--format jsonl`"
        }
        _ => "give `--format csv`, `--format jsonl` or `--format yaml`",
    };
    Err(Failure::usage(
        format!("cannot tell the format of `{name}` from its name"),
        hint,
    ))
}

fn copy(name: &str, mut from: impl Read, journal: Option<&Path>) -> Result<File, Failure> {
    let folder = journal.and_then(Path::parent);
    let folder = folder.filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    let copied = tempfile::tempfile_in(folder).and_then(|mut file| {
        io::copy(&mut from, &mut file)?;
        Ok(file)
    });
    copied.map_err(|error| {
        Failure::new(
            Exit::Failed,
            format!(
                "{name} cannot be copied into a file in `{}`",
                folder.display()
            ),
            "nothing was sent; free space there, or name a file in another folder with `--journal`",
        )
        .caused_by(Some(&error))
    })
}
