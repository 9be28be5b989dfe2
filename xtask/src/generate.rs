//! `cargo xtask generate`: generates every file that is derived from the document.

use std::error::Error;

use spec_first::configuration::Configuration;
use spec_first::derived::{DerivedFile, Mode, ensure_all};
use spec_first_document::Document;
use spec_first_ledger::source::Recorded;

use crate::workspace::{DOCUMENT, FACTS, RECONCILIATION, Workspace};

/// Writes the derived files, or compares them if `check` is set; returns whether all are up to date.
pub(crate) fn run(workspace: &Workspace, check: bool) -> Result<bool, Box<dyn Error>> {
    let mode = if check { Mode::Check } else { Mode::Write };
    let files = derive(workspace)?;
    Ok(ensure_all(
        &files,
        workspace.root(),
        mode,
        "cargo xtask generate",
    )?)
}

/// Generates all derived files, using the same function as the client's build script.
fn derive(workspace: &Workspace) -> Result<Vec<DerivedFile>, Box<dyn Error>> {
    let document = workspace.read(DOCUMENT)?;
    let reconciliation = Document::parse(RECONCILIATION, &workspace.read(RECONCILIATION)?)?;
    let facts = spec_first::source::facts_files(workspace.root(), FACTS)?;
    let facts = facts
        .iter()
        .map(Recorded::read)
        .collect::<Result<Vec<_>, _>>()?;
    Ok(vec![
        DerivedFile {
            path: "crates/jelou-client/generated/client.rs".to_owned(),
            text: spec_first_codegen::generate(DOCUMENT, &document)?,
        },
        DerivedFile {
            path: "openapi/surface.txt".to_owned(),
            text: spec_first_codegen::surface(DOCUMENT, &document)?,
        },
        DerivedFile {
            path: "openapi/RECONCILIATION.md".to_owned(),
            text: spec_first_ledger::render(
                &reconciliation,
                &facts,
                DOCUMENT,
                spec_first_codegen::GENERATED_NOTICE,
            )?,
        },
        DerivedFile {
            path: "crates/spec-first-review/review.schema.json".to_owned(),
            text: spec_first_review::render::json_schema(),
        },
        DerivedFile {
            path: "crates/spec-first/lint.schema.json".to_owned(),
            text: spec_first::lint::json_schema(),
        },
        DerivedFile {
            path: "crates/spec-first/spec-first.schema.json".to_owned(),
            text: Configuration::json_schema(),
        },
    ])
}
