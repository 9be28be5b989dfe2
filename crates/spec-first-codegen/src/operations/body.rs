//! The body of a request: its required members are arguments, the others setters.

mod code;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use spec_first_document::media_type::{self, essence};
use spec_first_document::survey::Site;
use spec_first_document::{Document, Entries, Node, OperationNode, Pointer};
use syn::visit_mut::{self, VisitMut};
use syn::{Fields, Ident, ItemStruct, Type, parse_quote};

use super::parameters::Parameters;
use crate::limits::limits;
use crate::names::free;
use crate::rust_names::{documentation, renamed};
use crate::types::{self, Types, as_text};

pub(super) const FORM: &str = "application/x-www-form-urlencoded";

/// The body of a request.
pub(crate) struct Body {
    /// Where the operation lists it and where it is described.
    origin: Vec<Pointer>,
    /// The media type in the document, which may be a range.
    pub(super) described: String,
    /// The media type that is sent.
    pub(super) media_type: String,
    pub(super) is_required: bool,
    description: String,
    pub(super) kind: Kind,
    /// The limits of JSON or a form, as JSON.
    pub(super) limits: Option<String>,
    /// The other media types that the document describes.
    pub(super) others: Vec<String>,
    /// The members of a form that are written in another style, and the style.
    form_styles: Vec<TokenStream>,
}

pub(super) enum Kind {
    /// JSON or a form with members.
    Object {
        ty: Type,
        members: Vec<Member>,
        is_form: bool,
        /// The number of members that the document demands.
        least: usize,
    },
    /// JSON or a form of any other type.
    Whole {
        ty: Type,
        is_form: bool,
    },
    /// A multipart form.
    Parts(Vec<Member>),
    Text,
    Bytes,
    /// Bytes of a media type that the caller chooses from a range.
    Chosen,
}

pub(super) struct Member {
    /// The name in the document.
    pub(super) name: String,
    /// The field of the generated type.
    field: Ident,
    /// The argument or setter.
    pub(super) ident: Ident,
    pub(super) is_required: bool,
    /// Whether the field is an `Option` around the type.
    is_optional: bool,
    /// Whether the document allows a single value, which is then sent without being asked for.
    is_constant: bool,
    doc: String,
    /// The media type of a part, if the document says which.
    media_type: Option<String>,
    /// The limits of a part, as JSON.
    limits: Option<String>,
    /// Where the property is, and what it refers to.
    origin: Vec<Pointer>,
    pub(super) value: Value,
}

pub(super) enum Value {
    Typed(Box<Type>),
    Part,
    Parts,
    Any,
}

impl Body {
    pub(super) fn of(
        document: &Document,
        operation: &OperationNode<'_>,
        types: &Types,
        parameters: &Parameters,
        is_multipart: bool,
    ) -> Option<Self> {
        let (target, node) = document.resolve_with_pointer(operation.node.get("requestBody")?)?;
        let used = operation.pointer().child("requestBody");
        let place = target.unwrap_or_else(|| used.clone());
        let content = node.entries_of("content");
        let is_wanted = |media_type: &str| !is_multipart || is_multipart_form(media_type);
        let media_type = preferred(content, is_wanted)?;
        let written = content.iter().find(|it| it.key == media_type)?.value;
        let schema = written.get("schema");
        let pointer = place.child("content").child(media_type).child("schema");
        let resolved = schema.and_then(|schema| document.resolve(schema));
        let is_form = essence(media_type) == FORM;
        let is_object = is_form || is_json(media_type) && !is_bytes(document, media_type, schema);
        let is_secret = schema.is_some_and(|it| types::is_secret(document, &pointer, it));
        let kind = match schema {
            _ if is_multipart_form(media_type) => {
                let mut parts = parts(document, schema.map(|it| (&pointer, it)), parameters);
                for part in &mut parts {
                    part.media_type = part_media_type(written, &part.name);
                    part.describe_headers(written);
                }
                Kind::Parts(parts)
            }
            _ if is_object => object(
                document,
                schema.zip(resolved),
                &pointer,
                types,
                parameters,
                is_form,
            ),
            // `Debug` shows no bytes.
            _ if media_type.starts_with("text/") && is_secret => Kind::Bytes,
            _ if media_type.starts_with("text/") => Kind::Text,
            _ if media_type.ends_with("/*") => Kind::Chosen,
            _ => Kind::Bytes,
        };
        let checked: &[&str] = match kind {
            Kind::Object { .. } => &["minProperties"],
            _ => &[],
        };
        let described = media_type;
        let media_type = match &kind {
            Kind::Text | Kind::Bytes if media_type == "text/*" => "text/plain",
            _ if is_json(media_type) && media_type.contains('*') => "application/json",
            _ => media_type,
        };
        Some(Self {
            origin: vec![used, place],
            described: described.to_owned(),
            media_type: media_type.to_owned(),
            is_required: node.is_true("required"),
            description: as_text(node.str_of("description").unwrap_or_default().trim()),
            others: content
                .iter()
                .map(|other| other.key.to_owned())
                .filter(|other| other != described)
                .collect(),
            limits: schema
                .filter(|_| is_object)
                .and_then(|schema| limits(document, schema, checked)),
            form_styles: form_styles(written),
            kind,
        })
    }

    /// The places of the setters by name, and those of the arguments.
    pub(super) fn origins(&self) -> (Vec<(String, Vec<Pointer>)>, Vec<Pointer>) {
        let members = self
            .optional()
            .map(|member| (member.ident.to_string(), member.origin.clone()));
        let whole = ["body", "raw_body"].map(|name| (name.to_owned(), self.origin.clone()));
        let required = self.required().flat_map(|member| member.origin.clone());
        (
            members.chain(whole).collect(),
            self.origin.iter().cloned().chain(required).collect(),
        )
    }

    pub(super) fn members(&self) -> &[Member] {
        match &self.kind {
            Kind::Object { members, .. } | Kind::Parts(members) => members,
            Kind::Whole { .. } | Kind::Text | Kind::Bytes | Kind::Chosen => &[],
        }
    }

    pub(super) fn required(&self) -> impl Iterator<Item = &Member> {
        let is_required = self.is_required;
        self.members()
            .iter()
            .filter(move |member| member.is_required && is_required)
    }

    /// The members that have setters. If the body may be left out, no member of it is an argument.
    pub(super) fn optional(&self) -> impl Iterator<Item = &Member> {
        let are_all = !self.is_required;
        let members = self.members().iter();
        members.filter(move |member| !member.is_constant && (are_all || !member.is_required))
    }

    /// Whether the body may be left out, but not some of its members. Its builder then collects what is set.
    fn is_built(&self) -> bool {
        matches!(self.kind, Kind::Object { .. })
            && !self.is_required
            && self.members().iter().any(|member| member.is_required)
    }

    /// Whether the whole body is one argument.
    pub(super) fn is_argument(&self) -> bool {
        self.is_required && !matches!(self.kind, Kind::Object { .. } | Kind::Parts(_))
    }

    /// Whether a call begins with the body or members of it.
    pub(super) fn demands_argument(&self) -> bool {
        self.is_argument() || self.required().next().is_some()
    }

    /// Whether the document describes a multipart form too.
    pub(super) fn has_multipart_beside(&self) -> bool {
        let mut others = self.others.iter();
        !matches!(self.kind, Kind::Parts(_)) && others.any(|other| is_multipart_form(other))
    }

    /// Whether the document says nothing about the parts of a multipart form.
    pub(super) fn takes_any_part(&self) -> bool {
        matches!(&self.kind, Kind::Parts(members) if members.is_empty())
    }

    pub(super) fn described(&self) -> Vec<(String, String)> {
        if self.is_argument() && !self.description.is_empty() {
            return vec![("body".to_owned(), self.description.clone())];
        }
        let described = self.required().filter(|member| !member.doc.is_empty());
        described
            .map(|member| (member.ident.to_string(), member.doc.clone()))
            .collect()
    }
}

/// Whether values of the media type are JSON. Without anything else, those of `*/*` are.
pub(super) fn is_json(media_type: &str) -> bool {
    media_type == "*/*" || media_type::is_json(media_type)
}

fn is_multipart_form(media_type: &str) -> bool {
    media_type.starts_with("multipart/")
}

/// The media type that is easiest to write.
fn preferred(content: Entries<'_>, is_wanted: impl Fn(&str) -> bool) -> Option<&str> {
    let rank = |media_type: &str| match media_type {
        "application/json" => 0,
        _ if is_json(media_type) => 1,
        FORM => 2,
        "multipart/form-data" => 3,
        _ if is_multipart_form(media_type) => 4,
        _ if media_type.starts_with("text/") => 5,
        _ => 6,
    };
    let names = content.iter().map(|media_type| media_type.key);
    names
        .filter(|media_type| is_wanted(media_type))
        .min_by_key(|media_type| rank(media_type))
}

fn object(
    document: &Document,
    schema: Option<(Node<'_>, Node<'_>)>,
    pointer: &Pointer,
    types: &Types,
    parameters: &Parameters,
    is_form: bool,
) -> Kind {
    let Some((written, resolved)) = schema else {
        let ty = syn::parse_quote!(::serde_json::Value);
        return Kind::Whole { ty, is_form };
    };
    let place = written.reference().unwrap_or_else(|| pointer.clone());
    let ty = types.of(pointer);
    let Some(structure) = types.structure(&ty) else {
        return Kind::Whole { ty, is_form };
    };
    let least = resolved.get("minProperties").map(Node::to_json);
    let least = least.and_then(|least| usize::try_from(least.as_u64()?).ok());
    Kind::Object {
        members: members(document, (&place, resolved), structure, types, parameters),
        least: least.unwrap_or_default(),
        ty,
        is_form,
    }
}

/// Makes the type of a field one that is seen from outside of the module of the types.
struct FromOutside;

impl VisitMut for FromOutside {
    fn visit_type_path_mut(&mut self, path: &mut syn::TypePath) {
        visit_mut::visit_type_path_mut(self, path);
        let is_generated = path.path.leading_colon.is_none()
            && path.path.segments.len() == 1
            && path.path.segments[0]
                .ident
                .to_string()
                .starts_with(char::is_uppercase);
        if is_generated {
            path.path.segments.insert(0, parse_quote!(types));
        }
    }
}

/// The fields of a generated type.
fn members(
    document: &Document,
    schema: (&Pointer, Node<'_>),
    structure: &ItemStruct,
    types: &Types,
    parameters: &Parameters,
) -> Vec<Member> {
    let mut taken = parameters.taken.clone();
    let Fields::Named(fields) = &structure.fields else {
        return Vec::new();
    };
    let origin_of = |name: &str| {
        let property = schema.0.child("properties").child(name);
        let target = document.node(&property).and_then(Node::reference);
        [Some(property), target].into_iter().flatten().collect()
    };
    let described = |name: &str| {
        let property = schema.1.get("properties")?.get(name)?;
        document.resolve(property)?.str_of("description")
    };
    let members = fields.named.iter().filter_map(|field| {
        let ident = field.ident.clone()?;
        let name = renamed(&field.attrs).unwrap_or_else(|| ident.to_string());
        let (mut ty, is_optional) = match without_option(&field.ty) {
            Some(ty) => (ty.clone(), true),
            None => (field.ty.clone(), false),
        };
        FromOutside.visit_type_mut(&mut ty);
        let is_required = !is_optional && !has_default(field);
        let own = documentation(&field.attrs);
        let doc = match own.trim() {
            "" => as_text(described(&name).unwrap_or_default().trim()),
            own => own.to_owned(),
        };
        Some(Member {
            origin: origin_of(&name),
            name,
            ident: free_member(&mut taken, &ident),
            is_required: is_required && !types.is_constant(&ty),
            is_constant: is_required && types.is_constant(&ty),
            is_optional,
            doc,
            media_type: None,
            limits: None,
            field: ident,
            value: Value::Typed(Box::new(ty)),
        })
    });
    members.collect()
}

fn free_member(taken: &mut std::collections::BTreeSet<String>, ident: &Ident) -> Ident {
    let ident = match taken.contains(&ident.to_string()) {
        true => format_ident!("body_{}", ident.to_string().trim_start_matches("r#")),
        false => ident.clone(),
    };
    free(taken, ident)
}

/// `T` of `Option<T>`.
fn without_option(ty: &Type) -> Option<&Type> {
    let Type::Path(path) = ty else { return None };
    let last = path.path.segments.last()?;
    let syn::PathArguments::AngleBracketed(arguments) = &last.arguments else {
        return None;
    };
    match arguments.args.first()? {
        syn::GenericArgument::Type(inner) if last.ident == "Option" => Some(inner),
        _ => None,
    }
}

/// Whether serde reads the field as its default where it is absent.
fn has_default(field: &syn::Field) -> bool {
    let serde = field
        .attrs
        .iter()
        .filter(|attribute| attribute.path().is_ident("serde"));
    let mut options = serde.filter_map(|attribute| attribute.meta.require_list().ok());
    options.any(|list| {
        let text = list.tokens.to_string();
        let mut options = text.split(',').map(str::trim);
        options.any(|option| {
            option == "default" || option.starts_with("default =") || option == "flatten"
        })
    })
}

/// The parts of a multipart form: one for each property, or whichever the caller adds where the document names none.
fn parts(
    document: &Document,
    schema: Option<(&Pointer, Node<'_>)>,
    parameters: &Parameters,
) -> Vec<Member> {
    let mut taken = parameters.taken.clone();
    let properties = schema.map(|(pointer, node)| types::properties(document, pointer, node));
    let members = properties.into_iter().flatten().map(|property| {
        let Site { pointer, node } = property.member.site;
        let resolved = document.resolve(node).unwrap_or(node);
        let items = resolved
            .get("items")
            .and_then(|items| document.resolve(items));
        let ident = crate::names::snake_ident(property.name);
        Member {
            name: property.name.to_owned(),
            field: ident.clone(),
            ident: free_member(&mut taken, &ident),
            is_required: property.is_required,
            is_constant: false,
            is_optional: true,
            origin: vec![pointer],
            media_type: None,
            limits: limits(document, node, &[]),
            doc: as_text(resolved.str_of("description").unwrap_or_default().trim()),
            value: match items {
                _ if is_binary(resolved) => Value::Part,
                Some(items) if is_binary(items) => Value::Parts,
                _ => Value::Any,
            },
        }
    });
    members.collect()
}

impl Member {
    /// Says what becomes of the headers of a part in the `encoding` of the form, which no setter has.
    fn describe_headers(&mut self, form: Node<'_>) {
        let encoding = form.get("encoding").and_then(|all| all.get(&self.name));
        let headers = encoding.map(|encoding| encoding.entries_of("headers"));
        let names = headers.unwrap_or_default().iter().map(|header| header.key);
        // OpenAPI ignores it.
        let names = names.filter(|name| !name.eq_ignore_ascii_case("content-type"));
        let names: Vec<_> = names.map(|name| format!("`{}`", as_text(name))).collect();
        if names.is_empty() {
            return;
        }
        let sent = match self.value {
            Value::Part | Value::Parts => "`Part::header` adds",
            Value::Typed(_) | Value::Any => "The call does not send",
        };
        let before = match self.doc.is_empty() {
            true => format!("Sets `{}`.", self.name),
            false => std::mem::take(&mut self.doc),
        };
        self.doc = format!(
            "{before}\n\n{sent} the headers of this part: {}.",
            names.join(", ")
        );
    }
}

/// The media type of the part `name` in the `encoding` of the form, unless it leaves a choice.
fn part_media_type(form: Node<'_>, name: &str) -> Option<String> {
    let media_type = form.get("encoding")?.get(name)?.str_of("contentType")?;
    (!media_type.contains(['*', ','])).then(|| media_type.to_owned())
}

/// How members of a form are written that are neither text nor repeated for each item, by the `encoding` of the media type.
pub(super) fn form_styles(media_type: Node<'_>) -> Vec<TokenStream> {
    let encodings = media_type.entries_of("encoding").iter();
    let styles = encodings.filter_map(|encoding| {
        let explode = encoding.value.get("explode").and_then(Node::as_bool);
        let media_type = encoding.value.str_of("contentType");
        let style = match (encoding.value.str_of("style"), explode) {
            (None, None) if media_type.is_some_and(media_type::is_json) => "Json",
            (Some("deepObject"), _) => "Deep",
            (None | Some("form"), Some(false)) => "Commas",
            (Some("form"), _) | (None, Some(true)) => "Exploded",
            (Some("spaceDelimited"), None | Some(false)) => "Spaces",
            (Some("pipeDelimited"), None | Some(false)) => "Pipes",
            _ => return None,
        };
        let (name, style) = (encoding.key, format_ident!("{style}"));
        Some(quote!((#name, ::spec_first_runtime::FormStyle::#style)))
    });
    styles.collect()
}

/// Whether the values of a schema are bytes: `format: binary` in 3.0, a media type without an encoding from 3.1 on.
fn is_binary(schema: Node<'_>) -> bool {
    schema.str_of("format") == Some("binary")
        || schema.get("contentMediaType").is_some() && schema.get("contentEncoding").is_none()
}

/// Whether values of a media type are bytes with this schema. JSON cannot be, other than where it is one type of `*/*`.
pub(super) fn is_bytes(document: &Document, media_type: &str, schema: Option<Node<'_>>) -> bool {
    let resolved = schema.and_then(|schema| document.resolve(schema));
    (media_type == "*/*" || !is_json(media_type)) && resolved.is_some_and(is_binary)
}
