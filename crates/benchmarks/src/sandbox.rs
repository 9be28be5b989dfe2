//! `bench sandbox`: the sandbox, with all its checks, against Prism and against an axum handler that always replies the same.
//!
//! Each server is a process of its own that serves the same document, and is sent the same update by the same load generator. What
//! counts is how many requests it answers for each second that the processor works for it: on a machine that does other things too,
//! requests per second on the clock say little.
//!
//! The load comes from wrk, and Prism from npm (`@stoplight/prism-cli`); without wrk nothing is measured, and without Prism nothing
//! is compared with it.

mod load;
mod servers;

use std::fs;
use std::path::Path;

use crate::Error;
use crate::report::{Aim, Report};
use crate::rounds::{self, Compared, Side};
use load::Load;
use servers::{Running, Server};

/// The path of the update that is sent.
pub const PATH: &str = "/jelouapi/v1/external-support/PROJECT_ID";

/// What the ceiling replies: as many bytes as the sandbox replies to the same request.
pub const FIXED_REPLY: &str = r#"{"authType":"bearer","brainId":"brain-PROJECT_ID","createdAt":"2023-11-07T05:31:56Z","id":"integration-PROJECT_ID","updatedAt":"2026-01-15T10:30:00Z","webhookUrl":"https://my-system.com/webhook/jelou-v2"}"#;

/// How many operations the large document has.
const OPERATIONS: usize = 1_000;

/// The requests over which memory must not grow.
const MANY: u64 = 1_000_000;

const MEGABYTE: f64 = 1e6;

/// Measures `rounds` rounds of `seconds` each, and leaves the large document in `folder`.
///
/// # Errors
/// A server does not start or fails, or a file cannot be written.
pub fn run(rounds: usize, seconds: u32, folder: &Path) -> Result<Vec<Report>, Error> {
    let large = folder.join("large.yaml");
    fs::write(&large, large_document()).map_err(|error| Error::Setup {
        part: "large document",
        source: error.into(),
    })?;
    let Some(load) = Load::find(folder)? else {
        let title = "The sandbox against its peers.";
        let mut report = Report::new(title, ["sandbox", "peer"]);
        report.note(format!("nothing is measured: {}", load::WRK_IS_MISSING));
        return Ok(vec![report]);
    };
    let bench = Bench {
        rounds,
        seconds,
        load,
    };
    Ok(vec![
        bench.beside_the_ceiling()?,
        bench.beside_prism(folder)?,
        bench.growth(&large)?,
    ])
}

/// What all comparisons have in common.
struct Bench {
    rounds: usize,
    seconds: u32,
    load: Load,
}

impl Bench {
    fn beside_the_ceiling(&self) -> Result<Report, Error> {
        let title = "The sandbox against an axum handler with a fixed reply.";
        let mut report = Report::new(title, ["sandbox", "ceiling"]);
        let sides = [Server::sandbox(None)?, Server::ceiling()?];
        let [rate, memory] = self.compare(&sides)?;
        let measure = "requests per second of the processor";
        report.add_compared(measure, &rate, Some(Aim::AtLeast(0.6)));
        report.add_compared("memory at its peak, MB", &memory, None);
        let first = self.first_answers(&sides)?;
        report.add_compared("start to first answer, ms", &first, None);
        report.note(format!(
            "aims of their own: a first answer within 30 ms ({:.1}), and below 12 MB ({:.1}).",
            first.first.median, memory.first.median
        ));
        Ok(report)
    }

    fn beside_prism(&self, folder: &Path) -> Result<Report, Error> {
        let title = "The sandbox against Prism with its quiet log.";
        let mut report = Report::new(title, ["sandbox", "Prism"]);
        let Some(prism) = Server::prism(folder)? else {
            report.note(format!(
                "nothing is compared: {}",
                servers::PRISM_IS_MISSING
            ));
            return Ok(report);
        };
        let sides = [Server::sandbox(None)?, prism];
        let [rate, memory] = self.compare(&sides)?;
        report.add_compared("requests per second of the processor", &rate, None);
        report.add_compared("memory at its peak, MB", &memory, None);
        let first = self.first_answers(&sides)?;
        report.add_compared("start to first answer, ms", &first, None);
        Ok(report)
    }

    fn growth(&self, large: &Path) -> Result<Report, Error> {
        let title = "The sandbox with 1,000 operations, and after a million requests.";
        let mut report = Report::new(title, ["many", "few"]);
        let sides = [Server::sandbox(Some(large))?, Server::sandbox(None)?];
        let [rate, _] = self.compare(&sides)?;
        let measure = "requests per second of the processor, 1,000 operations to one";
        report.add_compared(measure, &rate, Some(Aim::AtLeast(0.95)));
        let first = self.first_answers(&sides)?;
        let measure = "start to first answer, ms, 1,000 operations to one";
        report.add_compared(measure, &first, None);
        let running = sides[1].start()?;
        // The record of requests is full, and the allocator has what it needs.
        self.load.send(&running, 50_000, self.seconds)?;
        let few = running.memory()?;
        self.load.send(&running, MANY, self.seconds)?;
        let memory = [running.memory()? / MEGABYTE, few / MEGABYTE];
        let measure = "memory in use, MB, after a million requests to after 50,000";
        report.add_counted(measure, memory, Some(Aim::AtMost(1.05)));
        Ok(report)
    }

    /// The requests for each second of the processor, and the memory at its peak in megabytes.
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

    /// The milliseconds from the start of a process to the answer to its first update.
    fn first_answers(&self, sides: &[Server; 2]) -> Result<Compared, Error> {
        rounds::compare(self.rounds, |side| {
            let running: Running = of(sides, side).start()?;
            Ok(running.first_answer.as_secs_f64() * 1e3)
        })
    }
}

fn of(sides: &[Server; 2], side: Side) -> &Server {
    match side {
        Side::First => &sides[0],
        Side::Second => &sides[1],
    }
}

/// The document of the External Support Panel with operations beside its own.
fn large_document() -> String {
    let more = (1..OPERATIONS).map(|number| {
        format!(
            "  /v1/generated-{number}/{{id}}:\n    get:\n      operationId: read_generated_{number}\n      parameters:\n        - {{name: id, in: path, required: true, schema: {{type: integer}}}}\n      responses:\n        '200':\n          description: One\n          content: {{application/json: {{schema: {{$ref: '#/components/schemas/IntegrationReply'}}, example: {{id: A}}}}}}\n"
        )
    });
    let more: String = more.collect();
    let paths = format!("paths:\n{more}");
    jelou_spec::EXTERNAL_SUPPORT
        .text
        .replacen("paths:\n", &paths, 1)
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
