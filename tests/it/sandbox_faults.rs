//! The faults of the sandbox, as the client sees them: the error for each, and whether it is right.

use std::fmt::Write;
use std::time::Duration;

use jelou_client::{Client, Credentials, RetryPolicy};
use jelou_sandbox::{Options, ReplyShape, Sandbox};

const MOVED: &str = "https://my-system.com/webhook/moved";

/// Every kind of fault; those that strike before and after the request is performed, both ways.
const FAULTS: [&str; 26] = [
    "latency=1ms",
    "status=503",
    "status=503 performed=yes",
    "status=503 retry-after=0",
    "status=429 retry-after=date:2",
    "html",
    "html=503 performed=yes",
    "redirect=https://other.example/",
    "reset=before performed=no",
    "reset=before",
    "reset=middle",
    "close=before",
    "close=middle",
    "stall=before",
    "stall=middle",
    "truncated",
    "truncated=chunked",
    "oversize=2",
    "content-type=text/plain",
    "empty",
    "not-json",
    "invalid-utf8",
    "compressed",
    "mixed",
    "unknown-enum",
    "null=data",
];

#[tokio::test]
async fn every_fault_of_the_sandbox_has_its_verdict() {
    let mut verdicts = String::new();
    for fault in FAULTS {
        let options = Options::default()
            .integration("PROJECT_ID")
            .reply_shape(if fault == "null=data" {
                ReplyShape::Enveloped
            } else {
                ReplyShape::Flat
            })
            .fault(fault.parse().unwrap());
        let sandbox = Sandbox::start(options).await.unwrap();
        // Only responses that never come have to wait this long.
        let client = Client::builder(Credentials::api_key("API_KEY"))
            .base_url(sandbox.base_url())
            .retry(RetryPolicy::never())
            .request_timeout(if fault.starts_with("stall") {
                Duration::from_millis(200)
            } else {
                Duration::from_secs(20)
            })
            .build()
            .unwrap();
        let outcome = client
            .integrations()
            .update("PROJECT_ID")
            .webhook_url(MOVED)
            .send()
            .await;

        let integration = sandbox.integration("PROJECT_ID").await.unwrap().unwrap();
        let is_applied = integration.webhook_url() == MOVED;
        let said = match &outcome {
            Ok(reply) => format!(
                "reply {:?}, {:?}",
                reply.shape(),
                reply.auth_type.as_ref().map(ToString::to_string)
            ),
            Err(error) => {
                assert!(
                    error.may_have_been_applied() || !is_applied,
                    "{fault}: applied, and the client says that it was not: {error}"
                );
                let again = if error.is_retryable() {
                    "retryable"
                } else {
                    "final"
                };
                format!("{again}: {error}")
            }
        };
        let applied = if is_applied { "applied" } else { "not applied" };
        writeln!(verdicts, "{fault}\n  {applied}; {said}").unwrap();

        let received = sandbox.received();
        assert_eq!(received.len(), 1, "{fault}");
        let recorded = received[0].fault.as_deref().unwrap();
        assert_eq!(recorded.ends_with("(performed)"), is_applied, "{recorded}");
        assert_eq!(sandbox.nonconforming_responses(), 0, "{fault}");
    }
    insta::assert_snapshot!(verdicts);
}

#[tokio::test]
async fn a_client_that_tries_again_gets_through() {
    let scenario = "version: 1\nrules:\n  - fault: status=503 retry-after=0\n    times: 2\n";
    let scenario = jelou_sandbox::Scenario::parse("scenario.yaml", scenario).unwrap();
    let options = Options::default()
        .integration("PROJECT_ID")
        .scenario(scenario);
    let sandbox = Sandbox::start(options).await.unwrap();
    let client = Client::builder(Credentials::api_key("API_KEY"))
        .base_url(sandbox.base_url())
        .build()
        .unwrap();
    let reply = client
        .integrations()
        .update("PROJECT_ID")
        .webhook_url(MOVED)
        .send()
        .await
        .unwrap();
    assert_eq!(reply.webhook_url.as_deref(), Some(MOVED));
    let statuses: Vec<_> = sandbox
        .received()
        .iter()
        .map(|request| request.status)
        .collect();
    assert_eq!(statuses, [503, 503, 200]);
}
