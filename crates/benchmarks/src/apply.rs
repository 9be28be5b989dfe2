//! `bench apply`: bulk updates with `jelou integration apply`, compared with curl in a shell loop and with wrk.
//!
//! All send the same requests with the same concurrency to the same single-threaded sandbox process. `apply` is
//! measured from start to exit, including all its checks and the journal.
//!
//! wrk (<https://github.com/wg/wrk>) is a load generator. It does nothing but send requests, so it is the upper bound.

mod peers;
mod rows;
mod service;

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use crate::client::server::Server;
use crate::report::{Aim, Report};
use crate::rounds::{self, Side};
use crate::usage::{self, Usage};
use crate::{Error, programs};
use service::Service;

/// The server program.
pub const SANDBOX_PROGRAM: &str = "apply-sandbox";

/// The measured program, which is in another package.
pub const PROGRAM: &str = "jelou";

/// The number of rows per round.
const ROWS: u32 = 100_000;

/// The number of times that curl is started per round.
const CURL_ROWS: u32 = 2_000;

/// The numbers of rows of the two runs whose memory is compared.
const MEMORY_ROWS: [u32; 2] = [1_000_000, 10_000];

/// The number of concurrent requests, on every side.
const CONCURRENCY: u32 = 64;

/// The number of times that the program is started.
const STARTS: u32 = 50;

/// The number of rows per run over HTTPS; on one side, each has a different key.
const KEY_ROWS: u32 = 400;

const KEYS_AIM: Aim = Aim::AtMost(1.2);
const CURL_AIM: Aim = Aim::AtLeast(50.0);
const WRK_AIM: Aim = Aim::AtLeast(0.6);
const MEMORY_AIM: Aim = Aim::AtMost(1.1);
const START_AIM: Aim = Aim::AtMost(1.0);

/// The maximum CPU time of `jelou --version`, in milliseconds.
const START_LIMIT: f64 = 10.0;

const MEGABYTE: f64 = 1e6;

/// Runs the bench with `rounds` rounds, using `folder` for files.
///
/// # Errors
/// Returns an error if a program fails or a file cannot be read or written.
pub fn run(rounds: usize, folder: &Path) -> Result<Vec<Report>, Error> {
    Ok(vec![
        against_wrk(rounds, folder)?,
        against_curl(rounds, folder)?,
        keys(rounds, folder)?,
        memory(folder)?,
        start(folder)?,
    ])
}

/// `jelou integration apply` with a file of `rows` rows.
fn apply(folder: &Path, rows: u32, base_url: &str) -> Result<Command, Error> {
    let mut command = apply_file(&rows::file(folder, rows)?, base_url)?;
    command.env("JELOU_API_KEY", peers::API_KEY);
    Ok(command)
}

/// `jelou integration apply` of `file`, without credentials.
fn apply_file(file: &Path, base_url: &str) -> Result<Command, Error> {
    let mut command = Command::new(programs::sibling(PROGRAM)?);
    command
        .args(["integration", "apply", "--restart", "--yes", "--quiet"])
        .args(["--concurrency", &CONCURRENCY.to_string()])
        .args(["--base-url", base_url])
        .arg(file)
        .env_clear();
    Ok(command)
}

/// The number of rows that `apply` sends per second.
fn rate_of_apply(folder: &Path, rows: u32, base_url: &str) -> Result<f64, Error> {
    let mut command = apply(folder, rows, base_url)?;
    let used = usage::measure(&mut command, &folder.join("output"))?;
    Ok(f64::from(rows) / used.duration.as_secs_f64())
}

fn against_wrk(rounds: usize, folder: &Path) -> Result<Report, Error> {
    let mut report = Report::new(
        "Bulk updates: `jelou integration apply` compared with wrk sending the same requests.",
        ["jelou apply", "wrk"],
    );
    let Some(wrk) = peers::Wrk::find(folder)? else {
        report.note(format!("skipped: {}", peers::WRK_IS_MISSING));
        return Ok(report);
    };
    let service = Service::start()?;
    // Creates every project before the first round.
    wrk.rate(service.base_url(), Duration::from_secs(1))?;
    rate_of_apply(folder, ROWS, service.base_url())?;
    let mut last = Duration::from_secs(10);
    let compared = rounds::compare(rounds, |side| match side {
        Side::First => {
            let rate = rate_of_apply(folder, ROWS, service.base_url())?;
            last = Duration::from_secs_f64(f64::from(ROWS) / rate);
            Ok(rate)
        }
        // Runs as long as the other side, so that other load on the machine affects both.
        Side::Second => wrk.rate(service.base_url(), last),
    })?;
    let measure = format!("rows per second, {CONCURRENCY} concurrent");
    report.add_compared(&measure, &compared, Some(WRK_AIM));
    report.note(format!(
        "a round of apply is {ROWS} rows, including startup, validation and the journal; wrk runs for the same time."
    ));
    Ok(report)
}

fn against_curl(rounds: usize, folder: &Path) -> Result<Report, Error> {
    let mut report = Report::new(
        "Bulk updates: `jelou integration apply` compared with curl in a shell loop.",
        ["jelou apply", "curl"],
    );
    if !peers::is_installed("curl") || !peers::is_installed("xargs") {
        report.note(format!("skipped: {}", peers::CURL_IS_MISSING));
        return Ok(report);
    }
    let service = Service::start()?;
    rate_of_apply(folder, ROWS, service.base_url())?;
    let compared = rounds::compare(rounds, |side| match side {
        Side::First => rate_of_apply(folder, ROWS, service.base_url()),
        Side::Second => {
            let mut curl = peers::curl(service.base_url(), CURL_ROWS);
            let used = usage::measure(&mut curl, &folder.join("output"))?;
            Ok(f64::from(CURL_ROWS) / used.duration.as_secs_f64())
        }
    })?;
    let measure = format!("rows per second, {CONCURRENCY} concurrent");
    report.add_compared(&measure, &compared, Some(CURL_AIM));
    report.note(format!(
        "a round is {ROWS} rows with apply and {CURL_ROWS} rows with curl, started once per row by `xargs -P {CONCURRENCY}`."
    ));
    Ok(report)
}

/// The cost of a separate key per row over HTTPS, where connections are expensive.
fn keys(rounds: usize, folder: &Path) -> Result<Report, Error> {
    let mut report = Report::new(
        "`jelou integration apply` over HTTPS: one key per row compared with one key for all rows.",
        ["one key per row", "one key"],
    );
    let (server, certificate) = Server::encrypted()?;
    let trusted = folder.join("certificate.pem");
    fs::write(&trusted, certificate).map_err(|error| Error::Setup {
        part: "certificate",
        source: error.into(),
    })?;
    let files = [KEY_ROWS, 1].map(|keys| rows::file_with_keys(folder, KEY_ROWS, keys));
    let [many, one] = files;
    let (many, one) = (many?, one?);
    let compared = rounds::compare(rounds, |side| {
        let file = match side {
            Side::First => &many,
            Side::Second => &one,
        };
        let mut command = apply_file(file, server.base_url())?;
        // Avoids loading the platform's certificates, which should not be measured.
        command.env("SSL_CERT_FILE", &trusted);
        for key in 0..KEY_ROWS {
            command.env(rows::variable(key), format!("{}_{key}", peers::API_KEY));
        }
        let used = usage::measure(&mut command, &folder.join("output"))?;
        Ok::<_, Error>(used.processor_time.as_secs_f64() * 1e3)
    })?;
    let measure = format!("milliseconds of CPU time for {KEY_ROWS} rows");
    report.add_compared(&measure, &compared, Some(KEYS_AIM));
    Ok(report)
}

/// Uses the minimal server, because only the client side is measured.
fn memory(folder: &Path) -> Result<Report, Error> {
    let mut report = Report::new(
        "Memory of `jelou integration apply`: many rows compared with few.",
        ["1,000,000 rows", "10,000 rows"],
    );
    let server = Server::start()?;
    let peak = |rows| {
        let mut command = apply(folder, rows, server.base_url())?;
        let used = usage::measure(&mut command, &folder.join("output"))?;
        Ok::<_, Error>(used.peak_memory as f64 / MEGABYTE)
    };
    let [many, few] = MEMORY_ROWS;
    let values = [peak(many)?, peak(few)?];
    report.add_counted("peak memory, MB", values, Some(MEMORY_AIM));
    Ok(report)
}

fn start(folder: &Path) -> Result<Report, Error> {
    let mut report = Report::new(
        "Startup time: `jelou --version` compared with its limit.",
        ["jelou --version", "limit"],
    );
    let mut total = Duration::ZERO;
    for _ in 0..STARTS {
        let mut command = Command::new(programs::sibling(PROGRAM)?);
        let Usage { processor_time, .. } =
            usage::measure(command.arg("--version"), &folder.join("output"))?;
        total += processor_time;
    }
    let milliseconds = total.as_secs_f64() * 1e3 / f64::from(STARTS);
    report.add_counted(
        "milliseconds of CPU time",
        [milliseconds, START_LIMIT],
        Some(START_AIM),
    );
    report.note(match peers::stripped_size(folder)? {
        Some(bytes) => format!(
            "the program is {:.1} MB without symbols.",
            bytes as f64 / MEGABYTE
        ),
        None => "program size not measured: `strip` is not installed.".to_owned(),
    });
    Ok(report)
}
