//! A local mock of Jelou's External Support Panel, driven by its OpenAPI document.
//!
//! The sandbox is a real HTTP/1.1 server on loopback. It validates every request against the document, and keeps state for the
//! operations that need it. It does not simulate Jelou's timing or permissions. Routes, parameters, bodies, security and
//! responses are read from the document at startup, so an operation that is added to the document is answered from its example
//! without any code.
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
//! // Point the code under test at `sandbox.base_url()`, then check what it sent.
//! assert!(sandbox.received().is_empty());
//! sandbox.shutdown().await;
//! # Ok(())
//! # }
//! ```
//!
//! It deliberately shares no types with the client: otherwise, a mistake in both would go unnoticed.

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

/// Compiles the example in the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
