//! Enums of texts. typify's have no place for a value that the document does not list, and names that collide make it panic.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::names::{Names, variant_name};
use super::shapes::{Definition, Enum};

impl Enum {
    /// Whether it has a single value, in every direction.
    pub(super) fn is_constant(&self, definition: &Definition) -> bool {
        let mut others = self.values.iter().skip(1);
        let is_single = !self.values.is_empty() && others.all(|value| *value == self.values[0]);
        is_single && !self.is_open && !definition.is_received()
    }
}

/// The enum with its conversions from and to text. One that a response can contain keeps values that are not listed.
pub(super) fn items(definition: &Definition, content: &Enum) -> TokenStream {
    let name = format_ident!("{}", definition.name);
    let documentation = definition.documentation_or_name();
    let mut names = Names::default();
    let mut values: Vec<&str> = Vec::new();
    for value in &content.values {
        if !values.contains(&value.as_str()) {
            values.push(value);
        }
    }
    let variants: Vec<_> = values
        .iter()
        .map(|value| format_ident!("{}", names.claim(variant_name(value))))
        .collect();
    let is_open = content.is_open || definition.is_received();
    let other = is_open.then(|| format_ident!("{}", names.claim("Other".to_owned())));
    // There is nothing to choose.
    let is_constant = content.is_constant(definition);
    let defaulted = is_constant.then(|| quote!(Default,));
    let is_default = is_constant.then(|| quote!(#[default]));
    let listed = variants.iter().zip(&values).map(|(variant, value)| {
        let renamed = (*variant != value).then(|| quote!(#[serde(rename = #value)]));
        quote!(#is_default #renamed #variant)
    });
    // Otherwise, serde keeps a copy of each value until it has tried the listed ones, which also takes longer to compile.
    let read = other
        .is_some()
        .then(|| quote!(#[serde(from = "::std::string::String")]));
    let copied = other.is_none().then(|| quote!(Copy,));
    let added = other.iter().map(|other| {
        quote! {
            /// A value that the document does not list.
            #[serde(untagged)]
            #other(::std::string::String)
        }
    });
    let shown = other
        .iter()
        .map(|other| quote!(Self::#other(text) => f.write_str(text)));
    let value_of = match &other {
        Some(_) => quote!(self),
        None => quote!(*self),
    };
    let conversions = match &other {
        Some(other) => quote! {
            impl ::std::str::FromStr for #name {
                type Err = ::std::convert::Infallible;
                fn from_str(value: &str) -> ::std::result::Result<Self, ::std::convert::Infallible> {
                    Ok(value.into())
                }
            }
            impl ::std::convert::From<&str> for #name {
                fn from(value: &str) -> Self {
                    match value {
                        #(#values => Self::#variants,)*
                        other => Self::#other(other.to_owned()),
                    }
                }
            }
            impl ::std::convert::From<::std::string::String> for #name {
                fn from(value: ::std::string::String) -> Self {
                    value.as_str().into()
                }
            }
        },
        None => quote! {
            impl ::std::str::FromStr for #name {
                type Err = self::error::ConversionError;
                fn from_str(value: &str) -> ::std::result::Result<Self, self::error::ConversionError> {
                    match value {
                        #(#values => Ok(Self::#variants),)*
                        _ => Err("invalid value".into()),
                    }
                }
            }
            impl ::std::convert::TryFrom<&str> for #name {
                type Error = self::error::ConversionError;
                fn try_from(value: &str) -> ::std::result::Result<Self, self::error::ConversionError> {
                    value.parse()
                }
            }
            impl ::std::convert::TryFrom<::std::string::String> for #name {
                type Error = self::error::ConversionError;
                fn try_from(value: ::std::string::String) -> ::std::result::Result<Self, self::error::ConversionError> {
                    value.parse()
                }
            }
        },
    };
    quote! {
        #[doc = #documentation]
        #[derive(::serde::Deserialize, ::serde::Serialize, Clone, #copied Debug, #defaulted Eq, Hash, Ord, PartialEq, PartialOrd)]
        #read
        pub enum #name {
            #(#listed,)*
            #(#added,)*
        }
        impl ::std::fmt::Display for #name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                match #value_of {
                    #(Self::#variants => f.write_str(#values),)*
                    #(#shown,)*
                }
            }
        }
        #conversions
    }
}
