//! Structs and newtypes, with their builders, which typify makes.
//!
//! It sees nothing but flat objects with valid and unique names, whose properties are references, lists, maps and simple types, so
//! that its rules for names, choices and limits do not apply. What it cannot say is in `fixes`.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{self, AssertUnwindSafe};

use quote::format_ident;
use schemars_for_typify::schema::{
    ArrayValidation, InstanceType, ObjectValidation, Schema, SchemaObject, SubschemaValidation,
};
use syn::{Attribute, File, Item, parse_quote};
use typify::{TypeSpace, TypeSpaceSettings};

use super::fixes;
use super::shapes::{Content, Definition, Shape, Struct};
use crate::Error;

/// Generates the structs and newtypes. Every other definition has its items in `others`, by name.
pub(super) fn generate(
    definitions: &[Definition],
    others: BTreeMap<String, Vec<Item>>,
    attributes: &[Attribute],
) -> Result<Vec<Item>, Error> {
    let mut file = run_typify(definitions)?;
    fixes::apply(&mut file, definitions, others, attributes)?;
    let texts = definitions
        .iter()
        .filter(|definition| matches!(definition.content, Content::Newtype(Shape::Text)));
    file.items.extend(texts.map(from_literal));
    Ok(file.items)
}

/// typify makes a text of a `String` only, but arguments are often literals.
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

pub(super) fn run_typify(definitions: &[Definition]) -> Result<File, Error> {
    let schemas: Vec<(String, Schema)> = definitions
        .iter()
        .filter_map(|definition| {
            Some((definition.name.clone(), schema_of(definition, definitions)?))
        })
        .collect();
    let run = || {
        let mut space = TypeSpace::new(&settings(definitions));
        let added = space.add_ref_types(schemas);
        added
            .map(|()| space.to_stream())
            .map_err(|error| error.to_string())
    };
    let tokens = panic::catch_unwind(AssertUnwindSafe(run))
        .unwrap_or_else(|_| Err("typify panicked".to_owned()))
        .map_err(|error| Error::NotRust(error.into()))?;
    syn::parse2(tokens).map_err(|error| Error::NotRust(error.to_string().into()))
}

fn settings(definitions: &[Definition]) -> TypeSpaceSettings {
    let mut settings = TypeSpaceSettings::default();
    settings
        .with_type_mod("types")
        .with_struct_builder(true)
        .with_derive("PartialEq".to_owned());
    let mut replaced = BTreeSet::from([SECRET, TIMESTAMP]);
    for definition in definitions {
        each_shape(&definition.content, &mut |shape| {
            if let Shape::Replaced(path) = shape {
                replaced.insert(path);
            }
        });
    }
    for path in replaced {
        settings.with_conversion(foreign(path), path, std::iter::empty());
    }
    settings
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

/// What typify gets to see of a definition; nothing of another name.
fn schema_of(definition: &Definition, definitions: &[Definition]) -> Option<Schema> {
    let mut schema = match &definition.content {
        Content::Struct(structure) => object(definition, structure, definitions),
        Content::Newtype(shape) => lowered(shape, definitions),
        // A placeholder, so that typify knows the name.
        Content::Enum(_) | Content::Union(_) => simple(InstanceType::String, None),
        Content::Alias(_) => return None,
    };
    describe(&mut schema, &definition.documentation);
    Some(schema)
}

fn describe(schema: &mut Schema, documentation: &str) {
    if documentation.is_empty() {
        return;
    }
    let mut object = std::mem::replace(schema, Schema::Bool(true)).into_object();
    object.metadata().description = Some(documentation.to_owned());
    *schema = Schema::Object(object);
}

fn object(definition: &Definition, structure: &Struct, definitions: &[Definition]) -> Schema {
    let mut validation = ObjectValidation::default();
    for field in &structure.fields {
        let is_present = field.is_always_present(definition);
        // Without `null`, typify sends no empty list.
        let mut schema = match is_present {
            true => lowered(&field.shape, definitions),
            false => or_null(lowered(field.shape.not_null(), definitions)),
        };
        describe(&mut schema, &field.documentation);
        validation.properties.insert(field.name.clone(), schema);
        if is_present {
            validation.required.insert(field.name.clone());
        }
    }
    validation.additional_properties = match &structure.additional {
        Some(Shape::Any) => Some(Box::new(Schema::Object(SchemaObject::default()))),
        Some(shape) => Some(Box::new(lowered(shape, definitions))),
        None if structure.is_closed && !definition.is_received() => {
            Some(Box::new(Schema::Bool(false)))
        }
        None => None,
    };
    Schema::Object(SchemaObject {
        instance_type: Some(InstanceType::Object.into()),
        object: Some(Box::new(validation)),
        ..SchemaObject::default()
    })
}

fn lowered(shape: &Shape, definitions: &[Definition]) -> Schema {
    match shape {
        Shape::Any => Schema::Bool(true),
        Shape::Boolean => simple(InstanceType::Boolean, None),
        Shape::Integer => simple(InstanceType::Integer, Some("int64")),
        Shape::Unsigned => simple(InstanceType::Integer, Some("uint64")),
        Shape::Number => simple(InstanceType::Number, Some("double")),
        Shape::Text => simple(InstanceType::String, None),
        Shape::Secret => Schema::Object(foreign(SECRET)),
        Shape::Timestamp => Schema::Object(foreign(TIMESTAMP)),
        Shape::Replaced(path) => Schema::Object(foreign(path)),
        Shape::Named(index) => match &definitions[*index].content {
            Content::Alias(shape) => lowered(shape, definitions),
            _ => Schema::new_ref(format!("#/definitions/{}", definitions[*index].name)),
        },
        Shape::List(items) => Schema::Object(SchemaObject {
            instance_type: Some(InstanceType::Array.into()),
            array: Some(Box::new(ArrayValidation {
                items: Some(lowered(items, definitions).into()),
                ..ArrayValidation::default()
            })),
            ..SchemaObject::default()
        }),
        Shape::Map(values) => Schema::Object(SchemaObject {
            instance_type: Some(InstanceType::Object.into()),
            object: Some(Box::new(ObjectValidation {
                additional_properties: Some(Box::new(lowered(values, definitions))),
                ..ObjectValidation::default()
            })),
            ..SchemaObject::default()
        }),
        Shape::Nullable(shape) => or_null(lowered(shape, definitions)),
    }
}

fn simple(kind: InstanceType, format: Option<&str>) -> Schema {
    Schema::Object(SchemaObject {
        instance_type: Some(kind.into()),
        format: format.map(str::to_owned),
        ..SchemaObject::default()
    })
}

/// What stands for a type of another crate, which the settings convert.
fn foreign(path: &str) -> SchemaObject {
    SchemaObject {
        instance_type: Some(InstanceType::String.into()),
        format: Some(path.to_owned()),
        ..SchemaObject::default()
    }
}

fn or_null(schema: Schema) -> Schema {
    if schema == Schema::Bool(true) {
        return schema;
    }
    Schema::Object(SchemaObject {
        subschemas: Some(Box::new(SubschemaValidation {
            one_of: Some(vec![schema, simple(InstanceType::Null, None)]),
            ..SubschemaValidation::default()
        })),
        ..SchemaObject::default()
    })
}
