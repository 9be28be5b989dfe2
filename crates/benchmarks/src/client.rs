//! `bench client`: one update with `jelou-client`, compared with the same request written by hand with reqwest, and with the
//! clients that progenitor and openapi-generator generate. openapi-generator is skipped if it is missing.

pub mod measured;
#[cfg(feature = "openapi-generator")]
pub mod openapi_generator;
pub mod server;
mod throughput;
pub mod update;

use std::process::Command;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::report::{Aim, Report};
use crate::{Error, instructions, programs};
use server::Server;
use update::Way;

/// The program whose instructions are counted.
pub const INSTRUCTIONS_PROGRAM: &str = "client-instructions";

/// The program whose allocations are counted.
pub const ALLOCATIONS_PROGRAM: &str = "client-allocations";

/// The target ratio of instructions and of allocations.
const COUNTED_AIM: Aim = Aim::AtMost(1.0);

/// The target ratio of throughput.
const THROUGHPUT_AIM: Aim = Aim::AtLeast(1.0);

/// What the client is compared with.
const PEERS: &[(Way, &str)] = &[
    (
        Way::BareReqwest,
        "One update with all fields: jelou-client compared with the same request written by hand with reqwest.",
    ),
    (
        Way::Progenitor,
        "One update with all fields: jelou-client compared with what progenitor generates from the same operation.",
    ),
    #[cfg(feature = "openapi-generator")]
    (Way::OpenapiGenerator, OPENAPI_GENERATOR),
];

const OPENAPI_GENERATOR: &str = "One update with all fields: jelou-client compared with what openapi-generator generates from the same operation.";

/// The requests of the two runs whose difference is taken; the first is long enough to fill caches and pools.
const COUNTED_REQUESTS: [u32; 2] = [200, 1200];

/// The number of requests over which allocations are averaged.
const ALLOCATING_REQUESTS: u32 = 1000;

/// The numbers of concurrent requests.
const CONCURRENCY: [(usize, &str); 2] = [
    (1, "requests per second, 1 at a time"),
    (64, "requests per second, 64 at a time"),
];

/// The allocations of a number of requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Allocations {
    /// The number of allocations and reallocations.
    pub count: u64,
    /// The number of bytes allocated.
    pub bytes: u64,
}

/// Runs the bench, spending `duration` on timed measurements.
///
/// # Errors
/// Returns an error if a program or a request fails.
pub fn run(duration: Duration) -> Result<Vec<Report>, Error> {
    let server = Server::start()?;
    let share = duration / PEERS.len() as u32;
    let reports = PEERS
        .iter()
        .map(|(peer, title)| compare(&server, *peer, title, share));
    let mut reports: Vec<_> = reports.collect::<Result<_, _>>()?;
    if cfg!(not(feature = "openapi-generator")) {
        let sides = [Way::JelouClient.name(), "openapi-generator"];
        let mut report = Report::new(OPENAPI_GENERATOR, sides);
        report.note(
            "skipped: openapi-generator is not installed, or what it generates does not compile; run \
             `pip install openapi-generator-cli`, which needs Java, and add it to `PATH` or set `OPENAPI_GENERATOR` to its path."
                .to_owned(),
        );
        reports.push(report);
    }
    Ok(reports)
}

fn compare(
    server: &Server,
    peer: Way,
    title: &'static str,
    duration: Duration,
) -> Result<Report, Error> {
    let mut report = Report::new(title, [Way::JelouClient.name(), peer.name()]);
    count_instructions(server, peer, &mut report)?;
    count_allocations(server, peer, &mut report)?;
    for (concurrency, measure) in CONCURRENCY {
        let share = duration / CONCURRENCY.len() as u32;
        let compared = throughput::compare(server, peer, concurrency, share)?;
        report.add_compared(measure, &compared, Some(THROUGHPUT_AIM));
    }
    report.note(format!(
        "requests per second are medians over alternating rounds of {} ms; each ratio compares two adjacent rounds.",
        throughput::ROUND.as_millis()
    ));
    if report.misses_a_target() {
        report.note(format!(
            "a target was missed; profile `{INSTRUCTIONS_PROGRAM}` with `valgrind --tool=callgrind` to find out why."
        ));
    }
    Ok(report)
}

fn count_instructions(server: &Server, peer: Way, report: &mut Report) -> Result<(), Error> {
    if !instructions::can_be_counted() {
        report.note("instructions not counted: Valgrind is not installed.".to_owned());
        return Ok(());
    }
    let values = both(peer, |way| instructions_per_request(server, way))?;
    report.add_counted(
        "instructions per request, user space",
        values,
        Some(COUNTED_AIM),
    );
    Ok(())
}

fn count_allocations(server: &Server, peer: Way, report: &mut Report) -> Result<(), Error> {
    let [client, other] = both(peer, |way| allocations(server, way))?;
    for (measure, totals, aim) in [
        (
            "allocations per request",
            [client.count, other.count],
            Some(COUNTED_AIM),
        ),
        (
            "allocated bytes per request",
            [client.bytes, other.bytes],
            None,
        ),
    ] {
        let values = totals.map(|total| total as f64 / f64::from(ALLOCATING_REQUESTS));
        report.add_counted(measure, values, aim);
    }
    Ok(())
}

fn both<T>(peer: Way, measure: impl Fn(Way) -> Result<T, Error>) -> Result<[T; 2], Error> {
    Ok([measure(Way::JelouClient)?, measure(peer)?])
}

fn instructions_per_request(server: &Server, way: Way) -> Result<f64, Error> {
    let [few, many] = COUNTED_REQUESTS;
    let count = |requests| {
        let program = measured_program(INSTRUCTIONS_PROGRAM, server, way, requests)?;
        instructions::count(&program)
    };
    Ok((count(many)? as f64 - count(few)? as f64) / f64::from(many - few))
}

fn allocations(server: &Server, way: Way) -> Result<Allocations, Error> {
    let mut program = measured_program(ALLOCATIONS_PROGRAM, server, way, ALLOCATING_REQUESTS)?;
    programs::figures(&mut program)
}

fn measured_program(
    name: &str,
    server: &Server,
    way: Way,
    requests: u32,
) -> Result<Command, Error> {
    let mut command = Command::new(programs::sibling(name)?);
    command
        .arg(way.name())
        .arg(server.base_url())
        .arg(requests.to_string());
    Ok(command)
}
