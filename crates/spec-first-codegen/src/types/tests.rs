use super::*;

const KINDS: &str = include_str!("../../tests/it/types/kinds.yaml");

fn types(text: &str) -> Types {
    Types::generate(&Document::parse("kinds.yaml", text).unwrap()).unwrap()
}

fn of(types: &Types, pointer: &str) -> String {
    let found = types.of(&Pointer::parse(pointer).unwrap());
    quote!(#found).to_string().replace(' ', "")
}

fn generated(types: Types) -> String {
    let module = types.into_module();
    let mut file: syn::File = parse_quote!();
    file.items.push(Item::Mod(module));
    prettyplease::unparse(&file)
}

/// `tests/it/types.rs` reads and writes values with these types.
#[test]
fn the_types_that_are_tested_are_those_that_are_generated() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/types/generated.rs");
    let generated = generated(types(KINDS));
    if std::env::var_os("WRITE_GENERATED").is_some() {
        std::fs::write(path, &generated).unwrap();
    }
    let tested = std::fs::read_to_string(path).unwrap();
    assert!(
        tested == generated,
        "run `WRITE_GENERATED=1 cargo test -p spec-first-codegen --lib types`"
    );
}

#[test]
fn the_type_of_each_schema_is_known() {
    let types = types(KINDS);
    let operation = "/paths/~1kinds/post";
    for (pointer, expected) in [
        (
            format!("{operation}/parameters/0/schema"),
            "types::SendKindsSort",
        ),
        (
            format!("{operation}/parameters/1/schema"),
            "::std::vec::Vec<i64>",
        ),
        (
            format!("{operation}/requestBody/content/application~1json/schema"),
            "types::SendKindsBody",
        ),
        (
            format!("{operation}/responses/200/content/application~1json/schema"),
            "types::SendKindsResponse",
        ),
        (
            format!("{operation}/responses/404/content/application~1problem+json/schema"),
            "types::Error",
        ),
        ("/components/schemas/also_tree".to_owned(), "types::Tree"),
        ("/components/schemas/tree".to_owned(), "types::Tree2"),
        (
            "/components/schemas/Update/properties/password".to_owned(),
            "::spec_first_runtime::Secret",
        ),
        (
            "/components/schemas/Update/properties/name".to_owned(),
            "::std::option::Option<::std::string::String>",
        ),
        (
            "/components/schemas/Nothing".to_owned(),
            "::serde_json::Value",
        ),
    ] {
        assert_eq!(of(&types, &pointer), expected, "{pointer}");
    }
    let body = types
        .structure(&parse_quote!(types::SendKindsBody))
        .unwrap();
    assert_eq!(body.fields.len(), 2);
    assert!(types.structure(&parse_quote!(types::Vote)).is_none());
    assert!(
        types
            .structure(&parse_quote!(::serde_json::Value))
            .is_none()
    );
}
