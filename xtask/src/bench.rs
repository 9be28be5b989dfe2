//! `cargo xtask bench`: builds the benches as a release is built and runs one. `crates/benchmarks` documents what they
//! measure.

use std::env;
use std::ffi::OsString;
use std::process::Command;

use crate::process::{self, cargo};

/// Cargo options for the package of the benches.
const PACKAGE: [&str; 4] = ["--profile", "dist", "--package", "benchmarks"];

/// Cargo options for the commands that `bench apply` and `bench lint` measure.
const COMMANDS: [&str; 4] = ["--package", "jelou-cli", "--package", "spec-first"];

/// Cargo options that add a peer to `bench client`.
const OPENAPI_GENERATOR: [&str; 2] = ["--features", "benchmarks/openapi-generator"];

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
    let mut features: &[&str] = match arguments.first() {
        Some(bench) if bench == "client" && openapi_generator_is_installed() => &OPENAPI_GENERATOR,
        _ => &[],
    };
    // Build whole packages, since a bench starts their other binaries.
    let build = |features: &[&str]| {
        let mut build = cargo();
        build.arg("build").args(PACKAGE).args(COMMANDS);
        process::passes(build.args(features))
    };
    let mut built = build(features)?;
    if !built && !features.is_empty() {
        features = &[];
        built = build(features)?;
    }
    if !built {
        return Err(Error::NotBuilt);
    }
    let mut bench = cargo();
    bench.args(["run", "--quiet"]).args(PACKAGE).args(features);
    bench.args(["--bin", "bench", "--"]);
    match process::passes(bench.args(arguments))? {
        true => Ok(true),
        false => Err(Error::NotMeasured),
    }
}

fn openapi_generator_is_installed() -> bool {
    let program = env::var_os("OPENAPI_GENERATOR");
    let program = program.unwrap_or_else(|| "openapi-generator-cli".into());
    process::output(Command::new(program).arg("version")).is_ok()
}
