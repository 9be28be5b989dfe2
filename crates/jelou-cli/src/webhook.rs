//! `jelou webhook`: receives, verifies, signs and sends events, without Jelou.

use std::fs::{self, OpenOptions};
use std::io::{self, Read, Write};
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use axum::extract::{Request, State};
use axum::response::IntoResponse;
use axum::{Router, routing::any};
use jelou_client::webhook::{self, BODY_LIMIT, Event, VerifyError};
use jelou_client::{Client, Credentials, Secret};
use serde_json::{Value, json};
use tokio::sync::mpsc;

use crate::arguments::webhook::{
    EventKind, ListenArguments, ReplayArguments, SignArguments, SigningArguments, TriggerArguments,
    VerifyArguments, WebhookCommand,
};
use crate::failure::{Exit, Failure, Outcome};
use crate::settings::SigningSecret;
use crate::{output, runtime};

/// The member of a line in a file of events: the body, as it was received.
const BODY: &str = "body";

pub(crate) fn run(command: WebhookCommand) -> Outcome {
    match command {
        WebhookCommand::Listen(arguments) => listen(*arguments),
        WebhookCommand::Verify(arguments) => verify(*arguments),
        WebhookCommand::Sign(arguments) => sign(*arguments),
        WebhookCommand::Trigger(arguments) => trigger(*arguments),
        WebhookCommand::Replay(arguments) => replay(*arguments),
    }
}

fn listen(arguments: ListenArguments) -> Outcome {
    // Report a missing secret now rather than at the first event.
    read_secret(&arguments.secret)?;
    let mut file = match &arguments.file {
        None => None,
        Some(path) => {
            let opened = OpenOptions::new().create(true).append(true).open(path);
            Some(opened.map_err(|error| unusable(&path.display().to_string(), &error))?)
        }
    };
    runtime::serve(async {
        let stop = runtime::listen_for_stop()?;
        let address = (Ipv4Addr::LOCALHOST, arguments.port);
        let listener = tokio::net::TcpListener::bind(address)
            .await
            .map_err(|error| {
                Failure::new(
                    Exit::Network,
                    format!("cannot listen on port {}", arguments.port),
                    "stop what listens there, or choose another `--port`; 0 takes any free one",
                )
                .caused_by(Some(&error))
            })?;
        let bound = listener
            .local_addr()
            .map_err(|error| unusable("the port", &error))?;
        output::print_note(&format!(
            "listening on http://{bound}/; press Ctrl-C to stop"
        ));
        let (sender, mut events) = mpsc::channel(1);
        let receiver = Arc::new((arguments.secret, sender));
        let router = Router::new().fallback(any(receive)).with_state(receiver);
        let print = async {
            let mut left = arguments.count;
            while left != Some(0) {
                let Some(event) = events.recv().await else {
                    break;
                };
                print(&event, file.as_mut())?;
                left = left.map(|left| left - 1);
            }
            Ok(Exit::Done)
        };
        tokio::select! {
            // Print the events that were received before stopping.
            biased;
            done = print => done,
            () = stop => Ok(Exit::Done),
            served = axum::serve(listener, router).into_future() => match served {
                Ok(()) => Ok(Exit::Done),
                Err(error) => Err(unusable("the port", &error)),
            },
        }
    })
}

type Receiver = Arc<(SigningArguments, mpsc::Sender<Event>)>;

/// Verifies an event and hands it over. Responds once it has been taken.
async fn receive(State(receiver): State<Receiver>, request: Request) -> axum::response::Response {
    let (head, body) = request.into_parts();
    let body = axum::body::to_bytes(body, BODY_LIMIT).await;
    let verified = match (body, read_secret(&receiver.0)) {
        (Err(_), _) => Err(VerifyError::TooLong),
        (Ok(_), Err(failure)) => {
            output::print_warning(failure.error());
            return axum::http::StatusCode::INTERNAL_SERVER_ERROR.into_response();
        }
        (Ok(body), Ok(secret)) => webhook::verify(&head.headers, body, &[secret]),
    };
    match verified {
        Ok(event) => {
            // If the receiver is gone, the program is about to exit.
            _ = receiver.1.send(event).await;
            axum::http::StatusCode::OK.into_response()
        }
        Err(error) => {
            output::print_warning(&format!("refused an event: {error}"));
            error.into_response()
        }
    }
}

fn print(event: &Event, file: Option<&mut fs::File>) -> Result<(), Failure> {
    let value: Value = serde_json::from_str(event.raw_json()).unwrap_or_default();
    output::print_bytes(format!("{value}\n").as_bytes())?;
    if let Some(file) = file {
        let line = json!({ BODY: event.raw_json() });
        let written = writeln!(file, "{line}").and_then(|()| file.flush());
        written.map_err(|error| unusable("the file of events", &error))?;
    }
    Ok(())
}

fn verify(arguments: VerifyArguments) -> Outcome {
    let secret = read_secret(&arguments.secret)?;
    let body = read_body(&arguments.body)?;
    let signature = arguments.signature.parse().map_err(|_| {
        Failure::usage(
            "the value of `--signature` cannot be that of a header",
            "give the value of `X-Jelou-Signature`, such as `sha256=...`",
        )
    })?;
    let mut headers = axum::http::HeaderMap::new();
    headers.insert(webhook::SIGNATURE_HEADER, signature);
    let event = webhook::verify(&headers, body, &[secret]).map_err(|error| {
        let hint = "the bytes must be those that were received, and the secret the current one";
        Failure::of(Exit::Failed, &error, hint)
    })?;
    let name = event.name().unwrap_or("an event without a name");
    output::print_bytes(format!("{}\n", output::escape(name)).as_bytes())?;
    Ok(Exit::Done)
}

fn sign(arguments: SignArguments) -> Outcome {
    let secret = read_secret(&arguments.secret)?;
    let signature = webhook::sign(&secret, &read_body(&arguments.body)?);
    output::print_bytes(format!("{signature}\n").as_bytes())?;
    Ok(Exit::Done)
}

fn trigger(arguments: TriggerArguments) -> Outcome {
    let secret = read_secret(&arguments.secret)?;
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    let now = since.unwrap_or_default().as_millis();
    let (bot, user) = (arguments.participants.bot, arguments.participants.user);
    let project = arguments.project;
    let about = |name: &str| json!({"event": name, "timestamp": now, "project_id": project});
    let event = match arguments.event {
        EventKind::ConversationStart => about("conversation.start"),
        EventKind::ConversationClose => about("conversation.close"),
        EventKind::Message => json!({
            "field": "messages",
            "object": "message_event",
            "event_type": "message",
            "timestamp": now,
            "project_id": project,
            "room_id": format!("G:{bot}:{user}"),
            "contact": {"id": user, "name": user},
            "conversation": {"id": format!("conversation-{user}")},
            "bot": {"id": bot, "name": bot},
            "value": {"id": format!("message-{now}"), "type": "text", "content": {"body": arguments.text}},
        }),
    };
    deliver(&arguments.to, secret, vec![event.to_string()])
}

fn replay(arguments: ReplayArguments) -> Outcome {
    let secret = read_secret(&arguments.secret)?;
    let path = arguments.file.display().to_string();
    let text = fs::read_to_string(&arguments.file).map_err(|error| unusable(&path, &error))?;
    let body = |(index, line): (usize, &str)| {
        let line: Value = serde_json::from_str(line).unwrap_or_default();
        let body = line[BODY].as_str().map(str::to_owned);
        body.ok_or_else(|| {
            Failure::usage(
                format!("line {} of `{path}` is not an event", index + 1),
                "give a file that `jelou webhook listen --file` wrote",
            )
        })
    };
    let bodies: Result<Vec<_>, _> = text.lines().enumerate().map(body).collect();
    deliver(&arguments.to, secret, bodies?)
}

/// Signs bodies and sends them to a webhook one after the other, printing each status.
fn deliver(to: &str, secret: Secret, bodies: Vec<String>) -> Outcome {
    let refused = |error: &dyn std::error::Error| {
        Failure::of(
            Exit::Usage,
            error,
            "give `--to` the URL of a webhook: `https`, or `http` on this machine",
        )
    };
    let url = url::Url::parse(to).map_err(|error| refused(&error))?;
    let origin = url.origin().ascii_serialization();
    let client = Client::builder(Credentials::signing_secret(secret)).base_url(&origin);
    let client = client.build().map_err(|error| refused(&error))?;
    let target = &url[url::Position::BeforePath..url::Position::AfterQuery];
    runtime::run("an event may have been delivered anyway", async {
        for body in bodies {
            let request = client.request("POST", target).body(body.into_bytes());
            let answer = request.send().await.map_err(|error| {
                Failure::of(
                    Exit::Network,
                    &error,
                    "check that the webhook listens there",
                )
            })?;
            output::print_bytes(format!("{}\n", answer.status()).as_bytes())?;
            if !(200..300).contains(&answer.status()) {
                return Err(Failure::new(
                    Exit::Failed,
                    format!("the webhook answered with status {}", answer.status()),
                    "401 often means that it has another signing secret, or verifies other bytes",
                ));
            }
        }
        Ok(Exit::Done)
    })
}

fn read_secret(arguments: &SigningArguments) -> Result<Secret, Failure> {
    let profile = arguments.profile.as_deref();
    SigningSecret::read(SigningSecret::find(&arguments.secret, profile)?)
}

fn read_body(place: &str) -> Result<Vec<u8>, Failure> {
    let mut body = Vec::new();
    let read = match place {
        "-" => io::stdin().lock().read_to_end(&mut body).map(|_| body),
        path => fs::read(path),
    };
    read.map_err(|error| unusable(place, &error))
}

fn unusable(place: &str, error: &io::Error) -> Failure {
    Failure::new(
        Exit::Usage,
        format!("`{place}` cannot be used"),
        "check the path, and that you may use it",
    )
    .caused_by(Some(error))
}
