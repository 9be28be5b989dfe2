//! Values of the wrong type, anywhere in a document.

use std::fs;

use serde_json::{Value, json};

use super::{compare, with_schemas};

/// Collects the JSON pointers of all values.
fn pointers(value: &Value, at: &str, all: &mut Vec<String>) {
    all.push(at.to_owned());
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                pointers(
                    member,
                    &format!("{at}/{}", name.replace('~', "~0").replace('/', "~1")),
                    all,
                );
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                pointers(item, &format!("{at}/{index}"), all);
            }
        }
        _ => {}
    }
}

#[test]
fn a_value_of_the_wrong_type_anywhere_is_survived() {
    assert!(compare_with_wrong_types(5) > 500);
}

#[test]
#[ignore = "takes a minute: every wrong type at every place"]
fn a_value_of_every_wrong_type_anywhere_is_survived() {
    assert!(compare_with_wrong_types(1) > 3_000);
}

/// Compares each base with itself after giving one value a wrong type, for one in `every` such changes.
fn compare_with_wrong_types(every: usize) -> usize {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/bases");
    let mut compared = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let text = fs::read_to_string(entry.unwrap().path()).unwrap();
        let options = serde_saphyr::options! { strict_booleans: true };
        let document: Value = serde_saphyr::from_str_with_options(&text, options).unwrap();
        let mut places = Vec::new();
        pointers(&document, "", &mut places);
        for (number, place) in places.iter().enumerate() {
            let wrong_types = [
                json!(null),
                json!(true),
                json!(7),
                json!("x"),
                json!([]),
                json!({}),
            ];
            for (kind, wrong) in wrong_types.into_iter().enumerate() {
                if (number * 6 + kind) % every != 0 {
                    continue;
                }
                let mut changed = document.clone();
                *changed.pointer_mut(place).unwrap() = wrong;
                let changed = changed.to_string();
                let pair = match (number + kind) % 3 {
                    0 => (text.as_str(), changed.as_str()),
                    1 => (changed.as_str(), text.as_str()),
                    _ => (changed.as_str(), changed.as_str()),
                };
                match compare(pair.0, pair.1) {
                    Ok(review) => assert!(
                        (number + kind) % 3 < 2 || review.changes.is_empty(),
                        "{place}: {changed}"
                    ),
                    Err(finding) => assert!(!finding.message.is_empty()),
                }
                compared += 1;
            }
        }
    }
    compared
}

/// Beyond a readable number, notes are only counted.
#[test]
fn many_values_of_the_wrong_type_are_counted() {
    let properties: serde_json::Map<String, Value> = (0..20_000)
        .map(|index| (format!("p{index}"), json!({"maxLength": "3"})))
        .collect();
    let required = vec![json!(1); 20_000];
    let schema = json!({"properties": properties, "required": required});
    let document = with_schemas("3.1.0", &json!({"Root": schema})).to_string();
    let review = compare(&document, &document).unwrap();
    assert_eq!(review.notes.len(), 1_001);
    assert_eq!(
        review.notes[1_000].message,
        "39000 more parts are not compared below this point, for similar reasons"
    );
}
