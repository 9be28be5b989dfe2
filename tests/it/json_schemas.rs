//! The JSON Schemas of the Rust types, compared with the schemas of the document, so that neither drifts alone.

use std::collections::{BTreeMap, BTreeSet};

use jelou_client::types::*;
use jelou_client::{ProjectId, Secret, Timestamp, WebhookUrl};
use serde_json::{Map, Value, json};
use spec_first_document::{Direction, JsonSchema, Pointer};

use crate::contract::document;

/// The type that represents each component; a component without one fails the test.
fn rust_schemas() -> BTreeMap<&'static str, Value> {
    macro_rules! schemas {
        ($($component:literal => $type:ty,)*) => {
            BTreeMap::from([$(($component, schemars::schema_for!($type).to_value())),*])
        };
    }
    schemas! {
        "Assignment" => Assignment,
        "AssignmentType" => AssignmentType,
        "AudioMessage" => AudioMessage,
        "AuthType" => AuthType,
        "BotId" => BotId,
        "BrainId" => BrainId,
        "Conversation" => Conversation,
        "ConversationBot" => ConversationBot,
        "ConversationCloseEvent" => ConversationCloseEvent,
        "ConversationClosing" => ConversationClosing,
        "ConversationEnvelope" => ConversationEnvelope,
        "ConversationId" => ConversationId,
        "ConversationReply" => ConversationReply,
        "ConversationStart" => ConversationStart,
        "ConversationStartEvent" => ConversationStartEvent,
        "ConversationState" => ConversationState,
        "ConversationUser" => ConversationUser,
        "CreatedIntegration" => CreatedIntegration,
        "CreatedIntegrationEnvelope" => CreatedIntegrationEnvelope,
        "CreatedIntegrationReply" => CreatedIntegrationReply,
        "CurrentAuthType" => CurrentAuthType,
        "DocumentMessage" => DocumentMessage,
        "DocumentedConversationState" => DocumentedConversationState,
        "ErrorCode" => ErrorCode,
        "ErrorDetail" => ErrorDetail,
        "ErrorReply" => ErrorReply,
        "ErrorTexts" => ErrorTexts,
        "EventBot" => EventBot,
        "EventContact" => EventContact,
        "EventConversation" => EventConversation,
        "EventTime" => EventTime,
        "ImageMessage" => ImageMessage,
        "Integration" => Integration,
        "IntegrationCreation" => IntegrationCreation,
        "IntegrationEnvelope" => IntegrationEnvelope,
        "IntegrationId" => IntegrationId,
        "IntegrationReply" => IntegrationReply,
        "IntegrationUpdate" => IntegrationUpdate,
        "MediaContent" => MediaContent,
        "Message" => Message,
        "MessageEvent" => MessageEvent,
        "MessageId" => MessageId,
        "MessageSending" => MessageSending,
        "Messages" => Messages,
        "Metadata" => Metadata,
        "Outcome" => Outcome,
        "ProjectId" => ProjectId,
        "ReceivedMessage" => ReceivedMessage,
        "ReceivedMedia" => ReceivedMedia,
        "ReceivedMediaType" => ReceivedMediaType,
        "ReceivedOther" => ReceivedOther,
        "ReceivedText" => ReceivedText,
        "RedirectPayload" => RedirectPayload,
        "RedirectType" => RedirectType,
        "RegeneratedSecret" => RegeneratedSecret,
        "RegeneratedSecretEnvelope" => RegeneratedSecretEnvelope,
        "RegeneratedSecretReply" => RegeneratedSecretReply,
        "RoomId" => RoomId,
        "SigningSecret" => Secret,
        "TextContent" => TextContent,
        "TextMessage" => TextMessage,
        "Timestamp" => Timestamp,
        "UndocumentedReply" => UndocumentedReply,
        "UserId" => UserId,
        "ValidationError" => ValidationError,
        "VideoMessage" => VideoMessage,
        "WebhookAuthorization" => Secret,
        "WebhookUrl" => WebhookUrl,
    }
}

fn document_schemas() -> BTreeMap<String, Value> {
    let document = document();
    let schemas = JsonSchema::of(&document, Direction::Both);
    let components = document
        .node(&Pointer::root().child("components").child("schemas"))
        .unwrap();
    components
        .entries()
        .iter()
        .map(|entry| (entry.key.to_owned(), schemas.schema(entry.value)))
        .collect()
}

/// Reduces a schema to what both sides can express:
///
/// - references are followed, since a hand-written type may represent a component without a name of its own;
/// - `null` as an alternative is removed: schemars writes an optional property as one that may be null, the document as one that is
///   not required;
/// - any value as an alternative is removed: the client keeps what the document does not describe;
/// - `oneOf` and `anyOf` become one set of alternatives: the generator makes an enum of either;
/// - formats, limits and texts are removed: generated types cannot express them. `surface.txt` guards them, and `document.rs`
///   validates values.
fn normalise(schema: &Value, definitions: &Value) -> Value {
    if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
        let name = reference.strip_prefix("#/$defs/").unwrap();
        return normalise(&definitions[name], definitions);
    }
    let mut alternatives = BTreeMap::new();
    for branch in ["anyOf", "oneOf", "allOf"]
        .iter()
        .filter_map(|key| schema.get(key)?.as_array())
        .flatten()
    {
        let branch = normalise(branch, definitions);
        if branch != json!({"type": "null"}) && branch != json!({}) {
            alternatives.insert(branch.to_string(), branch);
        }
    }
    let mut normal = Map::new();
    match schema.get("type") {
        Some(Value::Array(types)) => {
            let types: Vec<_> = types.iter().filter(|name| *name != "null").collect();
            assert_eq!(types.len(), 1, "{schema}");
            normal.insert("type".to_owned(), types[0].clone());
        }
        Some(name) => {
            normal.insert("type".to_owned(), name.clone());
        }
        None => {}
    }
    if let Some(properties) = schema.get("properties").and_then(Value::as_object) {
        let properties = properties
            .iter()
            .map(|(name, schema)| (name.clone(), normalise(schema, definitions)));
        normal.insert("properties".to_owned(), Value::Object(properties.collect()));
    }
    if let Some(required) = schema
        .get("required")
        .and_then(Value::as_array)
        .filter(|names| !names.is_empty())
    {
        let required: BTreeSet<_> = required.iter().filter_map(Value::as_str).collect();
        normal.insert("required".to_owned(), json!(required));
    }
    if let Some(items) = schema.get("items") {
        normal.insert("items".to_owned(), normalise(items, definitions));
    }
    if let Some(values) = schema.get("enum").and_then(Value::as_array) {
        let values: Vec<_> = values.iter().filter(|value| !value.is_null()).collect();
        normal.insert("enum".to_owned(), json!(values));
    }
    // A constant is the only value of an enum.
    if let Some(value) = schema.get("const") {
        normal.insert("enum".to_owned(), json!([value]));
    }
    match alternatives.len() {
        0 => {}
        // A single branch is equivalent to its content.
        1 if normal.is_empty() => return alternatives.into_values().next().unwrap(),
        _ => {
            normal.insert("anyOf".to_owned(), alternatives.into_values().collect());
        }
    }
    Value::Object(normal)
}

#[test]
fn the_json_schema_of_each_type_agrees_with_the_document() {
    let of_document = document_schemas();
    let of_rust = rust_schemas();
    let names: BTreeSet<_> = of_document.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        of_rust.keys().copied().collect(),
        "each component needs its type in `rust_schemas`"
    );
    for (name, schema) in &of_document {
        let rust = &of_rust[name.as_str()];
        let expected = normalise(schema, &schema["$defs"]);
        assert_eq!(
            normalise(rust, &rust["$defs"]),
            expected,
            "{name}: {rust:#}"
        );
    }
}

#[test]
fn the_comparison_sees_a_difference() {
    let mut of_document = document_schemas();
    let schema = of_document.remove("IntegrationEnvelope").unwrap();
    let normal = normalise(&schema, &schema["$defs"]);
    assert_eq!(normal["required"], json!(["data"]));
    assert_eq!(normal["properties"]["status"], json!({"type": "integer"}));
    assert_eq!(
        normal["properties"]["data"]["properties"]["authType"],
        json!({"anyOf": [{"enum": ["bearer", "api_key", "basic", "no_auth"], "type": "string"}, {"type": "string"}]})
    );
}
