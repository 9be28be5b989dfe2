//! What a program that collects traces and logs sees: enough to find a fault, and never a secret.

use std::io::{self, Write};
use std::sync::{Arc, Mutex, OnceLock};

use insta::assert_snapshot;
use jelou_client::{Client, Credentials, RetryPolicy};
use tracing::level_filters::LevelFilter;
use tracing::subscriber::DefaultGuard;
use tracing_subscriber::fmt::format::FmtSpan;

use crate::fixtures::FLAT;
use crate::server::{Server, answer, json};

/// Everything that this thread writes to its traces.
#[derive(Clone, Default)]
struct Trace(Arc<Mutex<Vec<u8>>>);

impl Write for Trace {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Trace {
    /// Writes every span and event of this thread from now on, down to TRACE.
    fn start() -> (Self, DefaultGuard) {
        let trace = Self::default();
        let writer = trace.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(LevelFilter::TRACE)
            .with_span_events(FmtSpan::CLOSE)
            .without_time()
            .with_ansi(false)
            .with_target(false)
            .with_writer(move || writer.clone())
            .finish();
        (trace, tracing::subscriber::set_default(subscriber))
    }

    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }

    /// The span of this crate as it was when it closed, a field on each line.
    #[track_caller]
    fn span(&self) -> String {
        let text = self.text();
        let closed: Vec<_> = text
            .lines()
            .filter_map(|line| line.split_once(": close"))
            .collect();
        let [(span, _)] = closed.as_slice() else {
            panic!("{text}")
        };
        let (_, fields) = span.split_once("jelou_client.request{").unwrap();
        fields
            .trim_end_matches('}')
            .replace(" /", "_/")
            .replace(' ', "\n")
            .replace("_/", " /")
    }
}

/// The port is chosen by the system.
macro_rules! assert_span {
    ($trace:expr, @$snapshot:literal) => {
        insta::with_settings!({filters => vec![(r"server\.port=\d+", "server.port=PORT")]}, {
            assert_snapshot!($trace.span(), @$snapshot);
        });
    };
}

async fn update(client: &Client) {
    let update = client
        .integrations()
        .update("PROJECT_ID")
        .authorization("canary-authorization");
    _ = update.send().await;
}

#[tokio::test]
async fn a_call_is_a_span_with_the_names_of_opentelemetry() {
    let server = Server::answering(json("200 OK", FLAT)).await;
    let (trace, _guard) = Trace::start();
    update(&server.client()).await;
    assert_span!(trace, @r#"
    otel.name=PATCH /v1/external-support/{projectId}
    otel.kind="client"
    http.request.method="PATCH"
    url.template="/v1/external-support/{projectId}"
    url.scheme="http"
    server.address="127.0.0.1"
    server.port=PORT
    http.response.status_code=200
    "#);
}

#[tokio::test]
async fn a_call_that_fails_says_how_and_how_often() {
    let server = Server::answering(answer("503 Service Unavailable", "", "")).await;
    let retry = RetryPolicy::default().initial_backoff(std::time::Duration::ZERO);
    let client = Client::builder(Credentials::api_key("API_KEY"))
        .base_url(server.base_url())
        .retry(retry)
        .build()
        .unwrap();
    let (trace, _guard) = Trace::start();
    update(&client).await;
    assert_span!(trace, @r#"
    otel.name=PATCH /v1/external-support/{projectId}
    otel.kind="client"
    http.request.method="PATCH"
    url.template="/v1/external-support/{projectId}"
    url.scheme="http"
    server.address="127.0.0.1"
    server.port=PORT
    http.request.resend_count=2
    http.response.status_code=503
    error.type=503
    "#);
}

/// The lines that the libraries below log, which is not this crate's choice.
#[derive(Default)]
struct Log(Mutex<String>);

impl log::Log for Log {
    fn enabled(&self, _: &log::Metadata) -> bool {
        true
    }

    fn log(&self, record: &log::Record) {
        self.0
            .lock()
            .unwrap()
            .push_str(&format!("{} {}\n", record.target(), record.args()));
    }

    fn flush(&self) {}
}

#[tokio::test]
async fn a_secret_is_in_no_trace_and_no_log() {
    static LOG: OnceLock<Log> = OnceLock::new();
    let log = LOG.get_or_init(Log::default);
    log::set_logger(log).unwrap();
    log::set_max_level(log::LevelFilter::Trace);
    let (trace, _guard) = Trace::start();

    let echo = "canary-api-key canary-secret canary-authorization";
    for status in [
        "200 OK",
        "400 Bad Request",
        "503 Service Unavailable",
        "302 Found",
    ] {
        let header = format!(
            "x-echo: {echo}\r\nlocation: /{}\r\n",
            echo.replace(' ', "-")
        );
        let server = Server::answering(answer(status, &header, echo)).await;
        for credentials in [
            Credentials::api_key("canary-api-key"),
            Credentials::client("ID", "canary-secret"),
        ] {
            let builder = Client::builder(credentials)
                .retry(RetryPolicy::never())
                .base_url(server.base_url())
                .http(|http| http.connection_verbose(true));
            update(&builder.build().unwrap()).await;
        }
        assert_eq!(server.requests().len(), 2);
    }
    let seen = trace.text() + &log.0.lock().unwrap();
    assert!(seen.contains("jelou_client.request"), "{seen}");
    // The Base64 of `ID:canary-secret`.
    for secret in ["canary", "SUQ6Y2FuYXJ5LXNlY3JldA=="] {
        assert!(!seen.contains(secret), "{seen}");
    }
}
