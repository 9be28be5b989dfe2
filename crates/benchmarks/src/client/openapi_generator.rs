//! The client that openapi-generator generates. `build.rs` runs it.

use reqwest::header::{ACCEPT, HeaderMap, HeaderValue};

use super::update::{API_KEY, PROJECT_ID, Update, WEBHOOK_TOKEN, WEBHOOK_URL, Way, http};
use crate::Error;
use generated::apis::configuration::{ApiKey, Configuration};
use generated::apis::integrations_api;
use generated::models;

#[expect(
    dead_code,
    unreachable_pub,
    unused_imports,
    clippy::all,
    clippy::allow_attributes,
    clippy::allow_attributes_without_reason,
    clippy::unimplemented,
    reason = "openapi-generator generates a library"
)]
mod generated {
    include!(concat!(env!("OUT_DIR"), "/openapi-generator/src/lib.rs"));
}

/// The generated client, which is a module of functions.
#[derive(Debug)]
pub struct OpenapiGenerator(Configuration);

impl OpenapiGenerator {
    /// Creates a client for the server at `base_url`, with the same timeouts as `JelouClient`.
    ///
    /// # Errors
    /// Returns an error if the client cannot be set up.
    pub fn new(base_url: &str) -> Result<Self, Error> {
        // It leaves the header out, and reqwest would send `*/*`.
        let accept = (ACCEPT, HeaderValue::from_static("application/json"));
        Ok(Self(Configuration {
            base_path: base_url.to_owned(),
            user_agent: None,
            client: http(Way::OpenapiGenerator, HeaderMap::from_iter([accept]))?,
            api_key: Some(ApiKey {
                prefix: None,
                key: API_KEY.to_owned(),
            }),
            ..Configuration::default()
        }))
    }
}

impl Update for OpenapiGenerator {
    type Integration = models::Integration;

    async fn update(&self) -> Result<models::Integration, Error> {
        let update = models::IntegrationUpdate {
            auth_type: Some(models::AuthType::Bearer),
            authorization: Some(WEBHOOK_TOKEN.to_owned()),
            webhook_url: Some(WEBHOOK_URL.to_owned()),
        };
        integrations_api::update_integration(&self.0, PROJECT_ID, update)
            .await
            .map_err(|error| Error::Request {
                way: Way::OpenapiGenerator.name(),
                source: error.into(),
            })
    }
}
