//! `spec-first mock`.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

use test_support::server::{Answer, Server};

use super::folder::{Folder, PETS};

/// The command, which ends with the test.
struct Running(Child);

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
    let mut url = String::new();
    let output = running.0.stdout.take().unwrap();
    BufReader::new(output).read_line(&mut url).unwrap();
    let address = url.trim().strip_prefix("http://").unwrap();
    let get = |path: &str| {
        let mut connection = TcpStream::connect(address).unwrap();
        let request =
            format!("GET {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n");
        connection.write_all(request.as_bytes()).unwrap();
        let mut response = String::new();
        connection.read_to_string(&mut response).unwrap();
        response
    };
    let cat = get("/cats");
    assert!(cat.starts_with("HTTP/1.1 200 OK\r\n"), "{cat}");
    assert!(cat.ends_with("{\"name\":\"Tom\"}"), "{cat}");
    assert!(get("/birds").starts_with("HTTP/1.1 404 "));
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
        let mut url = String::new();
        let output = running.0.stdout.take().unwrap();
        BufReader::new(output).read_line(&mut url).unwrap();
        let address = url.trim().strip_prefix("http://").unwrap().to_owned();
        let mut connection = TcpStream::connect(&address).unwrap();
        let request = format!("GET /cats HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n");
        connection.write_all(request.as_bytes()).unwrap();
        connection.read_to_string(&mut String::new()).unwrap();
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
    == standard output
    == standard error
    error: cannot use the URL of `--proxy`: the URL contains credentials; send them with the requests, which are passed on with their headers
    ");
}

#[test]
fn what_cannot_be_served_is_an_error() {
    let folder = Folder::new();
    folder.write("pets.yaml", "openapi: 3.0.3\npaths: [\n");
    insta::assert_snapshot!(folder.run(&["mock", "pets.yaml"]), @r"
    exit code 2
    == standard output
    == standard error
    error: cannot serve the document: pets.yaml:2:8: unclosed bracket '[' (syntax)
    hint: fix the syntax here
    ");
    insta::assert_snapshot!(folder.run(&["mock", "cats.yaml"]), @r"
    exit code 2
    == standard output
    == standard error
    error: there is no `cats.yaml`
    ");
}
