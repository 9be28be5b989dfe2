//! The files of a folder or a repository on the disk, and no others.

use std::fs::{self, File, Metadata};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::Files;

/// Files on the disk that are in the folder of a document, or in the git repository around it.
///
/// Whatever leads elsewhere is refused: `..`, symbolic links, the folder `.git`; so is what is not a regular file, or is larger than a
/// gibibyte.
#[derive(Clone, Debug)]
pub struct Folder {
    /// What paths are relative to.
    start: PathBuf,
    /// What they may not leave, without symbolic links.
    root: PathBuf,
}

/// A file that is larger is refused.
const MAX_BYTES: u64 = 1 << 30;

impl Folder {
    /// The files that `document` may refer to; its path and all others are relative to `start`.
    ///
    /// # Errors
    /// The folder of the document does not exist, or cannot be looked at.
    pub fn around(start: &Path, document: &str) -> io::Result<Self> {
        let document = start.join(document);
        let folder = match document.parent() {
            Some(folder) if folder != Path::new("") => folder,
            _ => Path::new("."),
        };
        let folder = fs::canonicalize(folder)?;
        let repository = folder.ancestors().find(|outer| outer.join(".git").exists());
        Ok(Self {
            start: start.to_owned(),
            root: repository.unwrap_or(&folder).to_owned(),
        })
    }

    /// The content of the file at `path`.
    ///
    /// # Errors
    /// There is no such file, or it is none of those that may be read.
    pub fn read_bytes(&self, path: &str) -> io::Result<Vec<u8>> {
        let path = fs::canonicalize(self.start.join(path))?;
        let inner = path.strip_prefix(&self.root);
        if !inner.is_ok_and(|inner| inner.components().all(|part| part.as_os_str() != ".git")) {
            return Err(outside());
        }
        // To open a pipe or a device may block, or do something.
        check(&fs::metadata(&path)?)?;
        let file = File::open(&path)?;
        let metadata = file.metadata()?;
        check(&metadata)?;
        let mut content = Vec::new();
        // What the system makes up has no length, and is not a document.
        file.take(metadata.len()).read_to_end(&mut content)?;
        Ok(content)
    }
}

impl Files for Folder {
    fn read(&self, path: &str) -> io::Result<String> {
        let content = self.read_bytes(path)?;
        String::from_utf8(content)
            .map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "the file is not UTF-8"))
    }
}

fn check(metadata: &Metadata) -> io::Result<()> {
    if !metadata.is_file() {
        let message = "this is not a regular file";
        return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
    }
    if metadata.len() >= MAX_BYTES {
        let message = "the file is larger than a gibibyte";
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, message));
    }
    Ok(())
}

/// The error about a path that leads elsewhere.
fn outside() -> io::Error {
    let message = "it is outside the repository or folder of the document";
    io::Error::new(io::ErrorKind::PermissionDenied, message)
}
