//! Opens or creates the state file, and reports why a file cannot be used.

use std::{fs, io, path::Path};

use redb::{
    Builder, Database, ReadableDatabase, ReadableTable, Table, TableDefinition, TableError,
};

use crate::state::{Integrations, StateError, conversations};

use super::{CONVERSATIONS, INTEGRATIONS, entry};

/// The metadata of the file.
const ABOUT: TableDefinition<'_, &str, &str> = TableDefinition::new("about");

const PROGRAM: (&str, &str) = ("program", env!("CARGO_PKG_NAME"));

/// The version of the entry format. Increment it for changes that earlier versions cannot read.
const FORMAT: (&str, &str) = ("format", "1");

/// Size of the cache, in bytes: 1 MiB.
const CACHE: usize = 1_048_576;

/// Why a state file cannot be used.
#[derive(Debug)]
pub(super) enum Unusable {
    /// Another process is using it.
    Locked,
    ReadOnly,
    /// It is not a database, or it belongs to another program.
    Foreign,
    /// It was written by another version.
    Version(String),
    Damaged,
    Io(io::Error),
    Database(redb::Error),
}

/// Opens the file, or creates it with these integrations; returns which of the two happened, and the conversations.
pub(super) fn open(
    path: &Path,
    initial: &Integrations,
) -> Result<(Database, bool, conversations::All), Unusable> {
    let is_new = match fs::metadata(path) {
        // A privileged user can write it anyway, but its owner protected it on purpose.
        Ok(metadata) if metadata.permissions().readonly() => return Err(Unusable::ReadOnly),
        Ok(metadata) if !metadata.is_file() => return Err(Unusable::Foreign),
        Ok(_) => false,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            make(path, initial)?;
            true
        }
        Err(error) => return Err(redb::Error::Io(error).into()),
    };
    let database = builder().open(path).map_err(redb::Error::from)?;
    check(&database)?;
    let conversations = conversations(&database)?;
    Ok((database, is_new, conversations))
}

fn conversations(database: &Database) -> Result<conversations::All, redb::Error> {
    let table = match database.begin_read()?.open_table(CONVERSATIONS) {
        Ok(table) => table,
        // The file of an earlier version, or one without conversations yet.
        Err(TableError::TableDoesNotExist(_)) => return Ok(conversations::All::new()),
        Err(error) => return Err(error.into()),
    };
    let read = table.iter()?.map(|entry| {
        let (id, written) = entry?;
        let id = id.value().to_owned();
        match serde_json::from_slice(written.value()) {
            Ok(conversation) => Ok((id, conversation)),
            Err(_) => Err(redb::Error::Corrupted(format!("the entry of `{id}`"))),
        }
    });
    read.collect()
}

/// Writes these integrations to an empty table.
pub(super) fn fill(
    table: &mut Table<'_, &str, &[u8]>,
    integrations: &Integrations,
) -> Result<(), redb::Error> {
    for (project_id, integration) in integrations {
        table.insert(project_id.as_ref(), entry::write(integration)?.as_slice())?;
    }
    Ok(())
}

/// Creates the file under a temporary name, so that it is complete once it has its final name.
fn make(path: &Path, initial: &Integrations) -> Result<(), redb::Error> {
    // The parent of a name alone would be empty.
    let path = &std::path::absolute(path)?;
    let folder = path.parent().unwrap_or(path);
    // The file contains secrets, so only its owner may read it.
    let file = tempfile::NamedTempFile::new_in(folder)?;
    let database = builder().create_file(file.reopen()?)?;
    let transaction = database.begin_write()?;
    fill(&mut transaction.open_table(INTEGRATIONS)?, initial)?;
    let mut about = transaction.open_table(ABOUT)?;
    for (name, value) in [PROGRAM, FORMAT] {
        about.insert(name, value)?;
    }
    drop(about);
    transaction.commit()?;
    drop(database);
    match file.persist_noclobber(path) {
        Ok(_) => {}
        // Another process was faster; the lock decides which of the two gets the file.
        Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => {}
        Err(error) => return Err(error.error.into()),
    }
    // Makes the name survive a power loss, where the system supports that.
    _ = fs::File::open(folder).and_then(|folder| folder.sync_all());
    Ok(())
}

/// Checks that the database belongs to this program and has the current format.
fn check(database: &Database) -> Result<(), Unusable> {
    match about(database)? {
        Some((program, _)) if program != PROGRAM.1 => Err(Unusable::Foreign),
        Some((_, format)) if format != FORMAT.1 => Err(Unusable::Version(format)),
        Some(_) => Ok(()),
        None => Err(Unusable::Foreign),
    }
}

/// The program that created a database, and its format; `None` if it does not say.
fn about(database: &Database) -> Result<Option<(String, String)>, redb::Error> {
    let about = match database.begin_read()?.open_table(ABOUT) {
        Ok(about) => about,
        Err(TableError::Storage(error)) => return Err(error.into()),
        Err(_) => return Ok(None),
    };
    let says = |name| Ok::<_, redb::Error>(about.get(name)?.map(|value| value.value().to_owned()));
    Ok(says(PROGRAM.0)?.zip(says(FORMAT.0)?))
}

fn builder() -> Builder {
    let mut builder = Builder::new();
    builder.set_cache_size(CACHE);
    builder
}

impl Unusable {
    pub(super) fn into_error(self, path: &Path) -> StateError {
        let (problem, help) = match &self {
            Self::Locked => (
                "is in use by another process".to_owned(),
                "stop the other sandbox, or use a separate file for each",
            ),
            Self::ReadOnly => (
                "cannot be written".to_owned(),
                "make it writable for this user, or use another file",
            ),
            Self::Foreign => (
                "is not a state file of the sandbox".to_owned(),
                "use a path that does not exist yet; the sandbox creates the file",
            ),
            Self::Version(format) => (
                format!(
                    "has format {format}, but this version reads format {}",
                    FORMAT.1
                ),
                "use the version that created it, or a path that does not exist yet",
            ),
            Self::Damaged => (
                "is damaged".to_owned(),
                "restore it from a backup, or use a path that does not exist yet",
            ),
            Self::Io(_) | Self::Database(_) => (
                "cannot be opened".to_owned(),
                "check its directory and disk, or use another file",
            ),
        };
        let problem = format!("the state file `{}` {problem}", path.display());
        let error = StateError::invalid(problem, help);
        match self {
            Self::Io(source) => error.caused_by(source),
            Self::Database(source) => error.caused_by(source),
            _ => error,
        }
    }
}

impl From<redb::Error> for Unusable {
    fn from(error: redb::Error) -> Self {
        match error {
            redb::Error::DatabaseAlreadyOpen => Self::Locked,
            redb::Error::UpgradeRequired(version) => Self::Version(format!("redb {version}")),
            redb::Error::Corrupted(_) | redb::Error::RepairAborted => Self::Damaged,
            redb::Error::Io(error) => match error.kind() {
                io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                    Self::ReadOnly
                }
                // The file does not start with the magic number of `redb`.
                io::ErrorKind::InvalidData => Self::Foreign,
                io::ErrorKind::UnexpectedEof => Self::Damaged,
                _ => Self::Io(error),
            },
            other => Self::Database(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Tests cannot provoke these errors: the user who runs them may be root, and may have only one disk.
    #[test]
    fn a_disk_that_cannot_be_written_is_not_a_damaged_file() {
        for (kind, expected) in [
            (io::ErrorKind::PermissionDenied, "cannot be written"),
            (io::ErrorKind::ReadOnlyFilesystem, "cannot be written"),
            (io::ErrorKind::StorageFull, "cannot be opened"),
        ] {
            let error = Unusable::from(redb::Error::Io(kind.into()));
            let error = error.into_error(Path::new("state"));
            assert_eq!(error.problem, format!("the state file `state` {expected}"));
        }
    }
}
