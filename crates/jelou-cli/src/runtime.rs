//! Runs asynchronous commands. Only commands that send or serve start a runtime; `jelou --version` does not.

use tokio::runtime::{Builder, Runtime};

use crate::failure::{Exit, Failure};

/// Runs `command` on this thread until it is done or Ctrl-C ends it; `consequence` tells the user what an interruption leaves
/// behind.
///
/// # Errors
/// `command` fails or is interrupted, or the system cannot start a runtime.
pub(crate) fn run<T>(
    consequence: &str,
    command: impl Future<Output = Result<T, Failure>>,
) -> Result<T, Failure> {
    start()?.block_on(async {
        tokio::select! {
            // A command that has finished counts as finished, even if Ctrl-C arrives at the same time.
            biased;
            done = command => done,
            Ok(()) = tokio::signal::ctrl_c() => Err(Failure::new(
                Exit::Interrupted,
                "interrupted",
                consequence,
            )),
        }
    })
}

/// Runs `server`, which handles Ctrl-C itself; see [`listen_for_stop`].
///
/// # Errors
/// `server` fails, or the system cannot start a runtime.
pub(crate) fn serve<T>(server: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    start()?.block_on(server)
}

/// Starts listening for Ctrl-C and termination signals; the returned future resolves when one arrives.
///
/// # Errors
/// The system does not allow the process to handle signals.
#[cfg(unix)]
pub(crate) fn listen_for_stop() -> Result<impl Future<Output = ()>, Failure> {
    use tokio::signal::unix::{SignalKind, signal};

    let listen = |kind| {
        signal(kind).map_err(|error| {
            Failure::of(
                Exit::Failed,
                &error,
                "allow this process to handle signals; otherwise it cannot shut down cleanly",
            )
        })
    };
    let mut interrupt = listen(SignalKind::interrupt())?;
    let mut terminate = listen(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// Systems other than Unix have only Ctrl-C.
#[cfg(not(unix))]
pub(crate) fn listen_for_stop() -> Result<impl Future<Output = ()>, Failure> {
    Ok(async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending().await
        }
    })
}

fn start() -> Result<Runtime, Failure> {
    let runtime = Builder::new_current_thread().enable_all().build();
    runtime.map_err(|error| {
        Failure::of(
            Exit::Failed,
            &error,
            "close other programs: the system cannot open more connections",
        )
    })
}
