//! Faults, as seen over a socket.

use std::fmt::Write;

use serde_json::json;
use spec_first_sandbox::Options;
use test_support::http::{Seen, see};

use crate::http::start_with;

/// Every kind of fault in each of its forms.
const FAULTS: [&str; 29] = [
    "latency=1ms",
    "latency=600s",
    "status=503",
    "status=429 retry-after=2",
    "status=503 retry-after=date:2 performed=yes",
    "html",
    "html=504 retry-after=2",
    "redirect=https://other.example/",
    "reset=before",
    "reset=before performed=no",
    "reset=middle",
    "close=before",
    "close=middle",
    "stall=before",
    "stall=middle",
    "truncated",
    "truncated=chunked",
    "oversize=1",
    "content-type=text/plain",
    "empty",
    "not-json",
    "invalid-utf8",
    "compressed",
    "mixed",
    "unknown-enum",
    "null=kind",
    "null=absent",
    "latency=1ms reset=middle",
    "status=503 probability=0",
];

/// A document that the sandbox has no code for.
fn document() -> String {
    json!({
        "openapi": "3.0.3",
        "info": {"title": "Things", "version": "1"},
        "paths": {"/things/{id}": {"get": {
            "operationId": "read_thing",
            "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}],
            "responses": {
                "200": {"description": "It.", "content": {"application/json": {
                    "schema": {"type": "object", "properties": {
                        "kind": {"$ref": "#/components/schemas/Kind"},
                        "thing": {"type": "object", "properties": {"kind": {"$ref": "#/components/schemas/Kind"}}},
                    }},
                    "examples": {
                        "flat": {"value": {"kind": "small", "note": "kept"}},
                        "wrapped": {"value": {"thing": {"kind": "large"}}},
                    },
                }}},
                "429": {"description": "Too often.", "content": {"application/json": {
                    "schema": {"type": "object"},
                    "example": {"slow": "down"},
                }}},
            },
        }}},
        "components": {"schemas": {"Kind": {"type": "string", "enum": ["small", "large"]}}},
    })
    .to_string()
}

/// The bytes as lines, without the parts that vary.
fn show(seen: &Seen) -> String {
    let text = String::from_utf8_lossy(&seen.bytes);
    let mut lines = String::new();
    for line in text
        .split("\r\n")
        .filter(|line| !line.starts_with("date: "))
    {
        let line = match line.strip_suffix(" GMT") {
            Some(_) => "retry-after: [a date]",
            None => line,
        };
        let spaces = line.len() - line.trim_start_matches(' ').len();
        match spaces {
            0 => writeln!(lines, "  | {}", line.trim_end().replace('\n', "\n  | ")),
            _ => writeln!(
                lines,
                "  | [{spaces} spaces]{}",
                line.trim_start_matches(' ')
            ),
        }
        .unwrap();
    }
    lines
}

#[tokio::test]
async fn each_fault_has_the_documented_effect_on_the_wire() {
    let sandbox = start_with(Options::new("things.json", document())).await;
    let mut seen = String::new();
    for fault in FAULTS {
        let request = format!(
            "GET /things/a HTTP/1.1\r\nHost: sandbox\r\nConnection: close\r\nX-Sandbox-Fault: {fault}\r\n\r\n"
        );
        let bytes = see(sandbox.address(), &request).await;
        let received = sandbox.received().pop().unwrap();
        let recorded = received.fault.as_deref().unwrap_or("no fault");
        writeln!(seen, "{fault}: {}; record: {recorded}", bytes.end).unwrap();
        for problem in &received.problems {
            writeln!(seen, "  problem: {problem}").unwrap();
        }
        seen += &show(&bytes);
    }
    // Neither a client that disconnects early nor a response that a fault alters is a bug in the sandbox.
    assert_eq!(sandbox.nonconforming_responses(), 0);
    insta::assert_snapshot!(seen);
}
