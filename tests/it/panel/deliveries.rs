//! The events that the sandbox sends to a webhook, and what can go wrong with them.

use super::*;

#[tokio::test]
async fn deliveries_carry_the_headers_of_the_auth_type() {
    for (auth_type, expected) in [
        ("bearer", "\r\nauthorization: bearer token:1"),
        ("api_key", "\r\nx-api-key: token:1"),
        ("basic", "\r\nauthorization: basic dg9rzw46mq=="),
        ("no_auth", ""),
    ] {
        let (url, mut events) = webhook(&[]);
        let seed = json!({"integrations": {"PROJECT_ID": {
            "webhookUrl": url.as_str(), "authType": auth_type, "authorization": "token:1", "signingSecret": "SECRET",
        }}});
        let options = Options::default().seed("seed.json", seed.to_string());
        let sandbox = Sandbox::start(options).await.unwrap();
        control(&sandbox, "POST", "messages", message()).await;
        let (head, _) = events.recv().await.unwrap();
        assert!(head.contains(expected), "{head}");
        let has_credentials = head.contains("authorization") || head.contains("x-api-key");
        assert_eq!(has_credentials, auth_type != "no_auth", "{head}");
    }
}

/// What a webhook receives for each event, with the identifiers, times and signatures that vary hidden.
#[tokio::test]
async fn each_event_is_delivered_as_documented() {
    let (url, mut events) = webhook(&[]);
    let seed = json!({"integrations": {"PROJECT_ID": {"webhookUrl": url.as_str(), "signingSecret": "SECRET"}}});
    let options = Options::default().seed("seed.json", seed.to_string());
    let sandbox = Sandbox::start(options).await.unwrap();
    let panel = client(&sandbox, Credentials::api_key("API_KEY"));
    let conversations = panel.conversations();
    let mut shown = String::new();
    let mut show = |(head, body): (String, String)| {
        assert!(head.contains(&webhook::sign(&"SECRET".into(), body.as_bytes())));
        shown.push_str(&format!("{head}\n\n{body}\n\n"));
    };
    let start = conversations.start("PROJECT_ID", "BOT_ID", "USER_ID");
    start.await.unwrap();
    show(events.recv().await.unwrap());
    control(&sandbox, "POST", "messages", message()).await;
    show(events.recv().await.unwrap());
    let close = conversations.close("PROJECT_ID", "BOT_ID", "USER_ID");
    close.await.unwrap();
    show(events.recv().await.unwrap());
    let filters = [
        (r"127\.0\.0\.1:\d+", "127.0.0.1:[PORT]"),
        (r"sha256=[0-9a-f]{64}", "sha256=[SIGNATURE]"),
        (r"\b\d{13}\b", "[MILLISECONDS]"),
        (r"(message-\[MILLISECONDS\])-\d+", "$1-[NUMBER]"),
        (r"content-length: \d+", "content-length: [LENGTH]"),
        ("\r", ""),
    ];
    insta::with_settings!({ filters => filters, omit_expression => true }, {
        insta::assert_snapshot!(shown.trim_end());
    });
}

#[tokio::test]
async fn a_delivery_is_repeated_until_the_webhook_takes_it() {
    let (url, mut events) = webhook(&[500, 429]);
    let seed = json!({"integrations": {"PROJECT_ID": {"webhookUrl": url.as_str(), "signingSecret": "SECRET"}}});
    let options = Options::default().seed("seed.json", seed.to_string());
    let sandbox = Sandbox::start(options.delivery_attempts(5)).await.unwrap();
    let (_, shown) = control(&sandbox, "POST", "messages", message()).await;
    // The beginning of what it answered.
    let text = "too busy".repeat(128);
    assert_eq!(
        shown["attempts"],
        json!([{"status": 500, "answer": text}, {"status": 429, "answer": text}, {"status": 200}])
    );
    let mut bodies = Vec::new();
    for _ in 0..3 {
        bodies.push(events.recv().await.unwrap().1);
    }
    assert!(bodies.iter().all(|body| *body == bodies[0]));
    assert_eq!(sandbox.deliveries().len(), 1);
}

#[tokio::test]
async fn each_fault_of_deliveries_is_seen_by_the_webhook() {
    let secret: Secret = "SECRET".into();
    for fault in [
        "late",
        "twice",
        "bad-signature",
        "unknown-event",
        "unknown-type",
    ] {
        let (url, mut events) = webhook(&[]);
        let seed = json!({"integrations": {"PROJECT_ID": {"webhookUrl": url.as_str(), "signingSecret": "SECRET"}}});
        let options = Options::default().seed("seed.json", seed.to_string());
        let sandbox = Sandbox::start(options).await.unwrap();
        let (status, _) = control(&sandbox, "PUT", "deliveries", json!({"fault": fault})).await;
        assert_eq!(status, 200, "{fault}");
        control(&sandbox, "POST", "messages", message()).await;
        let first = event(events.recv().await.unwrap(), &secret);
        match fault {
            "late" => assert!(matches!(first, Ok(Event::Message(_)))),
            "twice" => {
                let again = event(events.recv().await.unwrap(), &secret).unwrap();
                assert_eq!(again.raw_json(), first.unwrap().raw_json());
            }
            "bad-signature" => assert_eq!(first.unwrap_err().status(), 401),
            "unknown-event" => assert_eq!(first.unwrap().name(), Some("sandbox.unknown")),
            _ => {
                let Ok(Event::Message(message)) = first else {
                    panic!("{first:?}");
                };
                assert!(
                    matches!(&message.value, ReceivedMessage::ReceivedOther(other) if other.type_ == "sandbox_unknown")
                );
            }
        }
    }
    let (status, refused) = control(
        &Sandbox::start(Options::default()).await.unwrap(),
        "PUT",
        "deliveries",
        json!({"fault": "lost"}),
    )
    .await;
    assert_eq!(status, 400);
    assert!(
        refused["error"].as_str().unwrap().contains("`twice`"),
        "{refused}"
    );
}

#[tokio::test]
async fn events_out_of_order_arrive_after_their_successor() {
    let (url, mut events) = webhook(&[]);
    let seed = json!({"integrations": {"PROJECT_ID": {"webhookUrl": url.as_str(), "signingSecret": "SECRET"}}});
    let options = Options::default()
        .seed("seed.json", seed.to_string())
        .delivery_fault(DeliveryFault::OutOfOrder);
    let sandbox = Sandbox::start(options).await.unwrap();
    let panel = client(&sandbox, Credentials::api_key("API_KEY"));
    panel
        .conversations()
        .start("PROJECT_ID", "BOT_ID", "USER_ID")
        .await
        .unwrap();
    panel
        .conversations()
        .close("PROJECT_ID", "BOT_ID", "USER_ID")
        .await
        .unwrap();
    sandbox.settled().await;
    let names = [events.recv().await, events.recv().await]
        .map(|request| event(request.unwrap(), &"SECRET".into()).unwrap());
    assert!(matches!(
        names,
        [Event::ConversationClose(_), Event::ConversationStart(_)]
    ));
}

#[tokio::test]
async fn a_scenario_says_which_deliveries_go_wrong() {
    let (url, mut events) = webhook(&[]);
    let seed = json!({"integrations": {"PROJECT_ID": {"webhookUrl": url.as_str(), "signingSecret": "SECRET"}}});
    let scenario = "version: 1\nrules:\n  - {delivery: bad-signature, event: message, deliveries: 2, times: 1}\n";
    let options = Options::default()
        .seed("seed.json", seed.to_string())
        .scenario(jelou_sandbox::Scenario::parse("scenario.yaml", scenario).unwrap());
    let sandbox = Sandbox::start(options).await.unwrap();
    let mut is_accepted = async || {
        let message =
            json!({"project": "PROJECT_ID", "bot": "BOT_ID", "user": "USER_ID", "text": "Hola"});
        let (status, _) = control(&sandbox, "POST", "messages", message).await;
        assert_eq!(status, 200);
        event(events.recv().await.unwrap(), &"SECRET".into()).is_ok()
    };
    assert!(is_accepted().await);
    assert!(!is_accepted().await);
    assert!(is_accepted().await);
    let (_, faults) = control(&sandbox, "GET", "faults", json!(null)).await;
    let rule = "delivery bad-signature, event message, deliveries 2, times 1";
    assert_eq!(faults["rules"], json!([{"rule": rule, "applied": 1}]));

    // A reset counts from one again; a scenario that is sent replaces the rules, and they can be removed.
    sandbox.reset().await.unwrap();
    assert!(is_accepted().await);
    assert!(!is_accepted().await);
    let scenario = json!({"version": 1, "rules": [{"delivery": "bad-signature"}]});
    let (status, _) = control(&sandbox, "PUT", "faults", scenario).await;
    assert_eq!(status, 200);
    assert!(!is_accepted().await);
    control(&sandbox, "DELETE", "faults", json!(null)).await;
    assert!(is_accepted().await);
}
