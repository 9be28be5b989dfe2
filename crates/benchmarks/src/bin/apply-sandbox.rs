//! Runs the sandbox with an integration for every project, for `cargo xtask bench apply`.

use std::io::{self, Read};
use std::process::ExitCode;
use std::thread;

use benchmarks::{Error, output};
use jelou_sandbox::{Options, Sandbox};
use tokio::sync::oneshot;

fn main() -> ExitCode {
    output::exit(serve())
}

/// Prints the base URL and serves on one thread until standard input is closed.
fn serve() -> Result<(), Error> {
    let failed = |source: Box<dyn std::error::Error + Send + Sync>| Error::Setup {
        part: "sandbox",
        source,
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| failed(error.into()))?;
    let (stop, stopped) = oneshot::channel::<()>();
    thread::spawn(move || {
        // Returns when the parent closes its end or exits.
        _ = io::stdin().read_to_end(&mut Vec::new());
        drop(stop);
    });
    runtime.block_on(async {
        let sandbox = Sandbox::start(Options::default().every_project())
            .await
            .map_err(|error| failed(error.into()))?;
        output::print(&format!("{}\n", sandbox.base_url()))?;
        _ = stopped.await;
        Ok(())
    })
}
