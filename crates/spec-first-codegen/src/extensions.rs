//! The extensions by which a document says what OpenAPI has no words for, and what is wrong with their values.

use spec_first_document::{Document, Node, OperationNode, Pointer};

/// On an operation: whether it is idempotent, if the method does not tell (RFC 9110, section 9.2.2).
pub(crate) const IDEMPOTENT: &str = "x-idempotent";

/// On a string component: the path of the Rust type that replaces it in the client.
///
/// typify reads an object under this name; that form is left to typify.
pub(crate) const RUST_TYPE: &str = "x-rust-type";

/// On an object schema: which property holds the value, and the values of the properties that report success.
pub(crate) const ENVELOPE: &str = "x-envelope";

/// On a security scheme that is an API key in a header: the header has a signature of the body in it instead of the key.
pub(crate) const SIGNATURE: &str = "x-signature";

/// On a schema: whether properties with it explain an error in words.
pub(crate) const ERROR_MESSAGE: &str = "x-error-message";

/// On the document: attributes in Rust that every generated type gets, such as
/// `cfg_attr(feature = "schemars", derive(schemars::JsonSchema))`.
pub(crate) const RUST_ATTRIBUTES: &str = "x-rust-attributes";

/// An object that wraps a value.
pub(crate) struct Envelope<'a> {
    /// The property with the value; `None` if the object only reports the outcome.
    pub(crate) value: Option<&'a str>,
    /// The properties that report success, in order of precedence, with the value that does.
    pub(crate) success: Vec<(&'a str, Marker<'a>)>,
}

/// The value of a property that reports success.
pub(crate) enum Marker<'a> {
    Number(i64),
    Text(&'a str),
}

/// The Rust path that replaces `schema`.
pub(crate) fn rust_type(schema: Node<'_>) -> Option<&str> {
    schema.get(RUST_TYPE)?.as_str()
}

/// The attributes that every generated type gets.
pub(crate) fn rust_attributes(document: &Document) -> Vec<syn::Attribute> {
    let written = document.root().items_of(RUST_ATTRIBUTES);
    written.iter().filter_map(rust_attribute).collect()
}

fn rust_attribute(written: Node<'_>) -> Option<syn::Attribute> {
    let meta: syn::Meta = syn::parse_str(written.as_str()?).ok()?;
    Some(syn::parse_quote!(#[#meta]))
}

/// What is wrong with the extensions of the document.
pub(crate) fn mistakes_in_document(document: &Document) -> Vec<Mistake> {
    let pointer = Pointer::root().child(RUST_ATTRIBUTES);
    let Some(written) = document.root().get(RUST_ATTRIBUTES) else {
        return Vec::new();
    };
    let help = "write a list of attributes without `#[` and `]`, such as `[derive(Hash)]`";
    let mistake = |pointer, message: &str| Mistake {
        pointer,
        message: format!("`{RUST_ATTRIBUTES}` {message}"),
        help: help.to_owned(),
    };
    if !written.is_sequence() {
        return vec![mistake(pointer, "is not a list")];
    }
    let items = written.items().iter().enumerate();
    items
        .filter(|(_, item)| rust_attribute(*item).is_none())
        .map(|(index, _)| mistake(pointer.child(index), "has an item that is not an attribute"))
        .collect()
}

/// Whether `schema` explains an error.
pub(crate) fn is_error_message(schema: Node<'_>) -> bool {
    schema.is_true(ERROR_MESSAGE)
}

/// What precedes the hexadecimal signature in the header of `scheme`, if it is one.
pub(crate) fn signature_prefix(scheme: Node<'_>) -> Option<&str> {
    Some(scheme.get(SIGNATURE)?.str_of("prefix").unwrap_or_default())
}

/// What is wrong with the extensions of the security scheme at `pointer`.
pub(crate) fn mistakes_in_scheme(pointer: &Pointer, scheme: Node<'_>) -> Option<Mistake> {
    let written = scheme.get(SIGNATURE)?;
    let is_header =
        scheme.str_of("type") == Some("apiKey") && scheme.str_of("in") == Some("header");
    let is_known = written.str_of("algorithm") == Some("hmac-sha256")
        && written
            .get("prefix")
            .is_none_or(|prefix| prefix.as_str().is_some());
    let (message, help) = match (is_header, is_known) {
        (false, _) => (
            "is for an API key in a header, so it would be ignored",
            "use `type: apiKey`, `in: header` and the name of the header",
        ),
        (true, false) => (
            "is not a signature that the client knows",
            "write `{algorithm: hmac-sha256}`, with `prefix: TEXT` if something precedes it in the header",
        ),
        (true, true) => return None,
    };
    Some(Mistake {
        pointer: pointer.child(SIGNATURE),
        message: format!("`{SIGNATURE}` {message}"),
        help: help.to_owned(),
    })
}

/// Whether `schema` allows any value: it has nothing but annotations.
pub(crate) fn allows_anything(schema: Node<'_>) -> bool {
    const ANNOTATIONS: [&str; 7] = [
        "title",
        "description",
        "default",
        "example",
        "examples",
        "deprecated",
        "$comment",
    ];
    let mut keys = schema.entries().iter().map(|entry| entry.key);
    keys.all(|key| key.starts_with("x-") || ANNOTATIONS.contains(&key))
}

/// What `schema` says about the value that it wraps.
pub(crate) fn envelope(schema: Node<'_>) -> Option<Envelope<'_>> {
    let declared = schema.get(ENVELOPE)?;
    let success = declared.entries_of("success");
    let success = success
        .iter()
        .filter_map(|entry| Some((entry.key, marker(entry.value)?)));
    Some(Envelope {
        value: declared.str_of("value"),
        success: success.collect(),
    })
}

fn marker(value: Node<'_>) -> Option<Marker<'_>> {
    let text = value.as_str().map(Marker::Text);
    text.or_else(|| value.to_json().as_i64().map(Marker::Number))
}

/// A value that would be ignored, and what to write instead.
pub(crate) struct Mistake {
    pub(crate) pointer: Pointer,
    pub(crate) message: String,
    pub(crate) help: String,
}

/// What is wrong with the extensions of an operation.
pub(crate) fn mistakes_in_operation(operation: &OperationNode<'_>) -> Option<Mistake> {
    let written = operation.node.get(IDEMPOTENT)?;
    not_a_boolean(
        written,
        operation.pointer().child(IDEMPOTENT),
        "use `true` if the operation may be sent twice, otherwise `false`, without quotes",
    )
}

/// What is wrong with the extensions of the schema at `pointer`.
pub(crate) fn mistakes_in_schema(
    document: &Document,
    pointer: &Pointer,
    schema: Node<'_>,
) -> Vec<Mistake> {
    let mut mistakes = Vec::new();
    if let Some(written) = schema.get(RUST_TYPE) {
        mistakes.extend(rust_type_mistake(pointer, schema, written));
    }
    if let Some(written) = schema.get(ERROR_MESSAGE) {
        mistakes.extend(not_a_boolean(
            written,
            pointer.child(ERROR_MESSAGE),
            "use `true` if the properties with this schema explain an error, without quotes",
        ));
    }
    if let Some(written) = schema.get(ENVELOPE) {
        envelope_mistakes(
            document,
            &pointer.child(ENVELOPE),
            schema,
            written,
            &mut mistakes,
        );
    }
    mistakes
}

fn rust_type_mistake(pointer: &Pointer, schema: Node<'_>, written: Node<'_>) -> Option<Mistake> {
    if written.is_mapping() {
        return None;
    }
    let is_component =
        pointer.parent().as_ref().map(Pointer::as_str) == Some("/components/schemas");
    let (message, help) = if written
        .as_str()
        .is_none_or(|path| syn::parse_str::<syn::TypePath>(path).is_err())
    {
        (
            "is not the path of a Rust type",
            "write a path such as `crate::color::Color`",
        )
    } else if !is_component || schema.str_of("type") != Some("string") {
        (
            "replaces only strings in `components.schemas`, so it would be ignored",
            "move the schema there and refer to it",
        )
    } else {
        return None;
    };
    Some(Mistake {
        pointer: pointer.child(RUST_TYPE),
        message: format!("`{RUST_TYPE}` {message}"),
        help: help.to_owned(),
    })
}

fn envelope_mistakes(
    document: &Document,
    pointer: &Pointer,
    schema: Node<'_>,
    written: Node<'_>,
    mistakes: &mut Vec<Mistake>,
) {
    let mut report = |pointer: Pointer, message: String, help: &str| {
        mistakes.push(Mistake {
            pointer,
            message,
            help: help.to_owned(),
        });
    };
    let property = |name: &str| {
        schema
            .get("properties")
            .and_then(|properties| properties.get(name))
    };
    let value = written.str_of("value");
    if value.is_none() && (written.get("value").is_some() || written.get("success").is_none()) {
        report(
            pointer.clone(),
            format!(
                "`{ENVELOPE}` names neither the property with the value nor what reports success"
            ),
            "add `value: NAME`, `success: {NAME: VALUE}` or both",
        );
        return;
    }
    if let Some(value) = value {
        envelope_value_mistakes(document, pointer, schema, value, &mut report);
    }
    for entry in written.entries_of("success") {
        let is_property = property(entry.key).is_some() || allows_anything(schema);
        if !is_property || marker(entry.value).is_none() {
            report(
                pointer.child("success").child(entry.key),
                format!(
                    "`{}` is not a property, or its value is neither a string nor an integer",
                    entry.key
                ),
                "name a property of the envelope, and the value that reports success",
            );
        }
    }
}

fn envelope_value_mistakes(
    document: &Document,
    pointer: &Pointer,
    schema: Node<'_>,
    value: &str,
    report: &mut dyn FnMut(Pointer, String, &str),
) {
    let property = schema
        .get("properties")
        .and_then(|properties| properties.get(value));
    let target = property.and_then(|value| Some((value, document.resolve(value)?)));
    match target {
        Some((reference, target)) if reference.get("$ref").is_some() => {
            let own = target.get("properties").and_then(|own| own.get(value));
            if own.is_some() {
                report(
                    pointer.child("value"),
                    format!(
                        "the value has a property `{value}` too, so it cannot be told from its envelope"
                    ),
                    "remove the extension; the operation then returns the envelope",
                );
            }
        }
        _ => report(
            pointer.child("value"),
            format!("`{value}` is not a property with a `$ref` to a component"),
            "move the schema of the value to `components.schemas` and refer to it",
        ),
    }
}

fn not_a_boolean(written: Node<'_>, pointer: Pointer, help: &str) -> Option<Mistake> {
    let name = pointer.last().unwrap_or_default();
    written.as_bool().is_none().then(|| Mistake {
        pointer,
        message: format!("`{name}` is neither `true` nor `false`, so it would be ignored"),
        help: help.to_owned(),
    })
}
