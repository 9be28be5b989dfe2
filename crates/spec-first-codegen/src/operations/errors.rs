//! The bodies of errors, by status.

use std::collections::BTreeMap;

use proc_macro2::{Literal, TokenStream};
use quote::{ToTokens, format_ident, quote};
use spec_first_document::{Document, OperationNode, Pointer};
use syn::{Ident, Type};

use super::body::is_json;
use super::replies::{Success, easiest, responses};
use crate::names::pascal_ident;
use crate::types::{Types, as_text};

/// The errors of an operation.
pub(crate) struct Errors {
    /// Those that have a schema.
    described: Vec<Described>,
    /// The media type in which each error with a body is read.
    media_types: Vec<String>,
}

struct Described {
    status: String,
    origin: Vec<Pointer>,
    ty: Type,
    doc: String,
}

impl Errors {
    pub(super) fn of(document: &Document, operation: &OperationNode<'_>, types: &Types) -> Self {
        let responses = responses(document, operation);
        let success = Success::of(&responses);
        let errors = responses
            .into_iter()
            .filter(|response| !success.includes(response.status));
        let errors: Vec<_> = errors.collect();
        let media_types = errors.iter().filter_map(|response| {
            let chosen = easiest(document, response.node.entries_of("content"))?;
            Some(chosen.key.to_owned())
        });
        let media_types = media_types.collect();
        let described = errors.into_iter().filter_map(|response| {
            let content = response.node.entries_of("content");
            let json = content.iter().find(|media_type| is_json(media_type.key))?;
            json.value.get("schema")?;
            let pointer = response
                .pointer
                .child("content")
                .child(json.key)
                .child("schema");
            Some(Described {
                status: response.status.to_owned(),
                origin: response.origin(),
                ty: types.of(&pointer),
                doc: as_text(
                    response
                        .node
                        .str_of("description")
                        .unwrap_or_default()
                        .trim(),
                ),
            })
        });
        Self {
            described: described.collect(),
            media_types,
        }
    }

    /// The places of the errors.
    pub(super) fn origin(&self) -> impl Iterator<Item = Pointer> {
        self.described
            .iter()
            .flat_map(|described| described.origin.iter().cloned())
    }

    /// Whether no error has a type.
    pub(super) fn is_empty(&self) -> bool {
        self.described.is_empty()
    }

    pub(super) fn media_types(&self) -> impl Iterator<Item = &str> {
        self.media_types.iter().map(String::as_str)
    }

    pub(super) fn definition(&self, call: &Ident) -> TokenStream {
        if self.is_empty() {
            return TokenStream::new();
        }
        let name = format_ident!("{call}Error");
        let doc = format!(
            "The body of an error of [`{call}`], by status: [`Error::typed`](::spec_first_runtime::Error::typed) reads it."
        );
        let mut arms = BTreeMap::new();
        let variants = self.described.iter().map(|described| {
            let Described {
                status, ty, doc, ..
            } = described;
            let variant = variant_name(status);
            let pattern = pattern(status);
            let precision = match status.as_str() {
                "default" => 2,
                range if range.ends_with(['X', 'x']) => 1,
                _ => 0,
            };
            let arm = quote! {
                #pattern => read_error(body).map(Self::#variant)
            };
            arms.insert((precision, status.as_str()), arm);
            quote! {
                #[doc = #doc]
                #variant(#ty)
            }
        });
        let variants: Vec<_> = variants.collect();
        let has_default = arms.keys().any(|(precision, _)| *precision == 2);
        let rest = (!has_default).then(|| quote!(_ => ::std::option::Option::None));
        let arms = arms.into_values().chain(rest);
        quote! {
            #[doc = #doc]
            #[derive(Clone, Debug, PartialEq)]
            #[non_exhaustive]
            pub enum #name { #(#variants),* }
            impl ::spec_first_runtime::OperationError for #name {
                fn read(status: u16, body: &[u8]) -> ::std::option::Option<Self> {
                    use ::spec_first_runtime::read_error;
                    match status { #(#arms),* }
                }
            }
        }
    }
}

/// The name of a variant for a status: `NotFound`, `Status418`, `ClientError`, `Other`.
pub(super) fn variant_name(status: &str) -> Ident {
    let code = status.parse::<u16>().ok();
    let reason = code
        .and_then(|code| http::StatusCode::from_u16(code).ok())
        .and_then(|status| status.canonical_reason());
    match (reason, status.get(..1)) {
        (Some(reason), _) => pascal_ident(reason),
        (None, Some(class)) if status.ends_with(['X', 'x']) => match class {
            "1" => format_ident!("Informational"),
            "2" => format_ident!("Success"),
            "3" => format_ident!("Redirection"),
            "4" => format_ident!("ClientError"),
            _ => format_ident!("ServerError"),
        },
        _ if status == "default" => format_ident!("Other"),
        _ => pascal_ident(&format!("status {status}")),
    }
}

/// The pattern of a status, a range of them or `default`.
pub(super) fn pattern(status: &str) -> TokenStream {
    let range = status
        .strip_suffix(['X', 'x'])
        .and_then(|rest| rest.strip_suffix(['X', 'x']));
    if let Some(class) = range.and_then(|class| class.parse::<u16>().ok()) {
        let [first, last] = [class * 100, class * 100 + 99].map(Literal::u16_unsuffixed);
        return quote!(#first..=#last);
    }
    match status.parse::<u16>() {
        Ok(status) => Literal::u16_unsuffixed(status).into_token_stream(),
        Err(_) => quote!(_),
    }
}
