//! Requests without a runtime that can carry them are refused.

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use jelou_client::types::AuthType;
use jelou_client::{Client, Credentials, Error};
use tokio::runtime::Builder;

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

/// Sends a typed and an untyped request, which must be refused.
async fn send_both(client: Client) -> [Error; 2] {
    let update = client.integrations().update("PROJECT_ID");
    let update = update.auth_type(AuthType::NoAuth).send().await;
    let untyped = client.request("GET", "/").send().await;
    [update.unwrap_err(), untyped.unwrap_err()]
}

#[track_caller]
fn assert_names(errors: [Error; 2], missing: &str) {
    for error in errors {
        assert!(matches!(error, Error::Setup { .. }), "{error:?}");
        assert!(!error.may_have_been_applied() && !error.is_retryable());
        assert_eq!(error.to_string(), "the HTTP client cannot be used");
        let cause = std::error::Error::source(&error).unwrap().to_string();
        assert!(cause.contains(missing), "{cause}");
        assert_eq!(
            error.hint(),
            "send requests inside a Tokio runtime built with `enable_all`"
        );
    }
}

#[test]
fn sending_outside_of_tokio_is_an_error() {
    let errors = poll_outside_of_tokio(send_both(client()));
    assert_names(errors, "Tokio");
}

#[test]
fn what_a_runtime_lacks_is_named() {
    let with_io = Builder::new_current_thread().enable_io().build();
    let with_time = Builder::new_current_thread().enable_time().build();
    for (runtime, missing) in [(with_io, "enable_time"), (with_time, "enable_io")] {
        let runtime = runtime.unwrap();
        let errors = runtime.block_on(send_both(client()));
        assert_names(errors, missing);
    }
}

#[test]
fn a_request_can_be_prepared_without_a_runtime() {
    let update = client().integrations().update("PROJECT_ID");
    update.auth_type(AuthType::NoAuth).prepare().unwrap();
}
