//! Names the subject of a change in terms of the document, such as a property of a schema.

use std::fmt::{self, Display, Formatter, Write};
use std::sync::Arc;

use spec_first_document::Pointer;

use crate::literal::literal;
use crate::review::distances;
use crate::{Change, Use};

/// The value that changed in each document, regardless of the references that lead there.
#[derive(Clone, Debug)]
pub(crate) struct Subject {
    pub(crate) base: Option<Member>,
    pub(crate) head: Option<Member>,
    /// What changed, in one sentence.
    pub(crate) message: String,
    /// Whether the name comes from the base: a value became a reference to something that did not change.
    pub(crate) is_named_by_base: bool,
    /// Whether the change is about a keyword that holds a schema, and not about the values that satisfy that schema.
    pub(crate) is_about_keyword: bool,
    /// The schema whose reference leads to another component now, and the new reference.
    pub(crate) reference: Option<(Member, String)>,
    /// Tells the document from others, as [`Options::document`](crate::Options::document) does.
    pub(crate) document: Option<Arc<str>>,
    /// The path of the document, as messages show it.
    pub(crate) path: Arc<str>,
}

/// A value in a document.
#[derive(Clone, Debug)]
pub(crate) struct Member {
    /// The file that contains it, relative to the folder of the document; empty for the document itself.
    pub(crate) file: String,
    pub(crate) pointer: Pointer,
    /// The branches of `anyOf` and `oneOf` that have a name, each with the index of its segment of the pointer.
    pub(crate) branches: Vec<(usize, String)>,
}

/// The name of a value: `Pet.owners[].name`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Name {
    /// The component that contains it; `None` if it is written inline.
    pub(crate) component: Option<String>,
    /// The properties that lead to it.
    path: String,
    /// The last property or named branch, and the length of the path before it; `None` if the value is part of one.
    property: Option<(String, usize)>,
}

/// The keywords with schemas that apply to the same value as the schema around them, so that a property is named without them.
const SAME: [&str; 2] = ["allOf", "content"];
/// The keywords with several schemas, of which one is named by its index or key.
const SEVERAL: [&str; 4] = ["anyOf", "oneOf", "patternProperties", "dependentSchemas"];
/// The keywords with one schema.
const ONE: [&str; 6] = ["not", "if", "then", "else", "contains", "propertyNames"];

impl Change {
    /// Describes the change in a sentence that can be understood without the review.
    pub fn sentence(&self) -> String {
        self.sentence_below("")
    }

    /// Describes the change in a sentence about these operations, if the sentence differs between operations only in their name.
    pub(crate) fn sentence_about(&self, operations: &str) -> Option<String> {
        let component = self.subject.name().and_then(|name| name.component);
        let first = literal(&self.uses.first()?.operation).to_string();
        let is_named = component.is_some() || self.message.contains(&first);
        (!is_named).then(|| self.sentence_in("", Some(operations)))
    }

    /// Describes the change in a sentence below a heading, which may name the component or operation already.
    pub(crate) fn sentence_below(&self, heading: &str) -> String {
        self.sentence_in(heading, None)
    }

    fn sentence_in(&self, heading: &str, operations: Option<&str>) -> String {
        let message = &self.message;
        let is_named = |name: &str| message.contains(&literal(name).to_string());
        let name = self.subject.name();
        let component = name.as_ref().and_then(|name| name.component.as_deref());
        // The component or operation, and a part of the operation.
        let place = match (component, self.uses.first()) {
            (Some(component), _) => Some((literal(component).to_string(), "")),
            // The message may already name the operation.
            (None, Some(each)) if !is_named(&each.operation) => {
                let own = || operation(&each.operation);
                let holder = operations.map_or_else(own, str::to_owned);
                Some((holder, each.part.as_str()))
            }
            (None, _) => None,
        };
        let Some((holder, part)) = place else {
            return message.clone();
        };
        let path = name.as_ref().map_or("", |name| match &name.property {
            // The same goes for a property.
            Some((property, holder)) if is_named(property) => &name.path[..*holder],
            _ => &name.path,
        });
        let path = (!path.is_empty()).then(|| literal(path).to_string());
        let (preposition, place) = match (heading.starts_with(&holder), part) {
            (true, part) => (" in ", part.to_owned()),
            (false, "") => (" of ", holder),
            (false, part) => (" of ", format!("{holder}, {part}")),
        };
        let place = Some(place).filter(|place| !place.is_empty());
        let subject: Vec<String> = path.into_iter().chain(place).collect();
        match subject.join(preposition) {
            subject if subject.is_empty() => message.clone(),
            subject => format!("{subject}: {message}"),
        }
    }
}

impl Use {
    /// The use in one phrase, with literals between backticks.
    pub(crate) fn phrase(&self, between: &str) -> String {
        let operation = operation(&self.operation);
        match self.part.as_str() {
            "" => operation,
            part => format!("{operation}{between}{part}"),
        }
    }
}

/// The operation of a use that applies to all of them.
pub(crate) const EVERY_OPERATION: &str = "every operation";

/// The operation of a use, between backticks if it is the name of one.
pub(crate) fn operation(name: &str) -> String {
    match name {
        EVERY_OPERATION => name.to_owned(),
        name => literal(name).to_string(),
    }
}

impl Subject {
    /// The name in the head, or in the base if it is absent in the head; `None` if the value is in no schema, or in one without a
    /// name.
    pub(crate) fn name(&self) -> Option<Name> {
        let [base, head] = [&self.base, &self.head].map(Option::as_ref);
        let pointer = |member: Option<&'_ Member>| member.map(|member| member.pointer.clone());
        let [base_pointer, head_pointer] = [base, head].map(pointer);
        let [to_base, to_head] = distances(base_pointer.as_ref(), head_pointer.as_ref());
        let is_of_head = to_head < 2 && !self.is_named_by_base;
        let members = if is_of_head {
            [(head, to_head), (base, to_base)]
        } else {
            [(base, to_base), (head, to_head)]
        };
        let mut members = members.into_iter();
        let name = members.find_map(|(member, distance)| {
            let mut name = name(member?).filter(|name| !name.is_empty())?;
            if self.is_about_keyword && distance == 0 {
                name.leave_keyword(member?);
            }
            Some(name)
        });
        match (name, &self.reference) {
            (Some(inner), Some((holder, reference))) => Some(inner.behind(holder, reference)),
            (name, _) => name,
        }
        .filter(|name| !name.is_empty())
    }
}

impl Name {
    fn is_empty(&self) -> bool {
        self.component.is_none() && self.path.is_empty()
    }

    /// The name of the schema whose `additionalProperties` or `items` this is.
    fn leave_keyword(&mut self, member: &Member) {
        let end = match member.pointer.last().as_deref() {
            Some("additionalProperties") => "{}",
            Some("items") => "[]",
            _ => return,
        };
        if let Some(path) = self.path.strip_suffix(end) {
            self.path.truncate(path.len());
        }
    }

    /// The name by the reference that leads to the component now, which did not change itself.
    fn behind(self, holder: &Member, reference: &str) -> Self {
        let is_target = self.component.as_deref() == reference.rsplit('/').next();
        let Some(mut outer) = name(holder).filter(|_| is_target) else {
            return self;
        };
        let is_joined = outer.path.is_empty() || self.path.is_empty();
        let dot = match self.path.starts_with(['[', '{']) || is_joined {
            true => "",
            false => ".",
        };
        let before = outer.path.len();
        _ = write!(outer.path, "{dot}{}", self.path);
        let moved = |(name, holder)| {
            let holder = if holder == 0 {
                before
            } else {
                before + dot.len() + holder
            };
            (name, holder)
        };
        if !self.path.is_empty() {
            outer.property = self.property.map(moved);
        }
        outer
    }
}

impl Member {
    /// The value at `pointer` in a file of the document, by the names that messages show.
    pub(crate) fn new(
        document: &str,
        file: &str,
        pointer: Pointer,
        branches: Vec<(usize, String)>,
    ) -> Self {
        let folder = document.rfind('/').map_or(0, |end| end + 1);
        let file = match file {
            file if file == document => "",
            file => file.strip_prefix(&document[..folder]).unwrap_or(file),
        };
        Self {
            file: file.to_owned(),
            pointer,
            branches,
        }
    }
}

impl Display for Name {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        let component = self.component.as_deref().unwrap_or_default();
        let is_between = !component.is_empty() && !self.path.is_empty();
        let is_between = is_between && !self.path.starts_with(['[', '{']);
        write!(
            formatter,
            "{component}{}{}",
            if is_between { "." } else { "" },
            self.path
        )
    }
}

/// The name of a value, which is empty for an inline schema; `None` if the value is not in a schema.
fn name(
    Member {
        pointer, branches, ..
    }: &Member,
) -> Option<Name> {
    let segments: Vec<String> = pointer.segments().collect();
    let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
    let schema = |segments: &[&str]| segments.iter().position(|segment| *segment == "schema");
    let (component, mut rest) = match segments[..] {
        ["components", "schemas", name, ref rest @ ..] => (Some(name), rest),
        ["components", _, name, ref rest @ ..] => {
            (Some(name), &rest[schema(rest).unwrap_or(rest.len())..])
        }
        // An inline schema is named by its properties.
        ["paths" | "webhooks", ..] => (None, &segments[schema(&segments)?..]),
        _ => return None,
    };
    let mut path = String::new();
    let mut property = None;
    loop {
        let holder = path.len();
        let dot = if path.is_empty() { "" } else { "." };
        property = match *rest {
            [] => break,
            [keyword, _, ref inner @ ..] if SAME.contains(&keyword) => {
                rest = inner;
                continue;
            }
            ["schema", ref inner @ ..] => {
                rest = inner;
                continue;
            }
            ["properties", name, ref inner @ ..] => {
                _ = write!(path, "{dot}{name}");
                rest = inner;
                Some((name.to_owned(), holder))
            }
            ["items", ref inner @ ..] => {
                path.push_str("[]");
                rest = inner;
                None
            }
            ["additionalProperties", ref inner @ ..] => {
                path.push_str("{}");
                rest = inner;
                None
            }
            ["prefixItems", index, ref inner @ ..] => {
                _ = write!(path, "[{index}]");
                rest = inner;
                None
            }
            [keyword, key, ref inner @ ..] if SEVERAL.contains(&keyword) => {
                let index = segments.len() - inner.len() - 1;
                let mut named = branches.iter().filter(|(at, _)| *at == index);
                let named = named.next().map(|(_, name)| name.clone());
                let key = named.as_deref().unwrap_or(key);
                _ = write!(path, "{dot}{keyword}[{key}]");
                rest = inner;
                named.map(|name| (name, holder))
            }
            // What is said about the keyword itself is said about the schema around it.
            [keyword, ref inner @ ..] if ONE.contains(&keyword) && !inner.is_empty() => {
                _ = write!(path, "{dot}{keyword}");
                rest = inner;
                None
            }
            _ => break,
        };
    }
    let component = component.map(str::to_owned);
    Some(Name {
        component,
        path,
        property,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_named_by_its_schema_and_its_properties() {
        for (pointer, expected) in [
            ("/components/schemas/Pet", Some("Pet")),
            ("/components/schemas/Pet/required/0", Some("Pet")),
            (
                "/components/schemas/Pet/properties/a~1b/type",
                Some("Pet.a/b"),
            ),
            (
                "/components/schemas/Pet/allOf/1/properties/owners/items/properties/name/maxLength",
                Some("Pet.owners[].name"),
            ),
            (
                "/components/schemas/Pet/oneOf/3/properties/b/items/type",
                Some("Pet.oneOf[3].b[]"),
            ),
            (
                "/components/schemas/Pet/properties/place/prefixItems/1/anyOf/0",
                Some("Pet.place[1].anyOf[0]"),
            ),
            (
                "/components/schemas/Pet/patternProperties/^x-/not/type",
                Some("Pet.patternProperties[^x-].not"),
            ),
            ("/components/schemas/Pet/not", Some("Pet")),
            (
                "/components/schemas/Pet/additionalProperties/type",
                Some("Pet{}"),
            ),
            (
                "/components/responses/All/content/application~1json/schema/properties/a",
                Some("All.a"),
            ),
            (
                "/components/schemas/Pet/properties/properties/properties/items",
                Some("Pet.properties.items"),
            ),
            (
                "/paths/~1a/get/responses/200/content/application~1json/schema/properties/b/type",
                Some("b"),
            ),
            (
                "/paths/~1a/get/responses/200/content/application~1json/schema/type",
                None,
            ),
            (
                "/components/callbacks/done/~1a/post/requestBody/content/application~1json/schema/properties/schema",
                Some("done.schema"),
            ),
            ("/paths/~1a/get", None),
            ("/components", None),
            ("/servers/0", None),
            ("", None),
        ] {
            let member = Member::new("", "", Pointer::parse(pointer).unwrap(), Vec::new());
            let name = name(&member).filter(|name| !name.is_empty());
            let name = name.map(|name| name.to_string());
            assert_eq!(name.as_deref(), expected, "{pointer}");
        }
    }
}
