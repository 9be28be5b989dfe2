//! Collects the public names of the generated code, one line each, with their documentation.

use quote::ToTokens;
use syn::parse::ParseStream;
use syn::{Attribute, Fields, File, ImplItem, Item, ItemEnum, ItemImpl, ItemStruct, Type};
use syn::{Expr, ExprLit, Lit, Meta, Visibility};

/// A public name of the generated code.
#[derive(Clone, Debug)]
pub(crate) struct RustName {
    /// The kind, name and type, as shown in `surface.txt`.
    pub(crate) line: String,
    pub(crate) kind: Kind,
}

/// The kind of a name, with what is needed to find its origin.
#[derive(Clone, Debug)]
pub(crate) enum Kind {
    /// A static, or a type that does not come from the document.
    Other,
    /// A type with its path and documentation.
    Type { name: String, doc: String },
    /// A field, with the documentation of its type.
    Field { doc: String, key: FieldKey },
    /// Variant `index` of `count`, with the path and the documentation of its type.
    Variant {
        owner: String,
        doc: String,
        wire_name: String,
        index: usize,
        count: usize,
    },
    /// A method with the path of its type.
    Method { owner: String, name: String },
}

/// The source of the value of a field.
#[derive(Clone, Debug)]
pub(crate) enum FieldKey {
    /// The property with this name.
    Property(String),
    /// All properties without a field.
    Rest,
    /// The value as a whole.
    Whole,
}

/// The public names of a generated file, in the order of the file.
pub(crate) fn rust_names(file: &File) -> Vec<RustName> {
    let mut names = Vec::new();
    collect_items(&file.items, "", &mut names);
    names
}

fn collect_items(items: &[Item], module: &str, names: &mut Vec<RustName>) {
    for item in items {
        match item {
            Item::Mod(inner) if is_public(&inner.vis) => {
                let path = format!("{module}{}::", inner.ident);
                // Type builders repeat the fields of the types, and conversion errors never change.
                if path != "types::builder::" && path != "types::error::" && path != "prelude::" {
                    collect_items(
                        inner.content.as_ref().map_or(&[][..], |(_, items)| items),
                        &path,
                        names,
                    );
                }
            }
            Item::Struct(item) if is_public(&item.vis) => collect_struct(item, module, names),
            Item::Enum(item) if is_public(&item.vis) => collect_enum(item, module, names),
            Item::Impl(item) if item.trait_.is_none() => collect_methods(item, module, names),
            Item::Static(item) if is_public(&item.vis) => names.push(RustName {
                line: format!("static {module}{}: {}", item.ident, code(&item.ty)),
                kind: Kind::Other,
            }),
            Item::Const(item) if is_public(&item.vis) => names.push(RustName {
                line: format!("const {module}{}: {}", item.ident, code(&item.ty)),
                kind: Kind::Other,
            }),
            Item::Macro(item) => names.extend(defined_by_macro(item, module)),
            _ => {}
        }
    }
}

/// What the macros of the runtime define: the client, and what a call returns.
fn defined_by_macro(item: &syn::ItemMacro, module: &str) -> Vec<RustName> {
    let name = item.mac.path.segments.last();
    if name.is_some_and(|name| name.ident == "client") {
        return vec![RustName {
            line: format!("struct {module}Client"),
            kind: Kind::Other,
        }];
    }
    let returns = |input: ParseStream<'_>| {
        let call: syn::Ident = input.parse()?;
        input.parse::<syn::Token![->]>()?;
        let value: Type = input.parse()?;
        let is_streamed = !input.is_empty();
        input.parse::<proc_macro2::TokenStream>()?;
        Ok((call, value, is_streamed))
    };
    let Ok((call, value, is_streamed)) = item.mac.parse_body_with(returns) else {
        return Vec::new();
    };
    let method = |name: &str, value: &str| RustName {
        line: format!("method {module}{call}: fn {name}(self) -> Result<{value}, Error>"),
        kind: Kind::Method {
            owner: format!("{module}{call}"),
            name: name.to_owned(),
        },
    };
    let mut methods = vec![method("send", &format!("Reply<{}>", code(&value)))];
    methods.extend(is_streamed.then(|| method("send_streaming", "ReplyStream")));
    methods
}

fn collect_struct(item: &ItemStruct, module: &str, names: &mut Vec<RustName>) {
    let name = format!("{module}{}", item.ident);
    let doc = documentation(&item.attrs);
    names.push(RustName {
        line: format!("struct {name}"),
        kind: Kind::Type {
            name: name.clone(),
            doc: doc.clone(),
        },
    });
    let is_named = matches!(item.fields, Fields::Named(_));
    let fields = item.fields.iter().enumerate();
    for (index, field) in fields.filter(|(_, field)| is_public(&field.vis)) {
        let ident = field.ident.as_ref();
        let field_name = ident.map_or_else(|| index.to_string(), ToString::to_string);
        let wire_name = renamed(&field.attrs).unwrap_or_else(|| field_name.clone());
        let shown = if is_named {
            format!(" as `{wire_name}`")
        } else {
            String::new()
        };
        let key = match is_named {
            true if is_flattened(&field.attrs) => FieldKey::Rest,
            true => FieldKey::Property(wire_name),
            false => FieldKey::Whole,
        };
        names.push(RustName {
            line: format!("field {name}.{field_name}: {}{shown}", code(&field.ty)),
            kind: Kind::Field {
                doc: doc.clone(),
                key,
            },
        });
    }
}

fn collect_enum(item: &ItemEnum, module: &str, names: &mut Vec<RustName>) {
    let name = format!("{module}{}", item.ident);
    let doc = documentation(&item.attrs);
    names.push(RustName {
        line: format!("enum {name}"),
        kind: Kind::Type {
            name: name.clone(),
            doc: doc.clone(),
        },
    });
    for (index, variant) in item.variants.iter().enumerate() {
        let fields: Vec<_> = variant.fields.iter().map(|field| code(&field.ty)).collect();
        let fields = if fields.is_empty() {
            String::new()
        } else {
            format!("({})", fields.join(", "))
        };
        let wire_name = renamed(&variant.attrs);
        let shown = wire_name
            .as_ref()
            .map(|name| format!(" as `{name}`"))
            .unwrap_or_default();
        names.push(RustName {
            line: format!("variant {name}::{}{fields}{shown}", variant.ident),
            kind: Kind::Variant {
                owner: name.clone(),
                doc: doc.clone(),
                wire_name: wire_name.unwrap_or_else(|| variant.ident.to_string()),
                index,
                count: item.variants.len(),
            },
        });
    }
}

fn collect_methods(item: &ItemImpl, module: &str, names: &mut Vec<RustName>) {
    let owner = match &*item.self_ty {
        Type::Path(path) => path.path.segments.last(),
        _ => None,
    };
    let owner = owner.map_or_else(String::new, |last| format!("{module}{}", last.ident));
    for method in &item.items {
        let ImplItem::Fn(method) = method else {
            continue;
        };
        if is_public(&method.vis) {
            let (owner_type, signature) = (code(&item.self_ty), code(&method.sig));
            names.push(RustName {
                line: format!("method {module}{owner_type}: {signature}"),
                kind: Kind::Method {
                    owner: owner.clone(),
                    name: method.sig.ident.to_string(),
                },
            });
        }
    }
}

fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

/// The text of the doc comments.
pub(crate) fn documentation(attributes: &[Attribute]) -> String {
    let lines = attributes.iter().filter_map(|attribute| {
        let Meta::NameValue(meta) = &attribute.meta else {
            return None;
        };
        match &meta.value {
            Expr::Lit(ExprLit {
                lit: Lit::Str(text),
                ..
            }) if meta.path.is_ident("doc") => Some(text.value()),
            _ => None,
        }
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// The contents of each `#[serde(…)]` attribute.
fn serde_options(attributes: &[Attribute]) -> impl Iterator<Item = String> + '_ {
    attributes
        .iter()
        .filter(|attribute| attribute.path().is_ident("serde"))
        .filter_map(|attribute| match &attribute.meta {
            Meta::List(list) => Some(list.tokens.to_string()),
            _ => None,
        })
}

/// The name in `#[serde(rename = "…")]`.
pub(crate) fn renamed(attributes: &[Attribute]) -> Option<String> {
    serde_options(attributes).find_map(|text| {
        let (_, rest) = text.split_once("rename = \"")?;
        rest.split_once('"').map(|(name, _)| name.to_owned())
    })
}

fn is_flattened(attributes: &[Attribute]) -> bool {
    serde_options(attributes).any(|text| text.split(',').any(|option| option.trim() == "flatten"))
}

/// Formats code on one line, with conventional spacing instead of that of a token stream.
fn code(tokens: &impl ToTokens) -> String {
    let text = tokens.to_token_stream().to_string();
    let mut tidy = text.replace("& '", "&'");
    for (from, to) in [
        (":: ", "::"),
        (" ::", "::"),
        (" <", "<"),
        ("< ", "<"),
        (" >", ">"),
        (" ,", ","),
        (" (", "("),
        ("( ", "("),
        (" )", ")"),
        (" :", ":"),
        // A parameter of a type with a leading `::`.
        (":::", ": ::"),
        ("& ", "&"),
        ("impl::", "impl ::"),
        ("::std::convert::", ""),
        ("::std::fmt::", ""),
        ("::std::option::Option", "Option"),
        ("::std::string::String", "String"),
        ("::std::vec::Vec", "Vec"),
        ("->", " -> "),
        ("  ", " "),
        ("  ", " "),
        (",)", ")"),
        (",>", ">"),
    ] {
        tidy = tidy.replace(from, to);
    }
    tidy
}
