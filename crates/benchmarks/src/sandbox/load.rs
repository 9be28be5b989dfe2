//! Generates load: the same update repeatedly, using wrk on one thread.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::{PATH, servers::Running};
use crate::{Error, programs};

/// The note if wrk is missing.
pub(super) const WRK_IS_MISSING: &str =
    "wrk is not installed; on Debian, run `apt-get install wrk`";

/// The number of concurrent connections.
const CONNECTIONS: &str = "-c16";

/// The warm-up time before measuring, in seconds.
const WARM_UP: u32 = 1;

/// The update, as a wrk script.
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
    /// Writes the script to `folder`; `None` if wrk is missing.
    pub(super) fn find(folder: &Path) -> Result<Option<Self>, Error> {
        match Command::new("wrk").arg("-v").output() {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            _ => {}
        }
        let script = folder.join("update.lua");
        fs::write(&script, SCRIPT).map_err(|error| Error::Setup {
            part: "wrk script",
            source: error.into(),
        })?;
        Ok(Some(Self { script }))
    }

    /// The number of requests that a server handles per second of CPU time.
    pub(super) fn rate(&self, server: &Running, seconds: u32) -> Result<f64, Error> {
        self.run(server, WARM_UP)?;
        let before = server.processor_time()?;
        let requests = self.run(server, seconds)?;
        Ok(requests as f64 / (server.processor_time()? - before))
    }

    /// Sends at least `requests` requests, in runs of `seconds`.
    pub(super) fn send(&self, server: &Running, requests: u64, seconds: u32) -> Result<(), Error> {
        let mut sent = 0;
        while sent < requests {
            sent += self.run(server, seconds)?;
        }
        Ok(())
    }

    /// Sends requests for `seconds`, all of which must succeed, and returns their number.
    fn run(&self, server: &Running, seconds: u32) -> Result<u64, Error> {
        let mut wrk = programs::on_one_core("wrk");
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

/// The number of requests in the output of wrk, if all of them succeeded.
fn read(text: &str) -> Result<u64, String> {
    let mut lines = text.lines().map(str::trim);
    let failure = lines
        .clone()
        .find(|line| line.starts_with("Non-2xx") || line.starts_with("Socket errors"));
    if let Some(failure) = failure {
        return Err(failure.to_owned());
    }
    let requests = lines.find_map(|line| line.split_once(" requests in ")?.0.parse().ok());
    match requests {
        Some(0) | None => Err("no responses".to_owned()),
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
    fn failed_requests_are_an_error() {
        let failed = "  10 requests in 1.00s, 0.92MB read\n  Non-2xx or 3xx responses: 10\n";
        assert_eq!(read(failed), Err("Non-2xx or 3xx responses: 10".to_owned()));
        assert!(read("  0 requests in 1.00s\n").is_err());
        assert!(read("").is_err());
    }
}
