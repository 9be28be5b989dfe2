//! The parameters of an operation: arguments where they are required, setters where they are not.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote};
use spec_first_document::headers::is_determined;
use spec_first_document::media_type::essence;
use spec_first_document::{Document, Entry, Node, OperationNode, Pointer};
use syn::{Ident, Type, parse_quote};

use super::body::{FORM, form_styles, is_json};
use crate::extensions;
use crate::limits::limits;
use crate::names::{free, snake_ident};
use crate::types::{self, Types, as_text};

/// The header that repeated requests share, so that the server applies only one of them.
const IDEMPOTENCY_KEY: &str = "idempotency-key";

/// Names of the methods that every call has.
pub(super) const RESERVED: [&str; 15] = [
    "accept",
    "body",
    "clone",
    "header",
    "into_call",
    "into_future",
    "object",
    "part",
    "prepare",
    "raw_body",
    "read",
    "retry",
    "send",
    "send_streaming",
    "timeout",
];

/// The parameters of an operation, in the order of their arguments.
pub(crate) struct Parameters {
    pub(super) parameters: Vec<Parameter>,
    /// The names that are taken by parameters and methods.
    pub(super) taken: BTreeSet<String>,
}

pub(super) struct Parameter {
    /// The name in the document, and where it is sent.
    pub(super) name: String,
    pub(super) location: String,
    pub(super) ident: Ident,
    pub(super) is_required: bool,
    description: String,
    /// Where the operation lists it and where it is described.
    origin: Vec<Pointer>,
    pub(super) value: Value,
    /// The expression of the parameter for the runtime.
    constant: TokenStream,
}

pub(super) enum Value {
    Text,
    Secret,
    Typed(Box<Type>),
}

/// A parameter as it is declared.
struct Declared<'a> {
    used: Pointer,
    pointer: Pointer,
    node: Node<'a>,
    /// Whether it is the API key of some alternatives of the security requirements, but not of all of them.
    is_key: bool,
}

impl Parameters {
    pub(super) fn of(document: &Document, operation: &OperationNode<'_>, types: &Types) -> Self {
        let mut taken: BTreeSet<_> = RESERVED.map(str::to_owned).into();
        let mut declared = declared(document, operation);
        let alternatives = api_keys(document, operation);
        declared.retain(|(place, name), parameter| {
            let is_key =
                |known: &(&str, &str)| known.0 == *place && known.1.eq_ignore_ascii_case(name);
            let asking = alternatives
                .iter()
                .filter(|keys| keys.iter().any(is_key))
                .count();
            parameter.is_key = asking > 0;
            // The client sends it with the credentials.
            asking == 0 || asking < alternatives.len()
        });
        let mut parameters = Vec::new();
        let segments = operation.path.split('?').next().unwrap_or_default();
        for name in in_template(operation.path) {
            // The template demands a value, whether or not the document describes it. One in a query may be described as that.
            let described = declared.remove(&("path", name));
            let is_of_query = || !in_template(segments).contains(&name);
            if described.is_none() && declared.contains_key(&("query", name)) && is_of_query() {
                continue;
            }
            parameters.push(Parameter::new(
                name, "path", described, document, types, &mut taken,
            ));
        }
        // In the order of the document, without what no template has.
        let mut others: Vec<_> = declared
            .into_iter()
            .filter(|((place, name), _)| match *place {
                "query" | "querystring" | "cookie" => true,
                "header" => !is_determined(name),
                _ => false,
            })
            .collect();
        others.sort_by_key(|(_, declared)| declared.node.position());
        for ((place, name), declared) in others {
            let declared = Some(declared);
            parameters.push(Parameter::new(
                name, place, declared, document, types, &mut taken,
            ));
        }
        Self { parameters, taken }
    }

    /// The arguments of the method that begins the call.
    pub(super) fn arguments(&self) -> Vec<TokenStream> {
        let required = self.required();
        required
            .map(|parameter| parameter.argument(&parameter.ident))
            .collect()
    }

    /// The names of the arguments with their descriptions.
    pub(super) fn described(&self) -> impl Iterator<Item = (String, String)> {
        let described = self
            .required()
            .filter(|parameter| !parameter.description.is_empty());
        described.map(|parameter| (parameter.ident.to_string(), parameter.description.clone()))
    }

    /// Sets the required parameters of `call`.
    pub(super) fn set_required(&self, call: &Ident) -> Vec<TokenStream> {
        let required = self.required();
        required
            .map(|parameter| parameter.set(&call.into_token_stream(), &parameter.ident))
            .collect()
    }

    pub(super) fn setters(&self) -> Vec<TokenStream> {
        let optional = self
            .parameters
            .iter()
            .filter(|parameter| !parameter.is_required);
        optional.map(Parameter::setter).collect()
    }

    /// The places of the setters by name, and those of all required parameters.
    pub(super) fn origins(&self) -> (Vec<(String, Vec<Pointer>)>, Vec<Pointer>) {
        let optional = self
            .parameters
            .iter()
            .filter(|parameter| !parameter.is_required);
        let setters =
            optional.map(|parameter| (parameter.ident.to_string(), parameter.origin.clone()));
        let required = self
            .required()
            .flat_map(|parameter| parameter.origin.clone());
        (setters.collect(), required.collect())
    }

    fn required(&self) -> impl Iterator<Item = &Parameter> {
        self.parameters
            .iter()
            .filter(|parameter| parameter.is_required)
    }
}

impl Parameter {
    fn new(
        name: &str,
        place: &str,
        declared: Option<Declared<'_>>,
        document: &Document,
        types: &Types,
        taken: &mut BTreeSet<String>,
    ) -> Self {
        let node = declared.as_ref().map(|declared| declared.node);
        let is_required = place == "path"
            || node.is_some_and(|node| node.is_true("required"))
                && !name.eq_ignore_ascii_case(IDEMPOTENCY_KEY)
                && !declared.as_ref().is_some_and(|declared| declared.is_key);
        let mut ident = snake_ident(name);
        if taken.contains(&ident.to_string()) {
            ident = format_ident!("{place}_{}", ident.to_string().trim_start_matches("r#"));
        }
        let ident = free(taken, ident);
        let value = declared
            .as_ref()
            .map_or(Value::Text, |declared| declared.value(document, types));
        let content = declared.as_ref().and_then(Declared::content);
        let text = |key| node.and_then(|node| node.str_of(key)).unwrap_or_default();
        let constructor = format_ident!("{place}");
        let mut constant = quote!(::spec_first_runtime::Parameter::#constructor(#name));
        if content.is_none()
            && let Some((style, explode)) = node.and_then(|node| style(node, place))
        {
            constant.extend(quote!(.style(::spec_first_runtime::Style::#style, #explode)));
        }
        if node.is_some_and(|node| node.is_true("allowReserved")) {
            constant.extend(quote!(.allow_reserved()));
        }
        constant.extend(content.and_then(written));
        let schema = declared.as_ref().and_then(Declared::schema);
        let limits = schema.and_then(|(_, schema)| limits(document, schema, &[]));
        // No segment of a path is empty anyway.
        let limits = limits.filter(|limits| place != "path" || limits != r#"{"minLength":1}"#);
        constant
            .extend(limits.map(|limits| quote!(.limits(::spec_first_runtime::limits!(#limits)))));
        if declared.as_ref().is_some_and(|it| it.is_secret(document)) {
            constant.extend(quote!(.secret()));
        }
        Self {
            name: name.to_owned(),
            location: place.replace("querystring", "query"),
            ident,
            is_required,
            description: as_text(text("description")),
            origin: declared
                .map_or_else(Vec::new, |declared| vec![declared.used, declared.pointer]),
            value,
            constant,
        }
    }

    fn argument(&self, ident: &Ident) -> TokenStream {
        match &self.value {
            Value::Text => quote!(#ident: impl ::std::convert::AsRef<str>),
            Value::Secret => {
                quote!(#ident: impl ::std::convert::Into<::spec_first_runtime::Secret>)
            }
            Value::Typed(ty) => quote!(#ident: #ty),
        }
    }

    fn set(&self, call: &TokenStream, ident: &Ident) -> TokenStream {
        let constant = &self.constant;
        match &self.value {
            Value::Text => quote!(#call.text(const { &#constant }, #ident.as_ref());),
            Value::Secret => quote! {
                #call.text(const { &#constant }, ::spec_first_runtime::Secret::expose(&#ident.into()));
            },
            Value::Typed(_) => quote!(#call.parameter(const { &#constant }, &#ident);),
        }
    }

    fn setter(&self) -> TokenStream {
        let ident = &self.ident;
        let doc = match self.description.trim() {
            "" => format!("Sets the parameter `{}`.", self.name),
            description => description.to_owned(),
        };
        let value = format_ident!("value");
        let argument = self.argument(&value);
        let set = self.set(&quote!(self.call), &value);
        quote! {
            #[doc = #doc]
            pub fn #ident(mut self, #argument) -> Self {
                #set
                self
            }
        }
    }
}

impl<'a> Declared<'a> {
    /// Where its schema is.
    fn schema(&self) -> Option<(Pointer, Node<'a>)> {
        let (pointer, holder) = match self.content() {
            Some(content) => {
                let pointer = self.pointer.child("content").child(content.key);
                (pointer, content.value)
            }
            None => (self.pointer.clone(), self.node),
        };
        Some((pointer.child("schema"), holder.get("schema")?))
    }

    fn content(&self) -> Option<Entry<'a>> {
        self.node.entries_of("content").get(0)
    }

    /// Whether it is a secret or an object with one: in a URL or a header, a member is a part of the text.
    fn is_secret(&self, document: &Document) -> bool {
        let schema = self.schema();
        self.is_key
            || schema
                .is_some_and(|(pointer, node)| types::contains_secret(document, &pointer, node))
    }

    fn value(&self, document: &Document, types: &Types) -> Value {
        let is_text = match (self.content(), self.schema()) {
            // The caller writes XML, for example.
            (Some(content), _) => written(content).is_none(),
            (None, None) => true,
            (None, Some((_, schema))) => {
                let resolved = document.resolve(schema).unwrap_or(schema);
                extensions::allows_anything(resolved)
                    || resolved.types().eq(["string"])
                        && resolved.get("enum").is_none()
                        && resolved.get("const").is_none()
            }
        };
        match self.schema() {
            _ if is_text && self.is_secret(document) => Value::Secret,
            _ if is_text => Value::Text,
            Some((pointer, _)) => Value::Typed(Box::new(types.of(&pointer))),
            None => Value::Typed(parse_quote!(::serde_json::Value)),
        }
    }
}

/// The places and names of the API keys in each alternative of the security requirements.
fn api_keys<'a>(
    document: &'a Document,
    operation: &OperationNode<'a>,
) -> Vec<Vec<(&'a str, &'a str)>> {
    let required = operation.node.get("security");
    let required = required.or_else(|| document.root().get("security"));
    let alternatives = required.map(Node::items).unwrap_or_default();
    let keys = alternatives.iter().map(|alternative| {
        let keys = alternative.entries().iter().filter_map(|scheme| {
            let pointer = crate::api::scheme_section().child(scheme.key);
            let scheme = document.resolve(document.node(&pointer)?)?;
            let is_key = scheme.str_of("type") == Some("apiKey");
            Some((scheme.str_of("in")?, scheme.str_of("name")?)).filter(|_| is_key)
        });
        keys.collect()
    });
    keys.collect()
}

/// How the values of a `content` are written; `None` for text.
fn written(content: Entry<'_>) -> Option<TokenStream> {
    match essence(content.key).as_str() {
        FORM => {
            let styles = form_styles(content.value);
            Some(quote!(.form(&[#(#styles),*])))
        }
        json if is_json(json) => Some(quote!(.json())),
        _ => None,
    }
}

/// The style, unless it is the default of its place.
fn style(parameter: Node<'_>, place: &str) -> Option<(Ident, bool)> {
    let default = match place {
        "query" | "cookie" => "form",
        _ => "simple",
    };
    let style = parameter.str_of("style").unwrap_or(default);
    let explode = parameter.get("explode").and_then(Node::as_bool);
    let explode = explode.unwrap_or(["form", "cookie"].contains(&style));
    if (style, explode) == (default, default == "form") {
        return None;
    }
    let name = match style {
        "matrix" => "Matrix",
        "label" => "Label",
        "spaceDelimited" => "SpaceDelimited",
        "pipeDelimited" => "PipeDelimited",
        "deepObject" => "DeepObject",
        "simple" => "Simple",
        "cookie" => "Cookie",
        _ => "Form",
    };
    Some((format_ident!("{name}"), explode))
}

/// The headers, in lower case, that get a new value for each call.
pub(crate) fn idempotency_keys(document: &Document, operation: &OperationNode<'_>) -> Vec<String> {
    let declared = declared(document, operation);
    let keys = declared
        .into_keys()
        .filter(|(place, name)| *place == "header" && name.eq_ignore_ascii_case(IDEMPOTENCY_KEY));
    keys.map(|(_, name)| name.to_lowercase()).collect()
}

/// The parameters by location and name; those of the operation override those of the path item.
fn declared<'a>(
    document: &'a Document,
    operation: &OperationNode<'a>,
) -> BTreeMap<(&'a str, &'a str), Declared<'a>> {
    let path_item = Pointer::root().child("paths").child(operation.path);
    let mut declared = BTreeMap::new();
    for (owner, pointer) in [
        (operation.path_item, path_item),
        (operation.node, operation.pointer()),
    ] {
        let pointer = pointer.child("parameters");
        for (index, written) in owner.items_of("parameters").iter().enumerate() {
            if let Some((target, node)) = document.resolve_with_pointer(written) {
                let used = pointer.child(index);
                let pointer = target.unwrap_or_else(|| used.clone());
                let text = |key| node.str_of(key).unwrap_or_default();
                declared.insert(
                    (text("in"), text("name")),
                    Declared {
                        used,
                        pointer,
                        node,
                        is_key: false,
                    },
                );
            }
        }
    }
    declared
}

/// The names in a template, each once.
fn in_template(path: &str) -> Vec<&str> {
    let mut names = Vec::new();
    let parts = path.split('{').skip(1);
    for (name, _) in parts.filter_map(|rest| rest.split_once('}')) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}
