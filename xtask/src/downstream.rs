//! `cargo xtask downstream`: builds and runs a crate outside the workspace that depends on the packaged `jelou-client`,
//! as its users would.

mod crates;
mod measurement;
mod project;
mod update;

use spec_first::derived::{DerivedFile, Mode};

use crate::packages::{self, Packages};
use crate::process;
use crate::workspace::{self, Workspace};

use crates::{Crates, Growth};
use project::{Dependency, Project, Variant};

/// The recorded crates that each variant needs.
const RECORD: &str = "xtask/downstream/crates.txt";

/// The variants to check: one per TLS backend.
const VARIANTS: [Variant; 2] = [
    Variant {
        name: "default features",
        dependency: Dependency::Client,
    },
    Variant {
        name: "native-tls",
        dependency: Dependency::ClientWith(&["native-tls"]),
    },
];

/// A check that could not be completed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error("cannot read the packages of the workspace")]
    Metadata(#[from] cargo_metadata::Error),

    #[error(transparent)]
    Process(#[from] process::Error),

    #[error(transparent)]
    Packages(#[from] packages::Error),

    #[error(transparent)]
    Workspace(#[from] workspace::Error),

    #[error(transparent)]
    Derived(#[from] spec_first::Error),

    #[error("`{template}/Cargo.toml` does not have the line `{line}` once")]
    Template {
        template: &'static str,
        line: &'static str,
    },

    #[error("the sandbox does not start")]
    Sandbox(#[source] Box<dyn std::error::Error + Send + Sync>),

    #[error("`cargo tree` printed `{0}`, which is not a crate")]
    Tree(String),

    #[error(
        "the downstream crate, {variant}, does not use the versions of the workspace's Cargo.lock: {packages}"
    )]
    OtherVersions {
        variant: &'static str,
        packages: String,
    },
}

/// Builds and runs every variant; returns whether all succeed.
///
/// With `record`, records the crates they need instead of comparing them; with `measure`, measures their cold builds
/// instead.
pub(crate) fn run(workspace: &Workspace, record: bool, measure: bool) -> Result<bool, Error> {
    let packages = Packages::pack(workspace)?;
    if measure {
        return measurement::run(&packages);
    }
    let mode = if record { Mode::Write } else { Mode::Check };
    let mut updated = true;
    let mut crates = Vec::new();
    for variant in &VARIANTS {
        let project = Project::write(&packages, variant)?;
        let needed = project.crates(Some(crates::LINUX))?;
        match update::run(&project, &packages.target_directory())? {
            Ok(()) => println!(
                "{}: the update is applied; {}",
                variant.name,
                needed.totals()
            ),
            Err(problem) => {
                updated = false;
                eprintln!("error: the downstream crate, {}: {problem}", variant.name);
            }
        }
        crates.push(needed);
    }
    Ok(compare(workspace, mode, &crates)? && updated)
}

/// Compares `crates` with the record, or writes it; explains what grew or shrank.
fn compare(workspace: &Workspace, mode: Mode, crates: &[Crates]) -> Result<bool, Error> {
    let recorded = workspace.read_if_there(RECORD)?.unwrap_or_default();
    let names = VARIANTS.map(|variant| variant.name);
    let file = DerivedFile {
        path: RECORD.to_owned(),
        text: crates::table(&names, crates),
    };
    if file.ensure(workspace.root(), mode)? || mode == Mode::Write {
        return Ok(true);
    }
    let growths = Growth::between(&names, &recorded, &file.text);
    if growths.is_empty() {
        eprintln!(
            "error: the downstream crates need different crates than recorded, although the number is the same"
        );
    }
    for growth in growths {
        eprintln!("error: {growth}");
    }
    eprintln!(
        "hint: the lines above say which; if the dependency is worth it, run `cargo xtask downstream --record`"
    );
    Ok(false)
}
