//! The generated client, with the same credentials, retries and limits.
//!
//! Use it for an operation that has no typed call yet, or if every detail of the response matters. Its types and errors are
//! progenitor's. The errors print headers, bodies and URLs, which may echo secrets, so match on them and do not format them. This
//! module follows the generator and may change in any release of this crate.
//!
//! ```no_run
//! use jelou_client::types::IntegrationUpdate;
//! use jelou_client::{Client, Credentials};
//!
//! # async fn update() -> Result<(), Box<dyn std::error::Error>> {
//! let client = Client::builder(Credentials::api_key("API_KEY")).build()?;
//! let update = IntegrationUpdate::builder().webhook_url("https://my-system.com/webhook/jelou-v2".parse::<jelou_client::WebhookUrl>()?);
//! let response = client.raw().update_integration().project_id("PROJECT_ID").body(update).send().await;
//! match response {
//!     Ok(response) => println!("{}", response.status()),
//!     Err(error) => println!("status {:?}", error.status()),
//! }
//! # Ok(())
//! # }
//! ```

pub use crate::generated::{ByteStream, Client, ClientInfo, Error, ResponseValue, builder};
