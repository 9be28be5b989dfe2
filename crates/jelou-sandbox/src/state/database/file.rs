//! Opens the state file, or makes one; says what is wrong with a file that cannot be used.

use std::{fs, io, path::Path};

use redb::{Builder, Database, ReadableDatabase, Table, TableDefinition, TableError};

use crate::{StartError, state::Integrations};

use super::{INTEGRATIONS, entry};

/// What the file says about itself.
const ABOUT: TableDefinition<'_, &str, &str> = TableDefinition::new("about");

const PROGRAM: (&str, &str) = ("program", env!("CARGO_PKG_NAME"));

/// The format of the entries; a change that an earlier version cannot read takes the next number.
const FORMAT: (&str, &str) = ("format", "1");

/// How many bytes of the file are kept in memory.
const CACHE: usize = 1024 * 1024;

/// Why a state file cannot be used.
#[derive(Debug)]
pub(super) enum Unusable {
    /// Another process has it.
    Locked,
    ReadOnly,
    /// It is no database, or that of another program.
    Foreign,
    /// It was written by another version.
    Version(String),
    Damaged,
    Io(io::Error),
    Database(redb::Error),
}

/// Opens the file; makes it with these integrations if there is none, and says so.
pub(super) fn open(path: &Path, initial: &Integrations) -> Result<(Database, bool), Unusable> {
    let is_new = match fs::metadata(path) {
        // Who may do everything could write it nevertheless; whoever protected it did not want that.
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
    Ok((database, is_new))
}

/// Puts these integrations into an empty table.
pub(super) fn fill(
    table: &mut Table<'_, &str, &[u8]>,
    integrations: &Integrations,
) -> Result<(), redb::Error> {
    for (project_id, integration) in integrations {
        table.insert(project_id.as_ref(), entry::write(integration)?.as_slice())?;
    }
    Ok(())
}

/// Makes a file that is complete from the moment on at which it has its name.
fn make(path: &Path, initial: &Integrations) -> Result<(), redb::Error> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    // It holds secrets: such a file is for its owner alone.
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
        // Another process was quicker; which of the two gets the file is decided by its lock.
        Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => {}
        Err(error) => return Err(error.error.into()),
    }
    // The name survives a loss of power too, where the system can promise that.
    _ = fs::File::open(folder).and_then(|folder| folder.sync_all());
    Ok(())
}

/// Whether the database is one of this program, in the format that it reads.
fn check(database: &Database) -> Result<(), Unusable> {
    match about(database)? {
        Some((program, _)) if program != PROGRAM.1 => Err(Unusable::Foreign),
        Some((_, format)) if format != FORMAT.1 => Err(Unusable::Version(format)),
        Some(_) => Ok(()),
        None => Err(Unusable::Foreign),
    }
}

/// The program that made a database, and its format; `None` if it does not say so.
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
    pub(super) fn into_error(self, path: &Path) -> StartError {
        let (problem, help) = match &self {
            Self::Locked => (
                "is in use by another process".to_owned(),
                "stop the other sandbox, or give each one a file of its own",
            ),
            Self::ReadOnly => (
                "cannot be written".to_owned(),
                "make it writable for this user, or name another file",
            ),
            Self::Foreign => (
                "is not a state file of the sandbox".to_owned(),
                "name a file that does not exist yet; the sandbox makes it",
            ),
            Self::Version(format) => (
                format!(
                    "has the format {format}, and this version reads the format {}",
                    FORMAT.1
                ),
                "use the version that made it, or name a file that does not exist yet",
            ),
            Self::Damaged => (
                "is damaged".to_owned(),
                "restore it from a copy, or name a file that does not exist yet",
            ),
            Self::Io(_) | Self::Database(_) => (
                "cannot be opened".to_owned(),
                "look at its folder and its disk, or name another file",
            ),
        };
        StartError::StateFile {
            path: path.to_owned(),
            problem,
            help: help.to_owned(),
            source: match self {
                Self::Io(error) => Some(error.into()),
                Self::Database(error) => Some(error.into()),
                _ => None,
            },
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
                // What does not begin as a database of `redb` does.
                io::ErrorKind::InvalidData => Self::Foreign,
                io::ErrorKind::UnexpectedEof => Self::Damaged,
                _ => Self::Io(error),
            },
            other => Self::Database(other),
        }
    }
}
