//! Generates what progenitor ignores but the client needs at run time: servers, security, idempotence, secrets, envelopes,
//! and the way to `spec-first-runtime`.

use std::collections::{BTreeMap, BTreeSet};

use heck::ToPascalCase;
use proc_macro2::TokenStream;
use quote::quote;
use spec_first_document::{Document, Node, OperationNode, Pointer, Survey};
use syn::{File, Ident, Item};

use crate::Error;
use crate::extensions::{self, Envelope, IDEMPOTENT, Marker};
use crate::operation_names::operation_name;

/// Adds the items that hand the document and its requests to the runtime.
pub(crate) fn add(file: &mut File, document: &Document) -> Result<(), Error> {
    let survey = Survey::of(document);
    let values = values(document).into_iter();
    let values = values.map(|(component, envelope)| value(file, &component, envelope));
    let values = values.collect::<Result<Vec<_>, _>>()?;
    file.items.extend([api(document, &survey), hooks()]);
    file.items.extend(values);
    Ok(())
}

/// Lets the runtime read the type of a component out of responses.
fn value(file: &File, component: &str, envelope: Option<Envelope<'_>>) -> Result<syn::Item, Error> {
    let name = generated_types(file)
        .find(|name| *name == &*type_name(component))
        .ok_or_else(|| Error::FixNoLongerApplies {
            fix: "value",
            reason: format!("the type of the component `{component}` has another name"),
        })?;
    let envelope = envelope.map(|envelope| {
        let envelope = envelope_tokens(&envelope);
        quote!(
            const ENVELOPE: ::std::option::Option<::spec_first_runtime::Envelope> =
                ::std::option::Option::Some(#envelope);
        )
    });
    Ok(syn::parse_quote! {
        impl ::spec_first_runtime::ReplyValue for types::#name {
            const API: &'static ::spec_first_runtime::Api = &API;
            #envelope
        }
    })
}

/// The name that typify gives to the type of a component.
fn type_name(component: &str) -> String {
    let name = component.to_pascal_case();
    match name.chars().next() {
        Some(first) if first.is_alphabetic() => name,
        _ => format!("X{name}"),
    }
}

fn generated_types(file: &File) -> impl Iterator<Item = &Ident> {
    let modules = file.items.iter().filter_map(|item| match item {
        Item::Mod(module) if module.ident == "types" => module.content.as_ref(),
        _ => None,
    });
    modules
        .flat_map(|(_, items)| items)
        .filter_map(|item| match item {
            Item::Struct(item) => Some(&item.ident),
            Item::Enum(item) => Some(&item.ident),
            _ => None,
        })
}

/// Everything that the runtime knows about the document.
fn api(document: &Document, survey: &Survey<'_>) -> syn::Item {
    let servers = server_urls(document.root());
    let secrets = properties_with(document, survey, |schema| {
        schema.str_of("format") == Some("password")
    });
    let messages = properties_with(document, survey, extensions::is_error_message);
    let operations = document.operations().map(|operation| {
        let operation_id = operation_name(&operation);
        let method = operation.method.to_uppercase();
        let path = operation.path;
        let security = requirements(document, operation.node.get("security"));
        let is_idempotent = is_idempotent(&operation);
        quote! {
            ::spec_first_runtime::Operation::new(#operation_id, #method, #path)
                .security(#security)
                .idempotent(#is_idempotent)
        }
    });
    syn::parse_quote! {
        /// The servers and operations of the document, and which properties are secret or explain an error.
        pub static API: ::spec_first_runtime::Api =
            ::spec_first_runtime::Api::new(::spec_first_runtime::package!())
                .servers(&[#(#servers),*])
                .secret_properties(&[#(#secrets),*])
                .error_messages(&[#(#messages),*])
                .operations(&[#(#operations),*]);
    }
}

/// Sends every request through the runtime, which adds credentials, limits and retries.
fn hooks() -> syn::Item {
    syn::parse_quote! {
        impl ClientHooks<::spec_first_runtime::Exchange> for Client {
            async fn pre<E>(
                &self,
                request: &mut ::reqwest::Request,
                info: &OperationInfo,
            ) -> ::std::result::Result<(), Error<E>> {
                self.inner.authorize(request, info.operation_id).map_err(Error::Custom)
            }
            async fn exec(
                &self,
                request: ::reqwest::Request,
                info: &OperationInfo,
            ) -> ::reqwest::Result<::reqwest::Response> {
                self.inner.send(request, info.operation_id).await
            }
        }
    }
}

/// The object components that a success response returns, alone, as a branch or in an envelope, each with its envelope.
fn values(document: &Document) -> BTreeMap<String, Option<Envelope<'_>>> {
    let mut values = BTreeMap::new();
    for operation in document.operations() {
        let responses = operation.node.get("responses");
        for response in responses.map(Node::entries).unwrap_or_default() {
            if !response.key.starts_with('2') {
                continue;
            }
            let schema = document.resolve(response.value).and_then(|response| {
                response
                    .get("content")?
                    .get("application/json")?
                    .get("schema")
            });
            if let Some(schema) = schema {
                collect_values(document, schema, &mut values);
            }
        }
    }
    values
}

fn collect_values<'a>(
    document: &'a Document,
    written: Node<'a>,
    values: &mut BTreeMap<String, Option<Envelope<'a>>>,
) {
    let Some((Some(pointer), schema)) = document.resolve_with_pointer(written) else {
        return;
    };
    let branches = ["anyOf", "oneOf"].map(|key| schema.items_of(key));
    for branch in branches.into_iter().flatten() {
        collect_values(document, branch, values);
    }
    if let Some(envelope) = extensions::envelope(schema) {
        let value = schema
            .get("properties")
            .and_then(|properties| properties.get(envelope.value)?.reference());
        if let Some(name) = value.and_then(|pointer| pointer.last()) {
            values.insert(name, Some(envelope));
        }
    } else if schema.str_of("type") == Some("object")
        && let Some(name) = pointer.last()
    {
        values.entry(name).or_insert(None);
    }
}

fn envelope_tokens(envelope: &Envelope<'_>) -> TokenStream {
    let value = envelope.value;
    let success = envelope.success.iter().map(|(name, marker)| {
        let marker = match marker {
            Marker::Number(number) => quote!(Number(#number)),
            Marker::Text(text) => quote!(Text(#text)),
        };
        quote!((#name, ::spec_first_runtime::Marker::#marker))
    });
    quote!(::spec_first_runtime::Envelope::new(#value, &[#(#success),*]))
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

/// The names of all properties whose schema meets `condition`.
fn properties_with<'a>(
    document: &Document,
    survey: &Survey<'a>,
    condition: impl Fn(Node<'_>) -> bool,
) -> BTreeSet<&'a str> {
    let properties = survey
        .schemas
        .iter()
        .filter_map(|schema| schema.node.get("properties"))
        .flat_map(Node::entries);
    properties
        .filter(|property| document.resolve(property.value).is_some_and(&condition))
        .map(|property| property.key)
        .collect()
}

fn server_urls(node: Node<'_>) -> Vec<&str> {
    let servers = node.items_of("servers");
    servers
        .iter()
        .filter_map(|server| server.get("url")?.as_str())
        .collect()
}

/// The alternative security requirements, each a list of schemes that must all be satisfied.
fn requirements(document: &Document, own: Option<Node<'_>>) -> TokenStream {
    let alternatives = own
        .or_else(|| document.root().get("security"))
        .map(Node::items)
        .unwrap_or_default();
    let alternatives = alternatives.iter().map(|alternative| {
        let schemes = alternative
            .entries()
            .iter()
            .filter_map(|entry| scheme(document, entry.key));
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
    let text = |key| scheme.str_of(key);
    match text("type")? {
        "apiKey" => {
            let header = text("name")?.to_lowercase();
            Some(quote!(::spec_first_runtime::SecurityScheme::ApiKeyHeader(#header)))
        }
        "http" => Some(quote!(::spec_first_runtime::SecurityScheme::HttpBasic)),
        _ => None,
    }
}
