//! The sandbox forwards requests over HTTPS to a server that the platform trusts.

use std::process::Command;

use jelou_client::Credentials;
use jelou_sandbox::{Options, Sandbox};

use crate::faults::self_signed;
use crate::fixtures::FLAT;
use crate::server::{API_KEY, answering_over_tls, client_of, json, move_webhook};

/// The variable that tells the child process the URL of the real server.
const UPSTREAM: &str = "TEST_UPSTREAM";

/// The traffic of a sandbox that forwarded a request, in a process that trusts only the certificates in this file.
fn traffic(upstream: &str, trusted: &str) -> String {
    let mut command = Command::new(std::env::current_exe().unwrap());
    let name = "sandbox_proxy::in_a_process_that_reports";
    command.args(["--exact", name, "--ignored", "--nocapture"]);
    command.env(UPSTREAM, upstream);
    let output = command.env("SSL_CERT_FILE", trusted).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_is_passed_on_by_https_if_the_certificate_is_trusted() {
    let (upstream, pem) = answering_over_tls(json("200 OK", FLAT)).await;
    let trusted = concat!(env!("CARGO_TARGET_TMPDIR"), "/trusted-upstream.pem");
    std::fs::write(trusted, pem).unwrap();
    let seen = traffic(&upstream, trusted);
    assert!(seen.contains("`update_integration`: 1 × 200\n"), "{seen}");

    std::fs::write(trusted, self_signed().0).unwrap();
    let seen = traffic(&upstream, trusted);
    assert!(seen.contains("`update_integration`: 1 × 502\n"), "{seen}");
    assert!(
        seen.contains("did not answer: invalid peer certificate"),
        "{seen}"
    );
}

#[tokio::test]
#[ignore = "a part of another test, which runs it in a process of its own"]
async fn in_a_process_that_reports() {
    let upstream = std::env::var(UPSTREAM).unwrap().parse().unwrap();
    let sandbox = Sandbox::start(Options::default().proxy(upstream));
    let sandbox = sandbox.await.unwrap();
    let client = client_of(sandbox.base_url(), Credentials::api_key(API_KEY));
    _ = move_webhook(&client).await;
    print!("{}", sandbox.traffic());
}
