//! Responses: status codes, bodies, headers and media types.

mod binary;
mod closed_enum;

use spec_first_document::{Node, Pointer};

use crate::{
    report::Report,
    survey::{OperationSite, Survey},
    words::nearest,
};

pub(crate) fn check(survey: &Survey<'_>, report: &mut Report<'_>) {
    for site in &survey.operations {
        codes(site, report);
        if report.wants("unquoted-status") {
            unquoted_codes(site, report);
        }
    }
    binary::check(survey, report);
    if report.wants("closed-response-enum") {
        closed_enum::check(survey, report);
    }
    for (name, header) in &survey.headers {
        if name.is_some_and(|name| name.eq_ignore_ascii_case("content-type")) {
            report.add(
                "ignored-header",
                &header.pointer,
                "OpenAPI ignores the response header `Content-Type`",
                "remove it; the media types are the keys of `content`",
            );
        }
    }
    for site in &survey.media_types {
        media_type(site.name, &site.pointer, report);
        let is_described = ["schema", "itemSchema"]
            .iter()
            .any(|key| site.node.get(key).is_some());
        if site.node.is_mapping() && !is_described {
            let has_example = ["example", "examples"]
                .iter()
                .any(|key| site.node.get(key).is_some());
            // Elsewhere there may be nothing to say: the bytes of an image have no schema.
            let is_empty = site.name.contains("json") && !has_example;
            report.add(
                if is_empty {
                    "empty-content"
                } else {
                    "missing-schema"
                },
                &site.pointer,
                format!("the media type `{}` has no schema", site.name),
                "add a `schema`",
            );
        }
        encodings(survey, site.node, &site.pointer, site.name, report);
    }
    let bodies = survey.request_bodies.iter();
    for body in bodies.filter(|body| {
        body.node
            .get("content")
            .is_some_and(|c| c.is_mapping() && c.entries().is_empty())
    }) {
        report.add(
            "empty-content",
            &body.pointer.child("content"),
            "the request body has no media type",
            "add a media type",
        );
    }
}

/// Whether the code is in the range that starts with the digit `class`.
fn is_in_class(code: &str, class: char) -> bool {
    code.starts_with(class) && is_status(code)
}

fn is_status(code: &str) -> bool {
    let bytes = code.as_bytes();
    let rest_fits =
        bytes.len() == 3 && (bytes[1..].iter().all(u8::is_ascii_digit) || &bytes[1..] == b"XX");
    rest_fits && (b'1'..=b'5').contains(&bytes[0])
}

fn codes(site: &OperationSite<'_>, report: &mut Report<'_>) {
    let at = site.pointer.child("responses");
    let Some(responses) = site
        .operation
        .node
        .get("responses")
        .filter(|node| node.is_mapping())
    else {
        return;
    };
    let codes: Vec<&str> = responses
        .entries()
        .iter()
        .map(|entry| entry.key)
        .filter(|code| !code.starts_with("x-"))
        .collect();
    if !codes
        .iter()
        .any(|code| is_in_class(code, '2') || is_in_class(code, '3') || *code == "101")
    {
        report.add(
            "no-success",
            &at,
            "the operation has no success response",
            "add a response with a code from 200 to 399",
        );
    }
    if !codes
        .iter()
        .any(|code| is_in_class(code, '4') || *code == "default")
    {
        report.add(
            "no-client-error",
            &at,
            "the operation has no client error response",
            "add at least one response with a code from 400 to 499",
        );
    }
    for (code, response) in &site.responses {
        let has_content = response
            .node
            .get("content")
            .is_some_and(|content| !content.entries().is_empty());
        let is_bodiless = matches!(*code, "204" | "205" | "304") || is_in_class(code, '1');
        if has_content && is_bodiless {
            report.add(
                "body-without-meaning",
                &response.pointer,
                format!("a response `{code}` has no body"),
                "remove its `content`, or use another code",
            );
        }
        // A referenced response is shared with other operations, where it may have a body.
        let is_shared = responses
            .get(code)
            .is_some_and(|written| written.get("$ref").is_some());
        if has_content && !is_shared && site.operation.method == "head" {
            report.add(
                "body-without-meaning",
                &response.pointer,
                "a response to a `HEAD` request has no body",
                "remove its `content`",
            );
        }
    }
}

/// Reports unquoted status codes: a parser that distinguishes numbers from strings does not find `'200'` under `200`.
fn unquoted_codes(site: &OperationSite<'_>, report: &mut Report<'_>) {
    for entry in site.operation.node.entries_of("responses") {
        if is_status(entry.key)
            && entry
                .text_from_key()
                .starts_with(|c: char| c.is_ascii_digit())
            && !entry.key.ends_with('X')
        {
            report.add_at(
                entry.key_position(),
                "unquoted-status",
                &site.pointer.child("responses").child(entry.key),
                format!("the status code `{}` is a number", entry.key),
                "quote it; OpenAPI requires a string",
            );
        }
    }
}

fn media_type(name: &str, pointer: &Pointer, report: &mut Report<'_>) {
    let essence = name.split(';').next().unwrap_or_default().trim();
    let is_token = |part: &str| {
        part == "*"
            || !part.is_empty()
                && part
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&byte))
    };
    let fits = essence.split_once('/').is_some_and(|(kind, subtype)| {
        // Servers in .NET describe every type with this suffix: `application/*+json`.
        let named = subtype.strip_prefix("*+").unwrap_or(subtype);
        is_token(kind) && is_token(named) && !(kind == "*" && subtype != "*")
    });
    const KINDS: [&str; 12] = [
        "application",
        "audio",
        "chemical",
        "example",
        "font",
        "haptics",
        "image",
        "message",
        "model",
        "multipart",
        "text",
        "video",
    ];
    let kind = essence
        .split('/')
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();
    let is_known = KINDS.contains(&kind.as_str()) || kind == "*" || kind.starts_with("x-");
    if !fits {
        return report.add(
            "media-type-form",
            pointer,
            format!("invalid media type `{name}`"),
            "use a type and a subtype, for example `application/json`",
        );
    }
    if !is_known {
        let subtype = essence.split_once('/').map_or("", |(_, subtype)| subtype);
        let meant = match nearest(&kind, KINDS) {
            Some(near) => format!("did you mean `{near}/{subtype}`?"),
            None if KINDS.contains(&subtype) => format!("did you mean `{subtype}/{kind}`?"),
            None => "use a registered one, such as `application`".to_owned(),
        };
        report.add(
            "unknown-media-type",
            pointer,
            format!("the media type `{name}` begins with a type that does not exist"),
            meant,
        );
    }
}

fn encodings(
    survey: &Survey<'_>,
    node: Node<'_>,
    pointer: &Pointer,
    name: &str,
    report: &mut Report<'_>,
) {
    let Some(encoding) = node.get("encoding") else {
        return;
    };
    if !name.starts_with("multipart/") && !name.starts_with("application/x-www-form-urlencoded") {
        return report.add(
            "useless-encoding",
            &pointer.child("encoding"),
            format!("`encoding` has no effect on `{name}`"),
            "remove it; it applies only to forms",
        );
    }
    let position = pointer.child("schema");
    let schema = survey
        .document
        .node(&position)
        .and_then(|schema| survey.resolve(&position, schema));
    let Some(properties) = schema.and_then(|schema| schema.node.get("properties")) else {
        return;
    };
    for entry in encoding.entries() {
        if properties.get(entry.key).is_none() {
            report.add(
                "useless-encoding",
                &pointer.child("encoding").child(entry.key),
                format!("the schema has no property `{}`", entry.key),
                "use the name of a property of the schema",
            );
        }
    }
}
