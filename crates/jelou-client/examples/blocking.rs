//! Calls the client from a program that is not async: `cargo run -p jelou-client --example blocking`.

use jelou_client::{Client, Credentials};
use jelou_sandbox::{Options, Sandbox};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;

    let sandbox = runtime.block_on(Sandbox::start(Options::default().integration("PROJECT_ID")))?;
    let client = Client::builder(Credentials::api_key("API_KEY"))
        .base_url(sandbox.base_url())
        .build()?;

    let update = client
        .integrations()
        .update("PROJECT_ID")
        .webhook_url("https://my-system.com/webhook/jelou-v2");
    let integration = runtime.block_on(update.send())?;
    println!("events go to {:?}", integration.webhook_url);
    Ok(())
}
