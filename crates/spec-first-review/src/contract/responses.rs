//! Compares responses: their statuses, bodies, headers and links.

use super::{ContractComparison, Part};
use crate::change::{Outcome, Row};
use crate::literal::literal;
use spec_first_document::tree::NodeId;

impl<'a> ContractComparison<'a> {
    pub(super) fn compare_responses(&mut self, old: NodeId, new: NodeId, part: &Part) {
        let base = self.written_parts_of(old, "responses");
        let head = self.written_parts_of(new, "responses");
        let place = |operation: NodeId| self.tree.get(operation, "responses").or(Some(operation));
        let places = (place(old), place(new));
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
        match (has_content(old), has_content(new)) {
            (true, false) => self.add(
                Row::ResponseBody,
                Outcome::Narrower,
                (Some(old), Some(new)),
                &chosen,
                "the response no longer has a body",
            ),
            (false, true) => self.add(
                Row::ResponseBody,
                Outcome::Wider,
                (Some(old), Some(new)),
                &chosen,
                "the response now has a body",
            ),
            _ => self.compare_contents(Row::ResponseMediaType, old, new, part),
        }
        self.compare_headers(old, new, part);
        self.compare_links(old, new, part);
    }

    fn compare_headers(&mut self, old: NodeId, new: NodeId, part: &Part) {
        let named = |node: NodeId| -> Vec<(String, NodeId)> {
            let headers = self.parts_of(node, "headers").into_iter();
            let headers = headers.map(|(name, header)| (name.to_ascii_lowercase(), header));
            headers.filter(|(name, _)| name != "content-type").collect()
        };
        let (base, head) = (named(old), named(new));
        for (name, old_header) in &base {
            let part = part.then(&format!("header {}", literal(name)));
            let Some((_, new_header)) = head.iter().find(|(other, _)| other == name) else {
                let message = format!("the header {} was dropped", literal(name));
                self.add_removal(
                    Row::Header,
                    Outcome::Wider,
                    (Some(*old_header), Some(new)),
                    &part,
                    message,
                );
                continue;
            };
            let place = |header: NodeId| self.tree.get(header, "required").or(Some(header));
            let places = (place(*old_header), place(*new_header));
            match (
                self.tree.is_true(*old_header, "required"),
                self.tree.is_true(*new_header, "required"),
            ) {
                (true, false) => self.add(
                    Row::HeaderRequired,
                    Outcome::Wider,
                    places,
                    &part,
                    "the header may now be absent",
                ),
                (false, true) => self.add(
                    Row::HeaderRequired,
                    Outcome::Narrower,
                    places,
                    &part,
                    "the header is now always sent",
                ),
                _ => {}
            }
            self.compare_deprecation(*old_header, *new_header, &part);
            let (base, head) = (
                self.value_schema(*old_header),
                self.value_schema(*new_header),
            );
            if base.1 != head.1 {
                let message = "the media type of its value changed".to_owned();
                self.add(
                    Row::Serialization,
                    Outcome::Incomparable,
                    (Some(*old_header), Some(*new_header)),
                    &part,
                    message,
                );
            }
            if base.1.is_none() {
                self.compare_serialization(
                    "header",
                    (*old_header, base.0),
                    (*new_header, head.0),
                    &part,
                );
            }
            let notation = self.notation("header", *old_header, *new_header);
            let part = part.noted(notation);
            self.compare_schemas_of((*old_header, base.0), (*new_header, head.0), &part);
        }
        for (name, new_header) in &head {
            if !base.iter().any(|(other, _)| other == name) {
                let part = part.then(&format!("header {}", literal(name)));
                let message = format!("the header {} was added", literal(name));
                self.add(
                    Row::Header,
                    Outcome::Narrower,
                    (Some(old), Some(*new_header)),
                    &part,
                    message,
                );
            }
        }
    }

    /// Links are hints. The values that they describe are compared elsewhere.
    fn compare_links(&mut self, old: NodeId, new: NodeId, part: &Part) {
        let base = self.parts_of(old, "links");
        let head = self.parts_of(new, "links");
        let names: std::collections::BTreeSet<&str> =
            base.iter().chain(&head).map(|(name, _)| *name).collect();
        for name in names {
            let of = |list: &[(&str, NodeId)]| {
                list.iter()
                    .find(|(other, _)| *other == name)
                    .map(|(_, node)| *node)
            };
            let (was, is) = (of(&base), of(&head));
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
                self.add(
                    Row::Link,
                    Outcome::Neutral,
                    (was.or(Some(old)), is.or(Some(new))),
                    part,
                    message,
                );
            }
        }
    }
}

fn row_of(status: &str) -> Row {
    if is_success(status) {
        Row::SuccessStatus
    } else {
        Row::OtherStatus
    }
}

/// A wider range breaks clients if it covers success statuses, but not if it covers errors.
fn row_of_range(range: &str) -> Row {
    if is_success(range) {
        Row::StatusRange
    } else {
        Row::OtherStatus
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
