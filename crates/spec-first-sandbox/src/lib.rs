//! A mock server for any API that has an OpenAPI document.
//!
//! The sandbox is a real HTTP/1.1 server on loopback. Routes, parameters, bodies, security and responses are read from the
//! document at startup. It validates every request against the document, and answers with the examples in it, or with values
//! generated from the schemas. What is created, changed and deleted is kept by convention ([`Resources`]), or by another
//! [`State`].
//!
//! ```
//! use spec_first_sandbox::{Options, Sandbox};
//!
//! const DOCUMENT: &str = "
//! openapi: 3.0.3
//! info: {title: Bookshop, version: 1.0.0}
//! servers: [{url: https://books.example/v2}]
//! paths:
//!   /books:
//!     get:
//!       operationId: list_books
//!       responses:
//!         '200':
//!           description: All books.
//!           content: {application/json: {example: [{title: Rayuela}]}}
//! ";
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), spec_first_sandbox::StartError> {
//! let sandbox = Sandbox::start(Options::new("bookshop.yaml", DOCUMENT)).await?;
//! assert!(sandbox.flaws().is_empty());
//! assert_eq!(sandbox.base_url(), format!("http://{}/v2", sandbox.address()));
//!
//! // Point the code under test at `sandbox.base_url()`, then check what it sent.
//! assert!(sandbox.received().is_empty());
//! sandbox.shutdown().await;
//! # Ok(())
//! # }
//! ```

mod connection;
mod contract;
mod control;
mod cors;
mod credentials;
mod deliveries;
mod error;
mod exchange;
mod faults;
mod flaw;
mod host;
mod input_file;
mod options;
mod page;
mod preferences;
mod received_body;
mod record;
mod rejection;
mod resources;
mod server;
mod state;
mod streams;
mod traffic;
mod upstream;
mod webhooks;

pub use axum::http::StatusCode;
pub use contract::{DocumentedOperation, SampleBody, SampleParameter, SampleRequest};
pub use cors::{CorsOrigin, UnknownOrigin};
pub use credentials::{Authentication, Credential, UnknownMode};
pub use deliveries::{Attempt, Deliveries, Delivery, DeliveryFault, Outgoing, hex_hmac};
pub use error::StartError;
pub use faults::{Fault, Scenario, ScenarioError, UnknownFault};
pub use flaw::Flaw;
pub use input_file::InputFile;
pub use options::Options;
pub use record::ReceivedRequest;
pub use rejection::{ErrorFormat, Rejection};
pub use resources::Resources;
pub use server::{Prepared, Sandbox};
pub use state::{Call, Form, Reply, Served, State, StateError, StateFuture, Stateless};
pub use traffic::{DecisionTraffic, OperationTraffic, Traffic};
pub use upstream::{UnknownUpstream, Upstream};
pub use webhooks::WebhookUrl;

/// Builds the validator of schemas, which takes about two milliseconds. Otherwise the first request that needs one waits for it: call
/// this on another thread before the document is read.
pub fn build_schema_validator() {
    _ = jsonschema::draft202012::meta::validator();
}

/// Compiles the example in the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
