//! Sends an update from the downstream crate to a sandbox in this process.

use std::path::Path;
use std::process::Command;

use jelou_sandbox::{Options, Sandbox};

use crate::process;

use super::Error;
use super::project::Project;

/// What the templates print once the update is applied: the webhook URL they send.
const RESULT: &str = "events go to https://my-system.com/webhook/downstream\n";

/// Builds and runs the crate; returns the problem, if any.
pub(super) fn run(project: &Project, target_directory: &Path) -> Result<Result<(), String>, Error> {
    let mut cargo = project.build("run", target_directory);
    // Debug information would only cost time and space.
    cargo.args(["--config", "profile.dev.debug=false"]);
    send(&mut cargo)
}

/// Runs `program`, which sends the update; returns the problem, if any.
pub(super) fn send(program: &mut Command) -> Result<Result<(), String>, Error> {
    // One thread serves while this one waits for the program.
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .map_err(|error| Error::Sandbox(error.into()))?;
    let options = Options::default().integration("PROJECT_ID");
    let sandbox = runtime
        .block_on(Sandbox::start(options))
        .map_err(|error| Error::Sandbox(error.into()))?;
    let printed = match process::output(program.env("JELOU_BASE_URL", sandbox.base_url())) {
        Ok(printed) => printed,
        Err(error @ process::Error::Failed { .. }) => return Ok(Err(error.to_string())),
        Err(error) => return Err(error.into()),
    };
    let received: Vec<_> = sandbox
        .received()
        .into_iter()
        .map(|request| format!("{} {}", request.method, request.target))
        .collect();
    Ok(check(&printed, &received))
}

fn check(printed: &str, received: &[String]) -> Result<(), String> {
    if printed != RESULT {
        return Err(format!("it printed {printed:?}, not {RESULT:?}"));
    }
    match received {
        [request] if request.starts_with("PATCH ") => Ok(()),
        _ => Err(format!("the sandbox received {received:?}, not one update")),
    }
}
