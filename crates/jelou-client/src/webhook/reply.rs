//! What a panel needs to answer the user who wrote to it.

use crate::messages::{Messages, Send};
use crate::types::{Message, MessageEvent, MessageId, ReceivedMessage, TextContent, TextMessage};

impl Messages<'_> {
    /// [`send`](Self::send) to the user, room, bot and project of `event`.
    pub fn answer(&self, event: &MessageEvent, message: impl Into<Message>) -> Send {
        self.send(
            event.bot.id.clone(),
            event.project_id.clone(),
            event.room_id.clone(),
            event.contact.id.clone(),
            message.into(),
        )
    }
}

impl TextMessage {
    /// A text with an id of your choice, by which you recognize it. Use another one for each message.
    pub fn new(id: impl Into<MessageId>, text: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            type_: Default::default(),
            content: TextContent { body: text.into() },
        }
    }
}

impl ReceivedMessage {
    /// The id of the message, by which one that comes again is recognized.
    pub fn id(&self) -> &MessageId {
        match self {
            Self::ReceivedText(message) => &message.id,
            Self::ReceivedMedia(message) => &message.id,
            Self::ReceivedOther(message) => &message.id,
        }
    }
}
