//! A small support panel: receives and verifies events, answers each message once, and closes the conversation when the user says
//! goodbye.
//!
//! The README of the repository starts it against the sandbox. It reads `JELOU_API_KEY`, `JELOU_SIGNING_SECRET` and, unless it is for
//! Jelou itself, `JELOU_BASE_URL`, and listens on port 4020 of 127.0.0.1, or on the port in `PORT`.

use std::error::Error;
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::extract::{FromRef, State};
use axum::http::StatusCode;
use axum::{Router, routing::post};
use jelou_client::types::{MessageEvent, ReceivedMessage, TextMessage};
use jelou_client::webhook::{Event, SigningSecrets};
use jelou_client::{Client, Credentials, Secret};
use lru::LruCache;

/// How many messages are remembered, so that one that is delivered twice is answered once.
const REMEMBERED: NonZeroUsize = NonZeroUsize::new(10_000).expect("it is not zero");

/// What every request needs.
#[derive(Clone)]
pub struct Panel {
    client: Client,
    secrets: SigningSecrets,
    answered: Arc<Mutex<LruCache<String, ()>>>,
}

/// The extractor of [`Event`] finds the secrets here.
impl FromRef<Panel> for SigningSecrets {
    fn from_ref(panel: &Panel) -> Self {
        panel.secrets.clone()
    }
}

impl Panel {
    /// A panel that calls Jelou, or `base_url`.
    pub fn new(
        api_key: Secret,
        signing_secret: Secret,
        base_url: Option<String>,
    ) -> Result<Self, jelou_client::Error> {
        // The key is for conversations, the secret for messages; neither is sent with the other.
        let credentials = Credentials::api_key(api_key);
        let credentials = credentials.and(Credentials::signing_secret(signing_secret.clone()));
        let builder = Client::builder(credentials);
        let builder = match base_url {
            Some(base_url) => builder.base_url(base_url),
            None => builder,
        };
        Ok(Self {
            client: builder.build()?,
            secrets: SigningSecrets::from([signing_secret]),
            answered: Arc::new(Mutex::new(LruCache::new(REMEMBERED))),
        })
    }

    /// The webhook.
    pub fn router(self) -> Router {
        Router::new().route("/", post(receive)).with_state(self)
    }

    fn answered(&self) -> MutexGuard<'_, LruCache<String, ()>> {
        self.answered.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the message is seen for the first time. Until it is [forgotten](Self::forget), it is not new again.
    fn is_new(&self, message: &MessageEvent) -> bool {
        let id = message.value.id().to_string();
        self.answered().put(id, ()).is_none()
    }

    /// A message that was not answered is answered if it comes again.
    fn forget(&self, message: &MessageEvent) {
        self.answered().pop(message.value.id().as_str());
    }

    /// Answers a message, and closes the conversation if it says goodbye.
    async fn answer(&self, message: &MessageEvent) -> Result<(), jelou_client::Error> {
        let text = match &message.value {
            ReceivedMessage::ReceivedText(text) => text.content.body.as_str(),
            _ => "that",
        };
        // One answer for each message, so its id is made of that of the message.
        let id = format!("answer-{}", message.value.id().as_str());
        let answer = TextMessage::new(id, format!("You wrote: {text}"));
        self.client.messages().answer(message, answer).await?;
        if text == "Goodbye" {
            let (bot, user) = (message.bot.id.clone(), message.contact.id.clone());
            let conversations = self.client.conversations();
            conversations
                .close(message.project_id.as_str(), bot, user)
                .await?;
        }
        Ok(())
    }
}

/// Only a verified event gets here. It is answered with 200 at once, whatever it is, and the work is done afterwards.
async fn receive(State(panel): State<Panel>, event: Event) -> StatusCode {
    match event {
        Event::Message(message) if panel.is_new(&message) => {
            tokio::spawn(async move {
                if let Err(error) = panel.answer(&message).await {
                    panel.forget(&message);
                    eprintln!("a message was not answered: {error}");
                }
            });
        }
        Event::Message(_) => eprintln!("received a message again"),
        other => eprintln!("received {}", other.name().unwrap_or("an unknown event")),
    }
    StatusCode::OK
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let api_key = std::env::var("JELOU_API_KEY")?;
    let signing_secret = std::env::var("JELOU_SIGNING_SECRET")?;
    let base_url = std::env::var("JELOU_BASE_URL").ok();
    let panel = Panel::new(api_key.into(), signing_secret.into(), base_url)?;
    let port = std::env::var("PORT").unwrap_or_else(|_| "4020".to_owned());
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port.parse()?)).await?;
    eprintln!("listening on http://{}/", listener.local_addr()?);
    axum::serve(listener, panel.router()).await?;
    Ok(())
}
