//! `bench apply`: many updates through `jelou integration apply`, against a loop of curl and against a load generator.
//!
//! All send the same requests, as many at once, to the same sandbox, which is a process of its own on one thread. `apply` is measured
//! as people see it: from the start of the command to its end, with all that it checks and writes down on the way.
//!
//! wrk is a load generator, from <https://github.com/wg/wrk>: it does nothing but send, so it is the ceiling.

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

/// The program that serves.
pub const SANDBOX_PROGRAM: &str = "apply-sandbox";

/// The program that is measured; it is of another package.
pub const PROGRAM: &str = "jelou";

/// The rows of a round.
const ROWS: u32 = 100_000;

/// The rows for which curl is started in a round.
const CURL_ROWS: u32 = 2_000;

/// The rows of the two runs whose memory is compared.
const MEMORY_ROWS: [u32; 2] = [1_000_000, 10_000];

/// Requests that are under way at once, on every side.
const CONCURRENCY: u32 = 64;

/// How often the version is asked for.
const STARTS: u32 = 50;

/// The rows of a run over `https`, on one side each with a key of its own.
const KEY_ROWS: u32 = 400;

const AIM_OF_KEYS: Aim = Aim::AtMost(1.2);
const AIM_BESIDE_CURL: Aim = Aim::AtLeast(50.0);
const AIM_BESIDE_WRK: Aim = Aim::AtLeast(0.6);
const AIM_OF_MEMORY: Aim = Aim::AtMost(1.1);
const AIM_OF_START: Aim = Aim::AtMost(1.0);

/// The milliseconds of processor time that `jelou --version` may take.
const START_LIMIT: f64 = 10.0;

const MEGABYTE: f64 = 1e6;

/// Measures in `rounds` rounds; the files are in `folder`.
///
/// # Errors
/// A program fails, or its files cannot be read or written.
pub fn run(rounds: usize, folder: &Path) -> Result<Vec<Report>, Error> {
    Ok(vec![
        beside_wrk(rounds, folder)?,
        beside_curl(rounds, folder)?,
        keys(rounds, folder)?,
        memory(folder)?,
        start(folder)?,
    ])
}

/// `jelou integration apply` of the file with so many rows, from the first one on.
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

/// The rows that `apply` sends in a second.
fn rate_of_apply(folder: &Path, rows: u32, base_url: &str) -> Result<f64, Error> {
    let mut command = apply(folder, rows, base_url)?;
    let used = usage::measure(&mut command, &folder.join("output"))?;
    Ok(f64::from(rows) / used.duration.as_secs_f64())
}

fn beside_wrk(rounds: usize, folder: &Path) -> Result<Report, Error> {
    let mut report = Report::new(
        "Updates through `jelou integration apply`, against wrk sending the same requests.",
        ["jelou apply", "wrk"],
    );
    let Some(wrk) = peers::Wrk::find(folder)? else {
        report.note(format!("nothing is compared: {}", peers::WRK_IS_MISSING));
        return Ok(report);
    };
    let service = Service::start()?;
    // Every project is made before the first round.
    wrk.rate(service.base_url(), Duration::from_secs(1))?;
    rate_of_apply(folder, ROWS, service.base_url())?;
    let mut last = Duration::from_secs(10);
    let compared = rounds::compare(rounds, |side| match side {
        Side::First => {
            let rate = rate_of_apply(folder, ROWS, service.base_url())?;
            last = Duration::from_secs_f64(f64::from(ROWS) / rate);
            Ok(rate)
        }
        // As long as the other side, so that what disturbs the machine falls on both.
        Side::Second => wrk.rate(service.base_url(), last),
    })?;
    let measure = format!("rows a second, {CONCURRENCY} at once");
    report.add_compared(&measure, &compared, Some(AIM_BESIDE_WRK));
    report.note(format!(
        "a round is {ROWS} rows, with the time to start, to check every row, and to keep the journal; wrk sends as long."
    ));
    Ok(report)
}

fn beside_curl(rounds: usize, folder: &Path) -> Result<Report, Error> {
    let mut report = Report::new(
        "Updates through `jelou integration apply`, against a loop of curl in the shell.",
        ["jelou apply", "curl"],
    );
    if !peers::is_there("curl") || !peers::is_there("xargs") {
        report.note(format!("nothing is compared: {}", peers::CURL_IS_MISSING));
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
    let measure = format!("rows a second, {CONCURRENCY} at once");
    report.add_compared(&measure, &compared, Some(AIM_BESIDE_CURL));
    report.note(format!(
        "a round is {ROWS} rows of apply, and {CURL_ROWS} of curl, started once for each by `xargs -P {CONCURRENCY}`."
    ));
    Ok(report)
}

/// What a key for each row costs, over `https`, where a connection is what takes time.
fn keys(rounds: usize, folder: &Path) -> Result<Report, Error> {
    let mut report = Report::new(
        "`jelou integration apply` over HTTPS with a key for each row, against one key for all.",
        ["a key for each row", "one key"],
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
        // What the platform trusts is not what is measured.
        command.env("SSL_CERT_FILE", &trusted);
        for key in 0..KEY_ROWS {
            command.env(rows::variable(key), format!("{}_{key}", peers::API_KEY));
        }
        let used = usage::measure(&mut command, &folder.join("output"))?;
        Ok::<_, Error>(used.processor_time.as_secs_f64() * 1e3)
    })?;
    let measure = format!("milliseconds of processor time for {KEY_ROWS} rows");
    report.add_compared(&measure, &compared, Some(AIM_OF_KEYS));
    Ok(report)
}

/// Against a server that costs nothing, since what is measured is on this side.
fn memory(folder: &Path) -> Result<Report, Error> {
    let mut report = Report::new(
        "The memory of `jelou integration apply`, with many rows against few.",
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
    report.add_counted("megabytes at the peak", values, Some(AIM_OF_MEMORY));
    Ok(report)
}

fn start(folder: &Path) -> Result<Report, Error> {
    let mut report = Report::new(
        "What `jelou --version` takes, against what it may take.",
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
        "milliseconds of processor time",
        [milliseconds, START_LIMIT],
        Some(AIM_OF_START),
    );
    report.note(match peers::stripped_size(folder)? {
        Some(bytes) => format!(
            "the program has {:.1} MB without symbols.",
            bytes as f64 / MEGABYTE
        ),
        None => "its size is not stated: `strip` is not installed.".to_owned(),
    });
    Ok(report)
}
