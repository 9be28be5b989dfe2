//! `jelou webhook listen`: a receiver of events on this machine. Answers 200 only for an event that was stored and printed.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::{Router, routing::post};
use jelou_client::Secret;
use jelou_client::types::{MessageEvent, ReceivedMessage};
use jelou_client::webhook::{self, BODY_LIMIT, Event, VerifyError};
use serde_json::json;
use tokio::sync::{Notify, mpsc};

use super::{BODY, read_secret, unusable};
use crate::arguments::webhook::{EventFormat, ListenArguments};
use crate::failure::{Exit, Failure, Outcome};
use crate::{output, private_file, runtime};

/// How long the last response may take to reach its sender.
const GOODBYE: Duration = Duration::from_secs(1);

pub(super) fn run(arguments: ListenArguments) -> Outcome {
    // Once: a pipe cannot be read again, and a command would run for whatever is sent to the port.
    let secret = read_secret(&arguments.secret)?;
    let file = arguments.file.map(open).transpose()?;
    runtime::serve(async {
        let stop = runtime::listen_for_stop()?;
        let address = (Ipv4Addr::LOCALHOST, arguments.port);
        let listener = tokio::net::TcpListener::bind(address)
            .await
            .map_err(|error| {
                Failure::new(
                    Exit::Network,
                    format!("cannot listen on port {}", arguments.port),
                    "stop the program that uses the port, or choose another `--port`; 0 picks a free one",
                )
                .caused_by(Some(&error))
            })?;
        let bound = listener
            .local_addr()
            .map_err(|error| unusable("the port", &error))?;
        output::print_note(&format!(
            "listening on http://{bound}/ and any other path; press Ctrl-C to stop"
        ));
        let (outcome, mut outcomes) = mpsc::channel(1);
        let receiver = Arc::new(Receiver {
            secrets: [secret],
            sink: Mutex::new(Sink {
                file,
                format: arguments.output,
                left: arguments.count,
            }),
            outcome,
        });
        let router = Router::new().fallback(post(receive)).with_state(receiver);
        let is_over = Arc::new(Notify::new());
        let over = Arc::clone(&is_over).notified_owned();
        let server = axum::serve(listener, router).with_graceful_shutdown(over);
        let mut server = std::pin::pin!(server.into_future());
        let outcome = tokio::select! {
            biased;
            Some(outcome) = outcomes.recv() => outcome,
            () = stop => return Ok(Exit::Done),
            served = &mut server => {
                return served.map(|()| Exit::Done).map_err(|error| unusable("the port", &error));
            }
        };
        is_over.notify_one();
        // The last event still has to be answered.
        _ = tokio::time::timeout(GOODBYE, server).await;
        outcome
    })
}

fn open(path: PathBuf) -> Result<(fs::File, PathBuf), Failure> {
    let open = || {
        let mut file = OpenOptions::new().create(true).append(true).open(&path)?;
        if file.metadata()?.is_file() && private_file::is_torn(&mut fs::File::open(&path)?)? {
            file.write_all(b"\n")?;
        }
        Ok(file)
    };
    match open() {
        Ok(file) => Ok((file, path)),
        Err(error) => Err(unusable(&path.display().to_string(), &error)),
    }
}

struct Receiver {
    secrets: [Secret; 1],
    sink: Mutex<Sink>,
    /// Ends the program after the last event, or when an event cannot be stored.
    outcome: mpsc::Sender<Outcome>,
}

/// Where events go.
struct Sink {
    file: Option<(fs::File, PathBuf)>,
    format: EventFormat,
    /// How many more are wanted, if there is a limit.
    left: Option<u64>,
}

async fn receive(State(receiver): State<Arc<Receiver>>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let body = axum::body::to_bytes(body, BODY_LIMIT).await;
    let verified = body.map_err(|_| VerifyError::TooLong);
    let verified =
        verified.and_then(|body| webhook::verify(&head.headers, body, &receiver.secrets));
    match verified {
        Ok(event) => receiver.take(&event).into_response(),
        Err(error) => {
            output::print_warning(&format!("refused an event: {error}"));
            error.into_response()
        }
    }
}

impl Receiver {
    /// Stores and prints an event; an event that is not stored is not acknowledged.
    fn take(&self, event: &Event) -> StatusCode {
        let mut sink = self.sink.lock().unwrap_or_else(PoisonError::into_inner);
        if sink.left == Some(0) {
            return StatusCode::SERVICE_UNAVAILABLE;
        }
        let (status, outcome) = match sink.take(event) {
            Ok(()) => {
                sink.left = sink.left.map(|left| left - 1);
                let is_last = sink.left == Some(0);
                (StatusCode::OK, is_last.then_some(Ok(Exit::Done)))
            }
            Err(failure) => {
                // Another event would be added to an incomplete line.
                sink.left = Some(0);
                (StatusCode::INTERNAL_SERVER_ERROR, Some(Err(failure)))
            }
        };
        if let Some(outcome) = outcome {
            // There is room for one outcome, and the first is the one that counts.
            _ = self.outcome.try_send(outcome);
        }
        status
    }
}

impl Sink {
    fn take(&mut self, event: &Event) -> Result<(), Failure> {
        if let Some((file, path)) = &mut self.file {
            let line = json!({ BODY: event.raw_json() });
            let written = writeln!(file, "{line}").and_then(|()| file.flush());
            written.map_err(|error| unusable(&path.display().to_string(), &error))?;
        }
        let line = match self.format {
            EventFormat::Text => output::escape(&readable(event)),
            EventFormat::Json => output::compact_json(event.raw_json()),
        };
        output::print_bytes(format!("{line}\n").as_bytes())
    }
}

/// Time, name and, for a message, who wrote what.
fn readable(event: &Event) -> String {
    let time = event.timestamp().map(jiff::Timestamp::try_from);
    let time = time.and_then(Result::ok);
    let time = time.map_or("-".to_owned(), |time| format!("{time:.3}"));
    let name = event.name().unwrap_or("unknown");
    match event {
        Event::Message(message) => format!("{time} {name} {}", written(message)),
        _ => format!("{time} {name}"),
    }
}

fn written(message: &MessageEvent) -> String {
    let user = message.contact.name.as_ref();
    let user = user.map_or(message.contact.id.as_str(), |name| name.as_str());
    match &message.value {
        ReceivedMessage::ReceivedText(text) => format!("{user}: {}", text.content.body),
        ReceivedMessage::ReceivedMedia(it) => format!("{user}: [{}] {}", it.type_, it.content.url),
        ReceivedMessage::ReceivedOther(it) => format!("{user}: [{}] {}", it.type_, it.content),
    }
}
