//! `spec-first source`.

use super::folder::{Folder, stdout};

const PAGE: &str = "\
# Rename a pet

## Endpoint

```
PUT https://api.pets.example/v1/pets/{petId}
```

## Body parameters

<ParamField body=\"name\" type=\"string\" required>
  What it is called from now on.
</ParamField>

## Request example

```bash
curl --request PUT --url https://api.pets.example/v1/pets/7 \\
  --header 'x-pet-key: KEY' \\
  --data '{\"name\": \"Rex\", \"mood\": \"calm\"}'
```

## Authentication

Requests carry the `x-key` header.
";

const DOCUMENT: &str = "\
openapi: 3.0.3
info: {title: Pets, version: 1.0.0}
servers: [{url: 'https://api.pets.example'}]
paths:
  /v1/pets/{petId}:
    put:
      requestBody:
        content:
          application/json:
            schema:
              type: object
              required: [name]
              properties:
                name: {type: string}
      responses:
        '200': {description: Renamed}
";

const RECORD: &str = "\
source: The page.
parts: [prose]
pages: {rename: Rename a pet}
sections:
  authentication: {heading: Authentication, part: prose, page: rename}
  endpoint: {heading: Endpoint, part: prose, page: rename}
entries:
  - id: key
    subject: The header of the key
    claims:
      - {section: authentication, says: It is `x-key`., facts: [authentication/credential/x-key]}
    decision: None.
    why: The two differ.
    revisit: A page that agrees with itself.
    not_on_the_wire: It is a test.
";

fn folder() -> Folder {
    let folder = Folder::new();
    folder.write("openapi.yaml", DOCUMENT);
    folder.write("reconciliation.yaml", RECORD);
    folder.write("page.md", PAGE);
    folder
}

#[test]
fn facts_are_listed_with_what_was_not_understood() {
    insta::assert_snapshot!(folder().run(&["source", "facts", "page.md"]));
}

#[test]
fn contradictions_within_the_page_and_with_the_document_are_found() {
    insta::assert_snapshot!(folder().run(&["source", "check", "page.md"]));
}

#[test]
fn an_operation_that_the_document_does_not_have_is_a_finding() {
    let folder = folder();
    let other = "## Endpoint\n\nGET https://api.pets.example/v3/orders/{orderId}/label\n\n## Responses\n\n404 Not Found\n";
    folder.write("page.md", other);
    insta::assert_snapshot!(folder.run(&["source", "check", "page.md"]), @r"
    exit code 1
    == standard output
    page.md (markdown, en): 0 contradictions

      the document has no operation `GET /v3/orders/{}/label`
    ");
}

#[test]
fn what_changed_since_it_was_accepted_names_its_decisions() {
    let folder = folder();
    let accepted = folder.run(&["source", "accept", "--page", "rename", "page.md"]);
    assert!(
        accepted.ends_with("wrote facts/rename.yaml\n"),
        "{accepted}"
    );
    let same = folder.run(&["source", "diff", "page.md"]);
    assert_eq!(stdout(&same), "rename: no changes\n");
    let changed = PAGE
        .replace("`x-key`", "`x-pet-key`")
        .replace("PUT https://api", "PUT https://gateway")
        .replace("required>", ">");
    folder.write("page.md", &changed);
    insta::assert_snapshot!(folder.run(&["source", "diff", "page.md"]));
    insta::assert_snapshot!(folder.run(&["source", "diff", "--format", "markdown", "page.md"]));
    let json = folder.run(&["source", "diff", "--format", "json", "page.md"]);
    let json: serde_json::Value = serde_json::from_str(stdout(&json)).unwrap();
    assert_eq!(json["pages"][0]["changes"].as_array().unwrap().len(), 3);
}

#[test]
fn a_page_that_is_not_recorded_is_an_error_that_says_what_to_do() {
    insta::assert_snapshot!(folder().run(&["source", "diff", "page.md"]), @r"
    exit code 2
    == standard error
    error: `page.md` matches no recorded page
    hint: record it first: `source accept --page NAME page.md`
    ");
    insta::assert_snapshot!(folder().run(&["source", "accept", "--page", "Rename It", "page.md"]), @r"
    exit code 2
    == standard error
    error: `Rename It` is not a valid page name
    hint: use lower-case words separated by hyphens, as `update` or, for a second capture, `update.pt`
    ");
}

#[test]
fn a_capture_that_is_cut_off_is_not_accepted() {
    let folder = folder();
    folder.write("page.md", "## Description\n\nIt gives a pet another na");
    insta::assert_snapshot!(folder.run(&["source", "accept", "--page", "rename", "page.md"]), @r"
    exit code 2
    == standard error
    error: `page.md` is cut off in line 3: what is below it would be recorded as absent
    hint: capture the whole page, pass `--whole` if it is complete, or `--partial` to record what there is
    ");
}

#[test]
fn a_capture_without_facts_is_neither_recorded_nor_compared() {
    let folder = folder();
    folder.run(&["source", "accept", "--page", "rename", "page.md"]);
    let recorded = folder.read("facts/rename.yaml");
    folder.write("page.md", "\n");
    for task in ["facts", "check", "diff", "accept"] {
        assert_eq!(
            folder.run(&["source", task, "page.md"]),
            "exit code 2\n== standard error\nerror: `page.md` is empty\nhint: capture the page again\n"
        );
    }
    folder.write("page.md", "Please log in.\n");
    insta::assert_snapshot!(folder.run(&["source", "diff", "--page", "rename", "page.md"]), @r"
    exit code 2
    == standard error
    error: found no facts in `page.md`
    hint: check that it is the page; `source facts` shows how it is read
    ");
    let accept = ["source", "accept", "--page", "rename", "page.md"];
    insta::assert_snapshot!(folder.run(&accept), @r"
    exit code 2
    == standard error
    error: found no facts in `page.md`
    hint: check that it is the page, or pass `--whole` to record that it states none
    ");
    assert_eq!(folder.read("facts/rename.yaml"), recorded);
    let whole = folder.run(&[&accept[..], &["--whole"]].concat());
    assert!(whole.ends_with("wrote facts/rename.yaml\n"), "{whole}");
}

#[test]
fn facts_are_recorded_in_the_folder_of_the_configuration() {
    let folder = folder();
    folder.write("spec-first.toml", "[source]\nfacts = \"../facts\"\n");
    let report = folder.run(&["source", "accept", "--page", "rename", "page.md"]);
    assert!(
        report.contains("error: `../facts/rename.yaml` is outside of"),
        "{report}"
    );
}

#[test]
fn the_text_of_a_page_cannot_deceive_a_terminal_or_a_workflow() {
    let folder = folder();
    folder.write(
        "page.txt",
        "Description\n\n::error::now\u{1b}[2J \u{202e}it is\n\n##[add-mask]x\n",
    );
    insta::assert_snapshot!(folder.run(&["source", "facts", "page.txt"]), @r"
    exit code 0
    == standard output
    page.txt (text, en): 0 facts
    2 lines were not understood
        3  description: ::error::now\u{1b}[2J \u{202e}it is
        5  description: ##\u{5b}add-mask]x
    ");
}

#[test]
fn of_a_long_line_the_beginning_is_shown() {
    let folder = folder();
    folder.write(
        "page.txt",
        &format!("Description\n\n{}\n", "word ".repeat(10_000)),
    );
    let facts = folder.run(&["source", "facts", "page.txt"]);
    let shown = stdout(&facts).lines().last().unwrap();
    assert!(
        shown.ends_with("word word …") && shown.len() < 300,
        "{shown}"
    );
}

#[test]
fn the_help_says_what_the_exit_codes_mean() {
    insta::assert_snapshot!(Folder::new().run(&["source", "--help"]));
}

#[test]
fn another_layout_is_a_file_that_is_named_or_configured() {
    let folder = Folder::new();
    folder.write(
        "page.html",
        "<h2>Endpoint</h2><p>GET /pets</p><aside>Note</aside>",
    );
    folder.write("layout.yaml", "name: ours\nskipped-elements: [head]\n");
    let facts = |arguments: &[&str]| {
        let mut all = vec!["source", "facts", "page.html"];
        all.extend(arguments);
        let run = folder.run(&all);
        stdout(&run).lines().last().unwrap().to_owned()
    };
    assert_eq!(facts(&[]), "0 lines were not understood");
    assert_eq!(facts(&["--layout", "layout.yaml"]), "    1  endpoint: Note");
    folder.write("spec-first.toml", "[source]\nlayout = \"layout.yaml\"\n");
    assert_eq!(facts(&[]), "    1  endpoint: Note");
    folder.write("layout.yaml", "name: ours\nskipped: [head]\n");
    let run = folder.run(&["source", "facts", "page.html"]);
    assert!(
        run.contains("error[labels-form]: unknown field `skipped`, expected one of `name`"),
        "{run}"
    );
    assert!(run.contains("--> layout.yaml:2:1\n"), "{run}");
}

#[test]
fn what_captures_say_differently_is_found() {
    let folder = folder();
    folder.write("new.md", &PAGE.replace("/v1/pets", "/shop/v1/pets"));
    let said = folder.run(&["source", "check", "page.md", "new.md"]);
    let (_, between) = said.split_once("between captures").unwrap();
    insta::assert_snapshot!(between.lines().take(5).collect::<Vec<_>>().join("\n"), @"
    : 1 contradiction

      the base URL of `/pets`
        https://api.pets.example/v1: page.md: `endpoint/url` (line 6), page.md: `request-example/url` (line 18)
        https://api.pets.example/shop/v1: new.md: `endpoint/url` (line 6), new.md: `request-example/url` (line 18)
    ");
}

#[test]
fn several_captures_of_one_page_are_recorded_beside_each_other() {
    let folder = folder();
    folder.run(&["source", "accept", "--page", "rename", "page.md"]);
    let spanish = PAGE
        .replace("Body parameters", "Parámetros del cuerpo")
        .replace("Request example", "Ejemplo de solicitud")
        .replace("https://api", "https://gateway");
    let (spanish, _) = spanish.split_once("\n## Authentication").unwrap();
    folder.write(
        "pagina.md",
        &format!("{spanish}\n## Autenticación\n\nCada solicitud lleva el encab"),
    );
    let accept = [
        "source",
        "accept",
        "--page",
        "rename.es",
        "--partial",
        "pagina.md",
    ];
    let accepted = folder.run(&accept);
    assert!(
        accepted.ends_with("wrote facts/rename.es.yaml\n"),
        "{accepted}"
    );
    // Each is compared with the one in its language.
    for (capture, name) in [("page.md", "rename"), ("pagina.md", "rename.es")] {
        let same = folder.run(&["source", "diff", capture]);
        assert!(
            stdout(&same).starts_with(&format!("{name}: no changes\n")),
            "{same}"
        );
    }
}
