//! The conversations between users and the panel. They are kept in memory, also if the integrations are in a file.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use serde_json::{Map, Value, json};

/// The conversations, by identifier.
#[derive(Debug, Default)]
pub(crate) struct Conversations(Mutex<BTreeMap<String, Conversation>>);

/// A conversation of a user with the panel.
#[derive(Clone, Debug)]
pub(crate) struct Conversation {
    pub(crate) id: String,
    pub(crate) project_id: String,
    pub(crate) bot_id: String,
    pub(crate) user_id: String,
    pub(crate) room_id: String,
    started: Timestamp,
    ended: Option<Timestamp>,
    /// What the panel and the user wrote, each as its `value`.
    messages: Vec<Value>,
}

impl Conversations {
    /// Starts a conversation; `None` if the user has an active one with the bot.
    pub(crate) fn start(
        &self,
        project_id: &str,
        bot_id: &str,
        user_id: &str,
    ) -> Option<Conversation> {
        let mut all = self.lock();
        if active(&mut all, project_id, bot_id, user_id).is_some() {
            return None;
        }
        let id = format!("conversation-{}", all.len() + 1);
        let conversation = Conversation {
            id: id.clone(),
            project_id: project_id.to_owned(),
            bot_id: bot_id.to_owned(),
            user_id: user_id.to_owned(),
            room_id: format!("G:{bot_id}:{user_id}"),
            started: Timestamp::now(),
            ended: None,
            messages: Vec::new(),
        };
        all.insert(id, conversation.clone());
        Some(conversation)
    }

    /// Ends the active conversation of a user with a bot, if there is one.
    pub(crate) fn close(
        &self,
        project_id: &str,
        bot_id: &str,
        user_id: &str,
    ) -> Option<Conversation> {
        let mut all = self.lock();
        let conversation = active(&mut all, project_id, bot_id, user_id)?;
        conversation.ended = Some(Timestamp::now());
        Some(conversation.clone())
    }

    /// The active conversation of a user with a bot, to which a message is added.
    pub(crate) fn add_message(
        &self,
        project_id: &str,
        bot_id: &str,
        user_id: &str,
        message: &Value,
    ) -> Option<Conversation> {
        let mut all = self.lock();
        let conversation = active(&mut all, project_id, bot_id, user_id)?;
        conversation.messages.push(message.clone());
        Some(conversation.clone())
    }

    pub(crate) fn find(&self, project_id: &str, id: &str) -> Option<Conversation> {
        let found = self.lock().get(id).cloned();
        found.filter(|conversation| conversation.project_id == project_id)
    }

    /// What the control API shows, by identifier.
    pub(crate) fn shown(&self) -> Map<String, Value> {
        let all = self.lock();
        let shown = all.iter().map(|(id, conversation)| {
            let mut shown = conversation.flat();
            shown["messages"] = conversation.messages.clone().into();
            (id.clone(), shown)
        });
        shown.collect()
    }

    pub(crate) fn clear(&self) {
        self.lock().clear();
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Conversation>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn active<'a>(
    all: &'a mut BTreeMap<String, Conversation>,
    project_id: &str,
    bot_id: &str,
    user_id: &str,
) -> Option<&'a mut Conversation> {
    all.values_mut().find(|conversation| {
        conversation.ended.is_none()
            && (
                &*conversation.project_id,
                &*conversation.bot_id,
                &*conversation.user_id,
            ) == (project_id, bot_id, user_id)
    })
}

impl Conversation {
    /// The conversation as the API shows it.
    pub(crate) fn flat(&self) -> Value {
        let mut shown = json!({
            "_id": self.id,
            "roomId": self.room_id,
            "state": if self.ended.is_some() { "closed" } else { "active" },
            "startAt": format!("{:.3}", self.started),
            "User": {"id": self.user_id},
            "Bot": {"id": self.bot_id},
        });
        if let Some(ended) = self.ended {
            shown["endAt"] = format!("{ended:.3}").into();
            shown["endedReason"] = "closed_by_operator".into();
        }
        shown
    }
}
