//! Faults, as seen over a socket.

use jelou_sandbox::{Options, Sandbox, Scenario, StartError};
use test_support::http::{Seen, see};

use crate::{
    control::control,
    http::{BODY, KEY, PATH, patch, send, start, start_with},
};

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
    see(sandbox.address(), &request).await
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
    assert!(
        help.starts_with("available: `close_conversation`, "),
        "{help}"
    );
    assert!(help.ends_with(", `update_integration`"), "{help}");

    let sandbox = start().await;
    let reply = control(&sandbox, "PUT", "/faults", text).await;
    assert_eq!(reply.status, 400, "{reply:?}");
    assert!(reply.body.contains("updat_integration"), "{reply:?}");
    assert_eq!(patch(&sandbox, BODY).await.status, 200);
}
