//! A repository with a document, in which `spec-first` is adopted.

use std::error::Error;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;
use std::{env, fs, iter};

use spec_first_document::Document;
use tempfile::TempDir;

use crate::process;

/// The command that runs a program without a network, where Linux allows it.
const ISOLATED: [&str; 3] = ["unshare", "--map-root-user", "--net"];

/// A new repository with a document in it, outside this workspace.
pub(super) struct Repository {
    folder: TempDir,
    program: PathBuf,
    /// The path of the document.
    document: String,
    is_isolated: bool,
}

impl Repository {
    pub(super) fn new(program: &Path, document: &Path) -> Result<Self, Box<dyn Error>> {
        let folder = TempDir::with_prefix("adopt-")?;
        let name = document.file_name().ok_or("the document is not a file")?;
        let path = format!("api/{}", name.to_string_lossy());
        fs::create_dir(folder.path().join("api"))?;
        fs::copy(document, folder.path().join(&path))?;
        let repository = Self {
            folder,
            program: program.to_owned(),
            document: path,
            is_isolated: can_isolate(),
        };
        repository.git(&["init", "--quiet", "--initial-branch", "main"])?;
        repository.commit()?;
        Ok(repository)
    }

    /// A program that runs in the repository, without the environment of this workspace.
    fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        process::forget_package(&mut command);
        command.current_dir(&self.folder).stdin(Stdio::null());
        command
    }

    pub(super) fn git(&self, arguments: &[&str]) -> Result<String, process::Error> {
        process::output(self.command(Path::new("git")).args(arguments))
    }

    pub(super) fn commit(&self) -> Result<(), process::Error> {
        self.git(&["add", "."])?;
        let author = [
            "-c",
            "user.name=Somebody",
            "-c",
            "user.email=somebody@example.com",
        ];
        let commit = ["commit", "--quiet", "--message", "a change"];
        self.git(&[&author[..], &commit].concat()).map(drop)
    }

    /// Runs the command without a network. Returns its output if its exit code is one of `codes`.
    pub(super) fn step(&self, arguments: &[&str], codes: &[i32]) -> Result<String, Box<dyn Error>> {
        let mut command = if self.is_isolated {
            let mut command = self.command(Path::new(ISOLATED[0]));
            command.args(&ISOLATED[1..]).arg(&self.program);
            command
        } else {
            self.command(&self.program)
        };
        let line = format!("spec-first {}", arguments.join(" "));
        self.expect(command.args(arguments), &line, codes)
    }

    /// Runs another program, with the command in its path.
    pub(super) fn run(
        &self,
        program: &Path,
        arguments: &[&str],
        environment: &[(&str, &Path)],
        codes: &[i32],
    ) -> Result<String, Box<dyn Error>> {
        let folder = self.program.parent().ok_or("the command has no folder")?;
        let path = env::var_os("PATH").unwrap_or_default();
        let path = iter::once(folder.to_owned()).chain(env::split_paths(&path));
        let mut command = self.command(program);
        command.args(arguments).env("PATH", env::join_paths(path)?);
        command.envs(environment.iter().copied());
        let name = program.file_stem().unwrap_or_default().to_string_lossy();
        let line = format!("{name} {}", arguments.join(" "));
        self.expect(&mut command, &line, codes)
    }

    fn expect(
        &self,
        command: &mut Command,
        line: &str,
        codes: &[i32],
    ) -> Result<String, Box<dyn Error>> {
        let start = Instant::now();
        let output = command.output()?;
        let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
        match output.status.code() {
            Some(code) if codes.contains(&code) => {
                eprintln!("  {line}: {code}, {:.0?}", start.elapsed());
                Ok(stdout)
            }
            _ => {
                let stderr = String::from_utf8_lossy(&output.stderr);
                let status = output.status;
                Err(format!("`{line}` ended with {status}:\n{stdout}{stderr}").into())
            }
        }
    }

    /// Starts the mock server and opens its page. With `must_serve`, it is an error if the server refuses the document.
    pub(super) fn mock(&self, must_serve: bool) -> Result<(), Box<dyn Error>> {
        let start = Instant::now();
        // With a network: this task could not reach a server without one.
        let mut command = self.command(&self.program);
        command.args(["mock", "--port", "0"]).stdout(Stdio::piped());
        let mut server = command.stderr(Stdio::null()).spawn()?;
        let mut url = String::new();
        if let Some(output) = server.stdout.take() {
            BufReader::new(output).read_line(&mut url)?;
        }
        if url.is_empty() && !must_serve && server.wait()?.code() == Some(2) {
            eprintln!("  spec-first mock: 2, {:.0?}", start.elapsed());
            return Ok(());
        }
        let address = url.trim().strip_prefix("http://").unwrap_or_default();
        let address = address.split('/').next().unwrap_or_default();
        let page = page(address);
        server.kill()?;
        server.wait()?;
        let page = page.map_err(|error| format!("`spec-first mock` is not at `{url}`: {error}"))?;
        if !page.starts_with("HTTP/1.1 200 ") || !page.contains("<title>") {
            return Err(format!("`spec-first mock` has no page: {page}").into());
        }
        eprintln!(
            "  spec-first mock: serves, {:.0?}, with a network",
            start.elapsed()
        );
        Ok(())
    }

    /// Makes a breaking change: renames the first path or, if there is none, the first webhook.
    pub(super) fn rename_first(&self) -> Result<(), Box<dyn Error>> {
        let file = self.folder.path().join(&self.document);
        let text = fs::read_to_string(&file)?;
        let document = Document::parse(&self.document, &text)?;
        let first = |member: &str| {
            let mapping = document.root().get(member)?;
            let first = mapping.entries().get(0)?;
            Some((mapping.position().offset, first.key))
        };
        let (start, name) = first("paths")
            .or_else(|| first("webhooks"))
            .ok_or("the document has no path and no webhook")?;
        let found = text[start..]
            .find(name)
            .ok_or("the first path is escaped")?;
        let end = start + found + name.len();
        fs::write(&file, format!("{}-renamed{}", &text[..end], &text[end..]))?;
        Ok(())
    }

    /// Deletes the document, as the next commit would.
    pub(super) fn delete_document(&self) -> Result<(), process::Error> {
        self.git(&["rm", "--quiet", "--force", &self.document])
            .map(drop)
    }

    /// Makes a mistake: gives the examples of our document a value of another type.
    pub(super) fn spoil_example(&self) -> Result<(), Box<dyn Error>> {
        let file = self.folder.path().join(&self.document);
        let text = fs::read_to_string(&file)?;
        fs::write(&file, text.replace("pages: 600", "pages: many"))?;
        Ok(())
    }

    pub(super) fn configure_client(&self) -> Result<(), Box<dyn Error>> {
        let file = self.folder.path().join("spec-first.toml");
        let mut text = fs::read_to_string(&file)?;
        text += &format!(
            "\n[[generate]]\ndocument = {:?}\nclient = \"src/client.rs\"\n",
            self.document
        );
        fs::write(&file, text)?;
        Ok(())
    }
}

/// Whether programs can be run without a network on this machine.
fn can_isolate() -> bool {
    let mut command = Command::new(ISOLATED[0]);
    let can = process::output(command.args(&ISOLATED[1..]).arg("true")).is_ok();
    if !can {
        eprintln!("note: `unshare` does not work here, so the command runs with a network");
    }
    can
}

/// The page of a mock server, with the head of the response.
fn page(address: &str) -> io::Result<String> {
    let mut stream = TcpStream::connect(address)?;
    stream.write_all(
        b"GET /_sandbox/page/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
    )?;
    let mut page = String::new();
    stream.read_to_string(&mut page)?;
    Ok(page)
}
