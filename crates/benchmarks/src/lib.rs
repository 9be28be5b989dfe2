//! Measures what the crates of this workspace cost. `cargo xtask bench` runs it.
//!
//! What is compared runs in the same run, on the same machine, against the same server, so that the ratios mean something
//! on any other. Instructions and allocations are counted, not timed; where a clock is needed, the two sides take turns.
//! Nothing here asserts a figure: a bench reports, and people judge.
//!
//! [`instructions`], [`output`], [`programs`], [`report`], [`rounds`] and [`usage`] know nothing of what is measured; each bench is
//! a module of its own.

pub mod apply;
pub mod client;
pub mod instructions;
pub mod output;
pub mod programs;
pub mod report;
pub mod review;
pub mod rounds;
pub mod sandbox;
pub mod usage;

/// Why a bench could not be done.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A program could not be started, or its files could not be read or written.
    #[error("cannot run `{program}`")]
    Program {
        /// The program.
        program: String,
        /// What the system says.
        source: std::io::Error,
    },

    /// A program ran and failed.
    #[error("`{program}` failed ({status}): {message}")]
    Failed {
        /// The program.
        program: String,
        /// How it ended.
        status: std::process::ExitStatus,
        /// What it wrote to standard error.
        message: String,
    },

    /// A program ended well and wrote something else than its figures.
    #[error("cannot read the figures of `{program}`")]
    Figures {
        /// The program.
        program: String,
        /// What is wrong with them.
        source: Box<dyn std::error::Error + Send + Sync>,
    },

    /// Standard output cannot be written.
    #[error("cannot write to standard output")]
    Output {
        /// What the system says.
        source: std::io::Error,
    },

    /// What is measured could not be set up: a server, a client, the documents to compare.
    #[error("cannot set up the {part}")]
    Setup {
        /// What could not be set up.
        part: &'static str,
        /// Why not.
        source: Box<dyn std::error::Error + Send + Sync>,
    },

    /// A request that is measured failed.
    #[error("a request through {way} failed")]
    Request {
        /// How it was sent.
        way: &'static str,
        /// Why it failed.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}
