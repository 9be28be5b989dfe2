//! A hostile document cannot read other files, show their text, overflow the stack or make the review grow without bound.

use std::fmt::Write;
use std::io;

use spec_first_document::Finding;
use spec_first_review::{Input, Options, Review, Verdict, review};

fn compare(base: &str, head: &str) -> Result<Review, Box<Finding>> {
    compare_with(base, head, &|_| Err(io::ErrorKind::NotFound.into()))
}

/// Compares two documents that may refer to the files that `other` reads.
fn compare_with(
    base: &str,
    head: &str,
    other: &dyn Fn(&str) -> io::Result<String>,
) -> Result<Review, Box<Finding>> {
    let read = |text: &str, path: &str| match path {
        "api.yaml" => Ok(text.to_owned()),
        path => other(path),
    };
    let (base, head) = (|path: &str| read(base, path), |path: &str| read(head, path));
    let path = "api.yaml";
    let (base, head) = (Input { files: &base, path }, Input { files: &head, path });
    review(base, head, &Options::default()).map_err(Box::new)
}

fn referring_to(reference: &str) -> String {
    format!(
        "openapi: 3.0.3\npaths:\n  /a: {{get: {{responses: {{'200': {{description: D, content: \
         {{application/json: {{schema: {{$ref: '{reference}'}}}}}}}}}}}}}}\n"
    )
}

#[test]
fn an_absolute_reference_is_refused_before_anything_is_read() {
    for reference in [
        "/etc/passwd",
        "%2Fetc/passwd",
        "//etc/passwd",
        "file:///etc/passwd",
        "C:/a.yaml",
        "\\\\host\\a.yaml",
    ] {
        let document = referring_to(reference);
        let read = |path: &str| -> io::Result<String> { panic!("`{path}` was read") };
        let finding = compare_with(&document, &document, &read).unwrap_err();
        assert!(
            ["absolute-reference", "remote-reference"].contains(&finding.rule),
            "{finding}"
        );
        assert_eq!(finding.position.line, 3, "{finding}");
    }
}

#[test]
fn the_text_of_a_file_other_than_a_document_is_never_shown() {
    for text in [
        "SECRET=canary\n",
        "a: canary\nb: [canary\n",
        "canary: 1\ncanary: 2\n",
        "- canary\n- canary\n",
        "-----BEGIN CANARY-----\ncanary\n-----END CANARY-----\n",
        "canary\0HOME=/home/canary\0",
        "a: *canary\n",
        "a: !canary!b c\n",
        "'canary'",
        "{canary: }}",
    ] {
        let document = referring_to("other.env");
        let finding = compare_with(&document, &document, &|_| Ok(text.to_owned())).unwrap_err();
        assert!(finding.message.contains("`other.env`"), "{finding}");
        assert_eq!(finding.source.name, "api.yaml");
        let shown = format!("{finding}\n{}\n{finding:?}", finding.render(false));
        assert!(
            !shown.to_lowercase().contains("canary"),
            "{text:?}: {shown}"
        );
    }
}

/// A callback whose own operation calls it again, with a body of this type.
fn callback_cycle(kind: &str) -> String {
    format!(
        "
openapi: 3.0.3
paths:
  /orders:
    post:
      responses: {{'200': {{description: Ordered}}}}
      callbacks: {{shipped: {{$ref: '#/components/callbacks/shipped'}}}}
components:
  callbacks:
    shipped:
      '{{$request.body#/url}}':
        post:
          requestBody: {{content: {{application/json: {{schema: {{type: {kind}}}}}}}}}
          responses: {{'200': {{description: Noted}}}}
          callbacks: {{shipped: {{$ref: '#/components/callbacks/shipped'}}}}
"
    )
}

#[test]
fn a_callback_that_leads_back_to_itself_is_compared_once() {
    let review = compare(&callback_cycle("string"), &callback_cycle("string")).unwrap();
    assert_eq!(review.changes.len(), 0);
    let review = compare(&callback_cycle("string"), &callback_cycle("integer")).unwrap();
    let rules: Vec<String> = review.changes.iter().map(|change| change.rule()).collect();
    assert_eq!(rules, ["type/incomparable"]);
    assert_eq!(review.verdict(), Some(Verdict::Breaking));
    let uses = &review.changes[0].uses;
    let operations: Vec<&str> = uses.iter().map(|each| &*each.operation).collect();
    let shipped = "callback shipped POST {$request.body#/url}";
    assert_eq!(
        operations,
        [
            format!("POST /orders, {shipped}"),
            format!("POST /orders, {shipped}, {shipped}")
        ]
    );
}

#[test]
fn an_operation_that_is_its_own_callback_is_compared_once() {
    let document = |kind: &str| {
        format!(
            "
openapi: 3.1.0
webhooks:
  order: {{$ref: '#/components/pathItems/order'}}
components:
  pathItems:
    order:
      post:
        requestBody: {{content: {{application/json: {{schema: {{type: {kind}}}}}}}}}
        responses: {{'200': {{description: Ordered}}}}
        callbacks: {{again: {{'{{$url}}': {{$ref: '#/components/pathItems/order'}}}}}}
"
        )
    };
    let review = compare(&document("string"), &document("integer")).unwrap();
    assert_eq!(review.changes.len(), 1);
}

/// A chain of callbacks, each of which calls the next one in `ways` ways.
fn chain_of_callbacks(length: usize, ways: usize, last: &str) -> String {
    let mut text = String::from("openapi: 3.0.3\npaths:\n");
    let calls = |next: usize| {
        let all =
            (0..ways).map(|way| format!("c{way}: {{$ref: '#/components/callbacks/c{next}'}}"));
        format!("callbacks: {{{}}}", all.collect::<Vec<_>>().join(", "))
    };
    let responses = "responses: {'200': {description: D}}";
    _ = writeln!(text, "  /a: {{post: {{{responses}, {}}}}}", calls(0));
    text.push_str("components:\n  callbacks:\n");
    for index in 0..length {
        let next = calls(index + 1);
        _ = writeln!(
            text,
            "    c{index}: {{'{{$url}}': {{post: {{{responses}, {next}}}}}}}"
        );
    }
    let body =
        format!("requestBody: {{content: {{application/json: {{schema: {{type: {last}}}}}}}}}");
    _ = writeln!(
        text,
        "    c{length}: {{'{{$url}}': {{post: {{{body}, {responses}}}}}}}"
    );
    text
}

#[test]
fn long_and_wide_chains_of_callbacks_are_followed_to_their_end() {
    for (length, ways) in [(3000, 1), (60, 3)] {
        let [base, head] = ["string", "integer"].map(|last| chain_of_callbacks(length, ways, last));
        let review = compare(&base, &head).unwrap();
        assert_eq!(review.changes.len(), 1, "{length} {ways}");
        let longest = review.changes[0]
            .uses
            .iter()
            .map(|each| each.operation.len());
        assert!(longest.max().unwrap() < 400);
    }
}

/// Schemas that are combined in as many ways as the states of an automaton have subsets.
fn subsets(states: usize, limit: usize) -> String {
    let mut schemas = String::new();
    for state in 0..states {
        let (zero, one) = match state {
            0 => (
                "{$ref: '#/components/schemas/S0'}".to_owned(),
                "{allOf: [{$ref: '#/components/schemas/S0'}, {$ref: '#/components/schemas/S1'}]}"
                    .to_owned(),
            ),
            last if last + 1 == states => (
                format!("{{maxLength: {limit}}}"),
                format!("{{maxLength: {limit}}}"),
            ),
            _ => {
                let next = format!("{{$ref: '#/components/schemas/S{}'}}", state + 1);
                (next.clone(), next)
            }
        };
        _ = writeln!(
            schemas,
            "    S{state}: {{properties: {{zero: {zero}, one: {one}}}}}"
        );
    }
    format!(
        "openapi: 3.1.0\npaths: {{/a: {{post: {{requestBody: {{content: {{application/json: {{schema: {{$ref: '#/components/schemas/S0'}}}}}}}}, \
         responses: {{'200': {{description: D}}}}}}}}}}\ncomponents:\n  schemas:\n{schemas}"
    )
}

#[test]
fn schemas_that_combine_in_ever_new_ways_are_cut_off_and_told() {
    let verdict = |states| compare(&subsets(states, 5), &subsets(states, 4)).unwrap();
    assert_eq!(verdict(8).verdict(), Some(Verdict::Breaking));
    let review = verdict(24);
    let cut_off: Vec<_> = review
        .changes
        .iter()
        .filter(|change| change.rule() == "unreadable/undecided")
        .collect();
    assert_eq!(cut_off.len(), 1);
    assert!(
        cut_off[0]
            .message
            .contains("more ways than can be compared")
    );
    assert!(cut_off[0].place().is_some());
}

#[test]
fn null_beside_a_choice_is_an_alternative_of_its_own() {
    let document = |beside: &str, branches: &str| {
        format!(
            "
openapi: 3.0.3
paths:
  /a:
    post:
      requestBody: {{content: {{application/json: {{schema: {{{beside}oneOf: [{branches}]}}}}}}}}
      responses: {{'200': {{description: Done}}}}
"
        )
    };
    let rules = |base: &str, head: &str| -> Vec<String> {
        let review = compare(base, head).unwrap();
        review.changes.iter().map(|change| change.rule()).collect()
    };
    let two = "{type: string}, {type: integer}";
    let three = "{type: string}, {type: integer}, {type: array, items: {}}";
    let (nullable, plain) = (document("nullable: true, ", two), document("", two));
    assert_eq!(rules(&nullable, &plain), ["null/narrower"]);
    assert_eq!(rules(&plain, &nullable), ["null/wider"]);
    let wider = document("nullable: true, ", three);
    assert_eq!(rules(&nullable, &wider), ["type/wider"]);
    assert_eq!(rules(&wider, &nullable), ["type/narrower"]);
}
