//! Runs what sends or serves. Started by the commands that need it: `jelou --version` needs no runtime.

use tokio::runtime::{Builder, Runtime};

use crate::failure::{Exit, Failure};

/// Waits until `command` is done, on this thread, or until Ctrl-C ends it; `consequence` says what that leaves behind.
///
/// # Errors
/// Those of `command`, an interruption, and a runtime that the system has no room for.
pub(crate) fn run<T>(
    consequence: &str,
    command: impl Future<Output = Result<T, Failure>>,
) -> Result<T, Failure> {
    start()?.block_on(async {
        tokio::select! {
            // Whatever came before Ctrl-C counts.
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

/// Waits until `server` is done, which minds Ctrl-C itself; see [`listen_for_stop`].
///
/// # Errors
/// Those of `server`, and a runtime that the system has no room for.
pub(crate) fn serve<T>(server: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    start()?.block_on(server)
}

/// Listens from now on for Ctrl-C, and for what tells a process to end; wait for what is returned.
///
/// # Errors
/// The system does not let this process listen for it.
#[cfg(unix)]
pub(crate) fn listen_for_stop() -> Result<impl Future<Output = ()>, Failure> {
    use tokio::signal::unix::{SignalKind, signal};

    let listen = |kind| {
        signal(kind).map_err(|error| {
            Failure::of(
                Exit::Failed,
                &error,
                "let this process listen for signals, without which it could not be ended in order",
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

/// The same where there is only Ctrl-C.
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
            "close other programs: the system has no room for the connections of this one",
        )
    })
}
