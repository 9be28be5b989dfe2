//! Reads JSON one level at a time, so that unknown members are skipped, whatever their depth or the size of their numbers.

use std::borrow::Cow;
use std::cell::Cell;
use std::fmt;

use serde::de::value::MapDeserializer;
use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, Visitor};
use serde::forward_to_deserialize_any;
use serde_json::value::RawValue;

/// The members of an object, each as text, sorted by name. If several have the same name, the last one counts.
pub(crate) struct Members<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'a> Members<'a> {
    /// These members, in the order of the object.
    pub(crate) fn new(mut members: Vec<(Cow<'a, str>, &'a RawValue)>) -> Self {
        // Of equal names, sorting keeps the order and `dedup_by` the first.
        members.reverse();
        members.sort_by(|(name, _), (other, _)| name.cmp(other));
        members.dedup_by(|(name, _), (other, _)| name == other);
        Self(members)
    }

    /// The members of `json`, if it is an object.
    pub(crate) fn of(json: &'a RawValue) -> Option<Self> {
        serde_json::from_str(json.get()).ok()
    }

    pub(crate) fn get(&self, name: &str) -> Option<&'a RawValue> {
        let found = self.0.binary_search_by(|(known, _)| (**known).cmp(name));
        found.ok().map(|index| self.0[index].1)
    }

    /// The members by name, in alphabetical order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &'a RawValue)> {
        self.0.iter().map(|(name, value)| (&**name, *value))
    }
}

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Collect;

        impl<'de> Visitor<'de> for Collect {
            type Value = Members<'de>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some((name, value)) = map.next_entry::<&RawValue, &RawValue>()? {
                    if let Some(name) = text_of(name) {
                        members.push((name, value));
                    }
                }
                Ok(Members::new(members))
            }
        }

        deserializer.deserialize_map(Collect)
    }
}

/// The text of a name. One that is not Unicode, such as half of a surrogate pair, is unknown.
fn text_of(name: &RawValue) -> Option<Cow<'_, str>> {
    let quoted = name.get();
    let text = quoted.strip_prefix('"')?.strip_suffix('"')?;
    match text.contains('\\') {
        true => serde_json::from_str(quoted).ok().map(Cow::Owned),
        false => Some(Cow::Borrowed(text)),
    }
}

/// A JSON deserializer that passes only known members to a struct, and records whether there were any.
pub(crate) struct Value<'a> {
    json: &'a RawValue,
    has_known_member: Cell<Option<bool>>,
}

impl<'a> Value<'a> {
    pub(crate) fn new(json: &'a RawValue) -> Self {
        Self {
            json,
            has_known_member: Cell::new(None),
        }
    }

    /// Whether the JSON has a member of the struct that was read; `None` if something else was read, such as a list or a map.
    pub(crate) fn has_known_member(&self) -> Option<bool> {
        self.has_known_member.get()
    }
}

impl<'de> Deserializer<'de> for &Value<'de> {
    type Error = serde_json::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        self.json.deserialize_any(visitor)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        // serde also reads structs from arrays, by position.
        let members = Members::of(self.json).ok_or_else(|| Self::Error::custom("not an object"))?;
        self.has_known_member.set(Some(false));
        let known = fields.iter().filter_map(|name| {
            let value = members.get(name)?;
            self.has_known_member.set(Some(true));
            Some((*name, value))
        });
        visitor.visit_map(MapDeserializer::new(known))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        match self.json.get() {
            "null" => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        self.json.deserialize_enum(name, variants, visitor)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map identifier ignored_any
    }
}
