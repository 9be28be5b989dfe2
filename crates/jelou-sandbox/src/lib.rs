//! A local mock of Jelou's External Support Panel, driven by its OpenAPI document.
//!
//! The sandbox is a real HTTP/1.1 server on loopback: [`spec_first_sandbox`] with the document of the panel, and with state for
//! the operations that need it. It validates every request against the document. It does not simulate Jelou's timing or
//! permissions. An operation that is added to the document is answered from its example without any code.
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

mod control;
mod deliveries;
mod errors;
mod options;
mod reply_shape;
mod sandbox;
mod state;

pub use options::Options;
pub use reply_shape::ReplyShape;
pub use sandbox::Sandbox;
pub use spec_first_sandbox::{
    Attempt, Authentication, CorsOrigin, Credential, Delivery, DeliveryFault, Fault, Flaw,
    ReceivedRequest, Scenario, ScenarioError, StartError, StateError, Traffic, UnknownFault,
    UnknownMode, UnknownOrigin, UnknownUpstream, Upstream,
};
pub use state::integration::Integration;

/// Compiles the example in the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
