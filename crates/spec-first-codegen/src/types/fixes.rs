//! Fixes to the code that progenitor generates. Each is one function that says why and fails if it no longer applies.

mod defaults;
mod hidden;
mod setters;

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::punctuated::Punctuated;
use syn::visit_mut::VisitMut;
use syn::{
    Attribute, Field, File, GenericArgument, Item, ItemImpl, Meta, PathArguments, Token, Type,
    parse_quote,
};

use super::shapes::{Content, Definition, Shape};
use crate::Error;
use defaults::start_with_defaults;
use hidden::hide_secrets;
use setters::convert_in_the_runtime;

/// Applies every fix. `others` has the items of the definitions that progenitor does not make, by name.
pub(super) fn apply(
    file: &mut File,
    definitions: &[Definition],
    mut others: BTreeMap<String, Vec<Item>>,
    attributes: &[Attribute],
) -> Result<(), Error> {
    replace_placeholders(file, &mut others)?;
    box_inside_options(file, definitions)?;
    box_large_values(file, definitions)?;
    read_absent_as_null(file, definitions)?;
    rename_properties(file, definitions)?;
    send_null(file, definitions)?;
    start_with_defaults(file, definitions)?;
    convert_in_the_runtime(file)?;
    hide_secrets(file, definitions)?;
    add_attributes(file, definitions, attributes)
}

/// The modules `enums` and `unions` generate their types. For each, progenitor is passed a string schema of the same name, and the
/// newtype that it makes is replaced here.
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
        Some(name) => Err(no_longer_applies(
            FIX,
            format!("progenitor made no `{name}`"),
        )),
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

/// progenitor puts the box of a type that contains itself around the `Option`, and then sends `null` for what is absent.
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
            let is_skipped = |attribute: &Attribute| says(attribute, "skip_serializing_if");
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

/// Whether the attribute is one of serde's with this option. A description or the name of a property may contain the same word.
fn says(attribute: &Attribute, option: &str) -> bool {
    let options = || attribute.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated);
    let is_said =
        |options: Punctuated<Meta, _>| options.iter().any(|it| it.path().is_ident(option));
    attribute.path().is_ident("serde") && options().is_ok_and(is_said)
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

fn argument_of_mut<'t>(of: &'t mut Type, generic: &str) -> Option<&'t mut Type> {
    match of {
        Type::Path(path) => argument_in(&mut path.path, generic),
        _ => None,
    }
}

fn argument_in<'t>(path: &'t mut syn::Path, generic: &str) -> Option<&'t mut Type> {
    let last = path.segments.last_mut()?;
    let PathArguments::AngleBracketed(arguments) = &mut last.arguments else {
        return None;
    };
    match arguments.args.first_mut()? {
        GenericArgument::Type(inner) if last.ident == generic => Some(inner),
        _ => None,
    }
}

/// progenitor gets to see the names of fields, because it panics on properties whose names collide in Rust.
fn rename_properties(file: &mut File, definitions: &[Definition]) -> Result<(), Error> {
    for_each_field(file, definitions, "rename_properties", |_, known, field| {
        if known.name != known.property {
            let property = &known.property;
            add_option(&mut field.attrs, quote!(rename = #property));
        }
        Ok(())
    })
}

/// progenitor insists on a required property that may be `null`, but a server that leaves it out means the same.
fn read_absent_as_null(file: &mut File, definitions: &[Definition]) -> Result<(), Error> {
    const FIX: &str = "read_absent_as_null";
    for_each_field(file, definitions, FIX, |definition, known, field| {
        let is_nullable = matches!(known.shape, Shape::Nullable(_));
        if !is_nullable || !known.is_always_present(definition) {
            return Ok(());
        }
        let before = field.attrs.len();
        field
            .attrs
            .retain(|attribute| !says(attribute, "deserialize_with"));
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
    })
}

/// progenitor cannot tell an absent property from `null`, so an update could not remove a value.
fn send_null(file: &mut File, definitions: &[Definition]) -> Result<(), Error> {
    const FIX: &str = "send_null";
    let mut changed: BTreeMap<(String, String), usize> = BTreeMap::new();
    for_each_field(file, definitions, FIX, |definition, known, field| {
        if known.has_three_states(definition) {
            let inner = &field.ty;
            field.ty = parse_quote!(::std::option::Option<#inner>);
            // progenitor has said so where the type contains itself.
            let has_default = field
                .attrs
                .iter()
                .any(|attribute| says(attribute, "default"));
            let default = (!has_default).then(|| quote!(default,));
            add_option(
                &mut field.attrs,
                quote!(#default deserialize_with = "::spec_first_runtime::read_nullable"),
            );
            changed.insert((definition.name.clone(), known.name.clone()), 0);
        }
        Ok(())
    })?;
    amend_builders(file, FIX, changed, |of| {
        *of = parse_quote!(::std::option::Option<#of>);
        true
    })
}

/// A type that contains others in place is as large as all of them together.
fn box_large_values(file: &mut File, definitions: &[Definition]) -> Result<(), Error> {
    const FIX: &str = "box_large_values";
    fn boxed(of: &mut Type) -> bool {
        if let Some(inner) = argument_of_mut(of, "Option") {
            return boxed(inner);
        }
        // progenitor has put some of those that contain themselves into a box.
        let is_new = argument_of(of, "Box").is_none();
        if is_new {
            *of = parse_quote!(::std::boxed::Box<#of>);
        }
        is_new
    }
    let mut changed = BTreeMap::new();
    for_each_field(file, definitions, FIX, |definition, known, field| {
        if known.is_boxed && boxed(&mut field.ty) {
            changed.insert((definition.name.clone(), known.name.clone()), 0);
        }
        Ok(())
    })?;
    amend_builders(file, FIX, changed, boxed)
}

/// Amends the type of fields in the builders: what a builder holds, and what its setter takes. `changed` has the fields by type and
/// name, with a count of 0.
fn amend_builders(
    file: &mut File,
    fix: &'static str,
    mut changed: BTreeMap<(String, String), usize>,
    amend: impl Fn(&mut Type) -> bool,
) -> Result<(), Error> {
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
                        let held = argument_of_mut(&mut field.ty, "Result");
                        *count += usize::from(held.is_some_and(&amend));
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
                        let taken = taken_by(clause);
                        *count += taken.map(|of| usize::from(amend(of))).sum::<usize>();
                    }
                }
            }
            _ => {}
        }
    }
    match changed.iter().find(|(_, count)| **count != 2) {
        Some(((name, field), count)) => Err(no_longer_applies(
            fix,
            format!("the builder of `{name}` has {count} types for `{field}` instead of 2"),
        )),
        None => Ok(()),
    }
}

/// The types `T` of the bounds `TryInto<T>`.
fn taken_by(clause: &mut syn::WhereClause) -> impl Iterator<Item = &mut Type> {
    let bounds = clause
        .predicates
        .iter_mut()
        .filter_map(|predicate| match predicate {
            syn::WherePredicate::Type(predicate) => Some(&mut predicate.bounds),
            _ => None,
        });
    bounds.flatten().filter_map(|bound| match bound {
        syn::TypeParamBound::Trait(bound) => argument_in(&mut bound.path, "TryInto"),
        _ => None,
    })
}

/// Every type gets the attributes that the document asks for. progenitor can only add derives, and to its own types alone.
fn add_attributes(
    file: &mut File,
    definitions: &[Definition],
    attributes: &[Attribute],
) -> Result<(), Error> {
    if attributes.is_empty() {
        return Ok(());
    }
    struct Adder<'a> {
        attributes: &'a [Attribute],
        types: usize,
    }
    impl Adder<'_> {
        fn amend(&mut self, attributes: &mut Vec<Attribute>) {
            let is_data = |attribute: &Attribute| {
                let text = || attribute.to_token_stream().to_string();
                attribute.path().is_ident("derive") && text().contains("Serialize")
            };
            if let Some(position) = attributes.iter().position(is_data) {
                let after = position + 1;
                attributes.splice(after..after, self.attributes.iter().cloned());
                self.types += 1;
            }
        }
    }
    impl VisitMut for Adder<'_> {
        fn visit_item_struct_mut(&mut self, item: &mut syn::ItemStruct) {
            self.amend(&mut item.attrs);
        }
        fn visit_item_enum_mut(&mut self, item: &mut syn::ItemEnum) {
            self.amend(&mut item.attrs);
        }
    }
    let mut adder = Adder {
        attributes,
        types: 0,
    };
    adder.visit_file_mut(file);
    let is_type = |definition: &&Definition| !matches!(definition.content, Content::Alias(_));
    let expected = definitions.iter().filter(is_type).count();
    match adder.types == expected {
        true => Ok(()),
        false => Err(no_longer_applies(
            "add_attributes",
            format!(
                "{} types derive `Serialize` instead of {expected}",
                adder.types
            ),
        )),
    }
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
            no_longer_applies(fix, format!("progenitor made no `{}`", definition.name))
        })?;
        let fields = generated.fields.iter_mut().filter_map(|field| {
            let name = field.ident.as_ref()?.to_string();
            Some((name, field))
        });
        let mut fields: BTreeMap<String, &mut Field> = fields.collect();
        for known in &structure.fields {
            let field = fields.get_mut(&known.name).ok_or_else(|| {
                let reason = format!("progenitor made no `{}.{}`", definition.name, known.name);
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

#[cfg(test)]
mod tests;
