//! Decides which callbacks and webhooks are sent after an answer, and to where; sends one by hand.

use std::str::FromStr;

use axum::http::{HeaderName, Method, StatusCode, Uri, header, request::Parts};
use secrecy::SecretString;
use serde_json::{Map, Value, json};
use tokio::task::JoinHandle;

use crate::{
    Deliveries, DeliveryFault, Form, Options, Outgoing, Reply, StateError, UnknownUpstream,
    contract::{
        Contract, Operation,
        answer::Answer,
        expression::{Exchanged, evaluate},
        outbound::Outbound,
        parameters::Given,
        shape::{Members, at_slot, item_slot, slot_mut, within},
    },
    host,
};

/// The header of a signature, unless the document names one.
const SIGNATURE: &str = "X-Signature";

/// The URL of a webhook, such as `http://localhost:8080/hook`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebhookUrl(Uri);

impl FromStr for WebhookUrl {
    type Err = UnknownUpstream;

    fn from_str(text: &str) -> Result<Self, UnknownUpstream> {
        let uri: Uri = text.parse().map_err(|_| UnknownUpstream::Url)?;
        match uri.scheme_str() {
            Some("http") => {}
            Some("https") if cfg!(feature = "tls") => {}
            Some("https") => return Err(UnknownUpstream::Tls),
            _ => return Err(UnknownUpstream::Url),
        }
        match uri.authority() {
            Some(authority) if authority.as_str().contains('@') => {
                Err(UnknownUpstream::Credentials)
            }
            Some(_) => Ok(Self(uri)),
            None => Err(UnknownUpstream::Url),
        }
    }
}

/// Sends the callbacks and webhooks of a document.
#[derive(Debug)]
pub(crate) struct Webhooks {
    pub(crate) deliveries: Deliveries,
    url: Option<WebhookUrl>,
    secret: Option<SecretString>,
}

/// The routes of the control API: method, path below `/_sandbox/`, and purpose.
pub(crate) const ROUTES: [(&str, &str, &str); 4] = [
    (
        "GET",
        "webhooks",
        "the webhooks and callbacks in the document",
    ),
    (
        "POST",
        "webhooks",
        "sends one: takes `{\"name\", \"url\", \"body\"}`, the last two optional, and shows what the receiver answered",
    ),
    (
        "GET",
        "deliveries",
        "the webhooks and callbacks that were sent, and what the receivers answered",
    ),
    (
        "PUT",
        "deliveries",
        "disturbs deliveries: takes `{\"fault\": \"twice\"}`, or `null` to stop",
    ),
];

/// The form of the page.
pub(crate) const FORM: Form = Form {
    title: "Send a webhook",
    path: "webhooks",
    fields: &[("name", "Webhook or callback"), ("url", "URL")],
};

impl Webhooks {
    pub(crate) fn of(options: &Options) -> Self {
        Self {
            deliveries: Deliveries::new(options.webhook_attempts, options.delivery_fault),
            url: options.webhook.clone(),
            secret: options.webhook_secret.clone(),
        }
    }

    /// What is sent after an answer to a valid request.
    pub(crate) fn due(
        &self,
        contract: &Contract,
        operation: &Operation,
        head: &Parts,
        (given, body): (Given<'_>, Option<&Value>),
        answer: &Answer,
    ) -> Vec<Outgoing> {
        let is_nothing =
            operation.callbacks.is_empty() && (self.url.is_none() || contract.webhooks.is_empty());
        if is_nothing || answer.status.as_u16() >= 400 {
            return Vec::new();
        }
        let response_body = answer.payload.json().cloned();
        let host = head
            .headers
            .get(header::HOST)
            .and_then(|host| host.to_str().ok());
        let exchanged = Exchanged {
            url: &format!("http://{}{}", host.unwrap_or("localhost"), head.uri),
            method: head.method.as_str(),
            status: answer.status.as_u16(),
            given,
            body,
            response_headers: &answer.headers,
            response_body: response_body.as_ref(),
        };
        let mut due = Vec::new();
        for callback in &operation.callbacks {
            let target = callback.target.as_deref().unwrap_or_default();
            if let Some(url) = evaluate(target, exchanged) {
                due.push(self.outgoing(callback, &url, |example| {
                    let resource = response_body.as_ref()?;
                    with_resource(operation, resource, callback, example)
                }));
            }
        }
        let webhooks = contract.webhooks.iter().filter(|_| self.url.is_some());
        for webhook in webhooks.filter(|webhook| is_sent_after(webhook, operation)) {
            let url = self.url.as_ref().map(|url| url.0.to_string());
            due.push(self.outgoing(webhook, &url.unwrap_or_default(), |example| {
                let resource = response_body.as_ref()?;
                with_resource(operation, resource, webhook, example)
            }));
        }
        due
    }

    /// Sends a request once `ready` resolves, unless it would go to a machine that nobody named. The result is its number.
    pub(crate) fn send(
        &self,
        outgoing: Outgoing,
        ready: impl Future<Output = ()> + Send + 'static,
    ) -> JoinHandle<u64> {
        if self.is_allowed(&outgoing.url) {
            return self.deliveries.deliver_after(ready, outgoing);
        }
        let reason =
            "not sent: this URL is not on this machine, and `--webhook` names no other host";
        let number = self.deliveries.refuse(&outgoing, reason);
        tokio::spawn(async move { number })
    }

    fn is_allowed(&self, url: &str) -> bool {
        let Ok(uri) = url.parse::<Uri>() else {
            // The delivery says what is wrong with it.
            return true;
        };
        let Some(host) = uri.host() else {
            return true;
        };
        let named = self.url.as_ref().and_then(|url| url.0.host());
        host::address(host).is_some_and(host::is_loopback)
            || host.eq_ignore_ascii_case("localhost")
            || named.is_some_and(|named| named.eq_ignore_ascii_case(host))
    }

    fn outgoing(
        &self,
        outbound: &Outbound,
        url: &str,
        change: impl FnOnce(&Value) -> Option<Value>,
    ) -> Outgoing {
        // Without a body that can be made, the request itself still says that something happened.
        let body = outbound.body(change).unwrap_or_default();
        let mut outgoing = Outgoing::new(&outbound.name, url, body.text);
        outgoing.method = Method::from_bytes(outbound.method.as_bytes()).unwrap_or(Method::POST);
        outgoing.headers.clear();
        if let Some(content_type) = &body.content_type {
            outgoing = outgoing.header(header::CONTENT_TYPE.as_str(), content_type);
        }
        match &self.secret {
            Some(secret) => {
                let header = outbound.signature.as_deref();
                let header = header.filter(|name| HeaderName::try_from(*name).is_ok());
                outgoing.signed(header.unwrap_or(SIGNATURE), "sha256=", secret)
            }
            None => outgoing,
        }
    }

    /// Answers a request to one of [`ROUTES`].
    pub(crate) async fn control(
        &self,
        contract: &Contract,
        method: &str,
        path: &str,
        body: &Value,
    ) -> Result<Reply, StateError> {
        match (method, path) {
            ("GET", "webhooks") => Ok(Reply::json(StatusCode::OK, listed(contract))),
            ("POST", "webhooks") => self.by_hand(contract, body).await,
            ("PUT", _) => {
                let fault = match &body["fault"] {
                    Value::Null => None,
                    fault => Some(DeliveryFault::from_str(fault.as_str().unwrap_or_default())),
                };
                let fault = fault.transpose().map_err(|error| {
                    StateError::invalid(error.to_string(), "send `{\"fault\": null}` to stop")
                })?;
                self.deliveries.set_fault(fault);
                Ok(self.shown())
            }
            _ => Ok(self.shown()),
        }
    }

    fn shown(&self) -> Reply {
        let shown = json!({"deliveries": self.deliveries.shown()});
        Reply::json(StatusCode::OK, shown)
    }

    async fn by_hand(&self, contract: &Contract, body: &Value) -> Result<Reply, StateError> {
        let name = body["name"].as_str().unwrap_or_default();
        let mut all = all(contract);
        let outbound = all.find(|outbound| outbound.name == name).ok_or_else(|| {
            let help = "GET /_sandbox/webhooks lists the webhooks and callbacks";
            StateError::invalid("the document has no webhook or callback of this name", help)
        })?;
        let default = self.url.as_ref().map(|url| url.0.to_string());
        let url = match body["url"].as_str().filter(|url| !url.is_empty()) {
            Some(url) => url.to_owned(),
            None => default.ok_or_else(|| {
                let help =
                    "add `\"url\": \"http://localhost:8080/hook\"`, or start with `--webhook`";
                StateError::invalid("the URL is missing", help)
            })?,
        };
        let given = body.get("body").cloned();
        let mut outgoing = self.outgoing(outbound, &url, |_| None);
        if let Some(given) = given {
            outgoing.body = given.to_string();
        }
        let number = self.send(outgoing, async {}).await.unwrap_or_default();
        let shown = self.deliveries.find(number);
        let shown = shown.map_or(Value::Null, |delivery| delivery.shown());
        Ok(Reply::json(StatusCode::OK, shown).changed())
    }
}

/// Whether the document has a webhook or a callback.
pub(crate) fn has_any(contract: &Contract) -> bool {
    all(contract).next().is_some()
}

fn all(contract: &Contract) -> impl Iterator<Item = &Outbound> {
    let callbacks = contract
        .all_operations()
        .flat_map(|operation| &operation.callbacks);
    contract.webhooks.iter().chain(callbacks)
}

fn listed(contract: &Contract) -> Value {
    let mut listed = Map::new();
    for outbound in all(contract) {
        let target = outbound.target.as_deref();
        let shown = json!({"method": outbound.method, "to": target, "after": outbound.after});
        listed.insert(outbound.name.clone(), shown);
    }
    json!({ "webhooks": listed })
}

/// Whether a webhook is about what an operation did: the document says so, or it is about the same resource, and its name does
/// not speak of another change.
fn is_sent_after(webhook: &Outbound, operation: &Operation) -> bool {
    if let Some(after) = &webhook.after {
        let documented = operation.documented();
        let other_name = format!("{} {}", documented.method, documented.path);
        return after
            .iter()
            .any(|name| **name == *operation.name || *name == other_name);
    }
    let name = webhook.name.to_ascii_lowercase();
    let speaks_of = |words: &[&str]| words.iter().any(|word| name.contains(word));
    let method = operation.documented().method;
    let is_named = match method {
        "POST" => !speaks_of(&["updat", "chang", "delet", "remov", "cancel"]),
        "PUT" | "PATCH" => !speaks_of(&["new", "creat", "add", "delet", "remov", "cancel"]),
        "DELETE" => speaks_of(&["delet", "remov", "cancel"]),
        _ => false,
    };
    is_named && slot_in(webhook, operation).is_some()
}

/// Where the resource that an operation answers with is in the body of a webhook.
fn slot_in(webhook: &Outbound, operation: &Operation) -> Option<Vec<String>> {
    let resource = resource_of(operation)?.1;
    let schema = webhook.schema()?;
    let members = Members::of(&schema);
    if members.is_made_of(&resource) {
        return Some(Vec::new());
    }
    let mut inside = members.all.iter();
    let holder = inside.find(|member| Members::of(&member.schema).is_made_of(&resource))?;
    Some(vec![holder.name.to_owned()])
}

/// Where the resource is in the answer of an operation, and which component describes it.
fn resource_of(operation: &Operation) -> Option<(Vec<String>, spec_first_document::Pointer)> {
    let (_, response) = operation
        .responses
        .success_like(operation.usual_status()?)?;
    let schema = response.json_schema()?;
    let slot = item_slot(&schema, "")?;
    let component = Members::of(&within(schema, &slot)?).component()?;
    Some((slot, component))
}

/// The example of a webhook with the resource from the answer.
fn with_resource(
    operation: &Operation,
    answer: &Value,
    webhook: &Outbound,
    example: &Value,
) -> Option<Value> {
    let (slot, _) = resource_of(operation)?;
    let resource = at_slot(&mut answer.clone(), &slot)?.take();
    let mut body = example.clone();
    *slot_mut(&mut body, &slot_in(webhook, operation)?)? = resource;
    Some(body)
}
