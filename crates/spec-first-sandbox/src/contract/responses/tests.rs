use super::*;

/// The responses of an operation, each with its key as the example, and how many keys are not statuses.
fn responses(keys: &[&str]) -> (Responses, usize) {
    let written = keys
        .iter()
        .map(|key| format!("'{key}': {{content: {{application/json: {{example: '{key}'}}}}}}"));
    let written: Vec<String> = written.collect();
    let text = format!("openapi: 3.0.3\nresponses: {{{}}}\n", written.join(", "));
    let document = Arc::new(Document::parse("a.yaml", text.as_str()).unwrap());
    let mut schemas = Schemas::of(Arc::clone(&document), false);
    let (mut known, mut flaws) = (KnownResponses::new(), Vec::new());
    let operation = Place::root(&document);
    let responses = Responses::of(&document, &mut schemas, &mut known, &operation, &mut flaws);
    (responses, flaws.len())
}

/// The status and the key of an answer.
fn shown(answer: Result<Answer, Unanswerable>) -> Option<(u16, String)> {
    let answer = answer.ok()?;
    let Payload::Example(example) = &answer.payload else {
        return None;
    };
    Some((answer.status.as_u16(), example.json()?.as_str()?.to_owned()))
}

#[test]
fn the_most_likely_success_is_chosen() {
    for (keys, expected) in [
        (&["500", "302", "2XX", "201", "200"][..], Some((201, "201"))),
        (&["302", "2XX", "default"], Some((200, "2XX"))),
        (&["404", "302", "default"], Some((302, "302"))),
        (&["404", "4XX", "default"], Some((200, "default"))),
        (&["2xx"], Some((200, "2xx"))),
        (&["404", "5XX", "1XX"], None),
        (&[], None),
    ] {
        let found = shown(responses(keys).0.success(Wanted::any()));
        let expected = expected.map(|(status, key)| (status, key.to_owned()));
        assert_eq!(found, expected, "{keys:?}");
    }
}

#[test]
fn a_status_is_looked_up_from_the_most_specific_key_on() {
    let (all, _) = responses(&["default", "4XX", "404"]);
    let (some, _) = responses(&["4XX", "200"]);
    for (status, expected, in_some) in [
        (404, "404", true),
        (499, "4XX", true),
        (500, "default", false),
        (200, "default", true),
    ] {
        let status = StatusCode::from_u16(status).unwrap();
        let found = shown(all.example(status, Wanted::any()));
        assert_eq!(found, Some((status.as_u16(), expected.to_owned())));
        assert!(all.describe(status));
        assert_eq!(some.describe(status), in_some, "{status}");
    }
}

#[test]
fn only_statuses_ranges_and_default_are_keys() {
    let (found, flaws) = responses(&["x-other", "200", "1XX", "5XX", "default"]);
    assert_eq!(
        (found.keys().join(" ").as_str(), flaws),
        ("200 1XX 5XX default", 0)
    );
    let (found, flaws) = responses(&["0XX", "6XX", "XX", "20", "success"]);
    assert_eq!((found.keys().len(), flaws), (0, 5));
}
