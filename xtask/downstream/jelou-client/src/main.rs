//! One update, as the documentation of `jelou-client` shows it, in a program that also uses reqwest.

use jelou_client::{Client, Credentials};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    // Panics if `jelou-client` turns on a feature of reqwest that needs more than this.
    drop(reqwest::Client::new());

    let client = Client::builder(Credentials::api_key("API_KEY"))
        .base_url(std::env::var("JELOU_BASE_URL")?)
        .build()?;
    let integration = client
        .integrations()
        .update("PROJECT_ID")
        .webhook_url("https://my-system.com/webhook/downstream")
        .send()
        .await?;
    println!(
        "events go to {}",
        integration
            .webhook_url
            .as_deref()
            .unwrap_or("an unknown place")
    );
    Ok(())
}
