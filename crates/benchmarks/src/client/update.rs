//! The measured update and the clients that send it.

use std::time::Duration;

use clap::ValueEnum;
use jelou_client::{Client, Credentials, Reply, WebhookAuth, types};
use reqwest::header::{ACCEPT, HeaderMap, HeaderName, HeaderValue};
use reqwest::redirect;
use serde::{Deserialize, Serialize};

use crate::Error;

pub(super) const API_KEY: &str = "API_KEY";
pub(super) const PROJECT_ID: &str = "PROJECT_ID";
pub(super) const WEBHOOK_URL: &str = "https://my-system.com/webhook/jelou-v2";
pub(super) const WEBHOOK_TOKEN: &str = "WEBHOOK_AUTHORIZATION";

/// How the update is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Way {
    /// With the client of this repository and its default settings.
    JelouClient,
    /// With hand-written code.
    BareReqwest,
    /// With the client that progenitor generates from the same operation.
    Progenitor,
    /// With the client that openapi-generator generates from the same operation.
    #[cfg(feature = "openapi-generator")]
    OpenapiGenerator,
}

/// Sends the update.
pub trait Update: Send + Sync + 'static {
    /// The type of the decoded response.
    type Integration: Serialize;

    /// Sends the update and returns the integration in the response.
    ///
    /// # Errors
    /// Returns an error if there is no response or it is not the expected one.
    fn update(&self) -> impl Future<Output = Result<Self::Integration, Error>> + Send;
}

/// The client of this repository.
#[derive(Debug)]
pub struct JelouClient(Client);

/// Hand-written code: no retries, no checks, one response shape.
#[derive(Debug)]
pub struct BareReqwest {
    base_url: String,
    http: reqwest::Client,
}

/// The client that progenitor generates, in its more comfortable style.
#[derive(Debug)]
pub struct Progenitor(generated::Client);

#[expect(
    clippy::unwrap_used,
    unreachable_pub,
    unused_imports,
    reason = "progenitor generates a library"
)]
mod generated {
    include!(concat!(env!("OUT_DIR"), "/progenitor.rs"));
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct IntegrationUpdate<'a> {
    auth_type: &'a str,
    authorization: &'a str,
    webhook_url: &'a str,
}

/// The fields of an integration, all as strings.
#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Integration {
    id: Option<String>,
    brain_id: Option<String>,
    webhook_url: Option<String>,
    auth_type: Option<String>,
    created_at: Option<String>,
    updated_at: Option<String>,
}

impl Way {
    /// The name on the command line and in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::JelouClient => "jelou-client",
            Self::BareReqwest => "bare-reqwest",
            Self::Progenitor => "progenitor",
            #[cfg(feature = "openapi-generator")]
            Self::OpenapiGenerator => "openapi-generator",
        }
    }
}

impl JelouClient {
    /// Creates a client for the server at `base_url`.
    ///
    /// # Errors
    /// Returns an error if the client cannot be set up.
    pub fn new(base_url: &str) -> Result<Self, Error> {
        Client::builder(Credentials::api_key(API_KEY))
            .base_url(base_url)
            .build()
            .map(Self)
            .map_err(|error| Error::Setup {
                part: Way::JelouClient.name(),
                source: error.into(),
            })
    }
}

impl Update for JelouClient {
    type Integration = types::Integration;

    async fn update(&self) -> Result<types::Integration, Error> {
        let update = self.0.integrations().update(PROJECT_ID);
        let reply = update
            .webhook_url(WEBHOOK_URL)
            .webhook_auth(WebhookAuth::bearer(WEBHOOK_TOKEN))
            .send()
            .await;
        reply
            .map(Reply::into_value)
            .map_err(|error| Error::Request {
                way: Way::JelouClient.name(),
                source: error.into(),
            })
    }
}

impl BareReqwest {
    /// Creates a client for the server at `base_url`, with the same timeouts as [`JelouClient`].
    ///
    /// # Errors
    /// Returns an error if the client cannot be set up.
    pub fn new(base_url: &str) -> Result<Self, Error> {
        Ok(Self {
            base_url: base_url.to_owned(),
            http: http(Way::BareReqwest, HeaderMap::new())?,
        })
    }

    async fn send(&self) -> reqwest::Result<Integration> {
        self.http
            .patch(format!(
                "{}/v1/external-support/{PROJECT_ID}",
                self.base_url
            ))
            .header("x-api-key", api_key())
            .header(ACCEPT, HeaderValue::from_static("application/json"))
            .json(&IntegrationUpdate {
                auth_type: "bearer",
                authorization: WEBHOOK_TOKEN,
                webhook_url: WEBHOOK_URL,
            })
            .send()
            .await?
            .error_for_status()?
            .json()
            .await
    }
}

impl Update for BareReqwest {
    type Integration = Integration;

    async fn update(&self) -> Result<Integration, Error> {
        self.send().await.map_err(|error| Error::Request {
            way: Way::BareReqwest.name(),
            source: error.into(),
        })
    }
}

impl Progenitor {
    /// Creates a client for the server at `base_url`, with the same timeouts as [`JelouClient`].
    ///
    /// # Errors
    /// Returns an error if the client cannot be set up.
    pub fn new(base_url: &str) -> Result<Self, Error> {
        let key = (HeaderName::from_static("x-api-key"), api_key());
        let http = http(Way::Progenitor, HeaderMap::from_iter([key]))?;
        Ok(Self(generated::Client::new_with_client(base_url, http)))
    }
}

impl Update for Progenitor {
    type Integration = generated::types::Integration;

    async fn update(&self) -> Result<Self::Integration, Error> {
        let update = self.0.update_integration().project_id(PROJECT_ID);
        let update = update.body_map(|body| {
            body.auth_type(generated::types::AuthType::Bearer)
                .authorization(WEBHOOK_TOKEN.to_owned())
                .webhook_url(WEBHOOK_URL.to_owned())
        });
        let reply = update.send().await;
        reply
            .map(progenitor_client::ResponseValue::into_inner)
            .map_err(|error| Error::Request {
                way: Way::Progenitor.name(),
                source: error.into(),
            })
    }
}

fn api_key() -> HeaderValue {
    let mut api_key = HeaderValue::from_static(API_KEY);
    api_key.set_sensitive(true);
    api_key
}

/// What the other clients send with, as `jelou-client` configures its own.
pub(super) fn http(way: Way, headers: HeaderMap) -> Result<reqwest::Client, Error> {
    reqwest::Client::builder()
        // As long as that of `jelou-client`, so that the requests have the same size.
        .user_agent(concat!("bare-reqwest/", env!("CARGO_PKG_VERSION")))
        .default_headers(headers)
        .redirect(redirect::Policy::none())
        .connect_timeout(Duration::from_secs(10))
        .timeout(Duration::from_secs(30))
        .no_proxy()
        // As `jelou-client` does for plain HTTP, because loading certificates takes time.
        .tls_certs_only([])
        .build()
        .map_err(|error| Error::Setup {
            part: way.name(),
            source: error.into(),
        })
}
