//! Renders reviews in every format.

mod long_lists;
mod programs;

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use spec_first_document::Pointer;
use spec_first_review::render::{
    AcknowledgementFile, Attachment, COMMENT_MARKER, Format, Presentation, render,
};
use spec_first_review::{
    Change, Direction, Input, Level, Options, Review, Row, Step, Surface, SurfaceChange, Verdict,
    review,
};

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

fn read(name: &str) -> String {
    fs::read_to_string(file(name)).unwrap()
}

fn compare(base: &str, head: &str) -> Review {
    compare_with(base, head, Surface::default())
}

fn compare_with(base: &str, head: &str, surface: Surface) -> Review {
    let text = |text: String| move |_: &str| Ok(text.clone());
    let (base, head) = (text(base.to_owned()), text(head.to_owned()));
    let base = Input {
        files: &base,
        path: "base.yaml",
    };
    let head = Input {
        files: &head,
        path: "api/head, new.yaml",
    };
    let mut options = Options::default();
    options.surface = surface;
    review(base, head, &options).unwrap()
}

/// A removed or added line of code, and the place that it comes from.
fn line<'a>(code: &'a str, pointer: &'a str) -> Option<(&'a str, &'a str)> {
    Some((code, pointer))
}

fn code(
    old: Option<(&str, &str)>,
    new: Option<(&str, &str)>,
    step: Step,
    why: &str,
) -> SurfaceChange {
    let pointers = |side: Option<(&str, &str)>| side.and_then(|(_, at)| Pointer::parse(at));
    SurfaceChange {
        base: pointers(old).into_iter().collect(),
        head: pointers(new).into_iter().collect(),
        old: old.map(|(code, _)| code.to_owned()),
        new: new.map(|(code, _)| code.to_owned()),
        step,
        why: why.to_owned(),
    }
}

fn surface() -> Surface {
    const ORDER: &str = "/components/responses/Order/content/application~1json/schema/properties";
    let (total, comment) = (format!("{ORDER}/total"), "/nowhere".to_owned());
    let dropped = "/paths/~1reports/get/operationId";
    let added = "code may match each variant and nothing else";
    Surface::compared([
        code(
            line("fn read_report(&self)", dropped),
            None,
            Step::Major,
            "code that names it no longer compiles",
        ),
        code(
            None,
            line("Status::TwoLines", &format!("{ORDER}/status/enum/2")),
            Step::Major,
            added,
        ),
        code(
            line("Order.total: f64", &total),
            line("Order.total: Option<f64>", &total),
            Step::Major,
            "its type changed",
        ),
        code(
            None,
            line("fn sort(self)", "/paths/~1orders/get/parameters/1"),
            Step::Minor,
            "it is new",
        ),
        code(
            line("struct `</pre><script>`", &comment),
            None,
            Step::Patch,
            "| @octocat",
        ),
    ])
}

fn example() -> Review {
    compare_with(
        &read("tests/render/base.yaml"),
        &read("tests/render/head.yaml"),
        surface(),
    )
}

fn presentation(review: &Review) -> Presentation {
    let mut presentation = Presentation::default();
    presentation.details = true;
    presentation.notes = vec![
        "the document changed from `1.4.0` to `1.5.0`, and `2.0.0` is needed".to_owned(),
        "ask @octocat".to_owned(),
    ];
    presentation.attachments = vec![Attachment {
        title: "`surface.txt`".to_owned(),
        diff: read("tests/render/surface.diff"),
    }];
    let is_removal = |change: &Change| change.rule() == "operation/narrower";
    let index = review.changes.iter().position(is_removal).unwrap();
    let reason = "nobody ever called it, see #12".to_owned();
    presentation.acknowledged.insert(index, reason);
    presentation.acknowledgement_file = Some(AcknowledgementFile {
        path: "api/acknowledged.yaml".to_owned(),
        until: "2.1.0".to_owned(),
    });
    presentation
}

fn rendered(format: Format) -> String {
    let review = example();
    render(&review, format, &presentation(&review))
}

/// A document with this many operations, which all respond with one schema that has this many properties.
fn large(operations: usize, properties: usize, kind: &str, name: &str) -> String {
    let mut text = "openapi: 3.0.3\npaths:\n".to_owned();
    for operation in 0..operations {
        text.push_str(&format!(
            "  /{operation}: {{get: {{responses: {{'200': {{$ref: '#/components/responses/All'}}}}}}}}\n"
        ));
    }
    text.push_str("components: {responses: {All: {description: All, content: {application/json: {schema: {type: object, properties: {\n");
    for property in 0..properties {
        text.push_str(&format!("  \"{name}{property}\": {{type: {kind}}},\n"));
    }
    text + "}}}}}}}\n"
}

#[test]
fn text() {
    insta::assert_snapshot!(rendered(Format::Text));
}

#[test]
fn text_in_brief() {
    let review = example();
    let mut presentation = presentation(&review);
    presentation.details = false;
    insta::assert_snapshot!(render(&review, Format::Text, &presentation));
}

#[test]
fn nothing_is_said_of_rust_where_none_is_generated() {
    let base = read("tests/render/base.yaml");
    let head = read("tests/render/head.yaml");
    let review = compare_with(&base, &head, Surface::NotGenerated);
    let mut presentation = presentation(&review);
    presentation.attachments.clear();
    for details in [false, true] {
        presentation.details = details;
        for format in Format::ALL {
            let text = render(&review, format, &presentation);
            let body = text
                .split_once("</head>")
                .map_or(text.as_str(), |(_, body)| body);
            assert!(!body.to_lowercase().contains("rust"), "{format}: {text}");
        }
    }
}

#[test]
fn a_warning_is_shown_after_what_breaks_and_asks_for_nothing() {
    let text = |text: String| move |_: &str| Ok(text.clone());
    let base = text(read("tests/render/base.yaml"));
    let head = text(read("tests/render/head.yaml"));
    let (base, head) = (
        Input {
            files: &base,
            path: "base.yaml",
        },
        Input {
            files: &head,
            path: "head.yaml",
        },
    );
    let mut options = Options::default();
    options.surface = Surface::NotGenerated;
    options
        .policy
        .set_level(Row::Enum, None, Direction::Response, Level::Warning);
    let review = review(base, head, &options).unwrap();
    let mut presentation = Presentation::default();
    presentation.acknowledgement_file = Some(AcknowledgementFile {
        path: "api/acknowledged.yaml".to_owned(),
        until: "2.1.0".to_owned(),
    });
    let of_warning = |format| {
        let text = render(&review, format, &presentation);
        let lines = text.lines().filter(|line| line.contains("warning"));
        lines.map(|line| format!("{line}\n")).collect::<String>()
    };
    let formats = [Format::Text, Format::Markdown, Format::Json, Format::Github];
    insta::assert_snapshot!(formats.map(of_warning).join("\n"));
}

#[test]
fn reviews_of_several_documents_are_one() {
    let base = read("tests/render/base.yaml");
    let mut all = compare_with(&base, &base, Surface::NotGenerated);
    let single = compare_with(&base, &read("tests/render/head.yaml"), surface());
    all.append(single.clone());
    assert_eq!(all.changes.len(), single.changes.len());
    assert_eq!(all.verdict(), single.verdict());
    assert_eq!(all.rust_step(), single.rust_step());
    assert_eq!(
        (all.base_version, all.head_version),
        (single.base_version, None)
    );
}

#[test]
fn a_document_in_one_line_is_shown_around_the_change() {
    let text = |kind: &str| {
        let more: String = (0..200)
            .map(|index| format!(r#""p{index}":{{"type":"boolean"}},"#))
            .collect();
        format!(
            r#"{{"openapi":"3.0.3","paths":{{"/a":{{"get":{{"responses":{{"200":{{"description":"A","content":{{"application/json":{{"schema":{{"type":"object","properties":{{{more}"end":{{"type":"{kind}"}}}}}}}}}}}}}}}}}}}}}}"#
        )
    };
    let review = compare(&text("string"), &text("integer"));
    let mut presentation = Presentation::default();
    presentation.details = true;
    insta::assert_snapshot!(render(&review, Format::Text, &presentation));
}

#[test]
fn coloured_text_is_the_same_text() {
    let review = example();
    let mut presentation = presentation(&review);
    presentation.colour = true;
    let coloured = render(&review, Format::Text, &presentation);
    assert!(coloured.contains("\u{1b}[1m\u{1b}[9"));
    let escapes = regex::Regex::new("\u{1b}\\[[0-9;]*m").unwrap();
    assert_eq!(escapes.replace_all(&coloured, ""), rendered(Format::Text));
}

#[test]
fn markdown() {
    insta::assert_snapshot!(rendered(Format::Markdown));
}

#[test]
fn github_shows_ten_annotations_and_counts_the_rest() {
    let paths: String = (10..30)
        .map(|index| {
            format!("/p{index}: {{get: {{responses: {{'200': {{description: A page.}}}}}}}}, ")
        })
        .collect();
    let document = |paths: &str| format!("{{openapi: 3.0.3, paths: {{{paths}}}}}");
    let review = compare(&document(&paths), &document(""));
    let text = render(&review, Format::Github, &Presentation::default());
    let annotations = text.lines().filter(|line| line.starts_with("::error "));
    assert_eq!(annotations.count(), 10);
    assert!(text.contains("\n10 more without an annotation\n"), "{text}");
}

#[test]
fn github() {
    insta::assert_snapshot!(rendered(Format::Github));
}

#[test]
fn html() {
    let page = rendered(Format::Html);
    let (_, body) = page.split_once("</head>").unwrap();
    insta::assert_snapshot!(body);
}

#[test]
fn changelog() {
    insta::assert_snapshot!(rendered(Format::Changelog));
}

#[test]
fn nothing_changed() {
    let base = read("tests/render/base.yaml");
    let review = compare(&base, &base);
    let texts = Format::ALL.map(|format| {
        let text = render(&review, format, &Presentation::default());
        let text = text
            .split_once("<style>")
            .map_or(text.as_str(), |(head, _)| head);
        format!("# {format}\n{text}")
    });
    insta::assert_snapshot!(texts.join("\n"));
}

#[test]
fn every_format_is_found_by_its_name() {
    for format in Format::ALL {
        assert_eq!(format.as_str().parse(), Ok(format));
    }
    let error = "yaml".parse::<Format>().unwrap_err();
    insta::assert_snapshot!(error, @"there is no format `yaml`; use one of: text, markdown, json, github, sarif, html, junit, changelog");
}

#[test]
fn a_comment_is_never_longer_than_github_allows() {
    let hostile = "`|@x ".repeat(200);
    let (base, head) = (
        large(40, 600, "string", &hostile),
        large(40, 600, "string", &hostile.replace('x', "y")),
    );
    let review = compare(&base, &head);
    let mut presentation = Presentation::default();
    presentation.notes = vec![hostile.clone(); 100];
    let attachment = Attachment {
        title: hostile.clone(),
        diff: format!("+{}\n", "`".repeat(900)).repeat(900),
    };
    presentation.attachments = vec![attachment; 60];
    let comment = render(&review, Format::Markdown, &presentation);
    let length = comment.chars().count();
    assert!((55_000..=65_536).contains(&length), "{length} characters");
    assert!(comment.starts_with(COMMENT_MARKER));
    let notes: Vec<&str> = comment
        .lines()
        .filter(|line| line.contains("the comment is at its maximum length"))
        .collect();
    insta::assert_snapshot!(notes.join("\n"));
}

#[test]
fn a_document_cannot_write_commands_or_markup() {
    let github = rendered(Format::Github);
    let open = example().changes.into_iter();
    let open = open.filter(|change| change.verdicts.backward.verdict != Verdict::Harmless);
    // There is one line for each open change, one for the verdict, and one about code. One change is acknowledged.
    assert_eq!(github.lines().count(), open.count() - 1 + 2);
    assert!(github.contains("%0A") && !github.contains('\u{1b}'));
    let page = rendered(Format::Html);
    // The search is a script of the page itself.
    let page = page.replacen("<script>const search", "", 1);
    for markup in ["<script", "<img", "</td>"] {
        assert!(!page.contains(markup), "{markup}");
    }
    let text = rendered(Format::Text);
    assert!(!text.contains(['\u{1b}', '\u{202e}']));
}

fn with_notes() -> Review {
    let document = |limit: &str, also: &str| {
        format!(
            "openapi: 3.0.3
info: {{title: A, version: '1'}}
paths:
  /a:
    post:
      requestBody: {{content: {{text/plain: {{schema: {{type: string, maxLength: {limit}{also}}}}}}}}}
      responses: {{'200': {{description: A}}}}
"
        )
    };
    compare(&document("'4'", ""), &document("'3'", ", pattern: [a]"))
}

#[test]
fn notes_are_shown_without_a_verdict() {
    let review = with_notes();
    assert_eq!(review.verdict(), None);
    let rendered = |format| render(&review, format, &Presentation::default());
    let formats = [Format::Text, Format::Markdown, Format::Github];
    let report: Value = serde_json::from_str(&rendered(Format::Json)).unwrap();
    let json = format!("{:#}", report["document_notes"]);
    insta::assert_snapshot!(formats.map(rendered).join("\n") + &json);
}

#[test]
fn each_format_has_the_notes() {
    let review = with_notes();
    let rendered = |format| render(&review, format, &Presentation::default());
    // Release notes are for users of the API, not for its reviewers.
    let formats = Format::ALL.into_iter();
    for format in formats.filter(|format| *format != Format::Changelog) {
        let text = rendered(format);
        assert!(text.contains("maxLength"), "{format}: {text}");
        assert!(text.contains("must be a string, not a list"), "{format}");
    }
    let log: Value = serde_json::from_str(&rendered(Format::Sarif)).unwrap();
    let results = log["runs"][0]["results"].as_array().unwrap();
    assert!(results.iter().all(|result| result["level"] == "note"));
    assert_eq!(results.len(), 2);
}

/// The message names the types even if they are only `null`, or if no type is allowed.
#[test]
fn the_types_of_a_change_are_always_named() {
    let document = |schema: &str| {
        format!(
            "openapi: 3.1.0\ninfo: {{title: A, version: '1'}}\npaths: {{/a: {{post: {{requestBody: {{content: {{application/json: {{schema: {schema}}}}}}}, responses: {{'200': {{description: A}}}}}}}}}}\n"
        )
    };
    let message_of = |base: &str, head: &str| {
        let (base, head) = (document(base), document(head));
        let base = |_: &str| Ok(base.clone());
        let head = |_: &str| Ok(head.clone());
        let path = "a.yaml";
        let review = spec_first_review::review(
            spec_first_review::Input { files: &base, path },
            spec_first_review::Input { files: &head, path },
            &spec_first_review::Options::default(),
        )
        .unwrap();
        review.changes[0].message.clone()
    };
    assert_eq!(
        message_of(
            "{type: string}",
            "{allOf: [{type: string}, {type: integer}]}"
        ),
        "the type was `string`, and now no type satisfies the whole schema, so no value is valid"
    );
    assert_eq!(
        message_of("{type: [string, 'null']}", "{type: 'null'}"),
        "the type changed from `string` to `null` alone"
    );
}
