//! The requests that the API sends: callbacks of its operations, and webhooks.

use std::sync::Arc;

use serde_json::Value;
use spec_first_document::Document;

use crate::{
    Flaw,
    contract::{example::Media, place::Place, validation::Schemas},
};

/// The operations after which a webhook is sent.
const AFTER: &str = "x-mock-after";

/// A request that the API sends.
#[derive(Debug)]
pub(crate) struct Outbound {
    /// The name of the callback or webhook.
    pub(crate) name: String,
    /// In upper case.
    pub(crate) method: String,
    /// Where a callback is sent: text with runtime expressions.
    pub(crate) target: Option<String>,
    /// The names of the operations after which a webhook is sent, if the document says so.
    pub(crate) after: Option<Vec<String>>,
    /// The header in which the document expects a signature.
    pub(crate) signature: Option<String>,
    media: Vec<Media>,
}

/// A body and its media type.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct OutboundBody {
    pub(crate) content_type: Option<String>,
    pub(crate) text: String,
}

/// Reads requests that the API sends.
pub(crate) struct OutboundReader<'a> {
    pub(crate) document: &'a Arc<Document>,
    pub(crate) schemas: &'a mut Schemas,
    pub(crate) flaws: &'a mut Vec<Flaw>,
}

impl OutboundReader<'_> {
    pub(crate) fn callbacks(&mut self, operation: &Place<'_>) -> Vec<Outbound> {
        let mut callbacks = Vec::new();
        for (name, written) in operation.entries_of("callbacks") {
            let Some(callback) = written.resolve() else {
                continue;
            };
            for (target, item) in callback.entries() {
                if !target.starts_with("x-") {
                    callbacks.extend(self.requests(name, Some(target), &item));
                }
            }
        }
        callbacks
    }

    pub(crate) fn webhooks(&mut self, root: &Place<'_>) -> Vec<Outbound> {
        let webhooks = root.entries_of("webhooks").into_iter();
        let requests = webhooks.flat_map(|(name, item)| self.requests(name, None, &item));
        requests.collect()
    }

    fn requests(&mut self, name: &str, target: Option<&str>, item: &Place<'_>) -> Vec<Outbound> {
        let Some(item) = item.resolve() else {
            return Vec::new();
        };
        let operations = item.operations();
        let requests = operations.map(|(method, operation)| {
            let content = operation.get("requestBody").and_then(|body| body.resolve());
            let content = content.map(|body| body.entries_of("content"));
            let media = content.into_iter().flatten().map(|(media_type, place)| {
                Media::of(self.document, self.schemas, media_type, &place)
            });
            let mut media: Vec<_> = media.collect();
            media.sort_by_key(|media| !media.is_json);
            let parameters = [&operation, &item].map(|owner| owner.items_of("parameters"));
            let mut headers = parameters.iter().flatten().filter_map(|parameter| {
                let parameter = parameter.resolve()?;
                let name = parameter.text("name")?;
                (parameter.text("in") == Some("header")).then_some(name)
            });
            let signature = headers.find(|name| name.to_ascii_lowercase().contains("signature"));
            Outbound {
                name: name.to_owned(),
                method: method.to_uppercase(),
                target: target.map(str::to_owned),
                after: self.after(&operation).or_else(|| self.after(&item)),
                signature: signature.map(str::to_owned),
                media,
            }
        });
        requests.collect()
    }

    fn after(&mut self, owner: &Place<'_>) -> Option<Vec<String>> {
        let place = owner.get(AFTER)?;
        let names = place.items().into_iter();
        let names: Option<Vec<_>> = names
            .map(|it| it.node.as_str().map(str::to_owned))
            .collect();
        let names = names.filter(|_| place.node.is_sequence());
        if names.is_none() {
            self.flaws.push(place.flaw(
                "this `x-mock-after` is ignored: it is not a list of operations",
                "name each by its `operationId`, or as in `POST /pets`; `[]` sends the webhook only by hand",
            ));
        }
        names
    }
}

impl Outbound {
    /// The schema of the body in JSON.
    pub(crate) fn schema(&self) -> Option<Place<'_>> {
        let mut media = self.media.iter();
        media.find(|media| media.is_json)?.schema_place()
    }

    /// The body with a value that `change` makes of the example, if it conforms, or else the example.
    ///
    /// # Errors
    /// The document has no example, and none can be generated, for the reason in the error.
    pub(crate) fn body(
        &self,
        change: impl FnOnce(&Value) -> Option<Value>,
    ) -> Result<OutboundBody, String> {
        let Some(media) = self.media.first() else {
            return Ok(OutboundBody::default());
        };
        let example = media.conforming()?;
        let changed = example.json().and_then(change);
        let changed = changed.filter(|value| media.problem(value).is_none());
        let bytes = example.bytes();
        Ok(OutboundBody {
            content_type: media
                .content_type
                .as_ref()
                .and_then(|it| it.to_str().ok())
                .map(str::to_owned),
            text: match changed {
                Some(value) => value.to_string(),
                None => String::from_utf8_lossy(bytes).into_owned(),
            },
        })
    }
}
