//! Tests of updates that succeed.

use jelou_sandbox::{Options, ReplyShape};

use crate::command::{jelou, update};
use crate::server::{Rogue, Service};

#[test]
fn the_sandbox_needs_neither_account_nor_server() {
    check!(update("--sandbox").run(), @"
    exit code: 0
    ----- stdout -----
    id          integration-PROJECT_ID
    brainId     brain-PROJECT_ID
    webhookUrl  https://my-system.com/webhook/jelou-v2
    authType    no_auth
    createdAt   2023-11-07T05:31:56Z
    updatedAt   [NOW]
    ");
}

#[test]
fn json_has_the_names_of_the_api_and_the_shape() {
    check!(update("--sandbox --output json").run(), @r#"
    exit code: 0
    ----- stdout -----
    {
      "id": "integration-PROJECT_ID",
      "brainId": "brain-PROJECT_ID",
      "webhookUrl": "https://my-system.com/webhook/jelou-v2",
      "authType": "no_auth",
      "createdAt": "2023-11-07T05:31:56Z",
      "updatedAt": "[NOW]",
      "shape": "flat"
    }
    "#);
}

#[test]
fn yaml_has_the_same_fields() {
    check!(update("--sandbox --output yaml").run(), @r#"
    exit code: 0
    ----- stdout -----
    id: integration-PROJECT_ID
    brainId: brain-PROJECT_ID
    webhookUrl: https://my-system.com/webhook/jelou-v2
    authType: no_auth
    createdAt: "2023-11-07T05:31:56Z"
    updatedAt: "[NOW]"
    shape: flat
    "#);
}

#[test]
fn text_lists_only_the_fields_in_the_reply() {
    let service = enveloping();
    let run = update("--base-url")
        .argument(service.base_url())
        .env("JELOU_API_KEY", "KEY")
        .run();
    check!(run, @"
    exit code: 0
    ----- stdout -----
    brainId     PROJECT_ID
    webhookUrl  https://my-system.com/webhook/jelou-v2
    createdAt   2023-11-07T05:31:56.000Z
    updatedAt   [NOW]
    ");
}

#[test]
fn json_has_null_for_fields_not_in_the_reply() {
    let service = enveloping();
    let run = update("--output json")
        .env("JELOU_BASE_URL", service.base_url())
        .env("JELOU_CLIENT_ID", "ID")
        .env("JELOU_CLIENT_SECRET", "SECRET")
        .run();
    check!(run, @r#"
    exit code: 0
    ----- stdout -----
    {
      "id": null,
      "brainId": "PROJECT_ID",
      "webhookUrl": "https://my-system.com/webhook/jelou-v2",
      "authType": null,
      "createdAt": "2023-11-07T05:31:56.000Z",
      "updatedAt": "[NOW]",
      "shape": "enveloped"
    }
    "#);
}

#[test]
fn every_field_is_sent_once_and_exactly_as_given() {
    let server = Rogue::answering(202, "{}");
    let run = update("--auth-type api_key --authorization-env WEBHOOK_KEY --base-url")
        .argument(&server.base_url)
        .env("JELOU_API_KEY", "KEY")
        .env("WEBHOOK_KEY", " with spaces\n")
        .run();
    check!(run, @"
    exit code: 0
    ----- stderr -----
    note: the reply holds no field of the integration
    ");
    let [request] = &server.received()[..] else {
        panic!("one request was expected");
    };
    check!(request.rsplit("\r\n\r\n").next().unwrap(), @r#"{"authType":"api_key","authorization":" with spaces\n","webhookUrl":"https://my-system.com/webhook/jelou-v2"}"#);
}

#[test]
fn a_field_that_is_not_given_is_not_sent() {
    for (arguments, body) in [
        ("--auth-type no_auth", r#"{"authType":"no_auth"}"#),
        (
            "--authorization-env TOKEN",
            r#"{"authorization":"WEBHOOK_TOKEN"}"#,
        ),
    ] {
        let server = Rogue::answering(200, r#"{"id":"INTEGRATION_ID"}"#);
        let run = jelou("integration update PROJECT_ID --base-url")
            .argument(&server.base_url)
            .arguments(arguments)
            .env("JELOU_API_KEY", "KEY")
            .env("TOKEN", "WEBHOOK_TOKEN")
            .run();
        assert_eq!(run.code, Some(0), "{run}");
        let request = &server.received()[0];
        assert!(request.ends_with(&format!("\r\n\r\n{body}")), "{request}");
    }
}

#[test]
fn the_sandbox_wins_over_the_environment_and_gets_none_of_its_credentials() {
    let server = Rogue::answering(500, "");
    let run = update("--sandbox")
        .env("JELOU_BASE_URL", &server.base_url)
        // Two kinds of credentials would otherwise be an error.
        .env("JELOU_API_KEY", "KEY")
        .env("JELOU_CLIENT_ID", "ID")
        .run();
    assert_eq!(run.code, Some(0), "{run}");
    assert!(server.received().is_empty());
}

#[test]
fn an_argument_wins_over_the_environment() {
    let argument = Rogue::answering(200, r#"{"id":"INTEGRATION_ID"}"#);
    let environment = Rogue::answering(200, r#"{"id":"INTEGRATION_ID"}"#);
    let run = update("--base-url")
        .argument(&argument.base_url)
        .env("JELOU_BASE_URL", &environment.base_url)
        .env("JELOU_API_KEY", "KEY")
        .run();
    assert_eq!(run.code, Some(0), "{run}");
    assert_eq!(argument.received().len(), 1);
    assert!(environment.received().is_empty());
}

#[test]
fn a_reply_cannot_control_the_terminal() {
    let server = Rogue::answering(200, r#"{"webhookUrl":"https://a\u001b[31m\nid  b\u202e"}"#);
    let run = || {
        update("--base-url")
            .argument(&server.base_url)
            .env("JELOU_API_KEY", "KEY")
    };
    check!(run().run(), @r"
    exit code: 0
    ----- stdout -----
    webhookUrl  https://a\u{1b}[31m\u{a}id  b\u{202e}
    ");
    let json = run().arguments("--output json").run().stdout;
    let value: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(value["webhookUrl"], "https://a\u{1b}[31m\nid  b\u{202e}");
}

fn enveloping() -> Service {
    let options = Options::default().integration("PROJECT_ID");
    Service::start(options.reply_shape(ReplyShape::Enveloped))
}
