//! Choices between types. typify's take the first branch that can be read, which may not be the one that was sent, and have no
//! place for a value that fits none.

use std::collections::{BTreeMap, HashMap};

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::names::Names;
use super::shapes::{Branch, Content, Definition, Field, Shape, Union, rust_type};

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
        .map(|(branch, content)| match branch.is_boxed {
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
    let mut rules: Vec<_> = union.branches.iter().zip(&variants).collect();
    // Any integer can be read as a number, but not each without loss.
    rules.sort_by_key(|(branch, _)| is_number(&branch.shape, definitions));
    let rules = rules
        .into_iter()
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
            let value = match branch.is_boxed {
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
    let read = match is_decided_by_kind(union, definitions) {
        true => {
            let other = other.as_ref();
            other.and_then(|other| read_text(union, definitions, &variants, other))
        }
        false => Some(quote! {
            ::spec_first_runtime::choose(deserializer, &[#(#rules),*], #otherwise)
        }),
    };
    let derived = read.is_none().then(|| quote!(::serde::Deserialize,));
    let read = read.map(|read| {
        quote! {
            impl<'de> ::serde::Deserialize<'de> for #name {
                fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> ::std::result::Result<Self, D::Error> {
                    #read
                }
            }
        }
    });
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
        let is_closed_enum = is_closed_enum(&branch.shape, definitions);
        match Looks::of(&branch.shape, definitions, &mut HashMap::new()).kind {
            // serde also reads a struct from an array.
            "" | "object" => return false,
            kind if seen.contains(&kind) => return false,
            _ if is_closed_enum => {}
            kind => seen.push(kind),
        }
    }
    true
}

fn is_closed_enum(shape: &Shape, definitions: &[Definition]) -> bool {
    matches!(
        shape,
        Shape::Named(index) if matches!(&definitions[*index].content, Content::Enum(content)
            if !content.is_open && !definitions[*index].is_received())
    )
}

/// Reads a union of enums followed by any text; `None` for other unions. serde's derive would buffer each value until it has tried every
/// branch, and takes longer to compile.
fn read_text(
    union: &Union,
    definitions: &[Definition],
    variants: &[Ident],
    other: &Ident,
) -> Option<TokenStream> {
    let ([listed @ .., text], [enums @ .., any]) = (&union.branches[..], variants) else {
        return None;
    };
    let are_enums = || {
        listed
            .iter()
            .all(|branch| is_closed_enum(&branch.shape, definitions))
    };
    (text.shape == Shape::Text && are_enums()).then(|| {
        quote! {
            let value = <::serde_json::Value as ::serde::Deserialize>::deserialize(deserializer)?;
            ::std::result::Result::Ok(match value {
                ::serde_json::Value::String(text) => #(
                    if let ::std::result::Result::Ok(value) = text.parse() {
                        Self::#enums(value)
                    } else
                )* {
                    Self::#any(text)
                },
                value => Self::#other(value),
            })
        }
    })
}

/// What a value must look like to be read as a branch.
fn rule(branch: &Branch, definitions: &[Definition], variant: &TokenStream) -> TokenStream {
    let mut looks = Looks::of(&branch.shape, definitions, &mut HashMap::new());
    if let Some((property, values)) = &branch.discriminator {
        looks
            .selected
            .insert(property, values.iter().map(String::as_str).collect());
    }
    let kind = looks.kind;
    let mut rule = quote! {
        ::spec_first_runtime::Branch::new(#kind, |value| {
            ::serde::Deserialize::deserialize(value).map(#variant)
        })
    };
    let Looks {
        properties,
        required,
        texts,
        selected,
        ..
    } = looks;
    if !properties.is_empty() {
        rule = quote!(#rule.properties(&[#(#properties),*]));
    }
    if !required.is_empty() {
        rule = quote!(#rule.required(&[#(#required),*]));
    }
    if !texts.is_empty() {
        rule = quote!(#rule.texts(&[#(#texts),*]));
    }
    for (property, values) in selected {
        rule = quote!(#rule.selected_by(#property, &[#(#values),*]));
    }
    rule
}

/// What the values of a shape have in common.
#[derive(Clone, Default)]
struct Looks<'m> {
    /// The kind of JSON; empty for any.
    kind: &'static str,
    properties: Vec<&'m str>,
    required: Vec<&'m str>,
    texts: Vec<&'m str>,
    /// The values that select it, by property.
    selected: BTreeMap<&'m str, Vec<&'m str>>,
}

impl<'m> Looks<'m> {
    /// `known` has the definitions that were looked at, and those that are being looked at as if they had nothing in common.
    fn of(shape: &Shape, definitions: &'m [Definition], known: &mut HashMap<usize, Self>) -> Self {
        let kind = match shape {
            Shape::Any | Shape::Nullable(_) | Shape::Timestamp => "",
            Shape::Boolean => "boolean",
            Shape::Integer | Shape::Unsigned | Shape::Number => "number",
            Shape::Text | Shape::Secret | Shape::Replaced(_) => "string",
            Shape::List(_) => "array",
            Shape::Map(_) => "object",
            Shape::Named(index) => {
                if let Some(known) = known.get(index) {
                    return known.clone();
                }
                known.insert(*index, Self::default());
                let looks = Self::of_content(&definitions[*index].content, definitions, known);
                known.insert(*index, looks.clone());
                return looks;
            }
        };
        Self {
            kind,
            ..Self::default()
        }
    }

    fn of_content(
        content: &'m Content,
        definitions: &'m [Definition],
        known: &mut HashMap<usize, Self>,
    ) -> Self {
        match content {
            Content::Struct(structure) => {
                let fields = structure.fields.iter();
                let constants = fields.clone().filter_map(|field| {
                    let constant = field.constant.as_deref()?;
                    Some((field.property.as_str(), vec![constant]))
                });
                let is_required = |field: &&Field| {
                    field.is_required && !field.is_read_only && !field.is_write_only
                };
                Self {
                    kind: "object",
                    selected: constants.collect(),
                    required: fields
                        .clone()
                        .filter(is_required)
                        .map(Field::property)
                        .collect(),
                    properties: fields.map(Field::property).collect(),
                    texts: Vec::new(),
                }
            }
            Content::Enum(content) => Self {
                kind: "string",
                texts: match content.is_open {
                    true => Vec::new(),
                    false => content.values.iter().map(String::as_str).collect(),
                },
                ..Self::default()
            },
            Content::Newtype(shape) | Content::Alias(shape) => Self::of(shape, definitions, known),
            Content::Union(union) => {
                let mut branches = union.branches.iter().map(|branch| {
                    let mut looks = Self::of(&branch.shape, definitions, known);
                    if let Some((property, values)) = &branch.discriminator {
                        let values = values.iter().map(String::as_str);
                        looks.selected.insert(property, values.collect());
                    }
                    looks
                });
                let first = branches.next().unwrap_or_default();
                branches.fold(first, Self::or)
            }
        }
    }

    /// What a value of either has.
    fn or(self, other: Self) -> Self {
        let is_same = self.kind == other.kind;
        let texts = match self.texts.is_empty() || other.texts.is_empty() {
            true => Vec::new(),
            false => [self.texts, other.texts].concat(),
        };
        let mut selected = other.selected;
        let selected = self
            .selected
            .into_iter()
            .filter_map(|(property, mut values)| {
                values.extend(selected.remove(property)?);
                Some((property, values))
            });
        let mut properties = self.properties;
        let added = other.properties.into_iter();
        let added: Vec<_> = added.filter(|name| !properties.contains(name)).collect();
        properties.extend(added);
        Self {
            kind: if is_same { self.kind } else { "" },
            required: self
                .required
                .into_iter()
                .filter(|name| other.required.contains(name))
                .collect(),
            texts: if is_same { texts } else { Vec::new() },
            selected: selected.collect(),
            properties,
        }
    }
}

/// Whether values are numbers that need not be integers.
fn is_number(shape: &Shape, definitions: &[Definition]) -> bool {
    match shape {
        Shape::Number => true,
        Shape::Named(index) => matches!(
            definitions[*index].content,
            Content::Newtype(Shape::Number) | Content::Alias(Shape::Number)
        ),
        _ => false,
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
