//! What a builder does without.

use std::collections::{BTreeMap, BTreeSet};

use quote::ToTokens;
use syn::visit_mut::{self, VisitMut};
use syn::{ExprStruct, Field, File, Item, parse_quote};

use super::{last_name, no_longer_applies, says};
use crate::Error;
use crate::types::shapes::{Content, Definition};

/// Builders start with what is the same in every value or may be empty: constants and additional properties. progenitor's ask for
/// them.
pub(super) fn start_with_defaults(
    file: &mut File,
    definitions: &[Definition],
) -> Result<(), Error> {
    let constants = definitions
        .iter()
        .filter(|definition| match &definition.content {
            Content::Enum(content) => content.is_constant(definition),
            _ => false,
        });
    let constants: BTreeSet<&str> = constants.map(|it| it.name.as_str()).collect();
    let has_default = |field: &Field| {
        let mut attributes = field.attrs.iter();
        attributes.any(|attribute| says(attribute, "flatten"))
            || last_name(&field.ty).is_some_and(|name| constants.contains(name.as_str()))
    };
    let mut expected: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for item in &file.items {
        if let Item::Struct(item) = item {
            let names = item.fields.iter().filter(|field| has_default(field));
            let names = names.filter_map(|field| Some(field.ident.as_ref()?.to_string()));
            expected.insert(item.ident.to_string(), names.collect());
        }
    }
    let builders = file.items.iter_mut().filter_map(|item| match item {
        Item::Mod(module) if module.ident == "builder" => module.content.as_mut(),
        _ => None,
    });
    for item in builders.flat_map(|(_, items)| items) {
        let Item::Impl(block) = item else { continue };
        let is_default = block.trait_.as_ref().is_some_and(|(path, _)| {
            path.segments
                .last()
                .is_some_and(|last| last.ident == "Default")
        });
        let fields = last_name(&block.self_ty).and_then(|name| expected.get_mut(&name));
        if let Some(fields) = fields.filter(|_| is_default) {
            Defaulter(fields).visit_item_impl_mut(block);
        }
    }
    match expected.iter().find(|(_, fields)| !fields.is_empty()) {
        Some((name, fields)) => Err(no_longer_applies(
            "start_with_defaults",
            format!("the builder of `{name}` does not ask for {fields:?}"),
        )),
        None => Ok(()),
    }
}

/// Takes the fields whose start it replaced out of the set.
struct Defaulter<'a>(&'a mut BTreeSet<String>);

impl VisitMut for Defaulter<'_> {
    fn visit_expr_struct_mut(&mut self, builder: &mut ExprStruct) {
        visit_mut::visit_expr_struct_mut(self, builder);
        for field in &mut builder.fields {
            let name = field.member.to_token_stream().to_string();
            let asks = field.expr.to_token_stream().to_string().starts_with("Err");
            if asks && self.0.remove(&name) {
                field.expr = parse_quote!(Ok(Default::default()));
            }
        }
    }
}
