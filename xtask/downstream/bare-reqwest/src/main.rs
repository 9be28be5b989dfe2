//! The update of `../jelou-client`, written by hand.

use std::time::Duration;

use reqwest::redirect;
use serde::{Deserialize, Serialize};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Update<'a> {
    webhook_url: &'a str,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Integration {
    webhook_url: Option<String>,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let base_url = std::env::var("JELOU_BASE_URL")?;
    let http = reqwest::Client::builder()
        .redirect(redirect::Policy::none())
        .connect_timeout(Duration::from_secs(10))
        .timeout(Duration::from_secs(30))
        .no_proxy()
        .build()?;
    let reply = http
        .patch(format!("{base_url}/v1/external-support/PROJECT_ID"))
        .header("x-api-key", "API_KEY")
        .json(&Update {
            webhook_url: "https://my-system.com/webhook/downstream",
        })
        .send()
        .await?
        .error_for_status()?;
    let integration: Integration = serde_json::from_slice(&reply.bytes().await?)?;
    println!(
        "events go to {}",
        integration
            .webhook_url
            .as_deref()
            .unwrap_or("an unknown place")
    );
    Ok(())
}
