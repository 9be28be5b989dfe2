//! `bench sandbox`: the sandbox with all its checks, compared with Prism and with an axum handler that sends a fixed
//! reply.
//!
//! Each server is a separate process that serves the same document and receives the same update from the same load
//! generator. Throughput is measured in requests per second of CPU time, because wall-clock time is unreliable on a
//! shared machine. Both run on one core: on two, each response of a server that is slower than the load generator
//! wakes it up on the other core, which costs the server as much as all of its own work and depends on the machine.
//!
//! wrk generates the load; without it, the bench is skipped. Prism is available from npm (`@stoplight/prism-cli`);
//! without it, that comparison is skipped.

mod load;
mod servers;

use std::fs;
use std::path::Path;

use crate::Error;
use crate::report::{Aim, Report};
use crate::rounds::{self, Compared, Side};
use load::Load;
use servers::{Running, Server};

/// The path of the update.
pub const PATH: &str = "/jelouapi/v1/external-support/PROJECT_ID";

/// The fixed reply, as long as the reply of the sandbox to the same request.
pub const FIXED_REPLY: &str = r#"{"authType":"bearer","brainId":"brain-PROJECT_ID","createdAt":"2023-11-07T05:31:56Z","id":"integration-PROJECT_ID","updatedAt":"2026-01-15T10:30:00Z","webhookUrl":"https://my-system.com/webhook/jelou-v2"}"#;

/// The number of operations in the large document.
const OPERATIONS: usize = 1_000;

/// The number of requests over which memory must not grow.
const MANY: u64 = 1_000_000;

const MEGABYTE: f64 = 1e6;

/// Runs the bench with `rounds` rounds of `seconds` each, leaving the large document in `folder`.
///
/// # Errors
/// Returns an error if a server cannot be started or fails, or a file cannot be written.
pub fn run(rounds: usize, seconds: u32, folder: &Path) -> Result<Vec<Report>, Error> {
    let large = folder.join("large.yaml");
    fs::write(&large, large_document()).map_err(|error| Error::Setup {
        part: "large document",
        source: error.into(),
    })?;
    let Some(load) = Load::find(folder)? else {
        let title = "The sandbox compared with similar servers.";
        let mut report = Report::new(title, ["sandbox", "peer"]);
        report.note(format!("skipped: {}", load::WRK_IS_MISSING));
        return Ok(vec![report]);
    };
    let bench = Bench {
        rounds,
        seconds,
        load,
    };
    Ok(vec![
        bench.against_fixed_reply()?,
        bench.against_prism(folder)?,
        bench.growth(&large)?,
    ])
}

/// The settings shared by all comparisons.
struct Bench {
    rounds: usize,
    seconds: u32,
    load: Load,
}

impl Bench {
    fn against_fixed_reply(&self) -> Result<Report, Error> {
        let title = "The sandbox compared with an axum handler with a fixed reply.";
        let mut report = Report::new(title, ["sandbox", "fixed reply"]);
        let sides = [Server::sandbox(None)?, Server::ceiling()?];
        let [rate, memory] = self.compare(&sides)?;
        let measure = "requests per second of CPU time";
        report.add_compared(measure, &rate, Some(Aim::AtLeast(0.75)));
        report.add_compared("peak memory, MB", &memory, None);
        let first = self.first_responses(&sides)?;
        report.add_compared("start to first response, ms", &first, None);
        report.note(format!(
            "absolute targets: first response within 30 ms ({:.1}), peak memory below 12 MB ({:.1}).",
            first.first.median, memory.first.median
        ));
        Ok(report)
    }

    fn against_prism(&self, folder: &Path) -> Result<Report, Error> {
        let title = "The sandbox compared with Prism with logging disabled.";
        let mut report = Report::new(title, ["sandbox", "Prism"]);
        let Some(prism) = Server::prism(folder)? else {
            report.note(format!("skipped: {}", servers::PRISM_IS_MISSING));
            return Ok(report);
        };
        let sides = [Server::sandbox(None)?, prism];
        let [rate, memory] = self.compare(&sides)?;
        report.add_compared("requests per second of CPU time", &rate, None);
        report.add_compared("peak memory, MB", &memory, None);
        let first = self.first_responses(&sides)?;
        report.add_compared("start to first response, ms", &first, None);
        Ok(report)
    }

    fn growth(&self, large: &Path) -> Result<Report, Error> {
        let title = "The sandbox with 1,000 operations, and after a million requests.";
        let mut report = Report::new(title, ["many", "few"]);
        let sides = [Server::sandbox(Some(large))?, Server::sandbox(None)?];
        let [rate, _] = self.compare(&sides)?;
        let measure = "requests per second of CPU time, 1,000 operations to 1";
        report.add_compared(measure, &rate, Some(Aim::AtLeast(0.95)));
        let first = self.first_responses(&sides)?;
        let measure = "start to first response, ms, 1,000 operations to 1";
        report.add_compared(measure, &first, None);
        let running = sides[1].start()?;
        // Fills the request log and lets the allocator reach its steady state.
        self.load.send(&running, 50_000, self.seconds)?;
        let few = running.memory()?;
        self.load.send(&running, MANY, self.seconds)?;
        let memory = [running.memory()? / MEGABYTE, few / MEGABYTE];
        let measure = "memory, MB, after 1,000,000 requests to after 50,000";
        report.add_counted(measure, memory, Some(Aim::AtMost(1.05)));
        Ok(report)
    }

    /// The requests per second of CPU time, and the peak memory in megabytes.
    fn compare(&self, sides: &[Server; 2]) -> Result<[Compared; 2], Error> {
        let mut memory = Vec::new();
        let rate = rounds::compare(self.rounds, |side| {
            let running = of(sides, side).start()?;
            let rate = self.load.rate(&running, self.seconds)?;
            memory.push((side, running.peak_memory()? / MEGABYTE));
            Ok::<_, Error>(rate)
        })?;
        Ok([rate, rounds::of_pairs(&memory)])
    }

    /// The milliseconds from process start to the first response.
    fn first_responses(&self, sides: &[Server; 2]) -> Result<Compared, Error> {
        rounds::compare(self.rounds, |side| {
            let running: Running = of(sides, side).start()?;
            Ok(running.first_response.as_secs_f64() * 1e3)
        })
    }
}

fn of(sides: &[Server; 2], side: Side) -> &Server {
    match side {
        Side::First => &sides[0],
        Side::Second => &sides[1],
    }
}

/// The document of the External Support Panel with additional operations.
fn large_document() -> String {
    let text = jelou_spec::EXTERNAL_SUPPORT.text;
    // Its own operations and webhooks count too.
    let own = text.matches("operationId: ").count();
    let more = (own..OPERATIONS).map(|number| {
        format!(
            "  /v1/generated-{number}/{{id}}:\n    get:\n      operationId: read_generated_{number}\n      parameters:\n        - {{name: id, in: path, required: true, schema: {{type: integer}}}}\n      responses:\n        '200':\n          description: One\n          content: {{application/json: {{schema: {{$ref: '#/components/schemas/IntegrationReply'}}, example: {{id: A}}}}}}\n"
        )
    });
    let more: String = more.collect();
    let paths = format!("paths:\n{more}");
    text.replacen("paths:\n", &paths, 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_large_document_has_a_thousand_operations() {
        let text = large_document();
        assert_eq!(text.matches("operationId: ").count(), OPERATIONS);
    }
}
