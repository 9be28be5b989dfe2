//! A small record about a small document, broken in one place at a time.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod captures;
mod certainty;
mod drift;
mod ends;
mod pages;
mod record;
mod variants;

use spec_first_document::Document;
use spec_first_ledger::{TestIndex, check, render};

const DOCUMENT: &str = "\
components:
  securitySchemes:
    Key: {type: apiKey, in: header, name: x-key}
";

const RECORD: &str = "\
source: The page about pets.
parts: [prose, schema]
sections:
  intro: {heading: Introducción, part: prose}
  schema: {heading: Autorizaciones, part: schema}
entries:
  - id: authentication
    subject: Authentication
    claims:
      - {section: intro, says: 'A key in a header | or two.'}
      - {section: schema, says: HTTP Basic.}
    decision: The key.
    why: |
      It is what
      works.
    revisit: An answer from the vendor.
    document:
      - {pointer: /components/securitySchemes/Key/name, value: x-key}
      - {pointer: /components/securitySchemes/Basic}
    tests: ['tests/it/main.rs::the_key_is_sent']
  - id: language
    subject: Language of the samples
    claims:
      - {section: intro, says: Spanish.}
    decision: English.
    why: One language for all.
    revisit: Nothing.
    not_on_the_wire: Host names of samples are sent nowhere.
";

#[track_caller]
fn findings(record: &str) -> Vec<String> {
    let mut tests = TestIndex::default();
    let source = "#[test] fn the_key_is_sent() {} #[ignore] #[test] fn is_ignored() {}";
    tests.add("tests/it/main.rs", source).unwrap();
    let record = Document::parse("reconciliation.yaml", record).unwrap();
    let document = Document::parse("pets.yaml", DOCUMENT).unwrap();
    check(&record, &document, &tests)
        .iter()
        .map(ToString::to_string)
        .collect()
}

#[track_caller]
fn check_broken(find: &str, replace: &str, expected: &[&str]) {
    assert_eq!(
        RECORD.matches(find).count(),
        1,
        "`{find}` must appear exactly once in the record"
    );
    assert_eq!(findings(&RECORD.replace(find, replace)), expected);
}

#[test]
fn an_accurate_record_has_no_findings() {
    assert_eq!(findings(RECORD), [""; 0]);
}

#[test]
fn a_dangling_pointer_is_reported_with_entry_and_line() {
    check_broken(
        "Key/name,",
        "Key/nam,",
        &[
            "reconciliation.yaml:18:10: the entry `authentication` points to `/components/securitySchemes/Key/nam`, \
           which does not exist in pets.yaml (pointer-to-nothing)",
        ],
    );
    check_broken(
        "/components/securitySchemes/Key/name",
        "components",
        &[
            "reconciliation.yaml:18:10: the entry `authentication` has `components`, which is not a JSON pointer \
           (pointer-to-nothing)",
        ],
    );
}

#[test]
fn an_unexpected_value_is_shown_next_to_the_expected_one() {
    check_broken(
        "value: x-key",
        "value: x-api-key",
        &[
            "reconciliation.yaml:18:10: the entry `authentication` expects `\"x-api-key\"` at \
           `/components/securitySchemes/Key/name`, but pets.yaml:3 has `\"x-key\"` (unexpected-value)",
        ],
    );
    check_broken(
        "securitySchemes/Basic",
        "securitySchemes/Key/in",
        &[
            "reconciliation.yaml:19:10: the entry `authentication` expects no value at \
           `/components/securitySchemes/Key/in`, but pets.yaml:3 has `\"header\"` (unexpected-value)",
        ],
    );
}

#[test]
fn the_parent_of_an_absent_value_must_exist() {
    check_broken(
        "securitySchemes/Basic",
        "securityScheme/Basic",
        &[
            "reconciliation.yaml:19:10: the entry `authentication` expects no value at `/components/securityScheme/Basic`, but its parent does not exist in pets.yaml (pointer-to-nothing)",
        ],
    );
}

#[test]
fn parts_must_be_listed_and_have_sections() {
    check_broken(
        "Autorizaciones, part: schema",
        "Autorizaciones, part: shcema",
        &[
            "reconciliation.yaml:2:1: the part `schema` has no sections (unknown-part)",
            "reconciliation.yaml:5:37: the section `schema` belongs to the part `shcema`, which is not listed (unknown-part)",
        ],
    );
}

/// The record with two pages and two languages.
fn several_pages() -> String {
    RECORD
        .replace(
            "sections:\n",
            "pages: {cats: The cats, dogs: The dogs}\nlanguages: [es, en]\nsections:\n",
        )
        .replace("part: prose}", "part: prose, page: cats}")
        .replace("part: schema}", "part: schema, page: dogs}")
        .replace(
            "section: schema, says",
            "section: schema, language: en, says",
        )
}

#[test]
fn pages_and_languages_must_be_listed_and_used() {
    let record = several_pages();
    assert_eq!(findings(&record), [""; 0]);
    assert_eq!(
        findings(&record.replace("page: dogs", "page: dgos")),
        [
            "reconciliation.yaml:3:25: the page `dogs` has no sections (unknown-page)",
            "reconciliation.yaml:7:51: the section `schema` is on the page `dgos`, which is not listed (unknown-page)",
        ]
    );
    assert_eq!(
        findings(&record.replace("language: en", "language: pt")),
        [
            "reconciliation.yaml:13:27: the entry `authentication` has a claim in the language `pt`, which is not listed \
             (unknown-language)"
        ]
    );
}

#[test]
fn a_claim_is_rendered_with_its_page_and_language() {
    let record = Document::parse("reconciliation.yaml", &several_pages()).unwrap();
    let rendered = render(&record, &[], "pets.yaml", "Generated.").unwrap();
    for line in [
        "- The cats, *Introducción* (`intro`): A key in a header | or two.\n",
        "- The dogs, *Autorizaciones*, in `en` (`schema`): HTTP Basic.\n",
    ] {
        assert!(rendered.contains(line), "{line} is missing:\n{rendered}");
    }
}

#[test]
fn a_record_needs_entries() {
    assert_eq!(
        findings("source: x\nparts: []\nsections: {}\nentries: []\n"),
        ["reconciliation.yaml:4:1: the record has no entries (empty-record)"]
    );
}

#[test]
fn missing_moved_and_ignored_tests_are_reported() {
    check_broken(
        "::the_key_is_sent",
        "::is_ignored",
        &[
            "reconciliation.yaml:20:13: the entry `authentication` names the test `tests/it/main.rs::is_ignored`, which is \
           ignored (unknown-test)",
        ],
    );
    check_broken(
        "tests/it/main.rs::the_key_is_sent",
        "tests/main.rs::the_key_is_sent",
        &[
            "reconciliation.yaml:20:13: the entry `authentication` names the test `tests/main.rs::the_key_is_sent`, which \
           is now `tests/it/main.rs::the_key_is_sent` (unknown-test)",
        ],
    );
    check_broken(
        "::the_key_is_sent",
        "::nobody",
        &[
            "reconciliation.yaml:20:13: the entry `authentication` names the test `tests/it/main.rs::nobody`, which does \
           not exist (unknown-test)",
        ],
    );
    check_broken(
        "    not_on_the_wire: Host names of samples are sent nowhere.\n",
        "",
        &[
            "reconciliation.yaml:21:5: the entry `language` names no test that proves it (entry-unproven)",
            "reconciliation.yaml:21:5: the entry `language` points to nothing in the document (entry-unproven)",
        ],
    );
}

#[test]
fn every_section_is_cited_and_every_claim_cites_a_listed_section() {
    check_broken(
        "section: schema, says",
        "section: intro, says",
        &["reconciliation.yaml:5:3: no entry cites the section `schema` (unclaimed-section)"],
    );
    check_broken(
        "section: intro, says: Spanish",
        "section: intor, says: Spanish",
        &[
            "reconciliation.yaml:24:10: the entry `language` cites the section `intor`, which is not listed \
           (unknown-section)",
        ],
    );
}

#[test]
fn entries_have_unique_ids_and_no_empty_fields() {
    check_broken(
        "id: language",
        "id: authentication",
        &["reconciliation.yaml:21:5: duplicate entry `authentication` (entry-id)"],
    );
    check_broken(
        "revisit: Nothing.",
        "revisit: ''",
        &[
            "reconciliation.yaml:27:5: `revisit` of the entry `language` is empty (entry-incomplete)",
        ],
    );
}

#[test]
fn an_invalid_record_is_reported_with_its_position() {
    check_broken(
        "    why: One language for all.\n",
        "    why: One language for all.\n    because: x\n",
        &[
            "reconciliation.yaml:27:5: invalid reconciliation record: unknown field `because`, expected one of `id`, \
           `subject`, `claims`, `decision`, `why`, `revisit`, `document`, `tests`, `not_on_the_wire` \
           (reconciliation-form)",
        ],
    );
}

#[test]
fn the_rendering_is_a_table_with_details_below() {
    let record = Document::parse("reconciliation.yaml", RECORD).unwrap();
    insta::assert_snapshot!(render(&record, &[], "pets.yaml", "Generated.").unwrap());
}
