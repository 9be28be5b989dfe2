//! Successful responses as received, and what the client makes of them.

use std::fmt::Write;
use std::time::UNIX_EPOCH;

use insta::assert_snapshot;
use jelou_client::types::{AuthType, CurrentAuthType, Integration};
use jelou_client::{Error, Reply, Shape, Timestamp};

use crate::fixtures;
use crate::server::{Server, answer, json, move_webhook};

async fn update(body: &str) -> Result<Reply<Integration>, Error> {
    meet(json("200 OK", body)).await
}

async fn meet(response: String) -> Result<Reply<Integration>, Error> {
    let server = Server::answering(response).await;
    let client = server.client();
    move_webhook(&client).await
}

/// The response as received, and the value that was read from it.
async fn exchange(body: &str) -> String {
    let reply = update(body).await.unwrap();
    assert_eq!(reply.raw_json(), body);
    assert_eq!(reply.response().status(), 200);

    let mut text = format!("{}\n\n", json("200 OK", body).replace("\r\n", "\n"));
    let mut line = |name: &str, value: Option<String>| {
        writeln!(text, "{name}: {}", value.as_deref().unwrap_or("(nothing)")).unwrap();
    };
    let shape = match reply.shape() {
        Shape::Flat => "flat",
        Shape::Enveloped => "enveloped",
        Shape::Absent => "absent",
    };
    line("shape", Some(shape.to_owned()));
    line("id", reply.id.as_ref().map(ToString::to_string));
    line("brainId", reply.brain_id.as_ref().map(ToString::to_string));
    line("webhookUrl", reply.webhook_url.clone());
    line(
        "authType",
        reply.auth_type.as_ref().map(ToString::to_string),
    );
    line("createdAt", reply.created_at.as_ref().map(instant));
    line("updatedAt", reply.updated_at.as_ref().map(instant));
    text
}

fn instant(timestamp: &Timestamp) -> String {
    let since = timestamp
        .instant()
        .map(|instant| instant.duration_since(UNIX_EPOCH).unwrap().as_millis());
    match since {
        Some(milliseconds) => format!("{timestamp} ({milliseconds} ms after the epoch)"),
        None => format!("{timestamp} (no instant)"),
    }
}

#[tokio::test]
async fn a_flat_reply_is_read() {
    assert_snapshot!(exchange(fixtures::FLAT).await);
}

#[tokio::test]
async fn an_enveloped_reply_is_read() {
    assert_snapshot!(exchange(fixtures::ENVELOPED).await);
}

#[tokio::test]
async fn data_wins_over_the_fields_beside_it() {
    let reply = update(fixtures::BOTH_SHAPES).await.unwrap();
    assert_eq!(reply.shape(), Shape::Enveloped);
    assert_eq!(reply.id.as_ref().unwrap().as_str(), "INNER");
}

#[tokio::test]
async fn absent_and_null_fields_read_as_nothing() {
    for body in [
        r#"{"id":null}"#,
        r#"{"data":{"id":null}}"#,
        fixtures::TOLERATED[0],
    ] {
        let integration = update(body).await.unwrap().into_value();
        let Integration {
            auth_type,
            brain_id,
            created_at,
            id,
            updated_at,
            webhook_url,
        } = integration;
        assert!(
            auth_type.is_none() && brain_id.is_none() && created_at.is_none(),
            "{body}"
        );
        assert!(
            id.is_none() && updated_at.is_none() && webhook_url.is_none(),
            "{body}"
        );
    }
}

#[tokio::test]
async fn both_spellings_of_an_instant_are_right_and_kept() {
    let with = update(r#"{"createdAt":"2026-01-15T10:30:00.000Z"}"#)
        .await
        .unwrap();
    let without = update(r#"{"createdAt":"2026-01-15T10:30:00Z"}"#)
        .await
        .unwrap();
    let (with, without) = (
        with.created_at.as_ref().unwrap(),
        without.created_at.as_ref().unwrap(),
    );
    assert_eq!(with.instant(), without.instant());
    assert_eq!(
        instant(with),
        "2026-01-15T10:30:00.000Z (1768473000000 ms after the epoch)"
    );
    assert_eq!(without.as_str(), "2026-01-15T10:30:00Z");

    let unreadable = update(fixtures::TOLERATED[1]).await.unwrap();
    assert_eq!(
        instant(unreadable.updated_at.as_ref().unwrap()),
        "yesterday (no instant)"
    );
}

#[tokio::test]
async fn an_undocumented_auth_type_is_read() {
    let reply = update(fixtures::UNDOCUMENTED_AUTH_TYPE).await.unwrap();
    let text = CurrentAuthType::String("hmac_sha256".to_owned());
    assert_eq!(reply.auth_type, Some(text));
    let reply = update(fixtures::FLAT).await.unwrap();
    assert_eq!(reply.auth_type, Some(AuthType::Bearer.into()));
}

#[tokio::test]
async fn any_text_is_read_as_the_current_webhook_url() {
    let reply = update(fixtures::ANY_WEBHOOK_URL).await.unwrap();
    assert_eq!(
        reply.webhook_url.as_deref(),
        Some("http://10.0.0.1/old panel")
    );
}

#[tokio::test]
async fn a_reply_with_another_url_is_taken_as_it_is() {
    let reply = update(fixtures::OTHER_WEBHOOK_URL).await.unwrap();
    assert_eq!(
        reply.webhook_url.as_deref(),
        Some("https://my-system.com/webhook/jelou")
    );
}

#[tokio::test]
async fn what_the_client_does_not_know_stays_in_the_raw_reply() {
    let reply = update(fixtures::UNKNOWN_FIELDS).await.unwrap();
    assert_eq!(reply.id.as_ref().unwrap().as_str(), "INTEGRATION_ID");
    assert_snapshot!(reply.raw_json(), @r#"{"traceId":"TRACE","status":1,"data":{"id":"INTEGRATION_ID","region":{"name":"us-east"}}}"#);
}

#[tokio::test]
async fn an_envelope_that_reports_failure_is_an_error() {
    for body in [
        r#"{"message":["no"],"statusMessage":"failed","status":0}"#,
        r#"{"message":["no"],"statusMessage":"failed","status":0,"data":{}}"#,
        r#"{"message":"no","statusMessage":"failed","data":{}}"#,
        r#"{"message":"no","status":2,"statusMessage":"success","data":{}}"#,
        r#"{"message":"no","status":-1}"#,
        r#"{"message":"no","id":"INTEGRATION_ID","status":2}"#,
        r#"{"message":"no","error":{}}"#,
    ] {
        let error = update(body).await.unwrap_err();
        assert!(matches!(&error, Error::Api(_)), "{error:?}");
        assert_eq!(error.to_string(), "the API answered with status 200: no");
        assert_eq!(error.response().unwrap().body(), body.as_bytes());
    }
}

/// `spec-first-runtime` tests each rule in `reply/outcome.rs`.
#[tokio::test]
async fn a_success_whose_body_says_otherwise_is_an_error() {
    for body in [
        "{}",
        r#"{"data":{}}"#,
        r#"{"data":{"error":"no"}}"#,
        r#"{"message":"no"}"#,
        r#"{"code":401,"message":"no"}"#,
        r#"{"status":"error","message":"no"}"#,
        r#"{"status":"0","message":["no"],"data":{"id":"INTEGRATION_ID"}}"#,
        r#"{"success":false,"data":{"id":"INTEGRATION_ID"}}"#,
        r#"{"ok":false,"id":"INTEGRATION_ID"}"#,
        r#"{"errors":[{"message":"no"}],"id":"INTEGRATION_ID"}"#,
        r#"{"error":{"code":7},"status":1,"data":{"id":"INTEGRATION_ID"}}"#,
    ] {
        let error = update(body).await.unwrap_err();
        assert!(matches!(&error, Error::Api(_)), "{body}: {error:?}");
        assert_eq!(error.status(), Some(200));
        assert!(error.may_have_been_applied(), "{body}");
        assert!(error.hint().contains("its body does not"), "{body}");
    }
}

#[tokio::test]
async fn a_success_without_an_integration_says_so() {
    for response in [
        answer("204 No Content", "", ""),
        answer("201 Created", "", ""),
        answer("202 Accepted", "", ""),
        answer("202 Accepted", "content-type: text/plain\r\n", "Accepted"),
        json("202 Accepted", r#"{"jobId":"JOB_ID"}"#),
        json("202 Accepted", "{}"),
        json(
            "200 OK",
            r#"{"status":1,"statusMessage":"success","message":["done"]}"#,
        ),
        json("200 OK", r#"{"status":1,"data":{}}"#),
    ] {
        let reply = meet(response.clone()).await.unwrap();
        assert_eq!(reply.shape(), Shape::Absent, "{response}");
        assert!(!reply.has_value());
        assert_eq!(reply.id, None);
        let (_, body) = response.split_once("\r\n\r\n").unwrap();
        assert_eq!(reply.raw_json(), body);
    }
}

#[tokio::test]
async fn every_status_of_success_is_one() {
    for status in ["201 Created", "202 Accepted", "299 Anything"] {
        for (body, shape) in [
            (fixtures::FLAT, Shape::Flat),
            (fixtures::ENVELOPED, Shape::Enveloped),
        ] {
            let reply = meet(json(status, body)).await.unwrap();
            assert_eq!(reply.shape(), shape, "{status}");
            assert!(reply.has_value() && reply.webhook_url.is_some(), "{status}");
        }
        let failure = meet(json(status, r#"{"status":0,"message":"no"}"#)).await;
        assert!(matches!(failure, Err(Error::Api(_))), "{failure:?}");
        let other_type = meet(json(status, r#"{"id":7}"#)).await;
        assert!(
            matches!(other_type, Err(Error::UnreadableReply { .. })),
            "{other_type:?}"
        );
    }
}

#[tokio::test]
async fn what_is_unknown_is_skipped_whatever_it_is() {
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    for unknown in [
        r#""x":1e999999"#.to_owned(),
        format!(r#""x":-{}.5"#, "9".repeat(1000)),
        format!(r#""x":{deep}"#),
        r#""x":"\ud800""#.to_owned(),
        r#""\ud800":0"#.to_owned(),
        r#""x":1,"x":2"#.to_owned(),
    ] {
        for body in [
            format!(r#"{{{unknown},"id":"INTEGRATION_ID"}}"#),
            format!(r#"{{{unknown},"data":{{"id":"INTEGRATION_ID"}}}}"#),
            format!(r#"{{"data":{{"id":"INTEGRATION_ID",{unknown}}}}}"#),
        ] {
            let reply = update(&body).await.unwrap();
            assert_eq!(reply.id.as_ref().unwrap().as_str(), "INTEGRATION_ID");
            assert!(reply.raw_json() == body);
        }
    }
}

#[tokio::test]
async fn a_byte_order_mark_is_not_part_of_the_json() {
    let reply = update(&format!("\u{feff}{}", fixtures::FLAT))
        .await
        .unwrap();
    assert_eq!(reply.raw_json(), fixtures::FLAT);
    assert!(reply.response().body().starts_with(b"\xef\xbb\xbf"));
}

#[tokio::test]
async fn an_instant_that_is_a_number_is_kept_as_text() {
    for (number, text) in [
        ("1700000000000", "1700000000000"),
        ("-1", "-1"),
        ("1700000000.25", "1700000000.25"),
    ] {
        let body = format!(r#"{{"createdAt":{number}}}"#);
        let reply = update(&body).await.unwrap();
        let created_at = reply.created_at.as_ref().unwrap();
        assert_eq!(instant(created_at), format!("{text} (no instant)"));
    }
}

#[tokio::test]
async fn an_answer_that_says_success_is_one() {
    for body in [
        r#"{"status":1,"statusMessage":"success","data":{"id":"INTEGRATION_ID"}}"#,
        r#"{"status":1,"statusMessage":"updated","data":{"id":"INTEGRATION_ID"}}"#,
        r#"{"status":1.0,"data":{"id":"INTEGRATION_ID"}}"#,
        r#"{"statusMessage":"success","data":{"id":"INTEGRATION_ID"}}"#,
        r#"{"error":null,"id":"INTEGRATION_ID"}"#,
        r#"{"error":null,"data":{"id":"INTEGRATION_ID"}}"#,
        r#"{"id":"INTEGRATION_ID"}"#,
    ] {
        assert_eq!(
            update(body).await.unwrap().id.as_ref().unwrap().as_str(),
            "INTEGRATION_ID",
            "{body}"
        );
    }
}

#[tokio::test]
async fn a_reply_that_is_not_what_the_document_describes_says_where() {
    let mut verdicts = String::new();
    for body in [
        "",
        "{",
        "<html>",
        "null",
        "[]",
        r#"{"data":null}"#,
        r#"{"data":{"brainId":7}}"#,
        r#"{"data":[{"brainId":"BRAIN_ID"}]}"#,
        r#"{"authType":{"x":[1e999]}}"#,
        r#"{"webhookUrl":["https://my-system.com"]}"#,
        "{\"id\":\"\u{7}\"}",
    ] {
        let error = update(body).await.unwrap_err();
        assert!(error.may_have_been_applied());
        assert_eq!(error.response().unwrap().body(), body.as_bytes());
        let cause = std::error::Error::source(&error).unwrap();
        writeln!(verdicts, "{body:?}\n  {error}\n  caused by: {cause}").unwrap();
    }
    assert_snapshot!(verdicts);
}
