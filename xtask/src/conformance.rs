//! `cargo xtask conformance`: checks that the sandbox conforms to the document it serves. Runs all checks of
//! schemathesis for every combination of reply shape and credentials.

pub(crate) mod documents;
pub(crate) mod judge;
mod modes;
mod schemathesis;

use jelou_sandbox::Sandbox;

use crate::python;
use crate::workspace::Workspace;

use modes::Mode;
use schemathesis::Schemathesis;

/// A conformance run that could not be completed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error(transparent)]
    Python(#[from] python::Error),

    #[error("cannot {action}")]
    Files {
        action: String,
        source: std::io::Error,
    },

    #[error("the sandbox does not start, {mode}")]
    Sandbox {
        mode: String,
        source: Box<dyn std::error::Error + Send + Sync>,
    },

    #[error("schemathesis ended without a report, {mode}:\n{output}")]
    NoReport { mode: String, output: String },
}

/// Lets schemathesis send `cases` requests to each operation in each mode; returns whether every response conforms.
pub(crate) fn run(workspace: &Workspace, cases: u32) -> Result<bool, Error> {
    let schemathesis = Schemathesis::install(workspace.root())?;
    let runtime = tokio::runtime::Runtime::new().map_err(|source| Error::Files {
        action: "start the runtime of the sandbox".to_owned(),
        source,
    })?;
    let mut conforms = true;
    for mode in Mode::all() {
        let failed = |source: jelou_sandbox::StartError| Error::Sandbox {
            mode: mode.to_string(),
            source: source.into(),
        };
        let sandbox = runtime
            .block_on(Sandbox::start(mode.options()))
            .map_err(failed)?;
        let outcome = schemathesis.judge(&sandbox, &mode, cases)?;
        println!("{mode:<32} {outcome}");
        if let Some(problem) = outcome.problem() {
            eprintln!("{problem}");
            conforms = false;
        }
        runtime.block_on(sandbox.shutdown());
    }
    Ok(conforms)
}
