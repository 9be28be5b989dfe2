//! `cargo xtask bench`: builds the benches in release and runs one. What they measure is in `crates/benchmarks`.

use std::ffi::OsString;

use crate::process::{self, cargo};

/// Cargo's options for the package of the benches.
const PACKAGE: [&str; 3] = ["--release", "--package", "benchmarks"];

/// Cargo's options for the command, which `bench apply` measures.
const COMMAND: [&str; 2] = ["--package", "jelou-cli"];

/// A bench that was not run to its end.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error(transparent)]
    Cargo(#[from] process::Error),

    #[error("the benches cannot be built, for the reason above")]
    NotBuilt,

    #[error("nothing was measured, for the reason above")]
    NotMeasured,
}

/// Runs the bench that `arguments` name, which reads them itself. A bench judges nothing, so all is in order once it has run.
pub(crate) fn run(arguments: &[OsString]) -> Result<bool, Error> {
    // Both whole, since a bench starts their other programs.
    if !process::passes(cargo().arg("build").args(PACKAGE).args(COMMAND))? {
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
