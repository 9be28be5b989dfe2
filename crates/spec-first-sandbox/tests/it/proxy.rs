//! A sandbox that passes requests to a real server, and says what does not fit the document.

use serde_json::json;
use spec_first_sandbox::{Options, Sandbox};
use test_support::{
    http::control,
    server::{Answer, Server, closed_port},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::http::{Reply, send, send_bytes, start_with};

pub(crate) const PARCELS: &str = r##"
openapi: 3.0.3
info: {title: Parcels, version: '1'}
servers: [{url: https://parcels.example/v1}]
paths:
  /parcels/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
    put:
      operationId: put_parcel
      security: [{Key: []}]
      parameters: [{name: token, in: query, schema: {type: string, format: password}}]
      requestBody:
        required: true
        content: {application/json: {schema: {$ref: '#/components/schemas/Parcel'}}}
      responses:
        '200':
          description: Put
          headers: {X-Total: {required: true, schema: {type: integer}}}
          content: {application/json: {schema: {$ref: '#/components/schemas/Parcel'}}}
        '204': {description: Unchanged}
        '302': {description: Moved}
    get:
      operationId: get_parcel
      responses: {'200': {description: Found, content: {'*/*': {schema: {}}}}}
components:
  securitySchemes: {Key: {type: apiKey, in: header, name: x-api-key}}
  schemas:
    Parcel:
      type: object
      required: [weight]
      additionalProperties: false
      properties: {weight: {type: integer}, secret: {type: string, format: password}}
"##;

pub(crate) const KEY: (&str, &str) = ("x-api-key", "SECRET-KEY");
const FITS: &str = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nX-Total: 1\r\nContent-Length: 12\r\n\r\n{\"weight\":1}";

pub(crate) fn upstream(response: impl Into<Vec<u8>>) -> Server {
    let response = response.into();
    Server::start(move |_| Answer::new(response.clone()))
}

pub(crate) fn response(head: &str, body: &str) -> String {
    let length = body.len();
    format!("HTTP/1.1 {head}\r\nContent-Length: {length}\r\n\r\n{body}")
}

async fn proxy(url: &str) -> Sandbox {
    let options = Options::new("parcels.yaml", PARCELS);
    start_with(options.proxy(url.parse().unwrap())).await
}

async fn put(sandbox: &Sandbox, body: &str) -> Reply {
    send(sandbox, "PUT", "/v1/parcels/1", &[KEY], body).await
}

/// What is recorded about the last request, after it was checked that the response counts it too.
#[track_caller]
fn problems(sandbox: &Sandbox, reply: &Reply) -> Vec<String> {
    let problems = sandbox.received().pop().unwrap().problems;
    let count = problems.len().to_string();
    assert_eq!(
        reply.header("Sandbox-Problems"),
        Some(count.as_str()),
        "{reply:?}"
    );
    let note = (!problems.is_empty()).then(|| problems.join("; "));
    assert_eq!(reply.header("Sandbox-Note"), note.as_deref());
    problems
}

#[tokio::test]
async fn a_request_that_fits_is_passed_on_and_its_response_returned() {
    let server = upstream(FITS);
    let sandbox = proxy(&server.origin()).await;
    let headers = [
        KEY,
        ("X-Kept", "1"),
        ("X-Hop", "2"),
        ("Connection", "x-hop"),
        ("Proxy-Authorization", "Basic SECRET"),
        ("Accept-Encoding", "gzip"),
    ];
    let reply = send(
        &sandbox,
        "PUT",
        "/v1/parcels/1?token=a%20b",
        &headers,
        "{\"weight\": 1}",
    )
    .await;
    assert_eq!((reply.status, reply.body.as_str()), (200, "{\"weight\":1}"));
    assert_eq!(reply.header("X-Total"), Some("1"));
    assert_eq!(problems(&sandbox, &reply), Vec::<String>::new());
    let [request] = &server.requests()[..] else {
        panic!("{:?}", server.requests());
    };
    let (head, body) = request.split_once("\r\n\r\n").unwrap();
    assert_eq!(body, "{\"weight\": 1}");
    let mut lines: Vec<_> = head.lines().collect();
    lines[1..].sort_unstable();
    let host = format!("host: {}", server.address());
    assert_eq!(
        lines,
        [
            "PUT /v1/parcels/1?token=a%20b HTTP/1.1",
            "accept-encoding: identity",
            "content-length: 13",
            "content-type: application/json",
            &host,
            "x-api-key: SECRET-KEY",
            "x-kept: 1",
        ]
    );
}

#[tokio::test]
async fn what_does_not_fit_on_either_side_is_recorded_with_the_operation() {
    let body = "{\"weight\":\"1\",\"colour\":2}";
    let server = upstream(response("200 OK\r\nContent-Type: application/json", body));
    let sandbox = proxy(&server.origin()).await;
    let reply = send(
        &sandbox,
        "PUT",
        "/v1/parcels/x",
        &[],
        "{\"secret\":\"PASSWORD\"}",
    )
    .await;
    assert_eq!((reply.status, reply.body.as_str()), (200, body));
    let expected = [
        "request: the credentials are missing: the request must contain an accepted key in the header `x-api-key`",
        "request: id must be of type `integer`, not `string`",
        "request: weight is required",
        "response: X-Total is required",
        "response: weight must be of type `integer`, not `string`",
        "response: colour is not a documented property",
    ];
    assert_eq!(problems(&sandbox, &reply), expected);
    put(&sandbox, "{\"weight\":1}").await;
    let traffic = control(sandbox.address(), "GET", "/traffic", "")
        .await
        .json();
    let counts = |problem: &str| {
        (
            problem.to_owned(),
            json!(1 + u8::from(problem.starts_with("resp"))),
        )
    };
    let counted: serde_json::Map<_, _> = expected.map(counts).into_iter().collect();
    let seen = json!({
        "requests": 2,
        "statuses": {"200": 2},
        "problems": counted,
        "refusedAlthoughValid": 0,
        "acceptedAlthoughInvalid": 1,
    });
    assert_eq!(
        traffic,
        json!({"operations": {"put_parcel": seen}, "decisions": {}})
    );
    let records = control(sandbox.address(), "GET", "/requests", "")
        .await
        .body;
    assert!(records.contains("weight is required"), "{records}");
    for secret in ["SECRET-KEY", "PASSWORD"] {
        assert!(!records.contains(secret), "{records}");
    }
    control(sandbox.address(), "POST", "/reset", "").await;
    assert!(sandbox.traffic().operations.is_empty());
}

#[tokio::test]
async fn each_part_of_a_response_is_judged() {
    for (received, expected) in [
        (response("204 No Content", ""), None),
        (response("302 Found\r\nLocation: /elsewhere", ""), None),
        (
            response("418 Teapot", ""),
            Some("the status 418 is not documented; documented: 200, 204, 302"),
        ),
        (
            response("302 Found\r\nContent-Type: text/plain", "moved"),
            Some("the body is not documented"),
        ),
        (
            response("200 OK\r\nX-Total: 1", "{}"),
            Some("the body must have a media type"),
        ),
        (
            response("200 OK\r\nX-Total: 1\r\nContent-Type: text/html", "<p>"),
            Some(
                "the body has the undocumented media type `text/html`; documented: `application/json`",
            ),
        ),
        (
            response(
                "200 OK\r\nX-Total: 1\r\nContent-Type: application/json",
                "{",
            ),
            Some("the body is not JSON: EOF while parsing an object at line 1 column 1"),
        ),
        (
            response("200 OK\r\nX-Total: 1\r\nContent-Type: application/json", ""),
            Some("the body must not be empty"),
        ),
        (
            response(
                "200 OK\r\nX-Total: a\r\nContent-Type: application/json",
                "{\"weight\":1}",
            ),
            Some("X-Total must be of type `integer`, not `string`"),
        ),
    ] {
        let server = upstream(received.clone());
        let sandbox = proxy(&server.origin()).await;
        let reply = put(&sandbox, "{\"weight\":1}").await;
        let expected = expected.map(|problem| format!("response: {problem}"));
        let expected: Vec<_> = expected.into_iter().collect();
        assert_eq!(problems(&sandbox, &reply), expected, "{received}");
        assert_eq!(server.requests().len(), 1);
        assert_eq!(reply.body, received.split_once("\r\n\r\n").unwrap().1);
    }
}

#[tokio::test]
async fn undocumented_paths_and_methods_are_passed_on_and_reported() {
    let server = upstream(response("200 OK", ""));
    let sandbox = proxy(&server.origin()).await;
    for (method, target, problem) in [
        ("GET", "/v2/parcels/1", "the path is not documented"),
        ("GET", "/v1/%ff", "the path is not percent-encoded UTF-8"),
        (
            "DELETE",
            "/v1/parcels/1",
            "the method DELETE is not documented; documented: GET, PUT",
        ),
        (
            "OPTIONS",
            "/v1/parcels/1",
            "the method OPTIONS is not documented; documented: GET, PUT",
        ),
    ] {
        let reply = send(&sandbox, method, target, &[], "").await;
        assert_eq!(reply.status, 200);
        assert_eq!(problems(&sandbox, &reply), [format!("request: {problem}")]);
        assert!(
            sandbox
                .traffic()
                .operations
                .contains_key(&format!("{method} {target}"))
        );
    }
    assert_eq!(server.requests().len(), 4);
}

#[tokio::test]
async fn a_browser_may_ask_before_a_request() {
    let server = upstream(response("400 Bad Request", ""));
    let text = PARCELS.replace(
        "    get:\n",
        "    options:\n      security: [{Key: []}]\n      responses: {'204': {description: Allowed}}\n    get:\n",
    );
    for document in [PARCELS, &text] {
        let options = Options::new("parcels.yaml", document);
        let sandbox = start_with(options.proxy(server.origin().parse().unwrap())).await;
        let asks = ("Access-Control-Request-Method", "PUT");
        let asked = [("Origin", "https://page.example"), asks];
        let reply = send(&sandbox, "OPTIONS", "/v1/parcels/1", &asked, "").await;
        assert_eq!(
            (reply.status, problems(&sandbox, &reply)),
            (400, Vec::new())
        );
        assert!(sandbox.traffic().operations.is_empty());
        // No page asks.
        let reply = send(&sandbox, "OPTIONS", "/v1/parcels/1", &[asks], "").await;
        assert_ne!(problems(&sandbox, &reply), Vec::<String>::new());
    }
}

#[tokio::test]
async fn the_items_of_a_list_have_one_problem_in_the_traffic() {
    let list = "type: array, items: {type: object, required: [id]}";
    let text = PARCELS.replace(
        "content: {'*/*': {schema: {}}}",
        &format!("content: {{application/json: {{schema: {{{list}}}}}}}"),
    );
    let server = upstream(response(
        "200 OK\r\nContent-Type: application/json",
        "[{}, {}]",
    ));
    let options = Options::new("parcels.yaml", text);
    let sandbox = start_with(options.proxy(server.origin().parse().unwrap())).await;
    let reply = send(&sandbox, "GET", "/v1/parcels/1", &[], "").await;
    let missing = ["response: 0.id is required", "response: 1.id is required"];
    assert_eq!(problems(&sandbox, &reply), missing);
    let seen = &sandbox.traffic().operations["get_parcel"].problems;
    assert_eq!(seen, &[("response: *.id is required".to_owned(), 1)].into());
}

#[tokio::test]
async fn requests_go_to_the_upstream_only() {
    let other = upstream(response("200 OK", ""));
    let moved = format!("302 Found\r\nLocation: {}/v1/parcels/1", other.origin());
    let server = upstream(response(&moved, ""));
    let sandbox = proxy(&server.origin()).await;
    let reply = put(&sandbox, "{\"weight\":1}").await;
    assert_eq!(reply.status, 302);
    assert!(
        reply
            .header("location")
            .unwrap()
            .starts_with(&other.origin())
    );
    let absolute = format!(
        "GET {}/v1/parcels/1 HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n",
        other.origin(),
        other.address()
    );
    assert_eq!(send_bytes(&sandbox, absolute.as_bytes()).await.status, 302);
    assert_eq!((server.requests().len(), other.requests().len()), (2, 0));
    let second = &server.requests()[1];
    let host = format!("\r\nhost: {}\r\n", server.address());
    assert!(
        second.starts_with("GET /v1/parcels/1 HTTP/1.1\r\n"),
        "{second}"
    );
    assert!(second.contains(&host), "{second}");
}

#[tokio::test]
async fn the_path_of_the_upstream_takes_the_place_of_that_of_the_document() {
    let server = upstream(FITS);
    let sandbox = proxy(&format!("{}/api/", server.origin())).await;
    for target in ["/v1/parcels/1?a", "/v1?a", "/v10/parcels"] {
        send(&sandbox, "GET", target, &[], "").await;
    }
    let requests = server.requests();
    let targets = requests
        .iter()
        .map(|request| request.split(' ').nth(1).unwrap());
    let targets: Vec<_> = targets.collect();
    assert_eq!(targets, ["/api/parcels/1?a", "/api?a", "/v10/parcels"]);
}

#[tokio::test]
async fn an_upstream_that_does_not_answer_is_a_502_with_the_reason() {
    let closed = closed_port();
    let sandbox = proxy(&closed).await;
    let reply = put(&sandbox, "{\"weight\":1}").await;
    let reason = reply.header("Sandbox-Reason").unwrap();
    assert_eq!(reply.status, 502, "{reply:?}");
    assert!(
        reason.starts_with(&format!("`{closed}` did not answer: ")),
        "{reason}"
    );
    assert_eq!(sandbox.received()[0].problems, [reason]);
    let seen = &sandbox.traffic().operations["put_parcel"];
    assert_eq!((seen.statuses[&502], seen.problems[reason]), (1, 1));

    let broken = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 12\r\n\r\n{";
    let server = Server::start(move |_| Answer::new(broken).closing());
    let reply = put(&proxy(&server.origin()).await, "{\"weight\":1}").await;
    assert_eq!(reply.status, 502, "{reply:?}");
}

#[tokio::test]
async fn bodies_that_cannot_be_judged_are_passed_on_as_they_are() {
    let unjudged = |sandbox: &Sandbox| sandbox.received().pop().unwrap().problems;
    let compressed = "200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip";
    let server = upstream(response(compressed, "zip"));
    let sandbox = proxy(&server.origin()).await;
    let reply = send(&sandbox, "GET", "/v1/parcels/1", &[], "").await;
    assert_eq!((reply.status, reply.body.as_str()), (200, "zip"));
    assert_eq!(reply.header("Sandbox-Problems"), Some("0"));
    let note = "the body of the response was not judged: it is compressed";
    assert_eq!(unjudged(&sandbox), [note]);

    let large = "a".repeat(9 * 1024 * 1024);
    let server = upstream(response("200 OK\r\nContent-Type: text/plain", &large));
    let sandbox = proxy(&server.origin()).await;
    let reply = send(&sandbox, "GET", "/v1/parcels/1", &[], "").await;
    assert!(reply.body == large, "{} bytes", reply.body.len());
    let note = "the body of the response was not judged: it is larger than 8 MiB";
    assert_eq!(unjudged(&sandbox), [note]);

    // The connection stays open, and no more events arrive.
    let head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n";
    let server = upstream(format!("{head}data: 1\n\n"));
    let sandbox = proxy(&server.origin()).await;
    let request = "GET /v1/parcels/1 HTTP/1.1\r\nHost: sandbox\r\n\r\n";
    let mut stream = TcpStream::connect(sandbox.address()).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut seen = Vec::new();
    while !seen.ends_with(b"data: 1\n\n\r\n") {
        assert!(stream.read_buf(&mut seen).await.unwrap() > 0, "{seen:?}");
    }
}

#[tokio::test]
async fn a_response_to_head_keeps_its_length_and_is_not_judged() {
    let server = upstream("HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n");
    let sandbox = proxy(&server.origin()).await;
    let reply = send(&sandbox, "HEAD", "/v1/parcels/1", &[], "").await;
    assert_eq!(reply.header("Content-Length"), Some("12"));
    assert_eq!(problems(&sandbox, &reply), Vec::<String>::new());
}

#[tokio::test]
async fn faults_apply_to_what_the_upstream_answers() {
    let server = upstream(FITS);
    let sandbox = proxy(&server.origin()).await;
    let put = |fault| {
        let headers = [KEY, ("X-Sandbox-Fault", fault)];
        let sandbox = &sandbox;
        async move { send(sandbox, "PUT", "/v1/parcels/1", &headers, "{\"weight\":1}").await }
    };
    assert_eq!(put("status=503").await.status, 503);
    assert_eq!(server.requests().len(), 0);
    assert_eq!(put("null=weight").await.json(), json!({"weight": null}));
    assert_eq!(put("not-json").await.body, "{\"weig");
    assert!(
        server
            .requests()
            .iter()
            .all(|request| !request.contains("sandbox-fault"))
    );
}

#[tokio::test]
async fn a_large_request_is_passed_on_and_judged_up_to_a_limit() {
    let server = upstream(FITS);
    let sandbox = proxy(&server.origin()).await;
    let large = format!("{{\"weight\":1}}{}", " ".repeat(1024 * 1024));
    let reply = put(&sandbox, &large).await;
    assert_eq!(problems(&sandbox, &reply), Vec::<String>::new());
    assert!(server.requests()[0].ends_with(&large));

    // With a length, nothing is read before it is passed on; in chunks, everything up to the limit.
    let larger = "a".repeat(9 * 1024 * 1024);
    let reply = put(&sandbox, &larger).await;
    assert_eq!(reply.status, 200, "{reply:?}");
    assert!(server.requests()[1].ends_with(&larger));
    let note = "the body of the request was not judged: it is larger than 8 MiB";
    assert_eq!(sandbox.received().pop().unwrap().problems, [note]);
    let head = "PUT /v1/parcels/1 HTTP/1.1\r\nHost: s\r\nConnection: close\r\nx-api-key: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked";
    let chunk = format!("{:x}\r\n{larger}\r\n0\r\n\r\n", larger.len());
    let reply = send_bytes(&sandbox, format!("{head}\r\n\r\n{chunk}").as_bytes()).await;
    assert_eq!(reply.status, 200, "{reply:?}");
    let seen = &sandbox.traffic().operations["put_parcel"];
    assert_eq!((seen.requests, seen.accepted_although_invalid), (3, 0));
}

#[tokio::test]
async fn responses_in_xml_are_judged() {
    let xml = "application/xml: {schema: {$ref: '#/components/schemas/Parcel'}}";
    let text = PARCELS.replace(
        "content: {'*/*': {schema: {}}}",
        &format!("content: {{{xml}}}"),
    );
    for (body, expected) in [
        ("<Parcel><weight>1</weight></Parcel>", None),
        (
            "<Parcel><weight>heavy</weight></Parcel>",
            Some("response: weight must be of type `integer`, not `string`"),
        ),
        (
            "<Parcel><weight>1</weight><size>2</size></Parcel>",
            Some("response: size is not a documented property"),
        ),
    ] {
        let server = upstream(response("200 OK\r\nContent-Type: application/xml", body));
        let options = Options::new("parcels.yaml", &text);
        let sandbox = start_with(options.proxy(server.origin().parse().unwrap())).await;
        let reply = send(&sandbox, "GET", "/v1/parcels/1", &[], "").await;
        assert_eq!(reply.body, body);
        let expected: Vec<_> = expected.into_iter().collect();
        assert_eq!(problems(&sandbox, &reply), expected);
    }
}
