//! What the schemas of a document are in Rust: shapes that can be written in place, and definitions that have a name.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use spec_first_document::survey::Travels;

/// The type of a value.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Shape {
    /// Any JSON value.
    Any,
    Boolean,
    Integer,
    /// An integer that can be larger than the largest signed one.
    Unsigned,
    Number,
    Text,
    Secret,
    Timestamp,
    /// A type of the client's own, by its path.
    Replaced(String),
    /// A definition, by its index.
    Named(usize),
    List(Box<Shape>),
    Map(Box<Shape>),
    Nullable(Box<Shape>),
}

impl Shape {
    /// This shape or `null`.
    pub(super) fn nullable(self) -> Self {
        match self {
            Self::Any | Self::Nullable(_) => self,
            other => Self::Nullable(Box::new(other)),
        }
    }

    /// The shape without `null`.
    pub(super) fn not_null(&self) -> &Self {
        match self {
            Self::Nullable(inner) => inner,
            other => other,
        }
    }

    /// Whether it is a Boolean, a number or a text that can be shown.
    pub(super) fn is_scalar(&self) -> bool {
        let is_number = matches!(self, Self::Integer | Self::Unsigned | Self::Number);
        is_number || matches!(self, Self::Boolean | Self::Text | Self::Timestamp)
    }

    /// The definition that a value of this shape is one of or contains, with whether it contains it directly.
    pub(super) fn named(&self) -> Option<(usize, bool)> {
        match self {
            Self::Named(index) => Some((*index, true)),
            Self::Nullable(inner) => inner.named(),
            Self::List(inner) | Self::Map(inner) => Some((inner.named()?.0, false)),
            _ => None,
        }
    }
}

/// A type with a name.
#[derive(Debug)]
pub(super) struct Definition {
    pub(super) name: String,
    pub(super) documentation: String,
    pub(super) content: Content,
    /// The directions in which its values are sent.
    pub(super) travels: Travels,
}

impl Definition {
    /// Whether the server may send it. What no operation uses may be sent, for all that is known.
    pub(super) fn is_received(&self) -> bool {
        self.travels.response || !self.travels.request
    }

    /// As typify does where there is no documentation.
    pub(super) fn documentation_or_name(&self) -> String {
        match self.documentation.is_empty() {
            true => format!("`{}`", self.name),
            false => self.documentation.clone(),
        }
    }

    /// Whether the client may send it.
    pub(super) fn is_sent(&self) -> bool {
        self.travels.request || !self.travels.response
    }
}

#[derive(Debug)]
pub(super) enum Content {
    Struct(Struct),
    Enum(Enum),
    Union(Union),
    /// A type of its own around another.
    Newtype(Shape),
    /// Another name.
    Alias(Shape),
}

#[derive(Debug, Default)]
pub(super) struct Struct {
    pub(super) fields: Vec<Field>,
    /// The type of properties that are not listed, if the document says it.
    pub(super) additional: Option<Shape>,
    /// Whether the document allows no properties that are not listed.
    pub(super) is_closed: bool,
}

#[derive(Debug)]
pub(super) struct Field {
    /// The name of the property.
    pub(super) property: String,
    /// The name of the field.
    pub(super) name: String,
    pub(super) shape: Shape,
    pub(super) documentation: String,
    pub(super) is_required: bool,
    pub(super) is_read_only: bool,
    pub(super) is_write_only: bool,
    /// Whether it is kept in a box, because it is large.
    pub(super) is_boxed: bool,
    /// Whether it is secret, and of a type that would show it.
    pub(super) is_hidden: bool,
    /// The only value that the document allows, if it is a single one.
    pub(super) constant: Option<String>,
}

impl Field {
    pub(super) fn property(&self) -> &str {
        &self.property
    }

    /// Whether a value of `holder` has it in every direction in which it is sent.
    pub(super) fn is_always_present(&self, holder: &Definition) -> bool {
        let is_left_out =
            (self.is_read_only && holder.is_sent()) || (self.is_write_only && holder.is_received());
        self.is_required && !is_left_out
    }

    /// Whether absent and `null` mean different things in a request, so that both can be sent.
    pub(super) fn has_three_states(&self, holder: &Definition) -> bool {
        let is_sent = holder.is_sent() && !self.is_read_only;
        is_sent && matches!(self.shape, Shape::Nullable(_)) && !self.is_always_present(holder)
    }
}

#[derive(Debug)]
pub(super) struct Enum {
    pub(super) values: Vec<String>,
    /// Whether the document allows other texts too.
    pub(super) is_open: bool,
}

#[derive(Debug)]
pub(super) struct Union {
    pub(super) branches: Vec<Branch>,
}

#[derive(Debug)]
pub(super) struct Branch {
    pub(super) variant: String,
    pub(super) shape: Shape,
    /// The property that selects the branch, and its values.
    pub(super) discriminator: Option<(String, Vec<String>)>,
    /// Whether it is kept in a box, because it contains its union or is large.
    pub(super) is_boxed: bool,
}

/// The Rust type of a shape; `scope` is where the definitions are.
pub(super) fn rust_type(
    shape: &Shape,
    definitions: &[Definition],
    scope: &TokenStream,
) -> TokenStream {
    let inner = |shape: &Shape| rust_type(shape, definitions, scope);
    match shape {
        Shape::Any => quote!(::serde_json::Value),
        Shape::Boolean => quote!(bool),
        Shape::Integer => quote!(i64),
        Shape::Unsigned => quote!(u64),
        Shape::Number => quote!(f64),
        Shape::Text => quote!(::std::string::String),
        Shape::Secret => quote!(::spec_first_runtime::Secret),
        Shape::Timestamp => quote!(::spec_first_runtime::Timestamp),
        Shape::Replaced(path) => path.parse().unwrap_or_else(|_| quote!(::serde_json::Value)),
        Shape::Named(index) => {
            let name = format_ident!("{}", definitions[*index].name);
            quote!(#scope #name)
        }
        Shape::List(items) => {
            let items = inner(items);
            quote!(::std::vec::Vec<#items>)
        }
        Shape::Map(values) if **values == Shape::Any => {
            quote!(::serde_json::Map<::std::string::String, ::serde_json::Value>)
        }
        Shape::Map(values) => {
            let values = inner(values);
            quote!(::std::collections::HashMap<::std::string::String, #values>)
        }
        Shape::Nullable(shape) => {
            let shape = inner(shape);
            quote!(::std::option::Option<#shape>)
        }
    }
}
