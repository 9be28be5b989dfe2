//! Linter, generator, review and sandbox say the same about a document, because they share one reader.

use std::fmt::Write as _;
use std::io;

use insta::assert_snapshot;
use spec_first_document::{Document, Finding, Position};
use spec_first_review::{Input, Options as ReviewOptions};
use spec_first_sandbox::{Options, Sandbox};
use test_support::http;

const NAME: &str = "pets.yaml";

/// A document that all of them read.
const PETS: &str = "\
openapi: 3.0.3
info: {title: Pets, version: 1.0.0, description: Pets.}
servers: [{url: 'https://pets.example'}]
paths:
  /pets/{id}:
    get:
      operationId: get_pet
      security: []
      parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
      responses:
        '200':
          description: A pet.
          content:
            application/json:
              schema: {$ref: '#/components/schemas/Pet'}
              example: {name: Rex}
        '400':
          description: An error.
          content:
            application/json:
              schema: {$ref: '#/components/schemas/Problem'}
              example: {title: It failed}
components:
  schemas:
    Pet: {type: object, properties: {name: {type: string}}}
    Problem: {type: object, properties: {title: {type: string}}}
";

/// A component of it.
const PET: &str = "    Pet: {type: object, properties: {name: {type: string}}}\n";

/// The files of a document, the first of which contains its root.
struct Files(Vec<(&'static str, String)>);

impl spec_first_document::Files for Files {
    fn read(&self, path: &str) -> io::Result<String> {
        let file = self.0.iter().find(|(name, _)| *name == path);
        file.map(|(_, text)| text.clone())
            .ok_or(io::ErrorKind::NotFound.into())
    }
}

impl Files {
    fn document(&self) -> Result<Document, Finding> {
        Document::read(self, NAME)
    }
}

fn lint(files: &Files) -> String {
    match files.document() {
        Ok(document) => {
            let findings = spec_first_lint::check(&document);
            let about_references = findings.iter().filter(|finding| {
                matches!(
                    finding.rule,
                    "circular-reference"
                        | "openapi-version"
                        | "unresolved-reference"
                        | "unused-component"
                        | "wrong-value"
                )
            });
            read_or(about_references.map(ToString::to_string).collect())
        }
        Err(finding) => finding.to_string(),
    }
}

fn generate(files: &Files) -> String {
    let document = match files.document() {
        Ok(document) => document,
        Err(finding) => return finding.to_string(),
    };
    match spec_first_codegen::generate_from(&document) {
        Ok(_) => "is read".to_owned(),
        Err(spec_first_codegen::Error::Document(findings)) => {
            read_or(findings.iter().map(ToString::to_string).collect())
        }
        Err(error) => error.to_string(),
    }
}

fn review(files: &Files) -> String {
    let input = || Input { files, path: NAME };
    let review = match spec_first_review::review(input(), input(), &ReviewOptions::default()) {
        Ok(review) => review,
        Err(finding) => return finding.to_string(),
    };
    let changes = review.changes.into_iter().map(|change| change.message);
    let notes = review.notes.iter().map(|note| {
        let place = note.place().unwrap();
        let (file, Position { line, column, .. }) = (&place.source.name, place.position);
        format!("{file}:{line}:{column}: {} ({})", note.message, note.rule)
    });
    read_or(changes.chain(notes).collect())
}

fn mock(files: &Files) -> String {
    let document = match files.document() {
        Ok(document) => document,
        Err(finding) => return finding.to_string(),
    };
    match Sandbox::prepare(Options::from_document(document)) {
        Ok(prepared) => {
            let flaws = prepared.flaws().iter();
            read_or(flaws.map(|flaw| flaw.finding().to_string()).collect())
        }
        Err(error) => {
            let error = error.to_string();
            let problem = error.strip_prefix("cannot serve the document: ");
            problem.unwrap_or(&error).to_owned()
        }
    }
}

fn read_or(problems: Vec<String>) -> String {
    if problems.is_empty() {
        "is read".to_owned()
    } else {
        problems.join("\n       ")
    }
}

/// What each tool says about the documents, once if all agree.
fn table(rows: Vec<(&str, Vec<(&'static str, String)>)>) -> String {
    let mut table = String::new();
    for (name, files) in rows {
        let files = Files(files);
        let said = [
            ("lint", lint(&files)),
            ("generate", generate(&files)),
            ("review", review(&files)),
            ("mock", mock(&files)),
        ];
        _ = writeln!(table, "{name}");
        if said.iter().all(|(_, what)| *what == said[0].1) {
            _ = writeln!(table, "  all: {}", said[0].1);
        } else {
            for (who, what) in &said {
                _ = writeln!(table, "  {who}: {what}");
            }
        }
    }
    table
}

#[test]
fn all_tools_read_a_document_in_the_same_way() {
    let nested = |levels: usize| format!("x-a: {}{}\n", "[".repeat(levels), "]".repeat(levels));
    let mut bomb = "x-0: &a0 [lol, lol, lol, lol]\n".to_owned();
    for level in 1..30 {
        _ = writeln!(
            bomb,
            "x-{level}: &a{level} [*a{0}, *a{0}, *a{0}]",
            level - 1
        );
    }
    let with = |extra: &str| format!("{PETS}{extra}");
    let rows = [
        ("a plain document", PETS.to_owned()),
        (
            "a component that only `default` uses",
            PETS.replace("'400':", "default:"),
        ),
        (
            "a percent-encoded reference",
            PETS.replace("schemas/Pet'", "schemas/P%65t'"),
        ),
        ("nested in 100 levels", with(&nested(100))),
        ("nested in 200 levels", with(&nested(200))),
        ("nested in 100,000 levels", with(&nested(100_000))),
        (
            "a status with and without quotes",
            PETS.replace(
                "        '400':",
                "        200: {description: Again.}\n        '400':",
            ),
        ),
        ("a key twice", with("openapi: 3.0.3\n")),
        ("an infinite number", with("x-a: .inf\n")),
        ("a number that is none", with("x-a: [.nan]\n")),
        ("a number too large for JSON", with("x-a: 1e999\n")),
        (
            "a version that looks like a number",
            with("x-a: 1.2.3\nx-b: 0x1F\nx-c: +12\nx-d: 1_000\n"),
        ),
        ("aliases that multiply", with(&bomb)),
        ("an alias inside what it repeats", with("x-a: &a {b: *a}\n")),
        ("an alias of nothing", with("x-a: *nothing\n")),
        (
            "keys that are merged",
            with("x-a: &a {b: 1}\nx-c: {<<: *a, d: 2}\n"),
        ),
        ("a mapping as a key", with("{a: b}: c\n")),
        ("a second document", with("---\nopenapi: 3.0.3\n")),
        ("an open bracket", with("x-a: [1, 2\n")),
        ("a tab for indentation", with("x-a:\n\tb: 1\n")),
        ("a byte order mark", format!("\u{feff}{PETS}")),
        ("an empty file", String::new()),
        ("comments only", "# nothing\n".to_owned()),
        (
            "Swagger 2.0",
            PETS.replace("openapi: 3.0.3", "swagger: '2.0'"),
        ),
        (
            "a version that does not exist",
            PETS.replace("3.0.3", "3.10.0"),
        ),
        ("no version", PETS.replace("openapi: 3.0.3\n", "")),
        ("a reference to nothing", PETS.replace(PET, "")),
        (
            "a reference to itself",
            PETS.replace(
                "{type: object, properties: {name: {type: string}}}",
                "{$ref: '#/components/schemas/Pet'}",
            ),
        ),
        (
            "a reference that is a number",
            PETS.replace(PET, "")
                .replace("'#/components/schemas/Pet'", "7"),
        ),
        (
            "paths in a list",
            format!("{}paths: []\n", PETS.split_once("paths:").unwrap().0),
        ),
        (
            "a schema, callbacks and a response of the wrong kind",
            PETS.replace("{type: integer}", "integer")
                .replace("security: []", "security: []\n      callbacks: [1]")
                .replace("'400':", "'401': [no]\n        '400':"),
        ),
        (
            "references in a circle",
            format!(
                "{}    Ring: {{$ref: '#/components/schemas/Pet'}}\n",
                PETS.replace(
                    "{type: object, properties: {name: {type: string}}}",
                    "{$ref: '#/components/schemas/Ring'}",
                )
            ),
        ),
    ];
    let one_file = rows.map(|(name, text)| (name, vec![(NAME, text)]));
    let several = [
        ("a reference into another file", "b.yaml#/Pet"),
        ("a reference to nothing in another file", "b.yaml#/Tree"),
        ("a reference to a file that does not exist", "c.yaml#/Pet"),
        ("a reference to a file outside", "/etc/passwd"),
        (
            "a reference to another machine",
            "https://pets.example/b.yaml#/Pet",
        ),
    ];
    let several = several.map(|(name, reference)| {
        let text = PETS.replace("#/components/schemas/Pet", reference);
        let text = text.replace(
            "    Pet: {type: object, properties: {name: {type: string}}}\n",
            "",
        );
        let other = "Pet: {type: object, properties: {name: {type: string}}}\n";
        (name, vec![(NAME, text), ("b.yaml", other.to_owned())])
    });
    assert_snapshot!(table(one_file.into_iter().chain(several).collect()));
}

/// Neither quotes values, which may be secrets.
#[tokio::test]
async fn lint_and_mock_explain_an_invalid_example_in_the_same_words() {
    for (schema, example, expected) in [
        (
            "{type: string}",
            "7",
            "must be of type `string`, not `number`",
        ),
        ("{enum: [a, b]}", "SECRET", "must be one of `a` or `b`"),
        ("{pattern: '^a$'}", "SECRET", "must match the pattern `^a$`"),
        ("{required: [name]}", "{}", "is required"),
        (
            "{anyOf: [{type: integer}, {type: object, properties: {a: {maxLength: 3}}}]}",
            "{a: SECRET}",
            "must have a length of at most 3",
        ),
    ] {
        let text = PETS.replace(
            "{$ref: '#/components/schemas/Pet'}\n              example: {name: Rex}",
            &format!("{schema}\n              example: {example}"),
        );
        let document = Document::parse(NAME, text.as_str()).unwrap();
        let findings = spec_first_lint::check(&document);
        let finding = findings
            .iter()
            .find(|finding| finding.rule == "invalid-example")
            .unwrap();
        assert!(finding.message.ends_with(expected), "{finding}");

        let sandbox = Sandbox::start(Options::new(NAME, text)).await.unwrap();
        let reply = http::send(sandbox.address(), "GET", "/pets/1", &[], "").await;
        let note = reply.header("sandbox-note").unwrap();
        assert!(note.ends_with(expected), "{note}");
        sandbox.shutdown().await;
    }
}
