//! Counts the instructions that a program executes in user space, using Valgrind. The count is the same on every run,
//! apart from randomness in the program.
//!
//! gungraun counts in the same way, but requires a runner of exactly the same version to be installed and compares with
//! an earlier run. Here, two programs are compared in one run, each by the difference between many and few requests,
//! which cancels out setup.

use std::fs;
use std::process::{Command, Stdio};

use crate::{Error, programs};

const VALGRIND: &str = "valgrind";

/// Whether Valgrind is installed.
pub fn can_be_counted() -> bool {
    Command::new(VALGRIND)
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// Counts the instructions that `program` executes.
///
/// # Errors
/// Returns an error if Valgrind or the program fails, or if the profile has no total.
pub fn count(program: &Command) -> Result<u64, Error> {
    let failed = |source| Error::Program {
        program: VALGRIND.to_owned(),
        source,
    };
    let folder = tempfile::tempdir().map_err(failed)?;
    let profile = folder.path().join("profile");
    let mut option = std::ffi::OsString::from("--callgrind-out-file=");
    option.push(&profile);

    let mut command = Command::new(VALGRIND);
    command.arg("--tool=callgrind").arg(option);
    command.arg(program.get_program()).args(program.get_args());
    programs::run(&mut command)?;
    total(&fs::read_to_string(&profile).map_err(failed)?).ok_or_else(|| Error::Figures {
        program: VALGRIND.to_owned(),
        source: "the profile has no `totals:` line with a number".into(),
    })
}

/// The total in a callgrind profile.
fn total(profile: &str) -> Option<u64> {
    let line = profile
        .lines()
        .find_map(|line| line.strip_prefix("totals:"))?;
    line.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_total_is_read_from_a_profile() {
        let profile = "# callgrind format\nevents: Ir\n\nfn=main\n16 20\n\ntotals: 1234\n";
        assert_eq!(total(profile), Some(1234));
        assert_eq!(total("# callgrind format\n"), None);
        assert_eq!(total("totals: many\n"), None);
    }
}
