//! The server: listens, hands requests to [`crate::exchange`], and stops. Does not look into requests.

mod listener;

use std::{
    fmt, io,
    net::SocketAddr,
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use axum::Router;
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle};

use crate::{
    Options, ReceivedRequest, StartError, control,
    exchange::{Exchange, respond},
    page,
};
use listener::SharedListener;

/// How long [`Sandbox::shutdown`] waits for requests that are on their way.
const GRACE: Duration = Duration::from_secs(5);

/// A running sandbox. It stops when it is dropped.
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
    serving: JoinHandle<io::Result<()>>,
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
        let exchange = Arc::new(Exchange::of(&options)?);
        let refused = |source| StartError::Bind {
            address: options.address,
            source,
        };
        let listener = TcpListener::bind(options.address).await.map_err(refused)?;
        let address = listener.local_addr().map_err(refused)?;
        let listener = SharedListener::of(listener).map_err(refused)?;
        let (stop, stopped) = oneshot::channel();
        let router = Router::new()
            .nest("/_sandbox", control::router())
            .merge(page::router())
            .fallback(respond)
            .with_state(Arc::clone(&exchange));
        let serve = axum::serve(listener.clone(), router).with_graceful_shutdown(async {
            // A sender that is dropped is a sandbox that is dropped.
            _ = stopped.await;
        });
        Ok(Self {
            address,
            exchange,
            listener,
            stop: Some(stop),
            serving: tokio::spawn(serve.into_future()),
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

    /// The requests that it received since it started, without their secrets.
    pub fn received(&self) -> Vec<ReceivedRequest> {
        self.exchange.recorder.received()
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
    }

    fn stop(&mut self) {
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
