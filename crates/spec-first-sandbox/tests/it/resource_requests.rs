//! What the state makes of requests: bodies of every form, identifiers, defaults and versions.

use serde_json::{Value, json};
use spec_first_sandbox::Sandbox;

use crate::{
    http::{options, send, start_with},
    resources::{get, sent},
};

/// Things with an identifier, a list of them, and what may be sent to create one or, if that is a list, several.
async fn things(id: &str, thing: &str, body: &str) -> Sandbox {
    let one = "content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}";
    let all = "content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Thing'}}, example: []}}";
    let created = match body.starts_with("{type: array") {
        true => all,
        false => one,
    };
    let document = format!(
        "
openapi: 3.1.0
info: {{title: Things, version: '1'}}
paths:
  /things:
    get:
      responses:
        '200': {{description: All., {all}}}
    post:
      requestBody: {{content: {{application/json: {{schema: {body}}}}}}}
      responses: {{'201': {{description: Created., {created}}}, '409': {{description: Taken.}}}}
  /things/{{{id}}}:
    parameters: [{{name: {id}, in: path, required: true, schema: {{}}}}]
    get: {{responses: {{'200': {{description: One., {one}}}}}}}
    patch:
      requestBody: {{content: {{application/json: {{schema: {{type: [object, array]}}}}}}}}
      responses: {{'200': {{description: Changed., {one}}}}}
components:
  schemas: {{Thing: {thing}}}
"
    );
    start_with(options(&document)).await
}

/// A sandbox of these paths, where `THING` is the content of a message with a thing, and `THINGS` and `TEXTS` of those with lists.
async fn paths(paths: &str) -> Sandbox {
    let paths = paths.replace(
        "THINGS",
        "application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Thing'}}}",
    );
    let paths = paths.replace(
        "TEXTS",
        "application/json: {schema: {type: array, items: {type: string}}}",
    );
    let paths = paths.replace(
        "THING",
        "application/json: {schema: {$ref: '#/components/schemas/Thing'}}",
    );
    let document = format!(
        "
openapi: 3.1.0
info: {{title: Things, version: '1'}}
paths:{paths}
components:
  schemas: {{Thing: {{type: object, required: [id], properties: {{id: {{type: integer}}, name: {{type: string}}, status: {{type: string}}}}}}}}
"
    );
    start_with(options(&document)).await
}

const PLAIN: &str =
    "{type: object, required: [id], properties: {id: {type: integer}, text: {type: string}}}";

#[tokio::test]
async fn a_list_of_texts_is_not_one_of_resources() {
    let sandbox = paths(
        "
  /tags:
    get: {responses: {'200': {description: All., content: {TEXTS}}}}
    post:
      requestBody: {content: {TEXTS}}
      responses: {'201': {description: Created., content: {TEXTS}}}
  /things/{thing}/tags:
    parameters: [{name: thing, in: path, required: true, schema: {type: integer}}]
    get: {responses: {'200': {description: All., content: {THINGS}}}}
    post:
      requestBody: {content: {application/json: {schema: {oneOf: [{type: object, properties: {tags: {type: array, items: {type: string}}}}, {type: array, items: {type: string}}]}}}}
      responses: {'200': {description: All., content: {THINGS}}}
    delete: {responses: {'204': {description: Deleted.}}}
",
    )
    .await;
    for path in ["/tags", "/things/1/tags"] {
        let created = sent(&sandbox, "POST", path, json!(["a", "b"])).await;
        assert_ne!(created.json(), json!([]), "{path}");
        assert_ne!(get(&sandbox, path).await.json(), json!([]), "{path}");
    }
}

#[tokio::test]
async fn what_is_below_the_only_resource_is_about_something_else() {
    let sandbox = paths(
        "
  /settings:
    get: {responses: {'200': {$ref: '#/paths/~1settings/put/responses/200'}}}
    put:
      requestBody: {content: {application/json: {schema: {type: object, properties: {theme: {type: string}}}}}}
      responses: {'200': {description: The settings., content: {application/json: {schema: {type: object, properties: {theme: {type: string}}}}}}}
  /settings/{action}:
    parameters: [{name: action, in: path, required: true, schema: {type: string}}]
    post: {responses: {'200': {description: Done., content: {application/json: {schema: {type: object, properties: {ok: {type: boolean}}}}}}}}
",
    )
    .await;
    let dark = json!({"theme": "dark"});
    let replaced = sent(&sandbox, "PUT", "/settings", dark.clone()).await;
    assert_eq!(replaced.json(), dark);
    assert_eq!(get(&sandbox, "/settings").await.json(), dark);
    let done = send(&sandbox, "POST", "/settings/reset", &[], "").await;
    assert!(done.json()["ok"].is_boolean(), "{done:?}");
}

#[tokio::test]
async fn one_resource_or_a_list_of_them_is_sent() {
    let body = format!("{{oneOf: [{PLAIN}, {{type: array, items: {PLAIN}}}]}}");
    let sandbox = things("id", PLAIN, &body).await;
    let one = json!({"id": 7, "text": "q"});
    let created = sent(&sandbox, "POST", "/things", one.clone()).await;
    assert_eq!((created.status, created.json()), (201, one.clone()));
    assert_eq!(get(&sandbox, "/things/7").await.json(), one);
    let two = json!([{"id": 8, "text": "r"}, {"id": 9, "text": "s"}]);
    let created = sent(&sandbox, "POST", "/things", two.clone()).await;
    assert_eq!(created.status, 201);
    assert_eq!(
        get(&sandbox, "/things").await.json(),
        json!([one, two[0], two[1]])
    );
}

#[tokio::test]
async fn a_list_is_not_taken_for_a_resource() {
    let sandbox = paths(
        "
  /things:
    post:
      requestBody: {content: {THINGS}}
      responses: {'201': {description: The first., content: {application/json: {schema: {type: object, properties: {errors: {type: array, items: {type: object}}, data: {$ref: '#/components/schemas/Thing'}}}, example: {errors: []}}}}}
    put:
      requestBody: {content: {THINGS}}
      responses: {'204': {description: Replaced.}}
    delete:
      requestBody: {content: {THINGS}}
      responses: {'204': {description: Deleted.}}
  /things/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
    get: {responses: {'200': {description: One., content: {THING}}}}
    patch:
      requestBody: {content: {THINGS}}
      responses: {'200': {description: Changed., content: {THING}}}
",
    )
    .await;
    let things = json!([{"id": 5, "name": "a", "status": "new"}]);
    let created = sent(&sandbox, "POST", "/things", things.clone()).await;
    let expected = json!({"errors": [], "data": things[0]});
    assert_eq!((created.status, created.json()), (201, expected));
    for (method, path, status) in [
        ("PUT", "/things", 204),
        ("DELETE", "/things", 204),
        ("PATCH", "/things/5", 200),
    ] {
        let reply = sent(&sandbox, method, path, things.clone()).await;
        assert_eq!(reply.status, status, "{method} {path}: {reply:?}");
    }
    assert_eq!(get(&sandbox, "/things/5").await.json(), things[0]);
}

#[tokio::test]
async fn one_resource_is_created_even_if_the_answer_is_a_list() {
    let sandbox = paths(
        "
  /things/:
    get: {responses: {'200': {description: All., content: {THINGS}}}}
    post:
      requestBody: {content: {THING}}
      responses: {'201': {description: Created., content: {THINGS}}}
  /groups:
    get: {responses: {'200': {$ref: '#/paths/~1groups/post/responses/201'}}}
    post:
      requestBody: {content: {application/json: {schema: {type: object, properties: {group: {$ref: '#/components/schemas/Thing'}}}}}}
      responses: {'201': {description: Created., content: {application/json: {schema: {type: object, properties: {group: {type: array, items: {$ref: '#/components/schemas/Thing'}}}}}}}}
",
    )
    .await;
    let thing = json!({"id": 7, "name": "a", "status": "new"});
    let created = sent(&sandbox, "POST", "/things/", thing.clone()).await;
    assert_eq!((created.status, created.json()), (201, json!([thing])));
    assert_eq!(get(&sandbox, "/things/").await.json()[1], thing);
    let created = sent(&sandbox, "POST", "/groups", json!({ "group": thing })).await;
    assert_eq!(created.json(), json!({"group": [thing]}));
    assert_eq!(get(&sandbox, "/groups").await.json()["group"][1], thing);
}

#[tokio::test]
async fn a_resource_is_where_its_location_says() {
    let sandbox = paths(
        "
  /things/:
    post:
      requestBody: {content: {THING}}
      responses: {'201': {description: Created., content: {THING}}}
  /things/{id}/:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
    get: {responses: {'200': {description: One., content: {THING}}}}
",
    )
    .await;
    let thing = json!({"id": 7, "name": "a", "status": "new"});
    let created = sent(&sandbox, "POST", "/things/", thing.clone()).await;
    let path = created.header("location").unwrap();
    let path = path.strip_prefix("http://sandbox").unwrap();
    assert_eq!(path, "/things/7/");
    assert_eq!(get(&sandbox, path).await.json(), thing);
}

#[tokio::test]
async fn a_list_is_created_as_a_whole_or_not_at_all() {
    let sandbox = things("id", PLAIN, &format!("{{type: array, items: {PLAIN}}}")).await;
    let known = json!([{"id": 1, "text": "a"}]);
    assert_eq!(
        sent(&sandbox, "POST", "/things", known.clone())
            .await
            .status,
        201
    );
    for taken in [
        json!([{"id": 2, "text": "b"}, {"id": 1, "text": "b"}]),
        json!([{"id": 3, "text": "b"}, {"id": 3, "text": "c"}]),
    ] {
        assert_eq!(sent(&sandbox, "POST", "/things", taken).await.status, 409);
        assert_eq!(get(&sandbox, "/things").await.json(), known);
    }
}

#[tokio::test]
async fn what_has_no_identifier_in_a_list_gets_one_that_the_others_do_not_have() {
    let thing = "{type: object, properties: {id: {type: integer}, text: {type: string}}}";
    let sandbox = things("id", thing, &format!("{{type: array, items: {thing}}}")).await;
    let list = json!([{"text": "a"}, {"id": 1, "text": "b"}, {"id": 5, "text": "c"}]);
    sent(&sandbox, "POST", "/things", list).await;
    sent(&sandbox, "POST", "/things", json!([{"text": "d"}])).await;
    let listed = get(&sandbox, "/things").await.json();
    let of = |name: &str| -> Vec<Value> {
        let things = listed.as_array().into_iter().flatten();
        things.map(|thing| thing[name].clone()).collect()
    };
    assert_eq!(
        (of("id"), of("text")),
        (
            vec![json!(2), json!(1), json!(5), json!(6)],
            vec![json!("a"), json!("b"), json!("c"), json!("d")]
        )
    );
}

#[tokio::test]
async fn a_resource_stays_in_the_list_if_a_member_does_not_fit() {
    for slug in [
        "{type: string, pattern: '^[a-z0-9-]+$'}",
        "{type: string, maxLength: 4}",
        "{type: integer}",
    ] {
        let thing = format!(
            "{{type: object, required: [slug, title], properties: {{slug: {slug}, title: {{type: string}}, size: {{type: integer}}}}}}"
        );
        let body = "{type: object, properties: {title: {type: string}, size: {type: integer, default: big}}}";
        let sandbox = things("slug", &thing, body).await;
        let created = sent(&sandbox, "POST", "/things", json!({"title": "Ünï Ünï"})).await;
        let listed = get(&sandbox, "/things").await.json();
        assert_eq!(
            (listed.as_array().map(Vec::len), &listed[0]["title"]),
            (Some(1), &json!("Ünï Ünï")),
            "{slug}"
        );
        let slug = match &created.json()["slug"] {
            Value::String(slug) => slug.clone(),
            slug => slug.to_string(),
        };
        let location = created.header("location").unwrap();
        assert!(
            location.ends_with(&format!("/things/{slug}")),
            "{location} {slug}"
        );
    }
}

#[tokio::test]
async fn an_object_in_a_resource_is_shown_as_far_as_it_fits() {
    let thing = "{type: object, required: [id, details], properties: {id: {type: integer}, details: {type: object, required: [url, at], properties: {url: {type: string}, at: {type: string, format: date-time}, size: {type: integer}}}}}";
    let sandbox = things("id", thing, "{type: object}").await;
    let body = json!({"id": 7, "details": {"url": "u"}});
    let created = sent(&sandbox, "POST", "/things", body).await.json();
    assert_eq!(
        (&created["id"], &created["details"]["url"]),
        (&json!(7), &json!("u"))
    );
    assert!(created["details"]["at"].is_string(), "{created}");
    assert_eq!(created["details"].get("size"), None);
    assert_eq!(get(&sandbox, "/things").await.json(), json!([created]));
}

#[tokio::test]
async fn a_default_belongs_to_what_holds_the_resource() {
    let held = "application/json: {schema: {type: object, required: [thing], properties: {thing: {type: object, additionalProperties: true, properties: {id: {type: integer}, title: {type: string}, lang: {type: string}}}}}}";
    let sandbox = paths(&"
  /things:
    post:
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                thing: {type: object, properties: {title: {type: string}, lang: {type: string, default: en}}}
                notify: {type: boolean, default: true}
      responses: {'201': {description: Created., content: {HELD}}}
  /things/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
    get: {responses: {'200': {description: One., content: {HELD}}}}
  /users:
    post:
      requestBody: {content: {application/json: {schema: {type: object, properties: {user: {$ref: '#/components/schemas/Thing'}}}}}}
      responses: {'201': {description: Created., content: {THING}}}
  /users/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
    get: {responses: {'200': {description: One., content: {THING}}}}
".replace("HELD", held))
    .await;
    for body in [
        json!({"thing": {"id": 7, "title": "q"}}),
        json!({"thing": {"id": 7, "title": "q"}, "notify": false}),
    ] {
        let created = sent(&sandbox, "POST", "/things", body).await;
        let held = json!({"thing": {"id": 7, "title": "q", "lang": "en"}});
        assert_eq!((created.status, created.json()), (201, held));
    }
    // The request holds the resource, and the response is the resource.
    let user = json!({"id": 7, "name": "Ada", "status": "new"});
    sent(&sandbox, "POST", "/users", json!({"user": user})).await;
    assert_eq!(get(&sandbox, "/users/7").await.json(), user);
}

#[tokio::test]
async fn a_change_does_not_change_the_identifier() {
    let sandbox = things("id", PLAIN, PLAIN).await;
    sent(&sandbox, "POST", "/things", json!({"id": 5, "text": "a"})).await;
    let patch = |value: Value| sent(&sandbox, "PATCH", "/things/5", value);
    let merged = patch(json!({"id": 6, "text": "b"})).await;
    assert_eq!(merged.json(), json!({"id": 5, "text": "b"}));
    let removed = patch(json!([{"op": "remove", "path": "/id"}])).await;
    assert_eq!(removed.json(), json!({"id": 5, "text": "b"}));
    assert_eq!(
        get(&sandbox, "/things").await.json(),
        json!([{"id": 5, "text": "b"}])
    );
}

/// As in the pet store.
const UPDATES: &str = "
  /things:
    post:
      requestBody: {content: {THING}}
      responses: {'201': {description: Created., content: {THING}}}
  /things/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
    get: {responses: {'200': {description: One., content: {THING}}}}
    post:
      parameters: [{name: name, in: query, schema: {type: string}}]
      responses: {'200': {description: Changed., content: {THING}}}
";

#[tokio::test]
async fn without_a_body_the_query_has_what_is_to_change() {
    let sandbox = paths(UPDATES).await;
    let thing = json!({"id": 5, "name": "a", "status": "new"});
    sent(&sandbox, "POST", "/things", thing).await;
    let changed = send(&sandbox, "POST", "/things/5?name=b&id=6&x=1", &[], "").await;
    let expected = json!({"id": 5, "name": "b", "status": "new"});
    assert_eq!((changed.status, changed.json()), (200, expected.clone()));
    assert_eq!(get(&sandbox, "/things/5").await.json(), expected);
    let missing = send(&sandbox, "POST", "/things/6?name=b", &[], "").await;
    assert_eq!(missing.status, 404);
}

#[tokio::test]
async fn a_post_to_a_resource_creates_it_if_nothing_else_does() {
    let listed = "content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Thing'}}, example: []}}";
    let creates = format!(
        "
  /things:
    get: {{responses: {{'200': {{description: All., {listed}}}}}}}
  /things/{{id}}:
    parameters: [{{name: id, in: path, required: true, schema: {{type: integer}}}}]
    get: {{responses: {{'200': {{description: One., content: {{THING}}}}}}}}
    post:
      requestBody: {{content: {{application/json: {{schema: {{}}}}}}}}
      responses: {{'200': {{description: Kept., content: {{THING}}}}}}
"
    );
    let sandbox = paths(&creates).await;
    let thing = json!({"id": 7, "name": "a", "status": "new"});
    let created = sent(&sandbox, "POST", "/things/7", thing.clone()).await;
    assert_eq!((created.status, created.json()), (200, thing.clone()));
    let changed = sent(&sandbox, "POST", "/things/7", json!({"name": "b"})).await;
    assert_eq!(
        (&changed.json()["name"], &changed.json()["status"]),
        (&json!("b"), &json!("new"))
    );
    // A text or a list says nothing about the resource.
    for other in [json!("a"), json!(["a"])] {
        let reply = sent(&sandbox, "POST", "/things/7", other).await;
        assert_eq!(reply.status, 200, "{reply:?}");
    }
    assert_eq!(
        get(&sandbox, "/things").await.json(),
        json!([changed.json()])
    );
}

#[tokio::test]
async fn a_version_can_only_be_named_if_there_is_one() {
    let shown = "{description: One., headers: {ETag: {schema: {type: string}}}, content: {THING}}";
    let versions = format!("
  /things/{{id}}:
    parameters: [{{name: id, in: path, required: true, schema: {{type: integer}}}}]
    get: {{responses: {{'200': {shown}}}}}
    put:
      requestBody: {{content: {{THING}}}}
      responses: {{'201': {shown}, '412': {{description: Another version.}}}}
    delete: {{responses: {{'204': {{description: Deleted., headers: {{ETag: {{schema: {{type: string}}}}}}}}, '412': {{description: Another version.}}}}}}
");
    let sandbox = paths(&versions).await;
    send(&sandbox, "DELETE", "/things/7", &[], "").await;
    let put = async |header: &str, value: &str| {
        let body = r#"{"id": 7}"#;
        send(&sandbox, "PUT", "/things/7", &[(header, value)], body).await
    };
    for value in ["*", "\"x\""] {
        assert_eq!(put("if-match", value).await.status, 412, "{value}");
    }
    let created = put("if-none-match", "*").await;
    assert_eq!(created.status, 201);
    let again = put("if-none-match", "*").await;
    assert_eq!(again.status, 412);
    let current = created.header("etag").unwrap();
    let headers = [("if-match", current)];
    let deleted = send(&sandbox, "DELETE", "/things/7", &headers, "").await;
    assert_eq!(deleted.status, 204);
    assert_ne!(deleted.header("etag"), Some(current));
}
