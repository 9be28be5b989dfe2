//! Edits the configuration file and preserves comments, order and white space elsewhere.

use std::fs::{self, DirBuilder, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use toml_edit::{DocumentMut, InlineTable, Item, Table, value};

use super::{CredentialsSource, Profile, file_name, folder_of, reading};
use crate::failure::{Exit, Failure};
use crate::private_file;
use crate::secret_source::SecretSource;

/// Reads the file at `path`, applies `edit`, and replaces the file atomically.
pub(super) fn change(path: &Path, edit: impl FnOnce(&mut DocumentMut)) -> Result<(), Failure> {
    let not_written = |error: io::Error| {
        Failure::new(
            Exit::Failed,
            format!("{} cannot be written", file_name(path)),
            "check that you may write there, and that the disk is not full; the file is unchanged",
        )
        .caused_by(Some(&error))
    };
    create_folder(folder_of(path)).map_err(not_written)?;
    // Of two concurrent changes, one would be lost.
    let lock = lock(path).map_err(not_written)?;
    let text = match path.try_exists() {
        Ok(false) => String::new(),
        _ => private_file::read(path, &file_name(path))?,
    };
    // The file may have changed since it was first read.
    reading::parse(path.to_owned(), &text)?;
    let mut document: DocumentMut = text.parse().unwrap_or_default();
    edit(&mut document);
    write(path, &document.to_string()).map_err(not_written)?;
    drop(lock);
    Ok(())
}

pub(super) fn insert(document: &mut DocumentMut, name: &str, profile: &Profile) {
    let profiles = document.entry("profiles").or_insert_with(|| {
        let mut table = Table::new();
        // A `[profiles]` header adds nothing to `[profiles.acme]`.
        table.set_implicit(true);
        Item::Table(table)
    });
    if let Some(profiles) = profiles.as_table_like_mut() {
        profiles.insert(name, Item::Table(table_of(profile)));
    }
}

pub(super) fn remove(document: &mut DocumentMut, name: &str) {
    if let Some(profiles) = document
        .get_mut("profiles")
        .and_then(Item::as_table_like_mut)
    {
        profiles.remove(name);
    }
    if document.get("default").and_then(Item::as_str) == Some(name) {
        document.remove("default");
    }
}

pub(super) fn set_default(document: &mut DocumentMut, name: Option<&str>) {
    match name {
        Some(name) => document["default"] = value(name),
        None => _ = document.remove("default"),
    }
}

fn table_of(profile: &Profile) -> Table {
    let mut table = Table::new();
    if let Some(base_url) = &profile.base_url {
        table["base_url"] = value(base_url);
    }
    match &profile.credentials {
        Some(CredentialsSource::ApiKey(source)) => table["api_key"] = reference_to(source),
        Some(CredentialsSource::Client { id, secret }) => {
            table["client_id"] = value(id);
            table["client_secret"] = reference_to(secret);
        }
        None => {}
    }
    if let Some(source) = &profile.signing_secret {
        table["signing_secret"] = reference_to(source);
    }
    table
}

fn reference_to(source: &SecretSource) -> Item {
    let (key, text) = match source {
        SecretSource::Environment(name) => ("environment", name.clone()),
        SecretSource::File(path) => ("file", path.display().to_string()),
        SecretSource::Command(command) => ("command", command.clone()),
        // Profiles are read repeatedly, standard input only once.
        SecretSource::Input => return Item::None,
    };
    value(InlineTable::from_iter([(key, text)]))
}

fn create_folder(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

fn lock(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    // A link of this name may lead to another file, which must not be emptied.
    let lock = options
        .create(true)
        .append(true)
        .open(path.with_extension("lock"))?;
    lock.lock()?;
    Ok(lock)
}

fn write(path: &Path, text: &str) -> io::Result<()> {
    // Replace the target of a symbolic link, not the link.
    let path: PathBuf = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    // The file must never be readable by others, even while it is written.
    let mut file = tempfile::NamedTempFile::new_in(folder_of(&path))?;
    file.write_all(text.as_bytes())?;
    file.as_file().sync_all()?;
    file.persist(&path)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, edit: impl FnOnce(&mut DocumentMut), expected: &str) {
        let mut document: DocumentMut = text.parse().unwrap();
        edit(&mut document);
        assert_eq!(document.to_string(), expected);
    }

    fn profile() -> Profile {
        Profile {
            base_url: None,
            credentials: Some(CredentialsSource::ApiKey(SecretSource::Command(
                "pass show \"a\"".to_owned(),
            ))),
            signing_secret: Some(SecretSource::Environment("B".to_owned())),
        }
    }

    #[test]
    fn an_edit_preserves_the_rest_of_the_file() {
        let text = "# Ours.\ndefault   =  \"a\"\n\n[profiles.a] # the first\napi_key = { environment = \"A\" }\n";
        let added = "\n[profiles.b]\napi_key = { command = 'pass show \"a\"' }\nsigning_secret = { environment = \"B\" }\n";
        check(
            text,
            |document| insert(document, "b", &profile()),
            &format!("{text}{added}"),
        );
        check(
            &format!("{text}{added}"),
            |document| remove(document, "b"),
            text,
        );
    }

    #[test]
    fn profiles_may_be_inline_tables() {
        let text = "profiles = { a = { api_key = { environment = \"A\" } } }\n";
        let mut document: DocumentMut = text.parse().unwrap();
        insert(&mut document, "b", &profile());
        let path = PathBuf::from("config.toml");
        let configuration = reading::parse(path, &document.to_string()).unwrap();
        let names: Vec<_> = configuration.profiles.into_keys().collect();
        assert_eq!(names, ["a", "b"]);
        remove(&mut document, "b");
        assert_eq!(document.to_string(), text);
    }

    #[test]
    fn a_removed_profile_is_no_longer_the_default() {
        let text = "default = \"a\"\n[profiles.a]\n";
        check(text, |document| remove(document, "a"), "");
        check(
            text,
            |document| set_default(document, None),
            "[profiles.a]\n",
        );
        check(
            "",
            |document| insert(document, "b", &profile()),
            "[profiles.b]\napi_key = { command = 'pass show \"a\"' }\nsigning_secret = { environment = \"B\" }\n",
        );
    }
}
