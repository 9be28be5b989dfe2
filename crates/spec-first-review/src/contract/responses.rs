//! Compares responses: their statuses, bodies, headers and links.

use super::{ContractComparison, Named, Part, paired};
use crate::change::{Difference, Outcome, Row};
use crate::literal::literal;
use spec_first_document::tree::NodeId;

impl<'a> ContractComparison<'a> {
    pub(super) fn compare_responses(&mut self, old: NodeId, new: NodeId, part: &Part) {
        let base = self.written_parts_of(old, "responses");
        let head = self.written_parts_of(new, "responses");
        let places = self.places_of([old, new], "responses");
        for (status, was) in &base {
            let part = part.named(format!("response {status}"));
            if let Some(is) = exact(&head, status) {
                self.compare_response(*was, is, &part);
                continue;
            }
            let is_in_part_described = head.iter().any(|(other, _)| is_within(other, status));
            // A status that the base describes separately was not covered by the range in the base.
            let meant = head
                .iter()
                .filter(|(other, _)| is_within(other, status) && exact(&base, other).is_none());
            let meant = meant.map(|(_, node)| *node);
            for is in meant.chain(covering(&head, status)) {
                self.compare_response(*was, is, &part);
            }
            let (row, outcome, message) = if covering(&head, status).is_some() {
                (
                    row_of(status),
                    Outcome::Neutral,
                    format!("the response {status} is now covered by a range or `default`"),
                )
            } else if is_in_part_described {
                (
                    row_of_range(status),
                    Outcome::Narrower,
                    format!("only some statuses of {status} are still described"),
                )
            } else {
                (
                    row_of(status),
                    Outcome::Narrower,
                    format!("the response {status} was dropped"),
                )
            };
            self.add(row, outcome, (Some(*was), places.1), &part, message);
        }
        for (status, is) in &head {
            if exact(&base, status).is_some() {
                continue;
            }
            let part = part.named(format!("response {status}"));
            let (row, outcome, message) = if let Some(was) = covering(&base, status) {
                self.compare_response(was, *is, &part);
                (
                    row_of(status),
                    Outcome::Neutral,
                    format!("the response {status} is now described separately"),
                )
            } else if base.iter().any(|(other, _)| is_within(other, status)) {
                (
                    row_of_range(status),
                    Outcome::Wider,
                    format!("every status of {status} is now possible"),
                )
            } else {
                (
                    row_of(status),
                    Outcome::Wider,
                    format!("the response {status} was added"),
                )
            };
            self.add(row, outcome, (places.0, Some(*is)), &part, message);
        }
    }

    fn compare_response(&mut self, old: NodeId, new: NodeId, part: &Part) {
        let (Some(old), Some(new)) = (self.follow(old), self.follow(new)) else {
            return;
        };
        let has_content = |node: NodeId| !self.parts_of(node, "content").is_empty();
        let chosen = part.toward(part.direction.flipped());
        let is_empty = [old, new].map(|response| !has_content(response));
        self.compare_demand(
            Row::ResponseBody,
            is_empty,
            (Some(old), Some(new)),
            &chosen,
            [
                "the response no longer has a body",
                "the response now has a body",
            ],
        );
        if is_empty[0] == is_empty[1] {
            self.compare_contents(Row::ResponseMediaType, old, new, part);
        }
        self.compare_headers(old, new, part);
        self.compare_links(old, new, part);
    }

    fn compare_headers(&mut self, old: NodeId, new: NodeId, part: &Part) {
        let named = |node| -> Vec<Named<'a>> {
            let mut headers = self.parts_of(node, "headers");
            headers.retain(|(name, _)| !name.eq_ignore_ascii_case("content-type"));
            headers
        };
        for (name, was, is) in paired(&named(old), &named(new), str::eq_ignore_ascii_case) {
            let name = literal(&name.to_ascii_lowercase()).to_string();
            let part = part.then(&format!("header {name}"));
            let places = (was.or(Some(old)), is.or(Some(new)));
            let (Some(was), Some(is)) = (was, is) else {
                let (outcome, verb) = match is {
                    None => (Outcome::Wider, "dropped"),
                    Some(_) => (Outcome::Narrower, "added"),
                };
                let message = format!("the header {name} was {verb}");
                let difference = Difference {
                    is_removal: is.is_none(),
                    ..Difference::new(Row::Header, outcome, places, message)
                };
                self.add_difference(difference, &part);
                continue;
            };
            self.compare_demand(
                Row::HeaderRequired,
                [was, is].map(|header| self.tree.is_true(header, "required")),
                self.places_of([was, is], "required"),
                &part,
                [
                    "the header is now always sent",
                    "the header may now be absent",
                ],
            );
            self.compare_deprecation(was, is, &part);
            let ((base, old_type), (head, new_type)) =
                (self.value_schema(was), self.value_schema(is));
            if old_type != new_type {
                let message = "the media type of its value changed";
                let (row, outcome) = (Row::Serialization, Outcome::Incomparable);
                self.add(row, outcome, places, &part, message);
            }
            if old_type.is_none() {
                self.compare_serialization("header", (was, base), (is, head), &part);
            }
            let part = part.noted(self.notation("header", was, is));
            self.compare_schemas_of((was, base), (is, head), &part);
        }
    }

    /// Links are hints. The values that they describe are compared elsewhere.
    fn compare_links(&mut self, old: NodeId, new: NodeId, part: &Part) {
        let base = self.parts_of(old, "links");
        let head = self.parts_of(new, "links");
        for (name, was, is) in paired(&base, &head, str::eq) {
            let json = |node: Option<NodeId>| {
                node.map(|node| {
                    let mut json = self.tree.to_json(node);
                    if let Some(link) = json.as_object_mut() {
                        link.retain(|key, _| key != "description");
                    }
                    json
                })
            };
            if json(was) != json(is) {
                let what = match (was, is) {
                    (None, _) => "was added",
                    (_, None) => "was dropped",
                    _ => "changed",
                };
                let message = format!("the link {} {what}", literal(name));
                let places = (was.or(Some(old)), is.or(Some(new)));
                self.add(Row::Link, Outcome::Neutral, places, part, message);
            }
        }
    }
}

fn row_of(status: &str) -> Row {
    match is_success(status) {
        true => Row::SuccessStatus,
        false => Row::OtherStatus,
    }
}

/// A wider range breaks clients if it covers success statuses, but not if it covers errors.
fn row_of_range(range: &str) -> Row {
    match is_success(range) {
        true => Row::StatusRange,
        false => Row::OtherStatus,
    }
}

fn is_success(status: &str) -> bool {
    status.starts_with('2')
}

fn exact(responses: &[(&str, NodeId)], status: &str) -> Option<NodeId> {
    let same = responses
        .iter()
        .find(|(other, _)| other.eq_ignore_ascii_case(status));
    same.map(|(_, node)| *node)
}

/// The response whose range contains the status, or else `default`. A success status is not covered by `default`, which describes
/// errors.
fn covering(responses: &[(&str, NodeId)], status: &str) -> Option<NodeId> {
    let range = responses.iter().find(|(other, _)| is_within(status, other));
    let any = || {
        responses
            .iter()
            .find(|(other, _)| *other == "default" && !is_success(status))
    };
    range.or_else(any).map(|(_, node)| *node)
}

/// Whether a range, such as `4XX`, contains a status.
fn is_within(status: &str, range: &str) -> bool {
    let digit = range
        .strip_suffix("XX")
        .or_else(|| range.strip_suffix("xx"));
    digit.is_some_and(|digit| status.starts_with(digit) && !status.eq_ignore_ascii_case(range))
}
