//! The sandbox as a child process.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use super::SANDBOX_PROGRAM;
use crate::{Error, programs};

/// A running sandbox, stopped on drop.
#[derive(Debug)]
pub(super) struct Service {
    base_url: String,
    child: Child,
}

impl Service {
    pub(super) fn start() -> Result<Self, Error> {
        let failed = |source| Error::Program {
            program: SANDBOX_PROGRAM.to_owned(),
            source,
        };
        let mut child = Command::new(programs::sibling(SANDBOX_PROGRAM)?)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(failed)?;
        let mut base_url = String::new();
        if let Some(stdout) = child.stdout.take() {
            BufReader::new(stdout)
                .read_line(&mut base_url)
                .map_err(failed)?;
        }
        Ok(Self {
            base_url: base_url.trim().to_owned(),
            child,
        })
    }

    pub(super) fn base_url(&self) -> &str {
        &self.base_url
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        // The process exits when its standard input is closed.
        drop(self.child.stdin.take());
        _ = self.child.wait();
    }
}
