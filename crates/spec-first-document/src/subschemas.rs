//! The keywords of JSON Schema that contain schemas.

/// How a keyword contains schemas.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subschemas {
    /// The value is a schema: `items`.
    One,
    /// The value is a list of schemas: `allOf`.
    List,
    /// The value is a mapping of names to schemas: `properties`.
    Named,
}

impl Subschemas {
    /// How `keyword` contains schemas in JSON Schema 2020-12; `None` if it contains none.
    pub fn of(keyword: &str) -> Option<Self> {
        match keyword {
            "additionalProperties"
            | "contains"
            | "contentSchema"
            | "else"
            | "if"
            | "items"
            | "not"
            | "propertyNames"
            | "then"
            | "unevaluatedItems"
            | "unevaluatedProperties" => Some(Self::One),
            "allOf" | "anyOf" | "oneOf" | "prefixItems" => Some(Self::List),
            "$defs" | "dependentSchemas" | "patternProperties" | "properties" => Some(Self::Named),
            _ => None,
        }
    }
}
