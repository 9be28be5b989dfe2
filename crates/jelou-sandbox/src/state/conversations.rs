//! The conversations between users and the panel. They are kept in memory, and in the file of the integrations if there is one.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::state::{StateError, database::Database};

/// The conversations, by identifier.
pub(crate) type All = BTreeMap<String, Conversation>;

/// The conversations of a sandbox.
#[derive(Debug, Default)]
pub(crate) struct Conversations {
    all: Mutex<All>,
    file: Option<Arc<Database>>,
}

/// A conversation of a user with the panel, as it is stored in the file.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Conversation {
    pub(crate) id: String,
    pub(crate) project_id: String,
    pub(crate) bot_id: String,
    pub(crate) user_id: String,
    pub(crate) room_id: String,
    started: Timestamp,
    ended: Option<Timestamp>,
    /// The messages of the panel and the user, each as its `value`.
    messages: Vec<Value>,
}

impl Conversations {
    /// Resumes with the conversations of a file.
    pub(crate) fn of(all: All, file: Arc<Database>) -> Self {
        Self {
            all: Mutex::new(all),
            file: Some(file),
        }
    }

    /// Starts a conversation; `None` if the user has an active one with the bot.
    pub(crate) async fn start(
        &self,
        project_id: &str,
        bot_id: &str,
        user_id: &str,
    ) -> Result<Option<Conversation>, StateError> {
        self.change(|all| {
            if active(all, project_id, bot_id, user_id).is_some() {
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
        })
        .await
    }

    /// Ends the active conversation of a user with a bot, if there is one.
    pub(crate) async fn close(
        &self,
        project_id: &str,
        bot_id: &str,
        user_id: &str,
    ) -> Result<Option<Conversation>, StateError> {
        self.change(|all| {
            let conversation = active(all, project_id, bot_id, user_id)?;
            conversation.ended = Some(Timestamp::now());
            Some(conversation.clone())
        })
        .await
    }

    /// Adds a message to the active conversation of a user with a bot, and returns the conversation.
    pub(crate) async fn add_message(
        &self,
        project_id: &str,
        bot_id: &str,
        user_id: &str,
        message: &Value,
    ) -> Result<Option<Conversation>, StateError> {
        self.change(|all| {
            let conversation = active(all, project_id, bot_id, user_id)?;
            conversation.messages.push(message.clone());
            Some(conversation.clone())
        })
        .await
    }

    /// Changes a conversation, and returns it once it is in the file.
    async fn change(
        &self,
        change: impl FnOnce(&mut All) -> Option<Conversation>,
    ) -> Result<Option<Conversation>, StateError> {
        let (changed, saved) = {
            let mut all = self.lock();
            let changed = change(&mut all);
            // The lock is held while changes are queued, so the file gets them in this order.
            let saved = self.file.as_ref().zip(changed.as_ref());
            let saved = saved.map(|(file, changed)| file.save_conversation(changed));
            (changed, saved)
        };
        if let Some(saved) = saved {
            saved.await?;
        }
        Ok(changed)
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

    pub(crate) async fn clear(&self) -> Result<(), StateError> {
        let cleared = {
            let mut all = self.lock();
            all.clear();
            self.file.as_ref().map(|file| file.forget_conversations())
        };
        match cleared {
            Some(cleared) => cleared.await,
            None => Ok(()),
        }
    }

    fn lock(&self) -> MutexGuard<'_, All> {
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn active<'a>(
    all: &'a mut All,
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

    #[tokio::test]
    async fn a_user_has_at_most_one_active_conversation_with_a_bot() {
        let all = Conversations::default();
        let first = all.start("P", "B", "U").await.unwrap().unwrap();
        assert!(all.start("P", "B", "U").await.unwrap().is_none());
        for (project_id, bot_id, user_id) in [("Q", "B", "U"), ("P", "C", "U"), ("P", "B", "V")] {
            assert!(
                all.close(project_id, bot_id, user_id)
                    .await
                    .unwrap()
                    .is_none()
            );
            let other = all
                .start(project_id, bot_id, user_id)
                .await
                .unwrap()
                .unwrap();
            assert_ne!(other.id, first.id);
        }
        let closed = all.close("P", "B", "U").await.unwrap().unwrap();
        assert_eq!(closed.id, first.id);
        assert!(all.close("P", "B", "U").await.unwrap().is_none());
        assert_ne!(
            all.start("P", "B", "U").await.unwrap().unwrap().id,
            first.id
        );
        assert_eq!(all.shown().len(), 5);
        all.clear().await.unwrap();
        assert!(all.shown().is_empty());
    }

    #[tokio::test]
    async fn messages_are_added_to_the_active_conversation_and_shown() {
        let all = Conversations::default();
        let message = json!({"text": "Hola"});
        assert!(
            all.add_message("P", "B", "U", &message)
                .await
                .unwrap()
                .is_none()
        );
        let id = all.start("P", "B", "U").await.unwrap().unwrap().id;
        assert_eq!(
            all.add_message("P", "B", "U", &message)
                .await
                .unwrap()
                .unwrap()
                .id,
            id
        );
        all.close("P", "B", "U").await.unwrap();
        assert!(
            all.add_message("P", "B", "U", &message)
                .await
                .unwrap()
                .is_none()
        );
        assert_eq!(all.shown()[&id]["messages"], json!([message]));
    }

    #[tokio::test]
    async fn a_conversation_is_found_in_its_project_and_shows_how_it_ended() {
        let all = Conversations::default();
        let id = all.start("P", "B", "U").await.unwrap().unwrap().id;
        assert!(all.find("Q", &id).is_none());
        assert!(all.find("P", "other").is_none());
        let active = all.find("P", &id).unwrap().flat();
        assert_eq!(active["state"], "active");
        assert_eq!(active["roomId"], "G:B:U");
        assert_eq!(active.get("endAt"), None);
        all.close("P", "B", "U").await.unwrap();
        let closed = all.find("P", &id).unwrap().flat();
        assert_eq!(closed["state"], "closed");
        assert_eq!(closed["startAt"], active["startAt"]);
        assert!(closed["endAt"].as_str() >= closed["startAt"].as_str());
    }
}
