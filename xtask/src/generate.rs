//! `cargo xtask generate`: generates every file that is derived from the document.

use std::error::Error;

use spec_first_document::Document;

use crate::derived::{DerivedFile, Mode};
use crate::workspace::{DOCUMENT, RECONCILIATION, Workspace};

/// Writes the derived files, or compares them if `check` is set; returns whether all are up to date.
pub(crate) fn run(workspace: &Workspace, check: bool) -> Result<bool, Box<dyn Error>> {
    let mode = if check { Mode::Check } else { Mode::Write };
    let mut stale = Vec::new();
    for file in derive(workspace)? {
        if !file.ensure(workspace, mode)? {
            stale.push(file.path);
        }
    }
    if mode == Mode::Write || stale.is_empty() {
        return Ok(true);
    }
    eprintln!(
        "error: {} not up to date: {}",
        plural(stale.len()),
        stale.join(", ")
    );
    eprintln!("hint: run `cargo xtask generate`, and review what it changes");
    Ok(false)
}

/// Generates all derived files, using the same function as the client's build script.
fn derive(workspace: &Workspace) -> Result<Vec<DerivedFile>, Box<dyn Error>> {
    let document = workspace.read(DOCUMENT)?;
    let reconciliation = Document::parse(RECONCILIATION, &workspace.read(RECONCILIATION)?)?;
    Ok(vec![
        DerivedFile {
            path: "crates/jelou-client/generated/client.rs",
            text: spec_first_codegen::generate(DOCUMENT, &document)?,
        },
        DerivedFile {
            path: "openapi/surface.txt",
            text: spec_first_codegen::surface(DOCUMENT, &document)?,
        },
        DerivedFile {
            path: "openapi/RECONCILIATION.md",
            text: spec_first_ledger::render(
                &reconciliation,
                DOCUMENT,
                spec_first_codegen::GENERATED_NOTICE,
            )?,
        },
        DerivedFile {
            path: "crates/spec-first-review/review.schema.json",
            text: spec_first_review::render::json_schema(),
        },
    ])
}

fn plural(count: usize) -> String {
    if count == 1 {
        "1 derived file is".to_owned()
    } else {
        format!("{count} derived files are")
    }
}
