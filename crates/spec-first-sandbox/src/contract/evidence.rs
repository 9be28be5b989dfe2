//! What an exchange with a real server says about the document: the places that it supports, and those that it contradicts.

use std::collections::BTreeMap;

use axum::http::{StatusCode, header};
use serde_json::Value;
use spec_first_document::Pointer;

use crate::{
    Credential,
    contract::{
        Operation,
        negotiation::{essence, is_json},
        parameters::Given,
        responses::judgement::Received,
        validation::Schema,
    },
    received_body::ReceivedBody,
};

/// Places in the document, each with whether the exchange supports it.
#[derive(Debug, Default)]
pub(crate) struct Evidence(BTreeMap<Pointer, bool>);

/// What the server made of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    Accepted,
    /// For what is in it, and not because of credentials, state or a failure.
    Refused,
    Unknown,
}

impl Evidence {
    /// What an exchange says. `accepted` are the credentials that the options name.
    pub(crate) fn of(
        operation: &Operation,
        given: Given<'_>,
        body: &ReceivedBody,
        received: Received<'_>,
        accepted: &[Credential],
    ) -> Self {
        let mut evidence = Self::default();
        let status = received.status;
        let outcome = match status.as_u16() {
            400 | 415 | 422 => Outcome::Refused,
            _ if status.is_success() => Outcome::Accepted,
            _ => Outcome::Unknown,
        };
        evidence.add_credentials(operation, given, status, accepted);
        for parameter in &operation.parameters {
            let Some((schema, value)) = parameter.given(given) else {
                continue;
            };
            evidence.add_request(schema, &value, outcome);
            if let (Outcome::Accepted, Some(parameter)) = (outcome, schema.pointer().parent()) {
                evidence.add_members(&parameter, &["in", "name", "required"], true);
            }
        }
        let media_type = given.headers.get(header::CONTENT_TYPE);
        let media_type = media_type
            .and_then(|value| value.to_str().ok())
            .map(essence);
        if let (
            ReceivedBody::Complete {
                json: Ok(value), ..
            },
            Some(described),
        ) = (body, &operation.body)
            && let Some(media_type) = media_type.filter(|media_type| is_json(media_type))
            && let Some(schema) = described.find(&media_type).and_then(|media| media.schema())
        {
            if outcome == Outcome::Accepted {
                evidence.add_schema(schema, true);
            }
            evidence.add_request(schema, value, outcome);
        }
        let responses = operation.pointer.child("responses");
        operation
            .responses
            .testify(&responses, received, &mut evidence);
        evidence
    }

    /// The places, each with whether the exchange supports it.
    pub(crate) fn places(&self) -> impl Iterator<Item = (&Pointer, bool)> {
        self.0.iter().map(|(place, supports)| (place, *supports))
    }

    /// What contradicts a place outweighs what supports it.
    pub(crate) fn add(&mut self, place: Pointer, supports: bool) {
        let known = self.0.entry(place).or_insert(true);
        *known &= supports;
    }

    pub(crate) fn add_members(&mut self, place: &Pointer, members: &[&str], supports: bool) {
        for member in members {
            self.add(place.child(member), supports);
        }
    }

    /// Whether a body of the type that a schema is for was sent.
    pub(crate) fn add_schema(&mut self, schema: &Schema, supports: bool) {
        self.add(schema.pointer().clone(), supports);
        self.add(schema.pointer().child("$ref"), supports);
    }

    /// What a response says about its schema.
    pub(crate) fn add_response(&mut self, schema: &Schema, value: &Value) {
        for (place, conforms) in schema.keywords(value) {
            self.add(place, conforms);
        }
    }

    /// A server that accepts what the document forbids contradicts it, and one that refuses it supports it. Which part of a
    /// valid request it refused is not known.
    fn add_request(&mut self, schema: &Schema, value: &Value, outcome: Outcome) {
        if outcome == Outcome::Unknown {
            return;
        }
        for (place, conforms) in schema.keywords(value) {
            match (conforms, outcome) {
                (true, Outcome::Refused) => {}
                (conforms, outcome) => self.add(place, conforms || outcome == Outcome::Refused),
            }
        }
    }

    fn add_credentials(
        &mut self,
        operation: &Operation,
        given: Given<'_>,
        status: StatusCode,
        accepted: &[Credential],
    ) {
        let security = &operation.security;
        let is_refused = matches!(status.as_u16(), 401 | 403);
        let sent = security.satisfied(accepted, given.headers, given.query);
        if sent.is_empty() && !security.is_open {
            self.add(security.pointer.clone(), is_refused);
        } else if status.is_success() {
            self.add(security.pointer.clone(), true);
            let schemes = Pointer::root().child("components").child("securitySchemes");
            for name in sent {
                let members = ["type", "in", "name", "scheme"];
                self.add_members(&schemes.child(name), &members, true);
            }
        }
    }
}
