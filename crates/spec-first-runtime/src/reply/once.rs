//! Reads a response in one pass, where nothing in it is unusual. Does not say what is wrong with any other.

use std::borrow::Cow;
use std::marker::PhantomData;

use serde::de::value::BorrowedStrDeserializer;
use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, Visitor,
};
use serde::forward_to_deserialize_any;
use serde_json::value::RawValue;

use super::outcome::{Outcome, reports_outcome};
use super::{Envelope, Read, Shape};
use crate::members::Members;

/// What was found in a response.
#[derive(Debug, PartialEq)]
pub(crate) struct Found<T> {
    /// The value, or the path of what cannot be read.
    pub(super) read: Result<Read<T>, String>,
    /// Whether it has a member of the struct that was read, or is a value of another type.
    pub(super) has_known_member: bool,
    pub(super) outcome: Outcome,
}

/// What a pass is looking for, and what it has found so far.
struct Pass<'e, 'de, T> {
    envelope: Option<&'e Envelope>,
    is_object: bool,
    has_known_member: bool,
    reports: Vec<(Cow<'de, str>, &'de RawValue)>,
    /// The value in the envelope.
    wrapped: Option<Wrapped<T>>,
    /// Whether all members of the envelope were read.
    is_whole: bool,
}

struct Wrapped<T> {
    value: T,
    has_known_member: bool,
}

/// The value of `json`, bare or in `envelope`. `None` if it cannot be read in one pass, for instance because the JSON is invalid, a
/// member has another type or appears twice, or the value is not an object.
pub(super) fn read<T: DeserializeOwned>(
    json: &str,
    envelope: Option<&Envelope>,
) -> Option<Found<T>> {
    let mut pass = Pass::new(envelope);
    let mut deserializer = serde_json::Deserializer::from_str(json);
    let bare = T::deserialize(Known {
        json: &mut deserializer,
        pass: &mut pass,
    });
    deserializer.end().ok()?;
    let (value, shape, has_known_member) = match (pass.wrapped, bare) {
        // The members of the envelope need not make a value.
        (Some(wrapped), _) if pass.is_whole => {
            (wrapped.value, Shape::Enveloped, wrapped.has_known_member)
        }
        (None, Ok(value)) if pass.is_object || envelope.is_none() => {
            (value, Shape::Flat, pass.has_known_member)
        }
        _ => return None,
    };
    let outcome = match envelope {
        Some(envelope) if !pass.reports.is_empty() => {
            Outcome::of(&Members::new(pass.reports), envelope.success)
        }
        _ => Outcome::Unsaid,
    };
    Some(Found {
        read: Ok(Read { value, shape }),
        has_known_member,
        outcome,
    })
}

impl<'e, T> Pass<'e, '_, T> {
    fn new(envelope: Option<&'e Envelope>) -> Self {
        Self {
            envelope,
            is_object: false,
            has_known_member: false,
            reports: Vec::new(),
            wrapped: None,
            is_whole: false,
        }
    }
}

/// JSON of which only known members are passed on to a struct.
struct Known<'p, 'e, 'de, D, T> {
    json: D,
    pass: &'p mut Pass<'e, 'de, T>,
}

impl<'de, D: Deserializer<'de>, T: DeserializeOwned> Deserializer<'de>
    for Known<'_, '_, 'de, D, T>
{
    type Error = D::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        self.json.deserialize_any(visitor)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        self.pass.is_object = true;
        // Not `deserialize_struct`, which also reads an array, by position.
        self.json.deserialize_map(Object {
            visitor,
            fields,
            pass: self.pass,
        })
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        visitor.visit_newtype_struct(self)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct seq tuple
        tuple_struct map enum identifier ignored_any
    }
}

/// The visitor of a struct.
struct Object<'p, 'e, 'de, V, T> {
    visitor: V,
    fields: &'static [&'static str],
    pass: &'p mut Pass<'e, 'de, T>,
}

impl<'de, V: Visitor<'de>, T: DeserializeOwned> Visitor<'de> for Object<'_, '_, 'de, V, T> {
    type Value = V::Value;

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.visitor.expecting(formatter)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        self.visitor.visit_map(KnownMembers {
            map,
            fields: self.fields,
            pass: self.pass,
            reported: None,
        })
    }
}

/// The members of a struct, without those that it does not have.
struct KnownMembers<'p, 'e, 'de, A, T> {
    map: A,
    fields: &'static [&'static str],
    pass: &'p mut Pass<'e, 'de, T>,
    /// The value of the last member, if it also reports the outcome.
    reported: Option<&'de RawValue>,
}

impl<'de, A: MapAccess<'de>, T: DeserializeOwned> KnownMembers<'_, '_, 'de, A, T> {
    /// Reads the value of the envelope, and all members that follow it.
    fn read_wrapped(&mut self, envelope: &Envelope) -> Result<(), A::Error> {
        let wrapped = self.map.next_value_seed(Inner(PhantomData))?;
        self.pass.wrapped = Some(wrapped);
        while let Some(name) = self.map.next_key::<&'de str>()? {
            if name == envelope.value {
                return Err(A::Error::custom("the envelope has two values"));
            }
            if !self.reads_report(envelope, name)? {
                self.map.next_value::<IgnoredAny>()?;
            }
        }
        self.pass.is_whole = true;
        Ok(())
    }

    /// Reads the value of the member `name`, if it says whether the response is a success.
    fn reads_report(&mut self, envelope: &Envelope, name: &'de str) -> Result<bool, A::Error> {
        let is_report = reports_outcome(name, envelope.success);
        if is_report {
            let value = self.map.next_value()?;
            self.pass.reports.push((name.into(), value));
            self.reported = Some(value);
        }
        Ok(is_report)
    }
}

impl<'de, A: MapAccess<'de>, T: DeserializeOwned> MapAccess<'de>
    for KnownMembers<'_, '_, 'de, A, T>
{
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Self::Error> {
        // A name with an escape sequence cannot be borrowed, and is an error here.
        while let Some(name) = self.map.next_key::<&'de str>()? {
            self.reported = None;
            let mut is_read = false;
            if let Some(envelope) = self.pass.envelope {
                if name == envelope.value {
                    return self.read_wrapped(envelope).map(|()| None);
                }
                is_read = self.reads_report(envelope, name)?;
            }
            if self.fields.contains(&name) {
                self.pass.has_known_member = true;
                let name = BorrowedStrDeserializer::new(name);
                return seed.deserialize(name).map(Some);
            }
            if !is_read {
                self.map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(None)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, A::Error> {
        match self.reported.take() {
            Some(value) => seed.deserialize(value).map_err(A::Error::custom),
            None => self.map.next_value_seed(seed),
        }
    }
}

/// Reads the value in an envelope.
struct Inner<T>(PhantomData<T>);

impl<'de, T: DeserializeOwned> DeserializeSeed<'de> for Inner<T> {
    type Value = Wrapped<T>;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<Wrapped<T>, D::Error> {
        let mut pass = Pass::<T>::new(None);
        let value = T::deserialize(Known {
            json,
            pass: &mut pass,
        })?;
        match pass.is_object {
            true => Ok(Wrapped {
                value,
                has_known_member: pass.has_known_member,
            }),
            false => Err(D::Error::custom("not an object")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::{ENVELOPE, Item};

    #[track_caller]
    fn check(json: &str, expected: Option<(Shape, Outcome)>) {
        let found = read::<Item>(json, Some(&ENVELOPE));
        let found = found.map(|found| {
            let read = found.read.unwrap();
            assert_eq!(read.value.id.as_deref(), Some("1"));
            assert!(found.has_known_member);
            (read.shape, found.outcome)
        });
        assert_eq!(found, expected, "{json}");
    }

    #[test]
    fn both_shapes_are_read_in_one_pass() {
        check(r#"{"id":"1"}"#, Some((Shape::Flat, Outcome::Unsaid)));
        let unknown = r#"{"new":{"id":[2]},"id":"1","status":1,"authType":null}"#;
        check(unknown, Some((Shape::Flat, Outcome::Success)));
        for envelope in [
            r#"{"data":{"id":"1","new":0},"status":1}"#,
            r#"{"message":["done"],"status":1,"data":{"id":"1"},"statusMessage":"failed"}"#,
            r#"{"id":"2","status":0,"data":{"id":"1"},"new":{"data":2},"status":1}"#,
        ] {
            check(envelope, Some((Shape::Enveloped, Outcome::Success)));
        }
        let failure = r#"{"data":{"id":"1"},"status":1,"error":"no"}"#;
        check(failure, Some((Shape::Enveloped, Outcome::Failure)));
    }

    #[test]
    fn an_envelope_need_not_have_the_members_of_the_value() {
        #[derive(Debug, PartialEq, serde::Deserialize)]
        struct Required {
            id: String,
        }
        let found = read::<Required>(r#"{"data":{"id":"1"},"status":1}"#, Some(&ENVELOPE));
        assert_eq!(found.unwrap().read.unwrap().value.id, "1");
        let missing = read::<Required>(r#"{"data":{"status":1}}"#, Some(&ENVELOPE));
        assert_eq!(missing, None);
    }

    #[test]
    fn what_is_unusual_is_not_read_in_one_pass() {
        for json in [
            r#"{"id":"1","id":"1"}"#,
            r#"{"i\u0064":"1"}"#,
            r#"{"data":{"id":"1"},"data":{"id":"1"}}"#,
            r#"{"data":null,"id":"1"}"#,
            r#"{"data":["1"],"id":"1"}"#,
            r#"{"id":1}"#,
            r#"{"id":"1"} x"#,
            r#"{"id":"1""#,
            r#"["1"]"#,
        ] {
            check(json, None);
        }
    }
}
