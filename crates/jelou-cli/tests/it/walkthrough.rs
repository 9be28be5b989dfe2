//! The steps of the README of the repository, verbatim: a panel is connected to the sandbox, receives, answers and closes.
#![cfg(unix)]

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};

use crate::files::Folder;

const README: &str = include_str!("../../../../README.md");

/// A program that runs until the test ends.
struct Service(Child);

impl Drop for Service {
    fn drop(&mut self) {
        _ = self.0.kill();
        _ = self.0.wait();
    }
}

fn shell(folder: &Folder, variables: &str, line: &str) -> Command {
    let mut command = Command::new("bash");
    let line = format!("{variables}\njelou() {{ \"$JELOU\" \"$@\"; }}\n{line}");
    command
        .args(["-c", &line])
        .env("JELOU", env!("CARGO_BIN_EXE_jelou"))
        .env("JELOU_CONFIG_DIR", folder.path())
        .stdin(Stdio::null())
        .current_dir(folder.path());
    command
}

/// Starts a service, and waits until it says where it listens.
fn start(folder: &Folder, variables: &str, line: &str) -> Service {
    // Replaces the shell, so that killing the process ends the service.
    let line = line.replacen("jelou ", "exec \"$JELOU\" ", 1);
    let output = folder.path().join("received");
    let output = std::fs::File::create(output).unwrap();
    let mut child = shell(folder, variables, &line)
        .stdout(output)
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut errors = BufReader::new(child.stderr.take().unwrap());
    let mut first = String::new();
    while !first.contains("http://") {
        first.clear();
        assert!(errors.read_line(&mut first).unwrap() > 0, "{line} ended");
    }
    // Keep reading, so that the service does not end because of a closed pipe.
    std::thread::spawn(move || std::io::copy(&mut errors, &mut std::io::sink()));
    Service(child)
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

#[test]
fn a_newcomer_connects_a_panel_with_the_readme_alone() {
    let (_, section) = README
        .split_once("### … connect a panel in ten minutes\n")
        .unwrap();
    let (section, _) = section.split_once("\n### ").unwrap();
    let (sandbox, webhook) = (free_port(), free_port());
    let section = section
        .replace("127.0.0.1:4010", &format!("127.0.0.1:{sandbox}"))
        .replace("127.0.0.1:4020", &format!("127.0.0.1:{webhook}"))
        // The default ports may be in use on this machine.
        .replace("jelou sandbox", &format!("jelou sandbox --port {sandbox}"))
        .replace(
            "webhook listen",
            &format!("webhook listen --port {webhook}"),
        );
    let folder = Folder::new();
    let mut services = Vec::new();
    let mut shown = String::new();
    let blocks = section.split("```sh\n").skip(1);
    for block in blocks.map(|block| block.split("```").next().unwrap()) {
        // Each block is meant for a terminal of its own.
        let mut variables = String::new();
        for line in block.lines() {
            if line.starts_with("export ") {
                variables = line.to_owned();
            } else if line.contains(" sandbox ") || line.contains(" listen ") {
                services.push(start(&folder, &variables, line));
            } else {
                let output = shell(&folder, &variables, line).output().unwrap();
                assert!(output.status.success(), "{line}\n{output:?}");
                shown += &String::from_utf8(output.stdout).unwrap();
            }
        }
    }
    assert_eq!(services.len(), 2);
    let secret = std::fs::read_to_string(folder.path().join("signing-secret")).unwrap();
    assert!(
        secret.len() > 32 && !shown.contains(secret.trim()),
        "{shown}"
    );

    // The event about the close is delivered after the command has received its response.
    let received = || std::fs::read_to_string(folder.path().join("events.jsonl")).unwrap();
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(30);
    while !received().contains("conversation.close") {
        assert!(std::time::Instant::now() < deadline, "{}", received());
        std::thread::yield_now();
    }
    let received = received();
    let events: Vec<&str> = received.lines().collect();
    assert_eq!(events.len(), 3, "{received}");
    assert!(events[1].contains("Is anybody there?"), "{received}");
}
