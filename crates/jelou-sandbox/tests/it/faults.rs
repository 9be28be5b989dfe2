//! Faults, as seen over a socket.

use std::{fmt::Write, time::Duration};

use jelou_sandbox::{Options, Sandbox, Scenario, StartError};
use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

use crate::{
    control::control,
    http::{BODY, KEY, PATH, patch, send, start, start_with},
};

/// How long a test waits for something that must not happen. Passing does not depend on it.
const SILENCE: Duration = Duration::from_millis(200);

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

/// What a client sees, and how it ends.
struct Seen {
    bytes: Vec<u8>,
    end: &'static str,
}

impl Seen {
    /// The status, or how the connection ended.
    fn verdict(&self) -> String {
        let status = self.bytes.get(9..12);
        status.map_or_else(
            || self.end.to_owned(),
            |status| String::from_utf8_lossy(status).into_owned(),
        )
    }
}

/// Sends a request, and reads until the connection ends or nothing more arrives.
async fn see(sandbox: &Sandbox, request: &str) -> Seen {
    let mut stream = TcpStream::connect(sandbox.address()).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut bytes = Vec::new();
    let end = loop {
        let ends = request.contains("stall=") || request.contains("latency=600s");
        let patience = if ends {
            SILENCE
        } else {
            Duration::from_secs(60)
        };
        match timeout(patience, stream.read_buf(&mut bytes)).await {
            Err(_) => break "silence",
            Ok(Ok(0)) => break "closed",
            Ok(Ok(_)) => {}
            Ok(Err(error)) if error.kind() == std::io::ErrorKind::ConnectionReset => break "reset",
            Ok(Err(error)) => panic!("{error}"),
        }
    };
    Seen { bytes, end }
}

/// Sends an update of `PROJECT_ID`.
async fn see_update(sandbox: &Sandbox, fault: Option<&str>) -> Seen {
    let header = fault.map_or_else(String::new, |fault| format!("X-Sandbox-Fault: {fault}\r\n"));
    let request = format!(
        "PATCH {PATH} HTTP/1.1\r\nHost: sandbox\r\nConnection: close\r\n{}: {}\r\n{header}\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{BODY}",
        KEY.0,
        KEY.1,
        BODY.len(),
    );
    see(sandbox, &request).await
}

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
    let sandbox = start_with(Options::default().document("things.json", document())).await;
    let mut seen = String::new();
    for fault in FAULTS {
        let request = format!(
            "GET /things/a HTTP/1.1\r\nHost: sandbox\r\nConnection: close\r\nX-Sandbox-Fault: {fault}\r\n\r\n"
        );
        let bytes = see(&sandbox, &request).await;
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

#[tokio::test]
async fn the_state_is_changed_before_the_fault_applies_or_not_at_all() {
    for (fault, is_changed) in [
        ("status=503", false),
        ("status=503 performed=yes", true),
        ("html performed=yes", true),
        ("reset=before", true),
        ("reset=before performed=no", false),
        ("close=before performed=no", false),
        ("empty performed=no", false),
        ("truncated", true),
    ] {
        let sandbox = start().await;
        see_update(&sandbox, Some(fault)).await;
        let integration = sandbox.integration("PROJECT_ID").await.unwrap().unwrap();
        let is_moved = integration.webhook_url().ends_with("/jelou-v2");
        assert_eq!(is_moved, is_changed, "{fault}");
        let effect = if is_changed {
            "performed"
        } else {
            "not performed"
        };
        let recorded = sandbox.received()[0].fault.clone();
        assert_eq!(
            recorded.unwrap(),
            format!("{} ({effect})", canonical(fault))
        );
    }
}

/// A fault as shown in the record.
fn canonical(fault: &str) -> String {
    let fault: jelou_sandbox::Fault = fault.parse().unwrap();
    fault.to_string()
}

#[tokio::test]
async fn a_rejected_request_is_not_recorded_as_performed() {
    let sandbox = start_with(
        Options::default()
            .integration("PROJECT_ID")
            .fault("html performed=yes".parse().unwrap()),
    )
    .await;
    let reply = patch(&sandbox, r#"{"webhookUrl":7}"#).await;
    assert_eq!(reply.status, 502);
    let received = sandbox.received().pop().unwrap();
    assert_eq!(
        received.fault.as_deref(),
        Some("html=502 performed=yes (refused)")
    );
    assert!(received.problems[0].contains("webhookUrl"), "{received:?}");
}

#[tokio::test]
async fn a_fault_in_the_options_applies_unless_a_request_opts_out() {
    let options = Options::default()
        .integration("PROJECT_ID")
        .fault("status=503".parse().unwrap());
    let sandbox = start_with(options).await;
    assert_eq!(patch(&sandbox, BODY).await.status, 503);
    assert_eq!(see_update(&sandbox, Some("none")).await.verdict(), "200");
    assert_eq!(see_update(&sandbox, Some("reset")).await.verdict(), "reset");
    // Faults apply only to documented operations.
    let reply = send(&sandbox, "GET", "/other", &[], "").await;
    assert_eq!(reply.status, 404);
}

#[tokio::test]
async fn an_unknown_fault_is_rejected_with_the_available_ones() {
    let sandbox = start().await;
    let fault = |value| ("X-Sandbox-Fault", value);
    for (headers, expected) in [
        (
            vec![KEY, fault("explode")],
            "`x-sandbox-fault`: unknown fault `explode`; available: `latency=200ms`, `status=503`, ",
        ),
        (
            vec![KEY, fault("reset"), fault("stall")],
            "`x-sandbox-fault`: conflicting faults `reset=before` and `stall=before`; ",
        ),
        (
            vec![KEY, fault("")],
            "`x-sandbox-fault`: no fault given; available: `latency=200ms`, ",
        ),
    ] {
        let reply = send(&sandbox, "PATCH", PATH, &headers, BODY).await;
        assert_eq!(reply.status, 400);
        let message = reply.json()["message"][0].as_str().unwrap().to_owned();
        assert!(message.starts_with(expected), "{message}");
    }
    assert_eq!(sandbox.nonconforming_responses(), 0);
}

/// The faults that these updates meet, in order.
async fn meet(sandbox: &Sandbox, count: usize, fault: Option<&str>) -> String {
    let mut met = Vec::new();
    for _ in 0..count {
        met.push(see_update(sandbox, fault).await.verdict());
    }
    met.join(" ")
}

#[tokio::test]
async fn the_example_scenario_does_what_its_comments_say() {
    let text = include_str!("../../examples/faults.yaml");
    let scenario = Scenario::parse("examples/faults.yaml", text).unwrap();
    let start = || {
        let options = Options::default().integration("PROJECT_ID");
        start_with(options.scenario(scenario.clone()))
    };
    let sandbox = start().await;
    let met = meet(&sandbox, 12, None).await;
    insta::assert_snapshot!(met);
    assert_eq!(met, meet(&start().await, 12, None).await);
    // A reset restarts the run.
    sandbox.reset().await.unwrap();
    assert_eq!(met, meet(&sandbox, 12, None).await);
}

#[tokio::test]
async fn a_seeded_run_is_reproducible_over_several_connections() {
    let start = |seed| {
        let options = Options::default().integration("PROJECT_ID");
        let fault = "status=503 probability=0.5".parse().unwrap();
        start_with(options.fault(fault).fault_seed(seed))
    };
    let first = meet(&start(1).await, 24, None).await;
    assert_eq!(first, meet(&start(1).await, 24, None).await);
    assert_ne!(first, meet(&start(2).await, 24, None).await);

    let sandbox = start(1).await;
    let at_once = tokio::join!(
        meet(&sandbox, 8, None),
        meet(&sandbox, 8, None),
        meet(&sandbox, 8, None),
    );
    let applied = [&at_once.0, &at_once.1, &at_once.2].map(|met| met.matches("503").count());
    assert_eq!(
        applied.iter().sum::<usize>(),
        first.matches("503").count(),
        "{at_once:?}"
    );
}

#[tokio::test]
async fn a_seed_applies_to_faults_in_headers() {
    let fault = Some("status=503 probability=0.5");
    let seeded = |seed| {
        start_with(
            Options::default()
                .integration("PROJECT_ID")
                .fault_seed(seed),
        )
    };
    let first = meet(&seeded(1).await, 24, fault).await;
    assert_eq!(first, meet(&seeded(1).await, 24, fault).await);
    assert_ne!(first, meet(&seeded(2).await, 24, fault).await);
}

#[tokio::test]
async fn a_scenario_for_an_undocumented_operation_is_rejected() {
    let text = "version: 1\nrules:\n  - fault: reset\n    operation: updat_integration\n";
    let scenario = Scenario::parse("scenario.yaml", text).unwrap();
    let error = Sandbox::start(Options::default().scenario(scenario))
        .await
        .unwrap_err();
    let StartError::Scenario { help, .. } = &error else {
        panic!("{error}");
    };
    assert_eq!(
        error.to_string(),
        "invalid scenario: scenario.yaml:4:16: the document defines no operation `updat_integration`"
    );
    assert_eq!(help, "available: `update_integration`");

    let sandbox = start().await;
    let reply = control(&sandbox, "PUT", "/faults", text).await;
    assert_eq!(reply.status, 400, "{reply:?}");
    assert!(reply.body.contains("updat_integration"), "{reply:?}");
    assert_eq!(patch(&sandbox, BODY).await.status, 200);
}
