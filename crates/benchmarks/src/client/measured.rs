//! Arguments and request loop shared by the measured programs.

use std::hint::black_box;

use clap::Parser;
use tokio::runtime::{self, Runtime};

#[cfg(feature = "openapi-generator")]
use super::openapi_generator::OpenapiGenerator;
use super::update::{BareReqwest, JelouClient, Progenitor, Update, Way};
use crate::Error;

/// Send updates sequentially; run by `cargo xtask bench client`
#[derive(Debug, Parser)]
pub struct Arguments {
    /// How to send the updates
    pub way: Way,
    /// The base URL of the server
    pub base_url: String,
    /// Number of updates to send
    pub requests: u32,
}

/// Sends a number of updates sequentially, reusing connections.
pub type Sender = Box<dyn FnMut(u32) -> Result<(), Error>>;

/// Creates a sender of updates to `base_url`. Nothing is sent yet.
///
/// # Errors
/// Returns an error if the client or its runtime cannot be set up.
pub fn sender(way: Way, base_url: &str) -> Result<Sender, Error> {
    let runtime = runtime()?;
    Ok(match way {
        Way::JelouClient => sender_through(runtime, JelouClient::new(base_url)?),
        Way::BareReqwest => sender_through(runtime, BareReqwest::new(base_url)?),
        Way::Progenitor => sender_through(runtime, Progenitor::new(base_url)?),
        #[cfg(feature = "openapi-generator")]
        Way::OpenapiGenerator => sender_through(runtime, OpenapiGenerator::new(base_url)?),
    })
}

/// A single-threaded runtime, so that the thread does all the client's work and nothing else.
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
