//! What a success returns.

mod representations;

use std::collections::{BTreeMap, BTreeSet, btree_map};

use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote};
use spec_first_document::{Document, Entries, Entry, Node, OperationNode, Pointer};
use syn::{Ident, Type};

use super::body::{is_bytes, is_json};
use super::errors::{Errors, pattern, variant_name};
use crate::extensions::{self, Envelope, Marker};
use crate::types::{Types, as_text};

/// The successes of an operation; several only if they return different things.
pub(crate) struct Replies<'a> {
    successes: Vec<Reply<'a>>,
    /// Whether they are redirections.
    pub(super) redirect: bool,
    /// The media types of what is read in chunks.
    streamed: Vec<String>,
    /// What the successes contain, by media type.
    representations: BTreeMap<String, Content<'a>>,
}

struct Reply<'a> {
    status: String,
    origin: Vec<Pointer>,
    doc: String,
    media_type: Option<String>,
    content: Content<'a>,
}

enum Content<'a> {
    Nothing,
    Text,
    Bytes,
    Json {
        ty: Box<Type>,
        envelope: Option<Envelope<'a>>,
        has_default: bool,
        /// Whether the document allows any value, and so nothing too.
        is_anything: bool,
    },
}

/// A response with its status and place.
pub(super) struct Response<'a> {
    pub(super) status: &'a str,
    /// Where the operation lists it.
    used: Pointer,
    pub(super) pointer: Pointer,
    pub(super) node: Node<'a>,
}

/// The responses of an operation, references followed.
pub(super) fn responses<'a>(
    document: &'a Document,
    operation: &OperationNode<'a>,
) -> Vec<Response<'a>> {
    let pointer = operation.pointer().child("responses");
    let responses = operation.node.entries_of("responses").iter();
    // Extensions, and keys that a linter reports, describe no response.
    let responses = responses.filter(|response| is_status(response.key));
    responses
        .filter_map(|response| {
            let (target, node) = document.resolve_with_pointer(response.value)?;
            let used = pointer.child(response.key);
            Some(Response {
                status: response.key,
                pointer: target.unwrap_or_else(|| used.clone()),
                used,
                node,
            })
        })
        .collect()
}

impl Response<'_> {
    /// Where it is listed and where it is described.
    pub(super) fn origin(&self) -> Vec<Pointer> {
        let mut origin = vec![self.used.clone(), self.pointer.clone()];
        origin.dedup();
        origin
    }
}

/// Whether a key is a status, a range of them or `default`.
fn is_status(key: &str) -> bool {
    let is_digit = |byte: &u8| byte.is_ascii_digit();
    match key.as_bytes() {
        b"default" | [b'1'..=b'5', b'X' | b'x', b'X' | b'x'] => true,
        [first, rest @ ..] => rest.len() == 2 && is_digit(first) && rest.iter().all(is_digit),
        [] => false,
    }
}

/// Which responses of an operation are its successes: those with a status of 2XX; without any, redirections; otherwise `default`.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Success {
    Status,
    Redirection,
    Default,
}

impl Success {
    pub(super) fn of(responses: &[Response<'_>]) -> Self {
        let kinds = [Self::Status, Self::Redirection];
        let mut described = kinds.into_iter().filter(|kind| {
            let mut responses = responses.iter();
            responses.any(|response| kind.includes(response.status))
        });
        described.next().unwrap_or(Self::Default)
    }

    pub(super) fn includes(self, status: &str) -> bool {
        match self {
            Self::Status => status.starts_with('2'),
            Self::Redirection => status.starts_with('3'),
            Self::Default => status == "default",
        }
    }
}

impl<'a> Replies<'a> {
    pub(super) fn of(document: &'a Document, operation: &OperationNode<'a>, types: &Types) -> Self {
        let responses = responses(document, operation);
        let success = Success::of(&responses);
        let has_body = |response: &&Response<'_>| {
            success.includes(response.status) && operation.method != "head"
        };
        let streamed = responses.iter().filter(has_body).flat_map(|response| {
            let media_types = content(response).iter().map(|media_type| media_type.key);
            media_types.filter(|media_type| is_streamed(media_type))
        });
        let streamed = streamed.map(str::to_owned).collect();
        let mut representations = BTreeMap::new();
        for response in responses.iter().filter(has_body) {
            for media_type in content(response) {
                let read = read(document, response, media_type, types);
                let known = representations.entry(media_type.key.to_owned());
                let same =
                    |known: &Content<'_>| known.read().to_string() == read.read().to_string();
                match known {
                    btree_map::Entry::Occupied(mut known) if !same(known.get()) => {
                        _ = known.insert(Content::Bytes)
                    }
                    btree_map::Entry::Occupied(_) => {}
                    btree_map::Entry::Vacant(place) => _ = place.insert(read),
                }
            }
        }
        let mut replies: Vec<_> = responses
            .into_iter()
            .filter(|response| success.includes(response.status))
            .map(|response| Reply::of(document, &response, types))
            .collect();
        if operation.method == "head" {
            // It has the headers of what it describes, and no body (RFC 9110, section 9.3.2).
            replies
                .iter_mut()
                .for_each(|reply| reply.content = Content::Nothing);
        }
        // The most precise statuses first.
        replies.sort_by_key(|reply| {
            (
                reply.status == "default",
                reply.status.to_uppercase().ends_with('X'),
                reply.status.clone(),
            )
        });
        let kinds: BTreeSet<_> = replies.iter().map(Reply::kind).collect();
        if kinds.len() == 1 {
            replies.truncate(1);
        }
        Self {
            successes: replies,
            redirect: success == Success::Redirection,
            streamed,
            representations,
        }
    }

    /// The places of the successes.
    pub(super) fn origin(&self) -> impl Iterator<Item = Pointer> {
        self.successes
            .iter()
            .flat_map(|reply| reply.origin.iter().cloned())
    }

    /// The media types that the call reads, those of the errors last: a server may refuse to send an error that was not asked for.
    pub(crate) fn accept(&self, errors: &Errors) -> Option<String> {
        let read = self.successes.iter();
        accept(read.filter_map(|reply| reply.media_type.as_deref()), errors)
    }

    /// Those of a call that reads its reply in chunks, if there is something to read in this way.
    pub(super) fn accept_streamed(&self, errors: &Errors) -> Option<String> {
        let streamed = self.streamed.iter().map(String::as_str);
        accept(streamed, errors).filter(|_| !self.streamed.is_empty())
    }

    /// The type that the call returns.
    pub(super) fn value(&self, call: &Ident) -> TokenStream {
        match &self.successes[..] {
            [] => quote!(()),
            [reply] => reply.content.ty(),
            _ => format_ident!("{call}Reply").to_token_stream(),
        }
    }

    /// Whether the call returns a value that was read from JSON.
    pub(super) fn is_json(&self) -> bool {
        matches!(
            &self.successes[..],
            [Reply {
                content: Content::Json { .. },
                ..
            }]
        )
    }

    /// Reads the value out of `answer`.
    pub(super) fn read(&self, call: &Ident) -> TokenStream {
        match &self.successes[..] {
            [] => quote!(answer.nothing()),
            [reply] => reply.content.read(),
            several => {
                let name = format_ident!("{call}Reply");
                let last = several.len() - 1;
                let arms = several.iter().enumerate().map(|(index, reply)| {
                    // A success that the document does not describe is read as the last one that it does.
                    let pattern = match index == last {
                        true => quote!(_),
                        false => pattern(&reply.status),
                    };
                    let (variant, read) = (variant_name(&reply.status), reply.content.read());
                    match reply.content {
                        Content::Nothing => {
                            quote!(#pattern => #read.map(|read| read.map(|()| #name::#variant)))
                        }
                        _ => quote!(#pattern => #read.map(|read| read.map(#name::#variant))),
                    }
                });
                quote!(match answer.status() { #(#arms),* })
            }
        }
    }

    /// The type of several successes.
    pub(super) fn definition(&self, call: &Ident) -> TokenStream {
        if self.successes.len() < 2 {
            return TokenStream::new();
        }
        let name = format_ident!("{call}Reply");
        let doc = format!("What [`{call}`] returns, by status.");
        let variants = self.successes.iter().map(|reply| {
            let (variant, doc, ty) = (variant_name(&reply.status), &reply.doc, reply.content.ty());
            let value = (!matches!(reply.content, Content::Nothing)).then(|| quote!((#ty)));
            quote! {
                #[doc = #doc]
                #variant #value
            }
        });
        quote! {
            #[doc = #doc]
            #[derive(Clone, Debug, PartialEq)]
            #[non_exhaustive]
            pub enum #name { #(#variants),* }
        }
    }
}

impl<'a> Reply<'a> {
    fn of(document: &'a Document, response: &Response<'a>, types: &Types) -> Self {
        let chosen = easiest(document, content(response));
        let read = chosen.map_or(Content::Nothing, |media_type| {
            read(document, response, media_type, types)
        });
        Self {
            status: response.status.to_owned(),
            origin: response.origin(),
            doc: as_text(
                response
                    .node
                    .str_of("description")
                    .unwrap_or_default()
                    .trim(),
            ),
            media_type: chosen.map(|media_type| media_type.key.to_owned()),
            content: read,
        }
    }

    fn kind(&self) -> String {
        self.content.read().to_string()
    }
}

/// What a response in a media type contains.
fn read<'a>(
    document: &'a Document,
    response: &Response<'a>,
    media_type: Entry<'a>,
    types: &Types,
) -> Content<'a> {
    let pointer = response.pointer.child("content").child(media_type.key);
    let schema = media_type.value.get("schema");
    match media_type.key {
        key if is_bytes(document, key, schema) => Content::Bytes,
        key if is_json(key) => json(document, schema, &pointer.child("schema"), types),
        key if key.starts_with("text/") => Content::Text,
        _ => Content::Bytes,
    }
}

/// What a response may contain.
fn content<'a>(response: &Response<'a>) -> Entries<'a> {
    match response.status {
        // They have no body, whatever the document describes.
        "204" | "205" | "304" => Entries::default(),
        _ => response.node.entries_of("content"),
    }
}

/// The media types of a success and of errors, each once.
fn accept<'a>(read: impl Iterator<Item = &'a str>, errors: &'a Errors) -> Option<String> {
    let mut media_types: Vec<&str> = Vec::new();
    for media_type in read.chain(errors.media_types()) {
        if !media_types.contains(&media_type) {
            media_types.push(media_type);
        }
    }
    (!media_types.is_empty()).then(|| media_types.join(", "))
}

/// Whether a reply of the media type may be larger than memory, or without end: bytes, events, lines of JSON.
fn is_streamed(media_type: &str) -> bool {
    let is_text = media_type.starts_with("text/");
    media_type.starts_with("text/event-stream") || !is_text && !is_json(media_type)
}

/// The media type that is easiest to read. A stream of events is easier to read in chunks than as a whole.
pub(super) fn easiest<'a>(document: &Document, content: Entries<'a>) -> Option<Entry<'a>> {
    let rank = |media_type: &Entry<'_>| match media_type.key {
        "application/json" => 0,
        key if is_bytes(document, key, media_type.value.get("schema")) => 2,
        key if is_json(key) => 1,
        key if key.starts_with("text/event-stream") => 5,
        key if key.starts_with("text/") => 3,
        _ => 4,
    };
    content.iter().min_by_key(rank)
}

impl Content<'_> {
    fn ty(&self) -> TokenStream {
        match self {
            Self::Nothing => quote!(()),
            Self::Text => quote!(::std::string::String),
            Self::Bytes => quote!(::spec_first_runtime::Bytes),
            Self::Json { ty, .. } => ty.to_token_stream(),
        }
    }

    fn read(&self) -> TokenStream {
        match self {
            Self::Nothing => quote!(answer.nothing()),
            Self::Text => quote!(answer.text()),
            Self::Bytes => quote!(answer.bytes()),
            Self::Json {
                ty,
                envelope,
                is_anything: true,
                ..
            } => {
                let markers = envelope.iter().flat_map(marker_tokens);
                quote!(answer.anything::<#ty>(&[#(#markers),*]))
            }
            Self::Json {
                ty,
                envelope: Some(envelope),
                has_default,
                ..
            } => {
                let envelope = envelope_tokens(envelope);
                let absent = match has_default {
                    true => quote!(::std::option::Option::Some(
                        ::std::default::Default::default
                    )),
                    false => quote!(::std::option::Option::None),
                };
                quote!(answer.enveloped::<#ty>(const { &#envelope }, #absent))
            }
            Self::Json {
                ty,
                has_default: true,
                ..
            } => quote!(answer.json_or_default::<#ty>()),
            Self::Json { ty, .. } => quote!(answer.json::<#ty>()),
        }
    }
}

/// The type of a JSON response: the value inside the envelope, where the document declares one.
fn json<'a>(
    document: &'a Document,
    schema: Option<Node<'a>>,
    pointer: &Pointer,
    types: &Types,
) -> Content<'a> {
    let Some(schema) = schema else {
        return Content::Json {
            ty: Box::new(syn::parse_quote!(::serde_json::Value)),
            envelope: None,
            has_default: true,
            is_anything: true,
        };
    };
    let enveloped = envelope(document, schema).and_then(|(holder, envelope)| {
        let Some(value) = envelope.value else {
            return Some((pointer.clone(), envelope));
        };
        let value = holder.get("properties")?.get(value)?;
        Some((value.reference()?, envelope))
    });
    let (pointer, envelope) = match enveloped {
        Some((pointer, envelope)) => (pointer, Some(envelope)),
        None => (pointer.clone(), None),
    };
    let ty = types.of(&pointer);
    let has_default = types.structure(&ty).is_some_and(derives_default);
    Content::Json {
        ty: Box::new(ty),
        envelope,
        has_default,
        is_anything: document
            .resolve(schema)
            .is_some_and(extensions::allows_anything),
    }
}

fn derives_default(structure: &syn::ItemStruct) -> bool {
    let derives = structure
        .attrs
        .iter()
        .filter(|attribute| attribute.path().is_ident("derive"));
    let mut derives = derives.filter_map(|attribute| attribute.meta.require_list().ok());
    derives.any(|list| {
        list.tokens
            .to_string()
            .split(',')
            .any(|name| name.trim() == "Default")
    })
}

/// The schema that declares an envelope, alone or as a branch.
fn envelope<'a>(document: &'a Document, schema: Node<'a>) -> Option<(Node<'a>, Envelope<'a>)> {
    let schema = document.resolve(schema)?;
    if let Some(envelope) = extensions::envelope(schema) {
        return Some((schema, envelope));
    }
    let branches = ["anyOf", "oneOf"].map(|key| schema.items_of(key));
    let mut branches = branches.into_iter().flatten();
    branches.find_map(|branch| {
        let branch = document.resolve(branch)?;
        Some((branch, extensions::envelope(branch)?))
    })
}

fn envelope_tokens(envelope: &Envelope<'_>) -> TokenStream {
    let value = envelope.value.unwrap_or_default();
    let success = marker_tokens(envelope);
    quote!(::spec_first_runtime::Envelope::new(#value, &[#(#success),*]))
}

/// What reports success, as arguments.
fn marker_tokens(envelope: &Envelope<'_>) -> Vec<TokenStream> {
    let success = envelope.success.iter().map(|(name, marker)| {
        let marker = match marker {
            Marker::Number(number) => quote!(Number(#number)),
            Marker::Text(text) => quote!(Text(#text)),
        };
        quote!((#name, ::spec_first_runtime::Marker::#marker))
    });
    success.collect()
}
