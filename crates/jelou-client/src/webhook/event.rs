//! The events that Jelou delivers. What is new is kept, and never an error.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Deref;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_json::value::RawValue;
use spec_first_runtime::Bytes;

use super::VerifyError;
use crate::types::{ConversationCloseEvent, ConversationStartEvent, MessageEvent};

/// An event. Events about conversations have the field `event`, messages have `event_type`; the value of the field says which of them
/// it is.
///
/// `Debug` shows no part of it, because it has personal data in it.
///
/// Source: the page about receiving messages; `event-kinds` and `event-fields` in the reconciliation.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Event {
    /// A user wrote a message.
    Message(Received<MessageEvent>),
    /// A conversation with the panel started.
    ConversationStart(Received<ConversationStartEvent>),
    /// A conversation with the panel ended.
    ConversationClose(Received<ConversationCloseEvent>),
    /// Another event, or one of these with other fields than the document describes.
    ///
    /// Its value lacks members that no [`Value`] can hold: a number that is out of range, or more than 127 levels of nesting. It is
    /// `null` for such an array or number; [`raw_json`](Self::raw_json) has them.
    Unknown(Received<Value>),
}

/// A value of an event, and the JSON that it was read from.
#[derive(Clone)]
pub struct Received<T> {
    /// Boxed, since messages have far more fields than other events.
    value: Box<T>,
    raw: Bytes,
}

impl Event {
    /// Reads an event whose signature was verified.
    pub(super) fn read(raw: Bytes) -> Result<Self, VerifyError> {
        let value = parse(&raw)?;
        let text = |name| value.get(name).and_then(Value::as_str);
        let known = match (text("event"), text("event_type")) {
            (Some("conversation.start"), _) => received(value, &raw).map(Self::ConversationStart),
            (Some("conversation.close"), _) => received(value, &raw).map(Self::ConversationClose),
            (None, Some("message")) => received(value, &raw).map(Self::Message),
            _ => {
                let value = Box::new(value);
                return Ok(Self::Unknown(Received { value, raw }));
            }
        };
        match known {
            Some(known) => Ok(known),
            // Parsed again, so that events as they are documented need not be copied.
            None => {
                let value = Box::new(parse(&raw)?);
                Ok(Self::Unknown(Received { value, raw }))
            }
        }
    }

    /// The name of the event: the value of `event`, or else of `event_type`.
    pub fn name(&self) -> Option<&str> {
        match self {
            Self::Message(event) => Some(&event.event_type),
            Self::ConversationStart(event) => Some(&event.event),
            Self::ConversationClose(event) => Some(&event.event),
            Self::Unknown(event) => ["event", "event_type"]
                .iter()
                .find_map(|name| event.get(name)?.as_str()),
        }
    }

    /// When it happened, if it says so: `timestamp` in milliseconds (`event-timestamp` in the reconciliation).
    pub fn timestamp(&self) -> Option<SystemTime> {
        let milliseconds = match self {
            Self::Message(event) => event.timestamp.as_deref().copied()?,
            Self::ConversationStart(event) => event.timestamp.as_deref().copied()?,
            Self::ConversationClose(event) => event.timestamp.as_deref().copied()?,
            Self::Unknown(event) => event.get("timestamp")?.as_i64()?,
        };
        let since = Duration::from_millis(u64::try_from(milliseconds).ok()?);
        UNIX_EPOCH.checked_add(since)
    }

    /// The JSON as it was received.
    pub fn raw_json(&self) -> &str {
        match self {
            Self::Message(event) => event.raw_json(),
            Self::ConversationStart(event) => event.raw_json(),
            Self::ConversationClose(event) => event.raw_json(),
            Self::Unknown(event) => event.raw_json(),
        }
    }
}

/// Everything that is JSON in UTF-8 has a value, since a refused event may be lost.
fn parse(raw: &[u8]) -> Result<Value, VerifyError> {
    serde_json::from_slice(raw).or_else(|error| {
        let not_json = |error: serde_json::Error| VerifyError::NotJson {
            line: error.line(),
            column: error.column(),
        };
        let Ok(text) = std::str::from_utf8(raw) else {
            return Err(not_json(error));
        };
        // Reads any number, escape and depth.
        serde_json::from_str::<&RawValue>(text).map_err(not_json)?;
        let text = pair_surrogates(text);
        Ok(serde_json::from_str(&text).unwrap_or_else(|_| readable(&text)))
    })
}

/// `json` with the replacement character for each half of a surrogate pair without the other half. JavaScript writes them when it
/// cuts a text within an emoji.
fn pair_surrogates(json: &str) -> String {
    let mut paired = String::with_capacity(json.len());
    let mut rest = json;
    while let Some(at) = rest.find('\\') {
        let unit = |at: usize| {
            let digits = rest.get(at..at + 6)?.strip_prefix("\\u")?;
            u16::from_str_radix(digits, 16).ok()
        };
        let (length, is_unpaired) = match (unit(at), unit(at + 6)) {
            (Some(0xd800..=0xdbff), Some(0xdc00..=0xdfff)) => (12, false),
            (Some(0xd800..=0xdfff), _) => (6, true),
            _ => (2, false),
        };
        let end = at + length;
        paired.push_str(&rest[..if is_unpaired { at } else { end }]);
        if is_unpaired {
            paired.push_str("\\ufffd");
        }
        rest = &rest[end..];
    }
    paired + rest
}

/// The members of an object that a [`Value`] can hold; `null` for anything else.
fn readable(json: &str) -> Value {
    let members = serde_json::from_str::<BTreeMap<String, &RawValue>>(json);
    members.map_or(Value::Null, |members| {
        let read = |(name, value): (String, &RawValue)| {
            let value: Value = serde_json::from_str(value.get()).ok()?;
            Some((name, value))
        };
        members.into_iter().filter_map(read).collect()
    })
}

fn received<T: DeserializeOwned>(value: Value, raw: &Bytes) -> Option<Received<T>> {
    let value = Box::new(serde_json::from_value(value).ok()?);
    let raw = raw.clone();
    Some(Received { value, raw })
}

impl<T> Received<T> {
    /// The JSON as it was received.
    pub fn raw_json(&self) -> &str {
        // It was read as JSON, which is UTF-8.
        std::str::from_utf8(&self.raw).unwrap_or_default()
    }

    /// The value alone.
    pub fn into_value(self) -> T {
        *self.value
    }
}

impl<T> Deref for Received<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T> fmt::Debug for Received<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} bytes", self.raw.len())
    }
}
