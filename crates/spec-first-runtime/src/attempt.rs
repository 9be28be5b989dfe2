//! One attempt to send a request: by HTTP, or by asking a test.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use tokio::time::{self, Instant};

use crate::transport::{Ending, Failure};
use crate::{HttpRequest, HttpResponse, content_encoding};

/// The most bytes of a response body that the client reads, unless
/// [`ClientBuilder::response_limit`](crate::ClientBuilder::response_limit) sets another: 1 MiB.
pub(crate) const RESPONSE_LIMIT: usize = 1024 * 1024;

/// An attempt that ended, for metrics; see [`ClientBuilder::after_attempt`](crate::ClientBuilder::after_attempt).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Attempt {
    /// The `operationId`; `None` for a request that the document does not describe.
    pub operation_id: Option<&'static str>,
    /// 1 for the first attempt of a request.
    pub number: u32,
    /// The status of the response; `None` if none arrived.
    pub status: Option<u16>,
    /// The time from sending the request to the last byte of the response.
    pub duration: Duration,
}

/// A function that answers requests in place of a server.
#[derive(Clone)]
pub(crate) struct Answerer(pub(crate) Arc<dyn Fn(&HttpRequest) -> HttpResponse + Send + Sync>);

/// A function that sees every attempt.
#[derive(Clone)]
pub(crate) struct Observer(pub(crate) Arc<dyn Fn(&Attempt) + Send + Sync>);

/// A function that renews the credentials, and says whether it could.
#[derive(Clone)]
pub(crate) struct Renewal(
    pub(crate) Arc<dyn Fn() -> Pin<Box<dyn Future<Output = bool> + Send>> + Send + Sync>,
);

/// What attempts a request.
pub(crate) struct Sender<'a> {
    pub(crate) http: &'a reqwest::Client,
    pub(crate) response_limit: usize,
    /// Answers instead of `http`.
    pub(crate) answer: Option<&'a (dyn Fn(&reqwest::Request) -> HttpResponse + Sync)>,
    /// Sees the status and the duration of each attempt.
    pub(crate) observe: Option<&'a (dyn Fn(Option<u16>, Duration) + Sync)>,
}

impl Sender<'_> {
    /// Sends `request` once and reads the response, up to the limit of bytes and of time.
    pub(crate) fn attempt(
        &self,
        request: reqwest::Request,
        limit: Duration,
    ) -> impl Future<Output = Ending> {
        let started = self.observe.map(|observe| (observe, Instant::now()));
        // Nothing large is moved into what is awaited.
        let sent = match self.answer {
            Some(answer) => Err(answer(&request)),
            None => Ok(self.http.execute(request)),
        };
        async move {
            let ending = match sent {
                Err(response) => Ending::Answered(response),
                Ok(sent) => {
                    let mut status = None;
                    // reqwest's own limit costs three allocations for each request.
                    let read = time::timeout(limit, self.read(sent, &mut status)).await;
                    read.unwrap_or_else(|_| Ending::failed(status, Failure::TimedOut))
                }
            };
            if let Some((observe, started)) = started {
                observe(ending.status(), started.elapsed());
            }
            ending
        }
    }

    /// Sets `status` as soon as it is known.
    async fn read(
        &self,
        response: impl Future<Output = reqwest::Result<reqwest::Response>>,
        status: &mut Option<u16>,
    ) -> Ending {
        let mut response = match response.await {
            Ok(response) => response,
            Err(error) => return Ending::failed(None, Failure::Http(error)),
        };
        let known = response.status().as_u16();
        *status = Some(known);
        let headers = std::mem::take(response.headers_mut());
        // Most bodies are one chunk, which is not copied.
        let mut first = Bytes::new();
        let mut more = BytesMut::new();
        let mut is_cut_off = false;
        while !is_cut_off {
            let mut chunk = match response.chunk().await {
                Ok(Some(chunk)) => chunk,
                Ok(None) => break,
                Err(error) => return Ending::failed(*status, Failure::Http(error)),
            };
            let room = self.response_limit - first.len().max(more.len());
            is_cut_off = chunk.len() > room;
            chunk.truncate(room);
            if first.is_empty() {
                first = chunk;
                continue;
            }
            if more.is_empty() {
                more.extend_from_slice(&first);
            }
            more.extend_from_slice(&chunk);
        }
        let mut response = HttpResponse {
            status: known,
            headers,
            body: match more.is_empty() {
                true => first,
                false => more.freeze(),
            },
            is_cut_off,
        };
        content_encoding::decode(&mut response, self.response_limit);
        Ending::Answered(response)
    }
}

/// The body of a request that is not a stream.
pub(crate) fn body_of(request: &reqwest::Request) -> Bytes {
    let body = request.body().and_then(reqwest::Body::as_bytes);
    body.map(Bytes::copy_from_slice).unwrap_or_default()
}

impl fmt::Debug for Answerer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Answerer")
    }
}

impl fmt::Debug for Renewal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Renewal")
    }
}

impl fmt::Debug for Observer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Observer")
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::sync::{Arc, Mutex};
    use std::time::Duration;

    use test_support::server::{Answer, Server};

    use crate::sample::API;
    use crate::{
        Api, Attempt, Call, Client, Credentials, HttpResponse, Operation, OperationCall,
        RetryPolicy, Secret, SecurityScheme,
    };

    #[tokio::test(start_paused = true)]
    async fn a_test_answers_in_place_of_a_server_and_sees_every_attempt() {
        let received = Arc::new(Mutex::new(Vec::new()));
        let attempts = Arc::new(Mutex::new(Vec::new()));
        let (requests, observed) = (Arc::clone(&received), Arc::clone(&attempts));
        let client = Client::builder(&API, Credentials::api_key("API_KEY"))
            .retry(RetryPolicy::default())
            .answer_with(move |request| {
                let mut requests = requests.lock().unwrap();
                requests.push(format!("{} {}", request.method(), request.url()));
                match requests.len() {
                    1 => HttpResponse::new(503, "later"),
                    _ => HttpResponse::new(200, request.body()),
                }
            })
            .after_attempt(move |attempt| observed.lock().unwrap().push(*attempt))
            .build()
            .unwrap();
        let request = client.request("PATCH", "/items/7").body(r#"{"a":1}"#);
        let response = request.send().await.unwrap();
        assert_eq!(response.body(), br#"{"a":1}"#);
        let expected = ["PATCH https://api.example.com/v1/items/7"; 2];
        assert_eq!(*received.lock().unwrap(), expected);
        let attempt = |number, status| Attempt {
            operation_id: Some("update_item"),
            number,
            status: Some(status),
            duration: Duration::ZERO,
        };
        assert_eq!(
            *attempts.lock().unwrap(),
            [attempt(1, 503), attempt(2, 200)]
        );
    }

    static OAUTH: Api =
        Api::new(crate::package!()).operations(&[Operation::new("create_item", "POST", "/items")
            .security(&[&[("OAuth", SecurityScheme::Bearer)]])]);

    static KEYED: Api = Api::new(crate::package!())
        .servers(&["https://api.example.com"])
        .operations(&[Operation::new("create_item", "POST", "/items")
            .security(&[&[("OAuth", SecurityScheme::Bearer)]])
            .idempotent(true)
            .idempotency_keys(&["idempotency-key"])]);

    struct Create;

    impl OperationCall for Create {
        type Value = ();
        const INDEX: usize = 0;

        fn api() -> &'static Api {
            &KEYED
        }

        fn into_call(self) -> Call {
            unreachable!("the test has the call")
        }

        fn read(_: &crate::Answer<'_>) -> Result<crate::Read<()>, crate::Error> {
            unreachable!("the test reads the requests")
        }
    }

    #[tokio::test(start_paused = true)]
    async fn each_attempt_asks_for_the_token_and_has_the_same_idempotency_key() {
        let (keys, tokens) = (
            Arc::new(Mutex::new(Vec::new())),
            Arc::new(AtomicU32::new(0)),
        );
        let (received, count) = (Arc::clone(&keys), Arc::clone(&tokens));
        let token = move || Secret::from(format!("t{}", count.fetch_add(1, Ordering::Relaxed)));
        let client = Client::builder(&KEYED, Credentials::bearer_from(token))
            .retry(RetryPolicy::default())
            .on_unauthorized(|| async { true })
            .answer_with(move |request| {
                let mut headers = request.headers();
                let (_, key) = headers
                    .find(|(name, _)| *name == "idempotency-key")
                    .unwrap();
                let mut keys = received.lock().unwrap();
                keys.push(key.unwrap().to_vec());
                HttpResponse::new([503, 401, 201][keys.len() - 1], "")
            })
            .build()
            .unwrap();
        let call = Call::new::<Create>(&client);
        assert_eq!(call.exchange().await.unwrap().0.status(), 201);
        // A server may echo each of them.
        let secrets = client.credentials().secrets();
        assert_eq!(secrets, ["t2", "t1", "t0"].map(Secret::from));
        let keys = keys.lock().unwrap();
        assert!(
            keys.len() == 3 && keys.iter().all(|key| *key == keys[0]),
            "{keys:?}"
        );
        assert_eq!(tokens.load(Ordering::Relaxed), 3);
    }

    /// Sends a request to a server that accepts only `token-1`, and renews the token once: the tokens that it received, and the
    /// status of the response.
    async fn sent(renewed: &'static str, can_renew: bool) -> (Vec<String>, u16) {
        let server = Server::start(|request| {
            let is_accepted = request.contains("authorization: Bearer token-1\r\n");
            let status = if is_accepted { 201 } else { 401 };
            Answer::new(format!("HTTP/1.1 {status} X\r\ncontent-length: 0\r\n\r\n"))
        });
        let token = Arc::new(Mutex::new("token-0"));
        let current = Arc::clone(&token);
        let bearer = Credentials::bearer_from(move || Secret::from(*current.lock().unwrap()));
        let client: Client = Client::builder(&OAUTH, bearer)
            .base_url(server.origin())
            .on_unauthorized(move || {
                let token = Arc::clone(&token);
                async move {
                    tokio::task::yield_now().await;
                    *token.lock().unwrap() = renewed;
                    can_renew
                }
            })
            .build()
            .unwrap();
        let response = client.request("POST", "/items").body("7").send().await;
        let requests = server.requests().into_iter().map(|request| {
            let (_, token) = request.split_once("Bearer ").unwrap();
            let (token, rest) = token.split_once("\r\n").unwrap();
            assert!(rest.ends_with("\r\n\r\n7"), "{rest}");
            token.to_owned()
        });
        (requests.collect(), response.unwrap().status())
    }

    #[tokio::test]
    async fn a_request_that_is_not_authorized_is_sent_again_with_renewed_credentials() {
        for (renewed, can_renew, tokens, status) in [
            (
                "token-1",
                true,
                &["token-0", "token-1"].map(str::to_owned)[..],
                201,
            ),
            // Once more, and not without end.
            (
                "token-2",
                true,
                &["token-0", "token-2"].map(str::to_owned),
                401,
            ),
            ("token-1", false, &["token-0"].map(str::to_owned), 401),
        ] {
            let (sent, answered) = sent(renewed, can_renew).await;
            assert_eq!((sent.as_slice(), answered), (tokens, status));
        }
    }
}
