//! What the runtime must know about an API: servers, security, idempotence, secrets, and which properties explain an error.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::quote;
use spec_first_document::{Document, Node, OperationNode, Pointer, Survey};

use crate::extensions::{self, IDEMPOTENT};
use crate::names::{free, shouty_ident};
use crate::operation_names::operation_name;
use crate::operations::{Operation, idempotency_keys};
use crate::types;

/// Everything that the runtime knows about the document.
pub(crate) fn item(document: &Document, operations: &[Operation<'_>]) -> syn::Item {
    let survey = Survey::of(document);
    let servers = server_urls(document.root());
    let mut first = document.root().items_of("servers").iter();
    let first = first.find(|server| server_url(*server).is_some());
    let variables = first.and_then(server_variables);
    let secrets = properties_with(&survey, |pointer, schema| {
        types::is_secret(document, &pointer, schema)
    });
    let messages = properties_with(&survey, |_, schema| {
        let resolved = document.resolve(schema);
        resolved.is_some_and(extensions::is_error_message)
    });
    let operations = operations
        .iter()
        .filter(|operation| operation.multipart_of.is_none());
    let operations = operations.map(|operation| {
        let node = &operation.node;
        let operation_id = operation_name(node);
        let (method, path) = (node.sent_method(), node.path);
        let security = requirements(document, node.node.get("security"));
        let is_idempotent = is_idempotent(node);
        let accept = operation
            .replies
            .accept(&operation.errors)
            .map(|accept| quote!(.accept(#accept)));
        let limits = operation
            .limits()
            .map(|limits| quote!(.limits(::spec_first_runtime::limits!(#limits))));
        // What is relative leads from the base URL.
        let mut own = [node.node, node.path_item].into_iter();
        let own = own.find_map(|owner| owner.items_of("servers").get(0));
        let server = own.and_then(|server| {
            let url = expanded(server)?;
            let variables = server_variables(server);
            Some(quote!(.server(#url) #variables))
        });
        let secret_body = has_secret_body(document, node).then(|| quote!(.secret_body()));
        let keys = idempotency_keys(document, node);
        let keys = (!keys.is_empty()).then(|| quote!(.idempotency_keys(&[#(#keys),*])));
        quote! {
            ::spec_first_runtime::Operation::new(#operation_id, #method, #path)
                .security(#security)
                .idempotent(#is_idempotent)
                #accept
                #limits
                #server
                #keys
                #secret_body
        }
    });
    syn::parse_quote! {
        /// The servers and operations of the document, and which properties are secret or explain an error.
        pub static API: ::spec_first_runtime::Api =
            ::spec_first_runtime::Api::new(::spec_first_runtime::package!())
                .servers(&[#(#servers),*])
                #variables
                .secret_properties(&[#(#secrets),*])
                .error_messages(&[#(#messages),*])
                .operations(&[#(#operations),*]);
    }
}

/// The signatures of the document, for requests that no call sends: those of the server.
pub(crate) fn signatures(document: &Document) -> Vec<syn::Item> {
    let section = document.node(&scheme_section());
    let schemes = section.map(Node::entries).unwrap_or_default();
    let mut taken = BTreeSet::from(["API".to_owned()]);
    let constants = schemes.iter().filter_map(|entry| {
        let scheme = document.resolve(entry.value)?;
        let signature = signature(scheme)?;
        let name = shouty_ident(entry.key);
        let name = free(&mut taken, name);
        let doc = types::as_text(scheme.str_of("description").unwrap_or(entry.key).trim());
        Some(syn::parse_quote! {
            #[doc = #doc]
            pub const #name: ::spec_first_runtime::Signature = #signature;
        })
    });
    constants.collect()
}

/// The signature that a scheme declares.
fn signature(scheme: Node<'_>) -> Option<TokenStream> {
    let prefix = extensions::signature_prefix(scheme)?;
    let header = scheme.str_of("name")?.to_lowercase();
    Some(quote!(::spec_first_runtime::Signature::hmac_sha256(#header, #prefix)))
}

pub(crate) fn scheme_section() -> Pointer {
    Pointer::root().child("components").child("securitySchemes")
}

/// Whether all of a body is secret, whatever the names of its members.
fn has_secret_body(document: &Document, operation: &OperationNode<'_>) -> bool {
    let body = operation.node.get("requestBody");
    let Some((target, body)) = body.and_then(|body| document.resolve_with_pointer(body)) else {
        return false;
    };
    let place = target.unwrap_or_else(|| operation.pointer().child("requestBody"));
    body.entries_of("content").iter().any(|content| {
        let pointer = place.child("content").child(content.key).child("schema");
        let schema = content.value.get("schema");
        schema.is_some_and(|schema| types::is_secret(document, &pointer, schema))
    })
}

/// Whether the operation is idempotent, by its method (RFC 9110, section 9.2.2) or by the extension.
fn is_idempotent(operation: &OperationNode<'_>) -> bool {
    let by_method =
        ["get", "head", "put", "delete", "options", "trace", "query"].contains(&operation.method);
    operation
        .node
        .get(IDEMPOTENT)
        .and_then(Node::as_bool)
        .unwrap_or(by_method)
}

/// The names of all properties whose schema meets `condition`.
fn properties_with<'a>(
    survey: &Survey<'a>,
    condition: impl Fn(Pointer, Node<'a>) -> bool,
) -> BTreeSet<&'a str> {
    let schemas = survey.schemas.iter();
    let properties = schemas.flat_map(|schema| {
        let pointer = schema.pointer.child("properties");
        let properties = schema.node.entries_of("properties").iter();
        properties.map(move |property| (pointer.child(property.key), property))
    });
    properties
        .filter(|(pointer, property)| condition(pointer.clone(), property.value))
        .map(|(_, property)| property.key)
        .collect()
}

/// The URLs of the servers, with the defaults of their variables. Those that are relative to the address of the document say nothing
/// to a client.
fn server_urls(node: Node<'_>) -> Vec<String> {
    node.items_of("servers")
        .iter()
        .filter_map(server_url)
        .collect()
}

fn server_url(server: Node<'_>) -> Option<String> {
    let url = expanded(server)?;
    let scheme = url.split("://").next().unwrap_or_default();
    ["http", "https"].contains(&scheme).then_some(url)
}

/// The URL of a server with the defaults of its variables.
fn expanded(server: Node<'_>) -> Option<String> {
    let mut url = server.str_of("url")?.to_owned();
    for variable in server.entries_of("variables") {
        let default = variable.value.str_of("default").unwrap_or_default();
        url = url.replace(&format!("{{{}}}", variable.key), default);
    }
    Some(url)
}

/// The template and the variables of a server, which a caller may set.
fn server_variables(server: Node<'_>) -> Option<TokenStream> {
    let template = server.str_of("url")?;
    let variables = server.entries_of("variables").iter().map(|variable| {
        let name = variable.key;
        let default = variable.value.str_of("default").unwrap_or_default();
        let values = variable.value.items_of("enum").iter();
        let values = values.filter_map(Node::as_str);
        quote!(::spec_first_runtime::ServerVariable::new(#name, #default, &[#(#values),*]))
    });
    let variables: Vec<_> = variables.collect();
    (!variables.is_empty()).then(|| quote!(.server_variables(#template, &[#(#variables),*])))
}

/// The alternative security requirements that the client supports, each a list of schemes that must all be satisfied.
fn requirements(document: &Document, own: Option<Node<'_>>) -> TokenStream {
    let alternatives = own
        .or_else(|| document.root().get("security"))
        .map(Node::items)
        .unwrap_or_default();
    let alternatives = alternatives.iter().filter_map(|alternative| {
        let schemes = alternative.entries().iter();
        let schemes: Option<Vec<_>> = schemes.map(|entry| scheme(document, entry.key)).collect();
        schemes.map(|schemes| quote!(&[#(#schemes),*]))
    });
    quote!(&[#(#alternatives),*])
}

/// The registered HTTP schemes whose credentials answer a challenge of the server.
const CHALLENGED: [&str; 6] = [
    "digest",
    "hoba",
    "mutual",
    "negotiate",
    "scram-sha-1",
    "scram-sha-256",
];

/// How the credentials of the scheme `name` are sent; [`crate::unsupported`] has reported the others.
pub(crate) fn scheme(document: &Document, name: &str) -> Option<TokenStream> {
    let pointer = scheme_section().child(name);
    let scheme = document.resolve(document.node(&pointer)?)?;
    let text = |key| scheme.str_of(key);
    let kind = match (text("type")?, text("in"), text("name")) {
        ("apiKey", Some("header"), Some(name)) => {
            let name = name.to_lowercase();
            match signature(scheme) {
                Some(signature) => quote!(Signature(#signature)),
                None => quote!(ApiKeyHeader(#name)),
            }
        }
        ("apiKey", Some("query"), Some(name)) => quote!(ApiKeyQuery(#name)),
        ("apiKey", Some("cookie"), Some(name)) => quote!(ApiKeyCookie(#name)),
        ("http", _, _) => match text("scheme")?.to_lowercase().as_str() {
            "basic" => quote!(HttpBasic),
            "bearer" => quote!(Bearer),
            scheme if CHALLENGED.contains(&scheme) => return None,
            // Whoever knows the scheme knows the value of the header.
            _ => quote!(ApiKeyHeader("authorization")),
        },
        ("oauth2" | "openIdConnect", _, _) => quote!(Bearer),
        ("mutualTLS", _, _) => quote!(MutualTls),
        _ => return None,
    };
    Some(quote!((#name, ::spec_first_runtime::SecurityScheme::#kind)))
}
