//! The names of generated types, fields and variants, which follow from the place of a schema in the document.

use std::collections::BTreeSet;

use heck::{ToPascalCase, ToSnakeCase};
use spec_first_document::{Document, Node, Pointer};

use crate::names::{is_identifier, is_identifier_part};
use crate::operation_names;

/// Names that generated code uses without a path, so that a type of this name would take their place.
const USED_WITHOUT_PATH: [&str; 7] = ["Default", "Err", "None", "Ok", "Self", "Some", "String"];

/// Words for values without letters and digits, such as `>=`.
const SYMBOLS: [(char, &str); 14] = [
    ('!', "Not"),
    ('#', "Hash"),
    ('%', "Percent"),
    ('&', "And"),
    ('*', "Star"),
    ('+', "Plus"),
    (',', "Comma"),
    ('-', "Minus"),
    ('.', "Dot"),
    ('/', "Slash"),
    ('<', "Less"),
    ('=', "Equal"),
    ('>', "Greater"),
    ('|', "Or"),
];

/// Names that are taken; a name that is taken already gets the first free number.
#[derive(Debug, Default)]
pub(super) struct Names(BTreeSet<String>);

impl Names {
    pub(super) fn claim(&mut self, name: String) -> String {
        let numbered = (2..).map(|number| format!("{name}{number}"));
        let mut candidates = std::iter::once(name.clone()).chain(numbered);
        let free = candidates.find(|candidate| self.0.insert(candidate.clone()));
        free.unwrap_or(name)
    }
}

/// The name of a type.
pub(super) fn type_name(text: &str) -> String {
    let name = identifier(text, str::to_pascal_case);
    match USED_WITHOUT_PATH.contains(&name.as_str()) {
        true => format!("{name}Type"),
        false => name,
    }
}

/// The name of a field.
pub(super) fn field_name(text: &str) -> String {
    let name = identifier(text, str::to_snake_case);
    keyword_or(name)
}

/// The name of the variant for a value of an `enum`.
pub(super) fn variant_name(value: &str) -> String {
    let sign = match value.chars().next() {
        Some('-') => "minus ",
        Some('+') => "plus ",
        _ => "",
    };
    let rest = value.trim_start_matches(['-', '+']);
    if value.is_empty() {
        return "Empty".to_owned();
    }
    if value.contains(is_identifier_part) {
        return keyword_or(identifier(&format!("{sign}{rest}"), str::to_pascal_case));
    }
    let words = value.chars().map(|symbol| {
        let known = SYMBOLS.iter().find(|(known, _)| *known == symbol);
        known.map_or("Symbol", |(_, word)| word)
    });
    words.collect()
}

fn keyword_or(name: String) -> String {
    match is_identifier(&name) {
        true => name,
        false => format!("{name}_"),
    }
}

/// Repeats the conversion until it changes nothing, because typify converts the name that it is given once more.
fn identifier(text: &str, case: fn(&str) -> String) -> String {
    let words = text.replace('\'', "");
    let words = words.replace(|character: char| !is_identifier_part(character), "-");
    let mut name = case(&words);
    loop {
        let again = case(&name);
        if again == name {
            break;
        }
        name = again;
    }
    match name.chars().next() {
        None => case("x"),
        Some(first) if is_identifier(&first.to_string()) => name,
        Some(_) => case(&format!("x{name}")),
    }
}

/// The name for a schema that has none, from the place where it is written: `GetPetResponse`, `PetOwner`.
pub(super) fn place_name(document: &Document, pointer: &Pointer) -> String {
    let mut place = Place {
        node: Some(document.root()),
        words: Vec::new(),
    };
    let segments: Vec<String> = pointer.segments().collect();
    let mut rest = segments.as_slice();
    while let Some((first, after)) = rest.split_first() {
        rest = match after.split_first() {
            Some((second, after)) if place.takes_two(first) => {
                place.named(first, second);
                after
            }
            _ => {
                place.keyword(first);
                after
            }
        };
    }
    type_name(&place.words.join(" "))
}

struct Place<'a> {
    node: Option<Node<'a>>,
    words: Vec<String>,
}

impl Place<'_> {
    /// Whether `keyword` is followed by a name or an index.
    fn takes_two(&self, keyword: &str) -> bool {
        matches!(
            keyword,
            "$defs"
                | "additionalOperations"
                | "allOf"
                | "anyOf"
                | "callbacks"
                | "content"
                | "definitions"
                | "dependentSchemas"
                | "headers"
                | "mediaTypes"
                | "oneOf"
                | "parameters"
                | "pathItems"
                | "paths"
                | "patternProperties"
                | "prefixItems"
                | "properties"
                | "requestBodies"
                | "responses"
                | "schemas"
                | "webhooks"
        )
    }

    fn enter(&mut self, key: &str) {
        self.node = self.node.and_then(|node| {
            let item = || node.items().get(key.parse().ok()?);
            node.get(key).or_else(item)
        });
    }

    fn push(&mut self, word: impl Into<String>) {
        self.words.push(word.into());
    }

    fn named(&mut self, keyword: &str, name: &str) {
        self.enter(keyword);
        self.enter(name);
        let title = self.node.and_then(|node| node.str_of("title"));
        match keyword {
            "content" | "allOf" => {}
            "additionalOperations" => self.operation(name),
            "oneOf" | "anyOf" => {
                let variant = format!("Variant{name}");
                self.push(title.map_or(variant, str::to_owned));
            }
            "prefixItems" => self.push(format!("Item{name}")),
            "patternProperties" => self.push("Value"),
            "parameters" => {
                let name = self
                    .node
                    .and_then(|node| node.str_of("name"))
                    .unwrap_or(name);
                self.push(name);
            }
            "responses" if name == "200" => self.push("Response"),
            "responses" if name == "default" || name.starts_with(|c: char| c.is_ascii_digit()) => {
                self.push("Response");
                self.push(name);
            }
            "responses" => self.with_suffix(name, "Response"),
            "headers" => self.with_suffix(name, "Header"),
            "requestBodies" => self.with_suffix(name, "Body"),
            _ => self.push(name),
        }
    }

    fn with_suffix(&mut self, name: &str, suffix: &str) {
        self.push(name);
        if !name.to_lowercase().ends_with(&suffix.to_lowercase()) {
            self.push(suffix);
        }
    }

    fn keyword(&mut self, keyword: &str) {
        self.enter(keyword);
        match keyword {
            "components" | "schema" | "contentSchema" => {}
            "requestBody" => self.push("Body"),
            "items" | "itemSchema" | "contains" | "unevaluatedItems" => self.push("Item"),
            "additionalProperties" | "unevaluatedProperties" => self.push("Value"),
            method if self.is_operation(method) => self.operation(method),
            other => self.push(other),
        }
    }

    fn is_operation(&self, method: &str) -> bool {
        let methods = spec_first_document::METHODS;
        methods.contains(&method) || method == "query"
    }

    /// An operation is named as its method of the client is; the path is said by that already.
    fn operation(&mut self, method: &str) {
        match self.node.and_then(|node| node.str_of("operationId")) {
            Some(name) => self.words = vec![name.to_owned()],
            None => {
                let path = self.words.join(" ");
                self.words = vec![operation_names::name_of(method, &path)];
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_valid_and_stay_as_they_are_when_converted_again() {
        for (text, expected) in [
            ("pet", "Pet"),
            ("a.b.C", "Abc"),
            ("3d-model", "X3dModel"),
            ("self", "SelfType"),
            ("Option", "Option"),
            ("", "X"),
            ("größe", "Größe"),
            ("m²", "M"),
        ] {
            let name = type_name(text);
            assert_eq!(name, expected, "{text}");
            assert_eq!(
                type_name(&name).trim_end_matches("Type"),
                name.trim_end_matches("Type")
            );
        }
        for (text, expected) in [
            ("webhookUrl", "webhook_url"),
            ("type", "type_"),
            ("@id", "id"),
            ("2fa", "x2fa"),
            ("self", "self_"),
            ("gen", "gen_"),
            ("$", "x"),
        ] {
            assert_eq!(field_name(text), expected, "{text}");
        }
        for (value, expected) in [
            ("api_key", "ApiKey"),
            ("", "Empty"),
            ("+1", "Plus1"),
            ("-1", "Minus1"),
            (">=", "GreaterEqual"),
            ("self", "Self_"),
            ("1d", "X1d"),
        ] {
            assert_eq!(variant_name(value), expected, "{value}");
        }
    }

    #[test]
    fn a_name_that_is_taken_gets_a_number() {
        let mut names = Names::default();
        let claimed = ["Pet", "Pet", "Pet"].map(|name| names.claim(name.to_owned()));
        assert_eq!(claimed, ["Pet", "Pet2", "Pet3"]);
    }

    #[test]
    fn a_schema_is_named_after_its_place() {
        let text = "
openapi: 3.0.3
paths:
  /pets/{petId}:
    parameters: [{name: petId, in: path, schema: {type: string}}]
    get:
      operationId: show_pet
      parameters: [{name: sort-by, in: query, schema: {type: string}}]
      requestBody: {content: {application/json: {schema: {properties: {owner: {items: {}}}}}}}
      responses: {'200': {}, '404': {}}
    delete: {responses: {default: {}}}
components: {responses: {not_found: {}}}
";
        let document = Document::parse("pets.yaml", text).unwrap();
        let operation = "/paths/~1pets~1{petId}/get";
        for (pointer, expected) in [
            ("/components/schemas/pet/properties/owner", "PetOwner"),
            ("/components/schemas/pet/items/oneOf/1", "PetItemVariant1"),
            (
                "/components/responses/not_found/content/a~1b/schema",
                "NotFoundResponse",
            ),
            (
                "/paths/~1pets~1{petId}/parameters/0/schema",
                "PetsPetIdPetId",
            ),
            (&format!("{operation}/parameters/0/schema"), "ShowPetSortBy"),
            (
                &format!("{operation}/requestBody/content/a~1b/schema/properties/owner/items"),
                "ShowPetBodyOwnerItem",
            ),
            (
                &format!("{operation}/responses/200/content/a~1b/schema"),
                "ShowPetResponse",
            ),
            (
                &format!("{operation}/responses/404/content/a~1b/schema"),
                "ShowPetResponse404",
            ),
            (
                "/paths/~1pets~1{petId}/delete/responses/default/content/a~1b/schema",
                "DeletePetsPetIdResponseDefault",
            ),
        ] {
            let pointer = Pointer::parse(pointer).unwrap();
            assert_eq!(place_name(&document, &pointer), expected, "{pointer}");
        }
    }
}
