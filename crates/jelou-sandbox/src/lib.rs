//! A local stand-in for Jelou's External Support Panel, driven by its OpenAPI document.
//!
//! It is a real HTTP/1.1 server on loopback: stateful for the operations of the document that need it, it validates every
//! request against the document, and it is not a model of Jelou's timing or permissions. Routes, parameters, bodies,
//! security and responses are taken from the document when it starts, so an operation that is new in the document is
//! answered from its example without a line of code here.
//!
//! ```
//! use jelou_sandbox::{Options, Sandbox};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), jelou_sandbox::StartError> {
//! let sandbox = Sandbox::start(Options::default().integration("PROJECT_ID")).await?;
//! assert!(sandbox.base_url().starts_with("http://127.0.0.1:"));
//! assert!(sandbox.base_url().ends_with("/jelouapi"));
//!
//! // Point the code under test to `sandbox.base_url()`, then look at what it sent.
//! assert!(sandbox.received().is_empty());
//! sandbox.shutdown().await;
//! # Ok(())
//! # }
//! ```
//!
//! It deliberately shares no types with the client: a mistake made on both sides would stay hidden.

mod answer;
mod contract;
mod control;
mod cors;
mod error;
mod exchange;
mod faults;
mod flaw;
mod host;
mod input_file;
mod options;
#[cfg(feature = "page")]
mod page;
mod preferences;
mod record;
mod server;
mod state;

pub use cors::{CorsOrigin, UnknownOrigin};
pub use error::StartError;
pub use faults::{Fault, Scenario, ScenarioError, UnknownFault};
pub use flaw::Flaw;
pub use options::{Authentication, Credential, Options, ReplyShape, UnknownMode};
pub use record::ReceivedRequest;
pub use server::Sandbox;
pub use state::{StateError, integration::Integration};

/// The README, so that its example is compiled.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
