//! A set of JSON types.

use std::fmt;

/// A set of types. `number` consists of integers and fractions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Types(u8);

impl Types {
    pub(crate) const NONE: Self = Self(0);
    pub(crate) const NULL: Self = Self(1);
    pub(crate) const BOOLEAN: Self = Self(2);
    pub(crate) const INTEGER: Self = Self(4);
    pub(crate) const NUMBER: Self = Self(4 | 8);
    pub(crate) const STRING: Self = Self(16);
    pub(crate) const ARRAY: Self = Self(32);
    pub(crate) const OBJECT: Self = Self(64);
    pub(crate) const ALL: Self = Self(127);

    /// The groups of types that are compared with each other: an integer with a number, but not with a string.
    pub(crate) const GROUPS: [Self; 6] = [
        Self::NULL,
        Self::BOOLEAN,
        Self::NUMBER,
        Self::STRING,
        Self::ARRAY,
        Self::OBJECT,
    ];

    pub(crate) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "null" => Self::NULL,
            "boolean" => Self::BOOLEAN,
            "integer" => Self::INTEGER,
            "number" => Self::NUMBER,
            "string" => Self::STRING,
            "array" => Self::ARRAY,
            "object" => Self::OBJECT,
            _ => return None,
        })
    }

    pub(crate) fn of(value: &serde_json::Value) -> Self {
        match value {
            serde_json::Value::Null => Self::NULL,
            serde_json::Value::Bool(_) => Self::BOOLEAN,
            serde_json::Value::Number(number) if number.is_f64() => Self(8),
            serde_json::Value::Number(_) => Self::INTEGER,
            serde_json::Value::String(_) => Self::STRING,
            serde_json::Value::Array(_) => Self::ARRAY,
            serde_json::Value::Object(_) => Self::OBJECT,
        }
    }

    pub(crate) fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    pub(crate) fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(crate) fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    pub(crate) fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub(crate) fn meets(self, other: Self) -> bool {
        !self.and(other).is_empty()
    }
}

impl Default for Types {
    /// The types that a schema allows without `type`.
    fn default() -> Self {
        Self::ALL
    }
}

impl fmt::Display for Types {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if *self == Self::ALL {
            return formatter.write_str("any type");
        }
        let names = [
            (Self::NULL, "`null`"),
            (Self::BOOLEAN, "`boolean`"),
            (Self::NUMBER, "`number`"),
            (Self::INTEGER, "`integer`"),
            (Self::STRING, "`string`"),
            (Self::ARRAY, "`array`"),
            (Self::OBJECT, "`object`"),
        ];
        let mut rest = *self;
        let mut written = Vec::new();
        for (types, name) in names {
            if rest.and(types) == types {
                written.push(name);
                rest = rest.without(types);
            }
        }
        if !rest.is_empty() {
            written.push("fractions");
        }
        formatter.write_str(&written.join(" or "))
    }
}
