//! The shape of the panel's errors.

use serde_json::{Map, Value, json};
use spec_first_sandbox::Rejection;

/// The body of an error response; messages about fields are in `validationError`.
pub(crate) fn body(rejection: &Rejection) -> Value {
    let mut body = json!({
        "message": rejection.messages(),
        "statusMessage": "failed",
        "status": 0,
    });
    let mut fields = Map::new();
    for (field, message) in rejection.fields() {
        let messages = fields.entry(field).or_insert_with(|| json!([]));
        if let Value::Array(messages) = messages {
            messages.push(message.clone().into());
        }
    }
    if !fields.is_empty() {
        body["validationError"] = Value::Object(fields);
    }
    body
}
