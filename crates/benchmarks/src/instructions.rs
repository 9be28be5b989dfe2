//! How many instructions a program executes, as Valgrind counts them: in user space, and the same on every run but for
//! what the program leaves to chance.
//!
//! gungraun counts in the same way, but needs a program of its own installed beside Valgrind, of exactly its own version,
//! and compares with an earlier run. Here two programs are compared in one run, each by the difference between many
//! requests and few, in which setting up cancels out.

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

/// The instructions that `program` executes from its start to its end.
///
/// # Errors
/// Valgrind or the program fails, or no count is found in what Valgrind wrote.
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
        source: "there is no line `totals:` with a number in its profile".into(),
    })
}

/// The total of a profile in the format of callgrind.
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
    fn the_total_is_read_out_of_a_profile() {
        let profile = "# callgrind format\nevents: Ir\n\nfn=main\n16 20\n\ntotals: 1234\n";
        assert_eq!(total(profile), Some(1234));
        assert_eq!(total("# callgrind format\n"), None);
        assert_eq!(total("totals: many\n"), None);
    }
}
