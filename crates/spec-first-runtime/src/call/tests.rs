use serde_json::json;

use super::*;
use crate::reply::ReadResult;
use crate::sample::{Update, client};
use crate::{Api, Credentials, HttpResponse, RetryPolicy, limits};

const ITEM: Parameter = Parameter::path("itemId");
const TOKEN: Parameter = Parameter::query("token").secret();
const PIN: Parameter = Parameter::header("X-Pin").secret();
const FILTER: Parameter = Parameter::query("filter").json();

/// A call with secrets in every place but the body.
fn with_secrets(client: &Client) -> Call {
    let mut call = Call::new::<Update>(client);
    call.text(const { &Parameter::path("itemId").secret() }, "in-the-path");
    call.text(const { &TOKEN }, "in the/query");
    call.parameter(
        const { &PIN },
        [Secret::from("in-the-header"), "too".into()],
    );
    call.parameter(
        const { &FILTER },
        json!({"authorization": ["in-an-object"], "open": "shown"}),
    );
    call
}

#[test]
fn a_request_that_is_shown_hides_its_secret_parameters() {
    let client = client(Credentials::api_key("API_KEY"));
    let shown = with_secrets(&client).prepare().unwrap();
    let url = shown.url();
    assert!(
        url.starts_with("http://127.0.0.1:1/v1/items/[redacted]?token=[redacted]&filter="),
        "{url}"
    );
    assert!(
        url.contains("shown") && !url.contains("in-an-object"),
        "{url}"
    );
    let mut headers = shown.headers();
    assert!(headers.any(|(name, value)| name == "x-pin" && value.is_none()));
    let secrets = shown.secrets();
    let secrets: Vec<_> = secrets.iter().map(Secret::expose).collect();
    assert_eq!(
        secrets,
        [
            "in-the-path",
            "in the/query",
            "in-the-header",
            "too",
            "in-an-object"
        ]
    );
}

#[test]
fn a_header_of_the_call_replaces_that_of_a_parameter() {
    let client = client(Credentials::api_key("API_KEY"));
    let mut call = with_secrets(&client);
    call.header("X-Pin", "1234");
    let request = call.build([0; 16]).unwrap();
    let sent: Vec<_> = request.headers().get_all("x-pin").iter().collect();
    assert_eq!(sent, ["1234"]);
}

/// The message of the error of a server that repeats what it received.
async fn echoed(fill: impl FnOnce(&mut Call)) -> String {
    let echo = |request: &HttpRequest| {
        let body = String::from_utf8_lossy(request.body()).into_owned();
        let headers = request.headers().map(|(name, _)| name.len()).sum::<usize>();
        HttpResponse::new(
            400,
            json!({"message": format!("{} {body} {headers}", request.url())}).to_string(),
        )
    };
    let client: Client = Client::builder(&crate::sample::API, Credentials::api_key("API_KEY"))
        .retry(RetryPolicy::never())
        .answer_with(echo)
        .build()
        .unwrap();
    let mut call = Call::new::<Update>(&client);
    call.text(const { &ITEM }, "ITEM");
    fill(&mut call);
    let error = call.send::<Update>().await.unwrap_err();
    format!("{error} {error:?}")
}

#[tokio::test]
async fn no_error_shows_a_secret_that_was_sent() {
    let form =
        echoed(|call| call.form(&json!({"user": "ada", "authorization": "hunter2 x"}), &[])).await;
    assert!(
        form.contains("user=ada") && !form.contains("hunter2"),
        "{form}"
    );
    let part = |value| Part::value(&value).unwrap().unwrap();
    let parts = [
        ("authorization", part(json!("hunter2"))),
        (
            "nested",
            part(json!({"authorization": ["hunter3"], "note": "seen"})),
        ),
    ];
    let multipart = echoed(|call| call.multipart("multipart/form-data", &parts, &[])).await;
    assert!(multipart.contains("seen"), "{multipart}");
    assert!(!multipart.contains("hunter"), "{multipart}");
    let query = echoed(|call| call.text(const { &TOKEN }, "hunter2")).await;
    assert!(
        query.contains("token=") && !query.contains("hunter2"),
        "{query}"
    );
}

static TOKENS: Api = Api::new(crate::package!())
    .servers(&["https://api.example.com"])
    .operations(&[Operation::new("set_token", "PUT", "/token")
        .accept("application/json；charset=utf-8")
        .secret_body()]);

#[derive(Clone)]
struct SetToken(Call);

impl OperationCall for SetToken {
    type Value = Bytes;
    const API: &'static Api = &TOKENS;
    const INDEX: usize = 0;

    fn into_call(self) -> Call {
        self.0
    }

    fn read(answer: &Answer<'_>) -> ReadResult<Bytes> {
        answer.bytes()
    }
}

#[tokio::test]
async fn no_error_shows_any_part_of_a_secret_body() {
    let client: Client = Client::builder(&TOKENS, Credentials::none())
        .answer_with(|request| {
            assert_eq!(request.secrets(), [Secret::from("hunter2 x")]);
            HttpResponse::new(400, request.body())
        })
        .build()
        .unwrap();
    let mut call = Call::new::<SetToken>(&client);
    call.body("text/plain", Secret::from("hunter2 x"));
    let prepared = call.clone().prepare().unwrap();
    assert_eq!(prepared.secrets(), [Secret::from("hunter2 x")]);
    let error = call.send::<SetToken>().await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "the API answered with status 400: [redacted]"
    );
}

#[test]
fn a_media_type_that_is_not_ascii_is_asked_for_as_it_is() {
    let client: Client = Client::builder(&TOKENS, Credentials::none())
        .build()
        .unwrap();
    let request = Call::new::<SetToken>(&client).build([0; 16]).unwrap();
    let accept = request.headers()[ACCEPT].as_bytes();
    assert_eq!(accept, "application/json；charset=utf-8".as_bytes());
    let mut call = Call::new::<SetToken>(&client);
    call.rare().accept = Some("text/csv\n");
    let refused = call.prepare().unwrap_err().to_string();
    assert_eq!(
        refused,
        "the media type cannot be used: no header can carry it"
    );
}

#[test]
fn a_part_as_the_body_has_a_media_type_of_the_document() {
    let send = |part: Part| |call: &mut Call| call.part(part, "image/*");
    check_refused(send(Part::bytes(*b"x").media_type("image/png")), "");
    check_refused(
        send(Part::bytes(*b"x")),
        "the media type cannot be used: the document describes image/*, not `application/octet-stream`",
    );
}

#[track_caller]
fn check_refused(fill: impl FnOnce(&mut Call), expected: &str) {
    let client = client(Credentials::api_key("API_KEY"));
    let mut call = Call::new::<Update>(&client);
    call.text(const { &ITEM }, "ITEM");
    fill(&mut call);
    let prepared = call.prepare();
    let refused = prepared.err().map(|error| error.to_string());
    assert_eq!(refused.unwrap_or_default(), expected);
}

#[test]
fn a_body_has_the_members_that_the_document_demands() {
    let sent = |body, least| {
        move |call: &mut Call| {
            call.json("application/json", &body);
            call.require_members(least);
        }
    };
    check_refused(
        sent(json!({}), 1),
        "the body cannot be used: no member of it is set",
    );
    check_refused(sent(json!({"a": null}), 1), "");
    check_refused(
        sent(json!({"a": 1}), 2),
        "the body cannot be used: 1 of at least 2 members are set",
    );
    check_refused(sent(json!({"a": 1, "b": {}}), 2), "");
    check_refused(
        |call| call.require_members(1),
        "the body cannot be used: no member of it is set",
    );
    let form = |least| {
        move |call: &mut Call| {
            call.form(
                &json!({"a": [1, 2], "b": {"c": 1, "d": 2}, "e": null}),
                &[("b", FormStyle::Deep)],
            );
            call.require_members(least);
        }
    };
    check_refused(form(2), "");
    check_refused(
        form(3),
        "the body cannot be used: 2 of at least 3 members are set",
    );
    // It replaces what is missing.
    let raw = |call: &mut Call| {
        call.raw_body("text/plain", Vec::new(), &["text/*"]);
        call.require_members(1);
        call.multipart("multipart/form-data", &[], &["file"]);
    };
    check_refused(raw, "");
}

#[test]
fn a_form_has_the_parts_that_the_document_demands() {
    let parts = &[("note", Part::bytes(*b"x"))];
    let send = |required: &'static [&'static str]| {
        move |call: &mut Call| call.multipart("multipart/form-data", parts, required)
    };
    check_refused(send(&["note"]), "");
    check_refused(
        send(&["note", "file"]),
        "the file cannot be used: it is required in this form",
    );
}

#[test]
fn a_part_is_within_the_limits_of_the_document() {
    let write =
        |text: &str| Part::value_within(&text, Some(limits!(r#"{"maxLength": 3}"#))).map(|_| ());
    assert_eq!(
        write("four"),
        Err("it has more than 3 characters".to_owned())
    );
    assert_eq!(write("yes"), Ok(()));
}

#[test]
fn another_body_has_a_media_type_of_the_document() {
    let send = |media_type, described: &'static [&'static str]| {
        move |call: &mut Call| {
            call.raw_body(media_type, b"x".to_vec(), described);
        }
    };
    check_refused(send("text/xml; charset=utf-8", &["Text/XML"]), "");
    check_refused(send("image/png", &["text/xml", "image/*"]), "");
    check_refused(send("a/b", &["*/*"]), "");
    check_refused(send("application/a+json", &["application/*+json"]), "");
    check_refused(
        send("text/csv", &["text/xml", "image/*"]),
        "the media type cannot be used: the document describes text/xml, image/*, not `text/csv`",
    );
}

#[derive(Debug, PartialEq)]
pub(crate) enum Representation {
    Text(String),
    Other(Bytes),
}

impl Negotiated for Update {
    type Representation = Representation;

    fn read_representation(answer: &Answer<'_>) -> ReadResult<Representation> {
        match answer.is("text/*") {
            true => Ok(answer.text()?.map(Representation::Text)),
            false => Ok(answer.bytes()?.map(Representation::Other)),
        }
    }
}

#[tokio::test]
async fn a_reply_can_have_another_media_type_of_the_document() {
    let client: Client = Client::builder(&crate::sample::API, Credentials::api_key("API_KEY"))
        .answer_with(|request| {
            let mut headers = request.headers();
            let (_, accept) = headers.find(|(name, _)| *name == "accept").unwrap();
            let accept = std::str::from_utf8(accept.unwrap_or_default()).unwrap();
            HttpResponse::new(200, accept)
                .with_header("content-type", accept)
                .unwrap()
        })
        .build()
        .unwrap();
    let accept = |media_type| {
        let mut call = Call::new::<Update>(&client);
        call.text(const { &ITEM }, "ITEM");
        Accept::new(Update { call }, media_type, &["text/csv", "image/*"])
    };
    let text = accept("text/csv").await.unwrap();
    assert_eq!(*text, Representation::Text("text/csv".to_owned()));
    let other = accept("image/gif").send().await.unwrap();
    assert_eq!(*other, Representation::Other(Bytes::from("image/gif")));
    let refused = accept("text/plain").prepare().unwrap_err().to_string();
    assert!(
        refused.ends_with("describes text/csv, image/*, not `text/plain`"),
        "{refused}"
    );
}

#[test]
fn a_header_for_cookies_is_one_with_the_others() {
    let client = client(Credentials::api_key("API_KEY"));
    let mut call = Call::new::<Update>(&client);
    call.text(const { &ITEM }, "ITEM");
    call.text(const { &Parameter::cookie("seen") }, "1");
    call.text(const { &Parameter::header("Cookie") }, "a=b; c=d");
    let request = call.build([0; 16]).unwrap();
    assert_eq!(request.headers()["cookie"], "seen=1; a=b; c=d");
}
