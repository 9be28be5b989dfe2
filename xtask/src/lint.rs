//! `cargo xtask lint`: checks the document and its reconciliation.

use std::error::Error;
use std::io::IsTerminal;
use std::path::PathBuf;
use std::{env, fs, io};

use spec_first_document::{Document, Finding};
use spec_first_ledger::TestIndex;

use crate::workspace::{self, DOCUMENT, RECONCILIATION, TESTS, Workspace};

/// Prints every finding; returns whether there are none.
pub(crate) fn run(workspace: &Workspace) -> Result<bool, Box<dyn Error>> {
    let document = Document::parse(DOCUMENT, &workspace.read(DOCUMENT)?)?;
    let reconciliation = Document::parse(RECONCILIATION, &workspace.read(RECONCILIATION)?)?;

    let mut findings = spec_first_lint::check(&document);
    findings.extend(spec_first_codegen::unsupported(&document));
    findings.extend(spec_first_ledger::check(
        &reconciliation,
        &document,
        &tests(workspace)?,
    ));
    if findings.is_empty() {
        // Some errors are detected only during generation.
        if let Err(spec_first_codegen::Error::Document(unforeseen)) =
            spec_first_codegen::generate(DOCUMENT, &document.source().text)
        {
            findings = unforeseen;
        }
    }

    print_findings(&findings);
    Ok(findings.is_empty())
}

/// Prints every finding in third-party documents; returns whether there are none.
pub(crate) fn run_on(files: &[PathBuf]) -> Result<bool, Box<dyn Error>> {
    let mut findings = Vec::new();
    for path in files {
        let name = path.display().to_string();
        let text = fs::read_to_string(path).map_err(|source| workspace::Error::File {
            action: "read",
            path: name.clone(),
            source,
        })?;
        match Document::parse(&name, &text) {
            Ok(document) => findings.extend(spec_first_lint::check(&document)),
            Err(finding) => findings.push(finding),
        }
    }
    print_findings(&findings);
    Ok(findings.is_empty())
}

fn tests(workspace: &Workspace) -> Result<TestIndex, Box<dyn Error>> {
    let mut tests = TestIndex::default();
    for folder in TESTS {
        for path in workspace.rust_files(folder)? {
            tests
                .add(&path, &workspace.read(&path)?)
                .map_err(|problem| format!("cannot read the tests: {problem}"))?;
        }
    }
    Ok(tests)
}

fn print_findings(findings: &[Finding]) {
    let colour =
        io::stdout().is_terminal() && env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    for finding in findings {
        println!("{}\n", finding.render(colour));
    }
    match findings.len() {
        0 => {}
        1 => eprintln!("error: 1 finding"),
        count => eprintln!("error: {count} findings"),
    }
}
