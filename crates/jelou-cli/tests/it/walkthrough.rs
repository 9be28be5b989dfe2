//! The steps of the README of the repository, verbatim: a panel is connected to the sandbox, receives, answers and closes, first
//! with the command, then with the example.
#![cfg(unix)]

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::os::unix::fs::symlink;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::files::{Folder, set_mode};

const README: &str = include_str!("../../../../README.md");

/// A stand-in for cargo, so that the test compiles nothing: what the README builds exists already.
const CARGO: &str = r#"#!/bin/bash -eu
case "$*" in
    "build --bin jelou") ;;
    "run -p jelou-client --features axum --example panel") exec target/debug/examples/panel ;;
    *) echo "unexpected: cargo $*" >&2; exit 2 ;;
esac
"#;

/// A terminal in which a service runs until the test ends.
struct Service(Child);

impl Drop for Service {
    fn drop(&mut self) {
        // Every process that the shell started, but not the test.
        let group = nix::unistd::Pid::from_raw(self.0.id().cast_signed());
        _ = nix::sys::signal::killpg(group, nix::sys::signal::Signal::SIGKILL);
        _ = self.0.wait();
    }
}

/// A repository with its programs, and nothing else.
struct Repository {
    folder: Folder,
    webhook: u16,
}

impl Repository {
    fn with_port(webhook: u16) -> Self {
        let folder = Folder::new();
        let target = folder.path().join("target");
        std::fs::create_dir(&target).unwrap();
        let built = Path::new(env!("CARGO_BIN_EXE_jelou")).parent().unwrap();
        let panel = built.join("examples/panel");
        assert!(
            panel.exists(),
            "build it: cargo build -p jelou-client --features axum --example panel"
        );
        symlink(built, target.join("debug")).unwrap();
        set_mode(&folder.write("cargo", CARGO), 0o700);
        Self { folder, webhook }
    }

    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.folder.path().join(name)).unwrap()
    }

    /// A new terminal in which `block` is typed.
    fn terminal(&self, block: &str) -> Command {
        let path = std::env::var("PATH").unwrap();
        let mut command = Command::new("bash");
        command
            .args(["-euc", block])
            .env("PATH", format!("{}:{path}", self.folder.path().display()))
            .env("JELOU_CONFIG_DIR", self.folder.path())
            .env("PORT", self.webhook.to_string())
            .process_group(0)
            .stdin(Stdio::null())
            .current_dir(self.folder.path());
        command
    }

    /// Runs a block that ends, and returns what it prints.
    fn run(&self, block: &str) -> String {
        let output = self.terminal(block).output().unwrap();
        assert!(output.status.success(), "{block}\n{output:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// Runs a block that ends with a service, and waits until that says where it listens.
    fn start(&self, block: &str) -> Service {
        let mut command = self.terminal(block);
        command.stdout(Stdio::null()).stderr(Stdio::piped());
        let mut service = Service(command.spawn().unwrap());
        let mut errors = BufReader::new(service.0.stderr.take().unwrap());
        let mut shown = String::new();
        while !shown.contains("http://127.0.0.1:") {
            assert!(errors.read_line(&mut shown).unwrap() > 0, "{block}{shown}");
        }
        // Keep reading, so that the service does not end because of a closed pipe.
        std::thread::spawn(move || std::io::copy(&mut errors, &mut std::io::sink()));
        service
    }
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

/// Reads again until `is_there`, for what happens after a command has received its response.
fn wait_for(read: impl Fn() -> String, is_there: impl Fn(&str) -> bool) -> String {
    let deadline = Instant::now() + Duration::from_secs(30);
    loop {
        let text = read();
        if is_there(&text) {
            return text;
        }
        assert!(Instant::now() < deadline, "{text}");
        std::thread::yield_now();
    }
}

#[test]
fn a_newcomer_connects_a_panel_with_the_readme_alone() {
    let (_, section) = README
        .split_once("### … connect a panel in ten minutes\n")
        .unwrap();
    let (section, _) = section.split_once("\n### ").unwrap();
    let (sandbox, webhook) = (free_port(), free_port());
    // The default ports may be in use on this machine.
    let section = section
        .replace("127.0.0.1:4010", &format!("127.0.0.1:{sandbox}"))
        .replace("127.0.0.1:4020", &format!("127.0.0.1:{webhook}"))
        .replace("jelou sandbox", &format!("jelou sandbox --port {sandbox}"))
        .replace(
            "webhook listen",
            &format!("webhook listen --port {webhook}"),
        );
    let blocks: Vec<&str> = section
        .split("\n```")
        .skip(1)
        .step_by(2)
        .map(|block| block.strip_prefix("sh\n").expect("every block is run"))
        .collect();
    let [sandbox, listen, write, answer, example, write_again] = blocks[..] else {
        panic!("{blocks:?}");
    };
    let repository = Repository::with_port(webhook);
    let _sandbox = repository.start(sandbox);
    let listening = repository.start(listen);
    let shown = repository.run(write) + &repository.run(answer);
    let events = || repository.read("target/events.jsonl");
    let received = wait_for(events, |received| received.contains("conversation.close"));
    let events: Vec<&str> = received.lines().collect();
    assert_eq!(events.len(), 3, "{received}");
    assert!(events[1].contains("Is anybody there?"), "{received}");
    let secret = repository.read("target/signing-secret");
    assert!(
        secret.len() > 32 && !shown.contains(secret.trim()),
        "{shown}"
    );

    drop(listening);
    let _example = repository.start(example);
    repository.run(write_again);
    let requests = write_again.lines().last().unwrap();
    let sent = wait_for(
        || repository.run(requests),
        |sent| sent.matches("conversations/close").count() == 2,
    );
    for text in ["We are here", "You wrote: Goodbye"] {
        assert!(sent.contains(text), "{text} is not in {sent}");
    }
}
