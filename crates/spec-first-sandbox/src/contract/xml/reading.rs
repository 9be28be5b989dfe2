//! Reads a document as the value that its schema describes. What the schema says nothing about stays text, so that the schema
//! rejects it where it allows nothing else.

use quick_xml::{
    Reader, XmlVersion,
    escape::resolve_xml_entity,
    events::{BytesStart, Event},
};
use serde_json::{Map, Value};

use super::DEPTH;
use crate::contract::{
    coercion::Kind,
    place::Place,
    shape::{Member, Members},
};

/// An element. Names are without their prefixes.
#[derive(Debug, Default)]
struct Element {
    name: String,
    attributes: Vec<(String, String)>,
    children: Vec<Element>,
    text: String,
}

/// # Errors
/// What is wrong with the body, without its content.
pub(crate) fn read(schema: &Place<'_>, body: &[u8]) -> Result<Value, String> {
    let text = std::str::from_utf8(body).map_err(|_| "must be UTF-8".to_owned())?;
    Ok(value(schema, &parse(text)?))
}

fn parse(text: &str) -> Result<Element, String> {
    let mut reader = Reader::from_str(text);
    // The elements that are still open, below one that holds the root.
    let mut open = vec![Element::default()];
    loop {
        let event = reader.read_event();
        let malformed = || {
            format!(
                "is not XML: malformed before byte {}",
                reader.buffer_position()
            )
        };
        let (mut element, is_closed) = match event.map_err(|_| malformed())? {
            Event::Start(start) => (Element::of(&start).ok_or_else(malformed)?, false),
            Event::Empty(start) => (Element::of(&start).ok_or_else(malformed)?, true),
            Event::End(_) => (open.pop().unwrap_or_default(), true),
            Event::Eof => break,
            event => {
                let text = match &event {
                    Event::Text(text) => text.xml_content(XmlVersion::Implicit1_0).ok(),
                    Event::CData(text) => text.xml_content(XmlVersion::Implicit1_0).ok(),
                    Event::GeneralRef(reference) => match reference.resolve_char_ref() {
                        Ok(Some(character)) => Some(character.to_string().into()),
                        Ok(None) => reference
                            .decode()
                            .ok()
                            .and_then(|name| resolve_xml_entity(&name))
                            .map(Into::into),
                        Err(_) => None,
                    },
                    _ => Some("".into()),
                };
                if let Some(element) = open.last_mut() {
                    element.text += &text.ok_or_else(malformed)?;
                }
                continue;
            }
        };
        if !is_closed {
            if open.len() > DEPTH {
                return Err(format!("is nested deeper than {DEPTH} elements"));
            }
            open.push(element);
        } else if let Some(parent) = open.last_mut() {
            if !element.children.is_empty() {
                // White space between elements.
                element.text.clear();
            }
            parent.children.push(element);
        }
    }
    match (open.pop(), open.is_empty()) {
        (Some(mut holder), true) if holder.children.len() == 1 => Ok(holder.children.remove(0)),
        _ => Err("is not XML: it must have one root element".to_owned()),
    }
}

impl Element {
    /// `None` if an attribute is malformed.
    fn of(start: &BytesStart<'_>) -> Option<Self> {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let attributes = start.attributes().map(|attribute| {
            let attribute = attribute.ok()?;
            let value = attribute.normalized_value(XmlVersion::Implicit1_0).ok()?;
            let name = text(attribute.key.local_name().as_ref());
            Some((name, value.into_owned()))
        });
        Some(Self {
            name: text(start.local_name().as_ref()),
            attributes: attributes.collect::<Option<_>>()?,
            ..Self::default()
        })
    }

    /// Whether it has nothing but text.
    fn is_text(&self) -> bool {
        let has_more = !self.attributes.is_empty() || !self.children.is_empty();
        !has_more && !self.text.trim().is_empty()
    }

    /// The value of an element that the schema does not describe.
    fn undescribed(&self) -> Value {
        match self.children.is_empty() {
            true => self.text.as_str().into(),
            false => {
                let children = self.children.iter();
                children
                    .map(|child| (child.name.clone(), child.undescribed()))
                    .collect()
            }
        }
    }
}

fn value(schema: &Place<'_>, element: &Element) -> Value {
    let members = Members::of(schema);
    match &members.items {
        _ if element.is_text() => scalar(schema, &element.text),
        _ if members.is_object() => object(&members, element),
        Some(items) => element
            .children
            .iter()
            .map(|item| value(items, item))
            .collect(),
        None if !element.children.is_empty() => element.undescribed(),
        None => scalar(schema, &element.text),
    }
}

fn object(members: &Members<'_>, element: &Element) -> Value {
    let mut object = Map::new();
    let mut described = Vec::new();
    for member in &members.all {
        if let Some(value) = of_member(member, element, &mut described) {
            object.insert(member.name.to_owned(), value);
        }
    }
    for child in &element.children {
        if !described.contains(&child.name) {
            let value = child.undescribed();
            object.entry(&child.name).or_insert(value);
        }
    }
    object.into()
}

/// The value of a member, if the element has it. Adds the name of the elements that hold it.
fn of_member(member: &Member<'_>, element: &Element, described: &mut Vec<String>) -> Option<Value> {
    let name_of = |schema: &Place<'_>, name: &str| {
        let xml = schema.resolve().and_then(|schema| schema.get("xml"));
        let own = xml.as_ref().and_then(|xml| xml.text("name"));
        own.unwrap_or(name).to_owned()
    };
    let xml = member.schema.resolve().and_then(|it| it.get("xml"));
    let is = |key: &str| xml.as_ref().is_some_and(|xml| xml.is_true(key));
    let name = name_of(&member.schema, member.name);
    if is("attribute") {
        let mut attributes = element.attributes.iter();
        let (_, text) = attributes.find(|(known, _)| *known == name)?;
        return Some(scalar(&member.schema, text));
    }
    let inside = Members::of(&member.schema);
    let items = inside
        .items
        .as_ref()
        .filter(|_| !is("wrapped") && !inside.is_object());
    let name = items.map_or(name, |items| name_of(items, member.name));
    let mut found = element.children.iter().filter(|child| child.name == name);
    let value = match items {
        None => found.next().map(|child| value(&member.schema, child)),
        Some(items) => {
            let items: Vec<_> = found.map(|child| value(items, child)).collect();
            // An array without items has no elements.
            (member.is_required || !items.is_empty()).then(|| items.into())
        }
    };
    described.push(name);
    value
}

fn scalar(schema: &Place<'_>, text: &str) -> Value {
    let schema = schema.resolve();
    let is_null = |schema: &Place<'_>| schema.accepts_null() && schema.kind() != Some("string");
    match &schema {
        Some(schema) if text.is_empty() && is_null(schema) => Value::Null,
        Some(schema) => Kind::of(schema).read(text),
        None => text.into(),
    }
}
