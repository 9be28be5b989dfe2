//! The form of OpenAPI 3.1 and later, whose schemas are JSON Schemas.

use std::{
    collections::BTreeSet,
    sync::{LazyLock, OnceLock},
};

use jsonschema::{ValidationError, Validator, error::ValidationErrorKind as Kind};
use serde_json::json;
use spec_first_document::{
    Document, Pointer, Survey,
    grammar::{WRONG_VALUE, keywords_of_schemas},
    instance::{InDocument, Instance},
    violation::{causes, text},
};

use super::{describe, negative_limit, wrong_value};
use crate::{report::Report, words::misspelt};

/// The other keywords of JSON Schema 2020-12 and those that OpenAPI adds, with those of earlier versions of either, which mean
/// nothing now, but are not misspelt.
const OTHERS: [&str; 20] = [
    "$anchor",
    "$comment",
    "$dynamicAnchor",
    "$dynamicRef",
    "$id",
    "$ref",
    "$schema",
    "$vocabulary",
    "const",
    "default",
    "definitions",
    "dependencies",
    "description",
    "example",
    "examples",
    "externalDocs",
    "title",
    "id",
    "additionalItems",
    "summary",
];

/// All keywords.
static KEYWORDS: LazyLock<Vec<&str>> =
    LazyLock::new(|| keywords_of_schemas().chain(OTHERS).collect());

pub(super) fn check<'a>(
    survey: &Survey<'a>,
    errors: impl Iterator<Item = ValidationError<'a>>,
    report: &mut Report<'_>,
) {
    let document = survey.document;
    let mut places = BTreeSet::new();
    let mut unknown = Vec::new();
    for error in errors {
        causes(&error, &mut |leaf| {
            let pointer = Pointer::root().join(leaf.instance_path().as_str());
            if let Kind::UnevaluatedProperties { unexpected } = leaf.kind() {
                unknown.push((pointer, unexpected.clone()));
            } else {
                leaf_of(survey, leaf, &pointer, report);
                places.insert(pointer);
            }
        });
    }
    for (pointer, keys) in unknown {
        // The keys of an object in which something else is wrong count as unknown, too.
        if places.iter().any(|place| place.is_at_or_inside(&pointer)) {
            continue;
        }
        for key in keys {
            unknown_key(document, &pointer, &key, report);
        }
    }
    schemas(survey, report);
}

fn leaf_of(
    survey: &Survey<'_>,
    error: &ValidationError<'_>,
    pointer: &Pointer,
    report: &mut Report<'_>,
) {
    match error.kind() {
        Kind::Required { property } => report.add(
            "missing-key",
            pointer,
            format!("missing key `{}`", text(property)),
            format!("add `{}`, which OpenAPI requires", text(property)),
        ),
        _ if survey.misplaced.contains_key(pointer) => {}
        Kind::Type { .. } | Kind::Enum { .. } => {
            let (message, help) = wrong_value(survey.document, error, pointer);
            report.add(WRONG_VALUE, pointer, message, help);
        }
        Kind::Minimum { .. } | Kind::ExclusiveMinimum { .. } => negative_limit(pointer, report),
        // Reported in more detail by other rules.
        Kind::UniqueItems | Kind::MinItems { .. } | Kind::MinProperties { .. } => {}
        Kind::Format { format } if format == "regex" => {}
        _ => report.add(
            WRONG_VALUE,
            pointer,
            format!("invalid OpenAPI: {}", describe(error)),
            "compare it with the OpenAPI specification",
        ),
    }
}

fn unknown_key(document: &Document, pointer: &Pointer, key: &str, report: &mut Report<'_>) {
    let at = pointer.child(key);
    if pointer.last().as_deref() == Some("responses") {
        return report.add(
            "invalid-status",
            &at,
            format!("invalid status code `{key}`"),
            "use a quoted code from 100 to 599, a range such as `4XX`, or `default`",
        );
    }
    if pointer.as_str() == "/paths" {
        return report.add(
            "path-form",
            &at,
            format!("the path `{key}` does not start with `/`"),
            "start every path with `/`",
        );
    }
    let is_newer = document.root().str_of("openapi").is_some_and(|version| {
        version.starts_with("3.1")
            && [
                "query",
                "additionalOperations",
                "itemSchema",
                "querystring",
                "$self",
            ]
            .contains(&key)
    });
    let help = if is_newer {
        "declare `openapi: 3.2.0`, which introduced it"
    } else {
        "remove it or prefix it with `x-`; OpenAPI does not define this key here"
    };
    report.add("unknown-key", &at, format!("unknown key `{key}`"), help);
}

/// Judges schemas by JSON Schema itself.
fn metaschema() -> Option<&'static Validator<InDocument>> {
    static METASCHEMA: OnceLock<Option<Validator<InDocument>>> = OnceLock::new();
    let metaschema = METASCHEMA.get_or_init(|| {
        let reference = json!({ "$ref": "https://json-schema.org/draft/2020-12/schema" });
        jsonschema::options_for().offline().build(&reference).ok()
    });
    metaschema.as_ref()
}

/// Checks what is inside Schema Objects.
fn schemas(survey: &Survey<'_>, report: &mut Report<'_>) {
    for site in &survey.schemas {
        for entry in site.node.entries() {
            if KEYWORDS.contains(&entry.key) || entry.key.starts_with("x-") {
                continue;
            }
            // Any other keyword is an annotation, but one that is nearly a keyword is probably a mistake.
            let is_core = entry.key.starts_with('$');
            let alike = KEYWORDS
                .iter()
                .copied()
                .filter(|it| it.starts_with('$') == is_core);
            if let Some(near) = misspelt(entry.key, alike) {
                report.add(
                    "useless-keyword",
                    &site.pointer.child(entry.key),
                    format!("`{}` is not a keyword; did you mean `{near}`?", entry.key),
                    format!("use `{near}`, or begin the name of an annotation with `x-`"),
                );
            }
        }
        let Some(metaschema) = metaschema().filter(|_| site.parent.is_none()) else {
            continue;
        };
        for error in metaschema.iter_errors(Instance::Value(site.node)) {
            causes(&error, &mut |leaf| {
                let pointer = site.pointer.join(leaf.instance_path().as_str());
                leaf_of(survey, leaf, &pointer, report);
            });
        }
    }
}
