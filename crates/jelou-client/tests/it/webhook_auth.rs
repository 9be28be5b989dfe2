//! What a `WebhookAuth` sets, and that it prints no secret.

use jelou_client::types::AuthType;
use jelou_client::{Secret, WebhookAuth};

const AUTHORIZATION: &str = " Bearer canary\u{e9} ";

#[track_caller]
fn check(auth: &WebhookAuth, auth_type: AuthType, authorization: Option<&str>) {
    assert_eq!(auth.auth_type(), auth_type);
    assert_eq!(auth.authorization().map(Secret::expose), authorization);
    assert!(!format!("{auth:?} {auth:#?}").contains("canary"));
}

#[test]
fn the_text_is_neither_trimmed_nor_encoded_nor_given_a_prefix() {
    let text = Some(AUTHORIZATION);
    check(&WebhookAuth::bearer(AUTHORIZATION), AuthType::Bearer, text);
    check(&WebhookAuth::api_key(AUTHORIZATION), AuthType::ApiKey, text);
    check(&WebhookAuth::basic(AUTHORIZATION), AuthType::Basic, text);
    check(&WebhookAuth::None, AuthType::NoAuth, None);
}

#[test]
fn a_constructor_takes_what_becomes_a_secret() {
    let secret = Secret::from(AUTHORIZATION);
    let text = Some(AUTHORIZATION);
    check(&WebhookAuth::bearer(secret.clone()), AuthType::Bearer, text);
    check(
        &WebhookAuth::bearer(AUTHORIZATION.to_owned()),
        AuthType::Bearer,
        text,
    );
    check(&WebhookAuth::Bearer(secret), AuthType::Bearer, text);
}
