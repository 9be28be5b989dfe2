//! `cargo xtask roundtrip`: checks that the client generated for a document can make all of its calls.
//!
//! Generates the client, compiles it with `xtask/roundtrip/driver.rs`, and starts the sandbox on the same document, so that it
//! validates each request. Every operation is called with a valid request that contains everything that the document describes, once
//! for each of its errors, and with requests that the document forbids.

mod described;
mod project;
mod values;

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde::Deserialize;
use serde_json::Value;
use spec_first_codegen::Exercise;
use spec_first_document::{Document, Folder, Pointer};
use spec_first_sandbox::{Options, Sandbox};

use crate::process;
use crate::workspace::{DOCUMENT, Workspace};

use described::{Described, Side};
use project::Project;

/// Small documents that contain each OpenAPI feature of the generator once.
const OWN: &str = "xtask/roundtrip/documents";

/// An operation that is added to the document of the workspace.
const ADDED: &str = include_str!("../roundtrip/added.yaml");

/// The result for a document.
#[derive(Default)]
struct Outcome {
    operations: usize,
    failures: Vec<String>,
    /// The operations for which no valid request could be made, with the reason.
    uncallable: Vec<String>,
    /// The number of invalid requests that were refused.
    rejected: usize,
    /// Why there is no client, or why it does not compile.
    refused: Option<(&'static str, String)>,
}

/// The result of an operation, as the driver reports it.
#[derive(Deserialize)]
struct Report {
    failure: Option<Failure>,
    unsent: Vec<String>,
    set: Value,
    lost: Vec<String>,
    received: Value,
    refused: usize,
}

/// Why a round trip failed.
#[derive(Deserialize)]
struct Failure {
    step: String,
    reason: String,
}

impl Failure {
    fn new(step: &str, reason: String) -> Self {
        Self {
            step: step.to_owned(),
            reason,
        }
    }
}

/// Makes the round trip for each document, or for our own; returns whether all of them succeeded.
pub(crate) fn run(workspace: &Workspace, files: &[PathBuf]) -> Result<bool, Box<dyn Error>> {
    let own;
    let files = match files {
        [] => {
            own = own_documents(workspace)?;
            &own
        }
        files => files,
    };
    let mut total = Total::default();
    for file in files {
        let outcome = round_trip(workspace, file)?;
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        outcome.print(&name);
        total.add(&outcome);
    }
    let Total {
        generated,
        compiled,
        operations,
        held,
        uncallable,
        rejected,
    } = total;
    let documents = files.len();
    println!(
        "{documents} documents: {generated} generated, {compiled} compiled; {held} of {operations} operations hold, \
         {uncallable} cannot be called; {rejected} invalid requests are refused"
    );
    Ok(compiled == documents && held == operations)
}

/// Our small documents, and that of the workspace with one more operation.
fn own_documents(workspace: &Workspace) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let mut documents = crate::adopt::documents(&workspace.root().join(OWN))?;
    let document = workspace.read(DOCUMENT)?;
    let (before, paths) = document
        .split_once("\npaths:\n")
        .ok_or_else(|| format!("`{DOCUMENT}` has no line `paths:`"))?;
    let folder = workspace.root().join("target/roundtrip");
    let path = folder.join("external-support.yaml");
    fs::create_dir_all(folder)?;
    fs::write(&path, format!("{before}\npaths:\n{ADDED}\n{paths}"))?;
    documents.push(path);
    Ok(documents)
}

/// The results for all documents.
#[derive(Default)]
struct Total {
    generated: usize,
    compiled: usize,
    operations: usize,
    held: usize,
    uncallable: usize,
    rejected: usize,
}

impl Total {
    fn add(&mut self, outcome: &Outcome) {
        self.generated += usize::from(!matches!(outcome.refused, Some((NOT_GENERATED, _))));
        self.compiled += usize::from(outcome.refused.is_none());
        self.operations += outcome.operations;
        self.held += outcome.held();
        self.uncallable += outcome.uncallable.len();
        self.rejected += outcome.rejected;
    }
}

impl Outcome {
    fn held(&self) -> usize {
        self.operations - self.failures.len() - self.uncallable.len()
    }

    fn print(&self, name: &str) {
        match &self.refused {
            Some((step, reason)) => println!("{name}: {step}\n{reason}"),
            None => println!(
                "{name}: {} of {} operations hold",
                self.held(),
                self.operations
            ),
        }
        for failure in &self.failures {
            println!("  {failure}");
        }
        for reason in &self.uncallable {
            println!("  {reason}");
        }
    }
}

const NOT_GENERATED: &str = "no client is generated";
const NOT_COMPILED: &str = "the client does not compile";
const NOT_SERVED: &str = "the sandbox does not serve the document";
const BROKEN: &str = "the calls were not all made";

fn round_trip(workspace: &Workspace, file: &Path) -> Result<Outcome, Box<dyn Error>> {
    let refused = |step, reason: String| Outcome {
        refused: Some((step, reason)),
        ..Outcome::default()
    };
    let folder = file.parent().unwrap_or(Path::new("."));
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let document = match Document::read(&Folder::around(folder, &name)?, &name) {
        Ok(document) => document,
        Err(finding) => return Ok(refused(NOT_GENERATED, finding.to_string())),
    };
    let client = match spec_first_codegen::generate_from(&document) {
        Ok(client) => client,
        Err(error) => return Ok(refused(NOT_GENERATED, error.to_string())),
    };
    let exercises = spec_first_codegen::exercises(&document)?;
    let project = Project::write(workspace, &name, &client, &document, &exercises)?;
    let program = match project.build() {
        Ok(program) => program,
        Err(process::Error::Failed { output, .. }) => return Ok(refused(NOT_COMPILED, output)),
        Err(error) => return Err(error.into()),
    };
    let prepared = match Sandbox::prepare(Options::from_document(document.clone())) {
        Ok(prepared) => prepared,
        Err(error) => return Ok(refused(NOT_SERVED, error.to_string())),
    };
    let samples = prepared.samples();
    let runtime = tokio::runtime::Runtime::new()?;
    let sandbox =
        runtime.block_on(prepared.start(std::sync::Arc::new(spec_first_sandbox::Stateless)))?;
    let origin = format!("http://{}", sandbox.address());
    let (values, missing) = values::values(&document, &exercises, samples, &origin);
    let path = project.write_values(&values)?;
    let output = process::output(Command::new(&program).arg(path));
    runtime.block_on(sandbox.shutdown());
    let output = match output {
        Ok(output) => output,
        Err(process::Error::Failed { output, .. }) => return Ok(refused(BROKEN, output)),
        Err(error) => return Err(error.into()),
    };
    let mut outcome = Outcome {
        operations: exercises.len(),
        ..Outcome::default()
    };
    let mut described = Described::by(&document);
    for ((exercise, missing), line) in exercises.iter().zip(missing).zip(output.lines()) {
        let Report {
            failure,
            unsent,
            set,
            lost,
            received,
            refused,
        } = serde_json::from_str(line)?;
        outcome.rejected += refused;
        // Members that the document does not describe may be lost.
        let unsent = described.first(exercise, Side::Request, &set, &unsent);
        let unsent = unsent.map(|place| format!("`{place}` is not what was set"));
        let lost = described.first(exercise, Side::Response, &received, &lost);
        let lost = lost.map(|place| format!("`{place}` is not what was received"));
        let failure = failure
            .or(unsent.map(|reason| Failure::new("request", reason)))
            .or(lost.map(|reason| Failure::new("reply", reason)));
        let Some(Failure { step, reason }) = failure else {
            continue;
        };
        let Exercise { method, path, .. } = exercise;
        let place = format!("{}: {method} {path}", place(&document, exercise));
        match missing {
            Some(missing) if step == "values" => outcome
                .uncallable
                .push(format!("{place}: no valid request is known: {missing}")),
            _ => outcome.failures.push(format!("{place}: {step}: {reason}")),
        }
    }
    Ok(outcome)
}

/// The position of an operation in its file.
fn place(document: &Document, exercise: &Exercise) -> String {
    let path = Pointer::root().child("paths").child(&exercise.path);
    let position = document.position(&path.child(exercise.method.to_lowercase()));
    format!("{}:{}", document.source().name, position.line)
}
