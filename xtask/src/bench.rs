//! `cargo xtask bench`: builds the benches as a release is built and runs one. `crates/benchmarks` documents what they
//! measure.

use std::ffi::OsString;

use crate::process::{self, cargo};

/// Cargo options for the package of the benches.
const PACKAGE: [&str; 4] = ["--profile", "dist", "--package", "benchmarks"];

/// Cargo options for the commands that `bench apply` and `bench lint` measure.
const COMMANDS: [&str; 4] = ["--package", "jelou-cli", "--package", "spec-first"];

/// A bench that did not complete.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error(transparent)]
    Cargo(#[from] process::Error),

    #[error("the benches cannot be built, for the reason above")]
    NotBuilt,

    #[error("nothing was measured, for the reason above")]
    NotMeasured,
}

/// Runs the bench named in `arguments`, which the bench parses. Benches only report figures, so one that completes has
/// succeeded.
pub(crate) fn run(arguments: &[OsString]) -> Result<bool, Error> {
    // Build whole packages, since a bench starts their other binaries.
    if !process::passes(cargo().arg("build").args(PACKAGE).args(COMMANDS))? {
        return Err(Error::NotBuilt);
    }
    let mut bench = cargo();
    bench
        .args(["run", "--quiet"])
        .args(PACKAGE)
        .args(["--bin", "bench", "--"]);
    match process::passes(bench.args(arguments))? {
        true => Ok(true),
        false => Err(Error::NotMeasured),
    }
}
