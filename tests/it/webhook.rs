//! Where events go and how Jelou authenticates there, as a server sees it.

use insta::assert_snapshot;
use jelou_client::integrations::Update;
use jelou_client::types::AuthType;
use jelou_client::{Client, Error, InvalidWebhookUrl, WebhookAuth, WebhookUrl};
use spec_first_document::Direction;

use crate::contract::validator;
use crate::fixtures::FLAT;
use crate::server::{Server, json};

const URL: &str = "https://my-system.com/webhook/jelou-v2";

/// The request that `update` of a client sends.
async fn request(update: impl FnOnce(&Client) -> Update) -> String {
    let server = Server::answering(json("200 OK", FLAT)).await;
    update(&server.client()).send().await.unwrap();
    server.request()
}

/// The body of the request that `update` of a client sends.
async fn body(update: impl FnOnce(&Client) -> Update) -> String {
    request(update)
        .await
        .split_once("\n\n")
        .unwrap()
        .1
        .to_owned()
}

#[tokio::test]
async fn each_webhook_auth_sets_both_fields() {
    for (name, auth) in [
        ("bearer", WebhookAuth::bearer("WEBHOOK_TOKEN")),
        ("api_key", WebhookAuth::api_key("WEBHOOK_API_KEY")),
        ("basic", WebhookAuth::basic("WEBHOOK_AUTHORIZATION")),
        ("none", WebhookAuth::None),
    ] {
        let request = request(|client| {
            let update = client.integrations().update("PROJECT_ID");
            update.webhook_auth(auth)
        });
        assert_snapshot!(format!("webhook_auth_{name}"), request.await);
    }
}

#[tokio::test]
async fn the_authorization_is_sent_exactly_as_given() {
    for text in ["Bearer TOKEN", " token ", "dXNlcjpwYXNz", "", "\"ñ\n"] {
        for auth in [
            WebhookAuth::bearer(text),
            WebhookAuth::api_key(text),
            WebhookAuth::basic(text),
        ] {
            let body = body(|client| {
                let update = client.integrations().update("PROJECT_ID");
                update.webhook_auth(auth)
            });
            let body: serde_json::Value = serde_json::from_str(&body.await).unwrap();
            assert_eq!(body["authorization"], text);
        }
    }
}

#[tokio::test]
async fn the_last_call_wins_field_by_field() {
    let calls: [fn(Update) -> Update; 8] = [
        |update| {
            update
                .authorization("OLD")
                .webhook_auth(WebhookAuth::bearer("NEW"))
        },
        |update| {
            update
                .auth_type(AuthType::Basic)
                .webhook_auth(WebhookAuth::bearer("NEW"))
        },
        |update| {
            update
                .webhook_auth(WebhookAuth::bearer("OLD"))
                .authorization("NEW")
        },
        |update| {
            update
                .webhook_auth(WebhookAuth::bearer("TOKEN"))
                .auth_type(AuthType::Basic)
        },
        |update| {
            update
                .webhook_auth(WebhookAuth::bearer("OLD"))
                .webhook_auth(WebhookAuth::basic("NEW"))
        },
        |update| {
            update
                .webhook_auth(WebhookAuth::bearer("OLD"))
                .webhook_auth(WebhookAuth::None)
        },
        |update| update.authorization("OLD").webhook_auth(WebhookAuth::None),
        |update| update.webhook_auth(WebhookAuth::None).authorization("NEW"),
    ];
    let mut bodies = String::new();
    for call in calls {
        let body = body(|client| {
            let update = client.integrations().update("PROJECT_ID");
            call(update.webhook_url(URL))
        });
        bodies += &body
            .await
            .replace(&format!(",\"webhookUrl\":\"{URL}\""), "");
        bodies += "\n";
    }
    assert_snapshot!(bodies, @r#"
    {"authType":"bearer","authorization":"NEW"}
    {"authType":"bearer","authorization":"NEW"}
    {"authType":"bearer","authorization":"NEW"}
    {"authType":"basic","authorization":"TOKEN"}
    {"authType":"basic","authorization":"NEW"}
    {"authType":"no_auth"}
    {"authType":"no_auth"}
    {"authType":"no_auth","authorization":"NEW"}
    "#);
}

#[tokio::test]
async fn text_and_a_checked_url_are_sent_alike() {
    let text = body(|client| client.integrations().update("PROJECT_ID").webhook_url(URL));
    let text = text.await;
    assert_eq!(text, format!("{{\"webhookUrl\":\"{URL}\"}}"));
    let string = URL.to_owned();
    let checked = WebhookUrl::try_from(URL).unwrap();
    for body in [
        body(|client| {
            client
                .integrations()
                .update("PROJECT_ID")
                .webhook_url(&string)
        })
        .await,
        body(|client| {
            client
                .integrations()
                .update("PROJECT_ID")
                .webhook_url(string.clone())
        })
        .await,
        body(|client| {
            client
                .integrations()
                .update("PROJECT_ID")
                .webhook_url(checked)
        })
        .await,
    ] {
        assert_eq!(body, text);
    }
}

#[tokio::test]
async fn a_url_for_development_is_sent_but_breaks_the_document() {
    let url = WebhookUrl::for_development("http://localhost:8080/webhook").unwrap();
    let server = Server::answering(json("200 OK", FLAT)).await;
    let client = server.client();
    client
        .integrations()
        .update("PROJECT_ID")
        .webhook_url(url)
        .send()
        .await
        .unwrap();
    // Not `request`, which validates against the document.
    let request = &server.requests()[0];
    let (_, body) = request.split_once("\n\n").unwrap();
    assert_eq!(body, r#"{"webhookUrl":"http://localhost:8080/webhook"}"#);
    let validator = validator("IntegrationUpdate", Direction::Request);
    assert!(!validator.is_valid(&serde_json::from_str(body).unwrap()));
}

#[tokio::test]
async fn a_url_that_breaks_a_rule_is_not_sent_and_its_credentials_are_not_shown() {
    let mut errors = String::new();
    for url in [
        "canary",
        "https://example.com/ canary",
        "https://example.com\\canary",
        "https://user:canary@example.com",
        "https://user:canary@127.0.0.1",
        "http://example.com/canary",
        "https:///canary",
        "https://127.1/canary",
        "https://[::ffff:10.0.0.1]/canary",
        "https://134744072/canary",
        "https://canary.local",
        "https://canary",
        "https://canary..com",
    ] {
        let server = Server::answering(json("200 OK", FLAT)).await;
        let client = server.client();
        let update = client.integrations().update("PROJECT_ID").webhook_url(url);
        let error = update.send().await.unwrap_err();
        assert!(matches!(
            error,
            Error::InvalidInput {
                field: "webhookUrl",
                ..
            }
        ));
        assert!(!error.may_have_been_applied());
        assert!(server.requests().is_empty());
        assert!(!format!("{error} {error:?}").contains("canary"), "{error}");
        errors += &format!("{error}\n");
    }
    assert_snapshot!(errors, @r"
    the webhookUrl cannot be used: it does not begin with `https://`
    the webhookUrl cannot be used: it contains white space or control characters
    the webhookUrl cannot be used: it contains a backslash, which URL parsers interpret differently
    the webhookUrl cannot be used: it contains credentials; give them as `authorization`
    the webhookUrl cannot be used: it contains credentials; give them as `authorization`
    the webhookUrl cannot be used: it does not begin with `https://`
    the webhookUrl cannot be used: it has no host
    the webhookUrl cannot be used: its host is `127.0.0.1`, which is not a public address (loopback)
    the webhookUrl cannot be used: its host is `10.0.0.1`, which is not a public address (private use)
    the webhookUrl cannot be used: its host is `8.8.8.8`, written in a way that URL parsers interpret differently; write `8.8.8.8`
    the webhookUrl cannot be used: its host name is not public: `.local` is reserved for multicast DNS
    the webhookUrl cannot be used: its host name is not public: it has no dot
    the webhookUrl cannot be used: its host is not a valid DNS name
    ");
    let error = WebhookUrl::for_development("ftp://example.com").unwrap_err();
    assert_eq!(error, InvalidWebhookUrl::NotHttp);
    assert_snapshot!(error, @"it begins neither with `https://` nor with `http://`");
}

/// The cases that the client accepts, validated against the document.
#[test]
fn what_the_client_accepts_the_document_accepts() {
    let cases = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../crates/jelou-client/tests/cases/webhook-url/accepted.txt");
    let validator =
        crate::contract::validator("IntegrationUpdate", spec_first_document::Direction::Request);
    let cases = std::fs::read_to_string(cases).unwrap();
    let urls: Vec<String> = cases
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok())
        .collect();
    assert!(urls.len() > 50);
    for url in urls {
        assert!(
            validator.is_valid(&serde_json::json!({ "webhookUrl": url })),
            "{url}"
        );
    }
}
