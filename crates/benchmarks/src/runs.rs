//! Compares the run time and the peak memory of two programs.

use std::path::Path;
use std::process::Command;

use crate::Error;
use crate::report::{Aim, Report};
use crate::rounds::{self, Side};
use crate::usage::{self, Usage};

const MEGABYTE: f64 = 1e6;

/// A run of a program.
pub(crate) struct Run<'a> {
    pub(crate) command: Box<dyn Fn() -> Result<Command, Error> + 'a>,
    /// The divisor of its figures.
    pub(crate) share: f64,
    /// The highest exit code that is not a failure.
    pub(crate) exit_code: i32,
}

impl<'a> Run<'a> {
    pub(crate) fn of(command: impl Fn() -> Result<Command, Error> + 'a) -> Self {
        Self {
            command: Box::new(command),
            share: 1.0,
            exit_code: 0,
        }
    }
}

/// Runs both programs alternately, with their output in the file `output`, and adds the figures of `what` to the report. `aims` are
/// the targets for time and memory.
pub(crate) fn compare(
    report: &mut Report,
    what: &str,
    (rounds, output): (usize, &Path),
    [first, second]: [&Run<'_>; 2],
    [time_aim, memory_aim]: [Option<Aim>; 2],
) -> Result<(), Error> {
    let mut memory = Vec::new();
    let time = rounds::compare(rounds, |side| {
        let run = match side {
            Side::First => first,
            Side::Second => second,
        };
        let Usage {
            duration,
            peak_memory,
            ..
        } = usage::measure_until(&mut (run.command)()?, output, run.exit_code)?;
        memory.push((side, peak_memory as f64 / MEGABYTE / run.share));
        Ok::<_, Error>(duration.as_secs_f64() * 1e3 / run.share)
    })?;
    let memory = rounds::of_pairs(&memory);
    report.add_compared(&format!("{what}: milliseconds"), &time, time_aim);
    report.add_compared(&format!("{what}: peak memory, MB"), &memory, memory_aim);
    Ok(())
}
