//! The version of OpenAPI that a document declares.

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
