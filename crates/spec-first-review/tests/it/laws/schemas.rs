//! Generates small schemas in JSON Schema 2020-12, and translates them to OpenAPI 3.0.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use serde_json::{Map, Number, Value, json};

/// The names of the two components. Each may refer to both.
pub(crate) const COMPONENTS: [&str; 2] = ["Root", "Other"];

/// The keywords that a schema may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// Those that OpenAPI 3.0 has.
    V3_0,
    /// All keywords.
    V3_1,
}

/// The formats of strings.
pub(crate) const TEXT_FORMATS: [&str; 3] = ["date", "uuid", "ipv4"];

/// A pattern that matches only a few strings.
pub(crate) const FEW_TEXTS: &str = "^(a|b|x-1)$";

type Keyword = BoxedStrategy<(String, Value)>;

fn keyword(name: &'static str, value: impl Strategy<Value = Value> + 'static) -> Keyword {
    value
        .prop_map(move |value| (name.to_owned(), value))
        .boxed()
}

fn count(name: &'static str) -> Keyword {
    keyword(name, (0u64..5).prop_map(Value::from))
}

fn is_true(name: &'static str) -> Keyword {
    keyword(name, Just(Value::Bool(true)))
}

/// A schema with these keywords. A duplicate counts once.
fn of_keywords(kind: Option<Value>, keywords: Vec<Keyword>, most: usize) -> BoxedStrategy<Value> {
    vec(proptest::strategy::Union::new(keywords), 0..=most)
        .prop_map(move |chosen| {
            let mut schema: Map<String, Value> = chosen.into_iter().collect();
            if let Some(kind) = &kind {
                schema.insert("type".to_owned(), kind.clone());
            }
            Value::Object(schema)
        })
        .boxed()
}

fn halves() -> impl Strategy<Value = Value> {
    (-6i64..16).prop_map(|halves| {
        if halves % 2 == 0 {
            json!(halves / 2)
        } else {
            json!(halves as f64 / 2.0)
        }
    })
}

fn values() -> Vec<Value> {
    vec![
        json!("a"),
        json!("b"),
        json!("x-1"),
        json!(""),
        json!(0),
        json!(1),
        json!(2),
        json!(4),
        json!(1.5),
        json!(true),
        json!(false),
        Value::Null,
    ]
}

fn string_keywords() -> Vec<Keyword> {
    let patterns = ["^a", "^[a-z]*$", "^x-", FEW_TEXTS]
        .map(Value::from)
        .to_vec();
    let formats = TEXT_FORMATS.map(Value::from).to_vec();
    vec![
        keyword("format", select(formats)),
        count("minLength"),
        count("maxLength"),
        keyword("pattern", select(patterns)),
    ]
}

fn number_keywords() -> Vec<Keyword> {
    let multiples = vec![json!(1), json!(2), json!(3), json!(4), json!(0.5)];
    let formats = ["int32", "int64"].map(Value::from).to_vec();
    vec![
        keyword("format", select(formats)),
        keyword("minimum", halves()),
        keyword("maximum", halves()),
        keyword("exclusiveMinimum", halves()),
        keyword("exclusiveMaximum", halves()),
        keyword("multipleOf", select(multiples)),
    ]
}

fn array_keywords(dialect: Dialect, inner: &BoxedStrategy<Value>) -> Vec<Keyword> {
    let mut keywords = vec![
        keyword("items", inner.clone()),
        count("minItems"),
        count("maxItems"),
        is_true("uniqueItems"),
    ];
    if dialect == Dialect::V3_1 {
        keywords.extend([
            keyword(
                "prefixItems",
                vec(inner.clone(), 1..3).prop_map(Value::from),
            ),
            keyword("contains", inner.clone()),
            count("minContains"),
            count("maxContains"),
            keyword("items", any::<bool>().prop_map(Value::Bool)),
            keyword("unevaluatedItems", inner.clone()),
        ]);
    }
    keywords
}

fn names(most: usize) -> impl Strategy<Value = Vec<&'static str>> {
    subsequence(vec!["a", "b", "c", "x-1"], 1..=most)
}

fn members(names: Vec<&'static str>, inner: &BoxedStrategy<Value>) -> BoxedStrategy<Value> {
    vec(inner.clone(), names.len())
        .prop_map(move |schemas| {
            let members = names.iter().map(|name| (*name).to_owned()).zip(schemas);
            Value::Object(members.collect())
        })
        .boxed()
}

fn object_keywords(dialect: Dialect, inner: &BoxedStrategy<Value>) -> Vec<Keyword> {
    let properties = |inner: &BoxedStrategy<Value>| {
        let inner = inner.clone();
        names(3)
            .prop_flat_map(move |names| members(names, &inner))
            .boxed()
    };
    let of_one_side = select(vec!["readOnly", "writeOnly"]);
    let of_one_side = (names(1), inner.clone(), of_one_side).prop_map(|(names, schema, side)| {
        let mut schema = match schema {
            Value::Object(schema) if !schema.contains_key("$ref") => schema,
            _ => Map::new(),
        };
        schema.insert(side.to_owned(), true.into());
        json!({names[0]: schema})
    });
    let mut keywords = vec![
        keyword("properties", of_one_side),
        keyword("properties", properties(inner)),
        keyword("properties", properties(inner)),
        keyword("required", names(2).prop_map(|names| json!(names))),
        keyword("additionalProperties", any::<bool>().prop_map(Value::Bool)),
        keyword("additionalProperties", inner.clone()),
        count("minProperties"),
        count("maxProperties"),
    ];
    if dialect == Dialect::V3_1 {
        let by_pattern = |inner: &BoxedStrategy<Value>| {
            let inner = inner.clone();
            subsequence(vec!["^x-", "^[ab]$"], 1..=2)
                .prop_flat_map(move |patterns| members(patterns, &inner))
        };
        let of_names = of_keywords(None, string_keywords(), 2);
        let dependent = (names(1), names(2)).prop_map(|(name, others)| json!({name[0]: others}));
        let of_one = inner.clone();
        let by_name = names(1).prop_flat_map(move |names| members(names, &of_one));
        keywords.extend([
            keyword("patternProperties", by_pattern(inner)),
            keyword("propertyNames", of_names),
            keyword("dependentRequired", dependent),
            keyword("dependentSchemas", by_name),
            keyword("unevaluatedProperties", any::<bool>().prop_map(Value::Bool)),
            keyword("unevaluatedProperties", inner.clone()),
        ]);
    }
    keywords
}

fn combining_keywords(dialect: Dialect, inner: &BoxedStrategy<Value>) -> Vec<Keyword> {
    let branches = |least| vec(inner.clone(), least..=3).prop_map(Value::from);
    let exclusive = subsequence(
        vec!["string", "integer", "array", "object", "boolean"],
        1..=3,
    );
    let exclusive = (exclusive, vec(inner.clone(), 3)).prop_map(|(types, schemas)| {
        let of_type = |(kind, schema): (&str, Value)| match schema {
            Value::Object(mut schema) if !schema.contains_key("$ref") => {
                schema.insert("type".to_owned(), kind.into());
                Value::Object(schema)
            }
            _ => json!({"type": kind}),
        };
        types.into_iter().zip(schemas).map(of_type).collect()
    });
    let mut keywords = vec![
        keyword("allOf", branches(1)),
        keyword("anyOf", branches(1)),
        keyword("anyOf", branches(2)),
        keyword("oneOf", exclusive),
        keyword("oneOf", branches(2)),
        keyword(
            "discriminator",
            select(vec![
                json!({"propertyName": "a"}),
                json!({"propertyName": "b"}),
            ]),
        ),
        keyword("not", inner.clone()),
    ];
    if dialect == Dialect::V3_1 {
        keywords.push(keyword("if", inner.clone()));
        keywords.push(keyword("then", inner.clone()));
        keywords.push(keyword("else", inner.clone()));
    }
    keywords
}

/// A schema without subschemas.
fn simple(dialect: Dialect) -> BoxedStrategy<Value> {
    let some_values = subsequence(values(), 1..=4).prop_map(|values| json!({"enum": values}));
    let mut kinds = vec![
        of_keywords(Some("string".into()), string_keywords(), 2),
        of_keywords(Some("integer".into()), number_keywords(), 2),
        of_keywords(Some("number".into()), number_keywords(), 2),
        Just(json!({"type": "boolean"})).boxed(),
        some_values.boxed(),
        Just(json!({})).boxed(),
        select(COMPONENTS.to_vec())
            .prop_map(|name| json!({"$ref": format!("#/components/schemas/{name}")}))
            .boxed(),
    ];
    let nullable = of_keywords(Some(json!(["string", "null"])), string_keywords(), 1);
    kinds.push(nullable);
    let described = select(values()).prop_map(|value| json!({"default": value, "title": "Some"}));
    kinds.push(described.boxed());
    let either = [string_keywords(), number_keywords()].concat();
    if dialect == Dialect::V3_1 {
        kinds.push(of_keywords(Some(json!(["string", "integer"])), either, 3));
        kinds.push(Just(json!({"type": "null"})).boxed());
        kinds.push(
            select(values())
                .prop_map(|value| json!({"const": value}))
                .boxed(),
        );
        kinds.push(any::<bool>().prop_map(Value::Bool).boxed());
    }
    proptest::strategy::Union::new(kinds).boxed()
}

/// A schema of values that are mostly written as one or several strings.
pub(crate) fn of_texts(dialect: Dialect) -> BoxedStrategy<Value> {
    let one = simple(dialect);
    let several = (one.clone(), 0u64..3)
        .prop_map(|(items, fewest)| json!({"type": "array", "items": items, "minItems": fewest}));
    let other = prop_oneof![one.clone(), several.clone()];
    let either = (one.clone(), other).prop_map(|(one, other)| json!({"anyOf": [one, other]}));
    prop_oneof![3 => one, 2 => either, 1 => several].boxed()
}

/// A schema with at most three levels of subschemas.
pub(crate) fn schema(dialect: Dialect) -> BoxedStrategy<Value> {
    let levels = simple(dialect).prop_recursive(3, 16, 3, move |inner| {
        let combined = combining_keywords(dialect, &inner);
        let of_arrays = array_keywords(dialect, &inner);
        let of_objects = object_keywords(dialect, &inner);
        let anything = [
            string_keywords(),
            number_keywords(),
            of_arrays.clone(),
            of_objects.clone(),
            combined.clone(),
        ]
        .concat();
        prop_oneof![
            2 => of_keywords(Some("array".into()), of_arrays, 3),
            4 => of_keywords(Some("object".into()), of_objects.clone(), 4),
            2 => of_keywords(None, combined.clone(), 2),
            2 => of_keywords(Some("object".into()), [of_objects, combined].concat(), 4),
            2 => of_keywords(None, anything, 4),
        ]
    });
    levels.boxed()
}

/// Translates the schema to OpenAPI 3.0.
pub(crate) fn in_3_0(schema: &Value) -> Value {
    let schema = match schema {
        Value::Bool(true) => return json!({}),
        Value::Bool(false) => return json!({"not": {}}),
        Value::Object(schema) => schema,
        other => return other.clone(),
    };
    let mut written = Map::new();
    for (keyword, value) in schema {
        let value = match (keyword.as_str(), value) {
            ("additionalProperties", Value::Bool(_)) => value.clone(),
            ("items" | "additionalProperties" | "not", _) => in_3_0(value),
            ("allOf" | "anyOf" | "oneOf", Value::Array(branches)) => {
                branches.iter().map(in_3_0).collect()
            }
            ("properties", Value::Object(members)) => {
                let members = members.iter();
                let members = members.map(|(name, schema)| (name.clone(), in_3_0(schema)));
                Value::Object(members.collect())
            }
            _ => value.clone(),
        };
        written.insert(keyword.clone(), value);
    }
    if let Some(Value::Array(types)) = schema.get("type") {
        let excludes_null = |values: &Value| {
            values
                .as_array()
                .is_some_and(|values| !values.contains(&Value::Null))
        };
        let is_nullable = types.iter().any(|name| name == "null")
            && !schema.get("enum").is_some_and(excludes_null);
        match types.iter().find(|name| *name != "null") {
            Some(name) => written.insert("type".to_owned(), name.clone()),
            None if is_nullable => {
                written.insert("type".to_owned(), "string".into());
                written.insert("enum".to_owned(), json!([null]))
            }
            None => written.insert("not".to_owned(), json!({})),
        };
        if is_nullable {
            written.insert("nullable".to_owned(), true.into());
        }
    }
    for (limit, exclusive, is_minimum) in [
        ("minimum", "exclusiveMinimum", true),
        ("maximum", "exclusiveMaximum", false),
    ] {
        let number = |keyword| schema.get(keyword).and_then(Value::as_f64);
        let Some(beyond) = number(exclusive) else {
            continue;
        };
        written.remove(exclusive);
        let is_tighter = number(limit).is_none_or(|limit| {
            if is_minimum {
                beyond >= limit
            } else {
                beyond <= limit
            }
        });
        if is_tighter {
            written.insert(limit.to_owned(), Number::from_f64(beyond).into());
            written.insert(exclusive.to_owned(), true.into());
        }
    }
    Value::Object(written)
}

/// Whether validation would not terminate: a component leads back to itself for the same value.
pub(crate) fn is_endless(components: &Value) -> bool {
    fn leads_back(components: &Value, schema: &Value, depth: usize) -> bool {
        let Value::Object(keywords) = schema else {
            return false;
        };
        if depth == 0 {
            return true;
        }
        let check = |schema: &Value| leads_back(components, schema, depth - 1);
        keywords
            .iter()
            .any(|(keyword, value)| match (keyword.as_str(), value) {
                ("$ref", Value::String(reference)) => {
                    let name = reference.rsplit('/').next().unwrap_or_default();
                    check(&components[name])
                }
                ("not" | "if" | "then" | "else", schema) => check(schema),
                ("allOf" | "anyOf" | "oneOf", Value::Array(branches)) => branches.iter().any(check),
                ("dependentSchemas", Value::Object(schemas)) => schemas.values().any(check),
                _ => false,
            })
    }
    COMPONENTS
        .iter()
        .any(|name| leads_back(components, &components[name], 24))
}
