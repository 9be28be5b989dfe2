use spec_first_document::Document;

use super::super::model::Model;
use super::super::structs::run_progenitor;
use super::*;

const DOCUMENT: &str = "
openapi: 3.1.0
info: {title: Pets, version: '1'}
paths: {}
components:
  schemas:
    Owner: {type: object, properties: {pet: {$ref: '#/components/schemas/Pet'}}}
    Pet:
      type: object
      required: [note]
      properties:
        petName: {type: string}
        note: {type: [string, 'null']}
        tag: {type: [string, 'null']}
        parent: {$ref: '#/components/schemas/Pet'}
        kind: {type: string, enum: [cat]}
    Label: {type: object, properties: {text: {type: string}}, additionalProperties: true}
";

fn definitions() -> Vec<Definition> {
    Model::of(&Document::parse("pets.yaml", DOCUMENT).unwrap()).definitions
}

#[test]
fn each_fix_is_still_needed() {
    let code = prettyplease::unparse(&run_progenitor(&definitions()).unwrap());
    for (fix, defect) in [
        (
            "replace_placeholders",
            "pub struct PetKind(pub ::std::string::String);",
        ),
        (
            "box_inside_options",
            "pub parent: ::std::boxed::Box<::std::option::Option<Pet>>",
        ),
        ("rename_properties", "pub pet_name: "),
        (
            "read_absent_as_null",
            "deserialize_with = \"::std::option::Option::deserialize\"",
        ),
        (
            "send_null",
            "pub tag: ::std::option::Option<::std::string::String>",
        ),
        (
            "convert_in_the_runtime",
            "format!(\"error converting supplied value for note: {e}\")",
        ),
        (
            "start_with_defaults",
            "extra: Err(\"no value supplied for extra\".to_string())",
        ),
    ] {
        assert!(
            code.contains(defect),
            "`{fix}` is no longer needed:\n{code}"
        );
    }
    for (fix, effect) in [
        ("rename_properties", "petName"),
        ("add_attributes", "cfg_attr"),
    ] {
        assert!(
            !code.contains(effect),
            "`{fix}` is no longer needed:\n{code}"
        );
    }
}

#[test]
fn a_fix_that_no_longer_applies_fails() {
    let definitions = definitions();
    let empty = || parse_quote!();
    let kinds = BTreeMap::from([("PetKind".to_owned(), Vec::new())]);
    #[track_caller]
    fn check(result: Result<(), Error>, fix: &str) {
        let error = result.unwrap_err();
        assert!(
            matches!(error, Error::FixNoLongerApplies { .. }),
            "{error:?}"
        );
        assert!(error.to_string().contains(fix), "{error}");
    }
    check(
        replace_placeholders(&mut empty(), &mut kinds.clone()),
        "replace_placeholders",
    );
    check(
        box_inside_options(&mut empty(), &definitions),
        "box_inside_options",
    );
    check(
        rename_properties(&mut empty(), &definitions),
        "rename_properties",
    );
    check(
        read_absent_as_null(&mut empty(), &definitions),
        "read_absent_as_null",
    );
    check(send_null(&mut empty(), &definitions), "send_null");
    check(
        add_attributes(&mut empty(), &definitions, &[parse_quote!(#[derive(Hash)])]),
        "add_attributes",
    );
    // Twice is once too often: what it looks for has been mended already.
    let mut file = run_progenitor(&definitions).unwrap();
    start_with_defaults(&mut file, &definitions).unwrap();
    check(
        start_with_defaults(&mut file, &definitions),
        "start_with_defaults",
    );
    read_absent_as_null(&mut file, &definitions).unwrap();
    check(
        read_absent_as_null(&mut file, &definitions),
        "read_absent_as_null",
    );
    convert_in_the_runtime(&mut file).unwrap();
    check(convert_in_the_runtime(&mut file), "convert_in_the_runtime");
    for item in &mut file.items {
        if let Item::Mod(module) = item {
            module.content = None;
        }
    }
    check(send_null(&mut file, &definitions), "send_null");
}
