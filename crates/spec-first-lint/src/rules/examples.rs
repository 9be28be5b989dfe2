//! Examples and defaults that are invalid against their schema, in the direction in which they are sent.

mod undeclared;

use std::collections::HashMap;

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
    for (direction, (instances, places)) in inspector.pending {
        let results = validation.violations(direction, &instances);
        for (violations, (rule, at)) in results.into_iter().zip(places) {
            for violation in violations {
                report_one(rule, direction, &at, &violation, report);
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
    rule: &'static str,
    direction: Direction,
    at: &Pointer,
    violation: &Violation,
    report: &mut Report<'_>,
) {
    let what = match rule {
        "invalid-default" => "the default",
        _ => "the example",
    };
    report.add(
        rule,
        &at.join(violation.at.as_str()),
        format!("{what} is invalid: {violation}"),
        match direction {
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
            if let Some(value) = site.node.get("value").filter(|value| is_comparable(*value)) {
                let at = site.pointer.child("value");
                self.inspect("invalid-example", schema, direction, &at, value);
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
