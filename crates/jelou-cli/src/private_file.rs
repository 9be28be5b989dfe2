//! Reads and writes files that contain a secret or its location: size-limited, and only if no other user can access them.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};

use jelou_client::Secret;

use crate::failure::{Exit, Failure};

/// Far more than a secret or a list of profiles needs: 1 MiB.
pub(crate) const LIMIT: u64 = 1024 * 1024;

/// Reads the file at `path`; errors call it `place`.
///
/// # Errors
/// The file cannot be read, other users may read or change it, it exceeds the limit, or it is not UTF-8. Errors never show its
/// content.
pub(crate) fn read(path: &Path, place: &str) -> Result<String, Failure> {
    let cannot_be_read = |error: &io::Error| {
        Failure::new(
            Exit::Usage,
            format!("{place} cannot be read"),
            "check the path, and that you may read the file",
        )
        .caused_by(Some(error))
    };
    // Check the open file: the one at `path` may have been replaced.
    let file = File::open(path).map_err(|error| cannot_be_read(&error))?;
    let metadata = file.metadata().map_err(|error| cannot_be_read(&error))?;
    refuse_if_shared(path, place, &metadata)?;

    let mut bytes = Vec::new();
    file.take(LIMIT + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| cannot_be_read(&error))?;
    text_of(bytes, place)
}

/// A file that a secret will be written to.
#[derive(Debug)]
pub(crate) struct NewFile {
    file: File,
    /// Where it is, if it is new and nothing was written yet.
    unused: Option<PathBuf>,
}

/// Opens the file at `path` for a new secret, readable only by its owner. The content is kept until a secret is written.
///
/// # Errors
/// The file cannot be written, or other users may read or change it.
pub(crate) fn create(path: &Path) -> Result<NewFile, Failure> {
    let shown = path.display().to_string();
    let mut options = OpenOptions::new();
    options.read(true).write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let (file, is_new) = match options.open(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            (options.create_new(false).open(path), false)
        }
        opened => (opened, true),
    };
    let file = file.map_err(|error| cannot_be_written(&shown, &error))?;
    let metadata = file
        .metadata()
        .map_err(|error| cannot_be_written(&shown, &error))?;
    if !metadata.is_file() {
        return Err(Failure::usage(
            format!("`{shown}` is not a regular file"),
            "nothing was sent; name a regular file, because a secret must be on disk before the command goes on",
        ));
    }
    refuse_if_shared(path, &format!("the file `{shown}`"), &metadata)?;
    Ok(NewFile {
        file,
        unused: is_new.then(|| path.to_owned()),
    })
}

/// A file without a secret would look as if it had one.
impl Drop for NewFile {
    fn drop(&mut self) {
        if let Some(path) = &self.unused {
            // If it cannot be removed, it is empty.
            _ = fs::remove_file(path);
        }
    }
}

impl NewFile {
    /// Replaces the content with `secret`.
    ///
    /// # Errors
    /// The file cannot be written.
    pub(crate) fn write(&mut self, secret: &Secret) -> io::Result<()> {
        self.unused = None;
        self.file.set_len(0)?;
        self.file.rewind()?;
        writeln!(self.file, "{}", secret.expose())?;
        self.file.sync_all()
    }

    /// Appends `line`, on a new line even if the last one is incomplete.
    ///
    /// # Errors
    /// The file cannot be written.
    pub(crate) fn append(&mut self, line: &Secret) -> io::Result<()> {
        self.unused = None;
        let begin = if is_torn(&mut self.file)? { "\n" } else { "" };
        let text = Secret::from(format!("{begin}{}\n", line.expose()));
        self.file.write_all(text.expose().as_bytes())?;
        self.file.sync_all()
    }
}

/// Whether the last line of `file` is incomplete, as after a crash. Leaves the position at the end.
pub(crate) fn is_torn(file: &mut File) -> io::Result<bool> {
    if file.seek(io::SeekFrom::End(0))? == 0 {
        return Ok(false);
    }
    let mut last = [0];
    file.seek(io::SeekFrom::End(-1))?;
    file.read_exact(&mut last)?;
    Ok(last != *b"\n")
}

fn cannot_be_written(shown: &str, error: &io::Error) -> Failure {
    Failure::new(
        Exit::Usage,
        format!("the file `{shown}` cannot be written"),
        "nothing was sent; check the path, and that you may write to the file",
    )
    .caused_by(Some(error))
}

/// Decodes what was read from `place`; errors never show the content.
pub(crate) fn text_of(bytes: Vec<u8>, place: &str) -> Result<String, Failure> {
    if bytes.len() as u64 > LIMIT {
        return Err(Failure::usage(
            format!("{place} has more than {LIMIT} bytes"),
            "check that this is the right place",
        ));
    }
    String::from_utf8(bytes).map_err(|_| {
        Failure::usage(
            format!("{place} is not valid UTF-8"),
            "check that this is the right place; it must be text in UTF-8",
        )
    })
}

#[cfg(unix)]
fn refuse_if_shared(path: &Path, place: &str, metadata: &Metadata) -> Result<(), Failure> {
    use std::os::unix::fs::PermissionsExt;

    let mode = metadata.permissions().mode() & 0o777;
    // The mode of a pipe does not matter: only processes that inherit it can read it.
    if !metadata.is_file() || mode & 0o077 == 0 {
        return Ok(());
    }
    let shown = path.display();
    Err(Failure::usage(
        format!("{place} is accessible to other users of this machine (mode {mode:04o})"),
        format!("run: chmod 600 {}", crate::shell::quote(&shown.to_string())),
    ))
}

/// Other systems have no file mode; access is inherited from the folder.
#[cfg(not(unix))]
fn refuse_if_shared(_: &Path, _: &str, _: &Metadata) -> Result<(), Failure> {
    Ok(())
}
