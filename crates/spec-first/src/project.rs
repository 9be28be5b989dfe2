//! The folder that a command works in, and how it is configured.

use std::path::{Path, PathBuf};
use std::{env, fs};

use glob::Pattern;

use crate::Error;
use crate::configuration::{Configuration, FILE};
use crate::documents::Tree;
use crate::git::Git;
use crate::sources::Source;

/// A folder with its configuration.
#[derive(Clone, Debug)]
pub struct Project {
    root: PathBuf,
    configuration: Configuration,
}

impl Project {
    /// The project around the current folder: the folder of the next `spec-first.toml` in it or above it, or else the top of the git
    /// repository, or else the current folder.
    ///
    /// # Errors
    /// The configuration cannot be read.
    pub fn find() -> Result<Self, Error> {
        let current = env::current_dir().map_err(Error::file("find", "."))?;
        let top = Git::at(&current).top();
        for folder in current.ancestors() {
            if let Some(text) = read(folder, FILE)? {
                return Ok(Self::new(folder, Configuration::parse(FILE, &text)?));
            }
            // What is above the repository does not belong to it.
            if folder.join(".git").exists() {
                break;
            }
        }
        let root = top.unwrap_or(current);
        Ok(Self::new(&root, Configuration::default()))
    }

    /// The project in a folder, configured like this.
    pub fn new(root: &Path, configuration: Configuration) -> Self {
        Self {
            root: root.to_owned(),
            configuration,
        }
    }

    /// The folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The configuration.
    pub fn configuration(&self) -> &Configuration {
        &self.configuration
    }

    /// The text of a file of the folder, or of the repository around it; `None` if there is none.
    ///
    /// # Errors
    /// The file cannot be read, or is not UTF-8.
    pub(crate) fn read(&self, path: &str) -> Result<Option<String>, Error> {
        read(&self.root, path)
    }

    /// The path of a file from the folder, with `/` on any system; `None` if it is not there or not in the folder.
    pub(crate) fn path_of(&self, file: &Path) -> Option<String> {
        let root = fs::canonicalize(&self.root).ok()?;
        let file = fs::canonicalize(file).ok()?;
        let path = file.strip_prefix(root).ok()?.to_str()?;
        Some(path.replace('\\', "/"))
    }

    pub(crate) fn git(&self) -> Git {
        Git::at(&self.root)
    }

    /// The paths of the documents, of which the trees have at least one.
    ///
    /// # Errors
    /// There is none, or there are several and the configuration does not list them.
    pub(crate) fn documents(&self, trees: &[&Tree<'_>]) -> Result<Documents, Error> {
        let patterns = &self.configuration.documents;
        let mut paths = Vec::new();
        if patterns.is_empty() {
            // Later trees are newer; an older one counts if the newer ones have nothing.
            for tree in trees.iter().rev() {
                let candidates = tree.discover()?;
                if candidates.len() > 1 {
                    return Err(Error::SeveralDocuments { candidates });
                }
                if !candidates.is_empty() {
                    return Ok(Documents {
                        paths: candidates,
                        are_listed: false,
                    });
                }
            }
            let place = self.root.display().to_string();
            return Err(Error::NoDocuments { place });
        }
        let mut are_listed = true;
        for text in patterns {
            // What is listed must exist, but the base may be older than the list.
            let newest = trees.last();
            let exists = newest.map_or(Ok(true), |newest| newest.has(text))?;
            match newest {
                _ if exists => {
                    paths.push(text.clone());
                    continue;
                }
                Some(newest) if !is_glob(text) => {
                    return Err(newest.source(text)?.missing_although_listed());
                }
                _ => {}
            }
            are_listed = false;
            let before = paths.len();
            let pattern = Pattern::new(text).map_err(|error| Error::Usage {
                message: format!("`{text}` in `{FILE}` is not a pattern: {}", error.msg),
                hint: "use `*` for a part of a name and `**` for any folders".to_owned(),
            })?;
            for tree in trees {
                paths.extend(tree.matches(&pattern)?);
            }
            if paths.len() == before {
                return Err(Error::NothingMatches {
                    pattern: text.clone(),
                });
            }
        }
        paths.sort_unstable();
        paths.dedup();
        Ok(Documents { paths, are_listed })
    }
}

/// The documents of a project.
#[derive(Debug)]
pub(crate) struct Documents {
    pub(crate) paths: Vec<String>,
    /// Whether the configuration has each of the paths, so that each of them must be there.
    pub(crate) are_listed: bool,
}

/// The text of a file below a folder. A repository may come with links that lead anywhere, and with pipes that nobody writes to.
pub(crate) fn read(root: &Path, path: &str) -> Result<Option<String>, Error> {
    Source::in_working_tree(root, path)?.read_if_there(path)
}

fn is_glob(text: &str) -> bool {
    text.contains(['*', '?', '['])
}
