//! Optional external tools.

use std::env;
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// An installed third-party program.
pub(crate) struct Peer {
    program: PathBuf,
}

impl Peer {
    /// Finds the program at the path in the environment variable `variable`, or else `name` in `PATH`.
    pub(crate) fn find(variable: &str, name: &str) -> Option<Self> {
        let program = env::var_os(variable).unwrap_or_else(|| OsString::from(name));
        let peer = Self {
            program: program.into(),
        };
        let mut version = peer.command();
        version
            .arg("--version")
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        version
            .status()
            .is_ok_and(|status| status.success())
            .then_some(peer)
    }

    pub(crate) fn command(&self) -> Command {
        Command::new(&self.program)
    }
}
