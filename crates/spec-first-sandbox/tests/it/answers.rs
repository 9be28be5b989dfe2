//! Which answer a request gets, and in which form, if there is state.

use serde_json::json;

use crate::{
    http::{options, send, start_with},
    resources::{OVERRIDDEN, SHELTER, get, sent, shelter},
};

#[tokio::test]
async fn an_example_that_a_request_or_the_options_name_comes_before_the_state() {
    let sandbox = shelter().await;
    let prefer = [("prefer", "example=none")];
    let reply = send(&sandbox, "GET", "/v1/pets", &prefer, "").await;
    assert_eq!(reply.json(), json!({"total": 0, "pets": []}));
    let prefer = [("prefer", "code=201")];
    let reply = send(&sandbox, "POST", "/v1/pets", &prefer, r#"{"name": "Rex"}"#).await;
    assert_eq!((reply.status, &reply.json()["id"]), (201, &json!(8)));
    assert_eq!(reply.header("preference-applied"), Some("code=201"));
    let sandbox = start_with(options(SHELTER).examples(["none"])).await;
    let reply = get(&sandbox, "/v1/pets").await;
    assert_eq!(reply.json(), json!({"total": 0, "pets": []}));
}

#[tokio::test]
async fn the_state_is_written_in_the_media_type_that_the_client_accepts() {
    let document = OVERRIDDEN.replace(
        "responses: {Pet: {description: A pet., content: {",
        "responses: {Pet: {description: A pet., content: {text/csv: {example: 'name'}, application/xml: {schema: {$ref: '#/components/schemas/Pet'}}, ",
    );
    let sandbox = start_with(options(&document)).await;
    sent(&sandbox, "POST", "/new-pet", json!({"name": "Rex"})).await;
    for (accept, status, body) in [
        ("application/xml", 200, "<Pet><name>Rex</name></Pet>"),
        ("text/csv", 200, "name"),
        ("text/*;q=0.2, application/json;q=0.1", 200, "name"),
        ("*/*", 200, r#"{"name":"Rex"}"#),
    ] {
        let reply = send(&sandbox, "GET", "/pets/Rex", &[("accept", accept)], "").await;
        assert_eq!((reply.status, &*reply.body), (status, body), "{accept}");
    }
    let reply = send(&sandbox, "GET", "/pets/Rex", &[("accept", "image/png")], "").await;
    assert_eq!(reply.status, 406);
    assert!(
        reply
            .body
            .contains("`application/json`, `text/csv`, `application/xml`"),
        "{reply:?}"
    );
}

#[tokio::test]
async fn an_example_is_for_requests_with_a_certain_content() {
    let document = SHELTER
        .replace("none: {value:", "none: {x-mock-match: {$request.query.kind: dog, $request.query.limit: 3}, value:")
        .replace("responses: {'200': {$ref: '#/components/responses/Visit'}}", "responses: {'200': {$ref: '#/components/responses/Visit'}, '418': {description: Odd., content: {application/json: {examples: {odd: {value: odd, x-mock-match: {$request.path.petId: 5}}, bad: {value: 1, x-mock-match: {$url: 7}}}}}}}");
    let sandbox = start_with(options(&document)).await;
    let flaws: Vec<_> = sandbox.flaws().iter().map(ToString::to_string).collect();
    assert_eq!(flaws.len(), 1, "{flaws:?}");
    assert!(
        flaws[0].contains("this `x-mock-match` is ignored"),
        "{flaws:?}"
    );
    let matched = get(&sandbox, "/v1/pets?kind=dog&limit=3").await.json();
    assert_eq!(matched, json!({"total": 0, "pets": []}));
    let other = get(&sandbox, "/v1/pets?limit=3").await.json();
    assert_eq!(other["total"], 1);
    let id = "3fa85f64-5717-4562-b3fc-2c963f66afa6";
    let odd = get(&sandbox, &format!("/v1/pets/5/visits/{id}")).await;
    assert_eq!((odd.status, odd.json()), (418, json!("odd")));
    assert_ne!(
        get(&sandbox, &format!("/v1/pets/6/visits/{id}"))
            .await
            .status,
        418
    );
}
