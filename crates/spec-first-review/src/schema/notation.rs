//! How values are written: a number in JSON is a string in a query, a header or a form.

use crate::change::Flow;
use spec_first_document::tree::{NodeId, Tree};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Notation {
    /// JSON, or a format that is read like it.
    Json,
    /// XML, where names may differ from those of the properties.
    Xml,
    /// A form, with the `encoding` of its fields in the base and in the head.
    Form {
        is_multipart: bool,
        encodings: [Option<NodeId>; 2],
    },
    /// A field of a form. An object is written as JSON.
    Field(Arrays),
    /// A parameter or a header. The properties of an object are written as strings.
    Parameter(Arrays),
    /// An item in a field of a form.
    Item,
    /// An item or a property that is written as a string.
    Text,
    /// Any other format, which is not known to be read like JSON.
    Other,
}

/// How the items of an array are written as strings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Arrays {
    /// With the name repeated for each item, so that one item is written like a single value.
    Repeated,
    /// With separators between the items.
    Separated,
    /// In a way that single values are never written.
    Other,
}

impl Notation {
    /// Whether the value is written as one or more strings.
    pub(crate) fn is_text(self) -> bool {
        matches!(
            self,
            Self::Field(_) | Self::Parameter(_) | Self::Item | Self::Text
        )
    }

    /// Whether the value can be bytes that are not text.
    pub(crate) fn can_be_bytes(self) -> bool {
        matches!(self, Self::Field(_) | Self::Item | Self::Other)
    }

    /// The notation of a body with this media type.
    pub(crate) fn of_body(media_type: &str) -> Self {
        let (essence, _) = media_type.split_once(';').unwrap_or((media_type, ""));
        let is = |name: &str| {
            let suffix = essence.strip_suffix(name);
            suffix.is_some_and(|rest| rest.ends_with(['/', '+']))
        };
        if is("json") {
            Self::Json
        } else if is("xml") {
            Self::Xml
        } else {
            Self::Other
        }
    }

    /// The notation of a field of a form. Without a name, of the fields that are not described by name.
    fn of_field(
        tree: &Tree,
        name: Option<&str>,
        is_multipart: bool,
        encodings: [Option<NodeId>; 2],
    ) -> Self {
        let mut written = encodings.into_iter().flatten();
        let Some(name) = name else {
            return match written.next() {
                Some(_) => Self::Json,
                None => Self::Field(Arrays::Repeated),
            };
        };
        let mut arrays = Arrays::Repeated;
        for encoding in written.filter_map(|encodings| tree.get(encodings, name)) {
            let content_type = tree.get_string(encoding, "contentType");
            if let Some(content_type) = content_type
                && !content_type.starts_with("text/plain")
            {
                return match Self::of_body(content_type) {
                    Self::Other => Self::Other,
                    _ => Self::Json,
                };
            }
            let has = |keyword| tree.get(encoding, keyword).is_some();
            if !is_multipart && (has("style") || has("explode")) {
                arrays = Arrays::Other;
            }
        }
        Self::Field(arrays)
    }
}

impl Flow {
    fn written_as(self, notation: Notation) -> Self {
        Self { notation, ..self }
    }

    /// The flow of a property of an object. Without a name, of the properties that are not described by name.
    pub(crate) fn of_member(self, tree: &Tree, name: Option<&str>) -> Self {
        self.written_as(match self.notation {
            Notation::Form {
                is_multipart,
                encodings,
            } => Notation::of_field(tree, name, is_multipart, encodings),
            Notation::Parameter(_) => Notation::Text,
            Notation::Field(_) | Notation::Item | Notation::Text | Notation::Other => {
                Notation::Json
            }
            Notation::Json | Notation::Xml => self.notation,
        })
    }

    /// The flow of an item of an array.
    pub(crate) fn of_item(self) -> Self {
        self.written_as(match self.notation {
            Notation::Field(_) => Notation::Item,
            Notation::Parameter(_) => Notation::Text,
            Notation::Form { .. } | Notation::Item | Notation::Text => Notation::Json,
            // If a part has several files, each is a part.
            Notation::Json | Notation::Xml | Notation::Other => self.notation,
        })
    }

    /// The flow for comparing values as JSON tells them apart. Under `not`, for instance, more strings do not mean more values.
    pub(crate) fn of_values(self) -> Self {
        self.written_as(match self.notation {
            Notation::Xml => Notation::Xml,
            _ => Notation::Json,
        })
    }
}
