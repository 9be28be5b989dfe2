//! Structs and newtypes, with their builders, which progenitor makes.
//!
//! It sees a document with nothing but flat objects with valid and unique names, whose properties are references, lists, maps and simple types, so
//! that its rules for names, choices and limits do not apply. What it cannot say is in `fixes`.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{self, AssertUnwindSafe};

use openapiv3::OpenAPI;
use progenitor::{GenerationSettings, Generator, InterfaceStyle};
use quote::format_ident;
use serde_json::{Map, Value, json};
use syn::{Attribute, File, Item, parse_quote};

use super::fixes;
use super::shapes::{Content, Definition, Shape, Struct};
use crate::Error;

/// Generates the structs and newtypes. Every other definition has its items in `others`, by name.
pub(super) fn generate(
    definitions: &[Definition],
    others: BTreeMap<String, Vec<Item>>,
    attributes: &[Attribute],
) -> Result<Vec<Item>, Error> {
    let mut file = run_progenitor(definitions)?;
    fixes::apply(&mut file, definitions, others, attributes)?;
    let texts = definitions
        .iter()
        .filter(|definition| matches!(definition.content, Content::Newtype(Shape::Text)));
    file.items.extend(texts.map(from_literal));
    Ok(file.items)
}

/// progenitor makes a text of a `String` only, but arguments are often literals.
fn from_literal(definition: &Definition) -> Item {
    let name = format_ident!("{}", definition.name);
    parse_quote! {
        impl ::std::convert::From<&str> for #name {
            fn from(value: &str) -> Self {
                Self(value.to_owned())
            }
        }
    }
}

/// The text, in which each definition is a component, as progenitor makes it.
pub(super) fn run_progenitor(definitions: &[Definition]) -> Result<File, Error> {
    let foreign = Foreign::of(definitions);
    let mut schemas = foreign.placeholders();
    for definition in definitions {
        if let Some(schema) = schema_of(definition, definitions, &foreign) {
            schemas.insert(definition.name.clone(), schema);
        }
    }
    let document = json!({
        "openapi": "3.0.3",
        "info": {"title": "Types", "version": "1"},
        "paths": {},
        "components": {"schemas": schemas},
    });
    let mut settings = GenerationSettings::default();
    settings
        .with_interface(InterfaceStyle::Builder)
        .with_derive("PartialEq");
    for (name, path) in foreign.names() {
        settings.with_replacement(name, path, std::iter::empty());
    }
    let run = || {
        let document: OpenAPI =
            serde_json::from_value(document).map_err(|error| error.to_string())?;
        let tokens = Generator::new(&settings).generate_tokens(&document);
        tokens.map_err(|error| error.to_string())
    };
    let tokens = panic::catch_unwind(AssertUnwindSafe(run))
        .unwrap_or_else(|_| Err("progenitor panicked".to_owned()))
        .map_err(|error| Error::NotRust(error.into()))?;
    let mut file: File =
        syn::parse2(tokens).map_err(|error| Error::NotRust(error.to_string().into()))?;
    // Its client and its operations are not used.
    let mut items = std::mem::take(&mut file.items).into_iter();
    let types = items.find_map(|item| match item {
        Item::Mod(module) if module.ident == "types" => module.content,
        _ => None,
    });
    let (_, types) = types.ok_or_else(|| Error::FixNoLongerApplies {
        fix: "run_progenitor",
        reason: "progenitor made no module `types`".to_owned(),
    })?;
    file.items = types;
    Ok(file)
}

/// The types of other crates. progenitor replaces a component by each of them.
struct Foreign<'m>(BTreeSet<&'m str>);

impl<'m> Foreign<'m> {
    fn of(definitions: &'m [Definition]) -> Self {
        let mut paths = BTreeSet::from([SECRET, TIMESTAMP]);
        for definition in definitions {
            each_shape(&definition.content, &mut |shape| {
                if let Shape::Replaced(path) = shape {
                    paths.insert(path);
                }
            });
        }
        Self(paths)
    }

    /// The name of each component, with the path of the type.
    fn names(&self) -> impl Iterator<Item = (String, &'m str)> {
        let paths = self.0.iter().enumerate();
        paths.map(|(index, path)| (format!("ForeignType{index}"), *path))
    }

    fn placeholders(&self) -> Map<String, Value> {
        self.names()
            .map(|(name, _)| (name, json!({"type": "string"})))
            .collect()
    }

    fn reference(&self, path: &str) -> Value {
        let found = self.names().find(|(_, known)| *known == path);
        found.map_or_else(|| json!({}), |(name, _)| reference(&name))
    }
}

const SECRET: &str = "::spec_first_runtime::Secret";
const TIMESTAMP: &str = "::spec_first_runtime::Timestamp";

/// Calls `visit` for every shape in `content`, however deep.
fn each_shape<'m>(content: &'m Content, visit: &mut impl FnMut(&'m Shape)) {
    fn inside<'m>(shape: &'m Shape, visit: &mut impl FnMut(&'m Shape)) {
        visit(shape);
        if let Shape::List(inner) | Shape::Map(inner) | Shape::Nullable(inner) = shape {
            inside(inner, visit);
        }
    }
    match content {
        Content::Struct(structure) => {
            let fields = structure.fields.iter().map(|field| &field.shape);
            fields
                .chain(&structure.additional)
                .for_each(|shape| inside(shape, visit));
        }
        Content::Newtype(shape) | Content::Alias(shape) => inside(shape, visit),
        Content::Enum(_) | Content::Union(_) => {}
    }
}

/// The schema that is passed to progenitor for a definition; `None` for an alias.
fn schema_of(
    definition: &Definition,
    definitions: &[Definition],
    foreign: &Foreign<'_>,
) -> Option<Value> {
    let schema = match &definition.content {
        Content::Struct(structure) => object(definition, structure, definitions, foreign),
        Content::Newtype(shape) => lowered(shape, definitions, foreign),
        // A placeholder, so that the name is known.
        Content::Enum(_) | Content::Union(_) => json!({"type": "string"}),
        Content::Alias(_) => return None,
    };
    Some(described(schema, &definition.documentation))
}

/// A schema with a description, which nothing can be beside a reference.
fn described(mut schema: Value, documentation: &str) -> Value {
    if documentation.is_empty() {
        return schema;
    }
    if schema.get("$ref").is_some() {
        schema = json!({"allOf": [schema]});
    }
    schema["description"] = documentation.into();
    schema
}

fn object(
    definition: &Definition,
    structure: &Struct,
    definitions: &[Definition],
    foreign: &Foreign<'_>,
) -> Value {
    let mut properties = Map::new();
    let mut required = Vec::new();
    for field in &structure.fields {
        let is_present = field.is_always_present(definition);
        // Without `null`, no empty list is sent.
        let schema = match is_present {
            true => lowered(&field.shape, definitions, foreign),
            false => or_null(lowered(field.shape.not_null(), definitions, foreign)),
        };
        properties.insert(field.name.clone(), described(schema, &field.documentation));
        if is_present {
            required.push(field.name.as_str());
        }
    }
    let mut schema = json!({"type": "object", "properties": properties, "required": required});
    let additional = match &structure.additional {
        Some(Shape::Any) => Some(json!({})),
        Some(shape) => Some(lowered(shape, definitions, foreign)),
        None => (structure.is_closed && !definition.is_received()).then_some(Value::Bool(false)),
    };
    if let Some(additional) = additional {
        schema["additionalProperties"] = additional;
    }
    schema
}

fn lowered(shape: &Shape, definitions: &[Definition], foreign: &Foreign<'_>) -> Value {
    match shape {
        Shape::Any => json!({}),
        Shape::Boolean => json!({"type": "boolean"}),
        Shape::Integer => json!({"type": "integer", "format": "int64"}),
        Shape::Unsigned => json!({"type": "integer", "format": "uint64"}),
        Shape::Number => json!({"type": "number", "format": "double"}),
        Shape::Text => json!({"type": "string"}),
        Shape::Secret => foreign.reference(SECRET),
        Shape::Timestamp => foreign.reference(TIMESTAMP),
        Shape::Replaced(path) => foreign.reference(path),
        Shape::Named(index) => match &definitions[*index].content {
            Content::Alias(shape) => lowered(shape, definitions, foreign),
            _ => reference(&definitions[*index].name),
        },
        Shape::List(items) => {
            json!({"type": "array", "items": lowered(items, definitions, foreign)})
        }
        Shape::Map(values) => json!({
            "type": "object",
            "additionalProperties": lowered(values, definitions, foreign),
        }),
        Shape::Nullable(shape) => or_null(lowered(shape, definitions, foreign)),
    }
}

fn reference(name: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{name}")})
}

fn or_null(mut schema: Value) -> Value {
    if schema.get("$ref").is_some() {
        schema = json!({"allOf": [schema]});
    } else if schema == json!({}) {
        return schema;
    }
    schema["nullable"] = true.into();
    schema
}
