//! Callbacks and webhooks are sent to a real receiver.

use serde_json::{Value, json};
use spec_first_sandbox::{Options, Sandbox, hex_hmac};
use test_support::{
    http,
    server::{Answer, Server},
};
use tokio::{
    io::AsyncWriteExt,
    net::TcpStream,
    sync::mpsc::{UnboundedReceiver, unbounded_channel},
};

use crate::http::{Reply, options, send, start_with};

const DOCUMENT: &str = "
openapi: 3.1.0
info: {title: Shelter, version: 1.0.0}
paths:
  /pets:
    get: {responses: {'200': {description: All., content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Pet'}}}}}}}
    post:
      operationId: create_pet
      requestBody:
        content:
          application/json:
            schema: {type: object, required: [name], properties: {name: {type: string}, callbackUrl: {type: string}}}
      responses:
        '201': {description: Made., content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}
        '404': {description: None., content: {application/json: {schema: {type: object}, example: {id: 4}}}}
      callbacks:
        adopted:
          '{$request.body#/callbackUrl}/adopted/{$response.body#/id}?by={$request.query.by}':
            put:
              requestBody: {content: {application/json: {schema: {type: object, required: [pet, by], properties: {by: {const: ann}, pet: {$ref: '#/components/schemas/Pet'}}}}}}
              responses: {'200': {description: Taken.}}
  /visits:
    post:
      operationId: visit
      responses: {'204': {description: Done.}}
webhooks:
  newPet:
    post:
      parameters: [{name: X-Shelter-Signature, in: header, schema: {type: string}}]
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}, example: {id: 1, name: Tom}}}}
  petDeleted: {post: {requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}}}
  visited:
    x-mock-after: [visit]
    post: {requestBody: {content: {text/plain: {example: somebody came}}}}
components:
  schemas:
    Pet: {type: object, required: [id, name], properties: {id: {type: integer, readOnly: true}, name: {type: string}}}
";

/// A receiver that answers with these statuses and then with 200; its origin, and the requests: their heads and bodies.
fn receiver(statuses: &'static [u16]) -> (String, UnboundedReceiver<(String, String)>) {
    let (sender, requests) = unbounded_channel();
    let mut statuses = statuses.iter();
    let server = Server::start(move |request| {
        let (head, body) = request.split_once("\r\n\r\n").unwrap();
        sender.send((head.to_owned(), body.to_owned())).unwrap();
        let status = statuses.next().unwrap_or(&200);
        let reply =
            format!("HTTP/1.1 {status} X\r\nconnection: close\r\ncontent-length: 0\r\n\r\n");
        Answer::new(reply).closing()
    });
    (server.origin(), requests)
}

async fn create(sandbox: &Sandbox, query: &str, body: Value) -> Reply {
    let target = format!("/pets{query}");
    send(sandbox, "POST", &target, &[], &body.to_string()).await
}

async fn control(sandbox: &Sandbox, method: &str, path: &str, body: Value) -> Reply {
    http::control(sandbox.address(), method, path, &body.to_string()).await
}

#[tokio::test]
async fn a_callback_is_sent_to_where_the_request_says() {
    let (origin, mut requests) = receiver(&[]);
    let sandbox = start_with(options(DOCUMENT)).await;
    let body = json!({"name": "Rex", "callbackUrl": origin});
    let created = create(&sandbox, "?by=ann", body).await.json();
    let (head, body) = requests.recv().await.unwrap();
    let line = format!("PUT /adopted/{}?by=ann HTTP/1.1", created["id"]);
    assert!(head.starts_with(&line), "{head}");
    assert!(head.contains("content-type: application/json"), "{head}");
    assert!(!head.to_lowercase().contains("signature"), "{head}");
    let body: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(body, json!({"by": "ann", "pet": created}));
    assert!(requests.try_recv().is_err(), "no webhook without a URL");
}

#[tokio::test]
async fn a_callback_is_sent_once_the_answer_has_left_or_the_client_has() {
    let (origin, mut requests) = receiver(&[]);
    let sandbox = start_with(options(DOCUMENT)).await;
    let body = json!({"name": "Rex", "callbackUrl": origin}).to_string();
    for point in ["before", "middle"] {
        let head = format!(
            "POST /pets?by=ann HTTP/1.1\r\nHost: sandbox\r\nX-Sandbox-Fault: stall={point}\r\nContent-Type: application/json\r\n"
        );
        let request = format!("{head}Content-Length: {}\r\n\r\n{body}", body.len());
        let mut stalled = TcpStream::connect(sandbox.address()).await.unwrap();
        stalled.write_all(request.as_bytes()).await.unwrap();
        while sandbox.deliveries().len() % 2 == 0 {
            tokio::task::yield_now().await;
        }
        let second = create(&sandbox, "?by=ann", serde_json::from_str(&body).unwrap());
        let id = second.await.json()["id"].clone();
        let line = format!("PUT /adopted/{id}?");
        let (first_delivered, _) = requests.recv().await.unwrap();
        assert!(first_delivered.starts_with(&line), "{first_delivered}");
        drop(stalled);
        let (delivered, _) = requests.recv().await.unwrap();
        assert!(!delivered.starts_with(&line), "{delivered}");
    }
}

#[tokio::test]
async fn nothing_is_sent_where_no_url_is_known_or_the_request_fails() {
    let (origin, mut requests) = receiver(&[]);
    let sandbox = start_with(options(DOCUMENT)).await;
    assert_eq!(
        create(&sandbox, "?by=ann", json!({"name": "Rex"}))
            .await
            .status,
        201
    );
    let body = json!({"name": "Rex", "callbackUrl": origin});
    assert_eq!(create(&sandbox, "", body.clone()).await.status, 201);
    assert_eq!(
        create(&sandbox, "?by=ann", json!({"callbackUrl": origin}))
            .await
            .status,
        400
    );
    let prefer = [("prefer", "code=404")];
    let reply = send(&sandbox, "POST", "/pets?by=ann", &prefer, &body.to_string()).await;
    assert_eq!(reply.status, 404);
    create(&sandbox, "?by=ann", body).await;
    requests.recv().await.unwrap();
    assert_eq!(sandbox.deliveries().len(), 1);
}

#[tokio::test]
async fn a_callback_to_another_machine_is_recorded_and_not_sent() {
    let sandbox = start_with(options(DOCUMENT)).await;
    let body = json!({"name": "webhook", "url": "http://shelter.example/hook"});
    assert_eq!(
        control(&sandbox, "POST", "/webhooks", body).await.status,
        400
    );
    let body = json!({"name": "adopted", "url": "http://shelter.example/hook"});
    let shown = control(&sandbox, "POST", "/webhooks", body).await.json();
    let reason = shown["attempts"][0]["error"].as_str().unwrap();
    assert!(
        reason.starts_with("not sent: this URL is not on this machine"),
        "{shown}"
    );
}

#[tokio::test]
async fn a_webhook_is_sent_after_what_it_is_about_signed_and_repeated() {
    let (origin, mut requests) = receiver(&[500, 429]);
    let url = format!("{origin}/hook?token=1");
    let options = options(DOCUMENT).webhook(url.parse().unwrap());
    let options = options.webhook_secret("SECRET").webhook_attempts(5);
    let sandbox = start_with(options).await;
    let created = create(&sandbox, "", json!({"name": "Rex"})).await.json();
    for _ in 0..3 {
        let (head, body) = requests.recv().await.unwrap();
        assert!(head.starts_with("POST /hook?token=1 HTTP/1.1"), "{head}");
        assert_eq!(serde_json::from_str::<Value>(&body).unwrap(), created);
        let signature = hex_hmac(&"SECRET".into(), body.as_bytes());
        let line = format!("x-shelter-signature: sha256={signature}");
        assert!(head.contains(&line), "{head}");
    }
    send(&sandbox, "POST", "/visits", &[], "").await;
    let (head, body) = requests.recv().await.unwrap();
    assert!(head.contains("content-type: text/plain"), "{head}");
    assert!(head.contains("x-signature: sha256="), "{head}");
    assert_eq!(body, "somebody came");
    let shown = control(&sandbox, "GET", "/state", Value::Null).await.json();
    let deliveries = &shown["deliveries"];
    let attempts = json!([{"status": 500}, {"status": 429}, {"status": 200}]);
    assert_eq!(
        (&deliveries["1"]["event"], &deliveries["1"]["attempts"]),
        (&json!("newPet"), &attempts)
    );
    assert_eq!(sandbox.deliveries().len(), 2);
}

#[tokio::test]
async fn a_webhook_is_sent_by_hand_and_disturbed() {
    let (origin, mut requests) = receiver(&[]);
    let sandbox = start_with(options(DOCUMENT)).await;
    let listed = control(&sandbox, "GET", "/webhooks", Value::Null)
        .await
        .json();
    let names: Vec<_> = listed["webhooks"].as_object().unwrap().keys().collect();
    assert_eq!(names, ["adopted", "newPet", "petDeleted", "visited"]);
    let missing = control(&sandbox, "POST", "/webhooks", json!({"name": "newPet"})).await;
    assert_eq!(
        (missing.status, &missing.json()["error"]),
        (400, &json!("the URL is missing"))
    );

    let body = json!({"name": "newPet", "url": origin});
    let shown = control(&sandbox, "POST", "/webhooks", body.clone())
        .await
        .json();
    assert_eq!(shown["attempts"], json!([{"status": 200}]));
    let (_, sent) = requests.recv().await.unwrap();
    assert_eq!(sent, r#"{"id":1,"name":"Tom"}"#);
    let fault = json!({"fault": "twice"});
    assert_eq!(
        control(&sandbox, "PUT", "/deliveries", fault).await.status,
        200
    );
    let own = json!({"name": "newPet", "url": origin, "body": {"id": 2}});
    control(&sandbox, "POST", "/webhooks", own).await;
    for _ in 0..2 {
        assert_eq!(requests.recv().await.unwrap().1, r#"{"id":2}"#);
    }
    let refused = control(&sandbox, "PUT", "/deliveries", json!({"fault": "lost"})).await;
    assert_eq!(refused.status, 400);
    let shown = control(&sandbox, "GET", "/deliveries", Value::Null)
        .await
        .json();
    assert_eq!(shown["deliveries"].as_object().unwrap().len(), 2);
    let index = control(&sandbox, "GET", "/", Value::Null).await.json();
    assert_eq!(index["forms"][0]["path"], "webhooks");
    assert_eq!(
        control(&sandbox, "POST", "/reset", Value::Null)
            .await
            .status,
        204
    );
    assert!(sandbox.deliveries().is_empty());
}

#[test]
fn the_url_of_a_webhook_is_absolute_and_has_no_credentials() {
    use spec_first_sandbox::{UnknownUpstream, WebhookUrl};
    let parse = |text: &str| text.parse::<WebhookUrl>().map(|_| ());
    assert_eq!(parse("http://localhost:1/a?b=c"), Ok(()));
    assert_eq!(parse("/a"), Err(UnknownUpstream::Url));
    assert_eq!(parse("ftp://a"), Err(UnknownUpstream::Url));
    assert_eq!(parse("http://a:b@c"), Err(UnknownUpstream::Credentials));
    assert!(!format!("{:?}", Options::new("a", "").webhook_secret("SECRET")).contains("SECRET"));
}
