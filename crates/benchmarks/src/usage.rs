//! Measures the wall-clock time, CPU time and peak memory of a program.

use std::fs::File;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use wait4::Wait4;

use crate::Error;

/// The resources used by one run.
#[derive(Clone, Copy, Debug)]
pub struct Usage {
    /// The wall-clock time.
    pub duration: Duration,
    /// The CPU time, user and system.
    pub processor_time: Duration,
    /// The peak memory, in bytes. Linux never reports less than the memory of the parent process, which must therefore
    /// stay small.
    pub peak_memory: u64,
}

/// Runs `command` to completion with its standard output in a new file at `output`.
///
/// # Errors
/// Returns an error if the file cannot be written, or the program cannot be started or exits with a code other than 0.
pub fn measure(command: &mut Command, output: &Path) -> Result<Usage, Error> {
    measure_until(command, output, 0)
}

/// Like [`measure`], for programs whose exit codes up to `highest` say what they found.
///
/// # Errors
/// Returns an error if the file cannot be written, or the program cannot be started or exits with a higher code.
pub fn measure_until(command: &mut Command, output: &Path, highest: i32) -> Result<Usage, Error> {
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
    if used.status.code().is_none_or(|code| code > highest) {
        return Err(Error::Failed {
            program,
            status: used.status,
            message: "see its output above".to_owned(),
        });
    }
    Ok(Usage {
        duration,
        processor_time: used.rusage.utime + used.rusage.stime,
        peak_memory: used.rusage.maxrss,
    })
}
