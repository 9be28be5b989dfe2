//! How values are written: what is a number in JSON is a text in a query, a header or a form.

use crate::change::Flow;
use spec_first_document::tree::{NodeId, Tree};

/// How a value is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Notation {
    /// JSON, or what is read like it.
    Json,
    /// XML, where names are not those of the properties.
    Xml,
    /// A form, with the `encoding` of its fields in the base and in the head.
    Form {
        is_multipart: bool,
        encodings: [Option<NodeId>; 2],
    },
    /// A field of a form. If it is an object, that is JSON.
    Field(Arrays),
    /// A parameter or a header. If it is an object, its members are texts.
    Parameter(Arrays),
    /// An item of a field of a form.
    Item,
    /// An item or a member that is written as text.
    Text,
    /// What is not read like JSON, as far as it is known.
    Other,
}

/// How the items of an array are written as texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Arrays {
    /// Each with the name, so that one item is written as a single value is.
    Repeated,
    /// With separators in between.
    Separated,
    /// In a way that single values are not written in.
    Other,
}

impl Notation {
    /// Whether the value is a text, or made of texts.
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

    /// How a body of this media type is written.
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

    /// How one field of a form is written; without a name, one that is not described by name.
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

    /// How a member of an object travels; without a name, one that is not described by name.
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

    /// How an item of an array travels.
    pub(crate) fn of_item(self) -> Self {
        self.written_as(match self.notation {
            Notation::Field(_) => Notation::Item,
            Notation::Parameter(_) => Notation::Text,
            Notation::Form { .. } | Notation::Item | Notation::Text => Notation::Json,
            // Of several files in a part, each is a part.
            Notation::Json | Notation::Xml | Notation::Other => self.notation,
        })
    }

    /// The same where values are told apart as JSON has them: under `not`, for instance, more texts are not more values.
    pub(crate) fn of_values(self) -> Self {
        self.written_as(match self.notation {
            Notation::Xml => Notation::Xml,
            _ => Notation::Json,
        })
    }
}
