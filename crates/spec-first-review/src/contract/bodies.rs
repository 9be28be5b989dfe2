//! Compares request bodies, and the media types of all bodies.

use super::encoding::form_of;
use super::media_type::{covers, normal, spelled};
use super::{ContractComparison, Part};
use crate::change::{Outcome, Row};
use crate::literal::literal;
use crate::schema::notation::Notation;
use spec_first_document::tree::NodeId;

impl<'a> ContractComparison<'a> {
    pub(super) fn compare_request_bodies(&mut self, old: NodeId, new: NodeId, part: &Part) {
        let part = part.named("request body");
        // Without media types, there is nothing to send.
        let has_content = |body: &NodeId| !self.parts_of(*body, "content").is_empty();
        let [base, head] = [old, new].map(|operation| {
            let body = self.part_of(operation, "requestBody");
            body.filter(has_content)
        });
        let is_required = |body: NodeId| self.tree.is_true(body, "required");
        match (base, head) {
            (None, None) => {}
            (Some(base), None) => {
                let (outcome, places) = (self.dropped(base), (Some(base), Some(new)));
                let message = "the request body was dropped";
                self.add(Row::RequestBody, outcome, places, &part, message);
            }
            (None, Some(head)) => {
                let (outcome, places) = (self.dropped(head).flipped(), (Some(old), Some(head)));
                let message = match is_required(head) {
                    true => "a request body was added, and is required",
                    false => "a request body was added",
                };
                self.add(Row::RequestBody, outcome, places, &part, message);
            }
            (Some(base), Some(head)) => {
                let bodies = [base, head];
                self.compare_demand(
                    Row::RequestBodyRequired,
                    bodies.map(is_required),
                    self.places_of(bodies, "required"),
                    &part,
                    [
                        "the request body is now required",
                        "the request body is no longer required",
                    ],
                );
                self.compare_contents(Row::RequestMediaType, base, head, &part);
            }
        }
    }

    /// The client chooses the media type, of responses too.
    pub(super) fn compare_contents(&mut self, row: Row, old: NodeId, new: NodeId, part: &Part) {
        let base = self.parts_of(old, "content");
        let head = self.parts_of(new, "content");
        let chosen_by = match row {
            Row::ResponseMediaType => part.direction.flipped(),
            _ => part.direction,
        };
        let places = self.places_of([old, new], "content");
        for (written, old_content) in &base {
            let name = normal(written);
            // Some documents list two that mean the same.
            let itself = head.iter().find(|(other, _)| other == written);
            let same = itself.or_else(|| head.iter().find(|(other, _)| normal(other) == name));
            let covering =
                same.or_else(|| head.iter().find(|(other, _)| covers(&normal(other), &name)));
            let part = part.written_as(&name);
            match covering {
                Some((other, new_content)) => {
                    if same.is_some() && spelled(written) != spelled(other) {
                        let message = format!(
                            "the media type is written {} now, which means the same",
                            literal(other)
                        );
                        self.add(
                            row,
                            Outcome::Neutral,
                            (Some(*old_content), Some(*new_content)),
                            &part,
                            message,
                        );
                    }
                    self.compare_media_types(&name, *old_content, *new_content, &part);
                }
                None => {
                    let message = format!("the media type {} was dropped", literal(&name));
                    self.add(
                        row,
                        Outcome::Narrower,
                        (Some(*old_content), places.1),
                        &part.toward(chosen_by),
                        message,
                    );
                }
            }
        }
        for (written, new_content) in &head {
            let name = normal(written);
            if base.iter().any(|(other, _)| normal(other) == name) {
                continue;
            }
            let part = part.written_as(&name);
            // A range in the base allowed this media type, possibly with another schema.
            let meant = base.iter().find(|(other, _)| covers(&normal(other), &name));
            if let Some((_, old_content)) = meant {
                self.compare_media_types(&name, *old_content, *new_content, &part);
                continue;
            }
            let message = format!("the media type {} was added", literal(&name));
            self.add(
                row,
                Outcome::Wider,
                (places.0, Some(*new_content)),
                &part.toward(chosen_by),
                message,
            );
        }
    }

    fn compare_media_types(&mut self, name: &str, old: NodeId, new: NodeId, part: &Part) {
        let schema = |content, keyword| (content, self.tree.get(content, keyword));
        let encodings = [old, new].map(|content| self.tree.get(content, "encoding"));
        let part_of_body = match form_of(name) {
            Some(is_multipart) => part.noted(Notation::Form {
                is_multipart,
                encodings,
            }),
            None => part.clone(),
        };
        let (base, head) = (schema(old, "schema"), schema(new, "schema"));
        self.compare_schemas_of(base, head, &part_of_body);
        // Each item of a stream, since OpenAPI 3.2.
        let (base, head) = (schema(old, "itemSchema"), schema(new, "itemSchema"));
        self.compare_schemas_of(base, head, &part.then("each item"));
        self.compare_encodings(name, old, new, part);
    }
}
