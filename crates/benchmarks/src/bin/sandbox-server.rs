//! Runs a server as a separate process, so that `cargo xtask bench sandbox` can measure it from outside.

use std::fs;
use std::io::{self, Read};
use std::path::PathBuf;
use std::process::ExitCode;
use std::thread;

use axum::Router;
use axum::http::header;
use axum::routing::patch;
use benchmarks::sandbox::{FIXED_REPLY, PATH};
use benchmarks::{Error, output};
use clap::{Parser, Subcommand};
use jelou_sandbox::{Options, Sandbox};
use tokio::net::TcpListener;
use tokio::sync::oneshot;

/// Print the URL and serve until standard input is closed
#[derive(Debug, Parser)]
struct Arguments {
    #[command(subcommand)]
    server: Server,
}

#[derive(Debug, Subcommand)]
enum Server {
    /// The sandbox, with all its checks
    Sandbox {
        /// The document to serve; by default, that of the External Support Panel
        document: Option<PathBuf>,
    },
    /// An axum handler that ignores the request and sends a fixed reply
    Ceiling,
}

type Failure = Box<dyn std::error::Error + Send + Sync>;

fn main() -> ExitCode {
    let result = serve(&Arguments::parse().server).map_err(|source| Error::Setup {
        part: "server",
        source,
    });
    output::exit(result)
}

/// Serves on one thread, since it has one core.
fn serve(server: &Server) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let (stop, stopped) = oneshot::channel::<()>();
    thread::spawn(move || {
        // Returns when the parent closes its end or exits.
        _ = io::stdin().read_to_end(&mut Vec::new());
        drop(stop);
    });
    runtime.block_on(async {
        match server {
            Server::Sandbox { document } => serve_sandbox(document.as_ref(), stopped).await,
            Server::Ceiling => serve_ceiling(stopped).await,
        }
    })
}

async fn serve_sandbox(
    document: Option<&PathBuf>,
    stopped: oneshot::Receiver<()>,
) -> Result<(), Failure> {
    let mut options = Options::default().integration("PROJECT_ID");
    if let Some(path) = document {
        options = options.document(path.display().to_string(), fs::read_to_string(path)?);
    }
    let sandbox = Sandbox::start(options).await?;
    output::print(&format!("http://{}\n", sandbox.address()))?;
    _ = stopped.await;
    Ok(())
}

async fn serve_ceiling(stopped: oneshot::Receiver<()>) -> Result<(), Failure> {
    let reply = || async { ([(header::CONTENT_TYPE, "application/json")], FIXED_REPLY) };
    let router = Router::new().route(PATH, patch(reply));
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    output::print(&format!("http://{}\n", listener.local_addr()?))?;
    axum::serve(listener, router)
        .with_graceful_shutdown(async {
            _ = stopped.await;
        })
        .await?;
    Ok(())
}
