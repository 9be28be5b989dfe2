//! Benchmarks of the crates in this workspace, run by `cargo xtask bench`.
//!
//! Each bench compares two sides in the same run, on the same machine and against the same server, so that the ratios
//! carry over to other machines. Instructions and allocations are counted, not timed; timed measurements alternate
//! between the two sides. Benches report figures but do not fail on them.
//!
//! [`instructions`], [`output`], `peers`, [`programs`], [`report`], [`rounds`], `runs` and [`usage`] are shared; every other module is
//! one bench.

pub mod apply;
pub mod client;
pub mod instructions;
pub mod lint;
pub mod output;
mod peers;
pub mod programs;
pub mod report;
pub mod review;
pub mod rounds;
mod runs;
pub mod sandbox;
pub mod source;
pub mod usage;
pub mod webhook;

/// An error that stops a bench.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A program could not be started, or its files could not be read or written.
    #[error("cannot run `{program}`")]
    Program {
        /// The program.
        program: String,
        /// The I/O error.
        source: std::io::Error,
    },

    /// A program ran and failed.
    #[error("`{program}` failed ({status}): {message}")]
    Failed {
        /// The program.
        program: String,
        /// The exit status.
        status: std::process::ExitStatus,
        /// The standard error output.
        message: String,
    },

    /// A program succeeded but its output could not be parsed.
    #[error("cannot parse the output of `{program}`")]
    Figures {
        /// The program.
        program: String,
        /// The parse error.
        source: Box<dyn std::error::Error + Send + Sync>,
    },

    /// Standard output cannot be written.
    #[error("cannot write to standard output")]
    Output {
        /// The I/O error.
        source: std::io::Error,
    },

    /// A server, a client or the documents could not be set up.
    #[error("cannot set up the {part}")]
    Setup {
        /// The part that could not be set up.
        part: &'static str,
        /// The cause.
        source: Box<dyn std::error::Error + Send + Sync>,
    },

    /// A measured request failed.
    #[error("request with {way} failed")]
    Request {
        /// The client that sent it.
        way: &'static str,
        /// The cause.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}
