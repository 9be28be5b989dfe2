//! `jelou webhook`: receives, verifies, signs and sends events, without Jelou.

mod listen;

use std::fs;
use std::io::{self, Read};
use std::time::{SystemTime, UNIX_EPOCH};

use jelou_client::webhook::{self, VerifyError};
use jelou_client::{Client, Credentials, Secret, WebhookUrl};
use serde_json::{Value, json};

use crate::arguments::webhook::{
    EventKind, ReplayArguments, SignArguments, SigningArguments, TriggerArguments, VerifyArguments,
    WebhookCommand,
};
use crate::failure::{Exit, Failure, Outcome};
use crate::settings::SigningSecret;
use crate::{output, panel, runtime};

/// The member of a line in a file of events: the body, as it was received.
const BODY: &str = "body";

pub(crate) fn run(command: WebhookCommand) -> Outcome {
    match command {
        WebhookCommand::Listen(arguments) => listen::run(*arguments),
        WebhookCommand::Verify(arguments) => verify(*arguments),
        WebhookCommand::Sign(arguments) => sign(*arguments),
        WebhookCommand::Trigger(arguments) => trigger(*arguments),
        WebhookCommand::Replay(arguments) => replay(*arguments),
    }
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
        let hint = match error {
            VerifyError::Signature(_) => {
                "the bytes must be those that were received, and the secret the current one"
            }
            _ => "check that the file has the body of an event",
        };
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
    let mut content = arguments.content;
    if !matches!(arguments.event, EventKind::Message) && !content.is_empty() {
        return Err(Failure::usage(
            "only a message has content",
            "trigger `message`, or leave the content out",
        ));
    }
    if content.is_empty() {
        content.text = Some("Hello".to_owned());
    }
    let message = panel::compose(format!("message-{now}"), content)?;
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
            "value": message,
        }),
    };
    deliver(&arguments.to, secret, vec![event.to_string()])
}

fn replay(arguments: ReplayArguments) -> Outcome {
    let secret = read_secret(&arguments.secret)?;
    let path = arguments.file.display().to_string();
    let text = fs::read(&arguments.file).map_err(|error| unusable(&path, &error))?;
    let not_an_event = |line| {
        Failure::usage(
            format!("line {line} of `{path}` is not an event"),
            "give a file that `jelou webhook listen --file` wrote",
        )
    };
    let (mut bodies, mut torn) = (Vec::new(), None);
    for (line, text) in (1..).zip(text.split(|byte| *byte == b'\n')) {
        match serde_json::from_slice::<Value>(text) {
            Ok(value) => {
                let body = value[BODY].as_str().ok_or_else(|| not_an_event(line))?;
                bodies.push(body.to_owned());
            }
            Err(_) if text.trim_ascii().is_empty() => {}
            // A receiver that was killed leaves half a line.
            Err(_) => torn = torn.or(Some(line)),
        }
    }
    match (torn, bodies.is_empty()) {
        (Some(line), true) => return Err(not_an_event(line)),
        (Some(line), false) => output::print_warning(&format!(
            "line {line} of `{path}` is incomplete; it is skipped, and so is any other such line"
        )),
        (None, true) => {
            output::print_note(&format!("`{path}` has no events; nothing was sent"));
        }
        (None, false) => {}
    }
    deliver(&arguments.to, secret, bodies)
}

/// Signs bodies and sends them to a webhook one after the other, printing each status.
fn deliver(to: &str, secret: Secret, bodies: Vec<String>) -> Outcome {
    let refused = |error: &dyn std::error::Error| {
        Failure::usage(
            format!("the URL in `--to` cannot be used: {error}"),
            "give the URL of a webhook, such as `http://127.0.0.1:4020/`",
        )
    };
    let url = WebhookUrl::for_development(to).map_err(|error| refused(&error))?;
    let url = url::Url::parse(url.as_str()).map_err(|error| refused(&error))?;
    let origin = url.origin().ascii_serialization();
    let client = Client::builder(Credentials::signing_secret(secret)).base_url(&origin);
    // A request carries a signature, from which nobody can make another.
    let client = client.allow_plain_http().build();
    let client = client.map_err(|error| refused(&error))?;
    let target = &url[url::Position::BeforePath..url::Position::AfterQuery];
    runtime::run("an event may have been delivered anyway", async {
        for body in bodies {
            let request = client.request("POST", target).body(body.into_bytes());
            let answer = request.send().await.map_err(|error| {
                Failure::of(
                    Exit::Network,
                    &error,
                    "check that the webhook is running at this address",
                )
            })?;
            output::print_bytes(format!("{}\n", answer.status()).as_bytes())?;
            if !(200..300).contains(&answer.status()) {
                let hint = match answer.status() {
                    401 | 403 => {
                        "check that it has the same signing secret, and verifies the bytes as it receives them"
                    }
                    404 | 405 => "check the path of the URL, and that it accepts `POST`",
                    _ => "look into the log of the webhook",
                };
                let error = format!("the webhook answered with status {}", answer.status());
                return Err(Failure::new(Exit::Failed, error, hint));
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
        format!("cannot use `{place}`"),
        "check the path and its permissions",
    )
    .caused_by(Some(error))
}
