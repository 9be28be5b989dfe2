//! Structs and newtypes, with their builders, which typify makes.
//!
//! It sees nothing but flat objects with valid and unique names, whose properties are references, lists, maps and simple types,
//! so that its rules for names, choices and limits do not apply. What it cannot say is amended afterwards. Each fix is one
//! function that says why and fails if it no longer applies.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{self, AssertUnwindSafe};

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use schemars_for_typify::schema::{
    ArrayValidation, InstanceType, ObjectValidation, Schema, SchemaObject, SubschemaValidation,
};
use syn::visit_mut::VisitMut;
use syn::{
    Attribute, Field, File, GenericArgument, Item, ItemImpl, PathArguments, Type, parse_quote,
};
use typify::{TypeSpace, TypeSpaceSettings};

use super::shapes::{Content, Definition, Shape, Struct};
use crate::Error;

/// Generates the structs and newtypes, and leaves the place of every other definition to `others`, which has its items by name.
pub(super) fn generate(
    definitions: &[Definition],
    mut others: BTreeMap<String, Vec<Item>>,
) -> Result<Vec<Item>, Error> {
    let mut file = run_typify(definitions)?;
    replace_placeholders(&mut file, &mut others)?;
    box_inside_options(&mut file, definitions)?;
    rename_properties(&mut file, definitions)?;
    read_absent_as_null(&mut file, definitions)?;
    send_null(&mut file, definitions)?;
    derive_json_schema_on_request(&mut file);
    Ok(file.items)
}

fn run_typify(definitions: &[Definition]) -> Result<File, Error> {
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

/// Enums and unions are ours: see `enums` and `unions`. typify gets to see a text of their name, which makes a newtype.
fn replace_placeholders(
    file: &mut File,
    others: &mut BTreeMap<String, Vec<Item>>,
) -> Result<(), Error> {
    const FIX: &str = "replace_placeholders";
    let names: BTreeSet<String> = others.keys().cloned().collect();
    let mut items = Vec::new();
    for item in std::mem::take(&mut file.items) {
        match &item {
            Item::Struct(placeholder) => match others.remove(&placeholder.ident.to_string()) {
                Some(own) => items.extend(own),
                None => items.push(item),
            },
            Item::Impl(block) if subject(block).is_some_and(|name| names.contains(&name)) => {}
            _ => items.push(item),
        }
    }
    file.items = items;
    match others.keys().next() {
        Some(name) => Err(no_longer_applies(FIX, format!("typify made no `{name}`"))),
        None => Ok(()),
    }
}

/// The type that a block is about: the one that it is for, or the one that a text is made from.
fn subject(block: &ItemImpl) -> Option<String> {
    let own = last_name(&block.self_ty);
    let from = block.trait_.as_ref().and_then(|(path, _)| {
        let PathArguments::AngleBracketed(arguments) = &path.segments.last()?.arguments else {
            return None;
        };
        match arguments.args.first()? {
            GenericArgument::Type(from) => last_name(from),
            _ => None,
        }
    });
    match own.as_deref() {
        Some("String") => from,
        _ => own,
    }
}

fn last_name(of: &Type) -> Option<String> {
    match of {
        Type::Path(path) => Some(path.path.segments.last()?.ident.to_string()),
        _ => None,
    }
}

/// typify puts the box of a type that contains itself around the `Option`, and then sends `null` for what is absent.
fn box_inside_options(file: &mut File, definitions: &[Definition]) -> Result<(), Error> {
    struct Turner;
    impl VisitMut for Turner {
        fn visit_type_mut(&mut self, of: &mut Type) {
            syn::visit_mut::visit_type_mut(self, of);
            let turned = argument_of(of, "Box").and_then(|inner| argument_of(inner, "Option"));
            if let Some(content) = turned {
                *of = parse_quote!(::std::option::Option<::std::boxed::Box<#content>>);
            }
        }
    }
    Turner.visit_file_mut(file);
    for_each_field(
        file,
        definitions,
        "box_inside_options",
        |definition, known, field| {
            let is_option = argument_of(&field.ty, "Option").is_some();
            let is_skipped = |attribute: &Attribute| {
                attribute
                    .to_token_stream()
                    .to_string()
                    .contains("skip_serializing_if")
            };
            if !known.is_always_present(definition)
                && is_option
                && !field.attrs.iter().any(is_skipped)
            {
                let skip = quote!(skip_serializing_if = "::std::option::Option::is_none");
                add_option(&mut field.attrs, skip);
            }
            Ok(())
        },
    )
}

/// The argument of a type such as `Option<T>`.
fn argument_of<'t>(of: &'t Type, generic: &str) -> Option<&'t Type> {
    let Type::Path(path) = of else {
        return None;
    };
    let last = path.path.segments.last()?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else {
        return None;
    };
    match arguments.args.first()? {
        GenericArgument::Type(inner) if last.ident == generic => Some(inner),
        _ => None,
    }
}

/// typify gets to see the names of fields, because it panics on properties whose names collide in Rust.
fn rename_properties(file: &mut File, definitions: &[Definition]) -> Result<(), Error> {
    for_each_field(file, definitions, "rename_properties", |_, known, field| {
        if known.name != known.property {
            let property = &known.property;
            add_option(&mut field.attrs, quote!(rename = #property));
        }
        Ok(())
    })
}

/// typify insists on a required property that may be `null`, but a server that leaves it out means the same.
fn read_absent_as_null(file: &mut File, definitions: &[Definition]) -> Result<(), Error> {
    const FIX: &str = "read_absent_as_null";
    for_each_field(file, definitions, FIX, |definition, known, field| {
        let is_nullable = matches!(known.shape, Shape::Nullable(_));
        if !is_nullable || !known.is_always_present(definition) {
            return Ok(());
        }
        let before = field.attrs.len();
        field.attrs.retain(|attribute| {
            !attribute
                .to_token_stream()
                .to_string()
                .contains("deserialize_with")
        });
        let is_boxed = argument_of(&field.ty, "Option")
            .is_some_and(|inner| argument_of(inner, "Box").is_some());
        match before - field.attrs.len() {
            1 => Ok(()),
            0 if is_boxed => Ok(()),
            _ => Err(no_longer_applies(
                FIX,
                format!("`{}` is not insisted on", known.property),
            )),
        }
    })?;
    Ok(())
}

/// typify cannot tell an absent property from `null`, so an update could not remove a value.
fn send_null(file: &mut File, definitions: &[Definition]) -> Result<(), Error> {
    const FIX: &str = "send_null";
    let mut changed: BTreeMap<(String, String), usize> = BTreeMap::new();
    for_each_field(file, definitions, FIX, |definition, known, field| {
        if known.has_three_states(definition) {
            let inner = &field.ty;
            field.ty = parse_quote!(::std::option::Option<#inner>);
            add_option(
                &mut field.attrs,
                quote!(
                    default,
                    deserialize_with = "::spec_first_runtime::read_nullable"
                ),
            );
            changed.insert((definition.name.clone(), known.name.clone()), 0);
        }
        Ok(())
    })?;
    let builders = file.items.iter_mut().filter_map(|item| match item {
        Item::Mod(module) if module.ident == "builder" => module.content.as_mut(),
        _ => None,
    });
    for item in builders.flat_map(|(_, items)| items) {
        match item {
            Item::Struct(builder) => {
                let name = builder.ident.to_string();
                for field in &mut builder.fields {
                    let field_name = field.ident.as_ref().map(ToString::to_string);
                    let key = (name.clone(), field_name.unwrap_or_default());
                    if let Some(count) = changed.get_mut(&key) {
                        *count += wrap_in_option(&mut field.ty, "Result");
                    }
                }
            }
            Item::Impl(block) if block.trait_.is_none() => {
                let name = last_name(&block.self_ty).unwrap_or_default();
                for item in &mut block.items {
                    let syn::ImplItem::Fn(setter) = item else {
                        continue;
                    };
                    let key = (name.clone(), setter.sig.ident.to_string());
                    if let (Some(count), Some(clause)) =
                        (changed.get_mut(&key), &mut setter.sig.generics.where_clause)
                    {
                        *count += wrap_in_bound(clause);
                    }
                }
            }
            _ => {}
        }
    }
    match changed.iter().find(|(_, count)| **count != 2) {
        Some(((name, field), count)) => Err(no_longer_applies(
            FIX,
            format!("the builder of `{name}` has {count} types for `{field}` instead of 2"),
        )),
        None => Ok(()),
    }
}

/// Wraps the first argument of `generic` in an `Option`, and returns how many there were.
fn wrap_in_option(of: &mut Type, generic: &str) -> usize {
    match of {
        Type::Path(path) => wrap_argument(&mut path.path, generic),
        _ => 0,
    }
}

fn wrap_argument(path: &mut syn::Path, generic: &str) -> usize {
    let Some(last) = path
        .segments
        .last_mut()
        .filter(|last| last.ident == generic)
    else {
        return 0;
    };
    let PathArguments::AngleBracketed(arguments) = &mut last.arguments else {
        return 0;
    };
    match arguments.args.first_mut() {
        Some(GenericArgument::Type(inner)) => {
            *inner = parse_quote!(::std::option::Option<#inner>);
            1
        }
        _ => 0,
    }
}

fn wrap_in_bound(clause: &mut syn::WhereClause) -> usize {
    let bounds = clause
        .predicates
        .iter_mut()
        .filter_map(|predicate| match predicate {
            syn::WherePredicate::Type(predicate) => Some(&mut predicate.bounds),
            _ => None,
        });
    let mut wrapped = 0;
    for bound in bounds.flatten() {
        if let syn::TypeParamBound::Trait(bound) = bound {
            wrapped += wrap_argument(&mut bound.path, "TryInto");
        }
    }
    wrapped
}

/// The generated types derive `JsonSchema` only with the `schemars` feature, so that other users do not compile
/// `schemars`. typify can only derive it unconditionally.
fn derive_json_schema_on_request(file: &mut File) {
    struct Deriver;
    impl Deriver {
        fn amend(attributes: &mut Vec<Attribute>) {
            let is_data = |attribute: &Attribute| {
                let text = || attribute.to_token_stream().to_string();
                attribute.path().is_ident("derive") && text().contains("Serialize")
            };
            if let Some(position) = attributes.iter().position(is_data) {
                let derive =
                    parse_quote!(#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]);
                attributes.insert(position + 1, derive);
            }
        }
    }
    impl VisitMut for Deriver {
        fn visit_item_struct_mut(&mut self, item: &mut syn::ItemStruct) {
            Self::amend(&mut item.attrs);
        }
        fn visit_item_enum_mut(&mut self, item: &mut syn::ItemEnum) {
            Self::amend(&mut item.attrs);
        }
    }
    Deriver.visit_file_mut(file);
}

/// Calls `amend` for every field of a struct, and fails if one is not generated.
fn for_each_field(
    file: &mut File,
    definitions: &[Definition],
    fix: &'static str,
    mut amend: impl FnMut(&Definition, &super::shapes::Field, &mut Field) -> Result<(), Error>,
) -> Result<(), Error> {
    let structs = file.items.iter_mut().filter_map(|item| match item {
        Item::Struct(item) => Some((item.ident.to_string(), item)),
        _ => None,
    });
    let mut structs: BTreeMap<String, &mut syn::ItemStruct> = structs.collect();
    for definition in definitions {
        let Content::Struct(structure) = &definition.content else {
            continue;
        };
        let generated = structs.get_mut(&definition.name);
        let generated = generated.ok_or_else(|| {
            no_longer_applies(fix, format!("typify made no `{}`", definition.name))
        })?;
        let fields = generated.fields.iter_mut().filter_map(|field| {
            let name = field.ident.as_ref()?.to_string();
            Some((name, field))
        });
        let mut fields: BTreeMap<String, &mut Field> = fields.collect();
        for known in &structure.fields {
            let field = fields.get_mut(&known.name).ok_or_else(|| {
                let reason = format!("typify made no `{}.{}`", definition.name, known.name);
                no_longer_applies(fix, reason)
            })?;
            amend(definition, known, field)?;
        }
    }
    Ok(())
}

/// Adds an option to the `serde` attribute, which is made if there is none.
fn add_option(attributes: &mut Vec<Attribute>, option: TokenStream) {
    let written = attributes
        .iter_mut()
        .find(|attribute| attribute.path().is_ident("serde"));
    match written {
        Some(attribute) => {
            if let syn::Meta::List(list) = &mut attribute.meta {
                let others = &list.tokens;
                list.tokens = quote!(#option, #others);
            }
        }
        None => attributes.push(parse_quote!(#[serde(#option)])),
    }
}

fn no_longer_applies(fix: &'static str, reason: String) -> Error {
    Error::FixNoLongerApplies { fix, reason }
}
