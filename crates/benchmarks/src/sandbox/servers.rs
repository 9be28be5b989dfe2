//! Runs the servers as processes and reads their usage from `/proc`.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use super::PATH;
use crate::{Error, programs};

/// The note if Prism is missing.
pub(super) const PRISM_IS_MISSING: &str =
    "Prism is not installed; run `npm install --global @stoplight/prism-cli`";

/// The timeout for the first response of a server.
const START_TIMEOUT: Duration = Duration::from_secs(60);

/// The pause between attempts to connect, which limits the precision of the time to the first response.
const PAUSE: Duration = Duration::from_micros(500);

/// Clock ticks per second in `/proc`, which is 100 on every current architecture.
const TICKS: f64 = 100.0;

/// A server that can be started.
pub(super) enum Server {
    /// A program of this package, which prints its URL and exits when its standard input is closed.
    Own(PathBuf, Vec<String>),
    /// Prism with the document to serve.
    Prism(PathBuf),
}

/// A running server, stopped on drop.
pub(super) struct Running {
    pub(super) url: String,
    /// The time from process start to the first response to an update.
    pub(super) first_response: Duration,
    process: Child,
}

impl Server {
    /// The sandbox with this document, by default that of the External Support Panel.
    pub(super) fn sandbox(document: Option<&Path>) -> Result<Self, Error> {
        let mut arguments = vec!["sandbox".to_owned()];
        arguments.extend(document.map(|path| path.display().to_string()));
        Ok(Self::Own(programs::sibling("sandbox-server")?, arguments))
    }

    pub(super) fn ceiling() -> Result<Self, Error> {
        let arguments = vec!["ceiling".to_owned()];
        Ok(Self::Own(programs::sibling("sandbox-server")?, arguments))
    }

    /// Writes the document to `folder`; `None` if Prism is missing. Prism ignores the base path, so it is added to the
    /// paths.
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

    /// Starts the server and waits until it responds to an update.
    pub(super) fn start(&self) -> Result<Running, Error> {
        let begin = Instant::now();
        let (mut process, url) = match self {
            Self::Own(program, arguments) => {
                let mut command = programs::on_one_core(program);
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
                let mut command = programs::on_one_core("prism");
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
            if ended.is_some() || begin.elapsed() > START_TIMEOUT {
                _ = process.kill();
                return Err(Error::Setup {
                    part: "server",
                    source: "no response with status 200 to an update".into(),
                });
            }
            thread::sleep(PAUSE);
        }
        Ok(Running {
            url,
            first_response: begin.elapsed(),
            process,
        })
    }
}

impl Running {
    /// The CPU time used, user and system, in seconds.
    pub(super) fn processor_time(&self) -> Result<f64, Error> {
        let text = self.proc("stat")?;
        // The program name in parentheses may contain any character.
        let fields = text.rsplit_once(')').map_or("", |(_, fields)| fields);
        let fields: Vec<&str> = fields.split_whitespace().collect();
        let ticks = |index: usize| fields.get(index)?.parse::<f64>().ok();
        match (ticks(11), ticks(12)) {
            (Some(user), Some(system)) => Ok((user + system) / TICKS),
            _ => Err(unreadable("stat")),
        }
    }

    /// The peak memory, in bytes.
    pub(super) fn peak_memory(&self) -> Result<f64, Error> {
        self.status("VmHWM:")
    }

    /// The current memory, in bytes.
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
        // Killing fails if the process has already exited, which has been reported.
        _ = self.process.kill();
        _ = self.process.wait();
    }
}

/// Whether the server responds to an update with status 200.
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

/// Finds a free port.
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
        source: "unexpected format".into(),
    }
}
