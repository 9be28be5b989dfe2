//! The server: listens, passes requests to [`crate::exchange`], and stops. Does not look into requests.

mod dispatch;
mod listener;
mod serving;

use std::{
    collections::BTreeSet,
    fmt,
    net::SocketAddr,
    panic,
    sync::{Arc, atomic::Ordering},
    thread,
    time::Duration,
};

use axum::Router;
use spec_first_document::Document;
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle};

use crate::{
    Delivery, DocumentedOperation, Flaw, Options, ReceivedRequest, Resources, SampleRequest,
    StartError, State, StateError, Stateless, Traffic,
    contract::{Contract, Operation, Reading},
    control,
    exchange::{Exchange, respond},
    faults::Faults,
    flaw::Unservable,
    upstream::Forwarder,
};
use dispatch::Dispatch;
use listener::SharedListener;
use serving::Server;

/// How long [`Sandbox::shutdown`] waits for requests in progress.
const GRACE: Duration = Duration::from_secs(5);

/// A running sandbox. It stops when dropped, and panics on drop if it panicked while handling a request.
///
/// ```
/// use spec_first_sandbox::{Options, Sandbox};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), spec_first_sandbox::StartError> {
/// let document = "openapi: 3.0.3\nservers: [{url: /v1}]\npaths: {}\n";
/// let sandbox = Sandbox::start(Options::new("empty.yaml", document)).await?;
/// assert!(sandbox.base_url().ends_with("/v1"));
/// sandbox.shutdown().await;
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

/// A document that has been read and checked, and can be served.
#[derive(Debug)]
pub struct Prepared {
    contract: Contract,
    faults: Faults,
    options: Options,
}

impl Sandbox {
    /// Parses the document, listens, and serves on the current tokio runtime until the sandbox is dropped. The state is
    /// [`Resources`], or none if the options say [`stateless`](Options::stateless); [`Sandbox::prepare`] takes any other.
    ///
    /// # Errors
    /// The document cannot be served, listening on the address fails, or the options refer to something that the document does
    /// not define.
    ///
    /// # Panics
    /// Panics outside a tokio runtime with I/O and time enabled.
    pub async fn start(options: Options) -> Result<Self, StartError> {
        let state: Arc<dyn State> = match options.is_stateless {
            true => Arc::new(Stateless),
            false => Arc::new(Resources::default()),
        };
        Self::prepare(options)?.start(state).await
    }

    /// Parses the document and checks it against the options. Does not listen yet, so that a state can be opened only for a
    /// document that can be served.
    ///
    /// # Errors
    /// The document cannot be served, or the options refer to something that it does not define.
    pub fn prepare(options: Options) -> Result<Prepared, StartError> {
        let document = options.document.clone().map_err(Unservable::from)?;
        let contract = Contract::serve(document, Reading::of(&options))?;
        let faults = Faults::of(&options.scenario, &contract.operation_names())?;
        Ok(Prepared {
            contract,
            faults,
            options,
        })
    }

    /// The address that the sandbox listens on.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The URL that the paths of the document are relative to: the address, and the path of the document's first server.
    pub fn base_url(&self) -> String {
        format!(
            "http://{}{}",
            self.address,
            self.exchange.contract().base_path
        )
    }

    /// The flaws in the document. The sandbox ignores the parts that it cannot use and serves the rest; [`Options::strict`]
    /// rejects such a document.
    pub fn flaws(&self) -> Vec<Flaw> {
        self.exchange.contract().flaws().to_vec()
    }

    /// Serves this document from now on, with the same options; the state, the faults and the recorded requests are kept. Requests
    /// in progress are finished with the document that they began with.
    ///
    /// # Errors
    /// The document cannot be served. The previous one still is.
    ///
    /// # Panics
    /// Panics outside a tokio runtime.
    pub async fn reload(&self, document: Document) -> Result<(), StartError> {
        self.exchange.reload(document).await
    }

    /// The last requests received, without their secrets: by default 10,000 in at most 768 KiB, see
    /// [`Options::keep_requests`].
    pub fn received(&self) -> Vec<ReceivedRequest> {
        self.exchange.recorder.received()
    }

    /// The number of requests received since the start, including those that are no longer kept.
    pub fn received_count(&self) -> u64 {
        self.exchange.recorder.count()
    }

    /// The number of requests dropped to make room for newer ones.
    pub fn dropped_count(&self) -> u64 {
        self.exchange.recorder.dropped()
    }

    /// What was seen of each operation since the start or the last reset, if requests are passed on; see [`Options::proxy`].
    pub fn traffic(&self) -> Traffic {
        self.exchange.traffic.shown()
    }

    /// The webhooks and callbacks that were sent, or are about to be, in order.
    pub fn deliveries(&self) -> Vec<Delivery> {
        self.exchange.webhooks.deliveries.all()
    }

    /// Waits until every request to a webhook has been delivered or given up, except for one that a fault holds back.
    pub async fn settled(&self) {
        self.exchange.webhooks.deliveries.settled().await;
    }

    /// Restores the initial state and faults, and clears the recorded requests and traffic.
    ///
    /// # Errors
    /// The state cannot be written.
    pub async fn reset(&self) -> Result<(), StateError> {
        self.exchange.reset().await
    }

    /// Panics if the sandbox panicked while handling a request, with the same message. Dropping the sandbox does the same,
    /// unless the thread is already panicking.
    ///
    /// # Panics
    /// If the sandbox panicked: a bug in the sandbox, which must not be mistaken for one in the code under test.
    pub fn assert_no_panic(&self) {
        if let Some(panic) = self.exchange.take_panic() {
            panic::resume_unwind(panic);
        }
    }

    /// The number of responses that did not conform to the document and were replaced with a 500 that says so. They indicate a
    /// mistake in the document's examples, or a bug in the sandbox.
    pub fn nonconforming_responses(&self) -> usize {
        self.exchange
            .nonconforming_responses
            .load(Ordering::Relaxed)
    }

    /// Stops listening, and waits up to five seconds for requests in progress.
    pub async fn shutdown(mut self) {
        self.stop();
        // Anything still in progress after that ends with the runtime, and the caller need not know.
        _ = tokio::time::timeout(GRACE, &mut self.serving).await;
        self.exchange.state.close().await;
    }

    fn stop(&mut self) {
        self.exchange.streams.close();
        // Closed here and not by the serving task, so that connections are refused as soon as this returns.
        self.listener.close();
        if let Some(stop) = self.stop.take() {
            // The receiver is gone if the runtime is.
            _ = stop.send(());
        }
    }
}

impl Prepared {
    /// The flaws in the document; see [`Sandbox::flaws`].
    pub fn flaws(&self) -> &[Flaw] {
        self.contract.flaws()
    }

    /// A valid request for each operation, by path and method, with every parameter and every member of its body that can
    /// be generated: to test a client of the document against the sandbox.
    pub fn samples(&self) -> Vec<SampleRequest> {
        self.contract.samples()
    }

    /// The operations in the document, in no particular order.
    pub fn operations(&self) -> impl Iterator<Item = DocumentedOperation<'_>> {
        self.contract.all_operations().map(Operation::documented)
    }

    /// The names of the examples of all responses, of which [`Options::examples`] chooses.
    pub fn example_names(&self) -> BTreeSet<&str> {
        self.contract.example_names()
    }

    /// Listens, and serves on the current tokio runtime until the sandbox is dropped. `state` answers the operations that it
    /// handles.
    ///
    /// # Errors
    /// Listening on the address fails.
    ///
    /// # Panics
    /// Panics outside a tokio runtime with I/O and time enabled.
    pub async fn start(self, state: Arc<dyn State>) -> Result<Sandbox, StartError> {
        let Self {
            contract,
            faults,
            options,
        } = self;
        let forwarder = options.upstream.clone().map(Forwarder::of).transpose();
        let forwarder = forwarder.map_err(StartError::Certificates)?;
        let (address, receive_timeout) = (options.address, options.receive_timeout);
        let max_connections = options.max_connections;
        let refused = |source| StartError::Bind { address, source };
        let listener = TcpListener::bind(address).await.map_err(refused)?;
        let address = listener.local_addr().map_err(refused)?;
        let listener = SharedListener::of(listener);
        let exchange = Exchange::of(contract, faults, options, state, forwarder);
        let exchange = Arc::new(exchange);
        let (stop, stopped) = oneshot::channel();
        let router = Router::new()
            .merge(control::router(address, receive_timeout))
            .merge(crate::page::router(&exchange.contract()));
        let dispatch = Dispatch {
            router: router.fallback(respond).with_state(Arc::clone(&exchange)),
            exchange: Arc::clone(&exchange),
        };
        let server = Server::new(listener.clone(), dispatch, receive_timeout, max_connections);
        Ok(Sandbox {
            address,
            exchange,
            listener,
            stop: Some(stop),
            serving: tokio::spawn(server.serve(stopped)),
        })
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.stop();
        // A second panic would abort the failing test.
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

    use crate::contract::answer::Answer;

    use super::*;

    /// A sandbox that panicked while handling a request.
    async fn panicked() -> Sandbox {
        let options = Options::new("empty.yaml", "openapi: 3.0.3\npaths: {}\n");
        let sandbox = Sandbox::start(options).await.unwrap();
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
    async fn a_panicking_test_is_not_aborted() {
        let sandbox = panicked().await;
        let failed = message(|| {
            let _dropped_on_the_way = sandbox;
            panic!("the test failed");
        });
        assert_eq!(failed, "the test failed");
    }
}
