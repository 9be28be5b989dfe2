//! Checks that the caller's runtime can send requests. reqwest panics in one that cannot.

use std::net::{Ipv4Addr, UdpSocket};
use std::panic;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::runtime::{Handle, Id};

use crate::Error;

/// What the runtime of a request lacks.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Missing {
    #[error("no Tokio runtime found; requests must be sent from within one")]
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
    /// Checks the caller's runtime, once for each runtime. Only what `connects` needs I/O.
    ///
    /// # Errors
    /// [`Error::Setup`] if a request could not be sent in it.
    pub(crate) fn check(&self, connects: bool) -> Result<(), Error> {
        let runtime = match Handle::try_current() {
            Ok(handle) => handle.id(),
            Err(_) => return Err(setup(Missing::Runtime)),
        };
        if *self.lock() == Some(runtime) {
            return Ok(());
        }
        // Without the lock, because this runs the program's panic hook, which may use the client.
        if let Some(missing) = find_missing(connects) {
            return Err(setup(missing));
        }
        *self.lock() = Some(runtime);
        Ok(())
    }

    fn lock(&self) -> MutexGuard<'_, Option<Id>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Tokio has no way to ask, so this provokes its panics; the program's panic hook sees them. With `panic = "abort"` the program
/// aborts here rather than in reqwest.
fn find_missing(connects: bool) -> Option<Missing> {
    if panic::catch_unwind(|| drop(tokio::time::sleep(Duration::ZERO))).is_err() {
        return Some(Missing::Timers);
    }
    if !connects {
        return None;
    }
    // If the socket cannot be opened, the runtime gets the benefit of the doubt.
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::thread;

    use super::*;
    use crate::sample::API;
    use crate::{Client, Credentials, HttpResponse};

    #[test]
    fn the_panic_hook_of_the_program_may_use_the_client() {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap();
        let checked = Arc::new(Checked::default());
        let is_free = Arc::new(AtomicBool::new(false));
        let (seen, was_free) = (Arc::clone(&checked), Arc::clone(&is_free));
        let this_thread = thread::current().id();
        let default = panic::take_hook();
        panic::set_hook(Box::new(move |information| {
            if thread::current().id() == this_thread {
                was_free.store(seen.0.try_lock().is_ok(), Ordering::Relaxed);
            } else {
                default(information);
            }
        }));
        let result = runtime.block_on(async { checked.check(true) });
        drop(panic::take_hook());
        assert!(matches!(result, Err(Error::Setup { .. })));
        assert!(is_free.load(Ordering::Relaxed));
    }

    #[test]
    fn a_test_without_a_server_needs_no_input_and_output() {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build()
            .unwrap();
        let request = async |answers: bool| {
            let mut builder = Client::builder(&API, Credentials::api_key("API_KEY"));
            if answers {
                builder = builder.answer_with(|_| HttpResponse::new(204, ""));
            }
            let client: Client = builder.build().unwrap();
            client.request("GET", "/").send().await
        };
        assert_eq!(runtime.block_on(request(true)).unwrap().status(), 204);
        let error = runtime.block_on(request(false)).unwrap_err();
        assert!(matches!(error, Error::Setup { .. }), "{error:?}");
    }
}
