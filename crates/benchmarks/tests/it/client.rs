//! The two ways of `bench client` send the same request and read the same answer, so that nothing but the way is compared.

use benchmarks::client::measured;
use benchmarks::client::server::{ReceivedRequest, Server};
use benchmarks::client::update::{BareReqwest, JelouClient, Update, Way};

/// The requests that one way sends, without the header that says who sends it.
fn requests_of(way: Way, count: u32) -> Vec<ReceivedRequest> {
    let server = Server::recording().unwrap();
    measured::sender(way, server.base_url()).unwrap()(count).unwrap();
    let mut requests = server.requests();
    for request in &mut requests {
        request.headers.remove("user-agent").unwrap();
        // Each server has a port of its own.
        let host = request.headers.remove("host").unwrap();
        assert!(server.base_url().contains(host.to_str().unwrap()));
    }
    requests
}

#[test]
fn both_ways_send_the_same_request() {
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
fn a_sender_sends_as_many_updates_as_it_is_told() {
    for way in [Way::JelouClient, Way::BareReqwest] {
        assert_eq!(requests_of(way, 7).len(), 7, "{way:?}");
    }
}

#[test]
fn both_ways_read_the_same_answer() {
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
fn a_way_is_called_the_same_on_the_command_line_and_in_reports() {
    for way in [Way::JelouClient, Way::BareReqwest] {
        let value = clap::ValueEnum::to_possible_value(&way).unwrap();
        assert_eq!(value.get_name(), way.name());
    }
}
