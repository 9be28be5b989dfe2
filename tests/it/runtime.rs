//! What becomes of a request where no runtime can carry it.

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use jelou_client::types::AuthType;
use jelou_client::{Client, Credentials, Error};

/// Polls once, as an executor that is not Tokio would.
fn poll_outside_of_tokio<F: Future>(future: F) -> F::Output {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("it waits for a runtime that is not there"),
    }
}

fn client() -> Client {
    let builder = Client::builder(Credentials::api_key("API_KEY"));
    builder.base_url("http://127.0.0.1:1").build().unwrap()
}

async fn send_both(client: Client) -> [Result<(), Error>; 2] {
    let update = client.integrations().update("PROJECT_ID");
    let update = update.auth_type(AuthType::NoAuth).send().await.map(drop);
    let untyped = client.request("GET", "/").send().await.map(drop);
    [update, untyped]
}

#[track_caller]
fn assert_names(results: [Result<(), Error>; 2], missing: &str) {
    for result in results {
        let error = result.unwrap_err();
        assert!(matches!(error, Error::Setup { .. }), "{error:?}");
        assert!(!error.may_have_been_applied() && !error.is_retryable());
        let cause = std::error::Error::source(&error).unwrap().to_string();
        assert!(cause.contains(missing), "{cause}");
        assert!(error.hint().contains("the cause"), "{}", error.hint());
    }
}

#[test]
fn outside_of_tokio_nothing_is_sent() {
    assert_names(poll_outside_of_tokio(send_both(client())), "Tokio");
}

#[test]
fn a_runtime_without_timers_is_named() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_io()
        .build()
        .unwrap();
    assert_names(runtime.block_on(send_both(client())), "enable_time");
}

#[test]
fn a_runtime_without_input_and_output_is_named() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .unwrap();
    assert_names(runtime.block_on(send_both(client())), "enable_io");
}

#[test]
fn a_request_can_be_prepared_without_a_runtime() {
    let update = client().integrations().update("PROJECT_ID");
    let update = update.auth_type(AuthType::NoAuth).prepare();
    poll_outside_of_tokio(update).unwrap();
}
