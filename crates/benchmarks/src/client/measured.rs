//! What the programs that are measured share: what they are told, and how they send.

use std::hint::black_box;

use clap::Parser;
use tokio::runtime::{self, Runtime};

use super::update::{BareReqwest, JelouClient, Update, Way};
use crate::Error;

/// Sends updates one after the other; `cargo xtask bench client` runs it
#[derive(Debug, Parser)]
pub struct Arguments {
    /// How they are sent
    pub way: Way,
    /// The base URL of the server
    pub base_url: String,
    /// How many are sent
    pub requests: u32,
}

/// What sends so many updates, one after the other, on connections that it keeps.
pub type Sender = Box<dyn FnMut(u32) -> Result<(), Error>>;

/// What sends updates to `base_url` in this way. Nothing is sent yet.
///
/// # Errors
/// The client or its runtime cannot be set up.
pub fn sender(way: Way, base_url: &str) -> Result<Sender, Error> {
    let runtime = runtime()?;
    Ok(match way {
        Way::JelouClient => sender_through(runtime, JelouClient::new(base_url)?),
        Way::BareReqwest => sender_through(runtime, BareReqwest::new(base_url)?),
    })
}

/// A runtime of one thread: all that a request costs the client is on it, and nothing else.
pub(super) fn runtime() -> Result<Runtime, Error> {
    runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Error::Setup {
            part: "runtime",
            source: error.into(),
        })
}

fn sender_through(runtime: Runtime, client: impl Update) -> Sender {
    Box::new(move |requests| {
        runtime.block_on(async {
            for _ in 0..requests {
                black_box(client.update().await?);
            }
            Ok(())
        })
    })
}
