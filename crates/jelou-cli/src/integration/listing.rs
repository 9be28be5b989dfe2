//! An integration as a list of fields with their API names. Does not print.

use jelou_client::types::Integration;
use jelou_client::{Reply, Shape};

use crate::output::Record;
use crate::redaction::Redaction;

/// Lists the fields of `reply`; secrets echoed by the server are hidden.
pub(crate) fn list(reply: Reply<Integration>, redaction: &Redaction) -> Record {
    let shape = match reply.shape() {
        Shape::Flat => "flat",
        Shape::Enveloped => "enveloped",
        Shape::Absent => "absent",
    };
    // Without `..`, a new field in the document fails to compile until it is listed.
    let Integration {
        id,
        brain_id,
        webhook_url,
        auth_type,
        created_at,
        updated_at,
    } = reply.into_value();
    let hide = |text: String| redaction.hide_in(&text);
    Record {
        shape,
        fields: vec![
            ("id", id.map(|id| hide(id.into()))),
            ("brainId", brain_id.map(|id| hide(id.into()))),
            ("webhookUrl", webhook_url.map(hide)),
            ("authType", auth_type.map(|kind| hide(kind.to_string()))),
            ("createdAt", created_at.map(|at| hide(at.to_string()))),
            ("updatedAt", updated_at.map(|at| hide(at.to_string()))),
        ],
    }
}
