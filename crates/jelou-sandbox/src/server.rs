//! The server: listens, hands requests to [`crate::exchange`], and stops. Does not look into requests.

pub(crate) mod connection;
mod dispatch;
mod listener;
mod receiving;
mod serving;

use std::{
    fmt,
    net::SocketAddr,
    panic,
    sync::{Arc, atomic::Ordering},
    thread,
    time::Duration,
};

use axum::Router;
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle};

use crate::{
    Flaw, Integration, Options, ReceivedRequest, StartError, StateError, control,
    exchange::{Exchange, respond},
};
use dispatch::Dispatch;
use listener::SharedListener;
use serving::Server;

/// How long [`Sandbox::shutdown`] waits for requests that are on their way.
const GRACE: Duration = Duration::from_secs(5);

/// A running sandbox. It stops when it is dropped, which panics if the sandbox panicked while it answered a request.
///
/// ```
/// use jelou_sandbox::{Options, ReplyShape, Sandbox};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), jelou_sandbox::StartError> {
/// let options = Options::default().integration("PROJECT_ID").reply_shape(ReplyShape::Enveloped);
/// let sandbox = Sandbox::start(options).await?;
/// println!("serving under {}", sandbox.base_url());
/// # Ok(())
/// # }
/// ```
pub struct Sandbox {
    address: SocketAddr,
    exchange: Arc<Exchange>,
    listener: SharedListener,
    stop: Option<oneshot::Sender<()>>,
    serving: JoinHandle<()>,
}

impl Sandbox {
    /// Reads the document, listens, and serves on the current tokio runtime until the sandbox is dropped.
    ///
    /// # Errors
    /// The document cannot be served, the address cannot be listened on, or the options ask for what the document does
    /// not describe.
    ///
    /// # Panics
    /// Outside a tokio runtime with I/O and time enabled, as everything of tokio does.
    pub async fn start(options: Options) -> Result<Self, StartError> {
        let exchange = Arc::new(Exchange::of(&options).await?);
        let refused = |source| StartError::Bind {
            address: options.address,
            source,
        };
        let listener = TcpListener::bind(options.address).await.map_err(refused)?;
        let address = listener.local_addr().map_err(refused)?;
        let listener = SharedListener::of(listener);
        let (stop, stopped) = oneshot::channel();
        let router = Router::new().merge(control::router(address, options.receive_timeout));
        #[cfg(feature = "page")]
        let router = router.merge(crate::page::router(&exchange.contract));
        let dispatch = Dispatch {
            router: router.fallback(respond).with_state(Arc::clone(&exchange)),
            exchange: Arc::clone(&exchange),
        };
        let server = Server::new(
            listener.clone(),
            dispatch,
            options.receive_timeout,
            options.max_connections,
        );
        Ok(Self {
            address,
            exchange,
            listener,
            stop: Some(stop),
            serving: tokio::spawn(server.serve(stopped)),
        })
    }

    /// The address that it listens on.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The URL that the paths of the document are appended to: the address, and the path of the document's first server.
    pub fn base_url(&self) -> String {
        format!(
            "http://{}{}",
            self.address, self.exchange.contract.base_path
        )
    }

    /// What is wrong with the document in single places. The sandbox ignores what it cannot use and serves the rest;
    /// [`Options::strict`] refuses such a document.
    pub fn flaws(&self) -> &[Flaw] {
        &self.exchange.contract.flaws
    }

    /// The last requests that it received, without their secrets: 10,000 of them as far as 768 KiB hold them, or what
    /// [`Options::keep_requests`] says.
    pub fn received(&self) -> Vec<ReceivedRequest> {
        self.exchange.recorder.received()
    }

    /// Whether it goes on with the integrations that the state file held already, and does not start with those that the
    /// options name.
    pub fn continues(&self) -> bool {
        self.exchange.state.is_continued()
    }

    /// How many requests it received since it started, also those that are not kept any more.
    pub fn received_count(&self) -> u64 {
        self.exchange.recorder.count()
    }

    /// How many requests it does not keep any more, to make room for newer ones.
    pub fn dropped_count(&self) -> u64 {
        self.exchange.recorder.dropped()
    }

    /// Brings back the integrations that it started with, and forgets the requests.
    ///
    /// # Errors
    /// The state file cannot be written.
    pub async fn reset(&self) -> Result<(), StateError> {
        self.exchange.reset().await
    }

    /// The integration of a project; `None` if it has none.
    ///
    /// # Errors
    /// The state file cannot be read.
    pub async fn integration(&self, project_id: &str) -> Result<Option<Integration>, StateError> {
        self.exchange.state.integration(project_id).await
    }

    /// Panics if the sandbox panicked while it answered a request, with the same message; dropping it does so too, unless
    /// the thread panics already.
    ///
    /// # Panics
    /// The sandbox did: a mistake in it, which must not pass for one of the code under test.
    pub fn assert_no_panic(&self) {
        if let Some(panic) = self.exchange.take_panic() {
            panic::resume_unwind(panic);
        }
    }

    /// How many answers did not fit the document and were replaced by a 500 that says so: a mistake in the document's
    /// examples or in the sandbox.
    pub fn unfit_answers(&self) -> usize {
        self.exchange.unfit_answers.load(Ordering::Relaxed)
    }

    /// Stops listening, and waits until the requests that are on their way are answered, at most five seconds.
    pub async fn shutdown(mut self) {
        self.stop();
        // What is still on its way after that ends with the runtime; there is nothing to tell the caller about it.
        _ = tokio::time::timeout(GRACE, &mut self.serving).await;
        self.exchange.state.close().await;
    }

    fn stop(&mut self) {
        self.exchange.streams.close();
        // Closed here and not by the task that serves, so that connections are refused as soon as this returns.
        self.listener.close();
        if let Some(stop) = self.stop.take() {
            // The receiver is gone if the runtime is.
            _ = stop.send(());
        }
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.stop();
        // A second panic would abort the test that is failing already.
        if let Some(panic) = self.exchange.take_panic().filter(|_| !thread::panicking()) {
            panic::resume_unwind(panic);
        }
    }
}

impl fmt::Debug for Sandbox {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Sandbox")
            .field("base_url", &self.base_url())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::{panic::AssertUnwindSafe, task::Poll};

    use crate::answer::Answer;

    use super::*;

    /// A sandbox that panicked while it answered.
    async fn panicked() -> Sandbox {
        let sandbox = Sandbox::start(Options::default()).await.unwrap();
        let answer = std::future::poll_fn(|_| -> Poll<(Option<()>, Answer)> { panic!("boom") });
        let (_, answer) = sandbox.exchange.guard(answer).await;
        assert_eq!(answer.status.as_u16(), 500);
        sandbox
    }

    fn message(panics: impl FnOnce()) -> &'static str {
        let panic = panic::catch_unwind(AssertUnwindSafe(panics)).unwrap_err();
        panic.downcast_ref::<&str>().copied().unwrap_or_default()
    }

    #[tokio::test]
    async fn dropping_a_sandbox_that_panicked_panics() {
        let sandbox = panicked().await;
        assert_eq!(message(|| drop(sandbox)), "boom");
    }

    #[tokio::test]
    async fn a_sandbox_that_panicked_says_so_once() {
        let sandbox = panicked().await;
        assert_eq!(message(|| sandbox.assert_no_panic()), "boom");
        sandbox.assert_no_panic();
        drop(sandbox);
    }

    #[tokio::test]
    async fn a_test_that_panics_already_is_not_aborted() {
        let sandbox = panicked().await;
        let failed = message(|| {
            let _dropped_on_the_way = sandbox;
            panic!("the test failed");
        });
        assert_eq!(failed, "the test failed");
    }
}
