use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use test_support::server::{Answer, Server};

use crate::sample::API;
use crate::{
    Api, Attempt, Call, Client, Credentials, Error, HttpResponse, Operation, OperationCall,
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
    const API: &'static Api = &KEYED;
    const INDEX: usize = 0;

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
    let bearer = Credentials::bearer_from(token).on_unauthorized(|| async { true });
    let client = Client::builder(&KEYED, bearer)
        .retry(RetryPolicy::default())
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
    assert_eq!(call.exchange().await.unwrap().response.status(), 201);
    // A server may echo each of them.
    let secrets = client.credentials().secrets();
    assert_eq!(secrets, ["t2", "t1", "t0"].map(Secret::from));
    let keys = keys.lock().unwrap();
    assert!(
        keys.len() == 3 && keys.iter().all(|key| *key == keys[0]),
        "{keys:?}"
    );
    // A UUID of version 4.
    let key = std::str::from_utf8(&keys[0]).unwrap();
    let lengths: Vec<_> = key.split('-').map(str::len).collect();
    assert_eq!(lengths, [8, 4, 4, 4, 12], "{key}");
    let (version, variant) = (&key[14..15], &key[19..20]);
    assert!(version == "4" && "89ab".contains(variant), "{key}");
    assert_eq!(tokens.load(Ordering::Relaxed), 3);
}

#[tokio::test]
async fn the_callers_idempotency_key_is_sent() {
    let server = Server::start(|_| Answer::new("HTTP/1.1 204 X\r\n\r\n"));
    let builder =
        || Client::builder(&KEYED, Credentials::bearer("TOKEN")).base_url(server.origin());
    let client = builder().build().unwrap();
    let mut call = Call::new::<Create>(&client);
    call.header("Idempotency-Key", "mine");
    call.exchange().await.unwrap();
    let client = builder().header("Idempotency-Key", "everyone's").build();
    let client = client.unwrap();
    Call::new::<Create>(&client).exchange().await.unwrap();
    let requests = server.requests();
    let keys = requests.iter().map(|request| {
        let (_, rest) = request.split_once("idempotency-key: ").unwrap();
        rest.split_once("\r\n").unwrap().0
    });
    assert_eq!(keys.collect::<Vec<_>>(), ["mine", "everyone's"]);
}

#[tokio::test(start_paused = true)]
async fn a_test_answers_with_headers_and_errors() {
    let answers = Mutex::new(vec![
        Ok(HttpResponse::new(429, "")
            .with_header("Retry-After", "7")
            .unwrap()),
        Err(Error::not_sent("no route", true)),
        Err(Error::broken_off(200, "gone")),
    ]);
    let client: Client = Client::builder(&API, Credentials::api_key("API_KEY"))
        .answer_with(move |_| answers.lock().unwrap().remove(0))
        .build()
        .unwrap();
    let started = tokio::time::Instant::now();
    let error = client.request("PATCH", "/items/7").send().await;
    let error = error.unwrap_err();
    assert!(started.elapsed() >= Duration::from_secs(7));
    assert_eq!(error.status(), Some(200));
    assert!(error.may_have_been_applied());
}

#[tokio::test(start_paused = true)]
async fn an_error_of_a_test_keeps_its_kind_unless_an_attempt_may_have_been_applied() {
    let send = async |answers: Vec<Result<HttpResponse, Error>>| {
        let answers = Mutex::new(answers);
        let client: Client = Client::builder(&API, Credentials::api_key("API_KEY"))
            .answer_with(move |_| answers.lock().unwrap().remove(0))
            .build()
            .unwrap();
        client
            .request("PATCH", "/items/7")
            .send()
            .await
            .unwrap_err()
    };
    let refused = || Err(Error::not_sent("untrusted", false));
    let error = send(vec![refused()]).await;
    assert!(matches!(error, Error::NotSent { .. }), "{error:?}");
    let error = send(vec![Ok(HttpResponse::new(503, "")), refused()]).await;
    assert!(matches!(error, Error::NoAnswer { .. }), "{error:?}");
    let error = send(vec![Err(Error::setup("no certificates"))]).await;
    assert!(matches!(error, Error::Setup { .. }), "{error:?}");
}

#[tokio::test(start_paused = true)]
async fn every_hook_runs_around_every_attempt() {
    let events = Arc::new(Mutex::new(Vec::new()));
    let event = |name: &'static str| {
        let events = Arc::clone(&events);
        move |number: u32| events.lock().unwrap().push(format!("{name} {number}"))
    };
    let token = Arc::new(Mutex::new("expired".to_owned()));
    let (current, renewed) = (Arc::clone(&token), Arc::clone(&token));
    let bearer = Credentials::bearer_from(move || current.lock().unwrap().as_str().into());
    let (first, second, third, fourth) = (
        event("before"),
        event("also before"),
        event("after"),
        event("also after"),
    );
    let answers = Mutex::new(vec![429, 204]);
    let client: Client = Client::builder(&OAUTH, bearer)
        .base_url("http://127.0.0.1:1")
        .answer_with(move |_| HttpResponse::new(answers.lock().unwrap().remove(0), ""))
        .before_attempt(move |attempt| {
            assert_eq!(attempt.operation_id, Some("create_item"));
            *renewed.lock().unwrap() = format!("token-{}", attempt.number);
            first(attempt.number);
            std::future::ready(())
        })
        .before_attempt(move |attempt| {
            second(attempt.number);
            std::future::ready(())
        })
        .after_attempt(move |attempt| third(attempt.number))
        .after_attempt(move |attempt| fourth(attempt.number))
        .build()
        .unwrap();
    client.request("POST", "/items").send().await.unwrap();
    let secrets = client.credentials().secrets();
    assert_eq!(secrets, ["token-2", "token-1"].map(Secret::from));
    let names = ["before", "also before", "after", "also after"];
    let expected = [1, 2].map(|number| names.map(|name| format!("{name} {number}")));
    assert_eq!(*events.lock().unwrap(), expected.concat());
}

#[tokio::test]
async fn other_credentials_are_not_renewed() {
    let renewals = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&renewals);
    let renewed = Credentials::bearer("ONE").on_unauthorized(move || {
        counted.fetch_add(1, Ordering::Relaxed);
        std::future::ready(false)
    });
    let client: Client = Client::builder(&OAUTH, renewed.and(Credentials::api_key("KEY")))
        .base_url("http://127.0.0.1:1")
        .answer_with(|_| HttpResponse::new(401, ""))
        .build()
        .unwrap();
    let send = async |client: &Client| client.request("POST", "/items").send().await;
    let other = client.with_credentials(Credentials::bearer("TWO"));
    assert_eq!(send(&other).await.unwrap().status(), 401);
    assert_eq!(renewals.load(Ordering::Relaxed), 0);
    send(&client).await.unwrap();
    assert_eq!(renewals.load(Ordering::Relaxed), 1);
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
    let bearer = bearer.on_unauthorized(move || {
        let token = Arc::clone(&token);
        async move {
            tokio::task::yield_now().await;
            *token.lock().unwrap() = renewed;
            can_renew
        }
    });
    let client: Client = Client::builder(&OAUTH, bearer)
        .base_url(server.origin())
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

#[tokio::test(start_paused = true)]
async fn the_time_limit_includes_what_a_busy_runtime_takes() {
    // It accepts connections and never answers.
    let server = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let client: Client = Client::builder(&API, Credentials::api_key("API_KEY"))
        .base_url(format!("http://{}", server.local_addr().unwrap()))
        .connect_timeout(Duration::from_secs(1000))
        .request_timeout(Duration::from_secs(30))
        .retry(RetryPolicy::never())
        .build()
        .unwrap();
    let started = tokio::time::Instant::now();
    let other_tasks = tokio::time::advance(Duration::from_secs(31));
    let request = client.request("PATCH", "/items/1");
    let (result, ()) = tokio::join!(request.send(), other_tasks);
    assert!(matches!(result, Err(Error::NoAnswer { .. })), "{result:?}");
    assert!(started.elapsed() < Duration::from_secs(32), "{started:?}");
}
