//! A document in several files is linted, served and generated like one in a single file.

use super::folder::Folder;

fn folder() -> Folder {
    Folder::repository(&[
        (
            "api/openapi.yaml",
            "\
openapi: 3.0.3
info: {title: Pets, version: '1', description: Pets.}
servers: [{url: 'https://pets.example'}]
paths:
  /pets: {$ref: paths/pets.yaml}
",
        ),
        (
            "api/paths/pets.yaml",
            "\
get:
  operationId: list_pets
  summary: Lists pets.
  security: []
  responses:
    '200':
      description: Pets.
      content:
        application/json:
          schema: {type: array, items: {$ref: '../pet.yaml'}}
",
        ),
        (
            "api/pet.yaml",
            "type: object\nrequired: [nmae]\nadditionalProperties: false\nproperties: {name: {type: string}}\n",
        ),
        (
            "spec-first.toml",
            "documents = [\"api/openapi.yaml\"]\n\n[[generate]]\ndocument = \"api/openapi.yaml\"\nclient = \"client.rs\"\n",
        ),
    ])
}

#[test]
fn a_finding_names_the_file_and_the_place_in_it() {
    let folder = folder();
    let found = folder.run(&["lint"]);
    assert!(found.contains("--> api/pet.yaml:2:"), "{found}");
    assert!(found.contains("at #/required"), "{found}");
}

#[test]
fn the_generated_client_has_a_type_for_what_is_in_another_file() {
    let folder = folder();
    folder.write(
        "api/pet.yaml",
        "type: object\nrequired: [name]\nproperties: {name: {type: string}}\n",
    );
    let said = folder.run(&["generate"]);
    assert!(said.starts_with("exit code 0"), "{said}");
    let client = std::fs::read_to_string(folder.path().join("client.rs")).unwrap();
    assert!(client.contains("pub struct Pet {"), "{client}");
    assert!(client.contains("pub fn list_pets(&self)"), "{client}");
}

#[test]
fn no_file_outside_the_repository_is_read() {
    let folder = folder();
    folder.write("api/pet.yaml", "$ref: ../../outside.yaml\n");
    for command in ["lint", "generate"] {
        let said = folder.run(&[command]);
        assert!(said.starts_with("exit code 2"), "{said}");
        assert!(said.contains("`../outside.yaml` cannot be read"), "{said}");
    }
}

#[test]
#[cfg(unix)]
fn whoever_refers_to_a_file_outside_the_folder_learns_what_to_do() {
    let (folder, outside) = (folder(), Folder::new());
    outside.write("pet.yaml", "type: object\n");
    let link = folder.path().join("api/outside.yaml");
    std::os::unix::fs::symlink(outside.path().join("pet.yaml"), link).unwrap();
    folder.write("api/pet.yaml", "$ref: outside.yaml\n");
    for command in ["lint", "generate"] {
        let said = folder.run(&[command]);
        assert!(said.starts_with("exit code 2"), "{said}");
        assert!(said.contains("it is outside the repository"), "{said}");
        assert!(said.contains("move the file into the folder"), "{said}");
    }
}

#[test]
#[cfg(unix)]
fn a_symbolic_link_on_the_command_line_is_followed() {
    let (folder, outside) = (folder(), folder());
    let link = folder.path().join("linked.yaml");
    std::os::unix::fs::symlink(outside.path().join("api/openapi.yaml"), link).unwrap();
    let said = folder.run(&[
        "lint",
        "linked.yaml",
        "--profile",
        "strict",
        "--fail-on",
        "none",
    ]);
    assert!(said.starts_with("exit code 0"), "{said}");
    let real = std::fs::canonicalize(outside.path().join("api")).unwrap();
    assert!(said.contains(&*real.to_string_lossy()), "{said}");
}
