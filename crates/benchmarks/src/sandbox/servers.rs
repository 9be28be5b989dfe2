//! The servers as processes, and what Linux says of them under `/proc`.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use super::PATH;
use crate::{Error, programs};

/// What a reader is told if Prism is missing.
pub(super) const PRISM_IS_MISSING: &str =
    "prism is not here; `npm install --global @stoplight/prism-cli`";

/// How long a server may take to its first answer.
const PATIENCE: Duration = Duration::from_secs(60);

/// How long is waited between two attempts to reach a server, which is as exact as the time to its first answer is.
const PAUSE: Duration = Duration::from_micros(500);

/// What Linux calls a second of the processor; it has been this on every architecture for twenty years.
const TICKS: f64 = 100.0;

/// A server that can be started.
pub(super) enum Server {
    /// A program of this package, which prints its URL and stops when its standard input ends.
    Own(PathBuf, Vec<String>),
    /// Prism, with the document that it serves.
    Prism(PathBuf),
}

/// A server that runs, until it is dropped.
pub(super) struct Running {
    pub(super) url: String,
    /// From the start of the process to the answer to an update.
    pub(super) first_answer: Duration,
    process: Child,
}

impl Server {
    /// The sandbox with this document, or else with that of the External Support Panel.
    pub(super) fn sandbox(document: Option<&Path>) -> Result<Self, Error> {
        let mut arguments = vec!["sandbox".to_owned()];
        arguments.extend(document.map(|path| path.display().to_string()));
        Ok(Self::Own(programs::sibling("sandbox-server")?, arguments))
    }

    pub(super) fn ceiling() -> Result<Self, Error> {
        let arguments = vec!["ceiling".to_owned()];
        Ok(Self::Own(programs::sibling("sandbox-server")?, arguments))
    }

    /// `None` if it is missing; the document is written to `folder`. Prism knows no base path, so the paths carry it.
    pub(super) fn prism(folder: &Path) -> Result<Option<Self>, Error> {
        let found = Command::new("prism").arg("--version").output();
        if !found.is_ok_and(|output| output.status.success()) {
            return Ok(None);
        }
        let document = folder.join("prism.yaml");
        let text = jelou_spec::EXTERNAL_SUPPORT.text;
        let text = text.replacen(
            "  /v1/external-support",
            "  /jelouapi/v1/external-support",
            1,
        );
        fs::write(&document, text).map_err(failed("prism"))?;
        Ok(Some(Self::Prism(document)))
    }

    /// Starts the server and waits for the answer to an update.
    pub(super) fn start(&self) -> Result<Running, Error> {
        let begin = Instant::now();
        let (mut process, url) = match self {
            Self::Own(program, arguments) => {
                let mut command = Command::new(program);
                command.args(arguments);
                command.stdin(Stdio::piped()).stdout(Stdio::piped());
                let mut process = command.spawn().map_err(failed("sandbox-server"))?;
                let mut url = String::new();
                if let Some(output) = process.stdout.take() {
                    let read = BufReader::new(output).read_line(&mut url);
                    read.map_err(failed("sandbox-server"))?;
                }
                (process, url.trim().to_owned())
            }
            Self::Prism(document) => {
                let port = free_port().map_err(failed("prism"))?;
                let mut command = Command::new("prism");
                command.args(["mock", "--verboseLevel", "silent", "--port"]);
                command.arg(port.to_string()).arg(document);
                command.stdin(Stdio::null()).stdout(Stdio::null());
                let process = command.spawn().map_err(failed("prism"))?;
                (process, format!("http://127.0.0.1:{port}"))
            }
        };
        let address = url.trim_start_matches("http://").parse();
        let address: Option<SocketAddr> = address.ok();
        while !address.is_some_and(answers) {
            let ended = process.try_wait().map_err(failed("server"))?;
            if ended.is_some() || begin.elapsed() > PATIENCE {
                _ = process.kill();
                return Err(Error::Setup {
                    part: "server",
                    source: "it does not answer an update with 200".into(),
                });
            }
            thread::sleep(PAUSE);
        }
        Ok(Running {
            url,
            first_answer: begin.elapsed(),
            process,
        })
    }
}

impl Running {
    /// The seconds that the processor has worked for it, in the program and for it in the system.
    pub(super) fn processor_time(&self) -> Result<f64, Error> {
        let text = self.proc("stat")?;
        // The name of the program, in brackets, may hold anything.
        let fields = text.rsplit_once(')').map_or("", |(_, fields)| fields);
        let fields: Vec<&str> = fields.split_whitespace().collect();
        let ticks = |index: usize| fields.get(index)?.parse::<f64>().ok();
        match (ticks(11), ticks(12)) {
            (Some(user), Some(system)) => Ok((user + system) / TICKS),
            _ => Err(unreadable("stat")),
        }
    }

    /// The most memory that it had at once, in bytes.
    pub(super) fn peak_memory(&self) -> Result<f64, Error> {
        self.status("VmHWM:")
    }

    /// The memory that it has, in bytes.
    pub(super) fn memory(&self) -> Result<f64, Error> {
        self.status("VmRSS:")
    }

    fn status(&self, name: &'static str) -> Result<f64, Error> {
        let text = self.proc("status")?;
        let line = text.lines().find_map(|line| line.strip_prefix(name));
        let kilobytes = line.and_then(|line| line.trim().strip_suffix(" kB")?.parse::<f64>().ok());
        Ok(kilobytes.ok_or_else(|| unreadable(name))? * 1024.0)
    }

    fn proc(&self, name: &str) -> Result<String, Error> {
        let path = format!("/proc/{}/{name}", self.process.id());
        fs::read_to_string(path).map_err(failed("server"))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended already, which somebody else has said then.
        _ = self.process.kill();
        _ = self.process.wait();
    }
}

/// Whether an update is answered with 200.
fn answers(address: SocketAddr) -> bool {
    let body = r#"{"authType":"no_auth"}"#;
    let request = format!(
        "PATCH {PATH} HTTP/1.1\r\nHost: {address}\r\nx-api-key: key\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    );
    let mut reply = String::new();
    let sent = TcpStream::connect(address).and_then(|mut stream| {
        stream.write_all(request.as_bytes())?;
        stream.read_to_string(&mut reply)
    });
    sent.is_ok() && reply.starts_with("HTTP/1.1 200 ")
}

/// A port that was free a moment ago.
fn free_port() -> std::io::Result<u16> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    Ok(listener.local_addr()?.port())
}

fn failed(program: &'static str) -> impl Fn(std::io::Error) -> Error {
    move |source| Error::Program {
        program: program.to_owned(),
        source,
    }
}

fn unreadable(what: &'static str) -> Error {
    Error::Figures {
        program: what.to_owned(),
        source: "Linux writes it otherwise".into(),
    }
}
