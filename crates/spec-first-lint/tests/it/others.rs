//! What well-kept documents of others have, and what nobody is hurt by.

use crate::newer::findings;

const OTHERS: &str = r##"openapi: 3.0.3
info: {title: Orders, version: '1', description: Orders and their payment.}
servers: [{url: 'https://orders.test'}, {url: ''}]
security: []
paths:
  # Left without operations on purpose.
  /orders/archive/: {servers: [{url: 'https://archive.test'}], description: Not open yet.}
  /orders/:
    get:
      operationId: list_orders
      summary: Lists orders
      parameters:
        - {$ref: '#/components/parameters/Shop'}
        - {name: $skipToken, in: query, description: Where to go on., schema: {type: string}, example: a}
      responses:
        '200':
          description: Orders
          content:
            application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Order'}}}
            application/*+json: {schema: {type: array, items: {$ref: '#/components/schemas/Order'}}}
  /orders/{authorization}/:
    get:
      operationId: show_order
      summary: Shows an order
      parameters:
        - {name: authorization, in: path, required: true, description: The payment., schema: {type: string}, example: a}
      responses:
        '200': {description: The order, content: {application/json: {schema: {$ref: '#/components/schemas/Order'}}}}
  /token/:
    post:
      operationId: get_token
      summary: Issues a token
      responses:
        '200': {description: 'The token, with `Basic YWlyYnl0ZTpwYXNzd29yZA==`, `Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==` or `Bearer eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiIs....`', content: {application/json: {schema: {$ref: '#/components/schemas/Issued'}}}}
components:
  parameters:
    Shop: {name: shop, in: query, description: The shop., schema: {type: string}, example: a}
  schemas:
    Order:
      type: object
      description: An order.
      required: [state, kind, size]
      properties:
        size: {$ref: '#/components/schemas/Order/properties/kind'}
        shop: {$ref: '#/components/parameters/Shop/schema'}
        state: {type: string, default: open}
        code: {type: string, pattern: '^[\w-.]*\[a]{b}\p{L}$'}
        kind: {type: string, enum: [order], default: order}
        authorization: {type: string}
        total: {type: number, format: int64}
        number: {type: string, format: int64}
        createdAt: {type: integer, format: unix-time}
        nothing: {nullable: true, enum: [null]}
        words: {type: array, items: {$ref: '#/components/schemas/Word'}}
        rows:
          oneOf:
            - {type: array, minItems: 1, items: {$ref: '#/components/schemas/ByTeam'}}
            - {type: array, minItems: 1, items: {$ref: '#/components/schemas/ByFile'}}
    Word: {type: object, properties: {token: {type: string}, logprob: {type: number}}}
    Issued: {type: object, properties: {access_token: {type: string}, token_type: {type: string}}}
    ByTeam: {type: object, additionalProperties: false, required: [team], properties: {team: {type: string}}}
    ByFile: {type: object, additionalProperties: false, required: [file], properties: {file: {type: string}}}
"##;

#[test]
fn what_others_write_is_not_reported() {
    assert_eq!(findings(OTHERS), Vec::<String>::new());
}

#[test]
fn the_same_where_it_is_a_mistake_is() {
    for (right, wrong, expected) in [
        (
            "{servers: [{url: 'https://archive.test'}], description: Not open yet.}",
            "{description: Not open yet.}",
            "empty-path #/paths/~1orders~1archive~1",
        ),
        (
            "  /orders/{authorization}/:",
            "  /orders/{authorization}:",
            "trailing-slash",
        ),
        ("$skipToken", "userToken", "secret-in-url"),
        (
            "token_type: {type: string}",
            "name: {type: string}",
            "secret-in-response",
        ),
        ("logprob", "name", "secret-in-response"),
        (
            "nullable: true, enum: [null]",
            "type: string, enum: [null]",
            "impossible-enum-value",
        ),
        ("unix-time", "datetime", "misspelt-format"),
        (
            "format: unix-time",
            "enum: ['1', '2']",
            "impossible-enum-value #/components/schemas/Order/properties/createdAt/enum/0",
        ),
        ("{url: ''}", "{url: ' '}", "server-url"),
        ("application/*+json", "application/*json", "media-type-form"),
        (
            "YWlyYnl0ZTpwYXNzd29yZA==",
            "YWlyYnl0ZTpQNHNzdzByZA==",
            "live-secret",
        ),
        ("Order/properties/kind", "Order", "endless-schema"),
        (
            "parameters/Shop/schema",
            "parameters/Shop",
            "wrong-reference",
        ),
    ] {
        let text = OTHERS.replace(right, wrong);
        // One path fewer with a slash is half of them, which is not usual.
        let text = match expected {
            "trailing-slash" => text.replace("  /token/:", "  /token:"),
            _ => text,
        };
        let found = findings(&text);
        assert!(
            found.iter().any(|finding| finding.starts_with(expected)),
            "{wrong}: {found:?}"
        );
    }
}

#[test]
fn objects_that_differ_only_in_a_reference_are_a_choice() {
    let text = ["Team", "File"]
        .iter()
        .fold(OTHERS.to_owned(), |text, name| {
            let reference = format!("{{$ref: '#/components/schemas/By{name}'}}");
            let list = format!("{{type: array, minItems: 1, items: {reference}}}");
            assert!(text.contains(&list), "{text}");
            text.replace(
                &list,
                &format!("{{type: object, properties: {{by: {reference}}}}}"),
            )
        });
    let expected = "overlapping-branches #/components/schemas/Order/properties/rows/oneOf/1";
    assert_eq!(findings(&text), [expected]);
}
