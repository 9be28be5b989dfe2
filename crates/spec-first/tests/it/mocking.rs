//! `spec-first mock`.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

use test_support::server::{Answer, Server};

use super::folder::{Folder, PETS};

/// The command, which ends with the test.
struct Running(Child);

impl Running {
    /// The address that it prints.
    fn first_line(&mut self) -> String {
        let mut line = String::new();
        let output = self.0.stdout.take().unwrap();
        BufReader::new(output).read_line(&mut line).unwrap();
        line.trim().to_owned()
    }
}

/// The response to a request.
fn get(url: &str, path: &str) -> String {
    get_with(url, path, "")
}

/// The same with more headers, each with its line break.
fn get_with(url: &str, path: &str, headers: &str) -> String {
    let address = url.strip_prefix("http://").unwrap();
    let mut connection = TcpStream::connect(address).unwrap();
    let request =
        format!("GET {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n{headers}\r\n");
    connection.write_all(request.as_bytes()).unwrap();
    let mut response = String::new();
    connection.read_to_string(&mut response).unwrap();
    response
}

impl Drop for Running {
    fn drop(&mut self) {
        _ = self.0.kill();
        _ = self.0.wait();
    }
}

#[test]
fn the_document_of_the_project_is_served_at_the_printed_address() {
    let document = PETS.replace("Cat'}}}", "Cat'}, example: {name: Tom}}}");
    let folder = Folder::repository(&[("api/pets.yaml", &document)]);
    let mut command = folder.command("", &["mock", "--port", "0"]);
    let child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
    let mut running = Running(child.unwrap());
    let url = running.first_line();
    let cat = get(&url, "/cats");
    assert!(cat.starts_with("HTTP/1.1 200 OK\r\n"), "{cat}");
    assert!(cat.ends_with("{\"name\":\"Tom\"}"), "{cat}");
    assert!(get(&url, "/birds").starts_with("HTTP/1.1 404 "));
}

#[test]
fn standard_input_is_served_with_other_values_for_another_seed_and_a_page_is_named() {
    let folder = Folder::new();
    let document = PETS.replace("name: {type: string}", "city: {type: string}");
    let cat = |seed: &str| {
        let mut command = folder.command("", &["mock", "-", "--port", "0", "--seed", seed]);
        let piped = command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut running = Running(piped.stderr(Stdio::piped()).spawn().unwrap());
        let mut input = running.0.stdin.take().unwrap();
        input.write_all(document.as_bytes()).unwrap();
        drop(input);
        let url = running.first_line();
        let mut notes = BufReader::new(running.0.stderr.take().unwrap()).lines();
        let note = notes.next().unwrap().unwrap();
        let page = format!("; {url}/_sandbox/page/ shows the requests; press Ctrl-C to stop");
        assert!(note.ends_with(&page), "{note}");
        let cat = get(&url, "/cats");
        cat.rsplit_once("\r\n").unwrap().1.to_owned()
    };
    let cats = ["0", "1", "2", "3", "4"].map(cat);
    assert_eq!(cats[0], "{\"city\":\"Lisbon\",\"colour\":\"black\"}");
    assert_eq!(cats[3], cat("3"));
    assert!(cats.iter().any(|it| *it != cats[0]), "{cats:?}");
}

#[test]
fn many_documents_are_counted() {
    let names: Vec<_> = (10..25).map(|number| format!("{number}.yaml")).collect();
    let files: Vec<_> = names.iter().map(|name| (name.as_str(), PETS)).collect();
    let refused = Folder::repository(&files).run(&["mock", "--port", "0"]);
    assert!(refused.contains("\n  19.yaml\n  and 5 more\n"), "{refused}");
}

#[test]
fn only_the_credentials_that_are_named_are_accepted() {
    let folder = Folder::new();
    let document = "openapi: 3.0.3\npaths:\n  /cats: {get: {responses: {'204': {description: Cats}, '401': {description: No}}}}\n\
        security: [{Key: []}, {Basic: []}]\n\
        components: {securitySchemes: {Key: {type: apiKey, in: header, name: key}, Basic: {type: http, scheme: basic}}}\n";
    folder.write("pets.yaml", document);
    let arguments = [
        "mock",
        "pets.yaml",
        "--port",
        "0",
        "--api-key",
        "a",
        "--api-key",
        "b",
    ];
    let mut command = folder.command("", &[&arguments[..], &["--client", "id:secret"]].concat());
    let child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
    let mut running = Running(child.unwrap());
    let url = running.first_line();
    for (headers, status) in [
        ("", "401"),
        ("key: c\r\n", "401"),
        ("key: a\r\n", "204"),
        ("key: b\r\n", "204"),
        ("authorization: Basic aWQ6c2VjcmV0\r\n", "204"),
        ("authorization: Basic aWQ6b3RoZXI=\r\n", "401"),
    ] {
        let answer = get_with(&url, "/cats", headers);
        assert!(
            answer.starts_with(&format!("HTTP/1.1 {status} ")),
            "{headers}: {answer}"
        );
    }
    let refused = folder.run(&["mock", "pets.yaml", "--client", "id"]);
    assert!(refused.contains("write `ID:SECRET`"), "{refused}");
}

#[cfg(unix)]
#[test]
fn a_real_server_is_judged_until_the_command_is_stopped() {
    let response = |name: &str| {
        let body = format!("{{\"name\":{name}}}");
        let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ";
        Answer::new(format!("{head}{}\r\n\r\n{body}", body.len()))
    };
    let folder = Folder::repository(&[("api/pets.yaml", PETS)]);
    let judge = |name: &'static str| {
        let server = Server::start(move |_| response(name));
        let arguments = ["mock", "--port", "0", "--proxy", &server.origin()];
        let mut command = folder.command("", &arguments);
        let piped = command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut running = Running(piped.spawn().unwrap());
        let url = running.first_line();
        get(&url, "/cats");
        let pid = running.0.id().to_string();
        assert!(Command::new("kill").arg(&pid).status().unwrap().success());
        let mut report = String::new();
        let mut errors = running.0.stderr.take().unwrap();
        errors.read_to_string(&mut report).unwrap();
        let report = report.split_once('\n').unwrap().1.to_owned();
        (running.0.wait().unwrap().code(), report)
    };
    assert_eq!(
        judge("\"Tom\""),
        (Some(0), "`list_cats`: 1 × 200\n".to_owned())
    );
    let expected =
        "`list_cats`: 1 × 200\n  1 × response: name must be of type `string`, not `number`\n";
    assert_eq!(judge("1"), (Some(1), expected.to_owned()));
    insta::assert_snapshot!(folder.run(&["mock", "--proxy", "http://me:SECRET@localhost"]), @r"
    exit code 2
    == standard error
    error: cannot use the URL of `--proxy`: the URL contains credentials; send them with the requests, which are passed on with their headers
    ");
}

#[test]
fn a_changed_document_is_served_once_it_can_be_read() {
    let document = |name: &str| {
        format!(
            "openapi: 3.0.3\npaths:\n  /cats:\n    get:\n      responses:\n        '200':\n          description: Cats\n          \
             content: {{application/json: {{example: {name}, schema: {{$ref: 'cat.yaml'}}}}}}\n"
        )
    };
    let folder = Folder::new();
    folder.write("pets.yaml", &document("Tom"));
    folder.write("cat.yaml", "type: string\n");
    let mut command = folder.command("", &["mock", "pets.yaml", "--port", "0", "--watch"]);
    let piped = command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut running = Running(piped.spawn().unwrap());
    let errors = BufReader::new(running.0.stderr.take().unwrap());
    let mut errors = errors.lines().map(Result::unwrap);
    let begins = errors.next().unwrap();
    assert!(begins.starts_with("serving `pets.yaml`; "));
    let mut says = |expected: &str| assert_eq!(errors.next().as_deref(), Some(expected));
    let url = running.first_line();
    assert!(get(&url, "/cats").ends_with("\"Tom\""));

    folder.write("pets.yaml", &document("[Tom"));
    says(
        "error: cannot serve the document: pets.yaml:8:49: mismatched bracket '[' closed by '}' (syntax)",
    );
    says("hint: fix the syntax here");
    says("note: still serving the previous version");
    assert!(get(&url, "/cats").ends_with("\"Tom\""));

    folder.write(
        "pets.yaml",
        &document("Felix").replace("cat.yaml", "dog.yaml"),
    );
    says(
        "error: cannot serve the document: pets.yaml:8:65: `dog.yaml` cannot be read: there is no such file (unreadable-reference)",
    );
    says("hint: correct the reference, or the file");
    says("note: still serving the previous version");

    // A file that was missing is watched too.
    folder.write("dog.yaml", "type: string\n");
    says("note: serving the new version of `pets.yaml`");
    assert!(get(&url, "/cats").ends_with("\"Felix\""));

    folder.write("dog.yaml", "type: integer\n");
    says("note: serving the new version of `pets.yaml`");
    assert!(!get(&url, "/cats").ends_with("\"Felix\""));
    let requests = get(&url, "/_sandbox/requests");
    assert!(requests.contains("\"count\":4"), "{requests}");
}

#[test]
fn what_cannot_be_served_is_an_error() {
    let folder = Folder::new();
    folder.write("pets.yaml", "openapi: 3.0.3\npaths: [\n");
    insta::assert_snapshot!(folder.run(&["mock", "pets.yaml"]), @r"
    exit code 2
    == standard error
    error: cannot serve the document: pets.yaml:2:8: unclosed bracket '[' (syntax)
    hint: fix the syntax here
    ");
    insta::assert_snapshot!(folder.run(&["mock", "cats.yaml"]), @r"
    exit code 2
    == standard error
    error: there is no `cats.yaml`
    ");
}

#[test]
fn an_example_that_no_response_has_is_an_error() {
    let folder = Folder::new();
    let examples = "Cat'}, examples: {tabby: {value: {name: Tom}}, siamese: {value: {name: Si}}}}}";
    folder.write("named.yaml", &PETS.replace("Cat'}}}", examples));
    folder.write("plain.yaml", PETS);
    for (name, file, hint) in [
        ("taby", "named.yaml", "did you mean `tabby`?"),
        (
            "dog",
            "named.yaml",
            "examples have names such as `siamese`, `tabby`",
        ),
        (
            "tabby",
            "plain.yaml",
            "the document gives no example a name",
        ),
    ] {
        let refused = folder.run(&["mock", "--port", "0", "--example", name, file]);
        let expected = format!(
            "exit code 2\n== standard error\nerror: no response has an example named `{name}`\nhint: {hint}\n"
        );
        assert_eq!(refused, expected);
    }
}

#[test]
fn credentials_secrets_and_attempts_that_cannot_be_meant_are_refused() {
    let folder = Folder::new();
    for option in [
        "--api-key=",
        "--client=:secret",
        "--webhook-secret=",
        "--webhook-attempts=0",
    ] {
        let report = folder.run(&["mock", option, "missing.yaml"]);
        let (name, _) = option.split_once('=').unwrap();
        assert!(report.contains(&format!("for '{name} <")), "{report}");
    }
}

#[test]
fn what_is_created_is_kept_and_told_to_the_webhook() {
    let document = "\
openapi: 3.1.0
info: {title: Pets, version: 1.0.0}
paths:
  /pets:
    get: {responses: {'200': {description: All., content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Pet'}}, example: []}}}}}
    post:
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}
      responses: {'201': {description: Made., content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}}
webhooks:
  petCreated: {post: {requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}}}
components:
  schemas:
    Pet: {type: object, required: [name], properties: {id: {type: integer, readOnly: true}, name: {type: string}}}
";
    let folder = Folder::repository(&[("pets.yaml", document)]);
    for (more, listed) in [
        (&[][..], r#"[{"id":1,"name":"Tom"}]"#),
        (&["--stateless"], "[]"),
    ] {
        let (sender, told) = std::sync::mpsc::channel();
        let receiver = Server::start(move |request| {
            sender.send(request.to_owned()).unwrap();
            Answer::new("HTTP/1.1 204 X\r\n\r\n")
        });
        let hook = format!("{}/hook", receiver.origin());
        let arguments = [
            "mock",
            "--port",
            "0",
            "--webhook",
            &hook,
            "--webhook-secret",
            "S",
        ];
        let mut command = folder.command("", &[&arguments[..], more].concat());
        let child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
        let mut running = Running(child.unwrap());
        let url = running.first_line();
        let body = r#"{"name":"Tom"}"#;
        let length = body.len();
        let mut connection = TcpStream::connect(url.strip_prefix("http://").unwrap()).unwrap();
        let head = format!(
            "POST /pets HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n"
        );
        connection
            .write_all(format!("{head}{body}").as_bytes())
            .unwrap();
        let mut created = String::new();
        connection.read_to_string(&mut created).unwrap();
        assert!(created.starts_with("HTTP/1.1 201 "), "{created}");
        let sent = told.recv().unwrap();
        assert!(sent.starts_with("POST /hook HTTP/1.1"), "{sent}");
        assert!(sent.contains("\r\nx-signature: sha256="), "{sent}");
        let pets = get(&url, "/pets");
        assert!(pets.ends_with(&format!("\r\n\r\n{listed}")), "{pets}");
    }
    let refused = folder.run(&["mock", "--webhook", "localhost"]);
    assert!(refused.contains("write the URL of a server"), "{refused}");
}
