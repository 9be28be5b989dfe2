//! Files that hold a secret, or say where one is: read under a limit, and only if nobody else can read them.

use std::fs::{File, Metadata};
use std::io::{self, Read};
use std::path::Path;

use crate::failure::{Exit, Failure};

/// More than a secret or a list of profiles ever needs: 1 MiB.
pub(crate) const LIMIT: u64 = 1024 * 1024;

/// The text of the file at `path`, which errors call `place`.
///
/// # Errors
/// It cannot be read, others may read or change it, it is over the limit, or it is not UTF-8. No error shows what is in it.
pub(crate) fn read(path: &Path, place: &str) -> Result<String, Failure> {
    let cannot_be_read = |error: &io::Error| {
        Failure::new(
            Exit::Usage,
            format!("{place} cannot be read"),
            "check the path, and that you may read the file",
        )
        .caused_by(Some(error))
    };
    // Asked of the open file: at the path there might be another one by then.
    let file = File::open(path).map_err(|error| cannot_be_read(&error))?;
    let metadata = file.metadata().map_err(|error| cannot_be_read(&error))?;
    refuse_if_shared(path, place, &metadata)?;

    let mut bytes = Vec::new();
    file.take(LIMIT + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| cannot_be_read(&error))?;
    text_of(bytes, place)
}

/// What was read from `place` as text, without showing any of it.
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
    // The mode of a pipe does not matter: only processes that were handed it can read it.
    if !metadata.is_file() || mode & 0o077 == 0 {
        return Ok(());
    }
    let shown = path.display();
    Err(Failure::usage(
        format!("{place} is open to other users of this machine (mode {mode:04o})"),
        format!(
            "close it: chmod 600 {}",
            crate::shell::quote(&shown.to_string())
        ),
    ))
}

/// Other systems have no mode; who may read a file is inherited from its folder there.
#[cfg(not(unix))]
fn refuse_if_shared(_: &Path, _: &str, _: &Metadata) -> Result<(), Failure> {
    Ok(())
}
