//! The calls of a client: for each operation a type with setters, made from the document and the types of its schemas.
//!
//! What happens on the wire is in `spec-first-runtime`.

mod body;
mod errors;
mod exercise;
mod names;
mod parameters;
mod replies;

use std::collections::{BTreeMap, BTreeSet};

use heck::ToSnakeCase;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use spec_first_document::{Document, OperationNode, Pointer};
use syn::Ident;

use crate::names::{free, pascal_ident, snake_ident};
use crate::types::{Types, as_text};
use body::Body;
use errors::Errors;
use names::{Name, Names};
use parameters::Parameters;
pub(crate) use parameters::idempotency_keys;
use replies::Replies;

/// An operation as it appears in the client.
pub(crate) struct Operation<'a> {
    pub(crate) node: OperationNode<'a>,
    /// The place in the list of the API.
    index: usize,
    /// The module, for operations with a tag.
    group: Option<String>,
    /// The method that begins the call.
    method: Ident,
    /// The type of the call.
    call: Ident,
    /// The method that begins the call with a body of another media type.
    raw_method: Option<Ident>,
    /// The call that sends the same operation as JSON, if this one sends a multipart form.
    pub(crate) multipart_of: Option<Ident>,
    parameters: Parameters,
    body: Option<Body>,
    pub(crate) replies: Replies<'a>,
    pub(crate) errors: Errors,
}

/// The module of operations without a tag.
const WITHOUT_TAG: &str = "operations";

/// Names of modules and methods that the client has already, or will have when an operation without a tag is added.
const RESERVED_MODULES: [&str; 2] = ["types", WITHOUT_TAG];
const RESERVED_METHODS: [&str; 7] = [
    "base_url",
    "builder",
    "clone",
    "default_base_url",
    "from",
    "request",
    "with_credentials",
];

/// The operations of the document, in its order.
pub(crate) fn operations<'a>(document: &'a Document, types: &Types) -> Vec<Operation<'a>> {
    let nodes: Vec<_> = document.operations().collect();
    let (mut names, first) = Names::of(&nodes);
    let operation = |index, node: &OperationNode<'a>, name: Name, multipart_of: Option<&Ident>| {
        let parameters = Parameters::of(document, node, types);
        let body = Body::of(document, node, types, &parameters, multipart_of.is_some());
        Operation {
            index,
            group: name.group,
            method: name.method,
            call: name.call,
            raw_method: None,
            multipart_of: multipart_of.cloned(),
            parameters,
            body,
            replies: Replies::of(document, node, types),
            errors: Errors::of(document, node, types),
            node: *node,
        }
    };
    let mut operations = Vec::new();
    for (index, (node, name)) in nodes.iter().zip(first).enumerate() {
        operations.push(operation(index, node, name, None));
    }
    // Methods beside those that begin a call, whose names give way.
    for (index, node) in nodes.iter().enumerate() {
        let first = &mut operations[index];
        let Some(body) = &first.body else { continue };
        if body.demands_argument() && !body.others.is_empty() {
            first.raw_method = Some(names.beside(first, "raw").method);
        }
        if body.has_multipart_beside() {
            let name = names.beside(first, "multipart");
            let call = first.call.clone();
            operations.push(operation(index, node, name, Some(&call)));
        }
    }
    operations
}

/// The operations with one tag, or without any.
struct Group<'a> {
    operations: Vec<&'a Operation<'a>>,
    /// Its module.
    module: Ident,
    /// The method of the client that leads to it; `None` for operations without a tag, which begin at the client.
    method: Option<Ident>,
}

fn groups<'a>(operations: &'a [Operation<'a>]) -> Vec<Group<'a>> {
    let mut groups: BTreeMap<String, Vec<&Operation<'_>>> = BTreeMap::new();
    for operation in operations {
        let group = operation.group.as_deref().unwrap_or_default();
        groups
            .entry(group.to_snake_case())
            .or_default()
            .push(operation);
    }
    let mut modules: BTreeSet<_> = RESERVED_MODULES.map(str::to_owned).into();
    let mut methods: BTreeSet<_> = RESERVED_METHODS.map(str::to_owned).into();
    let without_tag = groups.get("").into_iter().flatten();
    let begin =
        without_tag.flat_map(|operation| operation.raw_method.iter().chain([&operation.method]));
    methods.extend(begin.map(ToString::to_string));
    let groups = groups
        .into_values()
        .map(|operations| match &operations[0].group {
            None => Group {
                module: format_ident!("{WITHOUT_TAG}"),
                method: None,
                operations,
            },
            Some(tag) => Group {
                module: free(&mut modules, snake_ident(tag)),
                method: Some(free(&mut methods, snake_ident(tag))),
                operations,
            },
        });
    groups.collect()
}

/// A function for each operation that makes its call, with the method and path of the operation.
pub(crate) fn exercises(operations: &[Operation<'_>]) -> Vec<(String, String, TokenStream)> {
    let mut exercises = Vec::new();
    for group in groups(operations) {
        for operation in &group.operations {
            let function = format_ident!("call_{}", exercises.len());
            exercises.push((
                operation.node.sent_method(),
                operation.node.path.to_owned(),
                operation.exercise(&group, &function),
            ));
        }
    }
    exercises
}

/// The modules of all groups, and the methods of the client that lead to them.
pub(crate) fn items(document: &Document, operations: &[Operation<'_>]) -> Vec<syn::Item> {
    let mut items = Vec::new();
    let mut of_client = Vec::new();
    for Group {
        operations,
        module,
        method,
    } in groups(operations)
    {
        let calls = operations.iter().map(|operation| operation.definition());
        let (Some(tag), Some(method)) = (&operations[0].group, method) else {
            items.push(syn::parse_quote! {
                /// The operations without a tag.
                pub mod #module {
                    #[allow(unused_imports)]
                    use super::types;
                    #(#calls)*
                }
            });
            let client = quote!(&self.0);
            let methods = operations.iter();
            of_client.extend(methods.map(|operation| operation.method(&client, Some(&module))));
            continue;
        };
        let group = pascal_ident(tag);
        let doc = tag_documentation(document, tag);
        let begin = operations
            .iter()
            .map(|operation| operation.method(&quote!(self.client), None));
        items.push(syn::parse_quote! {
            #[doc = #doc]
            pub mod #module {
                #[allow(unused_imports)]
                use super::types;
                #[doc = #doc]
                #[derive(Clone, Copy, Debug)]
                pub struct #group<'a> {
                    pub(super) client: &'a ::spec_first_runtime::Client,
                }
                impl<'a> #group<'a> {
                    #(#begin)*
                }
                #(#calls)*
            }
        });
        of_client.push(quote! {
            #[doc = #doc]
            pub fn #method(&self) -> #module::#group<'_> {
                #module::#group { client: &self.0 }
            }
        });
    }
    items.push(syn::parse_quote!(impl Client { #(#of_client)* }));
    items
}

/// The places in the document that the operations of the client come from, by the path of a type and the name of a method in it; for
/// the type itself, the name is empty.
pub(crate) fn origins(operations: &[Operation<'_>]) -> BTreeMap<(String, String), Vec<Pointer>> {
    let mut origins = BTreeMap::new();
    let groups = groups(operations);
    let all = groups
        .iter()
        .flat_map(|group| group.operations.iter().map(move |it| (group, it)));
    for (Group { module, method, .. }, operation) in all {
        let id = match operation.node.node.get("operationId") {
            Some(_) => operation.node.pointer().child("operationId"),
            None => operation.node.pointer(),
        };
        let with_id = |places: Vec<Pointer>| -> Vec<Pointer> {
            let mut all: Vec<_> = std::iter::once(id.clone()).chain(places).collect();
            all.dedup();
            all
        };
        let call = format!("{module}::{}", operation.call);
        let mut insert = |owner: &str, name: &str, places: Vec<Pointer>| {
            let known: &mut Vec<Pointer> = origins
                .entry((owner.to_owned(), name.to_owned()))
                .or_default();
            known.extend(places);
        };
        let (setters, mut required) = operation.parameters.origins();
        let of_body = operation
            .body
            .as_ref()
            .map(Body::origins)
            .unwrap_or_default();
        required.extend(of_body.1);
        let begin = operation.method.to_string();
        match (method, &operation.group) {
            (Some(method), Some(tag)) => {
                let tag = pascal_ident(tag);
                insert(&format!("{module}::{tag}"), &begin, with_id(required));
                insert(&format!("{module}::{tag}"), "", vec![id.clone()]);
                insert("Client", &method.to_string(), vec![id.clone()]);
            }
            _ => insert("Client", &begin, with_id(required)),
        }
        for (name, places) in setters.into_iter().chain(of_body.0) {
            insert(&call, &name, with_id(places));
        }
        insert(&call, "", vec![id.clone()]);
        insert(&call, "send", with_id(operation.replies.origin().collect()));
        if operation
            .replies
            .accept_streamed(&operation.errors)
            .is_some()
        {
            insert(
                &call,
                "send_streaming",
                with_id(operation.replies.origin().collect()),
            );
        }
        for suffix in ["Reply", "Representation"] {
            insert(
                &format!("{call}{suffix}"),
                "",
                with_id(operation.replies.origin().collect()),
            );
        }
        insert(
            &format!("{call}Error"),
            "",
            with_id(operation.errors.origin().collect()),
        );
    }
    origins
}

fn tag_documentation(document: &Document, tag: &str) -> String {
    let tags = document.root().items_of("tags");
    let mut described = tags.iter().filter(|it| it.str_of("name") == Some(tag));
    let description = described.find_map(|it| it.str_of("description"));
    match description {
        Some(description) => as_text(description.trim()),
        None => format!("The operations with the tag `{tag}`."),
    }
}

/// A variable that no argument hides: an underscore at the end of a name follows only a keyword.
fn local(name: &str, is_argument: bool) -> Ident {
    match is_argument {
        true => format_ident!("{name}_"),
        false => format_ident!("{name}"),
    }
}

/// The value of the field `name`.
fn field(name: &str, value: &Ident) -> TokenStream {
    match value == name {
        true => quote!(#value),
        false => {
            let name = format_ident!("{name}");
            quote!(#name: #value)
        }
    }
}

/// An attribute and `mut` for code that may change what it binds; whether it does depends on the body.
fn mutable(may_change: bool) -> [TokenStream; 2] {
    let amended = may_change.then(|| [quote!(#[allow(unused_mut)]), quote!(mut)]);
    amended.unwrap_or_default()
}

impl Operation<'_> {
    /// The method that begins the call.
    fn method(&self, client: &TokenStream, module: Option<&Ident>) -> TokenStream {
        let (method, call) = (&self.method, &self.call);
        let path = match module {
            Some(module) => quote!(#module::#call),
            None => quote!(#call),
        };
        let mut members = self.body.iter().flat_map(Body::required);
        let is_argument =
            self.parameters.taken.contains("call") || members.any(|member| member.ident == "call");
        let begun = local("call", is_argument);
        let begun_field = field("call", &begun);
        let doc = self.documentation();
        let of_parameters = self.parameters.arguments();
        let set = self.parameters.set_required(&begun);
        let raw = self.raw_method.iter().map(|raw| {
            let body = self.body.as_ref().map(|body| body.begin_raw(&begun));
            let (arguments, set_body, fields) = body.unwrap_or_default();
            let doc = format!("Like [`{method}`](Self::{method}), with a body of another media type that the document describes.");
            quote! {
                #[doc = #doc]
                pub fn #raw(&self, #(#of_parameters,)* #arguments) -> #path {
                    let mut #begun = ::spec_first_runtime::Call::new::<#path>(#client);
                    #(#set)*
                    #set_body
                    #path { #begun_field, #fields }
                }
            }
        });
        let raw: Vec<_> = raw.collect();
        let mut arguments = of_parameters.clone();
        arguments.extend(self.body.iter().flat_map(Body::arguments));
        let begin = self.body.as_ref().map(|body| body.begin(&begun));
        let (set_body, fields) = begin.unwrap_or_default();
        let is_amended = !set.is_empty() || !set_body.is_empty();
        let [allowed, mutable] = mutable(is_amended);
        quote! {
            #(#[doc = #doc])*
            pub fn #method(&self, #(#arguments),*) -> #path {
                #allowed
                let #mutable #begun = ::spec_first_runtime::Call::new::<#path>(#client);
                #(#set)*
                #set_body
                #path { #begun_field, #fields }
            }
            #(#raw)*
        }
    }

    /// The limits of the body, as JSON.
    pub(crate) fn limits(&self) -> Option<&str> {
        self.body.as_ref()?.limits.as_deref()
    }

    /// The call that names the types of replies and errors.
    fn named(&self) -> &Ident {
        self.multipart_of.as_ref().unwrap_or(&self.call)
    }

    /// The type of the call.
    fn definition(&self) -> TokenStream {
        let (call, index) = (&self.call, self.index);
        let reply = self.replies.value(self.named());
        let read = self.replies.read(self.named());
        let (method, path) = (self.node.sent_method(), self.node.path);
        let doc = format!("A call of `{method} {path}`. `send` sends it, and so does awaiting it.");
        let fields = self.body.as_ref().map(Body::fields);
        let finish = self.body.as_ref().map(Body::finish);
        let [allowed, mutable] = mutable(finish.is_some());
        let of_parameters = self.parameters.setters();
        let of_body = self.body.as_ref().map(Body::setters).unwrap_or_default();
        let of_reply = self.replies.choice();
        let setters: Vec<_> = of_parameters
            .into_iter()
            .chain(of_body)
            .chain(of_reply)
            .collect();
        let setters = (!setters.is_empty()).then(|| quote!(impl #call { #(#setters)* }));
        let redirects = self.replies.redirect.then(|| {
            quote!(
                const REDIRECTS: bool = true;
            )
        });
        let streaming = self.replies.accept_streamed(&self.errors);
        let streaming = streaming.map(|accept| quote!(, streaming #accept));
        let [negotiated, representation] = self.replies.negotiated(call, self.named());
        let types = self.multipart_of.is_none().then(|| {
            let (replies, errors) = (self.replies.definition(call), self.errors.definition(call));
            quote!(#replies #representation #errors)
        });
        quote! {
            #[doc = #doc]
            #[derive(Clone, Debug)]
            #[must_use = "nothing is sent before `send` is called and awaited"]
            pub struct #call {
                pub(super) call: ::spec_first_runtime::Call,
                #fields
            }
            #setters
            ::spec_first_runtime::operation_call!(#call -> #reply #streaming);
            impl ::spec_first_runtime::OperationCall for #call {
                type Value = #reply;
                const API: &'static ::spec_first_runtime::Api = &super::API;
                const INDEX: usize = #index;
                #redirects
                #allowed
                fn into_call(#mutable self) -> ::spec_first_runtime::Call {
                    #finish
                    self.call
                }
                fn read(
                    answer: &::spec_first_runtime::Answer<'_>,
                ) -> ::spec_first_runtime::ReadResult<Self::Value> {
                    #read
                }
            }
            #negotiated
            #types
        }
    }

    fn documentation(&self) -> Vec<String> {
        let text = |key| {
            let text = self.node.node.str_of(key).map(str::trim);
            text.filter(|text| !text.is_empty())
        };
        let mut paragraphs: Vec<String> = Vec::new();
        if let Some(summary) = text("summary").map(as_text) {
            let stop = if summary.ends_with(['.', '!', '?']) {
                ""
            } else {
                "."
            };
            paragraphs.push(format!("{summary}{stop}"));
        }
        paragraphs.extend(text("description").map(as_text));
        let (method, path) = (self.node.sent_method(), self.node.path);
        paragraphs.push(format!("`{method} {path}`"));
        if self.multipart_of.is_some() {
            paragraphs
                .push("Sends a multipart form, which the document also describes.".to_owned());
        }
        if self.node.node.is_true("deprecated") {
            paragraphs.push("Deprecated.".to_owned());
        }
        let arguments = self
            .parameters
            .described()
            .chain(self.body.iter().flat_map(Body::described));
        let arguments: Vec<_> = arguments.collect();
        if !arguments.is_empty() {
            let list: Vec<_> = arguments
                .iter()
                .map(|(name, text)| format!("- `{name}`: {}", text.trim().replace('\n', "\n  ")))
                .collect();
            paragraphs.push(list.join("\n"));
        }
        paragraphs.push("\n".to_owned());
        let text = paragraphs.join("\n\n");
        text.trim_end()
            .lines()
            .map(|line| format!(" {line}"))
            .collect()
    }
}
