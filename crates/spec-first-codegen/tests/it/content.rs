//! The bodies of requests and responses, and their media types.

use spec_first_codegen::generate;

use crate::generate::check_contains;

/// A document with one operation, whose request body and responses are given.
fn with_content(request: &str, responses: &str) -> String {
    format!(
        "
openapi: 3.1.0
info: {{title: Pets, version: '1'}}
paths:
  /pets:
    post:
      operationId: add
      tags: [pets]
      requestBody: {request}
      responses: {responses}
"
    )
}

const NOTHING: &str = "{'204': {description: Nothing}}";

#[test]
fn a_multipart_form_beside_json_has_a_method_of_its_own() {
    let text = with_content(
        "{required: true, content: {application/json: {schema: {type: object, required: [name], properties: {name: {}}}}, \
         multipart/form-data: {schema: {type: object, required: [photo], properties: {photo: {type: string, format: binary}}}}}}",
        "{'200': {description: A, content: {application/json: {schema: {type: string}}}}, '202': {description: B}, \
         '400': {description: C, content: {application/json: {schema: {type: string}}}}}",
    );
    check_contains(
        &text,
        &[
            "pub fn add(",
            "pub fn add_multipart(",
            "photo: impl ::std::convert::Into<::spec_first_runtime::Part>",
            "operation_call!(AddMultipart -> AddReply",
        ],
    );
    let client = generate("pets.yaml", &text).unwrap();
    for once in ["Operation::new(", "pub enum AddReply", "pub enum AddError"] {
        assert_eq!(client.matches(once).count(), 1, "{once}");
    }
    // The parts are not members of a type.
    assert!(!client.contains("pub photo:"), "{client}");
}

#[test]
fn a_body_of_another_media_type_needs_no_arguments() {
    let request = |is_required: bool| {
        format!(
            "{{required: {is_required}, content: {{application/json: {{schema: {{type: array}}}}, text/csv: {{}}, image/*: {{}}}}}}"
        )
    };
    let check = |is_required, expected: &str, other: &str| {
        let client = generate("pets.yaml", &with_content(&request(is_required), NOTHING)).unwrap();
        assert!(
            client.contains(expected) && !client.contains(other),
            "{client}"
        );
        assert!(client.contains("&[\"text/csv\", \"image/*\"]"), "{client}");
    };
    check(true, "pub fn add_raw(", "pub fn raw_body(");
    check(false, "pub fn raw_body(", "pub fn add_raw(");
}

#[test]
fn bytes_are_easier_to_read_than_text_and_events() {
    let binary = "{schema: {type: string, format: binary}}";
    for (content, read, accept) in [
        (
            format!("text/event-stream: {{}}, audio/mpeg: {binary}"),
            "bytes",
            "audio/mpeg",
        ),
        (
            format!("text/plain: {{}}, application/pdf: {binary}"),
            "bytes",
            "application/pdf",
        ),
        (format!("text/csv: {binary}"), "bytes", "text/csv"),
        (format!("'*/*': {binary}"), "bytes", "*/*"),
        (
            "text/event-stream: {}, text/plain: {}".to_owned(),
            "text",
            "text/plain",
        ),
        (
            format!("audio/mpeg: {binary}, application/json: {{}}"),
            "anything",
            "application/json",
        ),
    ] {
        let responses = format!("{{'200': {{description: It, content: {{{content}}}}}}}");
        check_contains(
            &with_content("{content: {text/plain: {}}}", &responses),
            &[&format!("answer.{read}"), &format!(".accept(\"{accept}\")")],
        );
    }
    let choice = "{'200': {description: It, content: {application/json: {}, text/csv: {}}}}";
    check_contains(
        &with_content("{content: {text/plain: {}}}", choice),
        &[
            "pub fn accept(",
            "Accept::new(",
            "&[\"application/json\", \"text/csv\"]",
            "pub enum AddRepresentation",
            "ApplicationJson(::serde_json::Value)",
            "TextCsv(::std::string::String)",
        ],
    );
    let bytes = format!("{{required: true, content: {{'*/*': {binary}}}}}");
    let part = "body: impl ::std::convert::Into<::spec_first_runtime::Part>";
    check_contains(&with_content(&bytes, NOTHING), &[part]);
}

#[test]
fn a_form_that_may_be_left_out_asks_for_its_parts_when_it_is_sent() {
    let form = "{content: {multipart/form-data: {schema: {type: object, required: [file], properties: \
        {file: {type: string, format: binary}, note: {type: string}}}, encoding: {file: {contentType: image/png}, \
        note: {contentType: 'text/plain, text/html'}}}}}";
    let text = with_content(form, NOTHING);
    check_contains(
        &text,
        &[
            "pub fn file(",
            "pub fn note(",
            ".multipart(\"multipart/form-data\", &self.parts, &[\"file\"])",
            "media_type_or(\"image/png\")",
        ],
    );
    let client = generate("pets.yaml", &text).unwrap();
    assert_eq!(client.matches("media_type_or").count(), 1, "{client}");
}

/// Only its parts have names.
#[test]
fn form_data_is_preferred_to_other_multipart_bodies() {
    let schema = "{schema: {type: object, properties: {note: {type: string}}}}";
    let form = format!(
        "{{content: {{multipart/mixed: {schema}, multipart/form-data: {schema}, application/json: {schema}}}}}"
    );
    let text = with_content(&form, NOTHING);
    check_contains(&text, &[".multipart(\"multipart/form-data\", &self.parts,"]);
}

#[test]
fn a_part_is_within_the_limits_of_the_document() {
    let form = "{content: {multipart/form-data: {schema: {type: object, properties: {note: {type: string, maxLength: 3}, \
        other: {type: string}}}}}}";
    check_contains(
        &with_content(form, NOTHING),
        &[
            "::spec_first_runtime::Part::values_within(",
            r#"{\"maxLength\":3}"#,
            "::std::option::Option::None",
        ],
    );
}

/// The constant member is sent without being asked for, and the others are when the call is sent.
#[test]
fn members_of_a_body_that_may_be_left_out_have_setters_even_if_they_are_required() {
    let body = "{content: {application/json: {schema: {type: object, required: [kind, name], properties: \
        {kind: {type: string, enum: [box]}, name: {type: string}, note: {type: string}}}}}}";
    check_contains(
        &with_content(body, NOTHING),
        &[
            "pub fn add(&self) -> Add {",
            "pub fn name(",
            "pub fn note(",
            "types::builder::AddBody as ::std::default::Default>::default()",
            "Err(error) => self.call.refuse(\"body\", error)",
        ],
    );
}

#[test]
fn a_read_only_part_is_not_asked_for() {
    let form = "{required: true, content: {multipart/form-data: {schema: {type: object, required: [id, file], properties: \
        {id: {readOnly: true}, file: {type: string, format: binary}}}}}}";
    check_contains(&with_content(form, NOTHING), &["pub fn id("]);
}

#[test]
fn members_of_a_form_are_written_in_the_style_of_their_encoding() {
    for (encoding, style) in [
        ("{style: deepObject}", "Deep"),
        ("{explode: false}", "Commas"),
        ("{style: form, explode: false}", "Commas"),
        ("{style: spaceDelimited}", "Spaces"),
        ("{style: pipeDelimited, explode: false}", "Pipes"),
        ("{explode: true}", "Exploded"),
        ("{style: form}", "Exploded"),
    ] {
        let body = format!(
            "{{content: {{application/x-www-form-urlencoded: {{schema: {{type: object, properties: {{a: {{}}}}}}, \
             encoding: {{a: {encoding}}}}}}}}}"
        );
        let expected = format!("(\"a\", ::spec_first_runtime::FormStyle::{style})");
        check_contains(&with_content(&body, NOTHING), &[&expected]);
    }
}

#[test]
fn json_of_any_media_type_is_sent_as_json() {
    let body = "{required: true, content: {application/*+json: {schema: {type: object, properties: {a: {}}}}}}";
    check_contains(
        &with_content(body, NOTHING),
        &["self.call.json(\"application/json\", body)"],
    );
}

#[test]
fn a_parameter_of_json_needs_no_schema() {
    let text = with_content("{content: {text/plain: {}}}", NOTHING);
    let parameter =
        "parameters: [{name: q, in: query, content: {application/json: {}}}]\n      requestBody:";
    check_contains(
        &text.replace("requestBody:", parameter),
        &[
            "pub fn q(mut self, value: ::serde_json::Value)",
            "query(\"q\").json()",
        ],
    );
}

#[test]
fn a_key_that_is_declared_as_a_parameter_too_is_sent_once() {
    let text = with_content("{content: {text/plain: {}}}", NOTHING);
    let parameters = "parameters: [{name: KEY, in: header, required: true}, {name: other, in: header}]\n      security: [{A: []}]\n      requestBody:";
    let schemes = "components: {securitySchemes: {A: {type: apiKey, in: header, name: Key}}}\n";
    let text = text.replace("requestBody:", parameters) + schemes;
    let client = generate("pets.yaml", &text).unwrap();
    assert!(client.contains("header(\"other\")"), "{client}");
    assert!(!client.contains("header(\"KEY\")"), "{client}");
}

/// The credentials send those of one alternative, and the API may want the others, too.
#[test]
fn a_key_of_some_alternatives_can_be_set() {
    let text = with_content("{content: {text/plain: {}}}", NOTHING);
    let parameters = "parameters: [{name: key, in: query, required: true, schema: {type: string}}]\n      security: [{A: []}, {B: []}]\n      requestBody:";
    let schemes = "components: {securitySchemes: {A: {type: apiKey, in: query, name: key}, B: {type: apiKey, in: query, name: b}}}\n";
    let text = text.replace("requestBody:", parameters) + schemes;
    check_contains(
        &text,
        &[
            "pub fn add(&self) -> Add",
            "pub fn key(",
            "impl ::std::convert::Into<::spec_first_runtime::Secret>",
        ],
    );
}

/// Through references and `allOf`, in the words of each version.
#[test]
fn limits_are_checked_before_a_value_is_sent() {
    let body = "{content: {application/json: {schema: {properties: {a: {minLength: 1, pattern: x}, \
        b: {type: array, maxItems: 2, items: {$ref: '#/components/schemas/B'}}, c: {type: string}}, \
        additionalProperties: {maxLength: 3}, allOf: [{minProperties: 2}]}}}}";
    let components = "components: {schemas: {B: {minimum: 0, exclusiveMinimum: true, additionalProperties: \
        {$ref: '#/components/schemas/B'}}}}\n";
    let text = with_content(body, NOTHING).replace("3.1.0", "3.0.3") + components;
    let parameter = "      parameters: [{name: q, in: query, schema: {type: string, maxLength: 9}}]\n      requestBody:";
    let text = text.replace("      requestBody:", parameter);
    let limits = r#"{"additionalProperties":{"maxLength":3},"allOf":[{"minProperties":2}],"properties":{"a":{"minLength":1},"b":{"items":{"exclusiveMinimum":0},"maxItems":2},"c":{}}}"#;
    let client = generate("pets.yaml", &text).unwrap().replace("\\\"", "\"");
    for limits in [limits, r#"{"maxLength":9}"#] {
        assert!(client.contains(&format!("\"{limits}\"")), "{client}");
    }
}

#[test]
fn the_number_of_members_is_checked_before_a_body_is_sent() {
    let body = |required| {
        format!(
            "{{required: {required}, content: {{application/json: {{schema: {{minProperties: 2, properties: {{a: {{}}}}}}}}}}}}"
        )
    };
    for required in [true, false] {
        check_contains(
            &with_content(&body(required), NOTHING),
            &["require_members(2usize)"],
        );
    }
}

#[test]
fn the_docs_of_a_part_say_what_becomes_of_its_headers() {
    let text = with_content(
        "{content: {multipart/form-data: {schema: {type: object, properties: \
         {photo: {type: string, format: binary}, meta: {description: The label., type: object}}}, \
         encoding: {photo: {headers: {X-Size: {}, Content-Type: {}}}, meta: {headers: {X-Kind: {}, X-Form: {}}}}}}}",
        NOTHING,
    );
    check_contains(
        &text,
        &[
            "Sets `photo`.\n\n`Part::header` adds the headers of this part: `X-Size`.",
            "The label.\n\nThe call does not send the headers of this part: `X-Kind`, `X-Form`.",
        ],
    );
}
