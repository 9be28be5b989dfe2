//! The version of OpenAPI that a document declares.

use crate::Finding;
use crate::literal::literal;
use crate::tree::{Kind, NodeId, Tree};

/// A version of OpenAPI that is supported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Version {
    /// OpenAPI 3.0.
    V3_0,
    /// OpenAPI 3.1, from which on schemas are JSON Schemas.
    V3_1,
    /// OpenAPI 3.2.
    V3_2,
}

impl Version {
    const ALL: [(&str, Self); 3] = [
        ("3.0", Self::V3_0),
        ("3.1", Self::V3_1),
        ("3.2", Self::V3_2),
    ];

    /// The version that `text` names, for example `3.1.0` or `3.1`; `None` if it is not supported.
    pub fn parse(text: &str) -> Option<Self> {
        let mut versions = Self::ALL.into_iter();
        let found = versions.find(|(name, _)| {
            let patch = text.strip_prefix(name);
            patch.is_some_and(|patch| patch.is_empty() || patch.starts_with('.'))
        });
        found.map(|(_, version)| version)
    }

    /// The version that the document at `root` declares, if it is supported.
    pub(crate) fn of(tree: &Tree, root: NodeId) -> Option<Self> {
        match tree.kind(tree.get(root, "openapi")?) {
            // Without quotes, `3.1` is a number.
            Kind::String(text) | Kind::Number(text) => Self::parse(tree.text(text)),
            _ => None,
        }
    }

    /// The version that the document at `root` declares.
    ///
    /// # Errors
    /// It declares none, or one that is not supported.
    pub(crate) fn declared(tree: &Tree, root: NodeId) -> Result<Self, Finding> {
        if let Some(version) = Self::of(tree, root) {
            return Ok(version);
        }
        let (openapi, swagger) = (tree.get(root, "openapi"), tree.get(root, "swagger"));
        let (message, help) = match (openapi, swagger) {
            (Some(version), _) => (
                format!(
                    "unsupported version {}",
                    literal(&tree.scalar_text(version))
                ),
                "use a version such as `3.0.3`, `3.1.0` or `3.2.0`",
            ),
            (None, Some(version)) => (
                format!("Swagger {} is not supported", tree.scalar_text(version)),
                "convert the document to OpenAPI 3.0 or later, for example with `swagger2openapi`",
            ),
            (None, None) => (
                "this is not an OpenAPI document: `openapi` is missing".to_owned(),
                "begin the document with `openapi: 3.0.3` or `openapi: 3.1.0`",
            ),
        };
        let place = openapi.or(swagger).unwrap_or(root);
        Err(tree.finding("openapi-version", place, message, help))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_patch_number_does_not_matter() {
        for (text, version) in [
            ("3.0.3", Some(Version::V3_0)),
            ("3.1", Some(Version::V3_1)),
            ("3.1.0-rc0", Some(Version::V3_1)),
            ("3.2.0", Some(Version::V3_2)),
            ("3.10.0", None),
            ("2.0", None),
            ("3", None),
            ("", None),
        ] {
            assert_eq!(Version::parse(text), version, "{text}");
        }
    }
}
