//! A server that costs as little as one can: the same answer to every request, from a thread of its own.
//!
//! Not the sandbox: it checks each request against the document, and a difference between two clients would drown in that.

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

/// The integration that every answer holds, in the shape of the schema section of the vendor's page.
const INTEGRATION: &str = r#"{"id":"INTEGRATION_ID","brainId":"BRAIN_ID","webhookUrl":"https://my-system.com/webhook/jelou-v2","authType":"bearer","createdAt":"2023-11-07T05:31:56Z","updatedAt":"2023-11-07T05:31:56Z"}"#;

/// A running server; it stops when this is dropped.
#[derive(Debug)]
pub struct Server {
    base_url: String,
    record: Record,
    _stop: oneshot::Sender<()>,
}

/// A request as the server received it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceivedRequest {
    /// The method.
    pub method: Method,
    /// The path and the query.
    pub uri: Uri,
    /// The headers, all of them.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

/// Connections that are encrypted.
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

/// The requests that were received, where somebody wants to see them.
type Record = Option<Arc<Mutex<Vec<ReceivedRequest>>>>;

impl Server {
    /// Starts a server on any free port of loopback.
    ///
    /// # Errors
    /// The system gives it no port or no thread.
    pub fn start() -> Result<Self, Error> {
        Self::start_with(None, None)
    }

    /// Starts a server that is reached by `https`; returns its certificate too, in PEM.
    ///
    /// # Errors
    /// As for [`Server::start`], or a certificate cannot be made.
    pub fn encrypted() -> Result<(Self, String), Error> {
        let (certificate, acceptor) = certificate().map_err(|source| Error::Setup {
            part: "certificate",
            source,
        })?;
        Ok((Self::start_with(None, Some(acceptor))?, certificate))
    }

    /// Starts a server that keeps every request that it receives; it is slower than the other.
    ///
    /// # Errors
    /// As for [`Server::start`].
    pub fn recording() -> Result<Self, Error> {
        Self::start_with(Some(Arc::default()), None)
    }

    /// The URL to which the paths of the document are appended, without a slash at its end.
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// The requests that were received so far; none from a server that does not record them.
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

        let service = Router::new().fallback(answer).with_state(record.clone());
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
                // It ends when the sender is dropped; nothing is ever sent.
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

/// A certificate of loopback in PEM, and what shows it.
fn certificate() -> Result<(String, TlsAcceptor), Box<dyn std::error::Error + Send + Sync>> {
    let signed = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()])?;
    let key = PrivateKeyDer::try_from(signed.signing_key.serialize_der())?;
    let config = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![signed.cert.der().clone()], key)?;
    Ok((signed.cert.pem(), TlsAcceptor::from(Arc::new(config))))
}

async fn answer(
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
