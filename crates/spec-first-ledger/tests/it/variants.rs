//! Small pages that are laid out unlike those of the other tests.

use spec_first_ledger::source::contradictions;

use super::pages::{facts, page, text};

/// The facts of a page, in any order.
#[track_caller]
pub(crate) fn check_facts(text: &str, expected: &[&str]) {
    let page = page(text);
    let facts = page.facts.iter();
    let mut facts: Vec<String> = facts
        .map(|fact| format!("{} = {}", fact.id, fact.value))
        .collect();
    facts.sort_unstable();
    assert_eq!(facts, expected, "{text}");
}

/// A page that is laid out otherwise states the same facts.
#[track_caller]
fn check_same(change: impl Fn(&str) -> String) {
    let whole = text("rename-pet/es.txt");
    let changed = change(&whole);
    assert_ne!(whole, changed);
    assert_eq!(facts(&page(&changed)), facts(&page(&whole)), "{changed}");
}

#[test]
fn space_marks_and_accents_do_not_change_what_is_read() {
    check_same(|text| text.replace("curl --request", "curl\u{a0}--request"));
    // Each line has an empty one below.
    check_same(|text| text.replace('\n', "\n\n"));
    check_same(|text| text.replace("\nAutenticación\n", "\nAutenticacion\n"));
    for mark in ["2. ", "2) ", "1.2 ", "🔑 "] {
        check_same(|text| text.replace("\nAutenticación\n", &format!("\n{mark}Autenticación\n")));
    }
}

#[test]
fn an_unknown_heading_ends_a_section() {
    let fields =
        "Authorizations\n\nX-Pet-Key\nstring\nheader\nrequired\n\nThe key of the shop.\n\n";
    let text = format!("{fields}Things of the shop\n\nsize\nstring\n\nHow large it is.\n");
    check_facts(
        &text,
        &[
            "authorizations/field/X-Pet-Key = \"string\"",
            "authorizations/place/X-Pet-Key = \"header\"",
            "authorizations/required/X-Pet-Key = true",
            "things-of-the-shop/field/size = \"string\"",
        ],
    );
    let text = "# Pets\n\n## Response\n\n```json\n{\"id\": 1}\n```\n\n# Notes\n\n```json\n{\"a\": 2}\n```\n";
    check_facts(text, &["notes/member/a = 2", "response/member/id = 1"]);
    let table = "Responses\n| Code | Description |\n|---|---|\n| 200 | Done |\nHook payload\n";
    check_facts(
        &format!("{table}{{\n\"sid\": 1\n}}\n"),
        &["hook-payload/member/sid = 1", "responses/status/200 = null"],
    );
}

#[test]
fn a_list_states_what_a_table_would() {
    let text = "Status codes\n\n- 200 OK: Done\n• 404 - Not Found\n\nBody parameters\n\n";
    let text = format!("{text}- size: Integer (required)\n- date: string\n- type: string\n");
    check_facts(
        &text,
        &[
            "body-parameters/field/date = \"string\"",
            "body-parameters/field/size = \"Integer\"",
            "body-parameters/required/size = true",
            "responses/status/200 = \"OK\"",
            "responses/status/404 = \"Not Found\"",
        ],
    );
    check_facts(
        "## Query parameters\n\n- `size` (optional, integer): How many.\n- `tag` (required): Which.\n",
        &[
            "query-parameters/field/size = \"integer\"",
            "query-parameters/field/tag = null",
            "query-parameters/required/size = false",
            "query-parameters/required/tag = true",
        ],
    );
    check_facts(
        "Body\n\nownerId stringrequired\n\nWho owns it.\n",
        &[
            "body/field/ownerId = \"string\"",
            "body/required/ownerId = true",
        ],
    );
}

#[test]
fn the_cells_of_a_row_may_be_a_line_each() {
    let heads = "Body parameters\n\nField\nType\nRequired\nDescription\n";
    check_facts(
        &format!("{heads}size\ninteger\nYes\nHow large.\nname\nstring\nNo\nIts name.\n"),
        &[
            "body-parameters/field/name = \"string\"",
            "body-parameters/field/size = \"integer\"",
            "body-parameters/required/name = false",
            "body-parameters/required/size = true",
        ],
    );
    check_facts("Body parameters\n\nname\nNo\nstring\nIts name.\n", &[]);
    check_facts(
        "Response\n\n200\n200\n500\n\nOK\n\nid\nstring\n",
        &[
            "response/field/id = \"string\"",
            "response/status/200 = null",
            "response/status/500 = null",
        ],
    );
}

#[test]
fn a_name_that_the_page_does_not_show_is_not_made_of_what_is_above_a_type() {
    check_facts(
        "Body Params\nstring\n\nWhy it is asked.\n\nstring\n\nWhere to go.\n\nHeaders\nstring\nrequired\n\n\
         The host.\n\nstring\nenum\nDefaults to application/json\n",
        &[],
    );
    check_facts(
        "Body parameters\n\nsize\nrequired\nstring\nHow large.\n",
        &[],
    );
    check_facts(
        "## Body\n\n<Expandable title=\"Owner\">\n<ParamField body=\"name\" type=\"string\" required>Whose.</ParamField>\n\
         </Expandable>\n",
        &[],
    );
}

#[test]
fn a_sample_with_comments_or_within_a_field_is_read_as_far_as_it_is_certain() {
    let text = "## Response\n\n```json\n{\n  \"url\": \"https://a.example\", // where\n  /* and\n  more */ \"id\": [1],\n}\n```\n";
    check_facts(
        text,
        &[
            "response/member/id = []",
            "response/member/id[0] = 1",
            "response/member/url = \"https://a.example\"",
        ],
    );
    let unread: Vec<String> = page(text)
        .not_understood()
        .map(|line| format!("{} {}", line.line, line.text))
        .collect();
    assert_eq!(unread, ["5 // where", "6 /* and\n  more */"]);
    let field = "<ParamField body=\"tags\" type=\"array\">\nWhat it is.\n\n```json\n{\"a\": 1}\n```\n</ParamField>\n";
    let field_of = |label: &str| format!("## Body\n\n{}", field.replace("What it is.", label));
    let list = "body/field/tags = \"array\"";
    check_facts(&field_of("What it is."), &[list]);
    check_facts(
        &field_of("Example:"),
        &["body/example/tags = {\"a\":1}", list],
    );
    check_facts(
        "<ResponseExample>\n```json Error\n{\"a\": 1}\n```\n```json Response\n{\"b\": 1}\n```\n</ResponseExample>\n",
        &[
            "sample-response/member/b = 1",
            "sample-response/member~error/a = 1",
        ],
    );
}

#[test]
fn codes_are_statuses_or_those_of_the_api() {
    check_facts(
        "# Errors\n\nError Code | Meaning\n--- | ---\n400 | Bad Request -- Wrong.\n418 | I'm a teapot.\n",
        &["errors/status/400 = null", "errors/status/418 = null"],
    );
    check_facts(
        "# Errors\n\n| Code | Meaning |\n|--|--|\n| 430 | No such pet |\n| 431 | Too heavy |\n| 432 | Too old |\n| 433 | Too young |\n",
        &[
            "errors/error-code/430 = null",
            "errors/error-code/431 = null",
            "errors/error-code/432 = null",
            "errors/error-code/433 = null",
        ],
    );
    check_facts(
        "# A\n\nDeletes it. Returns `204 No Content`.\n\n<ResponseExample>\n```json 200 Success\n{\"a\": 1}\n```\n</ResponseExample>\n",
        &[
            "introduction/status/204 = \"No Content\"",
            "sample-response/member/a = 1",
            "sample-response/status/200 = null",
        ],
    );
    check_facts(
        "## Responses\n\n<ResponseField name=\"404\" type=\"object\">\nNot a pet.\n</ResponseField>\n",
        &["responses/status/404 = null"],
    );
}

#[test]
fn a_status_behind_a_title_is_that_of_the_sample_below() {
    let text = "## Get a pet\n\n- **Endpoint**: `GET /pets/{id}`\n\n**Response** (200 OK):\n```json\n{\"id\": 1}\n```\n\n\
         **Response** (404 Not Found): None.\n```json\n{\"error\": \"a\"}\n```\n\n### Added (201 Created)\n\n\
         ## Costs\n\nResponse (200 pets): many.\n";
    check_facts(
        text,
        &[
            "added-201-created/status/201 = \"Created\"",
            "get-a-pet/member/id = 1",
            "get-a-pet/member~404/error = \"a\"",
            "get-a-pet/method = \"GET\"",
            "get-a-pet/path = \"/pets/{id}\"",
            "get-a-pet/status/200 = \"OK\"",
            "get-a-pet/status/404 = \"Not Found\"",
        ],
    );
    let operation = |title: &str, request: &str| {
        format!("## {title}\n\nEndpoint: `{request}`\n\n### Responses\n\n- 200 OK\n\n")
    };
    let two = operation("Add", "POST /pets") + &operation("Get", "GET /pets");
    let sections = ["get-pets:responses", "post-pets:responses"];
    let page = page(&two);
    assert!(
        sections
            .iter()
            .all(|section| page.fact(&format!("{section}/status/200")).is_some())
    );
}

#[test]
fn a_list_of_errors_is_silent_about_nothing_else() {
    let listed = "## Responses\n\n- 200 OK\n- 401 Unauthorized\n- 404 Not Found\n\n";
    let of_api = "## Codes of the shop\n\n| Error code | HTTP status |\n|--|--|\n| 7102 | 404 |\n| 7103 | 409 |\n";
    let of_errors =
        "## What may fail\n\n| Status | Meaning |\n|--|--|\n| 401 | Who? |\n| 404 | None |\n";
    for errors in [of_api, of_errors] {
        let found = contradictions(&page(&format!("{listed}{errors}")).facts);
        let subjects: Vec<&str> = found.iter().map(|found| found.subject.as_str()).collect();
        let expected: &[&str] = match errors == of_api {
            // The list says that it is whole.
            true => &["whether there is the status 409"],
            false => &[],
        };
        assert_eq!(subjects, expected, "{errors}");
    }
}

#[test]
fn values_have_no_signs_of_their_sentence_or_language() {
    let field = |kind: &str, text: &str| format!("Body\n\nsize\n{kind}\n\nHow large.\n\n{text}\n");
    check_facts(
        &field("integer", "Default: 1,000"),
        &["body/default/size = 1000", "body/field/size = \"integer\""],
    );
    check_facts(
        &field("string", "Example: ”large”"),
        &[
            "body/example/size = \"large\"",
            "body/field/size = \"string\"",
        ],
    );
    check_facts(
        &field("string", "Maximum length: 2.048"),
        &[
            "body/field/size = \"string\"",
            "body/limit/size = {\"maxLength\":2048}",
        ],
    );
    check_facts(
        "## Body\n\n| Field | Type | Required? |\n|--|--|--|\n| size | string | ✅ Yes |\n",
        &["body/field/size = \"string\"", "body/required/size = true"],
    );
}

#[test]
fn notes_of_other_systems_are_notes() {
    for note in [
        ":::warning\nIt bites.\n:::\n",
        "> [!WARNING]\n> It bites.\n",
        "<Warning>It bites.</Warning>\n",
    ] {
        let page = page(&format!("# A\n\n{note}\n\nIt eats.\n"));
        let notes: Vec<String> = page
            .facts
            .iter()
            .map(|fact| fact.value.to_string())
            .collect();
        assert_eq!(notes, ["\"warning\""], "{note}");
    }
    let title = page("<Warning title=\"Careful\">It bites.</Warning>\n\n## Body\n");
    assert_eq!(title.not_understood().next().unwrap().text, "Careful");
}

#[test]
fn a_sample_of_the_past_is_not_read() {
    let sample = "```bash\ncurl https://api.pets.example/v1/pets -H 'x-old-key: K'\n```\n";
    for title in ["Before", "Legacy", "Antes"] {
        let text = format!(
            "# Moving\n\n## {title}\n\n{sample}\n\n| Field | Type |\n|-|-|\n| a | string |\n"
        );
        check_facts(&text, &[]);
        assert_eq!(page(&text).not_understood().count(), 3, "{title}");
    }
    let tabs = format!(
        "# Moving\n\n<Tabs>\n<Tab title=\"v1 (deprecated)\">\n{sample}</Tab>\n<Tab title=\"v2\">\n{}</Tab>\n</Tabs>\n",
        sample.replace("old-", "").replace("v1", "v2")
    );
    check_facts(
        &tabs,
        &[
            "sample-request/header/x-key = \"K\"",
            "sample-request/method = \"GET\"",
            "sample-request/url = \"https://api.pets.example/v2/pets\"",
        ],
    );
}

#[test]
fn an_address_alone_is_the_url_where_one_belongs() {
    check_facts(
        "## Base URL\n\nhttps://api.pets.example/v1\n\n## Endpoint\n\nhttps://api.pets.example/v1/pets\n\n## More\n\nhttps://pets.example/help\n",
        &[
            "endpoint/url = \"https://api.pets.example/v1/pets\"",
            "servers/url = \"https://api.pets.example/v1\"",
        ],
    );
    check_facts(
        "# Pets\n\nBase URL: https://api.pets.example/v1.\n\nPOST https://api.pets.example/v1/pets\nContent-Type: application/json\n",
        &[
            "operation/header/content-type = \"application/json\"",
            "operation/method = \"POST\"",
            "operation/url = \"https://api.pets.example/v1/pets\"",
            "servers/url = \"https://api.pets.example/v1\"",
        ],
    );
}

#[test]
fn a_heading_may_be_a_status() {
    check_facts(
        "Response\n\nX-Key\n:\n123\n\n404\n\n499\n",
        &["response/status/404 = null", "response/status/499 = null"],
    );
    check_facts(
        "## Response\n\n### 201\n\n```json\n{\"id\": 1}\n```\n\n## Errors\n\n### 404 Not Found Error\n\n- `code` (string, what happened): Why.\n\n## 200\n\n## 500 pets\n",
        &[
            "200/status/200 = null",
            "201/member/id = 1",
            "201/status/201 = null",
            "errors/field/code = \"string\"",
            "errors/status/404 = \"Not Found\"",
        ],
    );
    check_facts("## Sizes\n\n## 200\n", &[]);
    check_facts(
        "## Response samples\n\n- 201\n- 409\n\n```json\n{\"id\": 1}\n```\n",
        &["response-example/member/id = 1"],
    );
    check_facts(
        "Response\n\nSuccess\n\nid\nstring\n\nError\n\nWhat went wrong.\n\ncode\nstring\n",
        &[
            "error/field/code = \"string\"",
            "response/field/id = \"string\"",
        ],
    );
}

#[test]
fn the_language_of_a_page_without_known_headings_is_that_of_its_words() {
    let language = |text: &str| page(text).language;
    let text = "Skip to main content\n\nEl perro come en la casa y el gato en la terraza.\n";
    assert_eq!(language(text).as_deref(), Some("es"));
    assert_eq!(language(&text[..22]).as_deref(), Some("en"));
    assert_eq!(
        language("O cão come em casa e não na rua, com o gato.\n").as_deref(),
        Some("pt")
    );
    assert_eq!(language("the la o\n"), None);
    let text = "The pet is what the shop has.\n\nEsta página foi útil?\n";
    assert_eq!(language(text).as_deref(), Some("pt"));
}

#[test]
fn a_comment_in_code_is_not_a_heading() {
    let text = "Skip to main content\n\npets deploy\n# done\n# https://pets.example\n";
    assert_eq!(page(text).form.as_str(), "text");
    let text = "Skip to main content\nfrom pets import Shop\n\n# Open it\nshop = Shop()\n";
    assert_eq!(page(text).form.as_str(), "text");
    assert_eq!(page("Pets\n\n# Rex\n\nA dog.\n").form.as_str(), "markdown");
    assert_eq!(page("# Rex\nA dog.\n").form.as_str(), "markdown");
}

#[test]
fn a_command_ends_where_the_text_that_is_glued_to_it_begins() {
    let command = "curl --request PUT \\\n--url https://api.pets.example/pets/{id} \\\n--data '\n{\n\"name\": \"Rex\"\n}\n'";
    check_facts(
        &format!("{command}import requests\nprint(1)\n"),
        &[
            "sample-request/member/name = \"Rex\"",
            "sample-request/method = \"PUT\"",
            "sample-request/url = \"https://api.pets.example/pets/{id}\"",
        ],
    );
    check_facts(
        "curl -X DELETE \"https://api.pets.example/pets/0\"Empty\n",
        &[],
    );
    check_facts(
        "curl https://api.pets.example/pets\n-X POST\n-H 'X-Key:K'\n\n-v\n",
        &[
            "sample-request/header/x-key = \"K\"",
            "sample-request/method = \"POST\"",
            "sample-request/url = \"https://api.pets.example/pets\"",
        ],
    );
}

#[test]
fn operations_with_titles_between_empty_lines_are_told_apart() {
    let text = "Hooks\n\nThey are told.\n\nGet hooks\n\nGET https://api.pets.example/hooks\n\nPath Parameters\n\nHeaders\n\n{\n\"a\": 1\n}\n\nAdd a hook\n\nPOST https://api.pets.example/hooks\n\nQuery Parameters\n\n{\n\"b\": 2\n}\n";
    check_facts(
        text,
        &[
            "get-hooks:operation/method = \"GET\"",
            "get-hooks:operation/url = \"https://api.pets.example/hooks\"",
            "post-hooks:operation/method = \"POST\"",
            "post-hooks:operation/url = \"https://api.pets.example/hooks\"",
        ],
    );
    assert_eq!(contradictions(&page(text).facts), []);
    // JSON there may be the sample of a response.
    let kept: Vec<String> = page(text)
        .not_understood()
        .map(|line| line.text.clone())
        .collect();
    assert!(
        kept.iter().any(|text| text.contains("\"a\": 1")),
        "{kept:?}"
    );
}

#[test]
fn what_a_page_need_not_say_is_no_contradiction() {
    for text in [
        // Two operations of which no heading belongs to either.
        "Path:\nPOST /login\nErrors\nPath:\nPOST /inbound\n",
        // A table without a column for it.
        "Path parameters\n\n| Field | Type |\n|---|---|\n| petId | string |\n\nAuthorizations\n\nX-Key\nstring\nheader\nrequired\n\n\
         Path Parameters\n\npetId\nstring\nrequired\n",
    ] {
        assert_eq!(contradictions(&page(text).facts), [], "{text}");
    }
    check_facts(
        "Query parameters\n\n| Field | Type | Required |\n|---|---|---|\n| page | number | N |\n| bot | string | Y |\n",
        &[
            "query-parameters/field/bot = \"string\"",
            "query-parameters/field/page = \"number\"",
            "query-parameters/required/bot = true",
            "query-parameters/required/page = false",
        ],
    );
}

#[test]
fn text_beside_a_template_tag_is_read() {
    let text = "{% hint style=\"info\" %} Él usa el encabezado `x-pet-key`. {% endhint %} Ñandú {%{% {% no\n";
    check_facts(
        text,
        &[
            "introduction/credential/x-pet-key = \"header\"",
            "introduction/note/539218d9d06f4729 = \"info\"",
        ],
    );
    let page = page(text);
    let mut kept = page.not_understood().map(|line| line.text.as_str());
    assert_eq!(kept.next(), Some("Ñandú"));
}
