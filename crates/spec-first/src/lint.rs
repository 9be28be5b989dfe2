//! `spec-first lint`: mistakes in documents.

use std::fs;
use std::io;
use std::path::PathBuf;

use spec_first_document::{Document, Finding};

use crate::documents::Tree;
use crate::terminal::{is_coloured, plural, write};
use crate::{Error, Project};

/// Prints every finding in the files; returns whether there is none.
///
/// # Errors
/// A file cannot be read.
pub fn run(files: &[PathBuf]) -> Result<bool, Error> {
    let mut findings = Vec::new();
    for path in files {
        let name = path.display().to_string();
        let text = fs::read_to_string(path).map_err(Error::file("read", &name))?;
        findings.extend(check(&name, &text));
    }
    print(&findings)
}

/// Prints every finding in the documents of the project.
pub(crate) fn run_on_project(project: &Project) -> Result<bool, Error> {
    let tree = Tree::WorkingTree(project);
    let mut findings = Vec::new();
    for path in project.documents(&[&tree])?.paths {
        findings.extend(check(&path, &tree.source(&path)?.read()?));
    }
    print(&findings)
}

fn check(name: &str, text: &str) -> Vec<Finding> {
    match Document::parse(name, text) {
        Ok(document) => spec_first_lint::check(&document),
        Err(finding) => vec![finding],
    }
}

/// Prints findings to standard output and their number to standard error; returns whether there is none.
///
/// # Errors
/// Standard output cannot be written to.
pub fn print(findings: &[Finding]) -> Result<bool, Error> {
    let colour = is_coloured(&io::stdout());
    let findings = findings.iter();
    let texts: Vec<String> = findings
        .map(|finding| format!("{}\n\n", finding.render(colour)))
        .collect();
    write(None, &texts.concat())?;
    if !texts.is_empty() {
        eprintln!("error: {}", plural(texts.len(), "finding", "findings"));
    }
    Ok(texts.is_empty())
}
