//! What the panel adds to the control API: to write as a user, and to see and disturb deliveries.

use std::str::FromStr;

use jiff::Timestamp;
use serde_json::{Value, json};
use spec_first_sandbox::{Form, Reply, StateError, StatusCode};

use crate::{DeliveryFault, state::Panel};

/// The routes: method, path below `/_sandbox/`, and purpose.
pub(crate) const ROUTES: [(&str, &str, &str); 3] = [
    (
        "POST",
        "messages",
        "writes as a user: takes `{\"project\", \"bot\", \"user\", \"text\"}`, delivers the message, and shows what the webhook answered",
    ),
    (
        "GET",
        "deliveries",
        "the events that were delivered, and what the webhook answered",
    ),
    (
        "PUT",
        "deliveries",
        "disturbs deliveries: takes `{\"fault\": \"twice\"}`, or `null` to stop",
    ),
];

/// The form of the page.
pub(crate) const FORMS: [Form; 1] = [Form {
    title: "Write as a user",
    path: "messages",
    fields: &[
        ("project", "Project"),
        ("bot", "Bot"),
        ("user", "User"),
        ("text", "Message"),
    ],
}];

pub(crate) async fn answer(
    panel: &Panel,
    method: &str,
    path: &str,
    body: Value,
) -> Result<Reply, StateError> {
    match (method, path) {
        ("POST", "messages") => write(panel, &body).await,
        ("PUT", _) => {
            let fault = match &body["fault"] {
                Value::Null => None,
                Value::String(name) => Some(DeliveryFault::from_str(name)),
                _ => Some(DeliveryFault::from_str("")),
            };
            let fault = fault.transpose().map_err(|error| {
                StateError::invalid(error.to_string(), "send `{\"fault\": null}` to stop")
            })?;
            panel.deliveries.set_fault(fault);
            Ok(deliveries(panel))
        }
        _ => Ok(deliveries(panel)),
    }
}

fn deliveries(panel: &Panel) -> Reply {
    Reply::json(
        StatusCode::OK,
        json!({"deliveries": panel.deliveries.shown()}),
    )
}

/// Delivers a message of a user, in the active conversation or a new one.
async fn write(panel: &Panel, body: &Value) -> Result<Reply, StateError> {
    let text = |name: &str| match &body[name] {
        Value::String(text) if !text.is_empty() => Ok(text.as_str()),
        _ => Err(StateError::invalid(
            format!("`{name}` is missing or not text"),
            "send `project`, `bot`, `user` and `text`",
        )),
    };
    let (project_id, bot_id, user_id) = (text("project")?, text("bot")?, text("user")?);
    let written = text("text")?;
    let integration = panel.integration(project_id).await?.ok_or_else(|| {
        StateError::invalid(
            format!("the project `{project_id}` has no integration"),
            "create one first",
        )
    })?;
    let conversations = &panel.conversations;
    conversations.start(project_id, bot_id, user_id).await?;
    let now = Timestamp::now();
    let value = json!({
        "id": format!("message-{}-{}", now.as_millisecond(), fastrand::u32(..)),
        "type": "text",
        "content": {"body": written},
    });
    let conversation = conversations
        .add_message(project_id, bot_id, user_id, &value)
        .await?;
    let Some(conversation) = conversation else {
        let help = "this is a bug in the sandbox; please report it";
        return Err(StateError::failed("there is no conversation", help));
    };
    let event = json!({
        "field": "messages",
        "object": "message_event",
        "event_type": "message",
        "timestamp": now.as_millisecond(),
        "project_id": project_id,
        "room_id": conversation.room_id,
        "contact": {"id": user_id, "name": user_id},
        "conversation": {"id": conversation.id},
        "bot": {"id": bot_id, "name": bot_id},
        "value": value,
    });
    let delivered = panel
        .deliveries
        .deliver(project_id, &integration, "message", event)
        .await;
    let delivery = delivered
        .ok()
        .and_then(|number| panel.deliveries.find(number));
    let shown = delivery.map_or(Value::Null, |delivery| delivery.shown());
    Ok(Reply::json(StatusCode::OK, shown).changed())
}
