//! What one run of a program takes: time on the clock and of the processor, and memory at its peak.

use std::fs::File;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use wait4::Wait4;

use crate::Error;

/// What one run took.
#[derive(Clone, Copy, Debug)]
pub struct Usage {
    /// From the start of the program to its end.
    pub duration: Duration,
    /// What the processor worked for it, in the program and for it in the system.
    pub processor_time: Duration,
    /// The most memory that it had at once, in bytes. Linux never says less than what the program that started it had, so that one
    /// must stay small.
    pub peak_memory: u64,
}

/// Runs `command` to its end, which must be a good one, with its standard output in a new file at `output`.
///
/// # Errors
/// The file cannot be written, or the program does not start or fails.
pub fn measure(command: &mut Command, output: &Path) -> Result<Usage, Error> {
    let program = command.get_program().display().to_string();
    let failed = |source| Error::Program {
        program: program.clone(),
        source,
    };
    let output = File::create(output).map_err(failed)?;
    command.stdin(Stdio::null()).stdout(output);
    let start = Instant::now();
    let mut child = command.spawn().map_err(failed)?;
    let used = child.wait4().map_err(failed)?;
    let duration = start.elapsed();
    if !used.status.success() {
        return Err(Error::Failed {
            program,
            status: used.status,
            message: "what it says is above".to_owned(),
        });
    }
    Ok(Usage {
        duration,
        processor_time: used.rusage.utime + used.rusage.stime,
        peak_memory: used.rusage.maxrss,
    })
}
