//! What `Debug` does not show.

use std::collections::BTreeMap;

use syn::{File, Item, ItemStruct, parse_quote};

use super::super::shapes::{Content, Definition};
use super::no_longer_applies;
use crate::Error;

/// progenitor derives `Debug`, which would show what a document marks as `writeOnly`.
pub(super) fn hide_secrets(file: &mut File, definitions: &[Definition]) -> Result<(), Error> {
    let hidden = definitions.iter().filter_map(|definition| {
        let Content::Struct(structure) = &definition.content else {
            return None;
        };
        let fields = structure.fields.iter().filter(|field| field.is_hidden);
        let names: Vec<&str> = fields.map(|field| field.name.as_str()).collect();
        (!names.is_empty()).then_some((definition.name.as_str(), names))
    });
    let hidden: BTreeMap<&str, Vec<&str>> = hidden.collect();
    // A type and its builder have the same name and fields.
    let mut amended = hide_in(&mut file.items, &hidden)?;
    for item in &mut file.items {
        if let Item::Mod(module) = item
            && let Some((_, items)) = &mut module.content
        {
            amended += hide_in(items, &hidden)?;
        }
    }
    match amended == 2 * hidden.len() {
        true => Ok(()),
        false => Err(no_longer_applies(
            "hide_secrets",
            format!(
                "{amended} types and builders have secrets instead of {}",
                2 * hidden.len()
            ),
        )),
    }
}

fn hide_in(items: &mut Vec<Item>, hidden: &BTreeMap<&str, Vec<&str>>) -> Result<usize, Error> {
    let mut blocks = Vec::new();
    for item in items.iter_mut() {
        if let Item::Struct(item) = item
            && let Some(hidden) = hidden.get(item.ident.to_string().as_str())
        {
            blocks.push(debug(item, hidden)?);
        }
    }
    let amended = blocks.len();
    items.extend(blocks);
    Ok(amended)
}

/// Replaces the derived `Debug` of `item` by one without the fields that are `hidden`.
fn debug(item: &mut ItemStruct, hidden: &[&str]) -> Result<Item, Error> {
    let mut is_derived = false;
    for attribute in &mut item.attrs {
        if attribute.path().is_ident("derive")
            && let syn::Meta::List(list) = &mut attribute.meta
        {
            let derived = list.tokens.to_string();
            let others = derived.split(',').filter(|name| name.trim() != "Debug");
            let others: Vec<&str> = others.collect();
            is_derived |= others.len() < derived.split(',').count();
            list.tokens = others.join(",").parse().unwrap_or_default();
        }
    }
    if !is_derived {
        let reason = format!("`{}` does not derive `Debug`", item.ident);
        return Err(no_longer_applies("hide_secrets", reason));
    }
    let name = &item.ident;
    let shown = item.fields.iter().filter_map(|field| field.ident.as_ref());
    let shown = shown.filter(|field| !hidden.contains(&field.to_string().as_str()));
    let texts = shown.clone().map(ToString::to_string);
    Ok(parse_quote! {
        impl ::std::fmt::Debug for #name {
            fn fmt(&self, formatter: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                let mut shown = formatter.debug_struct(stringify!(#name));
                #(shown.field(#texts, &self.#shown);)*
                shown.finish_non_exhaustive()
            }
        }
    })
}
