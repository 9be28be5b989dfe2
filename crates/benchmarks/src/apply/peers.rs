//! The programs that `apply` is compared with, sending the same requests.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use super::rows::{self, WEBHOOK_URL};
use super::{CONCURRENCY, PROGRAM, ROWS};
use crate::{Error, programs};

pub(super) const API_KEY: &str = "API_KEY";

pub(super) const WRK_IS_MISSING: &str =
    "wrk is not installed; on Debian, run `apt-get install wrk`.";

pub(super) const CURL_IS_MISSING: &str = "curl or xargs is not installed.";

/// Whether `program` is installed.
pub(super) fn is_installed(program: &str) -> bool {
    Command::new(program)
        .arg("--version")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok()
}

/// wrk with a script that generates the requests.
pub(super) struct Wrk {
    script: PathBuf,
}

impl Wrk {
    pub(super) fn find(folder: &Path) -> Result<Option<Self>, Error> {
        if !is_installed("wrk") {
            return Ok(None);
        }
        let script = folder.join("requests.lua");
        fs::write(&script, requests()).map_err(|error| Error::Setup {
            part: "script of wrk",
            source: error.into(),
        })?;
        Ok(Some(Self { script }))
    }

    /// The number of requests that it sends to `base_url` per second.
    pub(super) fn rate(&self, base_url: &str, duration: Duration) -> Result<f64, Error> {
        let mut command = Command::new("wrk");
        command
            .args(["--threads", "1"])
            .args(["--connections", &CONCURRENCY.to_string()])
            .args(["--duration", &duration.as_secs().max(1).to_string()])
            .arg("--script")
            .arg(&self.script)
            .arg(base_url);
        let output = programs::run(&mut command)?;
        let text = String::from_utf8_lossy(&output.stdout);
        rate_in(&text).ok_or_else(|| Error::Figures {
            program: "wrk".to_owned(),
            source: text.into(),
        })
    }
}

/// The rate in the output of wrk; `None` if there is none or a request failed.
fn rate_in(text: &str) -> Option<f64> {
    if text.contains("Non-2xx") || text.contains("Socket errors") {
        return None;
    }
    let line = text
        .lines()
        .find_map(|line| line.strip_prefix("Requests/sec:"))?;
    line.trim().parse().ok()
}

/// The same requests as `apply`, one per project. All are generated before the first is sent.
fn requests() -> String {
    let project = rows::project(0);
    let prefix = project.trim_end_matches('0');
    format!(
        r#"
local requests = {{}}
init = function(arguments)
  local headers = {{["content-type"] = "application/json", ["x-api-key"] = "{API_KEY}", ["accept"] = "application/json"}}
  for row = 0, {last} do
    local path = wrk.path .. "/v1/external-support/{prefix}" .. row
    requests[row] = wrk.format("PATCH", path, headers, '{{"webhookUrl":"{WEBHOOK_URL}"}}')
  end
end
local row = -1
request = function()
  row = (row + 1) % {ROWS}
  return requests[row]
end
"#,
        last = ROWS - 1
    )
}

/// Starts curl once per row.
pub(super) fn curl(base_url: &str, rows: u32) -> Command {
    let project = rows::project(0);
    let prefix = project.trim_end_matches('0');
    let line = format!(
        "seq 0 {last} | xargs -P {CONCURRENCY} -I ROW \
         curl --silent --fail --output /dev/null --request PATCH \
         --header 'content-type: application/json' --header 'x-api-key: {API_KEY}' \
         --data '{{\"webhookUrl\":\"{WEBHOOK_URL}\"}}' '{base_url}/v1/external-support/{prefix}ROW'",
        last = rows - 1
    );
    let mut command = Command::new("sh");
    command.args(["-c", &line]);
    command
}

/// The size of the program without symbols, in bytes; `None` if `strip` is not installed.
pub(super) fn stripped_size(folder: &Path) -> Result<Option<u64>, Error> {
    if !is_installed("strip") {
        return Ok(None);
    }
    let stripped = folder.join("stripped");
    let mut strip = Command::new("strip");
    strip
        .arg("-o")
        .arg(&stripped)
        .arg(programs::sibling(PROGRAM)?);
    programs::run(&mut strip)?;
    let metadata = fs::metadata(&stripped).map_err(|source| Error::Program {
        program: "strip".to_owned(),
        source,
    })?;
    Ok(Some(metadata.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PRINTED: &str = "Running 1s test\n  10 requests in 1.00s, 3KB read\nRequests/sec:   9876.54\nTransfer/sec:      3.2MB\n";

    #[test]
    fn the_rate_is_read_from_the_output_of_wrk() {
        assert_eq!(rate_in(PRINTED), Some(9876.54));
        assert_eq!(rate_in(""), None);
    }

    #[test]
    fn failed_requests_give_no_rate() {
        let failed = format!("  Non-2xx or 3xx responses: 3\n{PRINTED}");
        assert_eq!(rate_in(&failed), None);
    }
}
