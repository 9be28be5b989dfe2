//! Laws of drift, and what a few edits of a page are.

use spec_first_document::Document;
use spec_first_ledger::Record;
use spec_first_ledger::source::{Change, ChangeKind, Drift, Format, Recorded, drift};

use super::pages::{FORMS, LANGUAGES, page, text};

fn recorded(text: &str) -> Recorded {
    let written = Recorded::of("rename", &page(text)).to_yaml("a test");
    Recorded::read(&Document::parse("facts/rename.yaml", &written).unwrap()).unwrap()
}

fn compare(before: &str, after: &str) -> Drift {
    drift(&recorded(before), &page(after), None, None)
}

#[track_caller]
fn check_same(before: &str, after: &str, what: &str) {
    let drift = compare(before, after);
    assert!(drift.changes.is_empty(), "{what}: {:#?}", drift.changes);
}

/// The distance between the ends that are tried, in bytes.
const STEP: usize = 23;

#[test]
fn a_page_in_another_language_or_form_has_not_changed() {
    let names: Vec<String> = LANGUAGES
        .iter()
        .flat_map(|language| FORMS.map(|form| format!("rename-pet/{language}.{form}")))
        .collect();
    for before in &names {
        for after in &names {
            check_same(&text(before), &text(after), &format!("{before}, {after}"));
        }
    }
}

#[test]
fn a_page_as_it_is_served_and_its_text_state_the_same() {
    let [html, txt] = ["html", "txt"].map(|form| text(&format!("others/get-ticket.en.{form}")));
    check_same(&html, &txt, "the text");
    check_same(&txt, &html, "the HTML");
    let drift = compare(&html, &txt.replace("string<uuid>", "string"));
    assert_eq!(drift.changes.len(), 1, "{:#?}", drift.changes);
}

#[test]
fn a_fact_that_is_removed_is_one_change() {
    for form in FORMS {
        let text = text(&format!("rename-pet/en.{form}"));
        let recorded = recorded(&text);
        for index in 0..recorded.facts.len() {
            let mut page = page(&text);
            let removed = page.facts.remove(index);
            // What is within a member goes with it.
            let parts = format!("{}.", removed.id);
            page.facts.retain(|fact| !fact.id.starts_with(&parts));
            let drift = drift(&recorded, &page, None, None);
            assert_eq!(
                drift.changes.len(),
                1,
                "{}: {:#?}",
                removed.id,
                drift.changes
            );
            assert_eq!(drift.changes[0].subject, removed.id);
        }
    }
}

#[test]
fn a_row_or_item_that_is_removed_is_one_change() {
    // Repeated cells do not tell which of the rows is gone.
    for name in [
        "others/pedir-mesa.es.md",
        "others/customers.es.md",
        "others/create-shipment.en.md",
        "rename-pet/en.md",
    ] {
        let text = text(name);
        let recorded = recorded(&text);
        let lines: Vec<&str> = text.lines().collect();
        let is_item = |line: &str| line.starts_with("| ") || line.starts_with("- ");
        let own = recorded.facts.iter().map(|fact| fact.line as usize - 1);
        let own: std::collections::BTreeSet<usize> = own.filter(|at| is_item(lines[*at])).collect();
        for at in own
            .into_iter()
            .filter(|at| !lines[at + 1].starts_with("| -") && !lines[at + 1].starts_with("|-"))
        {
            let rest = [&lines[..at], &lines[at + 1..]].concat().join("\n");
            let drift = drift(&recorded, &page(&rest), None, None);
            assert_eq!(
                drift.changes.len(),
                1,
                "{name}: {}: {:#?}",
                lines[at],
                drift.changes
            );
        }
    }
}

/// The text in which sections come in another order: those that begin with one of `starts`.
fn moved(text: &str, starts: &[&str], order: impl Fn(&mut Vec<String>)) -> String {
    let mut sections: Vec<String> = vec![String::new()];
    for block in text.split("\n\n") {
        if starts
            .iter()
            .any(|start| block == *start || block.starts_with(&format!("## {start}")))
        {
            sections.push(String::new());
        }
        let last = sections.last_mut().unwrap();
        last.push_str(block.trim_end());
        last.push_str("\n\n");
    }
    let top = sections.remove(0);
    order(&mut sections);
    format!("{top}{}", sections.concat())
}

#[test]
fn the_order_of_sections_does_not_matter() {
    let starts = [
        "Description",
        "Endpoint",
        "Path parameters",
        "Body parameters",
        "Authentication",
        "Request example",
        "Responses",
        "Response example",
        "Authorizations",
        "Path Parameters",
        "Body",
        "Response",
    ];
    for form in ["txt", "md"] {
        let text = text(&format!("rename-pet/en.{form}"));
        let reversed = moved(&text, &starts, |sections| sections.reverse());
        assert_ne!(text, reversed);
        check_same(&text, &reversed, "reversed");
        for by in 1..12 {
            let rotated = moved(&text, &starts, |sections| {
                let by = by % sections.len();
                sections.rotate_left(by);
            });
            check_same(&text, &rotated, &format!("rotated by {by}"));
        }
    }
}

#[test]
fn a_section_with_another_heading_has_not_changed() {
    let text = text("rename-pet/en.txt");
    for (known, heading) in [
        ("\nBody parameters\n", "\nRequest body\n"),
        ("\nResponse example\n", "\nWhat you get\n"),
        ("\nDescription\n", "\nWhat it does\n"),
    ] {
        assert!(text.contains(known));
        let drift = compare(&text, &text.replace(known, heading));
        assert_eq!(
            (
                drift.changes,
                drift.new_contradictions,
                drift.settled_contradictions
            ),
            (Vec::new(), Vec::new(), Vec::new()),
            "{heading}"
        );
    }
}

#[test]
fn an_edit_is_one_change_in_every_language_and_form() {
    let edits = [
        ("PUT https", "POST https", "endpoint/method"),
        (
            "shop/v2/pets/PET_ID",
            "v2/pets/PET_ID",
            "request-example/url",
        ),
        ("422", "409", "responses/status/422"),
        ("02.000Z", "02Z", "response-example/member/data.renamedAt"),
        ("wild", "shy", "body/enum/mood"),
        (
            "x-pet-key: PET_KEY",
            "x-key: PET_KEY",
            "authentication/header/x-pet-key",
        ),
        (
            "userId:userSecret",
            "userId:userKey",
            "authorizations/pair/authorization",
        ),
    ];
    let recorded = recorded(&text("rename-pet/en.txt"));
    for (find, replace, subject) in edits {
        for (language, form) in LANGUAGES
            .iter()
            .flat_map(|language| FORMS.map(|form| (language, form)))
        {
            let text = text(&format!("rename-pet/{language}.{form}"));
            assert!(text.contains(find), "{find} in {language}.{form}");
            let drift = drift(
                &recorded,
                &page(&text.replacen(find, replace, 1)),
                None,
                None,
            );
            let subjects = drift.changes.iter().map(|change| change.subject.as_str());
            assert_eq!(subjects.collect::<Vec<_>>(), [subject], "{language}.{form}");
        }
    }
}

/// Wherever a capture ends, within a word or behind one, nothing is said to have changed above its end.
#[test]
fn what_is_missing_below_any_end_of_a_capture_is_at_most_one_change() {
    for name in [
        "rename-pet/en.txt",
        "rename-pet/en.md",
        "rename-pet/en.html",
        "others/create-order.es.md",
        "others/tables.es.md",
        "others/get-order.es.txt",
    ] {
        let text = text(name);
        let recorded = recorded(&text);
        let (mut known, mut claimed) = (0, Vec::new());
        let ends = (1..text.len()).filter(|end| text.is_char_boundary(*end));
        for end in ends.step_by(STEP) {
            let page = page(&text[..end]);
            known += usize::from(page.cut_off.is_some());
            let drift = drift(&recorded, &page, None, None);
            let is_end = |change: &Change| page.cut_off.is_none() && change.cut_off_after.is_some();
            let is_one = drift.changes.len() < 2 && drift.changes.iter().all(is_end);
            let mut contradictions = drift
                .new_contradictions
                .iter()
                .chain(&drift.settled_contradictions);
            if !is_one || contradictions.next().is_some() {
                let subjects = drift.changes.iter().map(|change| &change.subject);
                let subjects: Vec<&String> = subjects.collect();
                claimed.push(format!("{name}: {:?}: {subjects:?}", &text[..end]));
            }
        }
        assert_eq!(claimed, [""; 0]);
        assert!(known > 10, "{name}: {known} ends are known");
    }
}

#[test]
fn what_is_gone_above_the_end_of_a_capture_is_a_change() {
    let text = text("rename-pet/en.txt");
    let cut = &text[..text.find("e name is empty").unwrap()];
    let subject = |find: &str, replace: &str| {
        assert!(cut.contains(find), "{find}");
        let drift = compare(cut, &cut.replacen(find, replace, 1));
        let subjects = drift.changes.into_iter().map(|change| change.subject);
        subjects.collect::<Vec<_>>()
    };
    assert_eq!(
        subject("Only the fields sent are changed.\n", ""),
        ["introduction"]
    );
    assert_eq!(subject("404Not Found", "410Gone"), ["responses/status/404"]);
    assert_eq!(subject("200OKRenamed.\n", ""), ["responses/status/200"]);
    let new = subject("404Not", "401UnauthorizedWho?\n404Not");
    assert_eq!(new, ["responses/status/401"]);
}

#[test]
fn what_is_missing_at_the_end_is_one_change_that_may_be_a_cut() {
    let text = text("rename-pet/en.txt");
    let cut = &text[..text.find("\nResponse example\n").unwrap()];
    let said = Format::Text.render(&[compare(&text, cut)]);
    insta::assert_snapshot!(said.lines().take(4).collect::<Vec<_>>().join("\n"), @"
    rename: 1 change

      gone, or the capture is cut off after line 77: `response-example/member/status` (recorded in line 82)
        `response-example/member/status` `1` is gone
    ");
    // What the last line says instead is not cut off.
    let drift = compare(cut, &cut.replace("422Unprocessable Entity", "409Conflict"));
    let [change] = &drift.changes[..] else {
        panic!("{:#?}", drift.changes);
    };
    let said = (change.subject.as_str(), change.cut_off_after);
    assert_eq!(said, ("responses/status/422", None));
    // Below a page that is whole, what is missing is gone.
    let whole = compare(&text, &format!("{cut}\nWas this page helpful?\n"));
    assert_eq!(whole.changes.len(), 5, "{:#?}", whole.changes);
    assert!(
        whole
            .changes
            .iter()
            .all(|change| change.cut_off_after.is_none())
    );
}

#[test]
fn another_last_line_is_a_change() {
    let text = "## Endpoint\n\n```\nGET https://api.pets.example/pets\n```\n\n## Limits\n\nAsk rarely.\n\nAsk at night.\n";
    let drift = compare(text, &text.replace("Ask at night.", "Ask by day."));
    let [change] = &drift.changes[..] else {
        panic!("{:#?}", drift.changes);
    };
    let said = (change.kind, change.subject.as_str(), change.cut_off_after);
    assert_eq!(said, (ChangeKind::Changed, "limits/text", None));
    let gone = compare(text, &text.replace("\n\nAsk at night.", ""));
    assert!(gone.changes[0].cut_off_after.is_some(), "{gone:#?}");
}

#[test]
fn what_is_below_the_head_of_a_sample_is_compared() {
    let sample = |body: &str| {
        format!(
            "## Request example\n\n```http\nPOST /pets HTTP/1.1\nHost: a.example\n\n{body}\n```\n\n## Errors\n\nNone.\n"
        )
    };
    let subjects = |before: &str, after: &str| {
        let changes = compare(&sample(before), &sample(after)).changes.into_iter();
        changes.map(|change| change.subject).collect::<Vec<_>>()
    };
    assert_eq!(
        subjects("{\"name\": \"Rex\"}", "{\"name\": \"Tom\"}"),
        ["request-example/member/name"]
    );
    assert_eq!(subjects("name: Rex", "name: Tom"), ["request-example/text"]);
}

#[test]
fn what_only_one_capture_can_show_contradicts_nothing_new() {
    let [md, txt] = ["md", "txt"].map(|form| text(&format!("rename-pet/en.{form}")));
    let cut = &md[..md.find("## Responses").unwrap()];
    let drift = compare(cut, &txt.replace("PUT https", "POST https"));
    assert_eq!(drift.changes.len(), 1, "{:#?}", drift.changes);
    assert_eq!(drift.new_contradictions, ["the method"]);
}

#[test]
fn what_is_gone_is_named_where_the_document_names_it() {
    let document = "\
openapi: 3.1.0
paths:
  /v2/pets/{petId}:
    put:
      responses:
        '200':
          content:
            application/json:
              schema:
                properties: {data: {$ref: '#/components/schemas/Pet'}}
components:
  schemas:
    Pet: {properties: {renamedAt: {$ref: '#/components/schemas/Time'}}}
    Time: {type: string}
";
    let document = Document::parse("openapi.yaml", document).unwrap();
    let before = text("rename-pet/en.txt");
    let gone = ",\n    \"renamedAt\": \"2020-02-02T02:02:02.000Z\"";
    assert!(before.contains(gone));
    let after = page(&before.replace(gone, ""));
    let drift = drift(&recorded(&before), &after, None, Some(&document));
    let [change] = &drift.changes[..] else {
        panic!("{:#?}", drift.changes);
    };
    let pointer = "/components/schemas/Pet/properties/renamedAt";
    assert_eq!(change.document[0].pointer, pointer);
}

#[test]
fn what_is_below_the_end_of_the_recorded_capture_is_not_new() {
    let text = text("rename-pet/en.txt");
    let at = text.find("Unprocessable Enti").unwrap();
    let cut = &text[..at + 10];
    check_same(cut, &text, "the rest");
    let drift = compare(cut, &text.replace("Not Found", "Not There"));
    assert_eq!(drift.changes.len(), 1, "{:#?}", drift.changes);
    assert!(
        drift.notes[0].ends_with("not compared: the recorded capture is cut off"),
        "{:?}",
        drift.notes
    );
}

const RECORD: &str = "\
source: The page about pets.
parts: [prose]
pages: {rename: Rename a pet}
sections:
  authentication: {heading: Authentication, part: prose, page: rename}
  body: {heading: Body, part: prose, page: rename}
  responses: {heading: Responses, part: prose, page: rename}
entries:
  - id: key
    subject: The header
    claims: [{section: authentication, says: A key., facts: [authentication/credential/x-pet-key]}]
    decision: A key.
    why: It is said.
    revisit: Another header.
    not_on_the_wire: It is a test.
  - id: moods
    subject: The moods
    claims: [{section: body, says: Two., facts: [body/enum/mood]}]
    decision: Two.
    why: It is said.
    revisit: A third mood.
    not_on_the_wire: It is a test.
  - id: conflict
    subject: Pets with one name
    claims: [{section: responses, says: Nothing., silent: [responses/status/409]}]
    decision: Allowed.
    why: Nobody forbids it.
    revisit: A status for it.
    not_on_the_wire: It is a test.
";

#[test]
fn five_edits_are_five_changes_with_their_entries() {
    let before = text("rename-pet/en.txt");
    let edits = [
        (
            "must include the x-pet-key header",
            "must include the x-animal-key header",
        ),
        ("calm,\nwild", "calm,\nwild,\nshy"),
        (
            "422Unprocessable",
            "409ConflictAnother pet has the name.\n422Unprocessable",
        ),
        ("hookUrl\nstring\n", "hookUrl\nstring\nrequired\n"),
        ("Gives a pet another name.", "Gives a pet a better name."),
    ];
    let after = edits.iter().fold(before.clone(), |text, (find, replace)| {
        assert_eq!(text.matches(find).count(), 1, "{find}");
        text.replace(find, replace)
    });
    let record = Document::parse("reconciliation.yaml", RECORD).unwrap();
    let record = Record::read(&record).unwrap();
    let drift = drift(&recorded(&before), &page(&after), Some(&record), None);
    insta::assert_snapshot!(Format::Text.render(&[drift]));
}

#[test]
fn what_a_hostile_page_says_is_data_in_every_format() {
    let before = text("rename-pet/en.md");
    let hostile = before.replace(
        "\"name\": \"rex\",\n    \"renamedAt\"",
        "\"<img src=x>`|@octocat\\u001b[2J\\u202e [a](//b)\": \"`` ```\\n# a\",\n    \"renamedAt\"",
    );
    assert_ne!(before, hostile);
    let drift = compare(&before, &hostile);
    assert_eq!(drift.changes.len(), 1);
    for format in [Format::Text, Format::Markdown, Format::Json] {
        let text = format.render(std::slice::from_ref(&drift));
        assert!(!text.contains(['\u{1b}', '\u{202e}']), "{text}");
    }
    insta::assert_snapshot!(Format::Markdown.render(&[drift]));
}

#[test]
fn a_sample_that_can_no_longer_be_read_is_one_change() {
    let before = text("rename-pet/en.txt");
    let after = before.replace(
        "    \"name\": \"rex\",\n    \"renamedAt\"",
        "    \"name\": rex,\n    \"renamedAt\"",
    );
    assert_ne!(before, after);
    let drift = compare(&before, &after);
    let subjects: Vec<&str> = drift
        .changes
        .iter()
        .map(|change| change.subject.as_str())
        .collect();
    assert_eq!(subjects, ["response-example/member"]);
}
