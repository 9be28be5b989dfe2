//! A state that another crate plugs in.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use serde_json::{Map, Value, json};
use spec_first_sandbox::{
    Call, DocumentedOperation, Rejection, Reply, Sandbox, State, StateError, StateFuture,
    StatusCode,
};

use spec_first_document::Document;
use test_support::http;

use crate::http::{Reply as Received, options, send};

const DOCUMENT: &str = "
openapi: 3.0.3
info: {title: Books, version: 1.0.0}
servers: [{url: /v1}]
paths:
  /books/{number}:
    parameters: [{name: number, in: path, required: true, schema: {type: string}}]
    get:
      operationId: get_book
      responses: {'200': {$ref: '#/components/responses/Book'}}
    put:
      operationId: replace_book
      parameters: [{name: dry, in: query, schema: {type: string}}]
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Book'}}}}
      responses: {'200': {$ref: '#/components/responses/Book'}}
  /authors:
    get: {responses: {'200': {description: All., content: {application/json: {example: [Cortazar]}}}}}
components:
  responses:
    Book:
      description: A book.
      content:
        application/json:
          schema: {$ref: '#/components/schemas/Book'}
          example: {title: Rayuela, pages: 736}
  schemas:
    Book:
      type: object
      required: [title]
      properties: {title: {type: string}, pages: {type: integer}}
";

/// Books by number.
#[derive(Debug, Default)]
struct Books(Mutex<BTreeMap<String, Value>>);

impl Books {
    fn replace_book(&self, call: &Call<'_>) -> Result<Reply, Rejection> {
        let number = call.path_parameter("number").unwrap();
        if number == "0" {
            return Ok(Reply::json(StatusCode::OK, json!({"pages": "none"})));
        }
        // What the document describes, with what was sent.
        let mut book = call.response().unwrap().body().unwrap().clone();
        for (name, value) in call.body().unwrap().as_object().unwrap() {
            book[name] = value.clone();
        }
        let reply = Reply::json(StatusCode::OK, book.clone());
        if call.query().any(|pair| pair == ("dry", "yes, please")) {
            return Ok(reply);
        }
        self.0.lock().unwrap().insert(number.to_owned(), book);
        Ok(reply.changed())
    }
}

impl State for Books {
    fn handles(&self, operation: DocumentedOperation<'_>) -> bool {
        operation.path == "/books/{number}"
    }

    fn answer<'a>(&'a self, call: Call<'a>) -> StateFuture<'a, Result<Reply, Rejection>> {
        Box::pin(async move {
            if call.operation().method == "PUT" {
                return self.replace_book(&call);
            }
            let books = self.0.lock().unwrap();
            let book = books.get(call.path_parameter("number").unwrap());
            let missing = || Rejection::new(StatusCode::NOT_FOUND, "no such book");
            Ok(Reply::json(
                StatusCode::OK,
                book.ok_or_else(missing)?.clone(),
            ))
        })
    }

    fn show(
        &self,
        after: Option<String>,
        limit: usize,
    ) -> StateFuture<'_, Result<Map<String, Value>, StateError>> {
        Box::pin(async move {
            let books = self.0.lock().unwrap();
            let shown = books
                .iter()
                .filter(|(number, _)| after.as_ref().is_none_or(|after| *number > after))
                .take(limit)
                .map(|(number, book)| (number.clone(), book.clone()));
            let shown = Value::Object(shown.collect());
            Ok(Map::from_iter([("books".to_owned(), shown)]))
        })
    }

    fn replace(&self, seed: String) -> StateFuture<'_, Result<(), StateError>> {
        Box::pin(async move {
            let books = serde_json::from_str(&seed)
                .map_err(|_| StateError::invalid("this is not JSON", "send an object"))?;
            *self.0.lock().unwrap() = books;
            Ok(())
        })
    }

    fn reset(&self) -> StateFuture<'_, Result<(), StateError>> {
        Box::pin(async { Err(StateError::failed("the disk is full", "empty it")) })
    }
}

async fn start() -> Sandbox {
    let prepared = Sandbox::prepare(options(DOCUMENT)).unwrap();
    let mut operations: Vec<_> = prepared
        .operations()
        .map(|operation| (operation.method, operation.id))
        .collect();
    operations.sort_unstable();
    let expected = [
        ("GET", None),
        ("GET", Some("get_book")),
        ("PUT", Some("replace_book")),
    ];
    assert_eq!(operations, expected);
    prepared.start(Arc::new(Books::default())).await.unwrap()
}

async fn control(sandbox: &Sandbox, method: &str, target: &str, body: &str) -> Received {
    http::control(sandbox.address(), method, target, body).await
}

#[tokio::test]
async fn a_state_answers_its_operations_and_examples_the_others() {
    let sandbox = start().await;
    let missing = send(&sandbox, "GET", "/v1/books/1", &[], "").await;
    assert_eq!(
        (missing.status, &missing.json()["detail"]),
        (404, &json!("no such book"))
    );

    let body = r#"{"title": "Bestiario"}"#;
    let target = "/v1/books/1?dry=yes%2C%20please";
    let reply = send(&sandbox, "PUT", target, &[], body).await;
    assert_eq!(reply.json(), json!({"title": "Bestiario", "pages": 736}));
    assert_eq!(
        control(&sandbox, "GET", "/state", "").await.json()["version"],
        0
    );

    send(&sandbox, "PUT", "/v1/books/1", &[], body).await;
    let reply = send(&sandbox, "GET", "/v1/books/1", &[], "").await;
    assert_eq!(reply.json(), json!({"title": "Bestiario", "pages": 736}));
    let reply = send(&sandbox, "GET", "/v1/authors", &[], "").await;
    assert_eq!(reply.json(), json!(["Cortazar"]));

    let shown = control(&sandbox, "GET", "/state", "").await.json();
    let expected = json!({
        "version": 1,
        "stateful": true,
        "books": {"1": {"title": "Bestiario", "pages": 736}},
    });
    assert_eq!(shown, expected);
}

#[tokio::test]
async fn requests_and_replies_of_a_state_are_validated() {
    let sandbox = start().await;
    let reply = send(&sandbox, "PUT", "/v1/books/1", &[], "{}").await;
    assert_eq!(reply.status, 400);
    let reply = send(&sandbox, "PUT", "/v1/books/0", &[], r#"{"title": "None"}"#).await;
    assert_eq!(reply.status, 500);
    assert_eq!(sandbox.nonconforming_responses(), 1);
}

#[tokio::test]
async fn a_state_is_replaced_and_reset_over_the_control_api() {
    let sandbox = start().await;
    let seed = r#"{"1": {"title": "A"}, "2": {"title": "B"}, "3": {"title": "C"}}"#;
    let reply = control(&sandbox, "PUT", "/state?after=1&limit=1", seed).await;
    assert_eq!(reply.json()["books"], json!({"2": {"title": "B"}}));

    let reply = control(&sandbox, "PUT", "/state", "no").await;
    let expected = json!({"error": "this is not JSON", "help": "send an object"});
    assert_eq!((reply.status, reply.json()), (400, expected));

    let reply = control(&sandbox, "POST", "/reset", "").await;
    let expected = json!({"error": "the disk is full", "help": "empty it"});
    assert_eq!((reply.status, reply.json()), (500, expected));
    assert!(sandbox.reset().await.is_err());
}

#[tokio::test]
async fn a_sandbox_without_a_state_has_nothing_to_replace() {
    let sandbox = Sandbox::start(options(DOCUMENT).stateless()).await.unwrap();
    let shown = control(&sandbox, "GET", "/state", "").await;
    assert_eq!(shown.json(), json!({"version": 0, "stateful": false}));
    assert_eq!(control(&sandbox, "PUT", "/state", "{}").await.status, 400);
    assert_eq!(control(&sandbox, "POST", "/reset", "").await.status, 204);
}

#[tokio::test]
async fn another_version_of_the_document_keeps_the_state() {
    let sandbox = start().await;
    let put = send(
        &sandbox,
        "PUT",
        "/v1/books/1",
        &[],
        "{\"title\": \"Bestiario\"}",
    )
    .await;
    assert_eq!(put.status, 200, "{put:?}");
    let parse = |text: &str| Document::parse("books.yaml", text).unwrap();

    let broken = DOCUMENT.replace("3.0.3", "2.0");
    let error = sandbox.reload(parse(&broken)).await.unwrap_err();
    assert!(error.to_string().contains("books.yaml:2:1: "), "{error}");
    assert_eq!(
        send(&sandbox, "GET", "/v1/books/1", &[], "").await.status,
        200
    );

    let renamed = DOCUMENT.replace("url: /v1", "url: /v2");
    sandbox.reload(parse(&renamed)).await.unwrap();
    assert!(sandbox.base_url().ends_with("/v2"));
    let found = send(&sandbox, "GET", "/v2/books/1", &[], "").await;
    assert_eq!(found.json()["title"], "Bestiario");
    assert_eq!(
        send(&sandbox, "GET", "/v1/books/1", &[], "").await.status,
        404
    );
    assert_eq!(sandbox.received_count(), 4);
}
