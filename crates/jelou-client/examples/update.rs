//! Moves a webhook, against the sandbox: `cargo run -p jelou-client --example update`.
//!
//! For the real API, leave out the sandbox and the base URL, and take the key from the environment.

use jelou_client::{Client, Credentials};
use jelou_sandbox::{Options, Sandbox};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let sandbox = Sandbox::start(Options::default().integration("PROJECT_ID")).await?;
    let client = Client::builder(Credentials::api_key("API_KEY"))
        .base_url(sandbox.base_url())
        .build()?;

    let integration = client
        .integrations()
        .update("PROJECT_ID")
        .webhook_url("https://my-system.com/webhook/jelou-v2")
        .send()
        .await?;

    println!(
        "events go to {}",
        integration
            .webhook_url
            .as_deref()
            .unwrap_or("an unknown place")
    );
    println!("the reply was {}", integration.raw_json());
    Ok(())
}
