//! The state of documents that follow other conventions than `PATCH` and `id`: updates by `POST`, slugs, counts, and many at once.

use serde_json::{Value, json};
use spec_first_sandbox::Sandbox;

use crate::{
    http::{options, send, start_with},
    resources::{get, sent},
};

const BLOG: &str = "
openapi: 3.1.0
info: {title: Blog, version: '1'}
paths:
  /articles:
    get:
      responses:
        '200':
          description: All.
          content:
            application/json:
              schema:
                type: object
                required: [articles, articlesCount, meta]
                properties:
                  articles: {type: array, items: {$ref: '#/components/schemas/Article'}}
                  articlesCount: {type: integer}
                  meta: {type: object, required: [pages, totalPages], properties: {pages: {type: integer}, totalPages: {type: integer}}}
    post:
      requestBody:
        content:
          application/json:
            schema: {type: object, required: [title], properties: {title: {type: string}, language: {type: string, default: en}, tagList: {type: array, items: {type: string}}}}
      responses: {'201': {$ref: '#/components/responses/Article'}}
  /articles/{slug}:
    parameters: [{name: slug, in: path, required: true, schema: {type: string}}]
    get:
      responses:
        '200':
          description: An article, or what is left of it.
          headers: {ETag: {schema: {type: string}}}
          content: {application/json: {schema: {anyOf: [{$ref: '#/components/schemas/Article'}, {$ref: '#/components/schemas/Gone'}]}}, application/xml: {schema: {$ref: '#/components/schemas/Article'}}}
    post:
      requestBody: {content: {application/x-www-form-urlencoded: {schema: {type: object, properties: {title: {type: string}}}}}}
      responses: {'200': {$ref: '#/components/responses/Article'}, '412': {description: Another version.}}
  /articles/{slug}/publish:
    parameters: [{name: slug, in: path, required: true, schema: {type: string}}]
    post: {responses: {'200': {$ref: '#/components/responses/Article'}}}
  /notes:
    get: {responses: {'200': {$ref: '#/components/responses/Notes'}}}
    post:
      requestBody: {content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Note'}}}}}
      responses: {'201': {$ref: '#/components/responses/Notes'}}
  /notes/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
    get: {responses: {'200': {description: A note., content: {application/json: {schema: {$ref: '#/components/schemas/Note'}}}}}}
    post: {responses: {'200': {description: Its length., content: {application/json: {schema: {type: object, properties: {length: {type: integer}}}}}}}}
components:
  responses:
    Article: {description: An article., headers: {ETag: {schema: {type: string}}}, content: {application/json: {schema: {$ref: '#/components/schemas/Article'}}}}
    Notes: {description: Notes., content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Note'}}, example: []}}}
  schemas:
    Gone: {type: object, required: [deleted], properties: {deleted: {const: true}}}
    Article:
      type: object
      required: [slug, title]
      properties: {slug: {type: string}, title: {type: string}, language: {type: string}, tagList: {type: array, items: {type: string}}}
    Note:
      type: object
      required: [id]
      properties: {id: {type: integer, readOnly: true}, text: {type: string}}
";

#[tokio::test]
async fn a_resource_is_called_like_its_title_and_has_the_defaults_of_the_request() {
    let sandbox = start_with(options(BLOG)).await;
    let article = json!({"title": "How to Train, Part 2"});
    let first = sent(&sandbox, "POST", "/articles", article.clone()).await;
    let expected = json!({
        "slug": "how-to-train-part-2", "title": "How to Train, Part 2", "language": "en",
    });
    assert_eq!(first.json(), expected);
    let second = sent(&sandbox, "POST", "/articles", article).await.json();
    let second = second["slug"].as_str().unwrap();
    assert!(second.starts_with("how-to-train-part-2-"), "{second}");
    let found = get(&sandbox, &format!("/articles/{second}")).await;
    assert_eq!((found.status, &found.json()["slug"]), (200, &json!(second)));
}

#[tokio::test]
async fn what_counts_resources_counts_those_that_the_query_asks_for() {
    let sandbox = start_with(options(BLOG)).await;
    for tag in ["a", "b", "a"] {
        let article = json!({"title": "T", "tagList": [tag]});
        sent(&sandbox, "POST", "/articles", article).await;
    }
    let shown = get(&sandbox, "/articles?tag=a&limit=1").await.json();
    assert_eq!(shown["articles"].as_array().map(Vec::len), Some(1));
    assert_eq!(shown["articlesCount"], 2);
    assert_eq!(shown["meta"]["totalPages"], 2);
}

#[tokio::test]
async fn a_post_to_a_resource_changes_it_if_the_answer_is_the_resource() {
    let sandbox = start_with(options(BLOG)).await;
    sent(&sandbox, "POST", "/articles", json!({"title": "Old"})).await;
    let form = [("content-type", "application/x-www-form-urlencoded")];
    let changed = send(&sandbox, "POST", "/articles/old", &form, "title=New").await;
    assert_eq!(
        (changed.status, changed.json()),
        (
            200,
            json!({"slug": "old", "title": "New", "language": "en"})
        )
    );
    assert_eq!(get(&sandbox, "/articles/old").await.json()["title"], "New");
    let missing = send(&sandbox, "POST", "/articles/other", &form, "title=New").await;
    assert_eq!(missing.status, 404);
    // This one answers with something else.
    let other = send(&sandbox, "POST", "/notes/404", &[], "").await;
    assert!(other.json()["length"].is_number(), "{other:?}");
}

#[tokio::test]
async fn a_list_that_is_sent_creates_each_of_its_resources() {
    let sandbox = start_with(options(BLOG)).await;
    let notes = json!([{"text": "a"}, {"text": "b"}]);
    let created = sent(&sandbox, "POST", "/notes", notes).await;
    let expected = json!([{"id": 1, "text": "a"}, {"id": 2, "text": "b"}]);
    assert_eq!((created.status, created.json()), (201, expected.clone()));
    assert_eq!(get(&sandbox, "/notes").await.json(), expected);
    assert_eq!(get(&sandbox, "/notes/2").await.json()["text"], "b");
    assert_eq!(get(&sandbox, "/notes/3").await.status, 404);
    let none = sent(&sandbox, "POST", "/notes", Value::Array(Vec::new())).await;
    assert_eq!((none.status, none.json()), (201, json!([])));
}

#[tokio::test]
async fn the_tag_of_a_resource_changes_with_it() {
    let sandbox = start_with(options(BLOG)).await;
    let created = sent(&sandbox, "POST", "/articles", json!({"title": "Old"})).await;
    let tag = created.header("etag").unwrap().to_owned();
    let shown = get(&sandbox, "/articles/old").await;
    assert_eq!(shown.header("etag"), Some(&*tag));
    let known = [("if-none-match", &*tag)];
    let unchanged = send(&sandbox, "GET", "/articles/old", &known, "").await;
    assert_eq!((unchanged.status, &*unchanged.body), (304, ""));

    let form = ("content-type", "application/x-www-form-urlencoded");
    let change = async |tag: &str| {
        let headers = [form, ("if-match", tag)];
        send(&sandbox, "POST", "/articles/old", &headers, "title=New").await
    };
    assert_eq!(change("\"other\"").await.status, 412);
    for weak in [format!("W/{tag}"), format!("W/W/{tag}")] {
        assert_eq!(change(&weak).await.status, 412, "{weak}");
    }
    let lines = [form, ("if-match", "\"a\""), ("if-match", "\"b\"")];
    let other = send(&sandbox, "POST", "/articles/old", &lines, "title=New").await;
    assert_eq!(other.status, 412);
    let weak = format!("W/{tag}");
    let lines = [("if-none-match", "\"a\""), ("if-none-match", &weak)];
    let unchanged = send(&sandbox, "GET", "/articles/old", &lines, "").await;
    assert_eq!(unchanged.status, 304);
    let changed = change(&format!("\"other\", {tag}")).await;
    assert_eq!(changed.status, 200);
    assert_ne!(changed.header("etag"), Some(&*tag));
    assert_eq!(change(&tag).await.status, 412);
    assert_eq!(change("*").await.status, 200);
    let reply = send(&sandbox, "GET", "/articles/old", &known, "").await;
    assert_eq!(reply.status, 200);
}

const BOOKS: &str = "
openapi: 3.1.0
info: {title: Books, version: '1'}
paths:
  /books:
    get:
      responses:
        '200':
          description: All.
          content:
            application/json:
              schema:
                type: object
                properties:
                  books: {type: array, items: {$ref: '#/components/schemas/Book'}}
                  total: {type: integer}
                  page: {type: integer, minimum: 1}
                  perPage: {type: integer, maximum: 100}
              example: {books: [], total: 77, page: 8, perPage: 9}
    post:
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Book'}}}}
      responses: {'201': {description: Created., content: {application/json: {schema: {$ref: '#/components/schemas/Book'}}}}}
components:
  schemas:
    Named: {type: object, properties: {name: {type: string}}}
    Book:
      type: object
      properties:
        id: {type: integer}
        pages: {type: array, items: {type: integer}}
        tags: {type: array, items: {$ref: '#/components/schemas/Named'}}
        author: {$ref: '#/components/schemas/Named'}
        sort: {type: integer}
        words: {type: array, items: {type: string}}
";

async fn books() -> Sandbox {
    let sandbox = start_with(options(BOOKS)).await;
    for word in ["a", "b", "a"] {
        let book = json!({
            "pages": [9], "tags": [{"name": "red"}], "author": {"name": "Ada"}, "sort": 1, "words": [word],
        });
        sent(&sandbox, "POST", "/books", book).await;
    }
    sandbox
}

#[tokio::test]
async fn only_what_names_a_value_filters() {
    let sandbox = books().await;
    for (query, expected) in [
        ("page=1", 3),
        ("sort=id", 3),
        ("tag=red", 3),
        ("author=Ada", 3),
        ("word=a", 2),
        ("word=a&words=b", 3),
        ("words=b,c&words=d", 1),
        ("filter[word]=a", 2),
        ("filter[sort]=2", 0),
    ] {
        let listed = get(&sandbox, &format!("/books?{query}")).await.json();
        assert_eq!(
            listed["books"].as_array().map(Vec::len),
            Some(expected),
            "{query}"
        );
    }
}

#[tokio::test]
async fn a_number_that_does_not_fit_leaves_the_others() {
    let sandbox = books().await;
    for (query, books, [total, page, per_page]) in [
        ("per_page=1000&page=1", 3, [3, 1, 9]),
        ("per_page=2&page=0", 2, [3, 8, 2]),
        ("per_page=2&page=2", 1, [3, 2, 2]),
        ("page=2", 0, [3, 2, 9]),
    ] {
        let mut listed = get(&sandbox, &format!("/books?{query}")).await.json();
        let shown = listed["books"].take();
        let expected = json!({"books": null, "total": total, "page": page, "perPage": per_page});
        assert_eq!(
            (shown.as_array().map(Vec::len), listed),
            (Some(books), expected),
            "{query}"
        );
    }
}

/// RFC 9110, section 8.8.3: a strong tag is of what is sent, not of the resource.
#[tokio::test]
async fn the_tag_of_xml_is_not_that_of_json() {
    let sandbox = start_with(options(BLOG)).await;
    let created = sent(&sandbox, "POST", "/articles", json!({"title": "Old"})).await;
    let of_json = created.header("etag").unwrap();
    let accept = ("accept", "application/xml");
    let shown = send(&sandbox, "GET", "/articles/old", &[accept], "").await;
    let of_xml = shown.header("etag").unwrap();
    assert_ne!(of_xml, of_json);
    for (tag, status) in [(of_json, 200), (of_xml, 304)] {
        let known = [accept, ("if-none-match", tag)];
        let reply = send(&sandbox, "GET", "/articles/old", &known, "").await;
        assert_eq!(reply.status, status, "{tag}");
    }
    let form = ("content-type", "application/x-www-form-urlencoded");
    for status in [200, 412] {
        let headers = [form, ("if-match", of_xml)];
        let reply = send(&sandbox, "POST", "/articles/old", &headers, "title=New").await;
        assert_eq!(reply.status, status);
    }
}
