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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_has_at_most_one_active_conversation_with_a_bot() {
        let all = Conversations::default();
        let first = all.start("P", "B", "U").unwrap();
        assert!(all.start("P", "B", "U").is_none());
        for (project_id, bot_id, user_id) in [("Q", "B", "U"), ("P", "C", "U"), ("P", "B", "V")] {
            assert!(all.close(project_id, bot_id, user_id).is_none());
            let other = all.start(project_id, bot_id, user_id).unwrap();
            assert_ne!(other.id, first.id);
        }
        let closed = all.close("P", "B", "U").unwrap();
        assert_eq!(closed.id, first.id);
        assert!(all.close("P", "B", "U").is_none());
        assert_ne!(all.start("P", "B", "U").unwrap().id, first.id);
        assert_eq!(all.shown().len(), 5);
        all.clear();
        assert!(all.shown().is_empty());
    }

    #[test]
    fn messages_are_added_to_the_active_conversation_and_shown() {
        let all = Conversations::default();
        let message = json!({"text": "Hola"});
        assert!(all.add_message("P", "B", "U", &message).is_none());
        let id = all.start("P", "B", "U").unwrap().id;
        assert_eq!(all.add_message("P", "B", "U", &message).unwrap().id, id);
        all.close("P", "B", "U");
        assert!(all.add_message("P", "B", "U", &message).is_none());
        assert_eq!(all.shown()[&id]["messages"], json!([message]));
    }

    #[test]
    fn a_conversation_is_found_in_its_project_and_shows_how_it_ended() {
        let all = Conversations::default();
        let id = all.start("P", "B", "U").unwrap().id;
        assert!(all.find("Q", &id).is_none());
        assert!(all.find("P", "other").is_none());
        let active = all.find("P", &id).unwrap().flat();
        assert_eq!(active["state"], "active");
        assert_eq!(active["roomId"], "G:B:U");
        assert_eq!(active.get("endAt"), None);
        all.close("P", "B", "U");
        let closed = all.find("P", &id).unwrap().flat();
        assert_eq!(closed["state"], "closed");
        assert_eq!(closed["startAt"], active["startAt"]);
        assert!(closed["endAt"].as_str() >= closed["startAt"].as_str());
    }
}
