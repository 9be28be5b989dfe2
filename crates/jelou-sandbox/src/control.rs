//! The addition of the panel to the control API: writing as a user.

use jiff::Timestamp;
use serde_json::{Value, json};
use spec_first_sandbox::{Form, Reply, StateError, StatusCode};

use crate::{deliveries::deliver, state::Panel};

/// The routes: method, path below `/_sandbox/`, and purpose.
pub(crate) const ROUTES: [(&str, &str, &str); 1] = [(
    "POST",
    "messages",
    "writes as a user: takes `{\"project\", \"bot\", \"user\"}` with `\"text\"`, or with `\"type\"` and `\"content\"`, delivers the message, and shows what the webhook answered",
)];

const MEMBERS: [&str; 6] = ["project", "bot", "user", "text", "type", "content"];

const HELP: &str = "send `project`, `bot`, `user`, and either `text` or `type` and `content`";

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

/// Delivers a message from a user, in the active conversation or a new one.
pub(crate) async fn write(panel: &Panel, body: &Value) -> Result<Reply, StateError> {
    let invalid = |problem: String| StateError::invalid(problem, HELP);
    let members = body.as_object();
    let members = members.ok_or_else(|| invalid("the body is not an object".to_owned()))?;
    if let Some(other) = members
        .keys()
        .find(|name| !MEMBERS.contains(&name.as_str()))
    {
        return Err(invalid(format!("unknown member `{other}`")));
    }
    let text = |name: &str| match &body[name] {
        Value::String(text) if !text.is_empty() => Ok(text.as_str()),
        _ => Err(invalid(format!("`{name}` is missing or not text"))),
    };
    let (project_id, bot_id, user_id) = (text("project")?, text("bot")?, text("user")?);
    let (kind, content) = match (members.get("type"), members.get("content")) {
        (None, None) => ("text", json!({"body": text("text")?})),
        _ if members.contains_key("text") => {
            return Err(invalid("there are both `text` and `type`".to_owned()));
        }
        (_, None) => return Err(invalid("`content` is missing".to_owned())),
        (_, Some(content)) => (text("type")?, content.clone()),
    };
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
        "type": kind,
        "content": content,
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
    let deliveries = panel.deliveries();
    let delivered = deliver(deliveries, &integration, "message", &event).await;
    let delivery = delivered.ok().and_then(|number| deliveries.find(number));
    let shown = delivery.map_or(Value::Null, |delivery| delivery.shown());
    Ok(Reply::json(StatusCode::OK, shown).changed())
}
