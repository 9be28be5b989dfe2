//! A secret appears where the wire needs it, and nowhere else.

use std::error::Error as _;
use std::fmt::Debug;
use std::panic::{self, AssertUnwindSafe};

use jelou_client::types::{Integration, IntegrationUpdate};
use jelou_client::{Client, Credentials, Reply, RetryPolicy, Secret};
use test_support::server::closed_port;

use crate::server::{Server, answer, json, move_webhook};

const API_KEY: &str = "canary-a";
const CLIENT_SECRET: &str = "canary-client-secret";
// It begins like the API key, so that hiding one could leave the tail of the other.
const AUTHORIZATION: &str = "canary-authorization-TAIL";
/// The Base64 of `CLIENT_ID:canary-client-secret`.
const BASIC_TOKEN: &str = "Q0xJRU5UX0lEOmNhbmFyeS1jbGllbnQtc2VjcmV0";

#[track_caller]
fn assert_no_secret(text: &str) {
    for secret in [
        API_KEY,
        CLIENT_SECRET,
        AUTHORIZATION,
        BASIC_TOKEN,
        "canary",
        "TAIL",
    ] {
        assert!(!text.contains(secret), "{secret} appears in: {text}");
    }
}

/// Each kind of credentials, with every secret of a request that carries them.
fn requests() -> [(Credentials, Vec<&'static str>); 2] {
    let [api_key, client] = credentials();
    [
        (api_key, vec![API_KEY, AUTHORIZATION]),
        (client, vec![CLIENT_SECRET, BASIC_TOKEN, AUTHORIZATION]),
    ]
}

fn credentials() -> [Credentials; 2] {
    [
        Credentials::api_key(API_KEY),
        Credentials::client("CLIENT_ID", CLIENT_SECRET),
    ]
}

/// Answers that echo these secrets, each read in another way.
fn echoes(secrets: &[&str]) -> Vec<String> {
    let all = secrets.join(" ");
    let header = format!("content-type: application/json\r\nx-echo: {all}\r\n");
    let bodies = [
        format!(
            r#"{{"message":["{all}"],"error":{{"code":"{all}","key":"{all}","description":"{all}"}}}}"#
        ),
        format!(r#"{{"status":0,"message":"{all}"}}"#),
        format!(r#"{{"authorization":"{all}"}}"#),
        format!(r#"{{"authorization":"{all}","createdAt":7}}"#),
        format!(r#"{{"data":"{all}"}}"#),
        format!("<html>{all}</html>"),
        format!("\"{all}"),
    ];
    let statuses = [
        "200 OK",
        "400 Bad Request",
        "401 Unauthorized",
        "418 I'm a teapot",
        "500 Internal Server Error",
    ];
    statuses
        .iter()
        .flat_map(|status| bodies.iter().map(|body| answer(status, &header, body)))
        .collect()
}

#[tokio::test]
async fn a_secret_appears_in_no_output() {
    let mut failures = 0;
    for (credentials, secrets) in requests() {
        assert_no_secret(&format!("{credentials:?}"));
        for echo in echoes(&secrets) {
            let server = Server::answering(echo).await;
            let client = server.client_with(credentials.clone());
            assert_no_secret(&format!("{client:?}"));
            let update = client
                .integrations()
                .update("PROJECT_ID")
                .authorization(AUTHORIZATION);
            assert_no_secret(&format!("{update:?}"));
            match update.send().await {
                Ok(reply) => assert_no_secret(&format!("{reply:?}")),
                Err(error) => {
                    failures += 1;
                    assert_no_secret(&format!("{error} {error:?} {error:#?}"));
                    let mut cause = error.source();
                    while let Some(error) = cause {
                        assert_no_secret(&format!("{error} {error:?}"));
                        cause = error.source();
                    }
                }
            }
            assert!(
                server.request().contains(AUTHORIZATION),
                "the wire needs it"
            );
        }
    }
    // With status 200, a body with an unknown field is an integration.
    assert_eq!(failures, 2 * (5 * 7 - 1));
}

/// The signing secret is not on the wire, and is hidden if a server echoes it.
#[tokio::test]
async fn a_signing_secret_appears_in_no_output() {
    let credentials = Credentials::signing_secret(CLIENT_SECRET);
    assert_no_secret(&format!("{credentials:?}"));
    for echo in echoes(&[CLIENT_SECRET]) {
        let server = Server::answering(echo).await;
        let client = server.client_with(credentials.clone());
        assert_no_secret(&format!("{client:?}"));
        match crate::operations::call(&client, "send_message").await {
            Ok(reply) => assert!(reply.starts_with("Flat"), "{reply}"),
            Err((error, _)) => assert_no_secret(&format!("{error} {error:?} {error:#?}")),
        }
        assert_no_secret(&server.request());
    }
}

#[tokio::test]
async fn a_secret_that_is_echoed_in_another_case_is_not_shown() {
    for header in ["content-encoding: API_KEY", "x-API_KEY: 1"] {
        let headers = format!("{header}\r\n");
        let server = Server::answering(answer("400 Bad Request", &headers, "no")).await;
        let error = move_webhook(&server.client()).await.unwrap_err();
        // A secret in another case is still a secret.
        let text = format!("{error} {error:?}").to_lowercase();
        assert!(!text.contains("api_key"), "{text}");
    }
}

#[tokio::test]
async fn a_secret_is_in_no_error_of_a_server_that_is_not_there() {
    let base_url = closed_port();
    for credentials in credentials() {
        let client = Client::builder(credentials)
            .retry(RetryPolicy::never())
            .base_url(base_url.clone())
            .build()
            .unwrap();
        let error = client
            .integrations()
            .update("PROJECT_ID")
            .authorization(AUTHORIZATION)
            .send()
            .await
            .unwrap_err();
        assert_no_secret(&format!("{error} {error:?} {:?}", error.source()));
    }
}

/// What a program prints when it gives up on a value that it did not expect.
#[tokio::test]
async fn a_secret_is_in_no_panic() {
    for (credentials, secrets) in requests() {
        let all = secrets.join(" ");
        let server = Server::answering(json(
            "400 Bad Request",
            &format!(r#"{{"message":["{all}"]}}"#),
        ))
        .await;
        let client = server.client_with(credentials.clone());
        let update = client.integrations().update("PROJECT_ID");
        let result = update.authorization(AUTHORIZATION).send().await;
        for message in [
            panic_message(result),
            panic_message(Err(credentials)),
            panic_message(Err(client)),
        ] {
            assert_no_secret(&message);
        }
    }
    assert_no_secret(&panic_message(Err(Secret::from(API_KEY))));
}

fn panic_message<E: Debug>(result: Result<Reply<Integration>, E>) -> String {
    let unwrap = AssertUnwindSafe(|| result.unwrap());
    let payload = panic::catch_unwind(unwrap).unwrap_err();
    *payload.downcast::<String>().unwrap()
}

#[test]
fn a_secret_is_in_no_debug_output_of_a_generated_type() {
    let update = IntegrationUpdate {
        authorization: Some(Secret::from(AUTHORIZATION)),
        ..Default::default()
    };
    assert_no_secret(&format!(
        "{update:?} {:?}",
        IntegrationUpdate::builder().authorization(Secret::from(AUTHORIZATION))
    ));
}

#[test]
fn credentials_in_a_base_url_are_refused_without_being_shown() {
    for url in [
        "https://user:canary@gateway.jelou.ai",
        "http://gateway.jelou.ai/?token=canary",
        "canary",
    ] {
        let error = Client::builder(Credentials::api_key("API_KEY"))
            .base_url(url)
            .build()
            .unwrap_err();
        assert_no_secret(&format!("{error} {error:?}"));
    }
}

#[tokio::test]
async fn a_secret_leaves_for_the_configured_origin_only() {
    let elsewhere = Server::answering(json("200 OK", "{}")).await;
    for status in [
        "301 Moved Permanently",
        "302 Found",
        "303 See Other",
        "307 Temporary Redirect",
        "308 Permanent Redirect",
    ] {
        let server = Server::answering(redirect(status, &elsewhere)).await;
        for credentials in credentials() {
            let client = server.client_with(credentials);
            let update = client.integrations().update("PROJECT_ID");
            update
                .authorization(AUTHORIZATION)
                .send()
                .await
                .unwrap_err();
        }
        assert_eq!(server.requests().len(), 2, "{status}");
    }
    assert!(elsewhere.requests().is_empty());
}

fn redirect(status: &str, to: &Server) -> String {
    answer(status, &format!("location: {}\r\n", to.base_url()), "")
}
