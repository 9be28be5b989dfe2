//! The baseline: what was found before, and is not reported again.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::{fs, io};

use spec_first_review::render::parts::pretty;

use super::Problem;
use crate::sources::{STANDARD_INPUT, Source};
use crate::terminal::{plural, tell};
use crate::{Error, Project, derived};

/// How many entries that can be removed are named.
const NAMED: usize = 5;

/// What was found before.
#[derive(Debug)]
pub(super) struct Baseline {
    /// The folder of the project, if the file is one of it rather than one that the user has named.
    root: Option<PathBuf>,
    name: String,
    /// The entries of each document: the rule, the pointer, and the fingerprint of the finding.
    documents: BTreeMap<String, BTreeSet<String>>,
    /// The entries that were found in this run.
    found: BTreeMap<String, BTreeSet<String>>,
    /// How many findings were left out.
    known: usize,
}

impl Baseline {
    /// Reads a file that the user has named; without one, nothing was found before.
    ///
    /// # Errors
    /// The file cannot be read, is not a baseline, or is not there although it `must_exist`.
    pub(super) fn named(name: &Path, must_exist: bool) -> Result<Self, Error> {
        let text = match fs::read_to_string(name) {
            Ok(text) => Some(text),
            Err(error) if error.kind() == io::ErrorKind::NotFound && !must_exist => None,
            Err(error) => return Err(Error::file("read", &name.display().to_string())(error)),
        };
        Self::of(None, name.display().to_string(), text)
    }

    /// Reads the file that the project is configured with; without one, nothing was found before.
    ///
    /// # Errors
    /// The file cannot be read, or is not a baseline.
    pub(super) fn configured(project: &Project) -> Result<Self, Error> {
        let name = project.configuration().lint.baseline.clone();
        let text = project.read(&name)?;
        Self::of(Some(project.root().to_owned()), name, text)
    }

    fn of(root: Option<PathBuf>, name: String, text: Option<String>) -> Result<Self, Error> {
        let documents = text.map(|text| serde_json::from_str(&text)).transpose();
        let documents = documents.map_err(|error| Error::Usage {
            message: format!("`{name}` is not a baseline: {error}"),
            hint: "delete the file, and write it again with `--write-baseline`".to_owned(),
        })?;
        let documents = documents.unwrap_or_default();
        Ok(Self {
            root,
            name,
            documents,
            found: BTreeMap::new(),
            known: 0,
        })
    }

    /// Notes a document that the run is about; without a finding, all its entries can be removed.
    pub(super) fn note(&mut self, document: &str) {
        self.found.entry(document.to_owned()).or_default();
    }

    /// Notes a finding; returns whether it was found before.
    pub(super) fn contains(&mut self, document: &str, source: &Source, problem: &Problem) -> bool {
        let entry = entry(source, problem);
        let before = self.documents.get(document);
        let is_known = before.is_some_and(|entries| entries.contains(&entry));
        let found = self.found.entry(document.to_owned()).or_default();
        found.insert(entry);
        is_known
    }

    /// Counts a finding that is left out.
    pub(super) fn leave_out(&mut self) {
        self.known += 1;
    }

    /// Writes what is there now, and what was known of rules that were not looked for. `is_gone` says of which other documents
    /// nothing is kept.
    ///
    /// # Errors
    /// The file cannot be written.
    pub(super) fn write(
        &self,
        is_gone: impl Fn(&str) -> bool,
        is_looked_for: impl Fn(&str) -> bool,
    ) -> Result<(), Error> {
        let mut documents = self.documents.clone();
        documents.retain(|document, _| self.found.contains_key(document) || !is_gone(document));
        for (document, found) in &self.found {
            let entries = documents.entry(document.clone()).or_default();
            entries.retain(|entry| !is_looked_for(rule(entry)));
            entries.extend(found.iter().cloned());
        }
        documents.retain(|_, entries| !entries.is_empty());
        let text = pretty(&documents);
        match &self.root {
            Some(root) => derived::write(root, &self.name, &text)?,
            None => derived::write_named(Path::new(&self.name), &self.name, &text)?,
        }
        let count = documents.values().map(BTreeSet::len).sum();
        let count = plural(count, "finding", "findings");
        tell(format_args!("wrote {count} to `{}`", self.name));
        Ok(())
    }

    /// Says on standard error what was left out, and which entries can be removed.
    pub(super) fn summarize(&self, all: bool, is_looked_for: impl Fn(&str) -> bool) {
        let path = &self.name;
        if self.known > 0 {
            let known = plural(self.known, "finding is", "findings are");
            tell(format_args!(
                "note: {known} in the baseline `{path}`, and not shown"
            ));
        }
        let documents = self.found.iter();
        let removable = documents.flat_map(|(document, found)| {
            let before = self.documents.get(document).into_iter().flatten();
            let gone = before.filter(|entry| is_looked_for(rule(entry)) && !found.contains(*entry));
            gone.map(move |entry| format!("  {document}: {entry}"))
        });
        let removable: Vec<String> = removable.collect();
        if removable.is_empty() {
            return;
        }
        let count = plural(removable.len(), "entry", "entries");
        tell(format_args!(
            "note: {count} of `{path}` can be removed, which `--write-baseline` does:"
        ));
        let named = if all { removable.len() } else { NAMED };
        for entry in removable.iter().take(named) {
            tell(entry);
        }
        if removable.len() > named {
            tell(format_args!("  and {} more", removable.len() - named));
        }
    }
}

/// The rule, the place, with the file if it is another one of the document, and the fingerprint.
fn entry(source: &Source, problem: &Problem) -> String {
    let finding = &problem.finding;
    let file = Some(finding.source.name.as_str()).filter(|file| *file != source.path());
    let file = file.unwrap_or_default();
    let (rule, pointer) = (finding.rule, &finding.pointer);
    format!("{rule} {file}{pointer} {}", problem.fingerprint())
}

/// The rule of an entry.
fn rule(entry: &str) -> &str {
    entry.split(' ').next().unwrap_or_default()
}

/// What the baseline calls a document: its path from the folder of the project.
pub(super) fn name(project: &Project, source: &Source) -> String {
    let canonical = |path: &Path| fs::canonicalize(path).ok();
    let inside = source.on_disk(source.path()).and_then(|path| {
        let path = canonical(&path)?;
        let path = path.strip_prefix(canonical(project.root())?).ok()?;
        Some(path.to_str()?.replace('\\', "/"))
    });
    inside.unwrap_or_else(|| source.path().to_owned())
}

/// Whether a document that the baseline calls `name` was deleted or renamed.
pub(super) fn is_gone(project: &Project, name: &str) -> bool {
    let is_there = |path: &Path| path.exists();
    name != STANDARD_INPUT && !is_there(&project.root().join(name)) && !is_there(Path::new(name))
}
