//! The sandbox as a process of its own, which gives every project an integration; `cargo xtask bench apply` runs it.

use std::io::{self, Read};
use std::process::ExitCode;
use std::thread;

use benchmarks::{Error, output};
use jelou_sandbox::{Options, Sandbox};
use tokio::sync::oneshot;

fn main() -> ExitCode {
    output::exit(serve())
}

/// Prints the base URL, and serves until standard input ends. On one thread, so that those who are measured have the other core.
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
        // Whoever started it lets go of its end, or is gone.
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
