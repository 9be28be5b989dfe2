//! The modes: the shape of replies, the required credentials, and that every response conforms to the document.

use jelou_sandbox::{Authentication, Options, ReplyShape, Sandbox, StartError};

use crate::http::{BASIC, BODY, KEY, PATH, patch, send, start_with};

fn options() -> Options {
    Options::default().integration("PROJECT_ID")
}

#[tokio::test]
async fn replies_alternate_between_the_shapes() {
    let sandbox = start_with(options().reply_shape(ReplyShape::Alternate)).await;
    let mut shapes = Vec::new();
    for _ in 0..4 {
        let reply = patch(&sandbox, BODY).await.json();
        shapes.push(reply.get("data").is_some());
    }
    assert_eq!(shapes, [false, true, false, true]);
}

#[tokio::test]
async fn only_the_credentials_of_the_mode_are_accepted() {
    use Authentication::{ApiKey, Basic, Either, None};
    for (mode, key, basic, nothing) in [
        (ApiKey, 200, 401, 401),
        (Basic, 401, 200, 401),
        (Either, 200, 200, 401),
        (None, 200, 200, 200),
    ] {
        let sandbox = start_with(options().authentication(mode)).await;
        for (headers, expected) in [(&[KEY][..], key), (&[BASIC], basic), (&[], nothing)] {
            let reply = send(&sandbox, "PATCH", PATH, headers, BODY).await;
            assert_eq!(reply.status, expected, "{mode} {headers:?}");
        }
    }
}

#[tokio::test]
async fn a_rejection_says_what_the_mode_requires() {
    let sandbox = start_with(options().authentication(Authentication::ApiKey)).await;
    let reply = send(&sandbox, "PATCH", PATH, &[BASIC], BODY).await;
    assert_eq!(
        reply.json()["message"][1],
        "the request must contain an accepted key in the header `x-api-key`"
    );
    assert_eq!(reply.header("WWW-Authenticate"), None);
}

#[tokio::test]
async fn a_mode_that_no_operation_supports_is_an_error() {
    let basic = "    ClientCredentials:\n      type: http\n      scheme: basic\n";
    let text = jelou_spec::EXTERNAL_SUPPORT.text;
    assert!(text.contains(basic));
    let token = "    ClientCredentials:\n      type: http\n      scheme: bearer\n";
    let options = options()
        .document("bearer.yaml", text.replace(basic, token))
        .authentication(Authentication::Basic);
    let error = Sandbox::start(options).await.unwrap_err();
    assert!(matches!(
        error,
        StartError::UndocumentedAuthentication { .. }
    ));
    assert_eq!(
        error.to_string(),
        "no operation in the document accepts `basic` credentials"
    );
}

/// Sends every example request to every operation of the document, in every mode, and asks for every documented response. The
/// sandbox validates its responses and counts those that do not conform.
#[tokio::test]
async fn every_response_conforms_to_the_document() {
    let requests = [
        BODY,
        r#"{"webhookUrl":"https://a.example/b","authType":"bearer","authorization":"secret"}"#,
        r#"{"authType":"no_auth"}"#,
        "{}",
        "",
        "no JSON",
        r#"{"authType":7,"other":1}"#,
    ];
    let preferences = [
        "",
        "code=200",
        "code=400",
        "code=401",
        "code=404",
        "code=500",
        "code=418",
        "example=flat",
        "example=enveloped",
        "example=none",
    ];
    for shape in [
        ReplyShape::Flat,
        ReplyShape::Enveloped,
        ReplyShape::Alternate,
    ] {
        let sandbox = start_with(options().reply_shape(shape)).await;
        let mut seen = std::collections::BTreeSet::new();
        for project in ["PROJECT_ID", "OTHER", "."] {
            for headers in [&[KEY][..], &[BASIC], &[]] {
                for request in requests {
                    for preference in preferences {
                        let headers = [headers, &[("prefer", preference)]].concat();
                        let target = format!("/jelouapi/v1/external-support/{project}");
                        let reply = send(&sandbox, "PATCH", &target, &headers, request).await;
                        seen.insert(reply.status);
                        assert_eq!(reply.header("content-type"), Some("application/json"));
                        let is_envelope = reply.json().get("statusMessage").is_some();
                        assert!(is_envelope || reply.json()["brainId"].is_string());
                    }
                }
            }
        }
        assert_eq!(
            seen.into_iter().collect::<Vec<_>>(),
            [200, 400, 401, 404, 500]
        );
        assert_eq!(sandbox.nonconforming_responses(), 0, "{shape}");
        assert_eq!(sandbox.received_count(), 3 * 3 * 7 * 10);
    }
}
