//! Parses a scenario file and reports where it is wrong.

use std::ops::RangeInclusive;

use axum::http::Method;
use spec_first_document::{Content, Document, Entry, Finding, Node, Position};

use crate::{DeliveryFault, input_file::InputFile};

use super::{
    Fault, Scenario,
    delivery::DeliveryRule,
    scenario::{OperationName, Rule},
};

/// The version of the format.
const VERSION: u64 = 1;

const FIELDS: [&str; 3] = ["version", "seed", "rules"];

const RULE_FIELDS: [&str; 6] = ["fault", "operation", "method", "path", "requests", "times"];

const DELIVERY_FIELDS: [&str; 4] = ["delivery", "event", "deliveries", "times"];

pub(super) fn read(name: &str, text: &str) -> Result<Scenario, Finding> {
    let document = Document::parse(name, text)?;
    let reader = Reader(InputFile {
        document: &document,
        rule: "scenario",
    });
    let root = document.root();
    let mut scenario = Scenario::default();
    let mut is_of_version = false;
    for entry in reader.0.mapping(root, "a scenario")? {
        match entry.key {
            "version" => {
                is_of_version = reader.number(entry)? == VERSION;
                if !is_of_version {
                    let help = format!("use `version: {VERSION}`");
                    let position = entry.value.position();
                    return Err(reader
                        .0
                        .problem(position, "unsupported scenario version", help));
                }
            }
            "seed" => scenario.seed = Some(reader.number(entry)?),
            "rules" => {
                let Content::Sequence(rules) = entry.value.content() else {
                    let help = "begin each rule with `- fault: …` on a new line";
                    return Err(reader.0.problem(
                        entry.value.position(),
                        "`rules` must be a list",
                        help,
                    ));
                };
                for rule in rules {
                    match rule.get("delivery") {
                        Some(_) => scenario.deliveries.push(reader.delivery_rule(rule)?),
                        None => scenario.rules.push(reader.rule(rule)?),
                    }
                }
            }
            _ => return Err(reader.unknown(entry, "a scenario", &FIELDS)),
        }
    }
    if !is_of_version {
        let help = format!("add `version: {VERSION}` at the top");
        return Err(reader.0.problem(root.position(), "missing `version`", help));
    }
    Ok(scenario)
}

/// What is wrong, starting with its place. The rules have no names that could be shown.
pub(super) fn in_words(finding: &Finding) -> String {
    let Position { line, column, .. } = finding.position;
    format!(
        "{}:{line}:{column}: {}",
        finding.source.name, finding.message
    )
}

/// Parses the parts of a scenario and reports where one is wrong.
struct Reader<'a>(InputFile<'a>);

impl Reader<'_> {
    fn rule(&self, node: Node<'_>) -> Result<Rule, Finding> {
        let mut fault = None;
        let (mut operation, mut method, mut path, mut requests, mut times) =
            (None, None, None, None, None);
        for entry in self.0.mapping(node, "a rule")? {
            match entry.key {
                "fault" => {
                    let parsed = self.0.text(entry)?.parse::<Fault>();
                    fault = Some(parsed.map_err(|error| {
                        self.0
                            .problem(entry.value.position(), error.problem, error.help)
                    })?);
                }
                "operation" => {
                    let name = self.0.text(entry)?.to_owned();
                    let message = format!("the document defines no operation `{name}`");
                    let unknown = in_words(&self.0.problem(entry.value.position(), message, ""));
                    operation = Some(OperationName { name, unknown });
                }
                "method" => {
                    let text = self.0.text(entry)?.to_uppercase();
                    method = Some(Method::from_bytes(text.as_bytes()).map_err(|_| {
                        let help = "use an HTTP method such as `PATCH`";
                        self.0
                            .problem(entry.value.position(), "invalid method", help)
                    })?);
                }
                "path" => path = Some(self.0.text(entry)?.to_owned()),
                "requests" => requests = Some(self.range(entry)?),
                "times" => times = Some(self.number(entry)?),
                _ => return Err(self.unknown(entry, "a rule", &RULE_FIELDS)),
            }
        }
        let fault = fault.ok_or_else(|| {
            let help = "add one, such as `fault: status=503`";
            self.0.problem(node.position(), "missing `fault`", help)
        })?;
        Ok(Rule {
            fault,
            operation,
            method,
            path,
            requests,
            times,
        })
    }

    fn delivery_rule(&self, node: Node<'_>) -> Result<DeliveryRule, Finding> {
        let mut fault = None;
        let (mut event, mut deliveries, mut times) = (None, None, None);
        for entry in self.0.mapping(node, "a rule")? {
            match entry.key {
                "delivery" => fault = Some(self.delivery_fault(entry)?),
                "event" => event = Some(self.0.text(entry)?.to_owned()),
                "deliveries" => deliveries = Some(self.range(entry)?),
                "times" => times = Some(self.number(entry)?),
                _ => return Err(self.unknown(entry, "a rule about deliveries", &DELIVERY_FIELDS)),
            }
        }
        let fault = fault.ok_or_else(|| {
            let help = "add one, such as `delivery: twice`";
            self.0.problem(node.position(), "missing `delivery`", help)
        })?;
        Ok(DeliveryRule {
            fault,
            event,
            deliveries,
            times,
            matched: 0,
            applied: 0,
        })
    }

    fn delivery_fault(&self, entry: Entry<'_>) -> Result<DeliveryFault, Finding> {
        let parsed = self.0.text(entry)?.parse::<DeliveryFault>();
        parsed.map_err(|error| {
            let help = "use one of them";
            self.0
                .problem(entry.value.position(), error.to_string(), help)
        })
    }

    /// `3`, `3..5` or `3..`.
    fn range(&self, entry: Entry<'_>) -> Result<RangeInclusive<u64>, Finding> {
        let text = match entry.value.content() {
            Content::String(text) => text.to_owned(),
            _ => self.number(entry)?.to_string(),
        };
        let (from, to) = text.split_once("..").unwrap_or((&text, &text));
        let last = if to.is_empty() {
            Some(u64::MAX)
        } else {
            to.parse().ok()
        };
        let range = from.parse().ok().zip(last);
        let range = range.filter(|(from, to)| (1..=*to).contains(from));
        let (from, to) = range.ok_or_else(|| {
            let (position, counted) = (entry.value.position(), entry.key);
            let help = format!("{counted} are counted from one: use `3`, `3..5` or `3..`");
            let message = format!("invalid range of {counted}");
            self.0.problem(position, message, help)
        })?;
        Ok(from..=to)
    }

    fn number(&self, entry: Entry<'_>) -> Result<u64, Finding> {
        entry.value.to_json().as_u64().ok_or_else(|| {
            let message = format!("`{}` must be a whole number, 0 or greater", entry.key);
            self.0.problem(
                entry.value.position(),
                message,
                "write it in digits, such as `7`",
            )
        })
    }

    fn unknown(&self, entry: Entry<'_>, what: &str, known: &[&str]) -> Finding {
        let known: Vec<_> = known.iter().map(|name| format!("`{name}`")).collect();
        self.0.problem(
            entry.key_position(),
            format!("unknown field `{}` in {what}", entry.key),
            format!("expected one of {}", known.join(", ")),
        )
    }
}
