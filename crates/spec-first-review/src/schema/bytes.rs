//! Equates the ways to describe bytes in OpenAPI 3.0 and 3.1: `format: binary` with `contentMediaType` or no keyword at all, and
//! `format: byte` with `contentEncoding: base64`.

use super::comparison::Comparison;
use super::conjunction::Context;
use crate::change::Flow;
use spec_first_document::tree::{Kind, NodeId};

/// What a schema says about bytes, if it says nothing else.
#[derive(Debug, Default)]
struct Bytes<'a> {
    is_base64: bool,
    media_type: Option<&'a str>,
}

impl Comparison<'_> {
    /// Whether bytes can be sent here, and both schemas describe the same ones.
    pub(crate) fn are_same_bytes(&self, base: &[NodeId], head: &[NodeId], flow: Flow) -> bool {
        if !flow.notation.can_be_bytes() {
            return false;
        }
        let (Some(old), Some(new)) = (self.base.bytes(base), self.head.bytes(head)) else {
            return false;
        };
        let media_types = old.media_type.zip(new.media_type);
        old.is_base64 == new.is_base64 && media_types.is_none_or(|(old, new)| old == new)
    }
}

impl<'a> Context<'a> {
    /// What the schemas say about bytes; `None` if they say anything else.
    fn bytes(self, schemas: &[NodeId]) -> Option<Bytes<'a>> {
        const MOST: usize = 64;
        let tree = self.tree;
        let mut bytes = Bytes::default();
        let (mut is_string, mut is_marked) = (false, false);
        let mut open = schemas.to_vec();
        let mut read = 0;
        while let Some(schema) = open.pop() {
            read += 1;
            let schema = self.references.follow(tree, schema)?;
            if read > MOST || tree.kind(schema) == Kind::Boolean(false) {
                return None;
            }
            for (keyword, value) in tree.entries(schema) {
                match (tree.text(keyword), tree.string(value)) {
                    ("type", Some("string")) => is_string = true,
                    ("format", Some("binary")) => is_marked = true,
                    ("format", Some("byte")) | ("contentEncoding", Some("base64")) => {
                        (is_marked, bytes.is_base64) = (true, true);
                    }
                    ("contentMediaType", Some(media_type)) => {
                        is_marked = true;
                        bytes.media_type = Some(media_type);
                    }
                    ("allOf", _) => open.extend(tree.items(value)),
                    _ if self.is_bare_keyword(keyword, value) => {}
                    _ => return None,
                }
            }
        }
        (is_marked || !is_string).then_some(bytes)
    }
}
