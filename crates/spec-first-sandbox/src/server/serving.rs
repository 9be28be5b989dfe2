//! Accepts and serves connections. Limits their number, and the time that a request may take to arrive.

use std::{convert::Infallible, io, pin::pin, sync::Arc, time::Duration};

use hyper::{server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    net::TcpStream,
    sync::{oneshot, watch},
    task::JoinSet,
    time::{sleep, timeout},
};

use super::{dispatch::Dispatch, listener::SharedListener};
use crate::connection::{Connection, Served, Stream};

/// Maximum size of a request head, in bytes. hyper rejects a larger one with a 431.
const MAX_HEAD_SIZE: usize = 64 * 1024;

/// Maximum timeout for a request head. hyper adds it to the current time, which panics on overflow.
const MAX_HEAD_TIMEOUT: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// How long a new connection waits for another one to end before trying again to make room.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// How long a connection must be idle before it can be cut: a client that has just connected is about to send.
const GRACE: Duration = Duration::from_millis(200);

/// Serves the connections of a sandbox.
pub(super) struct Server {
    listener: SharedListener,
    dispatch: Arc<Dispatch>,
    http: http1::Builder,
    /// Maximum number of connections.
    limit: usize,
    connections: JoinSet<()>,
    served: Served,
}

impl Server {
    pub(super) fn new(
        listener: SharedListener,
        dispatch: Dispatch,
        receive_timeout: Duration,
        limit: usize,
    ) -> Self {
        let mut http = http1::Builder::new();
        http.timer(TokioTimer::new())
            .header_read_timeout(receive_timeout.min(MAX_HEAD_TIMEOUT))
            .max_header_size(MAX_HEAD_SIZE);
        Self {
            listener,
            dispatch: Arc::new(dispatch),
            http,
            limit: limit.max(1),
            connections: JoinSet::new(),
            served: Served::default(),
        }
    }

    /// Serves until `stopped` resolves, then finishes the requests in progress.
    pub(super) async fn serve(mut self, mut stopped: oneshot::Receiver<()>) {
        let (stopping, is_stopping) = watch::channel(());
        loop {
            let tcp = tokio::select! {
                tcp = self.accept() => tcp,
                // The sender is dropped together with the sandbox.
                _ = &mut stopped => break,
            };
            let connection = Connection::new();
            self.served.add(&connection);
            let stream = Stream::of(tcp, connection.clone());
            let (http, dispatch) = (self.http.clone(), Arc::clone(&self.dispatch));
            self.connections.spawn(serve(
                http,
                stream,
                connection,
                dispatch,
                is_stopping.clone(),
            ));
        }
        drop(stopping);
        while self.connections.join_next().await.is_some() {}
    }

    /// Accepts the next connection once there is room for it.
    async fn accept(&mut self) -> TcpStream {
        loop {
            match self.listener.accept().await {
                Ok(tcp) => {
                    while self.connections.try_join_next().is_some() {}
                    while self.connections.len() >= self.limit {
                        self.make_room().await;
                    }
                    return tcp;
                }
                Err(error) if is_connection_error(&error) => {}
                // Out of resources, for example because the process has too many open files.
                Err(_) => self.make_room().await,
            }
        }
    }

    /// Cuts the connection that has been idle longest, and waits a moment for any connection to end.
    async fn make_room(&mut self) {
        self.served.cut_longest(GRACE);
        if self.connections.is_empty() {
            return sleep(ACCEPT_PAUSE).await;
        }
        _ = timeout(ACCEPT_PAUSE, self.connections.join_next()).await;
    }
}

async fn serve(
    http: http1::Builder,
    stream: Stream,
    connection: Connection,
    dispatch: Arc<Dispatch>,
    mut is_stopping: watch::Receiver<()>,
) {
    let answer = service_fn(|request| {
        let (dispatch, connection) = (Arc::clone(&dispatch), connection.clone());
        async move { Ok::<_, Infallible>(dispatch.answer(connection, request).await) }
    });
    let mut serving = pin!(http.serve_connection(TokioIo::new(stream), answer));
    let mut has_stopped = false;
    loop {
        tokio::select! {
            // Polled first, so that a response that is ready is written before the connection is cut.
            biased;
            // Only the client needs to know about an error.
            _ = serving.as_mut() => break,
            () = connection.is_cut() => break,
            _ = is_stopping.changed(), if !has_stopped => {
                has_stopped = true;
                serving.as_mut().graceful_shutdown();
            }
        }
    }
}

/// Whether the error affects only one connection, which the client gave up before it was accepted.
fn is_connection_error(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionAborted
            | io::ErrorKind::ConnectionRefused
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::Interrupted
    )
}
