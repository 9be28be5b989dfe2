//! A record with the facts of its page, broken in one place at a time.

use spec_first_document::Document;
use spec_first_ledger::render;
use spec_first_ledger::source::{Form, Labels, Recorded, check, read};

const PAGE: &str = "\
PUT
/
pets
/
{petId}
Rename

Endpoint

PUT https://api.pets.example/v1/pets/{petId}

Body parameters

name
string
required
It must be a publicly accessible HTTPS URL.

Response example

{
  \"name\": \"https://pets.example/rex\",
  \"owner\": null
}
";

const DOCUMENT: &str = "\
openapi: 3.1.0
servers: [{url: 'https://api.pets.example/v1'}]
paths:
  /pets/{petId}:
    put:
      requestBody: {$ref: '#/components/requestBodies/Pet'}
      responses:
        '200': {content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}
components:
  requestBodies:
    Pet: {content: {application/json: {schema: {required: [name], properties: {name: {type: string}}}}}}
  schemas:
    Pet: {type: object, properties: {name: {type: string}, owner: {type: [string, 'null']}}}
";

const RECORD: &str = "\
source: The page about pets.
parts: [prose]
pages: {rename: Rename a pet}
sections:
  endpoint: {heading: Endpoint, part: prose, page: rename, reads: [operation, endpoint]}
  body-parameters: {heading: Body parameters, part: prose, page: rename}
  elsewhere: {heading: Elsewhere, part: prose}
entries:
  - id: base
    subject: Where the path starts
    claims:
      - {section: endpoint, says: 'At `/v1`, or at `/pets`.', facts: [operation/path, endpoint/url]}
    decision: At the version.
    why: It is part of the URL.
    revisit: Another version.
    not_on_the_wire: It is a test.
  - id: address
    subject: The name
    claims:
      - {section: body-parameters, says: 'A public URL.', facts: [body-parameters/constraint/name], silent: [body-parameters/enum]}
      - {section: elsewhere, says: Nothing about it.}
    decision: Any URL.
    why: Nobody checks it.
    revisit: Nothing.
    not_on_the_wire: It is a test.
";

fn recorded(page: &str) -> Document {
    capture("rename", page)
}

fn capture(name: &str, page: &str) -> Document {
    let page = read(page, Form::Text, &Labels::built_in()).unwrap();
    let text = Recorded::of(name, &page).to_yaml("a test");
    Document::parse(&format!("facts/{name}.yaml"), &text).unwrap()
}

fn findings(page: &str, record: &str, document: &str) -> String {
    findings_in(&[recorded(page)], record, document)
}

fn findings_in(captures: &[Document], record: &str, document: &str) -> String {
    let record = Document::parse("reconciliation.yaml", record).unwrap();
    let document = Document::parse("pets.yaml", document).unwrap();
    let findings = check(&record, &document, captures);
    findings
        .iter()
        .map(|finding| format!("{finding}\n"))
        .collect()
}

/// The findings after a change of the record.
#[track_caller]
fn broken(find: &str, replace: &str) -> String {
    assert_eq!(RECORD.matches(find).count(), 1, "`{find}` must appear once");
    let found = findings(PAGE, &RECORD.replace(find, replace), DOCUMENT);
    assert_ne!(found, "", "{find}");
    found
}

#[test]
fn a_record_that_covers_its_page_has_no_findings() {
    assert_eq!(findings(PAGE, RECORD, DOCUMENT), "");
    let without_silence = RECORD.replace(", silent: [body-parameters/enum]", "");
    assert_eq!(findings(PAGE, &without_silence, DOCUMENT), "");
}

#[test]
fn a_claim_about_a_recorded_page_rests_on_facts() {
    let facts = ", facts: [body-parameters/constraint/name], silent: [body-parameters/enum]";
    let all = [
        broken(facts, ""),
        broken("body-parameters/enum]", "body-parameters/required]"),
        broken("constraint/name]", "constraint/nam]"),
        broken("reads: [operation, endpoint]", "reads: [endpoint]"),
        broken("or at `/pets`", "or at `/dogs`"),
        broken("or at `/pets`", "or at `/pets` with 204"),
        broken(
            "'A public URL.', facts: [body-parameters/constraint/name]",
            "'An optional number.', facts: [body-parameters/field/name]",
        ),
        broken("Nothing about it.", "'Nothing.', facts: [endpoint/url]"),
    ];
    insta::assert_snapshot!(all.join("\n"));
}

#[test]
fn a_contradiction_is_settled_by_an_entry_that_cites_both_sides() {
    let found = broken(
        "'At `/v1`, or at `/pets`.', facts: [operation/path, ",
        "'At `/v1`.', facts: [",
    );
    insta::assert_snapshot!(found);
}

#[test]
fn a_fact_agrees_with_the_document_or_is_cited() {
    let page = PAGE.replace("\"owner\": null", "\"owner\": 7,\n  \"age\": 3");
    let all = [
        findings(&page, RECORD, DOCUMENT),
        findings(PAGE, RECORD, &DOCUMENT.replace("required: [name], ", "")),
        findings(PAGE, RECORD, &DOCUMENT.replace("    put:", "    post:")),
    ];
    insta::assert_snapshot!(all.join("\n"));
}

#[test]
fn what_a_second_capture_states_otherwise_is_cited_with_what_the_first_states() {
    let spanish = PAGE
        .replace("Body parameters", "Parámetros del cuerpo")
        .replace("Response example", "Ejemplo de respuesta")
        .replace("required", "requerido")
        .replace("It must be a publicly accessible HTTPS URL.", "");
    let captures = |page: &str| [recorded(PAGE), capture("rename.es", page)];
    assert_eq!(findings_in(&captures(&spanish), RECORD, DOCUMENT), "");
    let moved = captures(&spanish.replace("https://api.", "https://gateway."));
    insta::assert_snapshot!(findings_in(&moved, RECORD, DOCUMENT), @"facts/rename.es.yaml:9:5: captures differ about the base URL of `/pets`: https://api.pets.example/v1 (`rename:endpoint/url` in line 10); https://gateway.pets.example/v1 (`rename.es:endpoint/url` in line 10) (unsettled-contradiction)");
    let cites = "    decision: At the version.";
    let claim =
        "      - {section: endpoint, language: es, says: Elsewhere., facts: [endpoint/url]}\n";
    let settled = RECORD.replace(cites, &format!("{claim}{cites}"));
    assert_eq!(findings_in(&moved, &settled, DOCUMENT), "");
}

#[test]
fn what_is_below_the_end_of_a_capture_is_not_silence() {
    let at = PAGE.find("accessible").unwrap();
    insta::assert_snapshot!(findings(&PAGE[..at], RECORD, DOCUMENT), @r"
    reconciliation.yaml:20:67: the entry `address` cites the fact `body-parameters/constraint/name`, which the page does not state (unknown-fact)
    reconciliation.yaml:20:110: the entry `address` says that there is no `body-parameters/enum`, but the capture of the page ends before or within that section (claim-not-silent)
    ");
}

#[test]
fn a_page_of_facts_is_one_of_the_record() {
    insta::assert_snapshot!(findings(
        PAGE,
        &RECORD.replace("rename", "renamed"),
        DOCUMENT
    ));
}

#[test]
fn facts_that_were_edited_are_refused_with_their_line() {
    let record = Document::parse("reconciliation.yaml", RECORD).unwrap();
    let document = Document::parse("pets.yaml", DOCUMENT).unwrap();
    let facts = recorded(PAGE)
        .source()
        .text
        .replace("form: text", "form: tex");
    let facts = Document::parse("facts/rename.yaml", &facts).unwrap();
    let findings = check(&record, &document, &[facts]);
    insta::assert_snapshot!(findings[0].to_string(), @"facts/rename.yaml:3:11: invalid file of facts: unknown variant `tex`, expected one of `text`, `markdown`, `html` (facts-form)");
}

#[test]
fn the_rendering_shows_the_fact_that_a_claim_rests_on() {
    let reason = "silent: [body-parameters/enum], not_stated: Only prose says more";
    let record = RECORD.replace("silent: [body-parameters/enum]", reason);
    let record = Document::parse("reconciliation.yaml", &record).unwrap();
    let facts = [Recorded::read(&recorded(PAGE)).unwrap()];
    let text = render(&record, &facts, "pets.yaml", "Generated.").unwrap();
    let lines = text.lines().filter(|line| line.starts_with("  "));
    let lines: Vec<&str> = lines.map(str::trim_start).collect();
    insta::assert_snapshot!(lines.join("\n"), @r"
    Rests on `operation/path` in line 1, `endpoint/url` in line 10.
    Rests on `body-parameters/constraint/name` in line 17, no `body-parameters/enum`.
    Not among the recorded facts: Only prose says more
    No capture of this page is recorded.
    ");
}
