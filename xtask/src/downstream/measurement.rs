//! Measures the cost of a cold build of a downstream crate, in crates and seconds, compared with one that uses bare
//! reqwest.

use std::path::Path;
use std::time::Instant;

use tempfile::TempDir;

use crate::process;

use super::crates::Totals;
use super::project::{Dependency, Project, Variant};
use super::{Error, update};
use crate::packages::{Packages, failed};

/// The variants in build order; the others are compared with the first.
const VARIANTS: [Variant; 5] = [
    Variant {
        name: "bare reqwest with rustls",
        dependency: Dependency::BareReqwest,
    },
    Variant {
        name: "no features",
        dependency: Dependency::ClientWith(&[]),
    },
    Variant {
        name: "rustls (default)",
        dependency: Dependency::Client,
    },
    Variant {
        name: "native-tls",
        dependency: Dependency::ClientWith(&["native-tls"]),
    },
    Variant {
        name: "rustls, codegen",
        dependency: Dependency::ClientWith(&["rustls", "codegen"]),
    },
];

/// The cost of a build.
struct Cost {
    elapsed: f64,
    /// CPU time, which depends little on other load or the number of cores.
    processor: f64,
}

/// Builds each variant from scratch and prints its cost; returns whether every variant applied the update.
pub(super) fn run(packages: &Packages) -> Result<bool, Error> {
    let mut updated = true;
    let mut bare: Option<Cost> = None;
    println!("In the order of the run; in brackets, as a multiple of the first.\n");
    println!("| variant | crates compiled | in the lock file | seconds | processor seconds |");
    println!("|---|---|---|---|---|");
    for variant in &VARIANTS {
        let project = Project::write(packages, variant)?;
        let totals = project.crates(None)?.totals();
        let directory = TempDir::new_in(packages.target_directory())
            .map_err(failed("make a target directory"))?;
        let cost = build(&project, directory.path())?;
        print_row(variant.name, totals, &cost, bare.as_ref().unwrap_or(&cost));
        bare.get_or_insert(cost);
        if let Err(problem) = update::send(&mut project.build("run", directory.path()))? {
            updated = false;
            eprintln!("error: {}: {problem}", variant.name);
        }
    }
    Ok(updated)
}

/// Measures `cargo build` with an empty target directory.
fn build(project: &Project, target_directory: &Path) -> Result<Cost, Error> {
    let mut cargo = project.build("build", target_directory);
    let start = Instant::now();
    let processor = processor_seconds();
    process::output(&mut cargo)?;
    Ok(Cost {
        elapsed: start.elapsed().as_secs_f64(),
        processor: processor_seconds() - processor,
    })
}

/// The CPU time used so far by all child processes that were waited for.
#[cfg(unix)]
fn processor_seconds() -> f64 {
    use nix::sys::resource::{UsageWho, getrusage};

    let seconds = |usage: nix::sys::time::TimeVal| {
        usage.tv_sec() as f64 + usage.tv_usec() as f64 / 1_000_000.0
    };
    getrusage(UsageWho::RUSAGE_CHILDREN).map_or(f64::NAN, |usage| {
        seconds(usage.user_time()) + seconds(usage.system_time())
    })
}

/// Not available on other systems.
#[cfg(not(unix))]
fn processor_seconds() -> f64 {
    f64::NAN
}

fn print_row(name: &str, totals: Totals, cost: &Cost, bare: &Cost) {
    let Totals { locked, compiled } = totals;
    let with_ratio = |cost: f64, bare: f64| format!("{cost:.0} ({:.2})", cost / bare);
    println!(
        "| {name} | {compiled} | {locked} | {} | {} |",
        with_ratio(cost.elapsed, bare.elapsed),
        with_ratio(cost.processor, bare.processor)
    );
}
