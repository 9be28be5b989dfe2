//! Which files of a project are its OpenAPI documents.

use std::path::Path;

use glob::{MatchOptions, Pattern};
use spec_first_document::Document;

use crate::configuration::{Configuration, FILE};
use crate::git::Git;
use crate::sources::Source;
use crate::{Error, Project};

/// Folders with the code of others, where a document is not the project's.
const FOREIGN: [&str; 4] = ["node_modules", "vendor", "target", "third_party"];

/// The files of a project, on the disk or in a commit.
#[derive(Clone, Debug)]
pub(crate) enum Tree<'a> {
    WorkingTree(&'a Project),
    Commit {
        git: Git,
        /// What was asked for.
        name: String,
        commit: String,
    },
}

impl Tree<'_> {
    /// Whether the tree has a file that is not on the disk.
    pub(crate) fn leaves_out(&self, path: &str) -> Result<bool, Error> {
        match self {
            Self::WorkingTree(project) => project.git().leaves_out(path),
            Self::Commit { .. } => Ok(false),
        }
    }

    /// The document at `path`, whether it is there or not.
    pub(crate) fn source(&self, path: &str) -> Result<Source, Error> {
        match self {
            Self::WorkingTree(project) => Source::in_working_tree(project.root(), path),
            Self::Commit { git, name, commit } => Ok(Source::in_commit(git, name, commit, path)),
        }
    }

    /// Whether there is a file at `path`.
    pub(crate) fn has(&self, path: &str) -> Result<bool, Error> {
        self.source(path)?.exists()
    }

    /// The files that are OpenAPI documents, among those that are `wanted` by their path.
    fn documents_among(&self, wanted: impl Fn(&str) -> bool) -> Result<Vec<String>, Error> {
        match self {
            Self::WorkingTree(project) => {
                let mut files = working_files(project.root())?;
                files.retain(|path| wanted(path) && self.is_document(path));
                Ok(files)
            }
            Self::Commit { git, commit, .. } => {
                let is_document = |path: &str, content: &[u8]| {
                    std::str::from_utf8(content).is_ok_and(|text| is_openapi(path, text))
                };
                git.files(commit, wanted, is_document)
            }
        }
    }

    /// The OpenAPI documents that match a pattern; other files may, such as parts of a document.
    pub(crate) fn matches(&self, pattern: &Pattern) -> Result<Vec<String>, Error> {
        let options = MatchOptions {
            require_literal_separator: true,
            ..MatchOptions::default()
        };
        self.documents_among(|path| pattern.matches_with(path, options))
    }

    /// The files that are OpenAPI documents of the project.
    pub(crate) fn discover(&self) -> Result<Vec<String>, Error> {
        self.documents_among(may_be_document)
    }

    /// The documents that the project has in a commit: those that the configuration in it lists, if it does.
    pub(crate) fn documents(&self) -> Result<Vec<String>, Error> {
        if matches!(self, Self::WorkingTree(_)) {
            return Ok(Vec::new());
        }
        let text = self.source(FILE)?.read_if_there(FILE)?;
        let configuration = text.and_then(|text| Configuration::parse(FILE, &text).ok());
        let configuration = configuration.unwrap_or_default();
        if configuration.documents.is_empty() {
            return self.discover();
        }
        let mut paths = Vec::new();
        for text in configuration.documents {
            // What the list has without need is of no concern here.
            match Pattern::new(&text) {
                _ if self.has(&text)? => paths.push(text),
                Ok(pattern) => paths.extend(self.matches(&pattern)?),
                Err(_) => {}
            }
        }
        Ok(paths)
    }

    /// What cannot be read is not a document.
    pub(crate) fn is_document(&self, path: &str) -> bool {
        let text = self.source(path).and_then(|file| file.read_if_there(path));
        matches!(text, Ok(Some(text)) if is_openapi(path, &text))
    }
}

/// How many files and folders are looked at without git, which knows the extent of a project: a home folder has no end.
const MAX_ENTRIES: usize = 50_000;

/// The files below a folder: those that git does not ignore or, without git, those that are not hidden.
fn working_files(root: &Path) -> Result<Vec<String>, Error> {
    let git = Git::at(root);
    if git.top().is_some() {
        return git.working_files();
    }
    visible_files(root, MAX_ENTRIES)
}

/// The files below a folder that are not hidden.
///
/// # Errors
/// There are more than `maximum`, folders included.
fn visible_files(root: &Path, maximum: usize) -> Result<Vec<String>, Error> {
    let options = MatchOptions {
        // Hidden folders belong to tools.
        require_literal_leading_dot: true,
        ..MatchOptions::default()
    };
    let pattern = format!("{}/**/*", Pattern::escape(&root.display().to_string()));
    let entries = glob::glob_with(&pattern, options).into_iter().flatten();
    let entries: Vec<_> = entries.take(maximum + 1).flatten().collect();
    if entries.len() > maximum {
        return Err(Error::TooManyFiles {
            place: root.display().to_string(),
        });
    }
    let files = entries.iter().filter(|path| path.is_file());
    let paths = files.filter_map(|path| {
        let path = path.strip_prefix(root).ok()?.to_str()?;
        Some(path.replace('\\', "/"))
    });
    Ok(paths.collect())
}

fn may_be_document(path: &str) -> bool {
    let is_foreign = path.split('/').any(|part| FOREIGN.contains(&part));
    let extension = path.rsplit_once('.').map(|(_, extension)| extension);
    !is_foreign && matches!(extension, Some("yaml" | "yml" | "json"))
}

/// Whether a text is an OpenAPI document, also one that has a mistake in it.
fn is_openapi(path: &str, text: &str) -> bool {
    const KEYS: [&str; 3] = ["openapi:", "\"openapi\":", "'openapi':"];
    let text = text.trim_start_matches('\u{feff}');
    if !text.trim_start().starts_with('{') {
        return text
            .lines()
            .any(|line| KEYS.iter().any(|key| line.starts_with(key)));
    }
    if !text.contains("openapi") {
        return false;
    }
    match Document::parse(path, text) {
        Ok(document) => document.root().get("openapi").is_some(),
        Err(_) => text
            .lines()
            .take(20)
            .any(|line| line.contains("\"openapi\"")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_is_known_by_its_first_key_and_not_by_its_name() {
        for (text, expected) in [
            ("openapi: 3.0.3\n", true),
            ("# a comment\n\"openapi\": 3.1.0\n", true),
            ("openapi: 3.0.3\npaths: [\n", true),
            ("{\"openapi\": \"3.1.0\"}", true),
            ("{\n  \"openapi\": \"3.1.0\",\n", true),
            ("{info: {openapi: 3.0.3}}", false),
            ("dependencies:\n  openapi: 3.0.3\n", false),
            ("", false),
        ] {
            assert_eq!(is_openapi("a", text), expected, "{text}");
        }
    }

    #[test]
    fn a_folder_without_end_is_not_searched() {
        let folder = test_support::repository::Repository::folder();
        folder.write("a.yaml", "");
        folder.write("b.yaml", "");
        assert_eq!(visible_files(folder.path(), 2).unwrap().len(), 2);
        let error = visible_files(folder.path(), 1).unwrap_err();
        assert!(error.to_string().contains("too many files"), "{error}");
    }

    #[test]
    fn the_code_of_others_is_not_looked_at() {
        assert!(may_be_document("api/openapi.yml"));
        assert!(!may_be_document("web/node_modules/a/openapi.json"));
        assert!(!may_be_document("openapi.txt"));
    }
}
