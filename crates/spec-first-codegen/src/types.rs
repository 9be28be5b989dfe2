//! The Rust types of the schemas of a document.
//!
//! `model` decides what each schema is in Rust, whichever version of OpenAPI it is written in. progenitor makes structs and newtypes
//! with their builders; enums and unions are ours. What cannot be typed is a `serde_json::Value`, so no value is refused or lost.

mod boxes;
mod choices;
mod directions;
mod documentation;
mod enums;
mod fixes;
mod flat;
mod member;
mod model;
mod names;
mod shapes;
mod structs;
mod unions;

use std::collections::{BTreeMap, HashMap, HashSet};

use quote::{format_ident, quote};
use spec_first_document::{Document, Node, Pointer};
use syn::{Item, ItemMod, ItemStruct, parse_quote};

use crate::{Error, extensions};
pub(crate) use documentation::as_text;
use flat::Flat;
use member::Member;
use model::Model;
use shapes::{Content, rust_type};

/// The Rust types of a document's schemas.
pub(crate) struct Types {
    model: Model,
    items: Vec<Item>,
    /// The structs with named fields, by name, as indices into the items.
    structs: HashMap<String, usize>,
    /// The enums with a single value, which is their default.
    constants: HashSet<String>,
}

impl Types {
    /// Generates types for the components and for every schema written in an operation, webhook or callback: parameters, headers,
    /// and bodies and responses whose media type is JSON or a form.
    ///
    /// # Errors
    /// The generated code is not what the fixes expect.
    pub(crate) fn generate(document: &Document) -> Result<Self, Error> {
        let model = Model::of(document);
        let mut others = BTreeMap::new();
        let mut aliases = Vec::new();
        for definition in &model.definitions {
            let tokens = match &definition.content {
                Content::Enum(content) => enums::items(definition, content),
                Content::Union(union) => unions::items(definition, union, &model.definitions),
                Content::Alias(shape) => {
                    let name = format_ident!("{}", definition.name);
                    let documentation = definition.documentation_or_name();
                    let target = rust_type(shape, &model.definitions, &quote!());
                    aliases.push(parse_quote! {
                        #[doc = #documentation]
                        pub type #name = #target;
                    });
                    continue;
                }
                Content::Struct(_) | Content::Newtype(_) => continue,
            };
            let file: syn::File =
                syn::parse2(tokens).map_err(|error| Error::NotRust(error.to_string().into()))?;
            others.insert(definition.name.clone(), file.items);
        }
        let attributes = extensions::rust_attributes(document);
        let mut items = structs::generate(&model.definitions, others, &attributes)?;
        items.extend(aliases);
        let named = items
            .iter()
            .enumerate()
            .filter_map(|(index, item)| match item {
                Item::Struct(item) if matches!(item.fields, syn::Fields::Named(_)) => {
                    Some((item.ident.to_string(), index))
                }
                _ => None,
            });
        let constants = model.definitions.iter().filter_map(|definition| {
            let Content::Enum(content) = &definition.content else {
                return None;
            };
            content
                .is_constant(definition)
                .then(|| definition.name.clone())
        });
        Ok(Self {
            constants: constants.collect(),
            structs: named.collect(),
            model,
            items,
        })
    }

    /// The type of the schema that is written at `pointer`, which may be a reference, seen from beside the module: `types::Pet`,
    /// `::std::vec::Vec<types::Pet>`, `i64`. What has no type is a `::serde_json::Value`.
    pub(crate) fn of(&self, pointer: &Pointer) -> syn::Type {
        let shape = self.model.shapes.get(pointer);
        let found = shape.map(|shape| rust_type(shape, &self.model.definitions, &quote!(types::)));
        let parsed = found.and_then(|tokens| syn::parse2(tokens).ok());
        parsed.unwrap_or_else(|| parse_quote!(::serde_json::Value))
    }

    /// The generated struct with named fields behind a type that [`Types::of`] returned, if it is one.
    pub(crate) fn structure(&self, of: &syn::Type) -> Option<&ItemStruct> {
        match self.items.get(*self.structs.get(&own_name(of)?)?)? {
            Item::Struct(item) => Some(item),
            _ => None,
        }
    }

    /// Whether the type has a single value, which is its default.
    pub(crate) fn is_constant(&self, of: &syn::Type) -> bool {
        own_name(of).is_some_and(|name| self.constants.contains(&name))
    }

    /// `pub mod types { … }`.
    pub(crate) fn into_module(self) -> ItemMod {
        let mut module: ItemMod = parse_quote! {
            /// Types used as operation parameters and responses.
            #[allow(clippy::all)]
            pub mod types {}
        };
        // Not through tokens, which would be parsed again: large documents have millions.
        module.content = Some((syn::token::Brace::default(), self.items));
        module
    }
}

/// A property of an object, or of one of the branches of a choice between objects.
pub(crate) struct Property<'a> {
    pub(crate) name: &'a str,
    pub(crate) member: Member<'a>,
    /// Whether requests must have it.
    pub(crate) is_required: bool,
}

/// The properties of the schema at `pointer` and of everything that it is made of.
pub(crate) fn properties<'a>(
    document: &'a Document,
    pointer: &Pointer,
    node: Node<'a>,
) -> Vec<Property<'a>> {
    let whole = Flat::of(document, pointer, node);
    let branches = whole.choices.iter().flatten();
    let branches: Vec<_> = branches
        .map(|branch| Flat::of(document, &branch.pointer, branch.node))
        .collect();
    let mut properties: Vec<Property<'a>> = Vec::new();
    for flat in std::iter::once(&whole).chain(&branches) {
        for (name, member) in &flat.properties {
            let node = member.site.node;
            if properties.iter().all(|known| known.name != *name) {
                properties.push(Property {
                    name,
                    member: member.clone(),
                    is_required: whole.required.contains(name)
                        && !node.is_true("readOnly")
                        && !document.is_marked(node, "readOnly"),
                });
            }
        }
    }
    properties
}

/// Whether values of the schema at `pointer` are secret, or lists, maps or choices of secrets. The members of an object count for
/// themselves.
pub(crate) fn is_secret(document: &Document, pointer: &Pointer, node: Node<'_>) -> bool {
    has_secret(document, pointer, node, Flat::briefly_of)
}

/// Whether values of the schema at `pointer` have secrets in them, at any depth.
pub(crate) fn contains_secret(document: &Document, pointer: &Pointer, node: Node<'_>) -> bool {
    has_secret(document, pointer, node, Flat::of)
}

fn has_secret<'a>(
    document: &'a Document,
    pointer: &Pointer,
    node: Node<'a>,
    flat_of: impl Fn(&'a Document, &Pointer, Node<'a>) -> Flat<'a>,
) -> bool {
    let (mut open, mut seen) = (vec![(pointer.clone(), node)], HashSet::new());
    while let Some((pointer, node)) = open.pop() {
        if !seen.insert(pointer.clone()) {
            continue;
        }
        let flat = flat_of(document, &pointer, node);
        if flat.is_write_only || flat.format == Some("password") {
            return true;
        }
        let additional = match flat.additional {
            Some(flat::Additional::Schema(values)) => Some(values),
            _ => None,
        };
        let members = flat.items.into_iter().chain(additional);
        let members = members.chain(flat.properties.into_iter().map(|(_, member)| member));
        let inside = members.flat_map(Member::into_sites);
        let inside = inside.chain(flat.patterns);
        let inside = inside.chain(flat.choices.into_iter().flatten());
        open.extend(inside.map(|site| (site.pointer, site.node)));
    }
    false
}

/// The name of a generated type, seen from beside the module.
fn own_name(of: &syn::Type) -> Option<String> {
    let syn::Type::Path(path) = of else {
        return None;
    };
    let mut segments = path.path.segments.iter();
    let is_own = path.path.leading_colon.is_none() && segments.next()?.ident == "types";
    Some(segments.next().filter(|_| is_own)?.ident.to_string())
}

#[cfg(test)]
mod tests;
