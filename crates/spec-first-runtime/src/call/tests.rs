use serde_json::json;

use super::*;
use crate::sample::{Update, client};
use crate::{Credentials, HttpResponse, RetryPolicy};

const ITEM: Parameter = Parameter::path("itemId");
const TOKEN: Parameter = Parameter::query("token").secret();
const PIN: Parameter = Parameter::header("X-Pin").secret();
const FILTER: Parameter = Parameter::query("filter").json();

/// A call with secrets in every place but the body.
fn with_secrets(client: &Client) -> Call {
    let mut call = Call::new::<Update>(client);
    call.text(const { &Parameter::path("itemId").secret() }, "in-the-path");
    call.text(const { &TOKEN }, "in the/query");
    call.parameter(
        const { &PIN },
        [Secret::from("in-the-header"), "too".into()],
    );
    call.parameter(
        const { &FILTER },
        json!({"authorization": ["in-an-object"], "open": "shown"}),
    );
    call
}

#[test]
fn a_request_that_is_shown_hides_its_secret_parameters() {
    let client = client(Credentials::api_key("API_KEY"));
    let shown = with_secrets(&client).prepare().unwrap();
    let url = shown.url();
    assert!(
        url.starts_with("http://127.0.0.1:1/v1/items/[redacted]?token=[redacted]&filter="),
        "{url}"
    );
    assert!(
        url.contains("shown") && !url.contains("in-an-object"),
        "{url}"
    );
    let mut headers = shown.headers();
    assert!(headers.any(|(name, value)| name == "x-pin" && value.is_none()));
    let secrets = shown.secrets();
    let secrets: Vec<_> = secrets.iter().map(Secret::expose).collect();
    assert_eq!(
        secrets,
        [
            "in-the-path",
            "in the/query",
            "in-the-header",
            "too",
            "in-an-object"
        ]
    );
}

/// The message of the error of a server that repeats what it received.
async fn echoed(fill: impl FnOnce(&mut Call)) -> String {
    let echo = |request: &HttpRequest| {
        let body = String::from_utf8_lossy(request.body()).into_owned();
        let headers = request.headers().map(|(name, _)| name.len()).sum::<usize>();
        HttpResponse::new(
            400,
            json!({"message": format!("{} {body} {headers}", request.url())}).to_string(),
        )
    };
    let client: Client = Client::builder(&crate::sample::API, Credentials::api_key("API_KEY"))
        .retry(RetryPolicy::never())
        .answer_with(echo)
        .build()
        .unwrap();
    let mut call = Call::new::<Update>(&client);
    call.text(const { &ITEM }, "ITEM");
    fill(&mut call);
    let error = call.send::<Update>().await.unwrap_err();
    format!("{error} {error:?}")
}

#[tokio::test]
async fn no_error_shows_a_secret_that_was_sent() {
    let form =
        echoed(|call| call.form(&json!({"user": "ada", "authorization": "hunter2 x"}), &[])).await;
    assert!(
        form.contains("user=ada") && !form.contains("hunter2"),
        "{form}"
    );
    let part = |value| Part::value(&value).unwrap().unwrap();
    let parts = [
        ("authorization", part(json!("hunter2"))),
        (
            "nested",
            part(json!({"authorization": ["hunter3"], "note": "seen"})),
        ),
    ];
    let multipart = echoed(|call| call.multipart("multipart/form-data", &parts)).await;
    assert!(multipart.contains("seen"), "{multipart}");
    assert!(!multipart.contains("hunter"), "{multipart}");
    let query = echoed(|call| call.text(const { &TOKEN }, "hunter2")).await;
    assert!(
        query.contains("token=") && !query.contains("hunter2"),
        "{query}"
    );
}
