//! Which credentials are accepted.

use jelou_sandbox::{Credential, Options};

use crate::http::{BASIC, BODY, KEY, PATH, send, start_with};

fn options() -> Options {
    Options::default().integration("PROJECT_ID")
}

async fn check(options: Options, headers: &[(&str, &str)], expected: u16) {
    let sandbox = start_with(options).await;
    let reply = send(&sandbox, "PATCH", PATH, headers, BODY).await;
    assert_eq!(reply.status, expected, "{headers:?}: {reply:?}");
    assert_eq!(sandbox.nonconforming_responses(), 0);
}

#[tokio::test]
async fn a_malformed_credential_next_to_a_valid_one_is_ignored() {
    check(options(), &[KEY, ("Authorization", "Bearer token")], 200).await;
}

#[tokio::test]
async fn only_the_configured_credentials_are_accepted() {
    let key = || options().api_key("key");
    check(key(), &[KEY], 200).await;
    check(key(), &[("x-api-key", "other")], 401).await;
    check(key(), &[BASIC], 401).await;

    let client = || options().client("id", "secret");
    check(client(), &[BASIC], 200).await;
    check(client(), &[KEY], 401).await;
    // `id:other`.
    check(client(), &[("Authorization", "Basic aWQ6b3RoZXI=")], 401).await;

    let both = || client().accept(Credential::ApiKey("key".into()));
    check(both(), &[BASIC], 200).await;
    check(both(), &[KEY], 200).await;
}

#[tokio::test]
async fn a_401_has_the_documented_shape_and_a_challenge() {
    let sandbox = start_with(options()).await;
    let reply = send(&sandbox, "PATCH", PATH, &[], BODY).await;
    assert_eq!(reply.json()["message"][0], "Unauthorized");
    assert_eq!(reply.json()["statusMessage"], "failed");
    assert_eq!(reply.json()["status"], 0);
    let challenge = reply.header("WWW-Authenticate").unwrap();
    assert!(challenge.starts_with("Basic realm="), "{challenge}");
}
