//! Sends requests to webhooks, signed and repeated, and records what they answered. Does not decide what is sent.

mod outgoing;

use std::{
    collections::VecDeque,
    error::Error,
    fmt,
    str::FromStr,
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError},
    time::Duration,
};

use axum::body::Body;
use http_body_util::BodyExt;
use hyper::body::Incoming;
use serde_json::{Map, Value, json};
use tokio::{sync::watch, task::JoinHandle, time::timeout};

pub use outgoing::{Outgoing, hex_hmac};

use crate::{UnknownMode, UnknownUpstream, faults::DeliveryRule, upstream::Transport};

/// How long a webhook may take to answer.
const PATIENCE: Duration = Duration::from_secs(20);

/// The wait before the second attempt; it doubles for each further one.
const FIRST_WAIT: Duration = Duration::from_millis(100);

/// How long a late request is held back.
const LATE: Duration = Duration::from_secs(1);

/// The most deliveries that are kept.
const KEPT: usize = 1000;

/// The most bytes of an answer that are kept.
const KEPT_OF_ANSWER: usize = 1024;

/// A request to a webhook, and what came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Delivery {
    /// Counts from 1.
    pub number: u64,
    /// What happened, such as the name of the webhook in the document.
    pub event: String,
    /// The webhook.
    pub url: String,
    /// The bytes that were signed.
    pub body: String,
    /// What became of each attempt: the answer, or why there was none.
    pub attempts: Vec<Result<Attempt, String>>,
}

/// What a webhook answered.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Attempt {
    /// The status.
    pub status: u16,
    /// The beginning of the body, up to 1 KiB.
    pub answer: String,
}

/// What is wrong with deliveries, to see how a webhook copes. Written `late`, `twice`, `out-of-order`, `bad-signature`,
/// `unknown-event` or `unknown-type`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DeliveryFault {
    /// Each request is sent a second later.
    Late,
    /// Each request is sent twice.
    Twice,
    /// Each request is held back until the next one was sent.
    OutOfOrder,
    /// Each request is signed with another secret.
    BadSignature,
    /// Each body says that it is about an event that no page documents, in the member `event`, `event_type` or `type`.
    UnknownEvent,
    /// The object in each body has a `type` that no page documents.
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

/// Sends requests to webhooks, and records them. Cloning it shares them.
#[derive(Clone, Debug)]
pub struct Deliveries {
    shared: Arc<Mutex<Shared>>,
    pending: watch::Sender<usize>,
    /// Over HTTP and over HTTPS; most sandboxes send nothing.
    transports: Arc<[OnceLock<Result<Transport, String>>; 2]>,
    attempts: u32,
    initial_fault: Option<DeliveryFault>,
}

#[derive(Debug)]
struct Shared {
    kept: VecDeque<Delivery>,
    count: u64,
    fault: Option<DeliveryFault>,
    /// The rules of a scenario; the first that applies wins.
    rules: Vec<DeliveryRule>,
    held: Option<Prepared>,
}

#[derive(Debug)]
struct Prepared {
    number: u64,
    outgoing: Outgoing,
    fault: Option<DeliveryFault>,
}

impl Default for Deliveries {
    fn default() -> Self {
        Self::new(1, None)
    }
}

impl Deliveries {
    /// Tries each delivery up to `attempts` times, until the webhook answers with a 2XX. It waits a moment in between, twice as
    /// long each time.
    pub(crate) fn new(attempts: u32, fault: Option<DeliveryFault>) -> Self {
        Self {
            shared: Arc::new(Mutex::new(Shared {
                kept: VecDeque::new(),
                count: 0,
                fault,
                rules: Vec::new(),
                held: None,
            })),
            pending: watch::Sender::new(0),
            transports: Arc::default(),
            attempts: attempts.max(1),
            initial_fault: fault,
        }
    }

    /// Sends a request in a task. Its result is the number of the delivery.
    pub fn deliver(&self, outgoing: Outgoing) -> JoinHandle<u64> {
        self.deliver_after(async {}, outgoing)
    }

    /// Like [`Deliveries::deliver`], once `ready` resolves.
    pub(crate) fn deliver_after(
        &self,
        ready: impl Future<Output = ()> + Send + 'static,
        mut outgoing: Outgoing,
    ) -> JoinHandle<u64> {
        let mut shared = self.lock();
        let mut fault = shared.fault;
        for rule in &mut shared.rules {
            if rule.takes(&outgoing.event, fault.is_none()) {
                fault = Some(rule.fault);
            }
        }
        outgoing.falsify(fault);
        let number = shared.keep(&outgoing, Vec::new());
        let prepared = Prepared {
            number,
            outgoing,
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
            ready.await;
            for prepared in due {
                deliveries.send(prepared).await;
            }
            deliveries.pending.send_modify(|pending| *pending -= 1);
            number
        })
    }

    /// Records a request that is not sent, and why.
    pub fn refuse(&self, outgoing: &Outgoing, reason: impl Into<String>) -> u64 {
        self.lock().keep(outgoing, vec![Err(reason.into())])
    }

    async fn send(&self, prepared: Prepared) {
        let Prepared {
            number,
            outgoing,
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
                let is_badly_signed = fault == Some(DeliveryFault::BadSignature);
                let outcome = self.attempt(outgoing.request(is_badly_signed)).await;
                let is_done = matches!(&outcome, Ok(it) if (200..300).contains(&it.status));
                self.record(number, outcome);
                if is_done || attempt == self.attempts {
                    break;
                }
                tokio::time::sleep(wait).await;
                wait *= 2;
            }
        }
    }

    async fn attempt(
        &self,
        request: Result<hyper::Request<Body>, String>,
    ) -> Result<Attempt, String> {
        let request = request?;
        let is_https = request.uri().scheme_str() == Some("https");
        if is_https && !cfg!(feature = "tls") {
            return Err(UnknownUpstream::Tls.to_string());
        }
        let transport = self.transports[usize::from(is_https)]
            .get_or_init(|| Transport::of(is_https).map_err(|error| error.to_string()));
        let response = transport.as_ref().map_err(String::clone)?.request(request);
        match timeout(PATIENCE, response).await {
            Ok(Ok(response)) => Ok(Attempt {
                status: response.status().as_u16(),
                answer: beginning(response.into_body()).await,
            }),
            Ok(Err(error)) => Err(reason(&error)),
            Err(_) => Err(format!("no answer within {} seconds", PATIENCE.as_secs())),
        }
    }

    fn record(&self, number: u64, outcome: Result<Attempt, String>) {
        let mut shared = self.lock();
        let mut kept = shared.kept.iter_mut();
        if let Some(delivery) = kept.find(|delivery| delivery.number == number) {
            delivery.attempts.push(outcome);
        }
    }

    /// The last deliveries, in order.
    pub(crate) fn all(&self) -> Vec<Delivery> {
        self.lock().kept.iter().cloned().collect()
    }

    /// The delivery with this number.
    pub fn find(&self, number: u64) -> Option<Delivery> {
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

    /// Sends what follows with this fault.
    pub(crate) fn set_fault(&self, fault: Option<DeliveryFault>) {
        self.lock().fault = fault;
    }

    /// Replaces the rules of a scenario, which apply unless [`Deliveries::set_fault`] has set a fault.
    pub(crate) fn set_rules(&self, rules: Vec<DeliveryRule>) {
        self.lock().rules = rules;
    }

    /// Each rule with the number of deliveries it applied to.
    pub(crate) fn rules(&self) -> Vec<(String, u64)> {
        let shared = self.lock();
        let rules = shared.rules.iter();
        rules.map(|rule| (rule.to_string(), rule.applied)).collect()
    }

    /// Forgets what was sent and what is held back; restores the fault of the options.
    pub(crate) fn reset(&self) {
        let mut shared = self.lock();
        shared.kept.clear();
        shared.held = None;
        shared.fault = self.initial_fault;
    }

    /// Waits until every request has been delivered or given up, except for one that a fault holds back.
    pub(crate) async fn settled(&self) {
        let mut pending = self.pending.subscribe();
        // The sender lives as long as `self`.
        _ = pending.wait_for(|pending| *pending == 0).await;
    }

    fn lock(&self) -> MutexGuard<'_, Shared> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Shared {
    fn keep(&mut self, outgoing: &Outgoing, attempts: Vec<Result<Attempt, String>>) -> u64 {
        self.count += 1;
        if self.kept.len() == KEPT {
            self.kept.pop_front();
        }
        self.kept.push_back(Delivery {
            number: self.count,
            event: outgoing.event.clone(),
            url: outgoing.url.clone(),
            body: outgoing.body.clone(),
            attempts,
        });
        self.count
    }
}

impl Delivery {
    /// What the control API shows.
    pub fn shown(&self) -> Value {
        let attempts = self.attempts.iter().map(|attempt| match attempt {
            Ok(Attempt { status, answer }) if answer.is_empty() => json!({"status": status}),
            Ok(Attempt { status, answer }) => json!({"status": status, "answer": answer}),
            Err(reason) => json!({"error": reason}),
        });
        json!({
            "event": self.event,
            "url": self.url,
            "body": self.body,
            "attempts": attempts.collect::<Value>(),
        })
    }
}

/// The beginning of the body of an answer, or as much of it as arrives in time.
async fn beginning(mut body: Incoming) -> String {
    let mut read = Vec::new();
    let reading = async {
        while let Some(Ok(frame)) = body.frame().await {
            let data = frame.into_data().unwrap_or_default();
            read.extend(data.into_iter().take(KEPT_OF_ANSWER - read.len()));
            if read.len() == KEPT_OF_ANSWER {
                break;
            }
        }
    };
    _ = timeout(PATIENCE, reading).await;
    String::from_utf8_lossy(&read).into_owned()
}

/// Why there was no answer: the first cause, without the URL, which is beside it.
fn reason(error: &dyn Error) -> String {
    let mut cause = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    cause.to_string()
}
