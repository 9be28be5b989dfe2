//! Names that contain the special characters of every format are shown and have no effect.

use serde_json::{Value, json};
use spec_first_review::render::{AcknowledgementFile, Format, Presentation, render};
use spec_first_review::{Acknowledgements, Input, Options, Review, Step, Surface, SurfaceChange};

/// A name with special characters. It has backticks at both ends and inside, in runs of different lengths.
const NAME: &str =
    "`a``b|c</td></details><img src=x>\n::error::d [e](f) {0} $(g) @h #1 %0A \"i\" \\|j`";

/// The name as a reader sees it, with line breaks escaped.
const SHOWN: &str =
    "`a``b|c</td></details><img src=x>\\n::error::d [e](f) {0} $(g) @h #1 %0A \"i\" \\|j`";

fn document(parameter: bool) -> String {
    let mut parameters = Vec::new();
    if parameter {
        parameters.push(json!({"name": NAME, "in": "query", "schema": {"type": "string"}}));
    }
    let responses = json!({"204": {"description": "Nothing"}});
    let path = format!("/{NAME}");
    json!({
        "openapi": "3.0.3",
        "info": {"title": NAME, "version": "1.0.0"},
        "paths": {path: {"get": {"parameters": parameters, "responses": responses}}},
    })
    .to_string()
}

fn reviewed() -> Review {
    let (base, head) = (document(true), document(false));
    let (base, head) = (
        move |_: &str| Ok(base.clone()),
        move |_: &str| Ok(head.clone()),
    );
    let mut options = Options::default();
    options.surface = Surface::compared([SurfaceChange {
        old: Some(NAME.to_owned()),
        new: None,
        step: Step::Major,
        why: NAME.to_owned(),
        base: Vec::new(),
        head: Vec::new(),
    }]);
    let base = Input {
        files: &base,
        path: NAME,
    };
    let head = Input {
        files: &head,
        path: NAME,
    };
    spec_first_review::review(base, head, &options).unwrap()
}

fn rendered(format: Format) -> String {
    let mut presentation = Presentation::default();
    presentation.details = true;
    presentation.notes = vec![NAME.to_owned()];
    presentation.acknowledgement_file = Some(AcknowledgementFile {
        path: NAME.to_owned(),
        until: "2.0.0".to_owned(),
    });
    render(&reviewed(), format, &presentation)
}

fn escaped(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;");
    text.replace('>', "&gt;").replace('"', "&quot;")
}

#[test]
fn a_name_is_one_literal_of_the_message() {
    let message = format!("the query parameter ``` {NAME} ``` was dropped");
    assert_eq!(reviewed().changes[0].message, message);
}

#[test]
fn text_has_no_line_that_the_document_began() {
    let text = rendered(Format::Text);
    assert!(
        text.contains(&format!("the query parameter ``` {SHOWN} ``` was dropped")),
        "{text}"
    );
    assert!(!text.contains("\n::error::"), "{text}");
}

#[test]
fn markdown_shows_the_name_as_code_in_every_place() {
    let comment = rendered(Format::Markdown);
    let row = comment
        .lines()
        .find(|line| line.starts_with("| ❌"))
        .unwrap();
    // There are six cells, and three of them contain a pipe from the document.
    let cells = row.replace("\\|", "");
    assert_eq!(cells.matches('|').count(), 7, "{row}");
    let literal = SHOWN.replace("\\|", "\\\u{200b}|").replace('|', "\\|");
    assert!(
        row.contains(&format!(
            "the query parameter ``` {literal} ``` was dropped"
        )),
        "{row}"
    );
    let summary = format!(
        ": the query parameter <code>{}</code> was dropped</summary>",
        escaped(SHOWN)
    );
    assert!(comment.contains(&summary), "{comment}");
    assert_eq!(
        comment.matches("<details>").count(),
        comment.lines().filter(|line| *line == "</details>").count()
    );
    assert!(!comment.contains("\n::error::"), "{comment}");
}

#[test]
fn json_and_sarif_hold_the_name_as_it_is() {
    let review: Value = serde_json::from_str(&rendered(Format::Json)).unwrap();
    let change = &review["changes"][0];
    let message = change["message"].as_str().unwrap();
    assert!(message.contains(NAME));
    let entry = change["acknowledgement"].as_str().unwrap();
    let entry = entry.replace("why: \"\"", "why: nobody sends it");
    let acknowledged = Acknowledgements::parse("acknowledged.yaml", &entry).unwrap();
    assert_eq!(acknowledged.apply(&reviewed()).reasons.len(), 1, "{entry}");

    let log: Value = serde_json::from_str(&rendered(Format::Sarif)).unwrap();
    let result = &log["runs"][0]["results"][0];
    let text = result["message"]["text"].as_str().unwrap();
    // It is neither a link nor a placeholder.
    let first = text.lines().next().unwrap();
    assert!(first.contains("\\[e\\](f) {{0}}"), "{text}");
    let uri = &result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
    let is_plain =
        |character: char| character.is_ascii_alphanumeric() || "%/-._~".contains(character);
    assert!(uri.as_str().unwrap().chars().all(is_plain), "{uri}");
    let code = &log["runs"][0]["results"][0]["properties"]["rust"];
    assert_eq!(code, "none");
}

#[test]
fn github_reads_one_command() {
    let text = rendered(Format::Github);
    let commands: Vec<&str> = text.lines().filter(|line| line.starts_with("::")).collect();
    let [command] = commands[..] else {
        panic!("{text}");
    };
    let (properties, message) = command[2..].split_once("::").unwrap();
    assert!(!properties.contains(['\n', '\r']) && properties.matches("file=").count() == 1);
    assert_eq!(properties.matches(',').count(), 3 + 1, "{properties}");
    // `%0A` in the document is not the line break of the command.
    assert!(message.contains("%250A"), "{message}");
}

#[test]
fn html_shows_the_name_as_one_piece_of_code() {
    let page = rendered(Format::Html);
    let name = format!(
        "the query parameter <code>{}</code> was dropped",
        escaped(SHOWN)
    );
    assert!(page.contains(&name), "{page}");
    for markup in ["<img", "</td>"] {
        assert!(!page.contains(markup), "{markup}");
    }
}
