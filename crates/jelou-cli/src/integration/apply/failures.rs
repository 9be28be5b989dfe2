//! Writes failed rows in the format of the input, so that they can be passed to the next run.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

use super::field::Field;
use super::input::Input;
use super::outputs;
use super::reading::RowFormat;
use super::row::Row;
use crate::failure::Failure;

/// The file of failed rows.
pub(super) struct FailuresFile {
    path: PathBuf,
    format: RowFormat,
    delimiter: u8,
    file: BufWriter<File>,
    /// Whether the file starts with a byte order mark, which overrides the `--encoding` given for the input.
    is_marked: bool,
    is_begun: bool,
    error: Option<io::Error>,
}

impl FailuresFile {
    /// Opens the file; what it contains is kept until [`FailuresFile::begin`].
    ///
    /// # Errors
    /// The file cannot be written.
    pub(super) fn open(path: &Path, input: &Input) -> Result<Self, Failure> {
        let file = outputs::open(path, "--failures")?;
        Ok(Self {
            path: path.to_owned(),
            format: input.format,
            // Both files must be readable with the same arguments.
            delimiter: input.csv.delimiter.unwrap_or(b','),
            file: BufWriter::new(file),
            is_marked: input.encoding.is_some(),
            is_begun: false,
            error: None,
        })
    }

    /// Removes the rows of an earlier run.
    pub(super) fn begin(&mut self) {
        let file = self.file.get_ref();
        // Pipes and devices cannot be emptied.
        let is_regular = file.metadata().is_ok_and(|metadata| metadata.is_file());
        self.error = is_regular.then(|| file.set_len(0).err()).flatten();
    }

    /// Adds a row. Write errors are reported by [`FailuresFile::finish`], so that they do not interrupt rows in flight.
    pub(super) fn add(&mut self, row: &Row) {
        if self.error.is_none() {
            self.error = self.write(row).err();
        }
    }

    /// Flushes the file.
    ///
    /// # Errors
    /// Some of the rows could not be written.
    pub(super) fn finish(mut self) -> Result<(), (PathBuf, io::Error)> {
        let flushed = self.file.flush();
        match self.error.take().map_or(flushed, Err) {
            Ok(()) => Ok(()),
            Err(error) => Err((self.path, error)),
        }
    }

    fn write(&mut self, row: &Row) -> io::Result<()> {
        let is_first = !std::mem::replace(&mut self.is_begun, true);
        if is_first && self.is_marked {
            self.file.write_all("\u{feff}".as_bytes())?;
        }
        if self.format != RowFormat::Csv {
            let members = Field::ALL.into_iter().filter_map(|field| {
                let text = row.get(field)?;
                Some((field.name().to_owned(), Value::from(text)))
            });
            let object = Value::Object(members.collect::<Map<_, _>>());
            // JSON is valid YAML.
            let begin = match self.format {
                RowFormat::Yaml => "- ",
                _ => "",
            };
            return writeln!(self.file, "{begin}{object}");
        }
        let mut writer = csv::WriterBuilder::new()
            .delimiter(self.delimiter)
            .from_writer(&mut self.file);
        if is_first {
            writer.write_record(Field::ALL.map(Field::name))?;
        }
        writer.write_record(Field::ALL.map(|field| row.get(field).unwrap_or_default()))?;
        writer.flush()
    }
}
