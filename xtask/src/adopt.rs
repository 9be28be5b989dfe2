//! `cargo xtask adopt`: whether `spec-first` works in a repository that has nothing but a document.

use std::error::Error;
use std::io::{BufRead, BufReader};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use std::{env, fs};

use spec_first_document::{Content, Document};
use tempfile::TempDir;

use crate::process;
use crate::workspace::Workspace;

/// Our own document, in which every step succeeds.
const OWN: &str = "xtask/adopt/library.yaml";

/// How long all steps together may take.
const LIMIT: Duration = Duration::from_secs(60);

/// Adopts each document, or our own; returns whether every step did what it should.
pub(crate) fn run(
    workspace: &Workspace,
    documents: &[PathBuf],
    program: Option<&Path>,
) -> Result<bool, Box<dyn Error>> {
    let program = match program {
        Some(program) => fs::canonicalize(program)?,
        None => install(workspace)?,
    };
    let is_own = documents.is_empty();
    let own = [workspace.root().join(OWN)];
    let mut is_in_order = true;
    for document in if is_own { &own[..] } else { documents } {
        eprintln!("{}", document.display());
        let repository = Repository::new(&program, document)?;
        if let Err(error) = adopt(&repository, is_own) {
            eprintln!("error: {error}");
            is_in_order = false;
        }
    }
    Ok(is_in_order)
}

/// Builds the command from the checkout, and returns its path.
fn install(workspace: &Workspace) -> Result<PathBuf, process::Error> {
    let root = workspace.root().join("target/adopt");
    let mut cargo = process::cargo();
    cargo
        .args(["install", "--locked", "--quiet", "--path"])
        .arg(workspace.root().join("crates/spec-first"))
        .arg("--root")
        .arg(&root);
    process::output(&mut cargo)?;
    let name = format!("spec-first{}", env::consts::EXE_SUFFIX);
    Ok(root.join("bin").join(name))
}

/// What somebody does who adopts the command.
fn adopt(repository: &Repository, is_own: bool) -> Result<(), Box<dyn Error>> {
    let start = Instant::now();
    repository.git(&["init", "--quiet", "--initial-branch", "main"])?;
    repository.commit()?;
    repository.step(&["init"], &[0])?;
    repository.commit()?;
    repository.step(&["init"], &[0])?;
    if !repository.git(&["status", "--porcelain"])?.is_empty() {
        return Err("the second `init` changed something".into());
    }
    repository.git(&["switch", "--quiet", "--create", "feature"])?;
    repository.step(&["review"], &[0])?;
    repository.rename_first_path()?;
    let review = repository.step(&["review"], &[1])?;
    if !review.contains("breaking[operation/narrower]") {
        return Err(
            format!("the review does not say that an operation was dropped:\n{review}").into(),
        );
    }
    let reason = ["review", "--acknowledge", "--why", "nobody calls it"];
    repository.step(&reason, &[0])?;
    repository.step(&["review"], &[0])?;
    repository.step(&["review", "--format", "sarif"], &[0])?;
    // What others wrote may have mistakes, and what no client can be generated from.
    repository.step(&["lint"], if is_own { &[0] } else { &[0, 1] })?;
    repository.mock(is_own)?;
    repository.configure_client()?;
    let generate = if is_own { &[0][..] } else { &[0, 2] };
    repository.step(&["generate"], generate)?;
    if is_own {
        repository.step(&["generate", "--check"], &[0])?;
    }
    let elapsed = start.elapsed();
    if elapsed > LIMIT {
        return Err(format!("it took {elapsed:.1?}, and {LIMIT:?} is the limit").into());
    }
    Ok(())
}

/// A fresh repository with a document in it, outside of this workspace.
struct Repository {
    folder: TempDir,
    program: PathBuf,
    /// The path of the document.
    document: String,
}

impl Repository {
    fn new(program: &Path, document: &Path) -> Result<Self, Box<dyn Error>> {
        let folder = TempDir::with_prefix("adopt-")?;
        let name = document.file_name().ok_or("the document is not a file")?;
        let path = format!("api/{}", name.to_string_lossy());
        fs::create_dir(folder.path().join("api"))?;
        fs::copy(document, folder.path().join(&path))?;
        Ok(Self {
            folder,
            program: program.to_owned(),
            document: path,
        })
    }

    /// A program in the repository, to which nothing of this workspace is known.
    fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        process::forget_package(&mut command);
        command.current_dir(&self.folder).stdin(Stdio::null());
        command
    }

    fn git(&self, arguments: &[&str]) -> Result<String, process::Error> {
        process::output(self.command(Path::new("git")).args(arguments))
    }

    fn commit(&self) -> Result<(), process::Error> {
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

    /// Runs the command, and returns what it printed if its exit code is one of those.
    fn step(&self, arguments: &[&str], codes: &[i32]) -> Result<String, Box<dyn Error>> {
        let start = Instant::now();
        let output = self.command(&self.program).args(arguments).output()?;
        let line = format!("spec-first {}", arguments.join(" "));
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

    /// Starts the mock server, and connects to it. A document that it refuses is reported, unless it must be served.
    fn mock(&self, must_serve: bool) -> Result<(), Box<dyn Error>> {
        let start = Instant::now();
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
        let connected = TcpStream::connect(address);
        server.kill()?;
        server.wait()?;
        connected.map_err(|error| format!("`spec-first mock` is not at `{url}`: {error}"))?;
        eprintln!("  spec-first mock: serves, {:.0?}", start.elapsed());
        Ok(())
    }

    /// Breaks the document: nobody can call what had this path.
    fn rename_first_path(&self) -> Result<(), Box<dyn Error>> {
        let file = self.folder.path().join(&self.document);
        let text = fs::read_to_string(&file)?;
        let document = Document::parse(&self.document, &text)?;
        let paths = document
            .root()
            .get("paths")
            .ok_or("the document has no paths")?;
        let Content::Mapping(entries) = &paths.content else {
            return Err("the document has no paths".into());
        };
        let path = &entries.first().ok_or("the document has no paths")?.key;
        let start = paths.position.offset;
        let found = text[start..]
            .find(path.as_str())
            .ok_or("the first path is escaped")?;
        let end = start + found + path.len();
        fs::write(&file, format!("{}-renamed{}", &text[..end], &text[end..]))?;
        Ok(())
    }

    fn configure_client(&self) -> Result<(), Box<dyn Error>> {
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
