//! Puts a client together: its types, its operations, and what the runtime must know about the API.

use quote::quote;
use spec_first_document::{Document, with_large_stack};
use syn::parse_quote;

use crate::operations::{self, operations};
use crate::types::Types;
use crate::{Error, api, unsupported};

/// Generates the client for `document`, and returns what `read` makes of its syntax tree.
pub(crate) fn generate<T: Send>(
    document: &Document,
    read: impl Fn(&syn::File) -> T + Sync,
) -> Result<T, Error> {
    with_large_stack(|| generate_syntax(document).map(|file| read(&file)))
}

fn generate_syntax(document: &Document) -> Result<syn::File, Error> {
    let findings = unsupported(document);
    if !findings.is_empty() {
        return Err(Error::Document(findings));
    }
    let types = Types::generate(document)?;
    let operations = operations(document, &types);
    let title = document
        .root()
        .get("info")
        .and_then(|info| info.str_of("title"));
    let doc = format!("A client of {}.", title.unwrap_or("the API").trim());
    let client = quote!(::spec_first_runtime::client! { #[doc = #doc] Client for API });
    let mut items = vec![api::item(document, &operations), parse_quote!(#client)];
    items.extend(api::signatures(document));
    items.extend(operations::items(document, &operations));
    items.push(syn::Item::Mod(types.into_module()));
    // Not through tokens, as in `Types::into_module`.
    let mut file: syn::File = parse_quote!();
    file.items = items;
    Ok(file)
}
