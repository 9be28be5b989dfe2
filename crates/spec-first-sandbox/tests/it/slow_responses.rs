//! Responses that are slow on purpose.

use std::time::Duration;

use spec_first_sandbox::Options;

use crate::http::{send, start_with};

#[tokio::test]
async fn a_response_may_take_longer_than_the_request_timeout() {
    let document = "openapi: 3.0.3
info: {title: Root, version: '1'}
paths:
  /: {get: {responses: {'204': {description: Done}}}}
";
    let options = Options::new("root.yaml", document);
    let sandbox = start_with(options.receive_timeout(Duration::from_millis(100))).await;
    let slow = [("X-Sandbox-Fault", "latency=300ms")];
    assert_eq!(send(&sandbox, "GET", "/", &slow, "").await.status, 204);
}
