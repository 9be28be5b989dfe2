//! Stateful operations, which cannot be answered from an example. Does not validate: requests that get here conform to
//! the document.

use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use spec_first_sandbox::{
    Call, DocumentedOperation, Rejection, Reply, StateError, StateFuture, StatusCode, hex_hmac,
};

use crate::deliveries::{SIGNATURE, deliver};
use crate::state::{
    Panel,
    integration::{Integration, Origin, SECONDS, Update},
};

/// The path parameter that names the project.
const PROJECT_ID: &str = "projectId";

/// The stateful operations with a project in their path.
const OF_A_PROJECT: [&str; 8] = [
    "create_integration",
    "get_integration",
    "update_integration",
    "delete_integration",
    "regenerate_secret",
    "start_conversation",
    "close_conversation",
    "get_conversation",
];

const SEND: &str = "send_message";

type Answer = Result<Reply, Rejection>;

/// Whether the operation is stateful. Another document may use the same ID for something else.
pub(super) fn handles(operation: DocumentedOperation<'_>) -> bool {
    let is_of_a_project = operation.path.contains(&format!("{{{PROJECT_ID}}}"));
    operation.id.is_some_and(|id| match id {
        SEND => operation.path.ends_with("/external-support/webhook"),
        id => is_of_a_project && OF_A_PROJECT.contains(&id),
    })
}

pub(super) fn answer<'a>(panel: &'a Panel, call: Call<'a>) -> StateFuture<'a, Answer> {
    let project_id = call.path_parameter(PROJECT_ID).unwrap_or_default();
    match call.operation().id.unwrap_or_default() {
        "create_integration" => Box::pin(create(panel, call, project_id)),
        "get_integration" => Box::pin(get(panel, call, project_id)),
        "update_integration" => Box::pin(update(panel, call, project_id)),
        "delete_integration" => Box::pin(delete(panel, call, project_id)),
        "regenerate_secret" => Box::pin(regenerate(panel, call, project_id)),
        "start_conversation" => Box::pin(start(panel, call, project_id)),
        "close_conversation" => Box::pin(close(panel, call, project_id)),
        "get_conversation" => Box::pin(get_conversation(panel, call, project_id)),
        _ => Box::pin(send(panel, call)),
    }
}

async fn get(panel: &Panel, call: Call<'_>, project_id: &str) -> Answer {
    let integration = integration(panel, project_id).await?;
    Ok(shown(call, project_id, &integration, "retrieved", None))
}

async fn create(panel: &Panel, call: Call<'_>, project_id: &str) -> Answer {
    let fields = fields(call);
    let secret = new_secret();
    let shown_secret = secret.clone();
    let change = move |known: Option<Integration>| {
        if known.is_some() {
            return (known, None);
        }
        let now = Timestamp::now();
        let origin = Origin {
            created_at: Some(now),
            ..Origin::default()
        };
        let mut created = Integration {
            origin: Some(Box::new(origin)),
            ..Integration::default()
        };
        created.update(fields, now);
        created.renew_secret(secret);
        (Some(created.clone()), Some(created))
    };
    let Some(created) = panel.change(project_id, change).await.map_err(failed)? else {
        let message = "the project already has an integration: update it, or delete it first";
        return Err(Rejection::new(StatusCode::UNPROCESSABLE_ENTITY, message));
    };
    let secret = Some(&shown_secret);
    Ok(shown(call, project_id, &created, "created", secret).changed())
}

async fn update(panel: &Panel, call: Call<'_>, project_id: &str) -> Answer {
    let updated = panel.update(project_id, fields(call)).await;
    let integration = updated.map_err(failed)?.ok_or_else(no_integration)?;
    Ok(shown(call, project_id, &integration, "updated", None).changed())
}

async fn delete(panel: &Panel, call: Call<'_>, project_id: &str) -> Answer {
    let default = panel.made_on_first_use(project_id);
    let deleted = panel.change(project_id, |known| (None, known.or(default)));
    let deleted = deleted.await;
    deleted.map_err(failed)?.ok_or_else(no_integration)?;
    panel.forget(project_id);
    Ok(documented(call).changed())
}

async fn regenerate(panel: &Panel, call: Call<'_>, project_id: &str) -> Answer {
    let secret = new_secret();
    let renewed = secret.clone();
    let default = panel.made_on_first_use(project_id);
    let change = move |known: Option<Integration>| {
        let known = known.or(default).map(|mut integration| {
            integration.renew_secret(renewed);
            integration
        });
        let is_known = known.is_some();
        (known, is_known)
    };
    if !panel.change(project_id, change).await.map_err(failed)? {
        return Err(no_integration());
    }
    let secret = secret.expose_secret();
    let reply = match is_enveloped(call) {
        true => envelope(
            "Signing secret regenerated successfully",
            json!({"brainId": project_id, "signingSecret": secret}),
        ),
        false => json!({
            "signingSecret": secret,
            "regeneratedAt": SECONDS.timestamp_to_string(&Timestamp::now()),
        }),
    };
    Ok(Reply::json(StatusCode::OK, reply).changed())
}

async fn start(panel: &Panel, call: Call<'_>, project_id: &str) -> Answer {
    let integration = integration(panel, project_id).await?;
    let (bot_id, user_id) = (text(call, "botId"), text(call, "userId"));
    let started = panel.conversations.start(project_id, bot_id, user_id).await;
    if started.map_err(failed)?.is_none() {
        let message = "the user has an active conversation with this bot: close it first";
        return Err(Rejection::new(StatusCode::UNPROCESSABLE_ENTITY, message));
    }
    tell(panel, project_id, &integration, "conversation.start");
    Ok(documented(call).changed())
}

async fn close(panel: &Panel, call: Call<'_>, project_id: &str) -> Answer {
    let integration = integration(panel, project_id).await?;
    let (bot_id, user_id) = (text(call, "botId"), text(call, "userId"));
    let closed = panel.conversations.close(project_id, bot_id, user_id).await;
    if closed.map_err(failed)?.is_none() {
        let message = "the user has no active conversation with this bot";
        return Err(Rejection::new(StatusCode::NOT_FOUND, message));
    }
    tell(panel, project_id, &integration, "conversation.close");
    Ok(documented(call).changed())
}

/// Delivers an event about a conversation, with the documented fields and no others.
fn tell(panel: &Panel, project_id: &str, integration: &Integration, event: &str) {
    let body = json!({
        "event": event,
        "timestamp": Timestamp::now().as_millisecond(),
        "project_id": project_id,
    });
    drop(deliver(panel.deliveries(), integration, event, &body));
}

async fn get_conversation(panel: &Panel, call: Call<'_>, project_id: &str) -> Answer {
    let id = call.path_parameter("conversationId").unwrap_or_default();
    let found = panel.conversations.find(project_id, id);
    let found = found.ok_or_else(|| not_found("Conversation not found"))?;
    let reply = match is_enveloped(call) {
        true => envelope("Conversation retrieved successfully", found.flat()),
        false => found.flat(),
    };
    Ok(Reply::json(StatusCode::OK, reply))
}

async fn send(panel: &Panel, call: Call<'_>) -> Answer {
    let project_id = text(call, "project_id");
    let integration = panel.integration(project_id).await.map_err(failed)?;
    let signature = call.header(SIGNATURE.0).unwrap_or_default();
    let signature = signature.strip_prefix(SIGNATURE.1).unwrap_or_default();
    let matches = |secret: Option<&SecretString>, body: &[u8]| {
        secret.is_some_and(|it| hex_hmac(it, body).eq_ignore_ascii_case(signature))
    };
    let is_by = |secret| matches(secret, call.raw_body());
    let reason = match &integration {
        None => "the project has no integration, so no signing secret is valid",
        Some(it) if is_by(it.signing_secret()) => {
            let (bot_id, user_id) = (text(call, "bot_id"), text(call, "user_id"));
            let message = call.body().and_then(|body| body.get("value"));
            let message = message.unwrap_or(&Value::Null);
            let conversations = &panel.conversations;
            let added = conversations.add_message(project_id, bot_id, user_id, message);
            added.await.map_err(failed)?;
            return Ok(documented(call).changed());
        }
        Some(it) if is_by(it.former_secret()) => {
            "the signature was made with the old signing secret, which the new one replaced"
        }
        Some(it) if it.signing_secret().is_none() => {
            "the integration has no signing secret yet: regenerate it"
        }
        Some(it) if is_serialized_again(call, |body| matches(it.signing_secret(), body)) => {
            "the body was serialized again after it was signed: serialize it once, and send the bytes that were signed"
        }
        Some(_) => {
            "the signature is for other bytes or another secret: sign exactly the bytes that are sent"
        }
    };
    Err(Rejection::new(StatusCode::UNAUTHORIZED, reason))
}

/// Whether the signature is for the same JSON with other white space, or with its members in alphabetical order.
fn is_serialized_again(call: Call<'_>, is_signed: impl Fn(&[u8]) -> bool) -> bool {
    let sorted = call.body().map(Value::to_string).unwrap_or_default();
    let written = String::from_utf8_lossy(call.raw_body());
    [&*written, &sorted]
        .iter()
        .flat_map(|json| ["", " "].map(|space| respaced(json, space)))
        .any(|json| is_signed(json.as_bytes()))
}

/// `json` with `space` after each comma and colon, and no other white space.
fn respaced(json: &str, space: &str) -> String {
    let mut respaced = String::with_capacity(json.len());
    let (mut is_text, mut is_escaped) = (false, false);
    for character in json.chars() {
        if is_text || !character.is_ascii_whitespace() {
            respaced.push(character);
        }
        if !is_text && matches!(character, ',' | ':') {
            respaced.push_str(space);
        }
        is_text ^= character == '"' && !is_escaped;
        is_escaped = is_text && character == '\\' && !is_escaped;
    }
    respaced
}

async fn integration(panel: &Panel, project_id: &str) -> Result<Integration, Rejection> {
    let found = panel.integration(project_id).await.map_err(failed)?;
    found.ok_or_else(no_integration)
}

/// An integration in the shape of the reply, with a secret if it is to be shown, which happens once.
fn shown(
    call: Call<'_>,
    project_id: &str,
    integration: &Integration,
    what: &str,
    secret: Option<&SecretString>,
) -> Reply {
    let is_enveloped = is_enveloped(call);
    let mut value = match is_enveloped {
        true => integration.enveloped(project_id),
        false => integration.flat(project_id),
    };
    if let Some(secret) = secret {
        value["signingSecret"] = secret.expose_secret().into();
        if let Value::Object(members) = &mut value {
            members.remove("updatedAt");
        }
    }
    let reply = match is_enveloped {
        true => envelope(&format!("Integration {what} successfully"), value),
        false => value,
    };
    Reply::json(StatusCode::OK, reply)
}

fn is_enveloped(call: Call<'_>) -> bool {
    call.example() == Some("enveloped")
}

fn envelope(message: &str, data: Value) -> Value {
    json!({"message": [message], "statusMessage": "success", "status": 1, "data": data})
}

/// The example of the document, since the page does not describe the body.
fn documented(call: Call<'_>) -> Reply {
    call.response()
        .unwrap_or_else(|| Reply::empty(StatusCode::OK))
}

fn fields(call: Call<'_>) -> Update {
    let field = |name: &str| call.body()?.get(name)?.as_str();
    Update {
        webhook_url: field("webhookUrl").map(Box::from),
        auth_type: field("authType").map(Box::from),
        authorization: field("authorization").map(SecretString::from),
    }
}

fn text<'a>(call: Call<'a>, name: &str) -> &'a str {
    let value = call.body().and_then(|body| body.get(name)?.as_str());
    value.unwrap_or_default()
}

/// 64 hexadecimal digits, as on the page. They need not be unpredictable here.
fn new_secret() -> SecretString {
    let digits = (0..4).map(|_| format!("{:016x}", fastrand::u64(..)));
    digits.collect::<String>().into()
}

fn no_integration() -> Rejection {
    not_found("Integration not found")
}

fn not_found(message: &str) -> Rejection {
    Rejection::new(StatusCode::NOT_FOUND, message)
}

fn failed(error: StateError) -> Rejection {
    Rejection::new(StatusCode::INTERNAL_SERVER_ERROR, &error.problem)
}
