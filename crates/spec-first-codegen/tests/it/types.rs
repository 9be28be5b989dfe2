//! What the types of `types/kinds.yaml` read and write. `generated.rs` is what is generated for it, which a test of the library
//! compares: `WRITE_GENERATED=1 cargo test -p spec-first-codegen --lib types` writes it.

#[expect(
    clippy::allow_attributes,
    clippy::allow_attributes_without_reason,
    dead_code,
    unreachable_pub,
    reason = "generated code follows the generator's style"
)]
mod generated {
    include!("types/generated.rs");
}

use generated::types;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

#[track_caller]
fn read<T: DeserializeOwned>(value: Value) -> T {
    serde_json::from_value(value).unwrap()
}

/// Reads a reply and asserts that nothing is lost.
#[track_caller]
fn reply(value: Value) -> types::Reply {
    let text = value.to_string();
    let reply: types::Reply = serde_json::from_str(&text).unwrap();
    let mut written = json(&reply);
    // Required, and may be `null`.
    written.as_object_mut().unwrap().remove("nickName");
    assert_eq!(written, value);
    reply
}

#[track_caller]
fn json(value: &impl Serialize) -> Value {
    serde_json::to_value(value).unwrap()
}

#[test]
fn a_branch_that_refines_a_member_loses_no_other() {
    let value = json!({"span": {"from": "now", "to": "later"}});
    assert_eq!(json(&read::<types::Refined>(value.clone())), value);
}

#[test]
fn branches_that_describe_other_members_of_the_same_objects_are_combined() {
    let value = json!({
        "span": {"since": "now", "until": "later", "during": true, "part": {"rows": []}},
        "rows": [{"left": "a", "right": 1, "deep": {"a": "b", "b": "c"}}],
        "cells": {"first": {"left": "a", "right": 1}},
    });
    let combined: types::Combined = read(value.clone());
    assert_eq!(json(&combined), value);
    assert_eq!(combined.span.unwrap().until, Some("later".into()));
}

#[test]
fn a_request_tells_absent_from_null() {
    let mut update = types::Update::default();
    assert_eq!(json(&update), json!({}));
    update.name = Some(None);
    assert_eq!(json(&update), json!({"name": null}));
    update.name = Some(Some("Rex".to_owned()));
    update.tags = Some(Vec::new());
    assert_eq!(json(&update), json!({"name": "Rex", "tags": []}));
    let built: types::Update = types::Update::builder()
        .name(None::<String>)
        .try_into()
        .unwrap();
    assert_eq!(json(&built), json!({"name": null}));
    assert_eq!(
        read::<types::Update>(json!({"name": null})).name,
        Some(None)
    );
}

#[test]
fn debug_shows_nothing_that_is_secret() {
    let builder = types::Update::builder()
        .name(Some("Rex".to_owned()))
        .password(Some("hunter2".into()))
        .code(4711)
        .answers(vec!["Ada".to_owned()]);
    let shown = format!(
        "{builder:?} {:?}",
        types::Update::try_from(builder.clone()).unwrap()
    );
    assert_eq!(shown.matches("Rex").count(), 2, "{shown}");
    for secret in ["hunter2", "4711", "Ada"] {
        assert!(!shown.contains(secret), "{shown}");
    }
}

#[test]
fn a_builder_needs_no_additional_properties() {
    let built: types::Names = types::Names::builder()
        .foo_bar("a".to_owned())
        .try_into()
        .unwrap();
    assert_eq!(json(&built), json!({"fooBar": "a"}));
}

#[test]
fn a_response_may_leave_out_what_may_be_null() {
    assert_eq!(read::<types::Reply>(json!({})).nick_name, None);
    assert_eq!(
        read::<types::Reply>(json!({"nickName": "Rex"}))
            .nick_name
            .as_deref(),
        Some("Rex")
    );
    let read: types::Reply = read(json!({"nickName": null, "tags": null, "new": 1}));
    assert_eq!((read.nick_name, read.tags), (None, None));
}

#[test]
fn what_only_the_server_sets_is_not_needed_in_a_request() {
    let both: types::Both = types::Both::builder().name("rex").try_into().unwrap();
    assert_eq!(json(&both), json!({"name": "rex"}));
    assert_eq!(
        read::<types::Both>(json!({"id": 0, "name": "ÄÖ"})).id,
        Some(0)
    );
    assert!(types::Both::try_from(types::Both::builder()).is_err());
}

#[test]
fn enums_of_responses_keep_other_values() {
    let animal = reply(json!({"animal": "axolotl"})).animal;
    assert_eq!(
        animal,
        Some(types::ReplyAnimal::Other("axolotl".to_owned()))
    );
    assert_eq!(
        reply(json!({"animal": "cat"})).animal,
        Some(types::ReplyAnimal::Cat)
    );
    assert_eq!(reply(json!({"open": "blue"})).open, Some("blue".into()));
    let spelled = |value| reply(json!({ "spelled": value })).spelled.unwrap();
    let red = types::Spelled::Color(types::Color::Red);
    assert_eq!(spelled(json!("red")), red);
    let blue = types::Spelled::String("blue".to_owned());
    assert_eq!(spelled(json!("blue")), blue);
    assert_eq!(spelled(json!(7)), types::Spelled::Other(json!(7)));
}

#[test]
fn enums_of_requests_have_the_listed_values_only() {
    assert!(serde_json::from_value::<types::Update>(json!({"level": "medium"})).is_err());
    assert_eq!(
        "high".parse::<types::UpdateLevel>().unwrap().to_string(),
        "high"
    );
    assert!("medium".parse::<types::SendKindsSort>().is_err());
    assert_eq!(types::SendKindsSort::MinusName.to_string(), "-name");
}

#[test]
fn a_discriminator_chooses_the_branch() {
    let pet = |value: Value| reply(json!({ "pet": value })).pet.unwrap();
    assert!(matches!(
        pet(json!({"kind": "kitten", "name": "A"})),
        types::Pet::Cat(_)
    ));
    assert!(matches!(
        pet(json!({"kind": "Dog", "name": "A"})),
        types::Pet::Dog(_)
    ));
    let fish = json!({"kind": "fish", "fins": 3});
    assert_eq!(pet(fish.clone()), types::Pet::Other(fish));
}

#[test]
fn a_type_with_a_discriminator_is_a_choice_between_its_subtypes() {
    let vehicle = |value: Value| reply(json!({ "vehicle": value })).vehicle.unwrap();
    let bike = vehicle(json!({"kind": "bike", "bell": true, "towed": {"kind": "Car", "seats": 2}}));
    let types::Vehicle::Bike(bike) = bike else {
        panic!("{bike:?}");
    };
    assert!(matches!(bike.towed.as_ref(), Some(types::Vehicle::Car(_))));
    assert!(matches!(
        vehicle(json!({"kind": "Taxi", "seats": 4})),
        types::Vehicle::Car(_)
    ));
    assert!(matches!(
        vehicle(json!({"kind": "any", "wheels": 3})),
        types::Vehicle::Base(_)
    ));
    let boat = json!({"kind": "boat", "sails": 2});
    assert_eq!(vehicle(boat.clone()), types::Vehicle::Other(boat));
}

#[test]
fn a_type_with_subtypes_has_values_of_its_own_unless_the_document_says_otherwise() {
    let fruit = |value: Value| reply(json!({ "fruit": value })).fruit.unwrap();
    let itself = fruit(json!({"kind": "Fruit", "color": "red"}));
    assert!(matches!(itself, types::Fruit::Base(_)), "{itself:?}");
    let berry = fruit(json!({"kind": "Berry", "seeds": 3}));
    assert!(matches!(berry, types::Fruit::Berry(_)), "{berry:?}");
    let nut = json!({"kind": "nut", "color": "brown"});
    assert_eq!(fruit(nut.clone()), types::Fruit::Other(nut));
}

#[test]
fn a_constant_chooses_the_branch() {
    let shape = |value: Value| reply(json!({ "shape": value })).shape.unwrap();
    assert!(matches!(
        shape(json!({"type": "circle", "size": 1.5})),
        types::Shape::Circle(_)
    ));
    assert!(matches!(
        shape(json!({"type": "square", "size": 1.5})),
        types::Shape::Square(_)
    ));
    assert!(matches!(
        shape(json!({"type": "line"})),
        types::Shape::Other(_)
    ));
}

#[test]
fn a_branch_does_not_swallow_those_after_it() {
    let contact = |value: Value| reply(json!({ "contact": value })).contact.unwrap();
    assert!(matches!(
        contact(json!({"id": "1"})),
        types::Contact::Anyone(_)
    ));
    let person = contact(json!({"id": "1", "email": "a@example.com"}));
    assert!(matches!(person, types::Contact::Person(_)));
    assert_eq!(contact(json!([1])), types::Contact::Other(json!([1])));
}

#[test]
fn a_choice_can_be_a_branch_of_another() {
    let nested = |value: Value| reply(json!({ "nested": value })).nested.unwrap();
    assert!(matches!(
        nested(json!({"id": "1"})),
        types::Nested::Anyone(_)
    ));
    assert!(matches!(
        nested(json!({"radius": 1.5})),
        types::Nested::Variant1(_)
    ));
    assert!(matches!(
        nested(json!({"message": "a"})),
        types::Nested::Variant1(_)
    ));
}

#[test]
fn properties_beside_a_choice_belong_to_each_branch() {
    let payment = |value: Value| reply(json!({ "payment": value })).payment.unwrap();
    let cash = payment(json!({"amount": 1.5, "coins": 3}));
    assert!(matches!(cash, types::Payment::Cash(cash) if cash.amount == 1.5 && cash.coins == 3));
    let credit = payment(json!({"amount": 1.5, "limit": 2.5}));
    let types::Payment::Card(types::PaymentCard::Credit(credit)) = credit else {
        panic!("{credit:?}");
    };
    assert_eq!((credit.amount, credit.limit), (1.5, 2.5));
}

#[test]
fn several_types_are_a_choice() {
    let scalar = |value: Value| reply(json!({ "scalar": value })).scalar.unwrap();
    assert_eq!(scalar(json!("a")), types::Scalar::String("a".to_owned()));
    assert_eq!(scalar(json!(1)), types::Scalar::Int64(1));
    assert_eq!(scalar(json!(true)), types::Scalar::Boolean(true));
    assert_eq!(read::<types::Reply>(json!({"scalar": null})).scalar, None);
}

#[test]
fn types_may_contain_themselves() {
    let tree = json!({"value": "a", "parent": {"value": "b"}, "children": [{"value": "c"}]});
    assert_eq!(
        reply(json!({ "tree": tree }))
            .tree
            .unwrap()
            .children
            .unwrap()[0]
            .value,
        "c"
    );
    reply(json!({"expression": {"negated": {"negated": 1}}}));
}

#[test]
fn a_large_value_is_not_kept_in_place() {
    assert!(size_of::<types::Sheet>() > 1024);
    assert!(size_of::<types::Book>() < 100);
    let row = types::Row::builder().a("1".to_owned());
    let sheet = types::Sheet::builder().first(types::Row::try_from(row).unwrap());
    let sheet = types::Sheet::try_from(sheet).unwrap();
    let book = types::Book::builder()
        .cover(sheet.clone())
        .index(Box::new(sheet.clone()))
        .next(types::BookNext::from(sheet));
    let value = json!({"first": {"a": "1"}});
    let expected = json!({"cover": value, "index": value, "next": value});
    assert_eq!(json(&types::Book::try_from(book).unwrap()), expected);
    assert_eq!(json(&read::<types::Book>(expected.clone())), expected);
}

#[test]
fn numbers_are_not_limited() {
    let numbers = json!({
        "small": 3_000_000_000_u32, "large": u64::MAX, "float": 0.1, "listed": 3, "fixed": 2, "mixed": "three", "positive": 0,
        "counter": u64::MAX, "exact": 9_007_199_254_740_993_u64,
    });
    assert_eq!(
        reply(json!({ "numbers": numbers })).numbers.unwrap().listed,
        Some(3)
    );
}

#[test]
fn names_that_collide_are_numbered() {
    for (value, expected) in [
        ("+1", types::Vote::Plus1),
        ("-1", types::Vote::Minus1),
        ("", types::Vote::Empty),
        ("up", types::Vote::Up),
        ("UP", types::Vote::Up2),
        ("self", types::Vote::Self_),
        ("Other", types::Vote::Other),
        ("more", types::Vote::Other2("more".to_owned())),
    ] {
        assert_eq!(
            reply(json!({ "vote": value })).vote,
            Some(expected),
            "{value}"
        );
    }
    let names = json!({
        "type": "a", "fooBar": "b", "foo_bar": "c", "2fa": "d", "@id": "e", "self": "f", "extra": "g", "more": 1,
    });
    let names = reply(json!({ "names": names })).names.unwrap();
    assert_eq!(names.foo_bar.as_deref(), Some("b"));
    assert_eq!(names.foo_bar2.as_deref(), Some("c"));
    assert_eq!(names.extra2.as_deref(), Some("g"));
    assert_eq!(names.extra["more"], 1);
    let also: types::AlsoTree = types::Tree::builder().value("a").try_into().unwrap();
    assert_eq!(also.value, "a");
}

#[test]
fn all_of_is_one_type() {
    let merged = reply(json!({"merged": {"id": "1", "size": 2}}))
        .merged
        .unwrap();
    assert_eq!((merged.id.as_str(), merged.size), ("1", Some(2)));
    let subtype = reply(json!({"subtype": {"kind": "Subtype", "own": "a"}})).subtype;
    assert_eq!(subtype.unwrap().own.as_deref(), Some("a"));
}

#[test]
fn newer_keywords_are_read() {
    let newer = json!({
        "anything": [1, {"a": null}], "pair": ["a", 1], "part": {"length": 1}, "requiring": {"id": "1"},
        "by_pattern": {"x1": 1}, "file": "AA==", "either": {"id": "1"}, "conditional": "abc",
    });
    let newer = reply(json!({ "newer": newer })).newer.unwrap();
    assert_eq!(newer.by_pattern.unwrap()["x1"], 1);
    assert_eq!(newer.requiring.unwrap().id, "1");
    assert_eq!(newer.part.unwrap().length, Some(1));
    assert_eq!(newer.either.unwrap().id.as_deref(), Some("1"));
}

#[test]
fn secrets_are_not_shown_and_times_keep_their_text() {
    let update = types::Update {
        password: Some("hunter2".into()),
        pin: Some("1234".into()),
        ..Default::default()
    };
    let shown = format!("{update:?}");
    assert!(
        !shown.contains("hunter2") && !shown.contains("1234"),
        "{shown}"
    );
    assert_eq!(json(&update), json!({"password": "hunter2", "pin": "1234"}));
    reply(json!({"at": "2026-01-15 10:30", "day": "tomorrow", "uuid": "none"}));
}
