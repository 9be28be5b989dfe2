//! Every edit of the document changes the surface.

use spec_first_codegen::surface;
use spec_first_document::{Content, Document, Node};

use crate::document::{PETS, edited};

/// The lines that an edit removes from and adds to the surface.
#[track_caller]
fn difference(find: &str, replace: &str) -> String {
    let before = surface("pets.yaml", PETS).unwrap();
    let after = surface("pets.yaml", &edited(find, replace)).unwrap();
    let removed = before
        .lines()
        .filter(|line| !after.lines().any(|other| other == *line))
        .map(|line| format!("- {line}"));
    let added = after
        .lines()
        .filter(|line| !before.lines().any(|other| other == *line))
        .map(|line| format!("+ {line}"));
    removed.chain(added).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_new_property_changes_document_and_rust_lines() {
    insta::assert_snapshot!(difference("        name: {type: string}\n", "        name: {type: string}\n        nickName: {type: string}\n"), @r#"
    + document #/components/schemas/Pet/properties/nickName/type = "string"
    + rust field types::Pet.nick_name: Option<String> as `nickName`
    + rust method pets::Add: fn nick_name(mut self, value: impl TryInto<String, Error: Display>) -> Self
    "#);
}

#[test]
fn a_new_operation_changes_lines_of_every_kind() {
    insta::assert_snapshot!(difference("  /pets/{petId}/toys/{toyId}:\n", "  /ping: {get: {operationId: ping, responses: {'204': {description: Pong}}}}\n  /pets/{petId}/toys/{toyId}:\n"), @r#"
    + document #/paths/~1ping/get/operationId = "ping"
    + operation ping: GET /ping; request none; responses 204; security Key | Basic
    + prose #/paths/~1ping/get/responses/204/description = "Pong"
    + rust method Client: fn ping(&self) -> operations::Ping
    + rust method operations::Ping: fn send(self) -> Result<Reply<()>, Error>
    + rust struct operations::Ping
    "#);
}

#[test]
fn what_is_read_in_chunks_is_a_method() {
    insta::assert_snapshot!(difference("description: Removed}", "description: Removed}\n        '200': {description: It, content: {application/zip: {}}}"), @r#"
    - operation remove_toy: DELETE /pets/{petId}/toys/{toyId}; request none; responses 204 | 404 Error; security 
    - rust method toys::Remove: fn send(self) -> Result<Reply<()>, Error>
    + document #/paths/~1pets~1{petId}~1toys~1{toyId}/delete/responses/200/content/application~1zip = {}
    + operation remove_toy: DELETE /pets/{petId}/toys/{toyId}; request none; responses 204 | 200 application/zip | 404 Error; security 
    + prose #/paths/~1pets~1{petId}~1toys~1{toyId}/delete/responses/200/description = "It"
    + rust enum toys::RemoveReply
    + rust method toys::Remove: fn send(self) -> Result<Reply<RemoveReply>, Error>
    + rust method toys::Remove: fn send_streaming(self) -> Result<ReplyStream, Error>
    + rust variant toys::RemoveReply::NoContent
    + rust variant toys::RemoveReply::Ok(::spec_first_runtime::Bytes)
    "#);
}

/// Everything that progenitor is known to ignore.
#[test]
fn edits_that_the_generator_ignores_change_the_surface() {
    for (find, replace) in [
        ("  - Key: []\n", ""),
        ("https://pets.example/api", "https://pets.example/v2"),
        (
            "      required: [name]\n",
            "      required: [name]\n      minProperties: 2\n",
        ),
        (
            "chip: {type: string, format: uuid}",
            "chip: {type: string, format: uuid, readOnly: true}",
        ),
        (
            "chip: {type: string, format: uuid}",
            "chip: {type: string, format: uuid, writeOnly: true}",
        ),
        (
            "chip: {type: string, format: uuid}",
            "chip: {type: string, format: uri}",
        ),
        ("      required: true\n", "      required: false\n"),
        (
            "'204': {description: Removed}",
            "'204': {description: Removed, headers: {X-A: {schema: {type: string}}}}",
        ),
        (
            "chip: {type: string, format: uuid}",
            "chip: {type: string, format: uuid, example: x}",
        ),
        (
            "      tags: [toys]\n",
            "      tags: [toys]\n      x-idempotent: true\n",
        ),
        (
            "    OpenKind:\n",
            "    OpenKind:\n      discriminator: {propertyName: kind}\n",
        ),
        ("{title: Pets,", "{title: Dogs,"),
    ] {
        assert_ne!(
            difference(find, replace),
            "",
            "`{replace}` does not change the surface"
        );
    }
}

#[test]
fn every_value_of_the_document_has_a_line() {
    let document = Document::parse("pets.yaml", PETS).unwrap();
    let surface = surface("pets.yaml", PETS).unwrap();
    let mut values = 0;
    for_each_value(document.root(), &mut |value| {
        values += 1;
        assert!(
            surface.contains(&format!(" = {}\n", value.to_json())),
            "{value:?}"
        );
    });
    let lines = surface
        .lines()
        .filter(|line| line.starts_with("document ") || line.starts_with("prose "))
        .count();
    assert_eq!(lines, values, "one line for each value");
}

fn for_each_value(node: Node<'_>, visit: &mut impl FnMut(Node<'_>)) {
    match node.content() {
        Content::Mapping(entries) if !entries.is_empty() => {
            entries
                .iter()
                .for_each(|entry| for_each_value(entry.value, visit));
        }
        Content::Sequence(items) if !items.is_empty() => {
            items.iter().for_each(|item| for_each_value(item, visit))
        }
        _ => visit(node),
    }
}

#[test]
fn lines_are_sorted() {
    let surface = surface("pets.yaml", PETS).unwrap();
    let lines: Vec<_> = surface.lines().skip(1).collect();
    assert!(lines.is_sorted());
}
