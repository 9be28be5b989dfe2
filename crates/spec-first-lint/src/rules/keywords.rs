//! Schema keywords that have no effect or a surprising one.

use std::collections::HashMap;

use serde_json::json;
use spec_first_document::{Node, Pointer, instance::Instance, pattern::strict};

use crate::{
    report::Report,
    survey::{Role, SchemaSite, Survey},
    validation::options,
    words::{misspelt, nearest},
};

pub(crate) fn check(survey: &Survey<'_>, report: &mut Report<'_>) {
    let mut patterns = Patterns::new();
    for site in survey.schemas.iter().filter(|site| !site.is_reference()) {
        types(site, report);
        format(site, report);
        pattern(site, &mut patterns, report);
        if survey.document.is_3_1() {
            nullable_of_3_0(site, report);
        } else {
            nullable(site, report);
        }
        directions(survey, site, report);
    }
}

/// The types that a keyword applies to.
fn types_of(keyword: &str) -> Option<&'static [&'static str]> {
    Some(match keyword {
        "minLength" | "maxLength" | "pattern" => &["string"],
        "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" | "multipleOf" => {
            &["integer", "number"]
        }
        "items" | "minItems" | "maxItems" | "uniqueItems" => &["array"],
        "properties" | "required" | "additionalProperties" | "minProperties" | "maxProperties" => {
            &["object"]
        }
        _ => return None,
    })
}

/// The type of the schema, if it is valid.
fn type_of<'a>(site: &SchemaSite<'a>) -> Option<&'a str> {
    const TYPES: [&str; 6] = ["array", "boolean", "integer", "number", "object", "string"];
    let kind = site.node.get("type")?.as_str()?;
    TYPES.contains(&kind).then_some(kind)
}

fn types(site: &SchemaSite<'_>, report: &mut Report<'_>) {
    let kind = type_of(site);
    for entry in site.node.entries() {
        let Some(types) = types_of(entry.key) else {
            continue;
        };
        let Some(kind) = kind else { continue };
        if !types.contains(&kind) {
            report.add(
                "useless-keyword",
                &site.pointer.child(entry.key),
                format!("`{}` has no effect on the type `{kind}`", entry.key),
                "remove it, or change the type",
            );
        }
    }
    let is_composed = ["allOf", "oneOf", "anyOf", "not"]
        .iter()
        .any(|key| site.node.get(key).is_some());
    let is_branch = matches!(
        site.role,
        Role::Branch { .. } | Role::Not | Role::Keyword(_)
    );
    if site.node.get("type").is_none() && !is_composed && !is_branch {
        let told = site.node.entries().iter().find_map(|entry| {
            let types = types_of(entry.key)?;
            Some((entry.key, types[0]))
        });
        if let Some((keyword, kind)) = told {
            report.add(
                "missing-type",
                &site.pointer,
                format!(
                    "the schema has `{keyword}` but no `type`, so values of other types are valid"
                ),
                format!("add `type: {kind}`"),
            );
        }
    }
    let describes_items = ["items", "prefixItems", "contains", "unevaluatedItems"];
    if kind == Some("array")
        && describes_items
            .iter()
            .all(|key| site.node.get(key).is_none())
    {
        report.add(
            "missing-items",
            &site.pointer,
            "the array has no `items`",
            "add `items`",
        );
    }
    for (exclusive, limit) in [
        ("exclusiveMinimum", "minimum"),
        ("exclusiveMaximum", "maximum"),
    ] {
        let is_flag = site.node.is_true(exclusive);
        if is_flag && site.node.get(limit).is_none() {
            report.add(
                "useless-keyword",
                &site.pointer.child(exclusive),
                format!("`{exclusive}` has no effect without `{limit}`"),
                format!("add `{limit}`, or remove it"),
            );
        }
    }
}

/// The formats of the OpenAPI registry and of JSON Schema, with the type that each applies to.
const FORMATS: [(&str, &str); 44] = [
    ("int8", "integer"),
    ("int16", "integer"),
    ("int32", "integer"),
    ("int64", "integer"),
    ("uint8", "integer"),
    ("uint16", "integer"),
    ("uint32", "integer"),
    ("uint64", "integer"),
    ("unixtime", "integer"),
    ("double-int", "integer"),
    ("float", "number"),
    ("double", "number"),
    ("decimal", "number"),
    ("decimal128", "number"),
    ("byte", "string"),
    ("base64url", "string"),
    ("binary", "string"),
    ("char", "string"),
    ("commonmark", "string"),
    ("html", "string"),
    ("date", "string"),
    ("date-time", "string"),
    ("date-time-local", "string"),
    ("time", "string"),
    ("time-local", "string"),
    ("duration", "string"),
    ("http-date", "string"),
    ("email", "string"),
    ("idn-email", "string"),
    ("hostname", "string"),
    ("idn-hostname", "string"),
    ("ipv4", "string"),
    ("ipv6", "string"),
    ("uri", "string"),
    ("uri-reference", "string"),
    ("uri-template", "string"),
    ("iri", "string"),
    ("iri-reference", "string"),
    ("json-pointer", "string"),
    ("relative-json-pointer", "string"),
    ("media-range", "string"),
    ("regex", "string"),
    ("uuid", "string"),
    ("password", "string"),
];

/// Formats that also apply to a second type.
const SECOND_TYPES: [(&str, &str); 4] = [
    ("decimal", "string"),
    ("decimal128", "string"),
    ("int64", "string"),
    ("uint64", "string"),
];

fn format(site: &SchemaSite<'_>, report: &mut Report<'_>) {
    let Some(format) = site.node.str_of("format") else {
        return;
    };
    let at = site.pointer.child("format");
    let Some((_, expected)) = FORMATS.iter().find(|(known, _)| *known == format) else {
        let names = || FORMATS.iter().map(|(known, _)| *known);
        // Older than the name in the registry, and widely used.
        let is_own = format == "unix-time";
        if let Some(meant) = misspelt(format, names()).filter(|_| !is_own) {
            return report.add(
                "misspelt-format",
                &at,
                format!("unknown format `{format}`; did you mean `{meant}`?"),
                format!("write `{meant}`"),
            );
        }
        let message = match nearest(format, names()) {
            Some(near) => format!("unknown format `{format}`; did you mean `{near}`?"),
            None => format!("unknown format `{format}`"),
        };
        let help = "use a format of the OpenAPI registry, or a `pattern` and the `description`";
        return report.add("unknown-format", &at, message, help);
    };
    let Some(kind) = type_of(site) else {
        return;
    };
    // In the registry, all formats of integers apply to numbers.
    let fits = kind == *expected
        || (kind, *expected) == ("number", "integer")
        || SECOND_TYPES.contains(&(format, kind));
    if !fits {
        report.add(
            "wrong-format",
            &at,
            format!("the format `{format}` does not apply to the type `{kind}`"),
            format!("use `type: {expected}`, or remove the format"),
        );
    }
}

/// What is wrong with each of the patterns so far.
type Patterns<'a> = HashMap<&'a str, Option<&'static str>>;

fn pattern<'a>(site: &SchemaSite<'a>, patterns: &mut Patterns<'a>, report: &mut Report<'_>) {
    let Some(pattern) = site.node.str_of("pattern") else {
        return;
    };
    let known = patterns.entry(pattern);
    if let Some(why) = *known.or_insert_with(|| pattern_error(pattern)) {
        report.add(
            "invalid-pattern",
            &site.pointer.child("pattern"),
            format!("`{pattern}` is not an ECMA-262 regular expression: {why}"),
            "use JavaScript syntax; see ECMA-262, section 22.2",
        );
    }
}

fn pattern_error(pattern: &str) -> Option<&'static str> {
    for (foreign, why) in [
        ("(?i)", "inline flags are not supported"),
        ("(?s)", "inline flags are not supported"),
        ("(?m)", "inline flags are not supported"),
        ("(?x)", "inline flags are not supported"),
        ("(?P<", "named groups start with `(?<`"),
        ("(?>", "atomic groups are not supported"),
        ("[[:", "POSIX classes are not supported"),
    ] {
        if pattern.contains(foreign) {
            return Some(why);
        }
    }
    let mut escaped = false;
    let mut in_class = false;
    let mut before = ' ';
    for character in pattern.chars() {
        if escaped {
            match character {
                'A' | 'Z' | 'z' if !in_class => {
                    return Some("use `^` and `$` for the start and the end");
                }
                'h' | 'H' | 'R' | 'X' | 'Q' | 'E' | 'G' | 'K' => {
                    return Some("unknown escape sequence");
                }
                _ => {}
            }
            escaped = false;
            before = ' ';
            continue;
        }
        match character {
            '\\' => escaped = true,
            '[' => in_class = true,
            ']' => in_class = false,
            '+' if !in_class && matches!(before, '+' | '*' | '?' | '}') => {
                return Some("possessive quantifiers are not supported");
            }
            _ => {}
        }
        before = if character == '\\' { ' ' } else { character };
    }
    let build = |schema| options().build(&schema);
    let strict = strict(pattern);
    let compiles = build(json!({ "pattern": strict })).is_ok();
    let is_regex = build(json!({ "format": "regex" }))
        .is_ok_and(|validator| validator.is_valid(Instance::Name(&strict)));
    (!compiles || !is_regex).then_some("invalid syntax")
}

fn nullable(site: &SchemaSite<'_>, report: &mut Report<'_>) {
    if site.node.get("nullable").and_then(Node::as_bool) != Some(true) {
        return;
    }
    // An `enum` says by itself whether `null` is allowed.
    let lists_null = site.node.items_of("enum").iter().any(|it| it.is_null());
    if site.node.get("type").is_none() && !lists_null {
        return report.add(
            "nullable-without-type",
            &site.pointer.child("nullable"),
            "tools disagree whether `nullable` has an effect in a schema without `type`",
            "add the `type`, or add a branch for `null`: `nullable: true` with an `enum` of `null`",
        );
    }
    if let Some(values) = site.node.get("enum")
        && !values.items().is_empty()
        && !values.items().iter().any(|value| value.to_json().is_null())
    {
        report.add(
            "nullable-enum",
            &site.pointer.child("enum"),
            "the schema is `nullable`, but its `enum` does not allow `null`",
            "add `null` to the `enum`, or remove `nullable`",
        );
    }
}

/// A keyword that OpenAPI 3.1 no longer has, so that `null` is refused where somebody meant to allow it.
fn nullable_of_3_0(site: &SchemaSite<'_>, report: &mut Report<'_>) {
    if site.node.is_true("nullable") {
        report.add(
            "nullable-without-type",
            &site.pointer.child("nullable"),
            "`nullable` has no effect from OpenAPI 3.1 on",
            "add `null` to the list in `type`, or a branch with `type: 'null'`",
        );
    }
}

fn directions<'a>(survey: &Survey<'a>, site: &SchemaSite<'a>, report: &mut Report<'_>) {
    let is = |key: &str| site.node.is_true(key);
    if is("readOnly") && is("writeOnly") {
        return report.add(
            "read-only-write-only",
            &site.pointer,
            "a property that is both `readOnly` and `writeOnly` is never sent",
            "keep one of them",
        );
    }
    let travels = survey.travels(site);
    let mut report_never_sent = |key: &str, never: &str| {
        let at: Pointer = site.pointer.child(key);
        report.add(
            "never-sent",
            &at,
            format!("this is `{key}`, but the schema is used only in {never}, so it is never sent"),
            format!("remove the property, or remove `{key}`"),
        );
    };
    if is("readOnly") && travels.request && !travels.response {
        report_never_sent("readOnly", "requests");
    }
    if is("writeOnly") && travels.response && !travels.request {
        report_never_sent("writeOnly", "responses");
    }
}
