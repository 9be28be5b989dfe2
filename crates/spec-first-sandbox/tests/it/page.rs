//! The page as a program sees it: the files, how they are served, and what they may do in a browser.

use std::{collections::BTreeSet, io::Read};

use flate2::read::GzDecoder;
use spec_first_sandbox::{Options, Sandbox};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::http::{Reply, send, send_bytes, start_with};

/// The files of Swagger UI.
const PACKED: [&str; 3] = [
    "/_sandbox/page/swagger-ui.js",
    "/_sandbox/page/swagger-ui.css",
    "/_sandbox/page/swagger-ui-license.txt",
];

async fn start() -> Sandbox {
    let document = "openapi: 3.0.3\ninfo: {title: Nothing, version: '1'}\npaths: {}\n";
    start_with(Options::new("nothing.yaml", document)).await
}

/// A file as a browser shows it: those of Swagger UI are compressed.
async fn get(sandbox: &Sandbox, target: &str) -> Reply {
    if !PACKED.contains(&target) {
        return send(sandbox, "GET", target, &[], "").await;
    }
    let mut stream = TcpStream::connect(sandbox.address()).await.unwrap();
    let request = format!("GET {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut received = Vec::new();
    stream.read_to_end(&mut received).await.unwrap();
    let mut bytes = received.windows(4);
    let end = bytes.position(|bytes| bytes == b"\r\n\r\n").unwrap();
    let mut reply = Reply {
        status: 200,
        head: String::from_utf8(received[..end].to_vec()).unwrap(),
        body: String::new(),
    };
    assert!(reply.head.starts_with("HTTP/1.1 200 "), "{reply:?}");
    assert_eq!(reply.header("content-encoding"), Some("gzip"), "{target}");
    let mut unpacked = GzDecoder::new(&received[end + 4..]);
    unpacked.read_to_string(&mut reply.body).unwrap();
    reply
}

/// Every file of the page, found by following the references in each.
async fn files(sandbox: &Sandbox) -> Vec<(String, Reply)> {
    let mut known = BTreeSet::from(["/".to_owned()]);
    let mut waiting: Vec<String> = known.iter().cloned().collect();
    let mut files = Vec::new();
    while let Some(target) = waiting.pop() {
        let reply = get(sandbox, &target).await;
        assert_eq!(reply.status, 200, "{target}");
        if !PACKED.contains(&target.as_str()) {
            for name in named(&reply.body) {
                if known.insert(name.clone()) {
                    waiting.push(name);
                }
            }
        }
        files.push((target, reply));
    }
    files
}

/// The files of the page that a file names in quotes.
fn named(text: &str) -> impl Iterator<Item = String> {
    text.split(['"', '\'']).filter_map(|quoted| {
        let name = quoted
            .strip_prefix("./")
            .or_else(|| quoted.strip_prefix("/_sandbox/page/"))?;
        Some(format!("/_sandbox/page/{name}"))
    })
}

#[tokio::test]
async fn an_api_without_forms_shows_none() {
    let sandbox = start().await;
    let index = test_support::http::control(sandbox.address(), "GET", "/", "").await;
    assert_eq!(index.json()["forms"], serde_json::json!([]));
}

#[tokio::test]
async fn what_is_wrong_with_the_document_and_its_title_are_in_the_control_api() {
    let document =
        "openapi: 3.0.3\ninfo: {title: Flawed, version: '1'}\npaths: {}\nsecurity: [{none: []}]\n";
    let sandbox = start_with(Options::new("flawed.yaml", document)).await;
    let control = async |path| {
        let reply = test_support::http::control(sandbox.address(), "GET", path, "").await;
        reply.json()
    };
    assert_eq!(control("/").await["title"], "Flawed");
    let flaws = control("/flaws").await["flaws"].clone();
    assert_eq!(flaws.as_array().unwrap().len(), 1, "{flaws}");
    let text = flaws[0]["flaw"].as_str().unwrap();
    assert!(text.starts_with("flawed.yaml:4:"), "{text}");
    assert!(flaws[0]["help"].is_string(), "{flaws}");
}

#[tokio::test]
async fn every_file_is_served_with_a_strict_content_security_policy() {
    let sandbox = start().await;
    let files = files(&sandbox).await;
    for name in PACKED
        .iter()
        .chain(&["/_sandbox/page/requests.js", "/_sandbox/page/icon.svg"])
    {
        assert!(files.iter().any(|(target, _)| target == name), "{name}");
    }
    for (target, reply) in &files {
        let policy = reply.header("content-security-policy").unwrap_or_default();
        for directive in [
            "default-src 'none'",
            "script-src 'self'",
            "connect-src 'self'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
            "form-action 'none'",
        ] {
            assert!(
                policy.split(';').any(|given| given.trim() == directive),
                "{target}: {policy}"
            );
        }
        assert!(!policy.contains("unsafe"), "{target}: {policy}");
        assert_eq!(reply.header("x-frame-options"), Some("DENY"), "{target}");
        assert_eq!(
            reply.header("x-content-type-options"),
            Some("nosniff"),
            "{target}"
        );
        assert_eq!(
            reply.header("referrer-policy"),
            Some("no-referrer"),
            "{target}"
        );
        assert!(reply.header("content-type").is_some(), "{target}");
    }
    assert!(sandbox.received().is_empty());
}

#[tokio::test]
async fn its_scripts_do_not_turn_text_into_markup() {
    let sandbox = start().await;
    for (target, reply) in files(&sandbox).await {
        if PACKED.contains(&target.as_str()) {
            continue;
        }
        for forbidden in [
            "innerHTML",
            "outerHTML",
            "insertAdjacentHTML",
            "document.write",
            "DOMParser",
            "eval(",
            "http://",
            "https://",
        ] {
            let text = reply.body.replace("http://www.w3.org/2000/svg", "");
            assert!(!text.contains(forbidden), "{target} has {forbidden}");
        }
    }
}

#[tokio::test]
async fn other_paths_are_not_affected_by_the_page() {
    let sandbox = start().await;
    assert_eq!(send(&sandbox, "POST", "/", &[], "{}").await.status, 404);
    assert_eq!(sandbox.received().len(), 1);
    let request =
        "GET /_sandbox/page/nothing HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    let unknown = send_bytes(&sandbox, request.as_bytes()).await;
    assert_eq!(unknown.status, 404);
    assert!(unknown.json()["help"].is_string());
}

#[tokio::test]
async fn a_document_that_defines_the_root_replaces_the_page_there() {
    let document = r#"{"openapi": "3.0.3", "info": {"title": "Root", "version": "1"}, "paths": {"/": {"get": {
        "responses": {"200": {"description": "fine", "content": {"application/json": {"example": {"isRoot": true}}}}}}}}}"#;
    let sandbox = start_with(Options::new("root.json", document)).await;
    assert_eq!(get(&sandbox, "/").await.json()["isRoot"], true);
    let page = get(&sandbox, "/_sandbox/page/").await;
    assert!(page.body.contains("id=\"request-list\""), "{page:?}");
}
