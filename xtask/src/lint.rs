//! `cargo xtask lint`: checks the document and its reconciliation.

use std::error::Error;

use spec_first_document::Document;
use spec_first_ledger::TestIndex;

use crate::workspace::{DOCUMENT, RECONCILIATION, TESTS, Workspace};

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

    Ok(spec_first::lint::print(&findings)?)
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
