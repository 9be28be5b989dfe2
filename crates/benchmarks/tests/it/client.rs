//! Both clients of `bench client` send the same request and read the same response.

use benchmarks::client::measured;
use benchmarks::client::server::{ReceivedRequest, Server};
use benchmarks::client::update::{BareReqwest, JelouClient, Update, Way};

/// The requests that a client sends, without its `User-Agent`.
fn requests_of(way: Way, count: u32) -> Vec<ReceivedRequest> {
    let server = Server::recording().unwrap();
    measured::sender(way, server.base_url()).unwrap()(count).unwrap();
    let mut requests = server.requests();
    for request in &mut requests {
        request.headers.remove("user-agent").unwrap();
        // The port differs between servers.
        let host = request.headers.remove("host").unwrap();
        assert!(server.base_url().contains(host.to_str().unwrap()));
    }
    requests
}

#[test]
fn both_clients_send_the_same_request() {
    let [request] = requests_of(Way::JelouClient, 1).try_into().unwrap();
    assert_eq!(request.method, "PATCH");
    assert_eq!(request.uri, "/jelouapi/v1/external-support/PROJECT_ID");
    assert_eq!(
        request.body,
        r#"{"authType":"bearer","authorization":"WEBHOOK_AUTHORIZATION","webhookUrl":"https://my-system.com/webhook/jelou-v2"}"#
    );
    assert_eq!(requests_of(Way::BareReqwest, 1), [request]);
}

#[test]
fn a_sender_sends_the_given_number_of_updates() {
    for way in [Way::JelouClient, Way::BareReqwest] {
        assert_eq!(requests_of(way, 7).len(), 7, "{way:?}");
    }
}

#[test]
fn both_clients_read_the_same_response() {
    let server = Server::start().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let client = JelouClient::new(server.base_url()).unwrap();
    let bare = BareReqwest::new(server.base_url()).unwrap();
    let read = runtime.block_on(client.update()).unwrap();
    let read_by_hand = runtime.block_on(bare.update()).unwrap();
    assert!(read.webhook_url.is_some());
    assert_eq!(
        serde_json::to_value(read).unwrap(),
        serde_json::to_value(read_by_hand).unwrap()
    );
}

#[test]
fn names_are_the_same_on_the_command_line_and_in_reports() {
    for way in [Way::JelouClient, Way::BareReqwest] {
        let value = clap::ValueEnum::to_possible_value(&way).unwrap();
        assert_eq!(value.get_name(), way.name());
    }
}
