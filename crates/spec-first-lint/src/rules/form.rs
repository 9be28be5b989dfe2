//! Validates keys and values against the official JSON Schema of the version of OpenAPI.

mod dialect;
mod newer;

use std::sync::OnceLock;

use jsonschema::{Draft, ValidationError, Validator, error::ValidationErrorKind as Kind};
use serde_json::Value;
use spec_first_document::{
    Document, Finding, Node, Pointer, Survey, Version,
    grammar::{WRONG_VALUE, WRONG_VALUE_HELP},
    instance::{InDocument, Instance},
    literal::list,
    violation::{Violation, causes, text},
};

use crate::{report::Report, words::nearest};

/// Written by the OpenAPI Initiative; see `schema/README.md`.
const SCHEMAS: [(Version, &str, Draft); 3] = [
    (
        Version::V3_0,
        include_str!("../../schema/openapi-3.0.json"),
        Draft::Draft4,
    ),
    (
        Version::V3_1,
        include_str!("../../schema/openapi-3.1.json"),
        Draft::Draft202012,
    ),
    (
        Version::V3_2,
        include_str!("../../schema/openapi-3.2.json"),
        Draft::Draft202012,
    ),
];

struct Form {
    schema: Value,
    validator: Option<Validator<InDocument>>,
}

/// The form of a version.
fn form(version: Version) -> Option<&'static Form> {
    static FORMS: [OnceLock<Form>; 3] = [const { OnceLock::new() }; 3];
    let index = SCHEMAS.iter().position(|(known, ..)| *known == version)?;
    let (_, text, draft) = SCHEMAS[index];
    Some(FORMS[index].get_or_init(|| {
        let schema: Value = serde_json::from_str(text).unwrap_or(Value::Bool(true));
        let validator = jsonschema::options_for()
            .with_draft(draft)
            .offline()
            .should_validate_formats(true)
            .build(&schema)
            .ok();
        Form { schema, validator }
    }))
}

const COMPLETE_VERSIONS: &str =
    "use a version such as `3.0.3`, `3.1.0` or `3.2.0`, in quotes or with all three numbers";

/// What is wrong with the version of a document to which the rules do not apply.
pub(crate) fn unsupported_version(document: &Document) -> Option<Finding> {
    document.declared_version().err()
}

/// Reports a version without its last number, or without quotes; returns whether it is complete.
fn complete_version(document: &Document, report: &mut Report<'_>) -> bool {
    let Some(version) = document.root().get("openapi") else {
        return true;
    };
    let numbers = version.as_str().map(|text| text.split('.').count());
    if numbers >= Some(3) {
        return true;
    }
    report.add(
        "openapi-version",
        &Pointer::root().child("openapi"),
        format!("incomplete version `{}`", text(&version.to_json())),
        COMPLETE_VERSIONS,
    );
    false
}

/// Validates the document against the schema.
pub(crate) fn check(survey: &Survey<'_>, report: &mut Report<'_>) {
    let document = survey.document;
    // What does not declare a version is probably of the first.
    let version = document.version().unwrap_or(Version::V3_0);
    let is_complete = complete_version(document, report);
    let Some(Form {
        validator: Some(validator),
        ..
    }) = form(version)
    else {
        return;
    };
    for (pointer, message) in &survey.misplaced {
        if version > Version::V3_0 || !newer::explain_value(document, pointer, report) {
            report.add(WRONG_VALUE, pointer, message, WRONG_VALUE_HELP);
        }
    }
    let errors = validator.iter_errors(Instance::Value(document.root()));
    // An incomplete version has been reported.
    let errors = errors.filter(|error| is_complete || error.instance_path().as_str() != "/openapi");
    if document.is_3_1() {
        return dialect::check(survey, errors, report);
    }
    for error in errors {
        explain(survey, &error, report, 0);
    }
}

fn explain(
    survey: &Survey<'_>,
    error: &ValidationError<'_>,
    report: &mut Report<'_>,
    depth: usize,
) {
    let (Kind::OneOfNotValid { context } | Kind::AnyOf { context }) = error.kind() else {
        return report_leaf(survey, error, report);
    };
    let pointer = Pointer::root().join(error.instance_path().as_str());
    if survey.misplaced.contains_key(&pointer) {
        return;
    }
    let branch = survey
        .document
        .node(&pointer)
        .and_then(|node| intended_branch(node, &pointer, context));
    match branch {
        Some(branch) if depth < 2000 => {
            for inner in branch {
                explain(survey, inner, report, depth + 1);
            }
        }
        _ => causes(error, &mut |leaf| report_leaf(survey, leaf, report)),
    }
}

/// The branch that the author intended, determined by the key that distinguishes the branches.
fn intended_branch<'e>(
    node: Node<'_>,
    pointer: &Pointer,
    context: &'e [Vec<ValidationError<'static>>],
) -> Option<&'e [ValidationError<'static>]> {
    let reference_fails = |branch: &[ValidationError<'static>]| {
        branch.iter().any(|error| {
            error
                .schema_path()
                .as_str()
                .starts_with("/definitions/Reference/")
        })
    };
    if context.iter().any(|branch| reference_fails(branch)) {
        let has_reference = node.get("$ref").is_some();
        return context
            .iter()
            .find(|branch| !branch.is_empty() && reference_fails(branch) == has_reference)
            .map(Vec::as_slice);
    }
    let is_about_tag = |error: &ValidationError<'_>| {
        let path = error.instance_path().as_str();
        let inside = path.strip_prefix(pointer.as_str());
        matches!(error.kind(), Kind::Enum { .. }) && matches!(inside, Some("/in" | "/type"))
    };
    context
        .iter()
        .find(|branch| !branch.is_empty() && !branch.iter().any(is_about_tag))
        .or_else(|| {
            context
                .iter()
                .find(|branch| branch.iter().any(is_about_tag))
        })
        .map(Vec::as_slice)
}

/// Whether another rule reports this error in more detail.
fn is_reported_elsewhere(schema_path: &str, kind: &Kind) -> bool {
    match kind {
        Kind::UniqueItems | Kind::MinItems { .. } => true,
        // Without `in`, a parameter matches several branches; the missing key is reported.
        Kind::OneOfMultipleValid { .. } => schema_path.contains("ParameterLocation"),
        Kind::Format { format } => format == "regex",
        Kind::Not { .. } => schema_path.contains("ExampleXORExamples"),
        Kind::Required { property } => {
            schema_path.contains("ParameterLocation") && property == "required"
        }
        Kind::Enum { options } => {
            schema_path.contains("ParameterLocation") && **options == serde_json::json!([true])
        }
        Kind::MaxProperties { .. } => true,
        Kind::MinProperties { .. } => schema_path.contains("Responses"),
        _ => false,
    }
}

fn report_leaf(survey: &Survey<'_>, error: &ValidationError<'_>, report: &mut Report<'_>) {
    let document = survey.document;
    let schema_path = error.schema_path().as_str();
    let pointer = Pointer::root().join(error.instance_path().as_str());
    if is_reported_elsewhere(schema_path, error.kind()) || survey.misplaced.contains_key(&pointer) {
        return;
    }
    if schema_path.contains("SchemaXORContent") {
        return report_schema_or_content(document, &pointer, report);
    }
    if schema_path.contains("HTTPSecurityScheme/oneOf") {
        let holder = if pointer.last().as_deref() == Some("scheme") {
            pointer.parent().unwrap_or_default()
        } else {
            pointer
        };
        return report.add(
            "useless-keyword",
            &holder.child("bearerFormat"),
            "`bearerFormat` has an effect only with `scheme: bearer`",
            "remove it",
        );
    }
    match error.kind() {
        Kind::AdditionalProperties { unexpected } => {
            for key in unexpected {
                report_unknown_key(document, schema_path, &pointer, key, report);
            }
        }
        Kind::Required { property } => report.add(
            "missing-key",
            &pointer,
            format!("missing key `{}`", text(property)),
            format!("add `{}`, which OpenAPI requires", text(property)),
        ),
        Kind::Type { .. } | Kind::Enum { .. } => {
            if newer::explain_value(document, &pointer, report) {
                return;
            }
            let (message, help) = wrong_value(document, error, &pointer);
            report.add(WRONG_VALUE, &pointer, message, help);
        }
        Kind::Minimum { .. } | Kind::ExclusiveMinimum { .. } => negative_limit(&pointer, report),
        _ => report.add(
            WRONG_VALUE,
            &pointer,
            format!("invalid OpenAPI: {}", describe(error)),
            "compare it with the OpenAPI 3.0.3 specification",
        ),
    }
}

fn negative_limit(pointer: &Pointer, report: &mut Report<'_>) {
    report.add(
        "negative-limit",
        pointer,
        format!("`{}` is too small", pointer.last().unwrap_or_default()),
        "use a non-negative number, or a positive one for `multipleOf`",
    );
}

/// What an error says.
fn describe(error: &ValidationError<'_>) -> String {
    let violations = Violation::of(error);
    let violations: Vec<String> = violations.iter().map(Violation::to_string).collect();
    violations.join(", and ")
}

fn wrong_value(
    document: &Document,
    error: &ValidationError<'_>,
    pointer: &Pointer,
) -> (String, String) {
    let key = pointer.last().unwrap_or_else(|| "the document".to_owned());
    if let Kind::Enum { options } = error.kind() {
        let options: Vec<String> = options.as_array().into_iter().flatten().map(text).collect();
        let written = document.node(pointer).map(Node::to_json);
        let written = text(&written.unwrap_or_default());
        let near = nearest(&written, options.iter().map(String::as_str));
        let message = match near {
            Some(near) => format!("invalid `{key}` value `{written}`; did you mean `{near}`?"),
            None => format!("invalid `{key}` value `{written}`"),
        };
        return (message, format!("use {}", list(&options, "or")));
    }
    (
        format!("invalid value for `{key}`: {}", describe(error)),
        WRONG_VALUE_HELP.to_owned(),
    )
}

fn report_unknown_key(
    document: &Document,
    schema_path: &str,
    pointer: &Pointer,
    key: &str,
    report: &mut Report<'_>,
) {
    let at = pointer.child(key);
    if newer::explain_key(document, schema_path, pointer, key, report) {
        return;
    }
    let owner = schema_path.rsplit_once('/').map_or("", |(owner, _)| owner);
    let known = form(Version::V3_0).and_then(|form| form.schema.pointer(owner));
    let known = known.and_then(|schema| schema.get("properties"));
    let mut candidates: Vec<&str> = known
        .and_then(Value::as_object)
        .map_or(Vec::new(), |keys| keys.keys().map(String::as_str).collect());
    if owner.ends_with("PathItem") {
        candidates.extend(spec_first_document::METHODS);
    }
    if owner.ends_with("Responses") {
        return report.add(
            "invalid-status",
            &at,
            format!("invalid status code `{key}`"),
            "use a quoted code from 100 to 599, a range such as `4XX`, or `default`",
        );
    }
    if owner.ends_with("Paths") {
        return report.add(
            "path-form",
            &at,
            format!("the path `{key}` does not start with `/`"),
            "start every path with `/`",
        );
    }
    let near = nearest(key, candidates);
    let (message, help) = match near {
        Some(near) => (
            format!("unknown key `{key}`; did you mean `{near}`?"),
            format!("use `{near}`"),
        ),
        None => (
            format!("unknown key `{key}`"),
            "remove it or prefix it with `x-`; OpenAPI 3.0 does not define this key here"
                .to_owned(),
        ),
    };
    report.add("unknown-key", &at, message, help);
}

fn report_schema_or_content(document: &Document, pointer: &Pointer, report: &mut Report<'_>) {
    let Some(node) = document.node(pointer) else {
        return;
    };
    let has = |key: &str| node.get(key).is_some();
    let (message, help) = match (has("schema"), has("content")) {
        (true, true) => (
            "`schema` and `content` are mutually exclusive",
            "keep `schema` for a simple value, or `content` for a serialized document such as JSON",
        ),
        (false, false) => ("missing `schema` or `content`", "add a `schema`"),
        _ => (
            "`style`, `explode`, `allowReserved`, `example` and `examples` cannot be used with `content`",
            "remove them, or move the example to the media type",
        ),
    };
    report.add("schema-or-content", pointer, message, help);
}
