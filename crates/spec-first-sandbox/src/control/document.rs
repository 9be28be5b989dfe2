//! The served document over the control API: as JSON, in its original order, with the sandbox as its server, and without
//! security requirements if no credentials are required.

use std::sync::Arc;

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::Response,
};
use serde::{Serialize, Serializer, ser::SerializeMap};
use serde_json::json;
use spec_first_document::{Content, Document, METHODS, Node};

use crate::{Authentication, exchange::Exchange};

use super::responses::{json_response, rejection};

pub(super) async fn show(State(exchange): State<Arc<Exchange>>, headers: HeaderMap) -> Response {
    let base_url = base_url(&exchange, &headers);
    let shown = tokio::task::spawn_blocking(move || {
        let contract = exchange.contract();
        let served = Served {
            document: &contract.document,
            base_url: &base_url,
            is_open: contract.authentication == Authentication::None,
        };
        json_response(StatusCode::OK, &served)
    });
    shown.await.unwrap_or_else(|_| {
        rejection(
            StatusCode::INTERNAL_SERVER_ERROR,
            "the document cannot be written",
            "this is a bug in the sandbox; please report it",
        )
    })
}

/// What is wrong with the document; finding it may take a while.
pub(super) async fn flaws(State(exchange): State<Arc<Exchange>>) -> Response {
    let shown = tokio::task::spawn_blocking(move || {
        let contract = exchange.contract();
        let flaws = contract.flaws().iter();
        let flaws = flaws.map(|it| json!({"flaw": it.to_string(), "help": it.finding().help}));
        json_response(StatusCode::OK, &json!({"flaws": flaws.collect::<Vec<_>>()}))
    });
    shown.await.unwrap_or_else(|_| {
        rejection(
            StatusCode::INTERNAL_SERVER_ERROR,
            "the document cannot be judged",
            "this is a bug in the sandbox; please report it",
        )
    })
}

/// The title of the document.
pub(super) fn title(document: &Document) -> &str {
    let info = document.root().get("info");
    let title = info.and_then(|info| info.str_of("title"));
    title.unwrap_or("Sandbox")
}

/// The URL that the paths of the document are relative to, with the host of this request.
pub(super) fn base_url(exchange: &Exchange, headers: &HeaderMap) -> String {
    let host = headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok());
    format!(
        "http://{}{}",
        host.unwrap_or("localhost"),
        exchange.contract().base_path
    )
}

struct Served<'a> {
    document: &'a Document,
    base_url: &'a str,
    /// Whether no credentials are required.
    is_open: bool,
}

/// The paths, their path items or their operations, without servers, since all are served here, and without security requirements
/// if no credentials are required.
struct Local<'a> {
    node: Node<'a>,
    level: Level,
    is_open: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Level {
    Paths,
    PathItem,
    /// The operations of a path item that have other methods than those that OpenAPI names.
    Additional,
    Operation,
}

impl Level {
    /// The level of the member `key`, if it can contain security requirements.
    fn below(self, key: &str) -> Option<Self> {
        match self {
            Self::Paths => Some(Self::PathItem),
            Self::PathItem if key == "additionalOperations" => Some(Self::Additional),
            Self::PathItem if METHODS.contains(&key) || key == "query" => Some(Self::Operation),
            Self::Additional => Some(Self::Operation),
            Self::PathItem | Self::Operation => None,
        }
    }
}

/// A value of the document; `serde_json::Value` would sort its keys.
struct Ordered<'a>(Node<'a>);

impl Serialize for Served<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for entry in self.document.root().entries() {
            match entry.key {
                "servers" => {}
                "security" if self.is_open => {}
                "paths" => {
                    let paths = Local {
                        node: entry.value,
                        level: Level::Paths,
                        is_open: self.is_open,
                    };
                    map.serialize_entry(entry.key, &paths)?;
                }
                _ => map.serialize_entry(entry.key, &Ordered(entry.value))?,
            }
        }
        map.serialize_entry(
            "servers",
            &[[("url", self.base_url)]
                .into_iter()
                .collect::<std::collections::BTreeMap<_, _>>()],
        )?;
        map.end()
    }
}

impl Serialize for Local<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self {
            node,
            level,
            is_open,
        } = *self;
        let is_operation = level == Level::Operation;
        let mut map = serializer.serialize_map(None)?;
        for entry in node.entries() {
            match (level.below(entry.key), entry.key) {
                (Some(level), _) if entry.value.is_mapping() => {
                    let node = entry.value;
                    let below = Local {
                        node,
                        level,
                        is_open,
                    };
                    map.serialize_entry(entry.key, &below)?;
                }
                (None, "security") if is_operation && is_open => {}
                (None, "servers") if is_operation || level == Level::PathItem => {}
                _ => map.serialize_entry(entry.key, &Ordered(entry.value))?,
            }
        }
        map.end()
    }
}

impl Serialize for Ordered<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0.content() {
            Content::Null => serializer.serialize_unit(),
            Content::Boolean(value) => serializer.serialize_bool(value),
            Content::Number(number) => number.serialize(serializer),
            Content::String(text) => serializer.serialize_str(text),
            Content::Sequence(items) => serializer.collect_seq(items.iter().map(Ordered)),
            Content::Mapping(entries) => serializer.collect_map(
                entries
                    .iter()
                    .map(|entry| (entry.key, Ordered(entry.value))),
            ),
        }
    }
}
