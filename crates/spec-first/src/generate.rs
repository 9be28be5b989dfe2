//! `spec-first generate`: the Rust clients that the configuration names.

use crate::configuration::{FILE, Target};
use crate::derived::{DerivedFile, Mode, ensure_all};
use crate::sources::Source;
use crate::{Error, Project};

/// What writes the files.
const COMMAND: &str = "spec-first generate";

/// Writes each client with its surface, or compares them; returns whether everything is in order.
pub(crate) fn run(project: &Project, check: bool) -> Result<bool, Error> {
    let targets = &project.configuration().generate;
    if targets.is_empty() {
        return Err(Error::Usage {
            message: format!("`{FILE}` has no `[[generate]]` entry"),
            hint: format!(
                "add to `{FILE}`:\n\n[[generate]]\ndocument = \"openapi.yaml\"\nclient = \"src/client.rs\"\n"
            ),
        });
    }
    let mut files = Vec::new();
    for target in targets {
        files.extend(derive(project, target)?);
    }
    let mode = if check { Mode::Check } else { Mode::Write };
    ensure_all(&files, project.root(), mode, COMMAND)
}

fn derive(project: &Project, target: &Target) -> Result<[DerivedFile; 2], Error> {
    let source = Source::in_working_tree(project.root(), &target.document)?;
    let document = source
        .document()?
        .map_err(spec_first_codegen::Error::from)?;
    let client = spec_first_codegen::generate_from(&document)?;
    Ok([
        DerivedFile {
            path: target.client.clone(),
            text: client,
        },
        DerivedFile {
            path: target.surface.clone(),
            text: spec_first_codegen::surface_of(&document)?,
        },
    ])
}
