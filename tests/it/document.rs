//! Every body that the client sends or reads is validated against the document.

use jelou_client::types::AuthType;
use serde_json::{Value, json};
use spec_first_document::Direction;

use crate::contract::{document, validator};
use crate::fixtures::{self, DOCUMENTED};
use crate::server::{self, Server};

#[tokio::test]
async fn every_body_that_the_client_sends_is_valid() {
    let validator = validator("IntegrationUpdate", Direction::Request);
    for fields in 1..8_u8 {
        let server = Server::answering(server::json("200 OK", fixtures::FLAT)).await;
        let client = server.client();
        let update = client.integrations().update("PROJECT_ID");
        // One bit for each field. Setting the first field returns an update that can be sent.
        let (url, auth_type, authorization) = (fields & 1 != 0, fields & 2 != 0, fields & 4 != 0);
        let set_url = || "https://my-system.com/webhook/jelou-v2";
        let update = match (url, auth_type, authorization) {
            (true, false, false) => update.webhook_url(set_url()),
            (true, true, false) => update.webhook_url(set_url()).auth_type(AuthType::ApiKey),
            (true, false, true) => update
                .webhook_url(set_url())
                .authorization("WEBHOOK_AUTHORIZATION"),
            (true, true, true) => update
                .webhook_url(set_url())
                .auth_type(AuthType::Basic)
                .authorization("WEBHOOK_AUTHORIZATION"),
            (false, true, false) => update.auth_type(AuthType::NoAuth),
            (false, true, true) => update
                .auth_type(AuthType::Bearer)
                .authorization("WEBHOOK_AUTHORIZATION"),
            (false, false, _) => update.authorization(""),
        };
        update.send().await.unwrap();
        let request = server.request();
        let (_, body) = request.split_once("\n\n").unwrap();
        let body: Value = serde_json::from_str(body).unwrap();
        assert_eq!(
            body.as_object().unwrap().len(),
            fields.count_ones() as usize
        );
        assert!(validator.is_valid(&body), "{body}");
    }
}

#[test]
fn every_fixture_that_the_client_reads_is_valid() {
    let validator = validator("IntegrationReply", Direction::Response);
    for fixture in DOCUMENTED {
        let body = serde_json::from_str(fixture).unwrap();
        assert!(validator.is_valid(&body), "{fixture}");
    }
    for fixture in fixtures::TOLERATED {
        let body = serde_json::from_str(fixture).unwrap();
        assert!(
            !validator.is_valid(&body),
            "{fixture} is documented: move it to the others"
        );
    }
}

#[test]
fn bodies_that_break_the_contract_are_refused() {
    let validator = validator("IntegrationUpdate", Direction::Request);
    for body in [
        json!({}),
        json!([]),
        json!(null),
        json!("https://my-system.com"),
        json!({"webhookUrl": "http://my-system.com"}),
        json!({"webhookUrl": "https://"}),
        json!({"webhookUrl": "https://my system.com"}),
        json!({"webhookUrl": "https://user:password@my-system.com"}),
        json!({"webhookUrl": "https://@my-system.com"}),
        json!({"webhookUrl": 7}),
        json!({"webhookUrl": null}),
        json!({"authType": "digest"}),
        json!({"authType": "Bearer"}),
        json!({"authorization": ["token"]}),
        json!({"webhookURL": "https://my-system.com"}),
        json!({"webhookUrl": "https://my-system.com", "brainId": "BRAIN_ID"}),
    ] {
        assert!(!validator.is_valid(&body), "{body}");
    }
}

/// The client refuses the same project ids before sending anything.
#[test]
fn a_project_id_that_would_leave_its_segment_is_not_documented() {
    let validator = validator("ProjectId", Direction::Request);
    for project_id in ["", ".", "..", "..."] {
        assert!(!validator.is_valid(&json!(project_id)), "{project_id}");
        assert!(
            jelou_client::ProjectId::try_from(project_id).is_err(),
            "{project_id}"
        );
    }
    for project_id in ["PROJECT_ID", "a/b", "..a", "%2F", "ñ"] {
        assert!(validator.is_valid(&json!(project_id)), "{project_id}");
        assert!(
            jelou_client::ProjectId::try_from(project_id).is_ok(),
            "{project_id}"
        );
    }
}

#[test]
fn a_secret_is_in_no_documented_response() {
    let validator = validator("IntegrationUpdate", Direction::Response);
    assert!(!validator.is_valid(&json!({"authorization": "WEBHOOK_AUTHORIZATION"})));
}

#[test]
fn the_fixtures_are_the_examples_of_the_document() {
    for (name, fixture) in [("flat", fixtures::FLAT), ("enveloped", fixtures::ENVELOPED)] {
        let pointer = format!(
            "/components/responses/IntegrationUpdated/content/application~1json/examples/{name}/value"
        );
        let pointer = spec_first_document::Pointer::parse(&pointer).unwrap();
        let example = document().node(&pointer).unwrap().to_json();
        assert_eq!(serde_json::from_str::<Value>(fixture).unwrap(), example);
    }
}
