//! Lines that could be read as a fact, and are not: a fact that is wrong is worse than one that is missing.

use spec_first_ledger::source::{Form, Labels, contradictions, read};

use super::pages::page;
use super::variants::check_facts;

#[test]
fn a_number_behind_a_label_is_a_status_only_with_its_reason_or_among_responses() {
    check_facts(
        "# Pets\n\n## Address\n\nName: 500 Main Street\n\nCode: 200 Points\n\n## Errors\n\nName: 404 Long Road\n",
        &[],
    );
    check_facts(
        "# Pets\n\n## Address\n\nStatus: 201 Created\n\n## Responses\n\nStatus: 200 Renamed\n\n## Steps\n\nHTTP/1.1 202 Queued\n",
        &[
            "address/status/201 = \"Created\"",
            "responses/status/200 = null",
            "steps/status/202 = null",
        ],
    );
}

#[test]
fn a_number_below_a_table_of_fields_may_start_a_sentence() {
    let table = |name: &str| format!("| Field | Type |\n|-|-|\n| {name} | string |\n\n");
    let page = |line: &str| format!("## Body\n\n{}{line}\n\n{}", table("a"), table("b"));
    for line in ["404 pets fit.", "200 Pets fit.", "200 - 300 pets fit."] {
        check_facts(
            &page(line),
            &["body/field/a = \"string\"", "body/field/b = \"string\""],
        );
    }
    check_facts(
        &page("404 Not Found"),
        &[
            "body/field/a = \"string\"",
            "responses/field/b = \"string\"",
            "responses/status/404 = \"Not Found\"",
        ],
    );
}

#[test]
fn an_operation_of_a_template_tag_has_its_whole_address() {
    let tag = |path: &str| {
        format!(
            "# Pets\n\n{{% swagger method=\"get\" path=\"{path}\" baseUrl=\"https://api.pets.example/v1/\" %}}\n{{% endswagger %}}\n"
        )
    };
    for (path, url) in [
        ("pets", "https://api.pets.example/v1/pets"),
        ("/pets", "https://api.pets.example/v1/pets"),
        (" ", "https://api.pets.example/v1"),
    ] {
        let url = format!("operation/url = \"{url}\"");
        check_facts(&tag(path), &["operation/method = \"GET\"", &url]);
    }
    // A word that begins like an end tag ends nothing.
    check_facts(
        "# A\n\n{% tab title=\"Errors\" %}{% endpoint method=\"get\" path=\"/pets\" %}\n- `a` (string): x.\n{% endtab %}\n",
        &[
            "errors/field/a = \"string\"",
            "errors/method = \"GET\"",
            "errors/path = \"/pets\"",
        ],
    );
}

#[test]
fn template_tags_are_read_with_any_layout() {
    let text = "## Body\n\n{% swagger-parameter in=\"body\" name=\"tag\" type=\"string\" required=true %}\nIts tag.\n{% endswagger-parameter %}\n";
    let layout = (
        "layout.yaml",
        "name: other\nelements: {details: Accordion}\n",
    );
    let labels = Labels::with(Some(layout), &[]).unwrap();
    let page = read(text, Form::Markdown, &labels).unwrap();
    assert!(page.fact("body/field/tag").is_some(), "{:#?}", page.facts);
}

#[test]
fn a_template_for_mail_does_not_make_text_markdown() {
    let text = "Template\n\n{% if a %}\nHello\n{% endif %}\n";
    let page = page(text);
    assert_eq!(page.form, Form::Text);
    assert_eq!(page.not_understood().count(), 4);
    let tab = "Responses\n\n{% tab title=\"200\" %}\nFine.\n{% endtab %}\n";
    assert_eq!(Form::detect(tab), Form::Markdown);
}

#[test]
fn a_line_break_in_a_cell_does_not_end_its_row() {
    for end in ["\\n", "\\r", "\\r\\n"] {
        let cell = format!("a{end}b");
        let rows =
            format!("\"0-0\": \"f\", \"0-1\": \"string\", \"0-2\": \"{cell}\", \"0-3\": \"x\"");
        let heads =
            "\"h-0\": \"Field\", \"h-1\": \"Type\", \"h-2\": \"Description\", \"h-3\": \"Default\"";
        let text =
            format!("## Body\n\n[block:parameters]\n{{\"data\": {{{heads}, {rows}}}}}\n[/block]\n");
        check_facts(
            &text,
            &["body/default/f = \"x\"", "body/field/f = \"string\""],
        );
        assert_eq!(page(&text).statements[0].text, "a b");
    }
}

#[test]
fn headers_joined_to_a_request_line_are_apart() {
    let lines =
        |rest: &str| format!("# A\n\n## Call\n\nPOST https://api.pets.example/pets\n{rest}\n");
    let request = [
        "call/method = \"POST\"",
        "call/url = \"https://api.pets.example/pets\"",
    ];
    check_facts(
        &lines("authorization: Bearer K\nX-Tag:a"),
        &[
            "call/header/authorization = \"Bearer K\"",
            "call/header/x-tag = \"a\"",
            request[0],
            request[1],
        ],
    );
    // A body may follow.
    let text = lines("Content-Type: application/json\n{\"a\": 1}");
    check_facts(&text, &request);
    let kept: Vec<String> = page(&text)
        .not_understood()
        .map(|line| line.text.clone())
        .collect();
    assert_eq!(kept, ["Content-Type: application/json {\"a\": 1}"]);
}

#[test]
fn the_values_of_a_field_end_above_the_next_field() {
    check_facts(
        "Body\n\ncolor\nstring\nAllowed values:\nred\nblue\nsize\nrequired\ninteger\n",
        &[
            "body/enum/color = [\"red\",\"blue\"]",
            "body/field/color = \"string\"",
        ],
    );
    // The first value may be a field, too.
    check_facts(
        "Body\n\ncolor\nstring\nAllowed values:\nauto\nrequired\nnone\n",
        &["body/field/color = \"string\""],
    );
}

#[test]
fn a_whole_word_or_url_at_the_end_of_a_page_is_not_cut_off() {
    let description = "Description\n\nIt gives a pet another name.\n\n";
    for last in ["Types", "Notes", "Codes", "CODES", "Headers"] {
        assert_eq!(
            page(&format!("{description}{last}\n")).cut_off,
            None,
            "{last}"
        );
    }
    let text = "Endpoint\n\nGET https://api.pets.example/pets/{id}\n\nBase URL\n\nhttps://api.pets.example";
    let servers = |text: &str| {
        let page = page(text);
        (page.cut_off, page.fact("servers/url").is_some())
    };
    assert_eq!(servers(text), (None, true));
    assert_eq!(servers(&format!("{text}/pets")), (None, true));
    assert_eq!(servers(&format!("{text}/pe")), (Some(7), false));
}

#[test]
fn a_path_that_no_url_ends_with_is_a_contradiction() {
    let text = |path: &str, url: &str| {
        format!(
            "---\nopenapi: POST {path}\n---\n\n## Endpoint\n\nPOST https://api.pets.example{url}\n\n## Errors\n"
        )
    };
    let subjects = |path: &str, url: &str| {
        let found = contradictions(&page(&text(path, url)).facts).into_iter();
        found.map(|found| found.subject).collect::<Vec<_>>()
    };
    assert_eq!(subjects("/v1/pets/{id}", "/v1/pets/7"), [""; 0]);
    assert_eq!(subjects("/v1/pet/rename", "/v1/pets/rename"), ["the path"]);
    assert_eq!(subjects("/pets/rename", "/v1/pets/rename"), ["the path"]);
}

#[test]
fn a_table_without_heads_is_read_if_its_cells_tell_what_it_is() {
    let body = [
        "body-parameters/field/age = \"integer\"",
        "body-parameters/field/name = \"string\"",
        "body-parameters/required/name = true",
    ];
    let statuses = [
        "responses/status/200 = \"OK\"",
        "responses/status/404 = \"Not Found\"",
    ];
    let fields = "| `name` | string | required | Its name. |\n";
    let more = "| age | integer | | How old. |\n";
    let line = "|-|-|-|-|\n";
    let codes = "| 200 | OK |\n|-|-|\n| 404 | Not Found |\n";
    let blank = "| | | | |\n";
    let html = "<h2>Body parameters</h2><table><tr><td>name</td><td>string</td><td>required</td><td>Its name.</td></tr>\
        <tr><td>age</td><td>integer</td><td></td><td>How old.</td></tr></table>\
        <h2>Responses</h2><table><tr><td>200</td><td>OK</td></tr><tr><td>404</td><td>Not Found</td></tr></table>";
    let tabs = "Body parameters\n\nname\tstring\trequired\tIts name.\nage\tinteger\t\tHow old.\n\nResponses\n\n200\tOK\n404\tNot Found\n";
    for text in [
        format!("## Body parameters\n\n{fields}{line}{more}\n## Responses\n\n{codes}"),
        format!("## Body parameters\n\n{blank}{line}{fields}{more}\n## Responses\n\n{codes}"),
        format!("<html><body>{html}</body></html>"),
        tabs.to_owned(),
    ] {
        check_facts(&text, &[&body[..], &statuses].concat());
        assert_eq!(
            page(&text).not_understood().count(),
            2,
            "the descriptions of {text}"
        );
    }
    // Not all rows are about fields, or it is unclear which of them are required.
    check_facts(
        "## Body\n\n| | | |\n|-|-|-|\n| name | string | required |\n| age | old |\n\nPets.\n",
        &[],
    );
    check_facts(
        "## Body\n\n| name | string | yes |\n|-|-|-|\n| age | integer | no |\n",
        &[
            "body/field/age = \"integer\"",
            "body/field/name = \"string\"",
        ],
    );
    // Elsewhere, it may be about anything.
    check_facts(
        "## Sizes\n\n| | |\n|-|-|\n| name | string |\n| 200 | OK |\n",
        &[],
    );
    // The heads may be the first row below blank ones.
    check_facts(
        "## Pets\n\n| | |\n|-|-|\n| Field | Type |\n| name | string |\n",
        &["pets/field/name = \"string\""],
    );
}

#[test]
fn a_command_on_one_line_is_read_as_on_several() {
    let expected = [
        "request-example/header/x-key = \"K\"",
        "request-example/member/name = \"Rex\"",
        "request-example/method = \"POST\"",
        "request-example/url = \"https://api.pets.example/pets\"",
    ];
    let command = "curl --request POST \\\n --url https://api.pets.example/pets \\\n --header 'x-key: K' \\\n --data '{\"name\": \"Rex\"}'";
    let text = format!("Request example\n\n{command}\n");
    for text in [
        text.replace('\n', "\n\n").replace("\\\n\n", "\\ "),
        text.replace("\\\n ", "\\"),
        text.clone(),
        // A paragraph of Markdown, in which a backslash breaks the line.
        format!("## {text}"),
    ] {
        check_facts(&text, &expected);
    }
    // Without backslashes, an option is part of the word above it.
    let glued = command.replace(" \\\n ", "");
    check_facts(&format!("Request example\n\n{glued}\n"), &[]);
    check_facts(
        "Request example\n\ncurl -X POST--url https://api.pets.example/pets\n",
        &[],
    );
    let response = text.replace("}'\n", "}'{\"id\": 1}\n\nResponses\n");
    let found = page(&response);
    let ids = found
        .facts
        .iter()
        .map(|fact| fact.id.as_str())
        .collect::<Vec<_>>();
    assert!(ids.contains(&"request-example/member/name"), "{ids:?}");
    assert!(ids.contains(&"request-example/member~2/id"), "{ids:?}");
}

#[test]
fn headings_that_are_not_translated_do_not_tell_the_language() {
    let language = |text: &str| page(text).language;
    let headings = "## Path parameters\n\n## Request body\n\n## Responses\n\n";
    let text = "Crea una mascota en la tienda y devuelve los datos de la mascota en el cuerpo.";
    for text in [
        text.to_owned(),
        format!("| Field | Type | {text} |\n|-|-|-|\n| a | string | |"),
    ] {
        assert_eq!(
            language(&format!("{headings}{text}\n")).as_deref(),
            Some("es")
        );
    }
    assert_eq!(
        language(&format!("{headings}El id de la.\n")).as_deref(),
        Some("en")
    );
}

#[test]
fn a_field_in_a_nested_list_is_within_the_field_above() {
    let list = "- `owner` (object, required): Whose.\n\n  More of it.\n\n  - `id` (string): Its id.\n  - `home` (object): Where.\n    - `id` (integer): Its id.\n- `id` (integer): The id.\n";
    let html = "<h2>Body</h2><ul><li><code>owner</code> (object, required): Whose.<p>More of it.</p><ul><li>id (string): Its id.</li>\
        <li>home (object): Where.<ul><li>id (integer): Its id.</li></ul></li></ul></li><li>id (integer): The id.</li></ul>";
    let plain = list.replace('`', "").replace("\n\n", "\n");
    for text in [
        format!("## Body\n\n{list}"),
        format!("<html><body>{html}</body></html>"),
        format!("Body\n\n{plain}"),
        format!("Body\n\n{}", plain.replace("- ", "")),
    ] {
        check_facts(
            &text,
            &[
                "body/field/id = \"integer\"",
                "body/field/owner = \"object\"",
                "body/field/owner.home = \"object\"",
                "body/field/owner.home.id = \"integer\"",
                "body/field/owner.id = \"string\"",
                "body/required/owner = true",
            ],
        );
    }
    // Within what may be a field, its name is unclear; a title is none.
    let list = |title: &str| format!("## Body\n\n- {title}\n  - `id` (string): Its id.\n");
    check_facts(&list("`owner` — object. Whose."), &[]);
    check_facts(&list("**Of a pet**:"), &["body/field/id = \"string\""]);
    // An indented cell is a name within the one above.
    check_facts(
        "## Body\n\n| Field | Type |\n|-|-|\n| owner | object |\n| &nbsp;&nbsp;id | string |\n| id | integer |\n",
        &[
            "body/field/id = \"integer\"",
            "body/field/owner = \"object\"",
        ],
    );
}

#[test]
fn a_dash_is_not_a_code_and_a_list_is_not_one_of_the_values_of_its_items() {
    check_facts(
        "## Errors\n\n| Status | Code |\n|-|-|\n| 400 | `bad` |\n| 404 | `no_pet` |\n| 5xx | - |\n",
        &[
            "errors/error-code/no_pet = \"404\"",
            "errors/status/400 = null",
            "errors/status/404 = null",
        ],
    );
    let text = "Body\n\nmoods\nenum<string>[]\nAvailable options: calm, wild\n\nmood\nenum<string>\nAvailable options: calm, wild\n\n\
        Request example\n\n{\"moods\": [\"calm\"], \"mood\": \"shy\"}\n";
    let found = contradictions(&page(text).facts).into_iter();
    let subjects: Vec<String> = found.map(|found| found.subject).collect();
    assert_eq!(subjects, ["the values of `mood` and its sample"]);
}

#[test]
fn what_is_written_in_place_of_a_value_is_none() {
    check_facts(
        "## Body\n\n| Field | Type | Default |\n|-|-|-|\n| a | string | – |\n| b | object | n/a |\n| c | string | x |\n\n\
         <ParamField body=\"d\" type=\"string\">\nTexto. Valor por defecto: ninguno.\n</ParamField>\n\n\
         <ParamField body=\"e\" type=\"string\">\nDefault: \"none\"\n</ParamField>\n",
        &[
            "body/default/c = \"x\"",
            "body/default/e = \"none\"",
            "body/field/a = \"string\"",
            "body/field/b = \"object\"",
            "body/field/c = \"string\"",
            "body/field/d = \"string\"",
            "body/field/e = \"string\"",
        ],
    );
    check_facts(
        "Body\n\nsize\nstring\ndefault:none\n",
        &["body/field/size = \"string\""],
    );
    check_facts(
        "## Errors\n\n| Code | HTTP | Meaning |\n|-|-|-|\n| E100 | 400 | Bad. |\n| 200 | 422 | Odd. |\n",
        &[
            "errors/error-code/200 = \"422\"",
            "errors/error-code/E100 = \"400\"",
            "errors/status/400 = null",
            "errors/status/422 = null",
        ],
    );
}

#[test]
fn a_status_in_a_column_of_states_is_that_of_its_error() {
    check_facts(
        "## Errors\n\n| Status | `error` | What it means |\n|-|-|-|\n| `402` | `no_credit` | Empty. |\n",
        &[
            "errors/error-code/no_credit = \"402\"",
            "errors/status/402 = null",
        ],
    );
    check_facts(
        "## Headers\n\n| Key | Value |\n|-|-|\n| Accept | text/csv |\n\n## Parámetros de encabezado\n\n| Encabezado | Tipo |\n|-|-|\n| Sello | texto |\n",
        &[
            "header-parameters/field/Sello = \"string\"",
            "headers/header/accept = \"text/csv\"",
        ],
    );
}

#[test]
fn a_request_below_the_box_of_the_index_is_the_operation() {
    let text = "> ## Documentation Index\n> Fetch the complete documentation index at: https://toys.example/llms.txt\n\n# Toys\n\n\
                **API endpoint:** `POST` `/toys`\n\n```bash\ncurl https://toys.example/toys \\\n  -d $'{\n  \"id\": 1\n}'\n```\n";
    check_facts(
        text,
        &[
            "documentation-index/url = \"https://toys.example/llms.txt\"",
            "operation/method = \"POST\"",
            "operation/path = \"/toys\"",
            "sample-request/member/id = 1",
            "sample-request/method = \"POST\"",
            "sample-request/url = \"https://toys.example/toys\"",
        ],
    );
    assert_eq!(
        page(text).fact("sample-request/member/id").unwrap().line,
        11
    );
}
