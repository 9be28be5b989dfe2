//! Generates constants for what progenitor ignores but the client needs at run time: servers and security.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::quote;
use spec_first_document::{Document, Node, OperationNode, Pointer, Survey};

/// The extension that declares whether an operation is idempotent.
pub(crate) const IDEMPOTENT: &str = "x-idempotent";

/// The module `contract` of the generated file.
pub(crate) fn items(document: &Document) -> Vec<syn::Item> {
    let servers = server_urls(document.root());
    let secrets = secret_properties(document);
    let operations = document.operations().map(|operation| {
        let operation_id = operation.name();
        let method = operation.method.to_uppercase();
        let path = operation.path;
        let security = requirements(document, operation.node.get("security"));
        let is_idempotent = is_idempotent(&operation);
        quote! {
            Operation {
                operation_id: #operation_id,
                method: #method,
                path: #path,
                security: #security,
                is_idempotent: #is_idempotent,
            }
        }
    });
    let module = syn::parse_quote! {
        /// Servers and operations of the document, with the security requirements of each operation.
        pub mod contract {
            use crate::contract::{Operation, SecurityScheme};

            /// The URLs of the servers, in the order of the document.
            pub const SERVERS: &[&str] = &[#(#servers),*];

            /// The names of properties that contain a secret.
            pub const SECRET_PROPERTIES: &[&str] = &[#(#secrets),*];

            /// Every operation, in the order of the document.
            pub const OPERATIONS: &[Operation] = &[#(#operations),*];
        }
    };
    vec![syn::Item::Mod(module)]
}

/// Whether the operation is idempotent, by its method (RFC 9110, section 9.2.2) or by the extension.
fn is_idempotent(operation: &OperationNode<'_>) -> bool {
    let by_method =
        ["get", "head", "put", "delete", "options", "trace"].contains(&operation.method);
    operation
        .node
        .get(IDEMPOTENT)
        .and_then(Node::as_bool)
        .unwrap_or(by_method)
}

/// The names of all properties with `format: password`.
fn secret_properties(document: &Document) -> BTreeSet<&str> {
    let schemas = Survey::of(document).schemas;
    let properties = schemas
        .iter()
        .filter_map(|schema| schema.node.get("properties"))
        .flat_map(Node::entries);
    let is_secret = |schema: &Node| schema.get("format").and_then(Node::as_str) == Some("password");
    properties
        .filter(|property| document.resolve(&property.value).is_some_and(is_secret))
        .map(|property| property.key.as_str())
        .collect()
}

fn server_urls(node: &Node) -> Vec<&str> {
    let servers = node.get("servers").map_or(&[][..], Node::items);
    servers
        .iter()
        .filter_map(|server| server.get("url")?.as_str())
        .collect()
}

/// The alternative security requirements, each a list of schemes that must all be satisfied.
fn requirements(document: &Document, own: Option<&Node>) -> TokenStream {
    let alternatives = own
        .or_else(|| document.root().get("security"))
        .map_or(&[][..], Node::items);
    let alternatives = alternatives.iter().map(|alternative| {
        let schemes = alternative
            .entries()
            .iter()
            .filter_map(|entry| scheme(document, &entry.key));
        quote!(&[#(#schemes),*])
    });
    quote!(&[#(#alternatives),*])
}

/// [`crate::unsupported`] has already rejected missing and unsupported schemes.
fn scheme(document: &Document, name: &str) -> Option<TokenStream> {
    let pointer = Pointer::root()
        .child("components")
        .child("securitySchemes")
        .child(name);
    let scheme = document.resolve(document.node(&pointer)?)?;
    let text = |key| scheme.get(key).and_then(Node::as_str);
    match text("type")? {
        "apiKey" => {
            let header = text("name")?.to_lowercase();
            Some(quote!(SecurityScheme::ApiKeyHeader(#header)))
        }
        "http" => Some(quote!(SecurityScheme::HttpBasic)),
        _ => None,
    }
}
