//! Headers that a document describes as parameters.

use crate::http::{described, fields, send};

/// OpenAPI describes these headers elsewhere and says to ignore parameters for them, or HTTP determines them.
#[tokio::test]
async fn a_header_that_is_described_elsewhere_is_not_a_parameter() {
    let required = |name: &str, location: &str| {
        format!("{{name: {name}, in: {location}, required: true, schema: {{type: integer}}}}")
    };
    let parameters = [
        required("Accept", "header"),
        required("Authorization", "header"),
        required("Content-Length", "header"),
        required("accept", "query"),
    ];
    let sandbox = described(&format!(
        "{{parameters: [{}], responses: {{'204': {{description: Done}}}}}}",
        parameters.join(", ")
    ))
    .await;
    let reply = send(&sandbox, "GET", "/a?accept=1", &[], "").await;
    assert_eq!(reply.status, 204, "{reply:?}");
    let reply = send(&sandbox, "GET", "/a", &[], "").await;
    assert_eq!(
        (reply.status, fields(&reply)),
        (400, vec!["accept".to_owned()])
    );
}

#[tokio::test]
async fn a_header_that_is_described_in_two_cases_is_one() {
    let parameters = "{name: x-sum, in: header, required: true, schema: {type: string}}, {name: X-Sum, in: header, schema: {type: string}}";
    let sandbox = described(&format!(
        "{{parameters: [{parameters}], responses: {{'204': {{description: Done}}}}}}"
    ))
    .await;
    let reply = send(&sandbox, "GET", "/a", &[("X-Sum", "1")], "").await;
    assert_eq!(reply.status, 204, "{reply:?}");
    sandbox.shutdown().await;
}

/// Its own preferences are the sandbox's, whatever the document says about the header.
#[tokio::test]
async fn a_documented_prefer_header_does_not_have_to_allow_for_the_sandbox() {
    let sandbox = described(
        "{parameters: [{name: Prefer, in: header, schema: {enum: [return=minimal]}}], responses: {'200': {description: A}, '404': {description: B}}}",
    )
    .await;
    for (prefer, expected) in [
        ("code=404", 404),
        ("return=minimal, code=404", 404),
        ("return=minimal", 200),
        ("return=all", 400),
        ("return=all, code=404", 400),
    ] {
        let reply = send(&sandbox, "GET", "/a", &[("prefer", prefer)], "").await;
        assert_eq!(reply.status, expected, "{prefer}: {reply:?}");
    }
}
