//! Examples and defaults that are invalid against their schema, in the direction in which they are sent.

mod undeclared;

use std::collections::{HashMap, HashSet};

use serde_json::Value;
use spec_first_document::{Direction, Node, Pointer, violation::Violation};

use crate::{
    report::Report,
    survey::{Survey, Travels},
    validation::{Example, Validation},
};

pub(crate) fn check<'a>(
    survey: &Survey<'a>,
    validation: &Validation<'_, 'a>,
    report: &mut Report<'_>,
) {
    let schemas: HashMap<&str, usize> = survey
        .schemas
        .iter()
        .enumerate()
        .map(|(index, site)| (site.pointer.as_str(), index))
        .collect();
    let mut inspector = Inspector {
        survey,
        validation,
        pending: HashMap::new(),
        examples: Vec::new(),
    };
    for (index, site) in survey.schemas.iter().enumerate() {
        if site.is_reference() {
            continue;
        }
        let direction = match site.component {
            Some(_) => Direction::Both,
            None => survey.travels(site).direction(),
        };
        if let Some(example) = site.node.get("example") {
            let at = site.pointer.child("example");
            inspector.inspect("invalid-example", index, direction, &at, example);
        }
        if let Some(default) = site.node.get("default") {
            let at = site.pointer.child("default");
            inspector.inspect("invalid-default", index, Direction::Both, &at, default);
        }
    }
    for site in &survey.parameters {
        if let Some(schema) = schemas.get(site.pointer.child("schema").as_str()) {
            inspector.holder(*schema, Travels::REQUEST, &site.pointer, site.node, true);
        }
    }
    for (_, site) in &survey.headers {
        if let Some(schema) = schemas.get(site.pointer.child("schema").as_str()) {
            inspector.holder(*schema, Travels::RESPONSE, &site.pointer, site.node, true);
        }
    }
    for site in &survey.media_types {
        if let Some(schema) = schemas.get(site.pointer.child("schema").as_str()) {
            let essence = site.name.split(';').next().unwrap_or_default().trim();
            let is_written_as_json = essence.ends_with("json") || essence == "text/plain";
            inspector.holder(
                *schema,
                site.travels,
                &site.pointer,
                site.node,
                is_written_as_json,
            );
        }
    }
    let examples = inspector.examples;
    let hidden = Hidden::of(survey);
    for (direction, (instances, places)) in inspector.pending {
        let results = validation.violations(direction, &instances);
        for (violations, (rule, at)) in results.into_iter().zip(places) {
            for violation in violations.iter().filter(|it| !is_excluded(it, &violations)) {
                let problem = hidden.problem(violation, direction);
                report_one(survey, rule, direction, &at, violation, problem, report);
            }
        }
    }
    for (schema, at, value) in examples {
        // Invalid examples have already been reported.
        if !report.has_within(&at) {
            undeclared::check(survey, survey.schemas[schema].node, value, &at, report);
        }
    }
    for site in &survey.examples {
        if site.node.get("value").is_some() && site.node.get("externalValue").is_some() {
            report.add(
                "value-and-external-value",
                &site.pointer.child("externalValue"),
                "`value` and `externalValue` are mutually exclusive",
                "keep `value`, which can be checked",
            );
        }
    }
}

fn report_one(
    survey: &Survey<'_>,
    rule: &'static str,
    direction: Direction,
    at: &Pointer,
    violation: &Violation,
    problem: String,
    report: &mut Report<'_>,
) {
    let what = match rule {
        "invalid-default" => "the default",
        _ => "the example",
    };
    let at = at.join(violation.at.as_str());
    let is_json_text = problem.ends_with(", not `string`")
        && survey.document.node(&at).is_some_and(|value| {
            let text = value.as_str().unwrap_or_default().trim_start();
            text.starts_with(['{', '[']) && serde_json::from_str::<Value>(text).is_ok()
        });
    report.add(
        rule,
        &at,
        format!("{what} is invalid: {problem}"),
        match direction {
            _ if is_json_text => "it is JSON inside a string: write the value without the quotes",
            Direction::Request | Direction::TolerantRequest => {
                "correct it or the schema; `readOnly` properties are not part of a request"
            }
            Direction::Response => {
                "correct it or the schema; `writeOnly` properties are not part of a response"
            }
            Direction::Both => "correct it or the schema",
        },
    );
}

/// Whether a value breaks the limit at the other end, too: no value is between them, which another rule reports.
fn is_excluded(violation: &Violation, all: &[Violation]) -> bool {
    let ends = [(" at least ", " at most "), (" at most ", " at least ")];
    ends.iter().any(|(own, other)| {
        let Some((limited, _)) = violation.problem.split_once(own) else {
            return false;
        };
        let begins = format!("{limited}{other}");
        let mut all = all.iter();
        all.any(|it| it.at == violation.at && it.problem.starts_with(&begins))
    })
}

/// The names of the properties that only one side sends.
struct Hidden<'a> {
    read_only: HashSet<&'a str>,
    write_only: HashSet<&'a str>,
}

impl<'a> Hidden<'a> {
    fn of(survey: &Survey<'a>) -> Self {
        let mut hidden = Self {
            read_only: HashSet::new(),
            write_only: HashSet::new(),
        };
        for site in &survey.schemas {
            for entry in site.node.entries_of("properties") {
                if survey.document.is_marked(entry.value, "readOnly") {
                    hidden.read_only.insert(entry.key);
                }
                if survey.document.is_marked(entry.value, "writeOnly") {
                    hidden.write_only.insert(entry.key);
                }
            }
        }
        hidden
    }

    /// What is wrong, with the reason if it is only the direction.
    fn problem(&self, violation: &Violation, direction: Direction) -> String {
        let name = violation.at.last().unwrap_or_default();
        match (violation.problem.as_str(), direction) {
            ("must not be present", Direction::Response)
                if self.write_only.contains(name.as_str()) =>
            {
                "it is `writeOnly`, so a response does not have it".to_owned()
            }
            ("must not be present", Direction::Request | Direction::TolerantRequest)
                if self.read_only.contains(name.as_str()) =>
            {
                "it is `readOnly`, so a request does not have it".to_owned()
            }
            _ => violation.to_string(),
        }
    }
}

/// Values to validate, each with the rule and pointer to report.
type Pending<'a> = (Vec<Example<'a>>, Vec<(&'static str, Pointer)>);

/// Collects the values to validate.
struct Inspector<'s, 'a> {
    survey: &'s Survey<'a>,
    validation: &'s Validation<'s, 'a>,
    pending: HashMap<Direction, Pending<'a>>,
    /// The examples: schema index, pointer and value.
    examples: Vec<(usize, Pointer, Node<'a>)>,
}

impl<'a> Inspector<'_, 'a> {
    /// The `example` and the `examples` of a parameter, header or media type.
    fn holder(
        &mut self,
        schema: usize,
        travels: Travels,
        pointer: &Pointer,
        node: Node<'a>,
        is_written_as_json: bool,
    ) {
        let direction = travels.direction();
        // In other formats, such as XML, a string may be the whole serialized body.
        let is_comparable = |value: Node<'_>| is_written_as_json || value.as_str().is_none();
        if let Some(example) = node.get("example").filter(|value| is_comparable(*value)) {
            self.inspect(
                "invalid-example",
                schema,
                direction,
                &pointer.child("example"),
                example,
            );
        }
        for entry in node.entries_of("examples") {
            let at = pointer.child("examples").child(entry.key);
            let Some(site) = self
                .survey
                .document
                .node(&at)
                .and_then(|node| self.survey.resolve(&at, node))
            else {
                continue;
            };
            // OpenAPI 3.2 has `dataValue`, which is never serialized.
            let value = site.node.get("value").filter(|value| is_comparable(*value));
            let data = site.node.get("dataValue");
            for (key, value) in [("value", value), ("dataValue", data)] {
                if let Some(value) = value {
                    let at = site.pointer.child(key);
                    self.inspect("invalid-example", schema, direction, &at, value);
                }
            }
        }
    }

    fn inspect(
        &mut self,
        rule: &'static str,
        schema: usize,
        direction: Direction,
        at: &Pointer,
        value: Node<'a>,
    ) {
        if rule == "invalid-example" {
            self.examples.push((schema, at.clone(), value));
        }
        let written = self.survey.schemas[schema].node;
        if self.validation.plain.is_valid(written, value, direction) == Some(true) {
            return;
        }
        let (instances, places) = self.pending.entry(direction).or_default();
        instances.push(Example { schema, value });
        places.push((rule, at.clone()));
    }
}
