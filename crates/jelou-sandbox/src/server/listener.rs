//! The listening socket.

use std::{
    io,
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
    task::Poll,
    time::Duration,
};

use axum::serve::Listener;
use tokio::net::TcpListener;

use super::connection::Stream;

/// How long no connection is accepted after the system had no room for one.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// A listening socket that can be closed while it is being listened on.
#[derive(Clone, Debug)]
pub(super) struct SharedListener {
    address: SocketAddr,
    socket: Arc<Mutex<Option<TcpListener>>>,
}

impl SharedListener {
    pub(super) fn of(listener: TcpListener) -> io::Result<Self> {
        Ok(Self {
            address: listener.local_addr()?,
            socket: Arc::new(Mutex::new(Some(listener))),
        })
    }

    pub(super) fn close(&self) {
        self.socket
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
    }
}

impl Listener for SharedListener {
    type Io = Stream;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Stream, SocketAddr) {
        loop {
            let accepted = std::future::poll_fn(|context| {
                let socket = self.socket.lock().unwrap_or_else(PoisonError::into_inner);
                match socket.as_ref() {
                    Some(socket) => socket.poll_accept(context),
                    // Closed: whoever closed it ends the server as well.
                    None => Poll::Pending,
                }
            });
            match accepted.await {
                Ok((stream, address)) => {
                    // An answer is small and written at once; waiting for more only delays it. Without it, it is late.
                    _ = stream.set_nodelay(true);
                    return (Stream::of(stream), address);
                }
                Err(_) => tokio::time::sleep(ACCEPT_PAUSE).await,
            }
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        Ok(self.address)
    }
}
