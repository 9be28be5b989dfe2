//! The media types of a reply, and a type of it in any of them, where a caller has a choice.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::Ident;

use super::{Content, Replies};
use crate::names::{free, pascal_ident};

impl Replies<'_> {
    /// The setter for the media type of the reply, where there is a choice.
    pub(in crate::operations) fn choice(&self) -> Option<TokenStream> {
        let media_types: Vec<_> = self.choices().collect();
        (!media_types.is_empty()).then(|| quote! {
            /// Asks for the reply in another media type that the document describes.
            pub fn accept(self, media_type: &'static str) -> ::spec_first_runtime::Accept<Self> {
                ::spec_first_runtime::Accept::new(self, media_type, &[#(#media_types),*])
            }
        })
    }

    /// The media types of the reply, where there is a choice.
    pub(in crate::operations) fn choices(&self) -> impl Iterator<Item = &String> {
        let all = self.representations.keys();
        all.filter(|_| self.representations.len() > 1)
    }

    /// How a reply in any of its media types is read, where there is a choice, and the type of what is read.
    pub(in crate::operations) fn negotiated(
        &self,
        call: &Ident,
        named: &Ident,
    ) -> [TokenStream; 2] {
        if self.choices().next().is_none() {
            return Default::default();
        }
        let name = format_ident!("{named}Representation");
        let mut taken = BTreeSet::from(["Other".to_owned()]);
        let typed = self.representations.iter();
        let typed = typed.filter(|(media_type, content)| {
            *media_type != "*/*" && !matches!(content, Content::Bytes)
        });
        let mut typed: Vec<_> = typed
            .map(|(media_type, content)| {
                let variant = pascal_ident(media_type.trim_end_matches("/*"));
                (media_type, free(&mut taken, variant), content)
            })
            .collect();
        // A range includes what is also described on its own.
        typed.sort_by_key(|(media_type, ..)| media_type.ends_with("/*"));
        let (ty, other) = match typed.is_empty() {
            true => (quote!(::spec_first_runtime::Bytes), quote!()),
            false => (quote!(#name), quote!(.map(|read| read.map(#name::Other)))),
        };
        let reads = typed.iter().map(|(media_type, variant, content)| {
            let read = content.read();
            quote! {
                if answer.is(#media_type) {
                    return #read.map(|read| read.map(#name::#variant));
                }
            }
        });
        let negotiated = quote! {
            impl ::spec_first_runtime::Negotiated for #call {
                type Representation = #ty;
                fn read_representation(
                    answer: &::spec_first_runtime::Answer<'_>,
                ) -> ::spec_first_runtime::ReadResult<Self::Representation> {
                    #(#reads)*
                    answer.bytes() #other
                }
            }
        };
        let variants = typed.iter().map(|(media_type, variant, content)| {
            let (doc, ty) = (format!("`{media_type}`"), content.ty());
            quote! {
                #[doc = #doc]
                #variant(#ty)
            }
        });
        let doc = format!("What [`{named}`] returns, by media type.");
        let definition = quote! {
            #[doc = #doc]
            #[derive(Clone, Debug, PartialEq)]
            #[non_exhaustive]
            pub enum #name {
                #(#variants,)*
                /// The body in any other media type.
                Other(::spec_first_runtime::Bytes),
            }
        };
        [
            negotiated,
            if typed.is_empty() {
                quote!()
            } else {
                definition
            },
        ]
    }
}
