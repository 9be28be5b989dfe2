//! Generates documents from bytes. Each byte is one choice, so that a small change of the bytes is a small change of the
//! document.

use serde_json::{Map, Value, json};

/// The kind of value that a keyword holds.
#[derive(Clone, Copy)]
enum Form {
    Schema,
    Schemas,
    Named,
    Number,
    Text(&'static [&'static str]),
    Names,
    Boolean,
    Values,
}

const TYPES: &[&str] = &[
    "object", "string", "array", "integer", "number", "boolean", "null",
];
const REFERENCES: &[&str] = &[
    "#/components/schemas/A",
    "#/components/schemas/B",
    "#/components/schemas/C",
    "#/components/schemas/A/properties/a",
    "#/components/schemas/B/allOf/0",
    "#/components/schemas/Missing",
    "#anchor",
];

const KEYWORDS: [(&str, Form); 46] = [
    ("$ref", Form::Text(REFERENCES)),
    ("type", Form::Text(TYPES)),
    ("properties", Form::Named),
    ("allOf", Form::Schemas),
    ("anyOf", Form::Schemas),
    ("oneOf", Form::Schemas),
    ("items", Form::Schema),
    ("required", Form::Names),
    ("additionalProperties", Form::Schema),
    ("nullable", Form::Boolean),
    ("enum", Form::Values),
    ("const", Form::Values),
    ("not", Form::Schema),
    ("if", Form::Schema),
    ("then", Form::Schema),
    ("else", Form::Schema),
    (
        "$dynamicRef",
        Form::Text(&["#anchor", "#other", "#/components/schemas/A"]),
    ),
    ("$dynamicAnchor", Form::Text(&["anchor", "other"])),
    ("$anchor", Form::Text(&["anchor", "other"])),
    ("minLength", Form::Number),
    ("maxLength", Form::Number),
    (
        "pattern",
        Form::Text(&["^a", "b$", "^(a|b)$", "[0-9]+", "("]),
    ),
    (
        "format",
        Form::Text(&["int32", "int64", "date", "uuid", "binary", "byte"]),
    ),
    ("minimum", Form::Number),
    ("maximum", Form::Number),
    ("exclusiveMinimum", Form::Number),
    ("exclusiveMaximum", Form::Boolean),
    ("multipleOf", Form::Number),
    ("minItems", Form::Number),
    ("maxItems", Form::Number),
    ("uniqueItems", Form::Boolean),
    ("prefixItems", Form::Schemas),
    ("contains", Form::Schema),
    ("minContains", Form::Number),
    ("maxContains", Form::Number),
    ("minProperties", Form::Number),
    ("maxProperties", Form::Number),
    ("patternProperties", Form::Named),
    ("propertyNames", Form::Schema),
    ("dependentSchemas", Form::Named),
    ("unevaluatedProperties", Form::Schema),
    ("unevaluatedItems", Form::Schema),
    ("default", Form::Values),
    ("readOnly", Form::Boolean),
    ("writeOnly", Form::Boolean),
    ("deprecated", Form::Boolean),
];

const NAMES: [&str; 4] = ["a", "b", "c", "kind"];
const MEDIA_TYPES: [&str; 4] = [
    "application/json",
    "multipart/form-data",
    "application/xml",
    "text/*",
];

/// The maximum number of schemas in a document.
const MOST_SCHEMAS: usize = 60;

struct Writer<'a> {
    genes: &'a [u8],
    schemas: usize,
}

/// Generates a document that can be read.
pub(super) fn write(genes: &[u8]) -> String {
    let mut writer = Writer { genes, schemas: 0 };
    let is_3_1 = writer.chance(2);
    let schemas: Map<String, Value> = ["A", "B", "C"]
        .map(|name| (name.to_owned(), writer.schema()))
        .into_iter()
        .collect();
    let callbacks: Map<String, Value> = ["done", "again"]
        .map(|name| (name.to_owned(), json!({"{$url}": writer.item(1)})))
        .into_iter()
        .collect();
    let mut paths = Map::new();
    for path in ["/things", "/things/{id}"] {
        paths.insert(path.to_owned(), writer.item(2));
    }
    let mut document = json!({
        "openapi": if is_3_1 { "3.1.0" } else { "3.0.3" },
        "info": {"title": "T", "version": "1.0.0"},
        "paths": paths,
        "components": {"schemas": schemas, "callbacks": callbacks},
    });
    if is_3_1 && writer.chance(2) {
        document["webhooks"] = json!({"called": writer.item(1)});
    }
    document.to_string()
}

impl Writer<'_> {
    fn next(&mut self) -> usize {
        let Some((first, rest)) = self.genes.split_first() else {
            return 0;
        };
        self.genes = rest;
        usize::from(*first)
    }

    /// True one time in `times`, and never once the bytes are used up.
    fn chance(&mut self, times: usize) -> bool {
        self.next() % times == times - 1
    }

    fn pick<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.next() % choices.len()]
    }

    fn item(&mut self, operations: usize) -> Value {
        let mut item = Map::new();
        for _ in 0..operations {
            let method = self.pick(&["post", "get", "put"]);
            item.insert(method.to_owned(), self.operation());
        }
        Value::Object(item)
    }

    fn operation(&mut self) -> Value {
        let mut operation =
            json!({"responses": {"200": {"description": "D", "content": self.content()}}});
        if self.chance(2) {
            operation["requestBody"] =
                json!({"content": self.content(), "required": self.chance(2)});
        }
        if self.chance(2) {
            let location = self.pick(&["query", "path", "header", "cookie"]);
            let name = self.pick(&["id", "q"]);
            operation["parameters"] = json!([{
                "name": name, "in": location, "required": self.chance(2), "schema": self.schema(),
            }]);
        }
        if self.chance(3) {
            let name = self.pick(&["done", "again"]);
            operation["callbacks"] = json!({
                self.pick(&NAMES): {"$ref": format!("#/components/callbacks/{name}")},
            });
        }
        if self.chance(8) {
            operation["responses"]["default"] =
                json!({"description": "D", "content": self.content()});
        }
        operation
    }

    fn content(&mut self) -> Value {
        let media_type = self.pick(&MEDIA_TYPES);
        json!({media_type: {"schema": self.schema()}})
    }

    fn schema(&mut self) -> Value {
        self.schemas += 1;
        if self.schemas > MOST_SCHEMAS {
            return json!({});
        }
        if self.chance(16) {
            return Value::Bool(self.chance(2));
        }
        let mut schema = Map::new();
        for _ in 0..1 + self.next() % 4 {
            let (keyword, form) = self.pick(&KEYWORDS);
            schema.insert(keyword.to_owned(), self.value(form));
        }
        Value::Object(schema)
    }

    fn value(&mut self, form: Form) -> Value {
        match form {
            // Occasionally, a value of the wrong type.
            _ if self.chance(32) => self.constant(),
            Form::Schema => self.schema(),
            Form::Schemas => (0..1 + self.next() % 3).map(|_| self.schema()).collect(),
            Form::Named => {
                let mut named = Map::new();
                for _ in 0..1 + self.next() % 3 {
                    named.insert(self.pick(&NAMES).to_owned(), self.schema());
                }
                Value::Object(named)
            }
            Form::Number => json!(self.next() % 5),
            Form::Text(texts) => json!(self.pick(texts)),
            Form::Names => (0..1 + self.next() % 2)
                .map(|_| json!(self.pick(&NAMES)))
                .collect(),
            Form::Boolean => Value::Bool(self.chance(2)),
            Form::Values => (0..1 + self.next() % 3).map(|_| self.constant()).collect(),
        }
    }

    fn constant(&mut self) -> Value {
        match self.next() % 8 {
            0 => json!("a"),
            1 => json!("b"),
            2 => json!(1),
            3 => json!(1.5),
            4 => Value::Null,
            5 => json!(true),
            6 => json!({"kind": "a"}),
            _ => json!(["a", 1]),
        }
    }
}
