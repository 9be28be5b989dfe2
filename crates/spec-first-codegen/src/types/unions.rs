//! Choices between types. typify's take the first branch that can be read, which may not be the one that was sent, and have no
//! place for a value that fits none.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::names::Names;
use super::shapes::{Branch, Content, Definition, Enum, Shape, Struct, Union, rust_type};

/// The enum with a variant for each branch, and how it is read.
pub(super) fn items(
    definition: &Definition,
    union: &Union,
    definitions: &[Definition],
) -> TokenStream {
    let name = format_ident!("{}", definition.name);
    let documentation = definition.documentation_or_name();
    let mut names = Names::default();
    let variants: Vec<_> = union
        .branches
        .iter()
        .map(|branch| format_ident!("{}", names.claim(branch.variant.clone())))
        .collect();
    let takes_anything = union
        .branches
        .iter()
        .any(|branch| branch.shape == Shape::Any);
    let keeps_others = definition.is_received() && !takes_anything;
    let other = keeps_others.then(|| format_ident!("{}", names.claim("Other".to_owned())));
    let types: Vec<_> = union
        .branches
        .iter()
        .map(|branch| rust_type(&branch.shape, definitions, &TokenStream::new()))
        .collect();
    let boxed: Vec<_> = union
        .branches
        .iter()
        .zip(&types)
        .map(|(branch, content)| match branch.is_recursive {
            true => quote!(::std::boxed::Box<#content>),
            false => content.clone(),
        })
        .collect();
    let added = other.iter().map(|other| {
        quote! {
            /// A value that fits none of the others.
            #other(::serde_json::Value)
        }
    });
    let rules = union
        .branches
        .iter()
        .zip(&variants)
        .map(|(branch, variant)| rule(branch, definitions, &quote!(Self::#variant)));
    let otherwise = match &other {
        Some(other) => quote!(::std::option::Option::Some(Self::#other)),
        None => quote!(::std::option::Option::None),
    };
    let conversions = union
        .branches
        .iter()
        .zip(types.iter().zip(&variants))
        .filter(|(branch, _)| branch.shape != Shape::Text && branch.shape != Shape::Any)
        .map(|(branch, (content, variant))| {
            let value = match branch.is_recursive {
                true => quote!(::std::boxed::Box::new(value)),
                false => quote!(value),
            };
            quote! {
                impl ::std::convert::From<#content> for #name {
                    fn from(value: #content) -> Self {
                        Self::#variant(#value)
                    }
                }
            }
        });
    let display = can_be_displayed(union, definitions).then(|| {
        let shown = other
            .iter()
            .map(|other| quote!(Self::#other(x) => x.fmt(f)));
        quote! {
            impl ::std::fmt::Display for #name {
                fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                    match self {
                        #(Self::#variants(x) => x.fmt(f),)*
                        #(#shown,)*
                    }
                }
            }
        }
    });
    let (derived, read) = match is_decided_by_kind(union, definitions) {
        true => (quote!(::serde::Deserialize,), None),
        false => {
            let read = quote! {
                impl<'de> ::serde::Deserialize<'de> for #name {
                    fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> ::std::result::Result<Self, D::Error> {
                        ::spec_first_runtime::choose(deserializer, &[#(#rules),*], #otherwise)
                    }
                }
            };
            (TokenStream::new(), Some(read))
        }
    };
    quote! {
        #[doc = #documentation]
        #[derive(#derived ::serde::Serialize, Clone, Debug, PartialEq)]
        #[serde(untagged)]
        pub enum #name {
            #(#variants(#boxed),)*
            #(#added,)*
        }
        #read
        #display
        #(#conversions)*
    }
}

/// Whether a value can be read as one branch at most, or the first that can be read is right, as serde does by itself: each kind of
/// JSON has one branch, except for an enum before any text.
fn is_decided_by_kind(union: &Union, definitions: &[Definition]) -> bool {
    let mut seen: Vec<&str> = Vec::new();
    for branch in &union.branches {
        let is_closed_enum = matches!(
            &branch.shape,
            Shape::Named(index) if matches!(&definitions[*index].content, Content::Enum(content)
                if !content.is_open && !definitions[*index].is_received())
        );
        match kind(&branch.shape, definitions) {
            // serde also reads a struct from an array.
            "" | "object" => return false,
            kind if seen.contains(&kind) => return false,
            _ if is_closed_enum => {}
            kind => seen.push(kind),
        }
    }
    true
}

/// What a value must look like to be read as a branch.
fn rule(branch: &Branch, definitions: &[Definition], variant: &TokenStream) -> TokenStream {
    let kind = kind(&branch.shape, definitions);
    let mut rule = quote! {
        ::spec_first_runtime::Branch::new(#kind, |value| {
            ::serde::Deserialize::deserialize(value).map(#variant)
        })
    };
    let mut selected = branch.discriminator.clone().into_iter().collect::<Vec<_>>();
    if let Some(structure) = structure(&branch.shape, definitions) {
        for field in &structure.fields {
            let is_known = selected
                .iter()
                .any(|(property, _)| *property == field.property);
            if let Some(value) = field.constant.clone().filter(|_| !is_known) {
                selected.push((field.property.clone(), vec![value]));
            }
        }
        let properties = structure.fields.iter().map(|field| &field.property);
        let required = structure.fields.iter().filter(|field| field.is_required);
        let required = required.filter(|field| !field.is_read_only && !field.is_write_only);
        let required: Vec<_> = required.map(|field| &field.property).collect();
        rule = quote!(#rule.properties(&[#(#properties),*]));
        if !required.is_empty() {
            rule = quote!(#rule.required(&[#(#required),*]));
        }
    }
    if let Some(content) = texts(&branch.shape, definitions) {
        let values = &content.values;
        rule = quote!(#rule.texts(&[#(#values),*]));
    }
    for (property, values) in selected {
        rule = quote!(#rule.selected_by(#property, &[#(#values),*]));
    }
    rule
}

/// The kind of JSON value that a shape is read from; empty for any.
fn kind(shape: &Shape, definitions: &[Definition]) -> &'static str {
    match shape {
        Shape::Any | Shape::Nullable(_) | Shape::Timestamp => "",
        Shape::Boolean => "boolean",
        Shape::Integer | Shape::Unsigned | Shape::Number => "number",
        Shape::Text | Shape::Secret | Shape::Replaced(_) => "string",
        Shape::List(_) => "array",
        Shape::Map(_) => "object",
        Shape::Named(index) => match &definitions[*index].content {
            Content::Struct(_) => "object",
            Content::Enum(_) => "string",
            Content::Newtype(shape) | Content::Alias(shape) => kind(shape, definitions),
            Content::Union(_) => "",
        },
    }
}

fn structure<'m>(shape: &Shape, definitions: &'m [Definition]) -> Option<&'m Struct> {
    let Shape::Named(index) = shape else {
        return None;
    };
    match &definitions[*index].content {
        Content::Struct(structure) => Some(structure),
        _ => None,
    }
}

fn texts<'m>(shape: &Shape, definitions: &'m [Definition]) -> Option<&'m Enum> {
    let Shape::Named(index) = shape else {
        return None;
    };
    match &definitions[*index].content {
        Content::Enum(content) if !content.is_open => Some(content),
        _ => None,
    }
}

/// Whether every branch is a text, a number or a Boolean.
fn can_be_displayed(union: &Union, definitions: &[Definition]) -> bool {
    union.branches.iter().all(|branch| match &branch.shape {
        Shape::Named(index) => match &definitions[*index].content {
            Content::Newtype(shape) => shape.is_scalar(),
            content => matches!(content, Content::Enum(_)),
        },
        shape => shape.is_scalar(),
    })
}
