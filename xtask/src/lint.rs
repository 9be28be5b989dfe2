//! `cargo xtask lint`: what `spec-first lint` finds in this repository's document, and mistakes in its reconciliation.

use std::error::Error;

use spec_first::lint::{LintArguments, run as lint};
use spec_first_document::{Document, Finding};
use spec_first_ledger::TestIndex;

use crate::workspace::{DOCUMENT, FACTS, RECONCILIATION, TESTS, Workspace};

/// Prints every finding; returns whether there are none.
pub(crate) fn run(
    workspace: &Workspace,
    arguments: &LintArguments,
) -> Result<bool, Box<dyn Error>> {
    let reconciliation = Document::parse(RECONCILIATION, &workspace.read(RECONCILIATION)?)?;
    let tests = tests(workspace)?;
    let facts = spec_first::source::facts_files(workspace.root(), FACTS)?;
    let additions = |document: &Document, findings: &[Finding]| {
        if document.source().name != DOCUMENT {
            return Vec::new();
        }
        let mut added = spec_first_ledger::check(&reconciliation, document, &tests);
        added.extend(spec_first_ledger::source::check(
            &reconciliation,
            document,
            &facts,
        ));
        if findings.is_empty() && added.is_empty() {
            // Some errors are detected only during generation.
            if let Err(spec_first_codegen::Error::Document(unforeseen)) =
                spec_first_codegen::generate(DOCUMENT, &document.source().text)
            {
                return unforeseen;
            }
        }
        added
    };
    Ok(lint(&workspace.project()?, arguments, &additions)?)
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
