//! Errors: each documented one, with and without a body, and undocumented ones.

use std::fmt::Write;

use insta::assert_snapshot;
use jelou_client::{Client, Credentials, Error};
use test_support::server::closed_port;

use crate::contract;
use crate::server::{API_KEY, Server, answer, client_of, json, move_webhook};

async fn update(response: &str) -> (Error, Server) {
    let server = Server::answering(response).await;
    let client = server.client();
    let result = move_webhook(&client).await;
    (result.unwrap_err(), server)
}

/// The response as received, and the error made from it.
async fn exchange(response: &str) -> String {
    let (error, _) = update(response).await;
    let (_, body) = response.split_once("\r\n\r\n").unwrap();
    let kept = error.response().unwrap();
    assert_eq!(kept.body(), body.as_bytes(), "the body is kept whole");
    assert_eq!(
        kept.header("Content-Length"),
        Some(body.len().to_string().as_bytes()),
        "headers are kept"
    );

    let mut text = format!("{}\n\n", response.replace("\r\n", "\n").trim_end());
    writeln!(text, "error: {error}").unwrap();
    writeln!(text, "status: {}", error.status().unwrap()).unwrap();
    if let Error::Api(api) = &error {
        writeln!(text, "message: {}", api.message().unwrap_or("(nothing)")).unwrap();
        writeln!(text, "code: {}", api.code().unwrap_or("(nothing)")).unwrap();
        writeln!(text, "key: {}", api.key().unwrap_or("(nothing)")).unwrap();
        writeln!(
            text,
            "request id: {}",
            api.request_id().unwrap_or("(nothing)")
        )
        .unwrap();
    }
    writeln!(
        text,
        "may have been applied: {}",
        error.may_have_been_applied()
    )
    .unwrap();
    writeln!(text, "retryable: {}", error.is_retryable()).unwrap();
    writeln!(text, "hint: {}", error.hint()).unwrap();
    text
}

#[tokio::test]
async fn each_documented_error_is_kept_whole() {
    let document = contract::document();
    for (status, component) in [
        ("400 Bad Request", "BadRequest"),
        ("401 Unauthorized", "Unauthorized"),
        ("404 Not Found", "NotFound"),
        ("500 Internal Server Error", "InternalServerError"),
    ] {
        let example =
            format!("/components/responses/{component}/content/application~1json/example");
        let example = spec_first_document::Pointer::parse(&example).unwrap();
        let body = document.node(&example).unwrap().to_json().to_string();
        assert_snapshot!(
            format!("{component}_with_a_body"),
            exchange(&json(status, &body)).await
        );
        assert_snapshot!(
            format!("{component}_without_a_body"),
            exchange(&answer(status, "", "")).await
        );
    }
}

#[tokio::test]
async fn an_error_in_any_form_is_kept_whole() {
    let html = "<html><body>502 Bad Gateway</body></html>";
    assert_snapshot!(
        "html_of_a_proxy",
        exchange(&answer(
            "502 Bad Gateway",
            "content-type: text/html\r\nX-Request-Id: REQUEST_ID\r\n",
            html
        ))
        .await
    );
    let every_part = r#"{"message":["a","b"],"statusMessage":"failed","status":0,"error":{"code":"E0404","key":"NOT_FOUND","description":"c","developerMessages":{"en":"d"},"clientMessages":{"en":"e"}},"validationError":null}"#;
    assert_snapshot!(
        "every_part",
        exchange(&json("404 Not Found", every_part)).await
    );
    assert_snapshot!(
        "other_types",
        exchange(&json(
            "400 Bad Request",
            r#"{"message":{"a":1},"error":["b"]}"#
        ))
        .await
    );
}

#[tokio::test]
async fn a_status_that_nobody_documented_is_an_error() {
    for status in [
        "304 Not Modified",
        "403 Forbidden",
        "429 Too Many Requests",
        "503 Service Unavailable",
    ] {
        let (error, _) = update(&answer(status, "retry-after: 7\r\n", "")).await;
        assert!(matches!(error, Error::Api(_)), "{error:?}");
        assert_eq!(error.status().unwrap().to_string(), status[..3]);
        assert_eq!(
            error.response().unwrap().header("Retry-After"),
            Some(&b"7"[..])
        );
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let elsewhere = Server::answering(json("200 OK", "{}")).await;
    for status in [
        "301 Moved Permanently",
        "302 Found",
        "307 Temporary Redirect",
        "308 Permanent Redirect",
    ] {
        let location = format!("location: {}/elsewhere\r\n", elsewhere.base_url());
        let (error, server) = update(&answer(status, &location, "")).await;
        assert_eq!(error.status().unwrap().to_string(), status[..3]);
        assert_eq!(server.requests().len(), 1);
    }
    assert!(
        elsewhere.requests().is_empty(),
        "a credential left its origin"
    );
}

#[tokio::test]
async fn a_server_that_is_not_there_was_sent_nothing() {
    let base_url = closed_port();
    let client = client_of(base_url, Credentials::api_key("API_KEY"));
    let error = move_webhook(&client).await.unwrap_err();
    assert!(matches!(error, Error::NotSent { .. }), "{error:?}");
    assert!(!error.may_have_been_applied());
}

#[tokio::test]
async fn an_answer_that_ends_early_may_have_been_applied() {
    let answer = "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{".to_owned();
    let server = Server::in_turn(vec![answer]);
    let error = move_webhook(&server.client()).await.unwrap_err();
    assert!(matches!(error, Error::NoAnswer { .. }), "{error:?}");
    assert_eq!(
        error.to_string(),
        "the answer, of status 200, broke off, so the request may have been applied"
    );
    assert_eq!(error.status(), Some(200));
    assert!(error.may_have_been_applied());
}

#[tokio::test]
async fn as_much_of_an_answer_is_read_as_the_client_allows() {
    let body = format!("{{\"brainId\": \"B\"{}}}", " ".repeat(2 * 1024 * 1024));
    let server = Server::answering(json("200 OK", &body)).await;
    let limited = |bytes| {
        let builder = Client::builder(Credentials::api_key(API_KEY)).base_url(server.base_url());
        builder.response_limit(bytes).build().unwrap()
    };
    move_webhook(&limited(3 * 1024 * 1024)).await.unwrap();
    let error = move_webhook(&limited(100)).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "the answer, of status 200, is longer than 100 bytes"
    );
}

#[tokio::test]
async fn an_answer_without_end_is_not_read_to_its_end() {
    let (error, _) = update(&json("200 OK", &" ".repeat(2 * 1024 * 1024))).await;
    assert_eq!(
        error.to_string(),
        "the answer, of status 200, is longer than 1048576 bytes"
    );
    assert!(error.may_have_been_applied());
}
