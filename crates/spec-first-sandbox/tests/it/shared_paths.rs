//! Operations that share a path: which of them serves a request.

use spec_first_sandbox::Options;

use crate::http::{send, start_with};

/// Clients do not send the fragment of a URL.
#[tokio::test]
async fn a_path_is_served_without_its_fragment() {
    let document = "openapi: 3.0.3
info: {title: Actions, version: '1'}
paths:
  /actions/{id}#start:
    get: {responses: {'204': {description: Done}}}
  /actions/{id}#stop:
    get: {responses: {'205': {description: Done}}}
  /others#some:
    get: {responses: {'204': {description: Done}}}
  /others:
    get: {responses: {'205': {description: Done}}}
  /targets#X-Target=Read:
    post: {parameters: [{name: X-Target, in: header, required: true, schema: {enum: [Read]}}], responses: {'204': {description: Done}}}
  /targets#X-Target=Write:
    post: {parameters: [{name: X-Target, in: header, required: true, schema: {enum: [Write]}}], responses: {'205': {description: Done}}}
  /images:
    post: {requestBody: {content: {application/json: {}}}, responses: {'204': {description: Done}}}
  /images#stream:
    post: {requestBody: {content: {image/*: {}}}, responses: {'205': {description: Done}}}
  /links#add:
    put: {requestBody: {content: {application/json: {schema: {required: [url]}}}}, responses: {'204': {description: Done}}}
  /links#remove:
    put: {requestBody: {content: {application/json: {schema: {required: [id]}}}}, responses: {'205': {description: Done}}}
";
    let sandbox = start_with(Options::new("actions.yaml", document)).await;
    let reply = send(&sandbox, "GET", "/actions/7", &[], "").await;
    assert_eq!(reply.status, 204, "{reply:?}");
    let reply = send(&sandbox, "GET", "/others", &[], "").await;
    assert_eq!(reply.status, 205, "{reply:?}");
    for (target, status) in [("Read", 204), ("Write", 205), ("Other", 400)] {
        let reply = send(&sandbox, "POST", "/targets", &[("X-Target", target)], "").await;
        assert_eq!(reply.status, status, "{target}: {reply:?}");
    }
    for (media_type, status) in [
        ("application/json", 204),
        ("image/png", 205),
        ("text/css", 415),
    ] {
        let sent = [("Content-Type", media_type)];
        let reply = send(&sandbox, "POST", "/images", &sent, "{}").await;
        assert_eq!(reply.status, status, "{media_type}: {reply:?}");
    }
    for (body, status) in [(r#"{"url":1}"#, 204), (r#"{"id":1}"#, 205), ("{}", 400)] {
        let sent = [("Content-Type", "application/json")];
        let reply = send(&sandbox, "PUT", "/links", &sent, body).await;
        assert_eq!(reply.status, status, "{body}: {reply:?}");
    }
}
