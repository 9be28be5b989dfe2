//! What the client knows about secrets.

use spec_first_codegen::generate;

use crate::generate::check_contains;

#[test]
fn every_secret_is_known_to_the_runtime() {
    let client = generate(
        "login.yaml",
        "
openapi: 3.1.0
info: {title: Login, version: '1'}
paths:
  /login:
    post:
      operationId: login
      parameters:
        - {name: token, in: query, required: true, schema: {$ref: '#/components/schemas/Password'}}
        - {name: X-Pins, in: header, schema: {type: array, items: {type: string, format: password}}}
        - {name: login, in: query, schema: {type: object, properties: {pin: {type: string, format: password}}}}
        - {name: page, in: query, schema: {type: string}}
      requestBody:
        content:
          application/json:
            schema:
              properties:
                a_plain: {type: string, format: password}
                b_nullable: {type: [string, 'null'], writeOnly: true}
                c_choice: {anyOf: [{type: string, format: password}, {type: 'null'}]}
                d_all: {allOf: [{type: string, format: password}]}
                e_list: {type: array, items: {$ref: '#/components/schemas/Password'}}
                f_map: {type: object, additionalProperties: {type: string, format: password}}
                g_number: {type: integer, writeOnly: true}
                h_object: {type: object, writeOnly: true, properties: {name: {type: string}}}
                open: {type: object, properties: {i_inside: {type: string, format: password}}}
          multipart/form-data: {schema: {properties: {j_part: {$ref: '#/components/schemas/Password'}}}}
          application/x-www-form-urlencoded: {schema: {properties: {k_form: {type: string, format: password}}}}
      responses: {'204': {description: In}}
components:
  schemas:
    Password: {type: string, format: password}
",
    )
    .unwrap();
    let (_, list) = client.split_once(".secret_properties(").unwrap();
    let (list, _) = list.split_once(']').unwrap();
    let list = list.trim_start().trim_start_matches("&[");
    let names = list
        .split(['"', ','])
        .map(str::trim)
        .filter(|name| !name.is_empty());
    let names: Vec<&str> = names.collect();
    let expected = [
        "a_plain",
        "b_nullable",
        "c_choice",
        "d_all",
        "e_list",
        "f_map",
        "g_number",
        "h_object",
        "i_inside",
        "j_part",
        "k_form",
        "pin",
    ];
    assert_eq!(names, expected);
    for part in [
        "token: impl ::std::convert::Into<::spec_first_runtime::Secret>",
        "Parameter::query(\"token\").secret()",
        "value: ::std::vec::Vec<::spec_first_runtime::Secret>",
        "Parameter::header(\"X-Pins\").secret()",
        "Parameter::query(\"login\").secret()",
    ] {
        assert!(client.contains(part), "`{part}` is not in:\n{client}");
    }
    assert!(!client.contains("query(\"page\").secret()"), "{client}");
}

#[test]
fn a_body_without_names_for_its_secrets_is_secret() {
    let document = |content: &str| {
        format!(
            "
openapi: 3.1.0
info: {{title: Login, version: '1'}}
paths:
  /login:
    post:
      operationId: login
      requestBody: {{required: true, content: {{{content}}}}}
      responses: {{'204': {{description: In}}}}
"
        )
    };
    let secret = "{type: string, format: password}";
    for schema in [
        secret.to_owned(),
        format!(
            "{{type: object, properties: {{a: {{type: string}}}}, additionalProperties: {secret}}}"
        ),
        format!("{{type: object, patternProperties: {{'^x': {secret}}}}}"),
        format!("{{type: array, items: {secret}}}"),
    ] {
        let document = document(&format!("application/json: {{schema: {schema}}}"));
        check_contains(&document, &[".secret_body()"]);
    }
    let text = document(&format!("text/plain: {{schema: {secret}}}"));
    let expected = [
        ".secret_body()",
        "pub(super) body: ::std::option::Option<::spec_first_runtime::Body>",
    ];
    check_contains(&text, &expected);
    let open = document("text/plain: {schema: {type: string}}");
    assert!(
        !generate("login.yaml", &open)
            .unwrap()
            .contains("secret_body")
    );
}
