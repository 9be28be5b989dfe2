//! Features of OpenAPI 3.0 that few documents use.

use serde_json::json;
use spec_first_sandbox::{Options, Sandbox};

use crate::http::{Reply, described, fields, send, start_with};

const SHOP: &str = r##"
openapi: 3.0.3
info: {title: Shop, version: '1'}
servers: [{url: /shop}]
paths:
  /orders:
    $ref: '#/components/x-paths/Orders'
  /files/{name}.{type}:
    servers: [{url: 'https://files.example/upload/'}]
    put:
      operationId: put_file
      parameters:
        - {name: name, in: path, required: true, schema: {type: string}}
        - {name: type, in: path, required: true, schema: {enum: [png, csv]}}
      requestBody:
        content:
          image/*: {}
          text/csv: {schema: {type: string, minLength: 3}}
          multipart/form-data:
            schema:
              type: object
              required: [file]
              properties: {file: {type: string, format: binary}, size: {type: integer}}
      responses:
        '201':
          description: Kept
          headers:
            Location: {schema: {type: string}, example: /upload/files/a.png}
            X-Count: {required: true, schema: {type: integer, minimum: 3}}
            X-Optional: {schema: {type: string}}
            Date: {schema: {type: string}, example: yesterday}
components:
  x-paths:
    Orders:
      get:
        operationId: list_orders
        parameters:
          - {name: filter, in: query, style: deepObject, schema: {type: object, additionalProperties: false, properties: {from: {type: integer}}}}
        responses:
          '200':
            description: Orders
            content:
              application/json:
                schema: {type: array, items: {$ref: '#/components/schemas/Order'}}
                examples:
                  flat: {value: [{id: 1}]}
                  enveloped: {value: [{id: 2}]}
              text/csv: {schema: {type: string}, example: 'id,1'}
              application/xml: {schema: {$ref: '#/components/schemas/Order'}}
      post:
        operationId: make_order
        requestBody:
          required: true
          content:
            application/x-www-form-urlencoded:
              schema:
                type: object
                required: [item]
                additionalProperties: false
                properties: {item: {type: string}, count: {type: integer, minimum: 1}}
        responses: {'303': {description: See the order, headers: {Location: {example: /shop/orders}}}}
      delete:
        operationId: lose_orders
        responses: {'409': {description: They are kept}}
  schemas:
    Order: {type: object, required: [id], properties: {id: {type: integer}}}
"##;

async fn shop() -> Sandbox {
    start_with(Options::new("shop.yaml", SHOP)).await
}

async fn post(body: &str) -> Reply {
    let form = [("content-type", "application/x-www-form-urlencoded")];
    send(&shop().await, "POST", "/shop/orders", &form, body).await
}

#[tokio::test]
async fn a_path_item_may_be_a_reference() {
    let reply = send(&shop().await, "GET", "/shop/orders", &[], "").await;
    assert_eq!((reply.status, reply.json()), (200, json!([{"id": 1}])));
}

#[tokio::test]
async fn the_servers_of_a_path_come_before_those_of_the_document() {
    let sandbox = shop().await;
    let image = [("content-type", "image/png")];
    // A client that is given a single base URL has nowhere else to send it than below that one.
    for path in ["/upload/files/a.png", "/shop/files/a.png"] {
        let reply = send(&sandbox, "PUT", path, &image, "x").await;
        assert_eq!(reply.status, 201, "{path}");
    }
    let reply = send(&sandbox, "PUT", "/files/a.png", &image, "x").await;
    assert_eq!(reply.status, 404);
    assert!(
        reply.body.contains("PUT /upload/files/{name}.{type}"),
        "{reply:?}"
    );
}

#[tokio::test]
async fn documented_headers_are_sent() {
    let image = [("content-type", "image/png")];
    let reply = send(&shop().await, "PUT", "/upload/files/a.png", &image, "x").await;
    assert_eq!(reply.header("Location"), Some("/upload/files/a.png"));
    assert_eq!(reply.header("X-Count"), Some("3"));
    assert_eq!(reply.header("X-Optional"), None);
    assert_ne!(reply.header("Date"), Some("yesterday"));
}

#[tokio::test]
async fn a_response_without_a_body_has_no_example_to_prefer() {
    let headers = [("content-type", "image/png"), ("prefer", "example=large")];
    let reply = send(&shop().await, "PUT", "/upload/files/a.png", &headers, "x").await;
    assert_eq!(reply.status, 400);
    assert!(
        reply.body.contains("no example with that name"),
        "{reply:?}"
    );
}

/// HTTP gives these responses no body, whatever the document says.
#[tokio::test]
async fn a_status_without_a_body_is_sent_without_one() {
    const CONTENT: &str = "{description: A, content: {application/json: {example: {a: 1}}}}";
    let statuses = ["200", "204", "205", "304"];
    let responses = statuses.map(|status| format!("'{status}': {CONTENT}"));
    let sandbox = described(&format!("{{responses: {{{}}}}}", responses.join(", "))).await;
    for (status, expected) in statuses.into_iter().zip([true, false, false, false]) {
        let prefer = format!("code={status}");
        let reply = send(&sandbox, "GET", "/a", &[("prefer", &prefer)], "").await;
        assert_eq!(reply.status.to_string(), status);
        let has_content = reply.header("content-type").is_some() || !reply.body.is_empty();
        assert_eq!(has_content, expected, "{reply:?}");
    }
}

#[tokio::test]
async fn a_body_may_be_left_out_only_if_it_is_optional() {
    let sandbox = shop().await;
    let reply = send(&sandbox, "PUT", "/upload/files/a.png", &[], "").await;
    assert_eq!(reply.status, 201, "{reply:?}");
    let reply = send(&sandbox, "POST", "/shop/orders", &[], "").await;
    assert_eq!(reply.status, 400, "{reply:?}");
}

#[tokio::test]
async fn a_url_encoded_form_is_validated() {
    for (body, status, field) in [
        ("item=a&count=2", 303, ""),
        ("count=2", 400, "item"),
        ("item=a&count=0", 400, "count"),
        ("item=a&count=x", 400, "count"),
        ("item=a&other=1", 400, "other"),
    ] {
        let reply = post(body).await;
        assert_eq!(reply.status, status, "{body}: {reply:?}");
        assert!(
            field.is_empty() || fields(&reply) == [field],
            "{body}: {reply:?}"
        );
    }
    assert_eq!(
        post("item=a").await.header("location"),
        Some("/shop/orders")
    );
    assert_eq!(post("").await.status, 400);
}

#[tokio::test]
async fn a_multipart_form_is_validated() {
    let sandbox = shop().await;
    let form = [("content-type", "multipart/form-data; boundary=b")];
    let part = |name: &str, text: &str| {
        format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{text}\r\n")
    };
    for (body, status) in [
        (part("file", "x") + &part("size", "1") + "--b--\r\n", 201),
        (part("file", "x") + &part("size", "one") + "--b--\r\n", 400),
        (part("size", "1") + "--b--\r\n", 400),
        (part("file", "x"), 400),
    ] {
        let reply = send(&sandbox, "PUT", "/upload/files/a.png", &form, &body).await;
        assert_eq!(reply.status, status, "{body}: {reply:?}");
    }
}

#[tokio::test]
async fn text_is_validated_and_other_media_types_are_rejected() {
    let sandbox = shop().await;
    for (media_type, body, status) in [
        ("text/csv", "a,b", 201),
        ("text/csv", "a", 400),
        ("image/png", "a", 201),
        ("application/pdf", "a", 415),
    ] {
        let headers = [("content-type", media_type)];
        let reply = send(&sandbox, "PUT", "/upload/files/a.png", &headers, body).await;
        assert_eq!(reply.status, status, "{media_type}: {reply:?}");
    }
    let reply = send(&sandbox, "PUT", "/upload/files/a.gif", &[], "").await;
    assert_eq!(fields(&reply), ["type"], "{reply:?}");
}

#[tokio::test]
async fn an_object_in_the_query_is_validated() {
    let sandbox = shop().await;
    for (query, status) in [
        ("filter[from]=1", 200),
        ("filter[from]=x", 400),
        ("filter[until]=1", 400),
    ] {
        let target = format!("/shop/orders?{query}");
        let reply = send(&sandbox, "GET", &target, &[], "").await;
        assert_eq!(reply.status, status, "{query}: {reply:?}");
    }
}

#[tokio::test]
async fn the_media_type_is_negotiated() {
    let sandbox = shop().await;
    for (accept, status, media_type) in [
        ("*/*", 200, "application/json"),
        ("text/csv", 200, "text/csv"),
        ("text/*;q=0.5, application/json;q=0.1", 200, "text/csv"),
        ("image/png", 406, "application/problem+json"),
        ("application/xml", 200, "application/xml"),
    ] {
        let reply = send(&sandbox, "GET", "/shop/orders", &[("accept", accept)], "").await;
        assert_eq!(reply.status, status, "{accept}: {reply:?}");
        assert_eq!(reply.header("content-type"), Some(media_type), "{accept}");
    }
    let xml = [("accept", "application/xml")];
    let reply = send(&sandbox, "GET", "/shop/orders", &xml, "").await;
    assert_eq!(reply.body, "<Order><id>1</id></Order>");
    let reply = send(
        &sandbox,
        "GET",
        "/shop/orders",
        &[("accept", "image/png")],
        "",
    )
    .await;
    assert!(
        reply.body.contains("`application/json`, `text/csv`"),
        "{reply:?}"
    );
}

#[tokio::test]
async fn a_range_that_is_described_as_text_is_one_of_bytes() {
    let document = "openapi: 3.0.3\ninfo: {title: A, version: '1'}\npaths: {/a: {post: {requestBody: {content: {'application/*': {schema: {type: string, format: binary}}}}, responses: {'204': {description: Done}}}}}\n";
    let options = Options::new("a.yaml", document);
    let samples = Sandbox::prepare(options.clone()).unwrap().samples();
    let (media_type, body) = &samples[0].bodies[0].written;
    assert_eq!(media_type, "application/x-sample");
    let sandbox = start_with(options).await;
    for (media_type, body) in [
        (media_type.as_str(), body.as_str()),
        ("application/json", "{}"),
    ] {
        let headers = [("content-type", media_type)];
        let reply = send(&sandbox, "POST", "/a", &headers, body).await;
        assert_eq!(reply.status, 204, "{media_type}: {reply:?}");
    }
}

/// Some generators write `*/*` for everything.
#[tokio::test]
async fn json_in_a_range_is_validated_as_text_too() {
    let document = "openapi: 3.0.3\ninfo: {title: A, version: '1'}\npaths: {/a: {post: {requestBody: {content: {'*/*': {schema: {type: string, enum: [x, y]}}}}, responses: {'204': {description: Done}}}}}\n";
    let sandbox = start_with(Options::new("a.yaml", document)).await;
    for (body, status) in [("\"x\"", 204), ("\"z\"", 400), ("{}", 400)] {
        let reply = send(&sandbox, "POST", "/a", &[], body).await;
        assert_eq!(reply.status, status, "{body}: {reply:?}");
    }
}

#[tokio::test]
async fn what_the_document_says_to_accept_is_not_refused() {
    let responses =
        "responses: {'200': {description: OK, content: {text/plain: {example: hello}}}}";
    for (described_by, accept, status) in [
        ("", "application/json", 406),
        (
            "schema: {enum: [application/json]}",
            "application/json",
            200,
        ),
        ("schema: {enum: [application/json]}", "image/png", 406),
        (
            "schema: {enum: [application/json]}",
            "application/json;q=0",
            406,
        ),
        ("schema: {type: string}", "application/json", 406),
        (
            "schema: {type: string, default: 'application/json, image/png'}",
            "IMAGE/png,application/json",
            200,
        ),
        (
            "schema: {type: string}, example: image/png",
            "image/png",
            200,
        ),
        (
            "schema: {type: array, items: {enum: [image/png]}}",
            "image/png",
            200,
        ),
    ] {
        let parameter = format!("{{name: accept, in: header, {described_by}}}");
        let parameter = Some(parameter).filter(|_| !described_by.is_empty());
        let parameters = parameter.unwrap_or_default();
        let operation = format!("{{parameters: [{parameters}], {responses}}}");
        let sandbox = described(&operation).await;
        let reply = send(&sandbox, "GET", "/a", &[("accept", accept)], "").await;
        assert_eq!(reply.status, status, "{described_by} {accept}: {reply:?}");
    }
}

#[tokio::test]
async fn the_examples_that_the_options_name_are_sent_in_turn() {
    let options = Options::new("shop.yaml", SHOP).examples(["flat", "enveloped"]);
    let sandbox = start_with(options).await;
    for id in [1, 2, 1] {
        let reply = send(&sandbox, "GET", "/shop/orders", &[], "").await;
        assert_eq!(reply.json(), json!([{"id": id}]));
    }
}

#[tokio::test]
async fn head_and_options_work_even_if_undocumented() {
    let sandbox = shop().await;
    let reply = send(&sandbox, "HEAD", "/shop/orders", &[], "").await;
    assert_eq!((reply.status, reply.body.as_str()), (200, ""));
    assert_eq!(reply.header("content-type"), Some("application/json"));
    let reply = send(&sandbox, "OPTIONS", "/shop/orders", &[], "").await;
    assert_eq!((reply.status, reply.body.as_str()), (204, ""));
    assert_eq!(reply.header("allow"), Some("DELETE, GET, POST"));
    let reply = send(&sandbox, "HEAD", "/upload/files/a.png", &[], "").await;
    assert_eq!(reply.status, 405);
}

#[tokio::test]
async fn a_change_without_a_success_response_succeeds_unless_an_error_is_preferred() {
    let sandbox = shop().await;
    let reply = send(&sandbox, "DELETE", "/shop/orders", &[], "").await;
    assert_eq!((reply.status, reply.body.as_str()), (204, ""));
    let prefer = [("prefer", "code=409")];
    let reply = send(&sandbox, "DELETE", "/shop/orders", &prefer, "").await;
    assert_eq!(reply.status, 409);
}

#[tokio::test]
async fn the_record_says_what_was_wrong_with_each_request() {
    let sandbox = shop().await;
    send(&sandbox, "GET", "/shop/orders?filter[from]=x", &[], "").await;
    send(&sandbox, "GET", "/shop/orders", &[], "").await;
    send(&sandbox, "GET", "/nowhere", &[], "").await;
    let received = sandbox.received();
    let operations = received.iter().map(|request| request.operation.as_deref());
    let operations: Vec<_> = operations.collect();
    assert_eq!(operations, [Some("list_orders"), Some("list_orders"), None]);
    let statuses: Vec<_> = received.iter().map(|request| request.status).collect();
    assert_eq!(statuses, [400, 200, 404]);
    assert_eq!(
        received[0].problems,
        ["filter.from must be of type `integer`, not `string`"]
    );
    assert!(received[1].problems.is_empty());
    assert!(received[2].problems[0].contains("no such path"));
}

#[tokio::test]
async fn a_parameter_may_be_an_array_or_another_type() {
    let sandbox = described(
        "{parameters: [{name: id, in: query, schema: {anyOf: [{type: integer}, {type: array, minItems: 2, items: {type: integer}}]}}], responses: {'204': {description: Done}}}",
    )
    .await;
    for (query, expected) in [
        ("id=1", 204),
        ("id=1&id=2", 204),
        ("id=x", 400),
        ("id=1&id=x", 400),
    ] {
        let reply = send(&sandbox, "GET", &format!("/a?{query}"), &[], "").await;
        assert_eq!(reply.status, expected, "{query}: {reply:?}");
    }
}

#[tokio::test]
async fn an_answer_has_the_members_of_one_alternative() {
    // No value of `first` has the member that it requires.
    let sandbox = described(
        "{responses: {'200': {description: Done, content: {application/json: {schema: {anyOf: [
            {type: object, required: [unclear], properties: {first: {type: string}, unclear: {oneOf: [{}, {type: object}]}}},
            {type: object, required: [second], properties: {second: {type: string}}}]}}}}}}",
    )
    .await;
    let reply = send(&sandbox, "GET", "/a", &[], "").await;
    let members: Vec<_> = reply.json().as_object().unwrap().keys().cloned().collect();
    assert_eq!(members, ["second"]);
}

#[tokio::test]
async fn a_media_type_range_is_answered_with_a_concrete_type() {
    let sandbox = described(
        "{responses: {'200': {description: A, content: {'image/*': {schema: {type: string, format: binary}}}}}}",
    )
    .await;
    for (accept, expected) in [
        ("*/*", "image/png"),
        ("image/*", "image/png"),
        ("text/html, image/webp;q=0.5, image/jpeg", "image/jpeg"),
    ] {
        let reply = send(&sandbox, "GET", "/a", &[("Accept", accept)], "").await;
        let media_type = reply.header("Content-Type");
        assert_eq!(
            (reply.status, media_type),
            (200, Some(expected)),
            "{accept}"
        );
    }
    let reply = send(&sandbox, "GET", "/a", &[("Accept", "application/json")], "").await;
    assert_eq!(reply.status, 406);
}

/// A segment of a path is never empty.
#[tokio::test]
async fn a_sample_has_the_first_value_that_a_path_can_have() {
    let document = "openapi: 3.0.3
info: {title: A, version: '1'}
paths:
  /{size}:
    get: {parameters: [{name: size, in: path, required: true, schema: {type: string, enum: ['', small]}}], responses: {'204': {description: Done}}}
";
    let prepared = Sandbox::prepare(Options::new("a.yaml", document)).unwrap();
    assert_eq!(prepared.samples()[0].parameters[0].value, "small");
}
