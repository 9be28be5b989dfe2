//! Writes a value as XML and reads it, following the `xml` objects of its schema (OpenAPI 3.0.3, section "XML Object").

mod reading;

use quick_xml::{
    Writer,
    events::{BytesEnd, BytesStart, BytesText, Event},
};
use serde_json::Value;

use crate::contract::{place::Place, repair::component};

pub(crate) use reading::read;

/// Maximum depth; generated values are not as deep, and neither are real ones.
const DEPTH: usize = 32;

/// Whether a media type is XML.
pub(crate) fn is_xml(essence: &str) -> bool {
    ["application/xml", "text/xml"].contains(&essence) || essence.ends_with("+xml")
}

/// Serializes a value as a document; `None` if it contains an invalid element name.
pub(crate) fn write(schema: &Place<'_>, value: &Value) -> Option<String> {
    let schema = schema.resolve()?;
    let name = component(&schema.pointer).unwrap_or_else(|| "root".to_owned());
    let mut writer = Writer::new(Vec::new());
    match value {
        // A document has one root, even if the array is not wrapped elsewhere.
        Value::Array(items) if schema.get("items").is_some() => {
            let item = schema.get("items").and_then(|item| item.resolve());
            let of_items = item.and_then(|item| component(&item.pointer));
            let of_items = of_items.unwrap_or_else(|| "item".to_owned());
            wrapped(&mut writer, &schema, &name, items, Some(&of_items), DEPTH)?;
        }
        value => element(&mut writer, Some(&schema), &name, value, DEPTH)?,
    }
    String::from_utf8(writer.into_inner()).ok()
}

/// Writes an element, or one for each item of an array that is not wrapped.
fn element(
    writer: &mut Writer<Vec<u8>>,
    schema: Option<&Place<'_>>,
    name: &str,
    value: &Value,
    depth: usize,
) -> Option<()> {
    let depth = depth.checked_sub(1)?;
    let schema = schema.and_then(Place::resolve);
    let xml = schema.as_ref().and_then(|schema| schema.get("xml"));
    let own_name = qualified(xml.as_ref(), name);
    if let Value::Array(items) = value {
        return match &schema {
            Some(schema) if xml.as_ref().is_some_and(|xml| xml.is_true("wrapped")) => {
                wrapped(writer, schema, name, items, None, depth)
            }
            // The `xml` name of an array is the name of its wrapper element.
            _ => {
                let item = schema.as_ref().and_then(|schema| schema.get("items"));
                let mut items = items.iter();
                items.try_for_each(|value| element(writer, item.as_ref(), name, value, depth))
            }
        };
    }
    let mut start = started(&own_name, xml.as_ref())?;
    let mut children = Vec::new();
    for (key, value) in value.as_object().into_iter().flatten() {
        let property = schema
            .as_ref()
            .and_then(|schema| find_property(schema, key, DEPTH));
        let xml = property
            .as_ref()
            .and_then(|property| property.resolve()?.get("xml"));
        if xml.as_ref().is_some_and(|xml| xml.is_true("attribute")) {
            let name = qualified(xml.as_ref(), key);
            start.push_attribute((valid_name(&name)?, text(value).as_str()));
        } else {
            children.push((property, key, value));
        }
    }
    writer.write_event(Event::Start(start)).ok()?;
    for (property, key, value) in children {
        element(writer, property.as_ref(), key, value, depth)?;
    }
    if !value.is_object() {
        writer
            .write_event(Event::Text(BytesText::new(&text(value))))
            .ok()?;
    }
    writer.write_event(Event::End(BytesEnd::new(own_name))).ok()
}

/// Writes an element with one for each item of an array, which are named as it is unless something else is given.
fn wrapped(
    writer: &mut Writer<Vec<u8>>,
    schema: &Place<'_>,
    name: &str,
    items: &[Value],
    of_items: Option<&str>,
    depth: usize,
) -> Option<()> {
    let xml = schema.get("xml");
    let own_name = qualified(xml.as_ref(), name);
    let is_named = xml.as_ref().is_some_and(|xml| xml.is_true("wrapped"));
    let of_items = of_items.filter(|_| !is_named).unwrap_or(&own_name);
    let item = schema.get("items");
    let start = started(&own_name, xml.as_ref())?;
    writer.write_event(Event::Start(start)).ok()?;
    for value in items {
        element(writer, item.as_ref(), of_items, value, depth)?;
    }
    writer.write_event(Event::End(BytesEnd::new(own_name))).ok()
}

fn started<'n>(name: &'n str, xml: Option<&Place<'_>>) -> Option<BytesStart<'n>> {
    let mut start = BytesStart::new(valid_name(name)?);
    if let Some(namespace) = xml.and_then(|xml| xml.text("namespace")) {
        let prefix = xml.and_then(|xml| xml.text("prefix"));
        let attribute =
            prefix.map_or_else(|| "xmlns".to_owned(), |prefix| format!("xmlns:{prefix}"));
        start.push_attribute((attribute.as_str(), namespace));
    }
    Some(start)
}

/// The name that an `xml` object specifies, with its prefix.
fn qualified(xml: Option<&Place<'_>>, name: &str) -> String {
    let name = xml.and_then(|xml| xml.text("name")).unwrap_or(name);
    match xml.and_then(|xml| xml.text("prefix")) {
        Some(prefix) => format!("{prefix}:{name}"),
        None => name.to_owned(),
    }
}

/// The name, if it is a valid element name.
fn valid_name(name: &str) -> Option<&str> {
    let begins = name.starts_with(|first: char| first.is_alphabetic() || first == '_');
    let is_inner = |inner: char| inner.is_alphanumeric() || "_-.:".contains(inner);
    (begins && name.chars().all(is_inner)).then_some(name)
}

/// Finds the definition of a property in a schema or one of its branches.
fn find_property<'a>(schema: &Place<'a>, name: &str, depth: usize) -> Option<Place<'a>> {
    let depth = depth.checked_sub(1)?;
    let own = schema.get("properties").and_then(|all| all.get(name));
    own.or_else(|| {
        let branches = ["allOf", "oneOf", "anyOf"].into_iter();
        let mut branches = branches.flat_map(|key| schema.items_of(key));
        branches.find_map(|branch| find_property(&branch.resolve()?, name, depth))
    })
}

fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use spec_first_document::{Document, Pointer};

    use super::*;

    const DOCUMENT: &str = "
openapi: 3.0.3
components:
  schemas:
    Order:
      type: object
      properties:
        id: {type: integer, xml: {attribute: true}}
        lines: {type: array, xml: {wrapped: true}, items: {type: string, xml: {name: line}}}
        tags: {type: array, items: {type: string}}
        codes: {type: array, items: {type: string, xml: {name: code}}}
        note: {type: string, xml: {name: remark, prefix: n, namespace: 'urn:notes'}}
      allOf: [{properties: {buyer: {$ref: '#/components/schemas/Buyer'}}}]
    Buyer: {type: object, properties: {name: {type: string, xml: {attribute: true}}}}
    Renamed: {type: string, xml: {name: other}}
    Orders: {type: array, items: {$ref: '#/components/schemas/Order'}}
    Codes: {type: array, xml: {name: codes, wrapped: true}, items: {type: integer}}
";

    #[track_caller]
    fn check(component: &str, value: Value, expected: Option<&str>) {
        let document = Document::parse("orders.yaml", DOCUMENT).unwrap();
        let pointer = Pointer::parse(&format!("#/components/schemas/{component}")).unwrap();
        let place = Place::at(&document, &pointer).unwrap();
        assert_eq!(write(&place, &value).as_deref(), expected);
    }

    #[test]
    fn a_value_is_serialized_as_the_xml_objects_say() {
        check("Order", json!({}), Some("<Order></Order>"));
        check(
            "Order",
            json!({"id": 7, "lines": ["a"], "tags": ["b", "c"], "codes": ["d"], "note": "<e>", "other": null}),
            Some(
                "<Order id=\"7\"><code>d</code><lines><line>a</line></lines><n:remark xmlns:n=\"urn:notes\">&lt;e&gt;</n:remark><other></other><tags>b</tags><tags>c</tags></Order>",
            ),
        );
        check(
            "Order",
            json!({"buyer": {"name": "A&B"}}),
            Some("<Order><buyer name=\"A&amp;B\"></buyer></Order>"),
        );
        check("Renamed", json!("x"), Some("<other>x</other>"));
        check(
            "Orders",
            json!([{}, {}]),
            Some("<Orders><Order></Order><Order></Order></Orders>"),
        );
        check("Codes", json!([7]), Some("<codes><codes>7</codes></codes>"));
    }

    #[test]
    fn an_invalid_element_name_is_rejected() {
        check("Order", json!({"a b": 1}), None);
    }

    fn read_as(component: &str, text: &str) -> Result<Value, String> {
        let document = Document::parse("orders.yaml", DOCUMENT).unwrap();
        let pointer = Pointer::parse(&format!("#/components/schemas/{component}")).unwrap();
        read(&Place::at(&document, &pointer).unwrap(), text.as_bytes())
    }

    #[test]
    fn a_document_is_read_as_its_schema_says() {
        for (component, text, expected) in [
            (
                "Order",
                "<?xml version='1.0'?><o:Order id='7' x='1'> <code>d</code><lines><line>a</line></lines> <!-- note -->
                 <n:remark xmlns:n='urn:notes'>&lt;e&#62;<![CDATA[&]]></n:remark><tags>b</tags><tags>c</tags></o:Order>",
                json!({"id": 7, "codes": ["d"], "lines": ["a"], "note": "<e>&", "tags": ["b", "c"]}),
            ),
            (
                "Order",
                "<Order id='x'><buyer name='A&amp;B'/><other><a>1</a></other></Order>",
                json!({"id": "x", "buyer": {"name": "A&B"}, "other": {"a": "1"}}),
            ),
            ("Order", "<Order/>", json!({})),
            ("Order", "<Order>true</Order>", json!("true")),
            ("Renamed", "<other> x </other>", json!(" x ")),
            ("Orders", "<Orders><Order id='7'/></Orders>", json!([{"id": 7}])),
        ] {
            assert_eq!(read_as(component, text), Ok(expected), "{text}");
        }
    }

    #[test]
    fn what_is_not_a_document_is_refused() {
        let deep = format!("{}{}", "<a>".repeat(40), "</a>".repeat(40));
        for text in [
            "",
            "a",
            "<a>",
            "<a></b>",
            "<a/><b/>",
            "<a>&b;</a>",
            "<a b/>",
            &deep,
        ] {
            assert!(read_as("Order", text).is_err(), "{text}");
        }
    }
}
