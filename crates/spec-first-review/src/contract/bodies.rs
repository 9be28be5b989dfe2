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
                let outcome = if is_required(base) {
                    Outcome::Incomparable
                } else {
                    Outcome::Narrower
                };
                self.add(
                    Row::RequestBody,
                    outcome,
                    (Some(base), Some(new)),
                    &part,
                    "the request body was dropped",
                );
            }
            (None, Some(head)) => {
                let (outcome, message) = if is_required(head) {
                    (
                        Outcome::Incomparable,
                        "a request body was added, and is required",
                    )
                } else {
                    (Outcome::Wider, "a request body was added")
                };
                self.add(
                    Row::RequestBody,
                    outcome,
                    (Some(old), Some(head)),
                    &part,
                    message,
                );
            }
            (Some(base), Some(head)) => {
                let place = |body: NodeId| self.tree.get(body, "required").or(Some(body));
                let places = (place(base), place(head));
                match (is_required(base), is_required(head)) {
                    (false, true) => self.add(
                        Row::RequestBodyRequired,
                        Outcome::Narrower,
                        places,
                        &part,
                        "the request body is now required",
                    ),
                    (true, false) => self.add(
                        Row::RequestBodyRequired,
                        Outcome::Wider,
                        places,
                        &part,
                        "the request body is no longer required",
                    ),
                    _ => {}
                }
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
        let place = |node: NodeId| self.tree.get(node, "content").or(Some(node));
        let places = (place(old), place(new));
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
        let schema = |content: NodeId| (content, self.tree.get(content, "schema"));
        let (base, head) = (schema(old), schema(new));
        let encodings = [old, new].map(|content| self.tree.get(content, "encoding"));
        let part_of_body = match form_of(name) {
            Some(is_multipart) => part.noted(Notation::Form {
                is_multipart,
                encodings,
            }),
            None => part.clone(),
        };
        self.compare_schemas_of(base, head, &part_of_body);
        // Each item of a stream, since OpenAPI 3.2.
        let item_schema = |content: NodeId| (content, self.tree.get(content, "itemSchema"));
        let (base, head) = (item_schema(old), item_schema(new));
        self.compare_schemas_of(base, head, &part.then("each item"));
        self.compare_encodings(name, old, new, part);
    }
}
