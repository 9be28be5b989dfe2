//! The listening socket.

use std::{
    io,
    sync::{Arc, Mutex, PoisonError},
    task::Poll,
};

use tokio::net::{TcpListener, TcpStream};

/// A listening socket that can be closed while a task accepts connections on it.
#[derive(Clone, Debug)]
pub(super) struct SharedListener(Arc<Mutex<Option<TcpListener>>>);

impl SharedListener {
    pub(super) fn of(listener: TcpListener) -> Self {
        Self(Arc::new(Mutex::new(Some(listener))))
    }

    pub(super) fn close(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
    }

    pub(super) async fn accept(&self) -> io::Result<TcpStream> {
        let (stream, _) = std::future::poll_fn(|context| {
            let socket = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            match socket.as_ref() {
                Some(socket) => socket.poll_accept(context),
                // Whoever closed it also stops the server.
                None => Poll::Pending,
            }
        })
        .await?;
        // Responses are small and written at once, so buffering would only delay them. If this fails, they are merely late.
        _ = stream.set_nodelay(true);
        Ok(stream)
    }
}
