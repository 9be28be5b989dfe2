//! Small pages in every form and language, each with the facts that it states.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::PathBuf;
use std::sync::LazyLock;

use spec_first_ledger::source::{Form, Labels, MAXIMUM_SIZE, Page, contradictions, read};

pub(crate) const FORMS: [&str; 3] = ["txt", "md", "html"];
pub(crate) const LANGUAGES: [&str; 3] = ["en", "es", "pt"];

/// Samples that Markdown does not have: they are made when the page is rendered.
const RENDERED: [&str; 2] = ["sample-request", "sample-response"];

pub(crate) fn text(case: &str) -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests/cases")
        .join(case);
    std::fs::read_to_string(&path).unwrap()
}

pub(crate) fn page(text: &str) -> Page {
    static LABELS: LazyLock<Labels> = LazyLock::new(Labels::built_in);
    read(text, Form::detect(text), &LABELS).unwrap()
}

fn shown(page: &Page) -> String {
    let mut shown = String::new();
    for fact in &page.facts {
        writeln!(shown, "{} {} = {}", fact.line, fact.id, fact.value).unwrap();
    }
    for line in page.not_understood() {
        writeln!(
            shown,
            "{} {}: not understood: {}",
            line.line, line.section, line.text
        )
        .unwrap();
    }
    shown
}

/// Facts without their lines and without what is translated.
pub(crate) fn facts(page: &Page) -> BTreeSet<String> {
    let is_of_form =
        |kind: &str, section: &str| kind == "note" || matches!(section, "servers" | "document");
    let facts = page.facts.iter();
    let facts = facts.filter(|fact| !is_of_form(fact.kind(), fact.section()));
    facts
        .map(|fact| {
            let value = fact.value.to_string();
            let hosts = ["mi-tienda.example", "minha-loja.example"];
            let value = hosts
                .iter()
                .fold(value, |value, host| value.replace(host, "my-shop.example"));
            format!("{} = {value}", fact.id)
        })
        .collect()
}

#[test]
fn each_form_of_a_page_states_its_facts_in_their_lines() {
    for form in FORMS {
        let text = text(&format!("rename-pet/en.{form}"));
        insta::assert_snapshot!(format!("rename_pet_{form}"), shown(&page(&text)));
    }
}

/// Pages as they are met: made from a document, by hand, in HTML as it is served, by tools that take the text of a page, or cut off.
#[test]
fn pages_of_every_make_state_what_can_be_read() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/cases/others");
    let files = std::fs::read_dir(folder).unwrap();
    let mut names: Vec<_> = files.map(|file| file.unwrap().file_name()).collect();
    names.sort_unstable();
    assert!(!names.is_empty());
    for name in names.iter().map(|name| name.to_str().unwrap()) {
        let page = page(&text(&format!("others/{name}")));
        insta::assert_snapshot!(name, shown(&page));
    }
}

#[test]
fn every_language_and_form_of_a_page_states_the_same_facts() {
    let whole = facts(&page(&text("rename-pet/en.txt")));
    for language in LANGUAGES {
        for form in FORMS {
            let name = format!("rename-pet/{language}.{form}");
            let page = page(&text(&name));
            assert_eq!(page.language.as_deref(), Some(language), "{name}");
            assert_eq!(page.cut_off, None, "{name}");
            let is_there = |fact: &&String| {
                let section = fact.split('/').next().unwrap();
                form != "md" || !RENDERED.contains(&section)
            };
            let expected: BTreeSet<String> = whole.iter().filter(is_there).cloned().collect();
            let found = facts(&page);
            let missing: Vec<_> = expected.difference(&found).collect();
            let unexpected: Vec<_> = found.difference(&expected).collect();
            assert!(
                missing.is_empty() && unexpected.is_empty(),
                "{name}: missing {missing:#?}, unexpected {unexpected:#?}"
            );
        }
    }
}

#[test]
fn another_language_is_a_file() {
    let words = text("../../labels/en.yaml")
        .replace("language: en", "language: xx")
        .replace("Description, Overview", "Qapla");
    let labels = Labels::with(None, &[("labels/xx.yaml", &words)]).unwrap();
    let text = "Qapla\n\nPets have names.\n\nEndpoint\n\nGET https://api.pets.example/pets\n";
    let page = read(text, Form::Text, &labels).unwrap();
    assert_eq!(page.sections, ["description", "endpoint"]);
    assert_eq!(page.fact("endpoint/url").unwrap().line, 7);
}

#[test]
fn another_documentation_system_is_a_file() {
    let readme = text("../../README.md");
    let (_, layout) = readme.split_once("```yaml\n").unwrap();
    let (layout, _) = layout.split_once("```").unwrap();
    let labels = Labels::with(Some(("layout.yaml", layout)), &[]).unwrap();
    let html = "<main><div class=\"theme-doc-toc-mobile\">On this page</div>\
        <h2>Endpoint<a class=\"hash-link\" href=\"#e\">#</a></h2><pre><code>GET https://api.pets.example/pets</code></pre>\
        <div class=\"theme-admonition theme-admonition-warning alert\"><p>Pets are slow.</p></div>\
        <h3 class=\"openapi__heading\">Body</h3><p>name</p><p>string</p><p>required</p><p>Copy</p></main>";
    let page = read(html, Form::Html, &labels).unwrap();
    let facts: Vec<&str> = page.facts.iter().map(|fact| fact.id.as_str()).collect();
    let note = page
        .facts
        .iter()
        .find(|fact| fact.kind() == "note")
        .unwrap();
    assert_eq!(note.value, "warning");
    assert_eq!(
        facts,
        [
            "endpoint/method",
            "endpoint/url",
            note.id.as_str(),
            "body/field/name",
            "body/required/name"
        ]
    );
    assert_eq!(page.not_understood().count(), 0);

    let wrong = layout.replace("note-attributes: []", "notes: [Note]");
    let error = Labels::with(Some(("layout.yaml", &wrong)), &[]).unwrap_err();
    let line = wrong
        .lines()
        .position(|line| line.starts_with("notes"))
        .unwrap()
        + 1;
    let error = error.to_string();
    assert!(
        error.starts_with(&format!("layout.yaml:{line}:1: ")),
        "{error}"
    );
}

#[test]
fn what_is_read_of_a_page_is_bounded() {
    let labels = Labels::built_in();
    let error = |text: &str| match read(text, Form::Text, &labels) {
        Ok(page) => panic!("{} facts", page.facts.len()),
        Err(error) => error.to_string(),
    };
    insta::assert_snapshot!(error(&" ".repeat(MAXIMUM_SIZE + 1)), @"the capture has 4194305 bytes; the limit is 4194304");
    let members: Vec<String> = (0..3000)
        .map(|number| format!("\"m{number}\": 1"))
        .collect();
    let sample = format!("{{\n{}\n}}\n", members.join(","));
    insta::assert_snapshot!(error(&sample), @"line 2: the capture has too many facts or lines");
    insta::assert_snapshot!(error(&"Pets are here.\n".repeat(20_000)), @"line 10001: the capture has too many facts or lines");
    // Nothing is read of what is nested too deep, or of what never ends.
    let deep = format!("{}1{}", "{\"a\":".repeat(200), "}".repeat(200));
    let endless = "[{\"a\":\n".repeat(3000);
    let lists = format!(
        "Parámetros\tTipo\na\t{}texto\n",
        "lista de ".repeat(100_000)
    );
    for text in [deep, endless, lists] {
        assert_eq!(
            read(&text, Form::Text, &labels).unwrap().facts,
            [],
            "{text:.20}"
        );
    }
}

#[track_caller]
fn check_facts(text: &str, expected: &[&str]) {
    let page = page(text);
    let facts = page
        .facts
        .iter()
        .map(|fact| format!("{} = {}", fact.id, fact.value));
    assert_eq!(facts.collect::<Vec<_>>(), expected, "{text}");
}

#[test]
fn what_only_looks_like_a_fact_is_not_one() {
    for text in [
        // Numbers that begin sentences, below a table of statuses.
        "Responses\n\nCodeStatusDescription\n100 pets are too many.\n404s are rare.\n2026 is a year.\n",
        // Prose with the words of fields, headers and types.
        "Authentication\n\nNo x-pet-key header is needed.\nPre-requisite: none\nConnection string\n",
        "Description\n\nNot all requests need it. A string is required.\n\nname of the string\n",
        // Code that is not JSON.
        "Response example\n\n{\n  name: 'Rex',\n}\n\n{{name}}\n",
        "Example\n\nfetch('/pets', {\n  method: 'PUT',\n  'Content-Type': 'application/json',\n});\n",
    ] {
        check_facts(text, &[]);
    }
    check_facts(
        "Responses\n\nCodeStatusDescription\n200OKFound.\n418\nnot a reason\n404Not FoundNone.\n",
        &[
            "responses/status/200 = \"OK\"",
            "responses/status/418 = null",
            "responses/status/404 = \"Not Found\"",
        ],
    );
}

#[test]
fn a_sample_request_with_a_field_that_no_section_lists_is_a_contradiction() {
    let text = "Body parameters\n\nname\nstring\n\nRequest example\n\n{\"name\": \"Rex\", \"mood\": {\"is\": \"calm\"}}\n";
    let found = contradictions(&page(text).facts);
    let [found] = &found[..] else {
        panic!("{found:#?}");
    };
    assert_eq!(found.subject, "whether there is a body field `mood`");
    assert_eq!(found.sides[0].facts, ["request-example/member/mood"]);
    assert_eq!(found.sides[1].silent, ["body-parameters/field/mood"]);
    // Of what no section lists, samples are all there is.
    let text = text.replace("name\nstring\n", "");
    assert_eq!(contradictions(&page(&text).facts), []);
}

#[test]
fn pages_that_agree_with_themselves_have_no_contradictions() {
    for text in [
        // Several operations on one page.
        "Endpoint\n\nGET https://api.pets.example/pets\nPOST https://api.pets.example/dogs\n",
        // Samples and sections about errors do not list every status.
        "curl https://api.pets.example/pets\n200\n403\n{}\n\nErrors\n\nCodeStatus\n403Forbidden\n404Not Found\n\n\
         Responses\n\nCodeStatus\n200OK\n403Forbidden\n404Not Found\n",
        // Types in words of the page.
        "## Body\n<ParamField body=\"pet\" type=\"string\" />\n## Response\n<ResponseField name=\"pet\" type=\"Pet object\" />\n",
        // Items of a list, as sections and samples write them.
        "## Body\n<ParamField body=\"pets\" type=\"array\" required />\n\n<ParamField body=\"pets[].name\" type=\"string\" required />\n\n\
         <ParamField body=\"toys.id\" type=\"string\" required />\n\n## Request example\n```json\n\
         {\"pets\": [{\"name\": \"Rex\"}], \"toys\": [{\"id\": \"t\"}]}\n```\n",
        // A member of which only the members are listed.
        "## Response\n<ResponseField name=\"ok\" type=\"boolean\" />\n\n<ResponseField name=\"data.id\" type=\"string\" />\n\n\
         ## Response example\n```json\n{\"ok\": true, \"data\": {\"id\": \"a\"}}\n```\n",
        // Things with the same name within others.
        "Response example\n\n{\"a\": {\"url\": \"https://a.example/1\"}, \"b\": {\"url\": \"https://b.example/2\"}}\n",
    ] {
        assert_eq!(contradictions(&page(text).facts), [], "{text}");
    }
}

#[test]
fn each_of_several_operations_on_a_page_is_compared_by_itself() {
    let text = text("others/webhooks.en.md");
    let subjects = |text: &str| {
        let found = contradictions(&page(text).facts).into_iter();
        found
            .map(|each| (each.subject, each.sides[0].facts[0].clone()))
            .collect::<Vec<_>>()
    };
    assert_eq!(subjects(&text.replace(", \"tag\": \"x\"", "")), []);
    let tag = "post-v1-webhooks:request-example/member/tag";
    assert_eq!(
        subjects(&text),
        [(
            "whether there is a body field `tag`".to_owned(),
            tag.to_owned()
        )]
    );
    // What is said of all of them is compared with what each says.
    let other = text.replace("\"X-Hook-Key: KEY\"", "\"X-Api-Key: KEY\"");
    let found = subjects(&other);
    assert!(
        found
            .iter()
            .any(|(subject, _)| subject == "the credentials of a request"),
        "{found:#?}"
    );
    // An operation that is only mentioned has no heading of its own.
    let page = page(
        "## Body\n\n| Field | Type |\n| - | - |\n| `a` | string |\n\n`GET /pets`\n\n## Errors\n\n`PUT /pets/{id}`\n",
    );
    assert!(
        page.facts.iter().all(|fact| !fact.id.contains(':')),
        "{:#?}",
        page.facts
    );
}

#[test]
fn the_end_of_a_capture_is_told_from_the_end_of_its_page() {
    let cut_off = |text: &str| page(text).cut_off;
    assert_eq!(cut_off("Responses\n\n200OKFound.\n404Not Fou\n"), Some(4));
    assert_eq!(
        cut_off("## Description\n\nIt gives a pet another na"),
        Some(3)
    );
    assert_eq!(
        cut_off("## Responses\n\n| Code | Status |\n| - | - |\n| 200 | OK\n<Note>\n"),
        Some(6)
    );
    // The start of `Required headers`, or a word beside a type.
    assert_eq!(cut_off("Body\n\nname\nstring\nrequired\n"), None);
    assert_eq!(cut_off("Body\n\nname\nstring\n\nRequired hea"), Some(6));
    assert_eq!(
        cut_off("Description\n\nIt gives a pet another name.\n"),
        None
    );
    // Glued column headers, a label, an operator, or a sentence that is longer than the lines above it.
    for text in [
        "Respuestas\n\nCódigoEstadoDesc",
        "Corpo\n\nkind\nenum<string>\n\nOpções disponíve",
        "Example\n\nconst a = pets();\nconst b =",
        "Steps\n\nStep 1\n\nAsk for the pet as it is shown in the list of p",
    ] {
        assert_eq!(
            cut_off(text),
            Some(text.lines().count().try_into().unwrap()),
            "{text}"
        );
    }
    // A page may end below a table, or with an element that has empty lines in it.
    let details = "## Response\n\n<details>\n<summary>200</summary>\n\n```json\n{\"a\": 1}\n```\n\n</details>\n";
    assert_eq!(cut_off(details), None);
    let table = "## Body\n\n| Field | Type |\n|-|-|\n| a | string |\n\nPets are glad.\n\n- [ ] more of this\n";
    assert_eq!(cut_off(table), None);
    assert_eq!(
        cut_off("Description\n\nIt gives a name.\n\nWas this page helpful?\n\nDelete a pet\n"),
        None
    );
}

#[test]
fn a_value_that_is_missing_is_not_taken_from_the_next_field() {
    check_facts(
        "Body\n\nname\nstring\n\nExample:\n\nmood\nenum<string>\n\nAvailable options:\ncalm,\nage\ninteger\n",
        &[
            "body/field/name = \"string\"",
            "body/field/mood = \"enum<string>\"",
            "body/enum/mood = [\"calm\"]",
            "body/field/age = \"integer\"",
        ],
    );
}

#[test]
fn a_label_is_not_taken_for_that_of_a_field_above_another_line_or_heading() {
    check_facts(
        "Query parameters\n\nstatus string optional\nOne of them.\npage integer\nDefault: 50\n\nErrors\n\nDefault: 7\n",
        &[
            "query-parameters/field/status = \"string\"",
            "query-parameters/required/status = false",
        ],
    );
    check_facts(
        "Query parameters\n\npage_size integer\nDefault: 50\n\nErrors\n\nExample: 7\n",
        &[
            "query-parameters/field/page_size = \"integer\"",
            "query-parameters/default/page_size = 50",
        ],
    );
}

#[test]
fn fields_that_may_be_within_another_are_not_stated_at_the_top() {
    let fields = "Body parameters\n\nowner\nobject\nIts owner.\n\nHide owner properties\n\nid\nstring\n\ntags\nstring[]\n";
    check_facts(fields, &["body-parameters/field/owner = \"object\""]);
    assert_eq!(page(fields).sections, ["body-parameters"]);
    check_facts(
        &fields.replace("\nid\n", "\nowner.id\n"),
        &[
            "body-parameters/field/owner = \"object\"",
            "body-parameters/field/owner.id = \"string\"",
            "body-parameters/field/tags = \"string[]\"",
        ],
    );
}

#[test]
fn a_command_that_is_not_understood_is_one_line() {
    // The value of an unknown option could be taken for the URL, and the input of a command for the response.
    for command in [
        "curl --unheard https://a.example/x https://api.pets.example/pets",
        "curl -F 'file=@/tmp/x'",
        "curl --data @- https://api.pets.example/pets https://b.example/ <<END\n{\"a\": 1}\nEND",
    ] {
        let page = page(&format!("Request example\n\n{command}\n"));
        assert_eq!(page.facts, [], "{command}");
        let kept: Vec<&str> = page
            .not_understood()
            .map(|line| line.text.as_str())
            .collect();
        assert_eq!(kept, [command]);
    }
    check_facts(
        "Request example\n\ncurl -sSXPUT -H'x-key: K' api.pets.example/pets/7 --data @- <<'END' | jq .\n{\"a\": \"it's\"}\nEND\n",
        &[
            "request-example/method = \"PUT\"",
            "request-example/url = \"api.pets.example/pets/7\"",
            "request-example/header/x-key = \"K\"",
            "request-example/member/a = \"it's\"",
        ],
    );
}

#[test]
fn a_comma_behind_the_last_member_does_not_hide_a_sample() {
    check_facts(
        "Response example\n\n{\n  \"a\": [1, ],\n  \"b\": \",}\",\n}\n",
        &[
            "response-example/member/a = []",
            "response-example/member/a[0] = 1",
            "response-example/member/b = \",}\"",
        ],
    );
}

#[test]
fn values_are_read_only_where_they_are_listed() {
    check_facts(
        "Body\n\na\nstring\nPossible values: `x`, “y” or z.\n\nb\nstring\nAllowed values: 1-100\n\nc\nstring\nPossible values: x, etc.\n",
        &[
            "body/field/a = \"string\"",
            "body/enum/a = [\"x\",\"y\",\"z\"]",
            "body/field/b = \"string\"",
            "body/field/c = \"string\"",
        ],
    );
}

#[test]
fn a_component_is_read_as_it_is_shown_or_listed() {
    let text = "\u{feff}---\napi: GET /pets\n---\n## Body\n\n\
        <ParamField body=\"a\" type=\"array&lt;string&gt;\" />\n\n<ParamField body=“b” type=“string”>\n\n{/* not the end\n";
    check_facts(
        text,
        &[
            "operation/method = \"GET\"",
            "operation/path = \"/pets\"",
            "body/field/a = \"array<string>\"",
        ],
    );
    let page = page(text);
    let kept = page.not_understood().map(|line| line.text.as_str());
    let expected = ["<ParamField body=“b” type=“string”>", "{/* not the end"];
    assert_eq!(kept.collect::<Vec<_>>(), expected);
}

#[test]
fn what_a_cut_may_have_left_of_a_fact_is_not_stated() {
    let end = |text: &str| (page(text).cut_off, page(text).facts.len());
    for (text, line) in [
        ("## Endpoint\n\n```\nPUT https://api.pets.exa", 4),
        ("## Responses\n\n| Code | Status |\n| - | - |\n| 2", 5),
        (
            "# OpenAPI\n\n```yaml\nopenapi: 3.1.0\npaths:\n  /pets:\n    get: {}\n",
            7,
        ),
        ("Response example\n\n{\n  \"name\": \"Rex\",\n  \"mo", 5),
        ("<html><body><h2>Body</h2><p>name</p><p>str", 1),
        (
            "Request example\n\ncurl https://api.pets.example/pets \\\n  --head",
            4,
        ),
    ] {
        assert_eq!(end(text), (Some(line), 0), "{text}");
    }
    check_facts(
        "Endpoint\n\nGET https://api.pets.example/{pe",
        &["endpoint/method = \"GET\""],
    );
    let command = "Request example\n\ncurl --request GET \\\n  --url https://api.";
    check_facts(command, &["request-example/method = \"GET\""]);
    let endpoint = "Endpoint\n\nGET https://api.pets.example/pets/{id}\n\n";
    let methods = [
        "endpoint/method = \"GET\"",
        "endpoint/url = \"https://api.pets.example/pets/{id}\"",
        "request-example/method = \"GET\"",
    ];
    check_facts(&format!("{endpoint}{command}pets.example/pe"), &methods);
}
