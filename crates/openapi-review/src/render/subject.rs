//! What a place is about, in the words of the document: which property of which schema.

use std::fmt::Write;

use openapi_document::Pointer;

/// The keywords that stand between a schema and one inside of it, with a name or an index behind them.
const BRANCHES: [&str; 5] = ["allOf", "anyOf", "oneOf", "prefixItems", "content"];

/// `Pet.owners[].name`; `None` if the place is in no schema that has a name, or in none at all.
pub(super) fn subject(pointer: &Pointer) -> Option<String> {
    let segments: Vec<String> = pointer.segments().collect();
    let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
    let (name, mut rest) = match segments[..] {
        ["components", _, name, ref rest @ ..] => (name, rest),
        // A schema that stands where it is used is named by its properties.
        ["paths" | "webhooks", ..] => {
            let start = segments.iter().rposition(|segment| *segment == "schema")?;
            ("", &segments[start..])
        }
        _ => return None,
    };
    let mut subject = name.to_owned();
    loop {
        rest = match *rest {
            ["properties", name, ref rest @ ..] => {
                let dot = if subject.is_empty() { "" } else { "." };
                _ = write!(subject, "{dot}{name}");
                rest
            }
            ["items", ref rest @ ..] => {
                subject.push_str("[]");
                rest
            }
            ["additionalProperties", ref rest @ ..] => {
                subject.push_str("{}");
                rest
            }
            [branch, _, ref rest @ ..] if BRANCHES.contains(&branch) => rest,
            ["schema", ref rest @ ..] => rest,
            _ => break,
        };
    }
    (!subject.is_empty()).then_some(subject)
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
            ("/paths/~1a/get", None),
            ("/components", None),
            ("/servers/0", None),
            ("", None),
        ] {
            let pointer = Pointer::parse(pointer).unwrap();
            assert_eq!(subject(&pointer).as_deref(), expected, "{pointer}");
        }
    }
}
