//! Tells errors apart, against a sandbox that fails: `cargo run -p jelou-client --example errors`.

use std::time::SystemTime;

use jelou_client::{Client, Credentials, Error, RetryPolicy};
use jelou_sandbox::{Options, Sandbox};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let sandbox =
        Sandbox::start(Options::default().integration("PROJECT_ID").fail_with(500)).await?;
    let client = Client::builder(Credentials::client("CLIENT_ID", "CLIENT_SECRET"))
        .base_url(sandbox.base_url())
        .retry(RetryPolicy::default().max_attempts(2))
        .build()?;

    let update = client
        .integrations()
        .update("PROJECT_ID")
        .webhook_url("https://my-system.com/webhook/jelou-v2");
    let Err(error) = update.send().await else {
        return Err("the sandbox was told to fail".into());
    };

    println!("error: {error}");
    println!("hint: {}", error.hint());
    println!("may have been applied: {}", error.may_have_been_applied());
    println!("worth another try: {}", error.is_retryable());
    if let Error::Api(api) = &error {
        println!("the API's message: {:?}", api.message());
        println!("the API's request id: {:?}", api.request_id());
        println!(
            "wait for: {:?}",
            api.response().retry_after(SystemTime::now())
        );
    }
    Ok(())
}
