//! Captures, the record and the files of facts.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use spec_first_document::Document;
use spec_first_ledger::Record;
use spec_first_ledger::source::{
    Contract, Error as SourceError, Form, Labels, MAXIMUM_SIZE, Page, Recorded, read,
};

use crate::configuration::FILE;
use crate::documents::Tree;
use crate::sources::{STANDARD_INPUT, Source};
use crate::{Error, Project, derived, project};

/// A capture that was read.
#[derive(Debug)]
pub(super) struct Captured {
    pub(super) path: String,
    pub(super) page: Page,
}

impl Captured {
    pub(super) fn read(path: &Path, form: Option<Form>, labels: &Labels) -> Result<Self, Error> {
        let name = path.display().to_string();
        let (path, content) = match name.as_str() {
            "-" => (
                STANDARD_INPUT.to_owned(),
                read_at_most(&mut io::stdin().lock(), STANDARD_INPUT)?,
            ),
            _ => {
                let mut file = fs::File::open(path).map_err(Error::file("read", &name))?;
                let content = read_at_most(&mut file, &name)?;
                (name, content)
            }
        };
        // Invalid UTF-8 is replaced: the page is not ours to fix.
        let text = String::from_utf8_lossy(&content);
        if text.trim().is_empty() {
            return Err(Error::Usage {
                message: format!("`{path}` is empty"),
                hint: "capture the page again".to_owned(),
            });
        }
        let form = form.unwrap_or_else(|| Form::detect(&text));
        let page = read(&text, form, labels).map_err(|error| in_capture(&path, error))?;
        Ok(Self { path, page })
    }

    /// Refuses a capture without a single fact: that is another page, such as one that asks for a password, or not read at all.
    pub(super) fn check_facts(&self, hint: &str) -> Result<(), Error> {
        if !self.page.facts.is_empty() {
            return Ok(());
        }
        Err(Error::Usage {
            message: format!("found no facts in `{}`", self.path),
            hint: hint.to_owned(),
        })
    }
}

fn read_at_most(source: &mut dyn io::Read, name: &str) -> Result<Vec<u8>, Error> {
    let mut content = Vec::new();
    let limit = u64::try_from(MAXIMUM_SIZE).unwrap_or(u64::MAX) + 1;
    io::Read::read_to_end(&mut io::Read::take(source, limit), &mut content)
        .map_err(Error::file("read", name))?;
    if content.len() > MAXIMUM_SIZE {
        return Err(Error::Usage {
            message: format!("`{name}` exceeds the limit of {MAXIMUM_SIZE} bytes"),
            hint: "capture one page, without the files that it loads".to_owned(),
        });
    }
    Ok(content)
}

fn in_capture(path: &str, error: SourceError) -> Error {
    match error {
        SourceError::File(finding) => Error::Document(finding),
        error => Error::Usage {
            message: format!("`{path}`: {error}"),
            hint: "capture one page, without the files that it loads".to_owned(),
        },
    }
}

/// The built-in labels and layout, with those of the project and the arguments.
pub(super) fn labels(
    project: &Project,
    layout: Option<&Path>,
    languages: &[PathBuf],
) -> Result<Labels, Error> {
    let configured = &project.configuration().source;
    let of_project = |name: &String| {
        let text = project.read(name)?.ok_or_else(|| Error::Usage {
            message: format!("there is no `{name}`, which `[source]` in `{FILE}` names"),
            hint: "correct the path, which is relative to the configuration".to_owned(),
        })?;
        Ok::<_, Error>((name.clone(), text))
    };
    let named = |path: &Path| {
        let name = path.display().to_string();
        let text = fs::read_to_string(path).map_err(Error::file("read", &name))?;
        Ok::<_, Error>((name, text))
    };
    let layout = match (layout, &configured.layout) {
        (Some(path), _) => Some(named(path)?),
        (None, Some(name)) => Some(of_project(name)?),
        (None, None) => None,
    };
    let of_project = configured.labels.iter().map(of_project);
    let files = of_project.chain(languages.iter().map(|path| named(path)));
    let files = files.collect::<Result<Vec<_>, _>>()?;
    let files: Vec<_> = files.iter().map(borrowed).collect();
    Labels::with(layout.as_ref().map(borrowed), &files).map_err(|error| in_capture("labels", error))
}

fn borrowed((name, text): &(String, String)) -> (&str, &str) {
    (name, text)
}

/// The document of the project, if there is exactly one.
pub(super) fn document_if_there(project: &Project) -> Result<Option<Document>, Error> {
    match source(project)? {
        Some(source) => Ok(Some(source.document()??)),
        None => Ok(None),
    }
}

fn source(project: &Project) -> Result<Option<Source>, Error> {
    let tree = Tree::WorkingTree(project);
    match project.documents(&[&tree]) {
        Ok(documents) => match &documents.paths[..] {
            [path] => Source::in_working_tree(project.root(), path).map(Some),
            _ => Err(Error::SeveralDocuments {
                candidates: documents.paths,
            }),
        },
        // Facts can be read without a document.
        Err(Error::NoDocuments { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The record and the recorded facts.
pub(super) struct Ledger {
    pub(super) record: Option<Record>,
    folder: String,
    pages: Vec<Recorded>,
}

impl Ledger {
    pub(super) fn read(project: &Project) -> Result<Self, Error> {
        let configured = &project.configuration().source;
        let source = source(project)?;
        let beside = |name: &str| match &source {
            Some(source) if !name.contains('/') => source.beside(name),
            _ => name.to_owned(),
        };
        let path = beside(&configured.record);
        let record = match project.read(&path)? {
            Some(text) => Some(super::record(&Document::parse(&path, &text)?)?),
            None => None,
        };
        let folder = beside(&configured.facts);
        let files = facts_files(project.root(), &folder)?;
        let pages = files
            .iter()
            .map(|file| Recorded::read(file).map_err(|error| in_capture(&folder, error)));
        let pages = pages.collect::<Result<_, _>>()?;
        Ok(Self {
            record,
            folder,
            pages,
        })
    }

    /// Finds the recorded page of a capture.
    pub(super) fn page(
        &self,
        capture: &Captured,
        name: Option<&str>,
        document: Option<&Document>,
    ) -> Result<&Recorded, Error> {
        let names = self
            .pages
            .iter()
            .map(|page| format!("`{}`", page.page))
            .collect::<Vec<_>>()
            .join(", ");
        let hint = match self.pages.is_empty() {
            true => format!(
                "record it first: `source accept --page NAME {}`",
                capture.path
            ),
            false => format!("name the page with `--page`; recorded pages: {names}"),
        };
        let usage = |message| Error::Usage {
            message,
            hint: hint.clone(),
        };
        if let Some(name) = name {
            let page = self.pages.iter().find(|page| page.page == name);
            return page
                .ok_or_else(|| usage(format!("no facts are recorded for the page `{name}`")));
        }
        let mut of_same: Vec<&Recorded> = self
            .pages
            .iter()
            .filter(|page| is_about_same(page, &capture.page, document))
            .collect();
        // Of several captures of one page, pick the most similar one.
        let likeness = |recorded: &Recorded| {
            let is_language = recorded.language == capture.page.language;
            (is_language, recorded.form == capture.page.form)
        };
        let most = of_same.iter().map(|page| likeness(page)).max();
        let is_one = of_same
            .windows(2)
            .all(|two| two[0].page_of_record() == two[1].page_of_record());
        of_same.retain(|page| !is_one || Some(likeness(page)) == most);
        match of_same[..] {
            [page] => Ok(page),
            [] => Err(usage(format!(
                "`{}` matches no recorded page",
                capture.path
            ))),
            _ => Err(usage(format!(
                "`{}` matches several recorded pages",
                capture.path
            ))),
        }
    }

    /// Writes the facts of a page; returns the path.
    pub(super) fn write(
        &self,
        project: &Project,
        recorded: &Recorded,
        command: &str,
    ) -> Result<String, Error> {
        let is_name = |character: char| {
            character.is_ascii_lowercase() || character.is_ascii_digit() || character == '-'
        };
        let mut parts = recorded.page.split('.');
        let are_names = parts.all(|part| !part.is_empty() && part.chars().all(is_name));
        if !are_names || recorded.page.matches('.').count() > 1 {
            return Err(Error::Usage {
                message: format!("`{}` is not a valid page name", recorded.page),
                hint: "use lower-case words separated by hyphens, as `update` or, for a second capture, `update.pt`".to_owned(),
            });
        }
        let path = format!("{}/{}.yaml", self.folder, recorded.page);
        derived::write(project.root(), &path, &recorded.to_yaml(command))?;
        Ok(path)
    }
}

/// The files of facts in a folder, sorted by name; none if there is no such folder.
///
/// # Errors
/// A file cannot be read, or is not YAML.
pub fn facts_files(root: &Path, folder: &str) -> Result<Vec<Document>, Error> {
    let entries = match fs::read_dir(root.join(folder)) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(Error::file("list", folder)(error)),
    };
    let mut paths = Vec::new();
    for entry in entries {
        let name = entry.map_err(Error::file("list", folder))?.file_name();
        let name = name.to_string_lossy().into_owned();
        if name.ends_with(".yaml") {
            paths.push(format!("{folder}/{name}"));
        }
    }
    paths.sort_unstable();
    let mut documents = Vec::new();
    for path in &paths {
        // One that is deleted meanwhile is left out.
        if let Some(text) = project::read(root, path)? {
            documents.push(Document::parse(path, &text)?);
        }
    }
    Ok(documents)
}

/// Whether two pages describe the same operation, according to the document or else by path, ignoring base paths.
fn is_about_same(recorded: &Recorded, page: &Page, document: Option<&Document>) -> bool {
    if let Some(document) = document
        && let [Some(a), Some(b)] =
            [&recorded.facts, &page.facts].map(|facts| Contract::of(document, facts))
    {
        return a.pointer() == b.pointer();
    }
    let ends = |long: &str, short: &str| short.len() > 1 && long.ends_with(short);
    // The last three segments.
    let tail = |path: &str| {
        let start = path.match_indices('/').rev().nth(2);
        start.map_or(path.to_owned(), |(at, _)| path[at..].to_owned())
    };
    let is_same = |(method, path): &(&str, String), (other_method, other): &(&str, String)| {
        let is_same_path = ends(path, other) || ends(other, path) || tail(path) == tail(other);
        method == other_method && is_same_path
    };
    let others = page.operations();
    let mut operations = recorded.operations().into_iter();
    operations.any(|operation| others.iter().any(|other| is_same(&operation, other)))
}
