//! All clients of `bench client` send the same request and read the same response.

use benchmarks::Error;
use benchmarks::client::measured;
#[cfg(feature = "openapi-generator")]
use benchmarks::client::openapi_generator::OpenapiGenerator;
use benchmarks::client::server::{ReceivedRequest, Server};
use benchmarks::client::update::{BareReqwest, JelouClient, Progenitor, Update, Way};
use clap::ValueEnum;

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
    for way in Way::value_variants() {
        assert_eq!(requests_of(*way, 1), sent, "{way:?}");
    }
}

#[test]
fn a_sender_sends_the_given_number_of_updates() {
    for way in Way::value_variants() {
        assert_eq!(requests_of(*way, 7).len(), 7, "{way:?}");
    }
}

#[test]
fn all_clients_read_the_same_response() {
    let server = Server::start().unwrap();
    let url = server.base_url();
    let read = read_by(JelouClient::new(url));
    assert!(read["webhookUrl"].is_string());
    assert_eq!(read_by(BareReqwest::new(url)), read);
    assert_eq!(read_by(Progenitor::new(url)), read);
    #[cfg(feature = "openapi-generator")]
    assert_eq!(read_by(OpenapiGenerator::new(url)), read);
}

fn read_by(client: Result<impl Update, Error>) -> serde_json::Value {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = runtime.enable_all().build().unwrap();
    let read = runtime.block_on(client.unwrap().update()).unwrap();
    serde_json::to_value(read).unwrap()
}

#[test]
fn names_are_the_same_on_the_command_line_and_in_reports() {
    for way in Way::value_variants() {
        let value = way.to_possible_value().unwrap();
        assert_eq!(value.get_name(), way.name());
    }
}
