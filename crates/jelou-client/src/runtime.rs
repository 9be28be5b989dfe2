//! Checks that the caller's runtime can send requests. reqwest panics in one that cannot.

use std::net::{Ipv4Addr, UdpSocket};
use std::panic;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::runtime::{Handle, Id};

use crate::Error;

/// What the runtime of a request lacks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
enum Missing {
    #[error("there is no Tokio runtime here; requests can only be sent inside one")]
    Runtime,
    #[error(
        "the Tokio runtime has no timer driver; call `enable_time` or `enable_all` on its builder"
    )]
    Timers,
    #[error("the Tokio runtime has no I/O driver; call `enable_io` or `enable_all` on its builder")]
    InputAndOutput,
}

/// The last runtime that was checked and can send requests.
#[derive(Debug, Default)]
pub(crate) struct Checked(Mutex<Option<Id>>);

impl Checked {
    /// Checks the caller's runtime, once for each runtime.
    ///
    /// # Errors
    /// [`Error::Setup`] if a request could not be sent in it.
    pub(crate) fn check(&self) -> Result<(), Error> {
        let runtime = match Handle::try_current() {
            Ok(handle) => handle.id(),
            Err(_) => return Err(setup(Missing::Runtime)),
        };
        let mut checked = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if *checked != Some(runtime) {
            find_missing().map_or(Ok(()), |missing| Err(setup(missing)))?;
            *checked = Some(runtime);
        }
        Ok(())
    }
}

/// Only a panic of Tokio's tells what a runtime lacks. Where panics abort, the program aborts here rather than in reqwest.
fn find_missing() -> Option<Missing> {
    if panic::catch_unwind(|| drop(tokio::time::sleep(Duration::ZERO))).is_err() {
        return Some(Missing::Timers);
    }
    // Where no such socket can be opened, the runtime gets the benefit of the doubt.
    let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).ok()?;
    socket.set_nonblocking(true).ok()?;
    let registered = panic::catch_unwind(|| drop(tokio::net::UdpSocket::from_std(socket)));
    registered.is_err().then_some(Missing::InputAndOutput)
}

fn setup(missing: Missing) -> Error {
    Error::Setup {
        source: missing.into(),
    }
}
