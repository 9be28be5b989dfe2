//! Delivers signed events to webhooks, and records what they answered. Does not decide which events there are.

use std::collections::VecDeque;
use std::fmt;
use std::str::FromStr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use hmac::{Hmac, KeyInit, Mac};
use reqwest::{Client, RequestBuilder, header, redirect};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Map, Value, json};
use sha2::Sha256;
use spec_first_sandbox::UnknownMode;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::Integration;

/// The header of the signature, and what precedes it there.
pub(crate) const SIGNATURE: (&str, &str) = ("x-jelou-signature", "sha256=");

/// How long a webhook may take to answer: what another API of the vendor allows.
const PATIENCE: Duration = Duration::from_secs(20);

/// The wait before the second attempt; it doubles for each further one.
const FIRST_WAIT: Duration = Duration::from_millis(100);

/// How long a late event is held back.
const LATE: Duration = Duration::from_secs(1);

/// The most deliveries that are kept.
const KEPT: usize = 1000;

/// An event that is delivered, and what came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Delivery {
    /// Counts from 1.
    pub number: u64,
    /// The project whose integration has the webhook.
    pub project_id: String,
    /// `message`, `conversation.start` or `conversation.close`.
    pub event: String,
    /// The webhook.
    pub url: String,
    /// The bytes that were signed.
    pub body: String,
    /// What became of each attempt: the status of the answer, or why there was none.
    pub attempts: Vec<Result<u16, String>>,
}

/// What is wrong with deliveries, to see how a panel copes. Written `late`, `twice`, `out-of-order`, `bad-signature`,
/// `unknown-event` or `unknown-type`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DeliveryFault {
    /// Each event is delivered a second later.
    Late,
    /// Each event is delivered twice.
    Twice,
    /// Each event is held back until the next one was delivered.
    OutOfOrder,
    /// Each event is signed with another secret.
    BadSignature,
    /// Each event has a name that no page documents.
    UnknownEvent,
    /// Each message has a type that no page documents.
    UnknownType,
}

const FAULTS: [(DeliveryFault, &str); 6] = [
    (DeliveryFault::Late, "late"),
    (DeliveryFault::Twice, "twice"),
    (DeliveryFault::OutOfOrder, "out-of-order"),
    (DeliveryFault::BadSignature, "bad-signature"),
    (DeliveryFault::UnknownEvent, "unknown-event"),
    (DeliveryFault::UnknownType, "unknown-type"),
];

impl FromStr for DeliveryFault {
    type Err = UnknownMode;

    fn from_str(text: &str) -> Result<Self, UnknownMode> {
        let named = FAULTS.iter().find(|(_, name)| *name == text);
        named.map(|(fault, _)| *fault).ok_or_else(|| {
            let names =
                "`late`, `twice`, `out-of-order`, `bad-signature`, `unknown-event`, `unknown-type`";
            UnknownMode::new(text, names)
        })
    }
}

impl fmt::Display for DeliveryFault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut names = FAULTS.iter().filter(|(fault, _)| fault == self);
        formatter.write_str(names.next().map_or("", |(_, name)| name))
    }
}

/// The deliveries of a sandbox. Cloning it shares them.
#[derive(Clone, Debug)]
pub(crate) struct Deliveries {
    shared: Arc<Mutex<Shared>>,
    pending: watch::Sender<usize>,
    http: Client,
    attempts: u32,
    initial_fault: Option<DeliveryFault>,
}

#[derive(Debug)]
struct Shared {
    kept: VecDeque<Delivery>,
    count: u64,
    fault: Option<DeliveryFault>,
    held: Option<Prepared>,
}

/// A signed event.
#[derive(Debug)]
struct Prepared {
    number: u64,
    request: RequestBuilder,
    fault: Option<DeliveryFault>,
}

impl Deliveries {
    pub(crate) fn new(attempts: u32, fault: Option<DeliveryFault>) -> Self {
        // Through a proxy, what is meant for loopback would leave the machine.
        let http = Client::builder()
            .no_proxy()
            .redirect(redirect::Policy::none())
            .timeout(PATIENCE);
        Self {
            shared: Arc::new(Mutex::new(Shared {
                kept: VecDeque::new(),
                count: 0,
                fault,
                held: None,
            })),
            pending: watch::Sender::new(0),
            http: http.build().unwrap_or_default(),
            attempts,
            initial_fault: fault,
        }
    }

    /// Delivers `event`, which is called `name`, in a task. Its result is the number of the delivery.
    pub(crate) fn deliver(
        &self,
        project_id: &str,
        integration: &Integration,
        name: &str,
        mut event: Value,
    ) -> JoinHandle<u64> {
        let mut shared = self.lock();
        let fault = shared.fault;
        match fault {
            Some(DeliveryFault::UnknownEvent) => {
                let key = if name == "message" {
                    "event_type"
                } else {
                    "event"
                };
                event[key] = "sandbox.unknown".into();
            }
            Some(DeliveryFault::UnknownType) if name == "message" => {
                event["value"]["type"] = "sandbox_unknown".into();
                event["value"]["content"] = json!({"unknown": true});
            }
            _ => {}
        }
        let body = event.to_string();
        let request = self.request(integration, &body, fault);
        shared.count += 1;
        let number = shared.count;
        if shared.kept.len() == KEPT {
            shared.kept.pop_front();
        }
        shared.kept.push_back(Delivery {
            number,
            project_id: project_id.to_owned(),
            event: name.to_owned(),
            url: integration.webhook_url().to_owned(),
            body,
            attempts: Vec::new(),
        });
        let Some(request) = request else {
            let reason = "the integration has no signing secret yet: regenerate it".to_owned();
            if let Some(delivery) = shared.kept.back_mut() {
                delivery.attempts.push(Err(reason));
            }
            return tokio::spawn(async move { number });
        };
        let prepared = Prepared {
            number,
            request,
            fault,
        };
        let due = match (fault, shared.held.take()) {
            (_, Some(held)) => vec![prepared, held],
            (Some(DeliveryFault::OutOfOrder), None) => {
                shared.held = Some(prepared);
                Vec::new()
            }
            (_, None) => vec![prepared],
        };
        drop(shared);
        self.pending.send_modify(|pending| *pending += 1);
        let deliveries = self.clone();
        tokio::spawn(async move {
            for prepared in due {
                deliveries.send(prepared).await;
            }
            deliveries.pending.send_modify(|pending| *pending -= 1);
            number
        })
    }

    /// The request with the headers of the `authType`; `None` if nothing can sign it.
    fn request(
        &self,
        integration: &Integration,
        body: &str,
        fault: Option<DeliveryFault>,
    ) -> Option<RequestBuilder> {
        let secret = integration.signing_secret()?;
        let wrong = SecretString::from("another secret");
        let secret = match fault {
            Some(DeliveryFault::BadSignature) => &wrong,
            _ => secret,
        };
        let signature = format!("{}{}", SIGNATURE.1, hex_hmac(secret, body.as_bytes()));
        let request = self
            .http
            .post(integration.webhook_url())
            .header(header::CONTENT_TYPE, "application/json")
            .header(SIGNATURE.0, signature)
            .body(body.to_owned());
        let credentials = integration.authorization();
        let credentials = credentials.map_or("", |secret| secret.expose_secret());
        Some(match integration.auth_type() {
            "bearer" => request.bearer_auth(credentials),
            "api_key" => request.header("x-api-key", credentials),
            "basic" => {
                let (user, password) = credentials.split_once(':').unwrap_or((credentials, ""));
                request.basic_auth(user, Some(password))
            }
            _ => request,
        })
    }

    async fn send(&self, prepared: Prepared) {
        let Prepared {
            number,
            request,
            fault,
        } = prepared;
        if fault == Some(DeliveryFault::Late) {
            tokio::time::sleep(LATE).await;
        }
        let rounds = if fault == Some(DeliveryFault::Twice) {
            2
        } else {
            1
        };
        for _ in 0..rounds {
            let mut wait = FIRST_WAIT;
            for attempt in 1..=self.attempts {
                let Some(request) = request.try_clone() else {
                    return;
                };
                let outcome = match request.send().await {
                    Ok(response) => Ok(response.status().as_u16()),
                    Err(error) => Err(reason(&error)),
                };
                let is_done = matches!(outcome, Ok(200..=299));
                self.record(number, outcome);
                if is_done || attempt == self.attempts {
                    break;
                }
                tokio::time::sleep(wait).await;
                wait *= 2;
            }
        }
    }

    fn record(&self, number: u64, outcome: Result<u16, String>) {
        let mut shared = self.lock();
        let mut kept = shared.kept.iter_mut();
        if let Some(delivery) = kept.find(|delivery| delivery.number == number) {
            delivery.attempts.push(outcome);
        }
    }

    pub(crate) fn all(&self) -> Vec<Delivery> {
        self.lock().kept.iter().cloned().collect()
    }

    pub(crate) fn find(&self, number: u64) -> Option<Delivery> {
        let shared = self.lock();
        let mut kept = shared.kept.iter();
        kept.find(|delivery| delivery.number == number).cloned()
    }

    /// What the control API shows, by number.
    pub(crate) fn shown(&self) -> Map<String, Value> {
        let shared = self.lock();
        let shown = shared
            .kept
            .iter()
            .map(|it| (it.number.to_string(), it.shown()));
        shown.collect()
    }

    pub(crate) fn set_fault(&self, fault: Option<DeliveryFault>) {
        self.lock().fault = fault;
    }

    /// Forgets what was delivered; restores the fault of the options.
    pub(crate) fn reset(&self) {
        let mut shared = self.lock();
        shared.kept.clear();
        shared.held = None;
        shared.fault = self.initial_fault;
    }

    pub(crate) async fn settled(&self) {
        let mut pending = self.pending.subscribe();
        // The sender lives as long as `self`.
        _ = pending.wait_for(|pending| *pending == 0).await;
    }

    fn lock(&self) -> MutexGuard<'_, Shared> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Delivery {
    pub(crate) fn shown(&self) -> Value {
        let attempts = self.attempts.iter().map(|attempt| match attempt {
            Ok(status) => json!({"status": status}),
            Err(reason) => json!({"error": reason}),
        });
        json!({
            "project": self.project_id,
            "event": self.event,
            "url": self.url,
            "body": self.body,
            "attempts": attempts.collect::<Value>(),
        })
    }
}

/// The signature of `body`, without its prefix. Written without the code of the client, so that a mistake there is not hidden.
pub(crate) fn hex_hmac(secret: &SecretString, body: &[u8]) -> String {
    let key = secret.expose_secret().as_bytes();
    // HMAC takes keys of any length.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else {
        return String::new();
    };
    mac.update(body);
    let bytes = mac.finalize().into_bytes();
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Why there was no answer, with the cause, and without the URL, which is beside it.
fn reason(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    match error.is_timeout() {
        true => format!("no answer within {} seconds", PATIENCE.as_secs()),
        false => cause.to_string(),
    }
}
