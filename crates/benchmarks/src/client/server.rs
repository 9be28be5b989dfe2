//! A minimal server that sends the same response to every request, on a separate thread.
//!
//! The sandbox is not used because it validates each request, which would hide the difference between two clients.

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, Method, Uri};
use axum::response::IntoResponse;
use axum::serve::Listener;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;
use tokio_rustls::server::TlsStream;

use crate::Error;

/// The integration in every response, in the shape of the schema section of the vendor's page.
const INTEGRATION: &str = r#"{"id":"INTEGRATION_ID","brainId":"BRAIN_ID","webhookUrl":"https://my-system.com/webhook/jelou-v2","authType":"bearer","createdAt":"2023-11-07T05:31:56Z","updatedAt":"2023-11-07T05:31:56Z"}"#;

/// A running server, stopped on drop.
#[derive(Debug)]
pub struct Server {
    base_url: String,
    record: Record,
    _stop: oneshot::Sender<()>,
}

/// A request received by the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceivedRequest {
    /// The method.
    pub method: Method,
    /// The path and query.
    pub uri: Uri,
    /// All headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

/// A listener for TLS connections.
struct Encrypted {
    listener: TcpListener,
    acceptor: TlsAcceptor,
}

impl Listener for Encrypted {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        loop {
            let (stream, address) = Listener::accept(&mut self.listener).await;
            if let Ok(stream) = self.acceptor.accept(stream).await {
                return (stream, address);
            }
        }
    }

    fn local_addr(&self) -> io::Result<Self::Addr> {
        self.listener.local_addr()
    }
}

/// The received requests, if they are recorded.
type Record = Option<Arc<Mutex<Vec<ReceivedRequest>>>>;

impl Server {
    /// Starts a server on a free loopback port.
    ///
    /// # Errors
    /// Returns an error if the port cannot be bound or the thread cannot be started.
    pub fn start() -> Result<Self, Error> {
        Self::start_with(None, None)
    }

    /// Starts an HTTPS server; also returns its certificate as PEM.
    ///
    /// # Errors
    /// As for [`Server::start`], or if a certificate cannot be generated.
    pub fn encrypted() -> Result<(Self, String), Error> {
        let (certificate, acceptor) = certificate().map_err(|source| Error::Setup {
            part: "certificate",
            source,
        })?;
        Ok((Self::start_with(None, Some(acceptor))?, certificate))
    }

    /// Starts a server that records every request, which makes it slower.
    ///
    /// # Errors
    /// As for [`Server::start`].
    pub fn recording() -> Result<Self, Error> {
        Self::start_with(Some(Arc::default()), None)
    }

    /// The base URL for the paths of the document, without a trailing slash.
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// The requests received so far; empty unless the server records them.
    pub fn requests(&self) -> Vec<ReceivedRequest> {
        self.record.as_ref().map_or_else(Vec::new, |record| {
            record
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .clone()
        })
    }

    fn start_with(record: Record, acceptor: Option<TlsAcceptor>) -> Result<Self, Error> {
        let failed = |source: std::io::Error| Error::Setup {
            part: "server",
            source: source.into(),
        };
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(failed)?;
        let listener = runtime
            .block_on(TcpListener::bind(("127.0.0.1", 0)))
            .map_err(failed)?;
        let scheme = match acceptor {
            Some(_) => "https",
            None => "http",
        };
        let address = listener.local_addr().map_err(failed)?;
        let base_url = format!("{scheme}://{address}/jelouapi");

        let service = Router::new().fallback(respond).with_state(record.clone());
        let (stop, stopped) = oneshot::channel();
        thread::Builder::new()
            .name("server".to_owned())
            .spawn(move || {
                runtime.spawn(async {
                    match acceptor {
                        Some(acceptor) => {
                            axum::serve(Encrypted { listener, acceptor }, service).await
                        }
                        None => axum::serve(listener, service).await,
                    }
                });
                // Ends when the sender is dropped; nothing is ever sent.
                _ = runtime.block_on(stopped);
            })
            .map_err(failed)?;
        Ok(Self {
            base_url,
            record,
            _stop: stop,
        })
    }
}

/// A PEM certificate for the loopback address and an acceptor that uses it.
fn certificate() -> Result<(String, TlsAcceptor), Box<dyn std::error::Error + Send + Sync>> {
    let signed = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()])?;
    let key = PrivateKeyDer::try_from(signed.signing_key.serialize_der())?;
    let config = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![signed.cert.der().clone()], key)?;
    Ok((signed.cert.pem(), TlsAcceptor::from(Arc::new(config))))
}

async fn respond(
    State(record): State<Record>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> impl IntoResponse {
    if let Some(record) = record {
        record
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(ReceivedRequest {
                method,
                uri,
                headers,
                body,
            });
    }
    ([(CONTENT_TYPE, "application/json")], INTEGRATION)
}
