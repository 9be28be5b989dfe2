//! What a schema says about the members of a resource, and where in a response the resource is.

use serde_json::Value;
use spec_first_document::Pointer;

use crate::contract::place::Place;

/// Nesting depth beyond which nothing is looked up.
const DEPTH: usize = 12;

/// Members that hold the resource in a response that says more than that.
const HOLDERS: [&str; 6] = [
    "data",
    "result",
    "item",
    "resource",
    "attributes",
    "payload",
];

/// Members that say what went wrong, beside the resource or the list.
const BESIDE: [&str; 2] = ["errors", "warnings"];

/// What a schema says about an object or an array, with what its `allOf` and its alternatives say.
#[derive(Debug, Default)]
pub(crate) struct Members<'a> {
    pub(crate) all: Vec<Member<'a>>,
    /// Whether there may be others.
    pub(crate) is_open: bool,
    /// The schema of the items, if it is an array.
    pub(crate) items: Option<Place<'a>>,
    kind: Option<&'a str>,
    seen: Vec<Pointer>,
}

/// A member of an object.
#[derive(Debug)]
pub(crate) struct Member<'a> {
    pub(crate) name: &'a str,
    /// As it is written, with its reference.
    pub(crate) schema: Place<'a>,
    pub(crate) is_required: bool,
}

impl<'a> Members<'a> {
    pub(crate) fn of(schema: &Place<'a>) -> Self {
        let mut members = Self::default();
        members.add(schema, true);
        members
    }

    pub(crate) fn get(&self, name: &str) -> Option<&Member<'a>> {
        self.all.iter().find(|member| member.name == name)
    }

    pub(crate) fn is_object(&self) -> bool {
        matches!(self.kind, Some("object")) || (self.kind.is_none() && !self.all.is_empty())
    }

    /// Whether the items of a list may be objects.
    pub(crate) fn may_have_objects(&self) -> bool {
        self.items
            .as_ref()
            .and_then(Place::resolve)
            .is_none_or(|items| {
                let members = Members::of(&items);
                let is_chosen = ["const", "enum"].iter().any(|key| items.get(key).is_some());
                let is_other = members.kind.map_or(is_chosen, |kind| kind != "object");
                !is_other || !members.all.is_empty()
            })
    }

    /// The component that describes it, before those that it is made of.
    pub(crate) fn component(&self) -> Option<Pointer> {
        self.components().next().cloned()
    }

    /// Whether a component is what describes it, or a part of that.
    pub(crate) fn is_made_of(&self, component: &Pointer) -> bool {
        self.components().any(|own| own == component)
    }

    fn components(&self) -> impl Iterator<Item = &Pointer> {
        let section = Pointer::root().child("components").child("schemas");
        let seen = self.seen.iter();
        seen.filter(move |pointer| pointer.parent().as_ref() == Some(&section))
    }

    fn is_array(&self) -> bool {
        self.kind == Some("array") || (self.kind.is_none() && self.items.is_some())
    }

    /// An alternative does not have to apply, so what it requires may be absent.
    fn add(&mut self, written: &Place<'a>, applies: bool) {
        let Some(schema) = written.resolve() else {
            return;
        };
        if self.seen.len() >= DEPTH || self.seen.contains(&schema.pointer) {
            return;
        }
        self.seen.push(schema.pointer.clone());
        self.kind = self.kind.or_else(|| schema.kind());
        self.items = self.items.take().or_else(|| schema.get("items"));
        let additional = schema.get("additionalProperties");
        self.is_open |= additional.is_some_and(|it| it.node.as_bool() != Some(false));
        let required = schema.items_of("required");
        for (name, property) in schema.entries_of("properties") {
            let is_required = applies && required.iter().any(|it| it.node.as_str() == Some(name));
            match self.all.iter_mut().find(|member| member.name == name) {
                Some(member) => member.is_required |= is_required,
                None => self.all.push(Member {
                    name,
                    schema: property,
                    is_required,
                }),
            }
        }
        for branch in schema.items_of("allOf") {
            self.add(&branch, applies);
        }
        for name in required.iter().filter_map(|name| name.node.as_str()) {
            let mut members = self.all.iter_mut();
            if let Some(member) = members.find(|member| member.name == name) {
                member.is_required |= applies;
            }
        }
        for key in ["oneOf", "anyOf"] {
            for branch in schema.items_of(key) {
                self.add(&branch, false);
            }
        }
    }
}

impl Member<'_> {
    /// Whether the server sets it.
    pub(crate) fn is_read_only(&self) -> bool {
        self.is_true("readOnly")
    }

    /// Whether no response has it.
    pub(crate) fn is_write_only(&self) -> bool {
        self.is_true("writeOnly")
    }

    fn is_true(&self, key: &str) -> bool {
        self.schema.is_true(key) || self.schema.is_marked(key)
    }
}

/// Where in a response the resource is: it is the response, or its member that holds it. `None` if it is not an object.
pub(crate) fn item_slot(schema: &Place<'_>, collection: &str) -> Option<Vec<String>> {
    let members = Members::of(schema);
    if !members.is_object() {
        return None;
    }
    let all = members.all.iter();
    let all: Vec<_> = all
        .filter(|it| !BESIDE.contains(&&*plain(it.name)))
        .collect();
    let objects = all.iter().copied().filter(|member| {
        let within = Members::of(&member.schema);
        within.is_object() && !within.all.is_empty()
    });
    let objects: Vec<&Member<'_>> = objects.collect();
    let holder = match (objects.as_slice(), all.len()) {
        ([only], 1) => Some(*only),
        _ => objects.into_iter().find(|member| {
            let name = plain(member.name);
            let is_singular = name.len() >= 3 && plain(collection).starts_with(&name);
            // A resource with a member such as `data` has others; what is beside a holder is about the response.
            HOLDERS.contains(&&*name) || (is_singular && all.len() <= 2)
        }),
    };
    Some(
        holder
            .map(|member| member.name.to_owned())
            .into_iter()
            .collect(),
    )
}

/// Where in a response the list is: it is the response, or the array in it. `None` if there is none, or it is not clear which
/// one.
pub(crate) fn list_slot(schema: &Place<'_>, collection: &str) -> Option<Vec<String>> {
    let mut slot = Vec::new();
    let mut members = Members::of(schema);
    while !members.is_array() {
        if slot.len() > 2 {
            return None;
        }
        let within = members
            .all
            .iter()
            .map(|it| (it.name, Members::of(&it.schema)));
        let within: Vec<_> = within.collect();
        let arrays = within.iter().filter(|(name, it)| {
            let name = plain(name);
            it.is_array() && (!BESIDE.contains(&&*name) || name == plain(collection))
        });
        let arrays: Vec<_> = arrays.collect();
        let chosen = match arrays.as_slice() {
            [(only, _)] => Some(*only),
            [] => {
                let mut objects = within.iter().filter(|(_, it)| it.is_object());
                let first = objects.next().map(|(name, _)| *name);
                first.filter(|_| objects.next().is_none())
            }
            several => {
                let mut names = several.iter().map(|(name, _)| *name);
                let named = names.find(|name| {
                    plain(name) == plain(collection) || ["data", "items", "results"].contains(name)
                });
                let of_objects = |it: &Members<'_>| {
                    let items = it.items.as_ref().map(Members::of);
                    items.is_some_and(|items| items.is_object())
                };
                let mut of_objects = several.iter().filter(|(_, it)| of_objects(it));
                let first = of_objects.next().map(|(name, _)| *name);
                named.or_else(|| first.filter(|_| of_objects.next().is_none()))
            }
        }?;
        slot.push(chosen.to_owned());
        let found = within.into_iter().find(|(name, _)| *name == chosen);
        members = found?.1;
    }
    Some(slot)
}

/// Whether a schema says nothing about its values, such as that of a server that describes only what it is sent.
pub(crate) fn is_silent(schema: &Place<'_>) -> bool {
    schema.resolve().is_some_and(|schema| {
        let mut keys = schema.node.entries().iter().map(|entry| entry.key);
        schema.node.is_mapping() && keys.all(|key| ["title", "description"].contains(&key))
    })
}

/// A name without its case and separators.
pub(crate) fn plain(name: &str) -> String {
    let kept = name.chars().filter(|it| it.is_alphanumeric());
    kept.flat_map(char::to_lowercase).collect()
}

/// The schema of what is in the slot of a body.
pub(crate) fn within<'a>(schema: Place<'a>, slot: &[String]) -> Option<Place<'a>> {
    slot.iter().try_fold(schema, |schema, name| {
        let members = Members::of(&schema);
        members.get(name).map(|member| member.schema.clone())
    })
}

/// The value in the slot of a body.
pub(crate) fn at_slot<'v>(body: &'v mut Value, slot: &[String]) -> Option<&'v mut Value> {
    let mut value = body;
    for name in slot {
        value = value.get_mut(name)?;
    }
    Some(value)
}

/// The value in the slot of a body, which gets the objects around it if it lacks them.
pub(crate) fn slot_mut<'v>(body: &'v mut Value, slot: &[String]) -> Option<&'v mut Value> {
    slot.iter().try_fold(body, |value, name| {
        if value.is_null() {
            *value = Value::Object(serde_json::Map::new());
        }
        let members = value.as_object_mut()?;
        Some(members.entry(name).or_insert(Value::Null))
    })
}

#[cfg(test)]
mod tests {
    use spec_first_document::Document;

    use super::*;

    type Found = fn(&Place<'_>, &str) -> Option<Vec<String>>;

    #[track_caller]
    fn check(find: Found, schema: &str, expected: Option<&[&str]>) {
        let document = Document::parse("schema.yaml", schema).unwrap();
        let found = find(&Place::root(&document), "pets");
        let expected = expected.map(|names| names.iter().map(|name| (*name).to_owned()).collect());
        assert_eq!(found, expected, "{schema}");
    }

    const PET: &str = "{properties: {name: {type: string}}}";

    #[test]
    fn a_resource_is_the_response_or_its_member_that_holds_it() {
        check(item_slot, PET, Some(&[]));
        check(item_slot, "{type: string}", None);
        check(item_slot, "{type: array, items: {}}", None);
        check(
            item_slot,
            &format!("{{properties: {{x: {PET}}}}}"),
            Some(&["x"]),
        );
        check(
            item_slot,
            &format!("{{properties: {{data: {PET}, meta: {PET}}}}}"),
            Some(&["data"]),
        );
        check(
            item_slot,
            &format!("{{properties: {{x: {PET}, errors: {{items: {PET}}}}}}}"),
            Some(&["x"]),
        );
        check(
            item_slot,
            &format!("{{properties: {{ok: {{type: boolean}}, pet: {PET}}}}}"),
            Some(&["pet"]),
        );
        check(
            item_slot,
            &format!("{{properties: {{title: {{}}, author: {PET}}}}}"),
            Some(&[]),
        );
        check(
            item_slot,
            &format!("{{allOf: [{PET}, {{properties: {{id: {{}}}}}}]}}"),
            Some(&[]),
        );
    }

    #[test]
    fn items_are_objects_unless_they_are_described_as_something_else() {
        for (items, expected) in [
            ("{}", true),
            ("[{type: string}]", true),
            ("{type: object}", true),
            ("{anyOf: [{type: string}, {properties: {id: {}}}]}", true),
            ("{type: string}", false),
            ("{enum: [a]}", false),
            ("{type: array, items: {type: object}}", false),
        ] {
            let schema = format!("{{type: array, items: {items}}}");
            let document = Document::parse("schema.yaml", &schema).unwrap();
            let list = Members::of(&Place::root(&document));
            assert_eq!(list.may_have_objects(), expected, "{items}");
        }
    }

    #[test]
    fn a_list_is_the_response_or_the_array_in_it() {
        check(list_slot, "{type: array}", Some(&[]));
        check(list_slot, "{allOf: [{items: {}}]}", Some(&[]));
        check(list_slot, PET, None);
        check(
            list_slot,
            "{properties: {total: {type: integer}, x: {items: {}}}}",
            Some(&["x"]),
        );
        check(
            list_slot,
            "{properties: {a: {items: {}}, b: {items: {}}}}",
            None,
        );
        check(
            list_slot,
            &format!("{{properties: {{ids: {{items: {{type: integer}}}}, x: {{items: {PET}}}}}}}"),
            Some(&["x"]),
        );
        check(
            list_slot,
            &format!("{{properties: {{errors: {{items: {PET}}}, x: {{items: {PET}}}}}}}"),
            Some(&["x"]),
        );
        check(list_slot, "{properties: {errors: {items: {}}}}", None);
        check(
            list_slot,
            "{properties: {a: {items: {}}, pets: {items: {}}}}",
            Some(&["pets"]),
        );
        check(
            list_slot,
            "{properties: {_embedded: {properties: {pets: {items: {}}}}}}",
            Some(&["_embedded", "pets"]),
        );
    }
}
