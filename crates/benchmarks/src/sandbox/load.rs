//! The load: the same update again and again, by wrk on one thread.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::{PATH, servers::Running};
use crate::{Error, programs};

/// What a reader is told if wrk is missing.
pub(super) const WRK_IS_MISSING: &str = "wrk is not here; on Debian, `apt-get install wrk`";

/// How many connections there are at once.
const CONNECTIONS: &str = "-c16";

/// The seconds before what is measured, in which a server reaches its pace.
const WARM_UP: u32 = 1;

/// The update, as a script of wrk.
const SCRIPT: &str = r#"
wrk.method = "PATCH"
wrk.headers["x-api-key"] = "key"
wrk.headers["Content-Type"] = "application/json"
wrk.body = '{"webhookUrl":"https://my-system.com/webhook/jelou-v2"}'
"#;

/// The load generator.
pub(super) struct Load {
    script: PathBuf,
}

impl Load {
    /// `None` if wrk is missing; the script is written to `folder`.
    pub(super) fn find(folder: &Path) -> Result<Option<Self>, Error> {
        match Command::new("wrk").arg("-v").output() {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            _ => {}
        }
        let script = folder.join("update.lua");
        fs::write(&script, SCRIPT).map_err(|error| Error::Setup {
            part: "script of the load",
            source: error.into(),
        })?;
        Ok(Some(Self { script }))
    }

    /// How many requests a server answers for each second of the processor.
    pub(super) fn rate(&self, server: &Running, seconds: u32) -> Result<f64, Error> {
        self.run(server, WARM_UP)?;
        let before = server.processor_time()?;
        let requests = self.run(server, seconds)?;
        Ok(requests as f64 / (server.processor_time()? - before))
    }

    /// Sends at least so many requests, in pieces of `seconds`.
    pub(super) fn send(&self, server: &Running, requests: u64, seconds: u32) -> Result<(), Error> {
        let mut sent = 0;
        while sent < requests {
            sent += self.run(server, seconds)?;
        }
        Ok(())
    }

    /// Sends requests for `seconds`, each of which must be answered well, and returns their number.
    fn run(&self, server: &Running, seconds: u32) -> Result<u64, Error> {
        let mut wrk = Command::new("wrk");
        wrk.args(["-t1", CONNECTIONS]).arg(format!("-d{seconds}s"));
        wrk.arg("-s").arg(&self.script);
        wrk.arg(format!("{}{PATH}", server.url));
        let output = programs::run(&mut wrk)?;
        read(&String::from_utf8_lossy(&output.stdout)).map_err(|source| Error::Figures {
            program: "wrk".to_owned(),
            source: source.into(),
        })
    }
}

/// The number of requests that wrk says it sent, if all of them were answered with success.
fn read(text: &str) -> Result<u64, String> {
    let mut lines = text.lines().map(str::trim);
    let complaint = lines
        .clone()
        .find(|line| line.starts_with("Non-2xx") || line.starts_with("Socket errors"));
    if let Some(complaint) = complaint {
        return Err(complaint.to_owned());
    }
    let requests = lines.find_map(|line| line.split_once(" requests in ")?.0.parse().ok());
    match requests {
        Some(0) | None => Err("no request was answered".to_owned()),
        Some(requests) => Ok(requests),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_of_requests_is_read() {
        let text = "Running 1s test\n  58010 requests in 1.03s, 0.92MB read\nRequests/sec: 56310\n";
        assert_eq!(read(text), Ok(58_010));
    }

    #[test]
    fn requests_that_failed_are_no_figure() {
        let failed = "  10 requests in 1.00s, 0.92MB read\n  Non-2xx or 3xx responses: 10\n";
        assert_eq!(read(failed), Err("Non-2xx or 3xx responses: 10".to_owned()));
        assert!(read("  0 requests in 1.00s\n").is_err());
        assert!(read("").is_err());
    }
}
