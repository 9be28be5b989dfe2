//! What the document demands of a body, checked before it is sent.

use serde::Serialize;

use super::Call;
use crate::body::{Part, to_json};

impl Call {
    /// Refuses a JSON object or a form that has fewer members than `least`: `minProperties` in OpenAPI.
    pub fn require_members(&mut self, least: usize) {
        let count = self
            .0
            .body
            .as_ref()
            .map_or(0, |body| body.count_members(least));
        match count {
            _ if count >= least || self.raw().is_some() => {}
            0 => self.refuse("body", "no member of it is set"),
            _ => self.refuse(
                "body",
                format_args!("{count} of at least {least} members are set"),
            ),
        }
    }

    /// Refuses a JSON value or a form that exceeds a limit.
    pub(super) fn check_limits(&mut self, body: &impl Serialize) {
        if let (Some(limits), None) = (self.0.operation.limits, self.raw())
            && let Err(reason) = to_json(body).and_then(|body| limits().check(&body))
        {
            self.refuse("body", reason);
        }
    }

    /// Refuses a form without one of the parts that are `required`.
    pub(super) fn require_parts(
        &mut self,
        parts: &[(&'static str, Part)],
        required: &[&'static str],
    ) {
        let mut missing = required.iter();
        let missing = missing.find(|name| parts.iter().all(|(known, _)| known != *name));
        if let (Some(name), None) = (missing, self.raw()) {
            self.refuse(name, "it is required in this form");
        }
    }

    /// Refuses a media type that is in none of those that are `described`.
    pub(super) fn require_media_type(&mut self, media_type: &str, described: &[&str]) {
        if !described.iter().any(|range| includes(range, media_type)) {
            let described = described.join(", ");
            let reason = format!("the document describes {described}, not `{media_type}`");
            self.refuse("media type", reason);
        }
    }
}

/// Whether a media type without its parameters is in a range, such as `image/*` or `application/*+json`.
pub(crate) fn includes(range: &str, media_type: &str) -> bool {
    let [range, media_type] = [range, media_type].map(|text| {
        let essence = text.split(';').next().unwrap_or_default();
        essence.trim().to_ascii_lowercase()
    });
    match range.split_once('*') {
        Some((start, end)) => {
            range == "*/*" || media_type.starts_with(start) && media_type.ends_with(end)
        }
        None => range == media_type,
    }
}
