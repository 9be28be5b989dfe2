//! The Rust client for Jelou's External Support Panel.
//!
//! # Send an update
//! `cargo new panel && cd panel`, then in `Cargo.toml`:
//!
//! ```toml
//! [dependencies]
//! jelou-client = "0.1"
//! tokio = { version = "1", features = ["macros", "rt"] }
//! ```
//!
//! and in `src/main.rs`:
//!
//! ```no_run
//! use jelou_client::{Client, Credentials};
//!
//! #[tokio::main(flavor = "current_thread")]
//! async fn main() -> Result<(), Box<dyn std::error::Error>> {
//!     let api_key = std::env::var("JELOU_API_KEY")?;
//!     let client = Client::builder(Credentials::api_key(api_key)).build()?;
//!     let integration = client
//!         .integrations()
//!         .update("PROJECT_ID")
//!         .webhook_url("https://my-system.com/webhook/jelou-v2")
//!         .send()
//!         .await?;
//!     println!("events go to {:?}", integration.webhook_url);
//!     Ok(())
//! }
//! ```
//!
//! `JELOU_API_KEY=… cargo run` sends it. Without an account, start the local stand-in (`jelou_sandbox`) and name it with
//! [`ClientBuilder::base_url`].
//!
//! # Where to go from here
//! | to … | see |
//! |---|---|
//! | use a client id and secret instead of an API key | [`Credentials`] |
//! | set how Jelou authenticates to the webhook | [`WebhookAuth`] |
//! | find out which webhook URLs are allowed | [`WebhookUrl`] |
//! | handle a failure: was it applied, is it safe to retry, what to do | [`Error`] |
//! | change timeouts, retries or the server | [`ClientBuilder`], [`RetryPolicy`] |
//! | receive and verify events | [`webhook`] |
//! | answer a user | [`messages().answer`](messages::Messages::answer), [`Credentials::signing_secret`] |
//! | read fields that this crate does not decode | [`Reply::raw_json`], [`Error::response`] |
//! | see a request without sending it | [`prepare`](integrations::Update::prepare) |
//! | send a request that the document does not describe | [`Client::request`] |
//!
//! # What this crate adds to the document
//! The calls and their types are generated from an OpenAPI document that settles, once and with reasons, each point on which
//! the vendor's page contradicts itself (`openapi/RECONCILIATION.md` in the repository). `spec-first-runtime`, which works for
//! any API, sends the requests:
//!
//! - credentials are never printed and never sent to another origin ([`Credentials`], [`Secret`]);
//! - one [`Reply`] for both response shapes, the bare integration of the page's schema section and the envelope of its prose,
//!   gives access to the raw JSON (`response-shape` in the reconciliation);
//! - a [`Timestamp`] keeps the text as received, because the page shows instants with milliseconds and without (`timestamps`);
//! - an [`Error`] keeps status, headers and body, of which the page documents only the statuses (`error-bodies`), and says
//!   whether the update may have been applied.
//!
//! This crate adds what a document cannot say: which webhook URLs are public ([`WebhookUrl`]), which fields belong together
//! ([`WebhookAuth`]), and how events are told apart ([`webhook::Event`]).
//!
//! The client needs a Tokio runtime and does not start one. In a program without one:
//!
//! ```no_run
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let client = jelou_client::Client::builder(jelou_client::Credentials::api_key("API_KEY")).build()?;
//! let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
//! let update = client.integrations().update("PROJECT_ID").webhook_url("https://my-system.com/webhook/jelou-v2");
//! let integration = runtime.block_on(update.send())?;
//! # Ok(())
//! # }
//! ```
//!
//! # Traces
//! Each call is a [`tracing`](https://docs.rs/tracing) span, `jelou_client.request`, with OpenTelemetry's attributes for HTTP
//! clients: `http.request.method`, `url.template`, `url.scheme`, `server.address`, `server.port`,
//! `http.response.status_code`, `http.request.resend_count`, `error.type`. Spans contain no secrets, bodies or identifiers.
//!
//! # Features
//! - `codegen`: generate the client at build time. Without it, the checked-in copy of the same text is compiled, and no code
//!   generator is built.
//! - `rustls` (default): HTTPS through the `rustls` feature of reqwest, with the crypto provider that the program has
//!   installed, or else aws-lc-rs. Without it and `native-tls`, only plain `http` is possible, for tests.
//! - `native-tls`: HTTPS through the platform's own library, OpenSSL on Linux; `rustls` wins where both are on.
//! - `schemars`: `JsonSchema` for the types of the API.
//! - `axum`: [`webhook::Event`] is an extractor of axum 0.8, which verifies it.

pub mod webhook;

/// The output of `cargo xtask generate`: generated during the build, or the identical checked-in copy.
#[allow(
    missing_docs,
    unreachable_pub,
    unused_mut,
    unused_imports,
    dead_code,
    clippy::all,
    clippy::unwrap_used,
    clippy::allow_attributes,
    clippy::allow_attributes_without_reason,
    reason = "generated code follows the generator's style"
)]
mod generated {
    #[cfg(feature = "codegen")]
    include!(concat!(env!("OUT_DIR"), "/client.rs"));
    #[cfg(not(feature = "codegen"))]
    include!("../generated/client.rs");

    /// What was compiled is what was reviewed.
    #[cfg(all(test, feature = "codegen"))]
    #[test]
    fn the_checked_in_client_is_the_one_that_is_built() {
        let built = include_str!(concat!(env!("OUT_DIR"), "/client.rs"));
        assert!(
            built == include_str!("../generated/client.rs"),
            "run `cargo xtask generate` and review the difference"
        );
    }
}

pub use generated::{Client, conversations, integrations, messages, types};
/// An API key of the Jelou project, sent as `x-api-key`, or a client id and secret. Use what Jelou gave you; exactly one is sent.
///
/// The page names both, each as the only way: the API key in its prose (section `Autenticación`), the client id and secret in
/// its schema section (`Autorizaciones`). The document accepts either (`authentication` in the reconciliation).
///
pub use spec_first_runtime::Credentials;
pub use spec_first_runtime::{
    ApiError, Attempt, Body, Error, HttpRequest, HttpResponse, InvalidPathSegment, NextAttempt,
    OperationError, Reply, ReplyStream, RetryPolicy, Secret, Shape, Timestamp, UntypedRequest,
};
pub use webhook::{InvalidWebhookUrl, WebhookAuth, WebhookUrl};

spec_first_runtime::path_segment! {
    /// The identifier of a Jelou project, checked before a request is made of it.
    ProjectId
}

/// Configures a [`Client`].
pub type ClientBuilder = spec_first_runtime::ClientBuilder<Client>;

/// The README, so that its examples are compiled.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
