//! Puts a client together: its types, its operations, and what the runtime must know about the API.

use quote::quote;
use spec_first_document::Document;
use syn::visit_mut::{self, VisitMut};
use syn::{Attribute, Expr, Lit, LitStr, Meta, parse_quote};

use crate::operations::{self, operations};
use crate::types::Types;
use crate::{Error, api, unsupported};

/// Generates the client for `document` as a syntax tree.
pub(crate) fn generate_syntax(document: &Document) -> Result<syn::File, Error> {
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
    let mut file = parse_quote!(#(#items)*);
    LineEnds.visit_file_mut(&mut file);
    Ok(file)
}

/// Ends each line of the documentation as Rust does, which refuses a bare carriage return in a comment.
struct LineEnds;

impl VisitMut for LineEnds {
    fn visit_attribute_mut(&mut self, attribute: &mut Attribute) {
        if let Meta::NameValue(written) = &mut attribute.meta
            && let Expr::Lit(literal) = &mut written.value
            && let Lit::Str(text) = &mut literal.lit
        {
            let ended = text.value().replace("\r\n", "\n").replace('\r', "\n");
            *text = LitStr::new(&ended, text.span());
        }
        visit_mut::visit_attribute_mut(self, attribute);
    }
}
