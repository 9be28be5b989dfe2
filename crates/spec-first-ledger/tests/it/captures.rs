//! Captures of several pages that say different things about one operation or one API.

use spec_first_ledger::source::{Recorded, contradictions, contradictions_between};

use super::pages::page;

/// A page about an operation, as a capture of its text.
fn operation(request: &str, header: &str, fields: &str) -> String {
    format!(
        "Endpoint\n\n{request}\n\nAuthentication\n\nEach request has the {header} header.\n\n\
         Path parameters\n\npetId\nstring\nrequired\n\nBody parameters\n\n{fields}\n"
    )
}

#[track_caller]
fn check(captures: &[&str], expected: &[&str]) {
    let captures = captures.iter().enumerate();
    let captures =
        captures.map(|(index, text)| Recorded::of(&format!("page-{index}"), &page(text)));
    let captures: Vec<Recorded> = captures.collect();
    for each in &captures {
        assert_eq!(contradictions(&each.facts), [], "{}", each.page);
    }
    let found = contradictions_between(&captures);
    let shown = found.iter().map(|each| {
        let says = each.sides.iter().map(|side| side.says.as_str());
        format!("{}: {}", each.subject, says.collect::<Vec<_>>().join(", "))
    });
    assert_eq!(shown.collect::<Vec<_>>(), expected);
}

const RENAME: &str = "PUT https://api.pets.example/shop/v1/pets/{petId}";

#[test]
fn captures_of_one_operation_differ_about_all_that_they_state() {
    let rename = operation(RENAME, "x-pet-key", "name\nstring\nrequired");
    check(&[&rename, &rename], &[]);
    let moved = rename.replace("/shop/", "/store/");
    check(
        &[&rename, &moved],
        &[
            "the base URL of `/pets`: https://api.pets.example/shop/v1, https://api.pets.example/store/v1",
        ],
    );
    let other = operation(RENAME, "x-api-key", "name\ninteger\n\nmood\nstring");
    check(
        &[&rename, &other],
        &[
            "the credentials of a request: x-api-key, x-pet-key",
            "the type of the body field `name`: string, integer",
            "whether the body field `name` is required: present, absent",
            "whether there is a body field `mood`: present, absent",
        ],
    );
    // What is below the end of a capture is not silence.
    let cut = rename.replace("Body parameters\n\nname\nstring\nrequired", "Body para");
    check(&[&other.replace("x-api", "x-pet"), &cut], &[]);
}

#[test]
fn captures_of_one_api_differ_about_what_its_operations_share() {
    let rename = operation(RENAME, "x-pet-key", "name\nstring");
    let feed = operation(
        "POST https://api.pets.example/shop/v1/pets/{petId}/meals",
        "x-pet-key",
        "food\ninteger",
    );
    check(&[&rename, &feed], &[]);
    let feed = feed
        .replace("petId\nstring", "petId\ninteger")
        .replace("x-pet-key", "x-key");
    check(
        &[&rename, &feed],
        &[
            "the credentials of a request: x-key, x-pet-key",
            "the type of the path parameter `petId`: string, integer",
        ],
    );
    // Other resources may be anywhere, and have other credentials.
    let sell = operation(
        "POST https://sales.example/v2/sales/{petId}",
        "x-key",
        "name\ninteger",
    );
    check(&[&rename, &sell], &[]);
}
