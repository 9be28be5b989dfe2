//! All clients of `bench client` send the same request and read the same response.

use benchmarks::client::measured;
use benchmarks::client::server::{ReceivedRequest, Server};
use benchmarks::client::update::{BareReqwest, JelouClient, Progenitor, Update, Way};

const WAYS: [Way; 3] = [Way::JelouClient, Way::BareReqwest, Way::Progenitor];

/// The requests that a client sends, without what differs between all clients.
fn requests_of(way: Way, count: u32) -> Vec<ReceivedRequest> {
    let server = Server::recording().unwrap();
    measured::sender(way, server.base_url()).unwrap()(count).unwrap();
    let mut requests = server.requests();
    for request in &mut requests {
        request.headers.remove("user-agent").unwrap();
        if way == Way::Progenitor {
            // The version of the document, which no other client sends.
            request.headers.remove("api-version").unwrap();
        }
        // The port differs between servers.
        let host = request.headers.remove("host").unwrap();
        assert!(server.base_url().contains(host.to_str().unwrap()));
    }
    requests
}

#[test]
fn all_clients_send_the_same_request() {
    let sent = requests_of(Way::JelouClient, 1);
    let [request] = &sent[..] else {
        panic!("{sent:?}")
    };
    assert_eq!(request.method, "PATCH");
    assert_eq!(request.uri, "/jelouapi/v1/external-support/PROJECT_ID");
    assert_eq!(
        request.body,
        r#"{"authType":"bearer","authorization":"WEBHOOK_AUTHORIZATION","webhookUrl":"https://my-system.com/webhook/jelou-v2"}"#
    );
    for peer in [Way::BareReqwest, Way::Progenitor] {
        assert_eq!(requests_of(peer, 1), sent);
    }
}

#[test]
fn a_sender_sends_the_given_number_of_updates() {
    for way in WAYS {
        assert_eq!(requests_of(way, 7).len(), 7, "{way:?}");
    }
}

#[test]
fn all_clients_read_the_same_response() {
    let server = Server::start().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let client = JelouClient::new(server.base_url()).unwrap();
    let bare = BareReqwest::new(server.base_url()).unwrap();
    let progenitor = Progenitor::new(server.base_url()).unwrap();
    let read = runtime.block_on(client.update()).unwrap();
    assert!(read.webhook_url.is_some());
    let read = serde_json::to_value(read).unwrap();
    let read_by_hand = runtime.block_on(bare.update()).unwrap();
    assert_eq!(serde_json::to_value(read_by_hand).unwrap(), read);
    let read_by_progenitor = runtime.block_on(progenitor.update()).unwrap();
    assert_eq!(serde_json::to_value(read_by_progenitor).unwrap(), read);
}

#[test]
fn names_are_the_same_on_the_command_line_and_in_reports() {
    for way in WAYS {
        let value = clap::ValueEnum::to_possible_value(&way).unwrap();
        assert_eq!(value.get_name(), way.name());
    }
}
