//! Sends a request, and retries it. Knows nothing about operations.

use std::io;
use std::time::{Duration, SystemTime};

use tokio::time::{self, Instant};
use tower::retry::budget::{Budget, TpsBudget};

use crate::attempt::Sender;
use crate::client::Exchange;
use crate::retry::{Outcome, Phase, RetryPolicy, is_retryable_status};
use crate::runtime::Checked;
use crate::telemetry;
use crate::{Error, HttpResponse};

/// The period for which the budget of retries is counted.
const BUDGET_WINDOW: Duration = Duration::from_secs(10);

/// The retries that are always allowed, per second of the period.
const BUDGET_PER_SECOND: u32 = 1;

/// The retries that are allowed in addition, as a share of all requests.
const BUDGET_SHARE: f32 = 0.2;

/// How the requests of a client are sent; shared by all its calls.
#[derive(Debug)]
pub(crate) struct Transport {
    retry: RetryPolicy,
    request_timeout: Duration,
    budget: TpsBudget,
    runtime: Checked,
}

/// How an attempt ended.
#[derive(Debug)]
pub(crate) enum Ending {
    /// A response arrived and was read to its end or to the limit.
    Answered(HttpResponse),
    /// The head of a response arrived, of which the rest is read as it comes.
    Begun(HttpResponse, Box<reqwest::Response>),
    /// No response arrived, or it broke off after its status.
    Failed {
        status: Option<u16>,
        failure: Failure,
    },
}

/// Why there is no response, or not all of it.
#[derive(Debug)]
pub(crate) enum Failure {
    Http(reqwest::Error),
    /// The time for the attempt is over.
    TimedOut,
    /// A test answered with it.
    Given(Box<Error>),
}

/// The attempts before the last one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Earlier {
    /// Their number.
    pub(crate) attempts: u32,
    /// Whether one of them got no response, or one with a 5XX status. If so, the request may have been applied, whatever the last
    /// response says.
    pub(crate) may_have_been_applied: bool,
}

impl Transport {
    pub(crate) fn new(retry: RetryPolicy, request_timeout: Duration) -> Self {
        let budget = TpsBudget::new(BUDGET_WINDOW, BUDGET_PER_SECOND, BUDGET_SHARE);
        Self {
            retry,
            request_timeout,
            budget,
            runtime: Checked::default(),
        }
    }

    /// The time for an attempt.
    pub(crate) fn request_timeout(&self) -> Duration {
        self.request_timeout
    }

    /// The time for a request including retries and waits.
    pub(crate) fn deadline(&self, retry: Option<&RetryPolicy>) -> Duration {
        retry.unwrap_or(&self.retry).remaining(Duration::ZERO)
    }

    /// Checks that [`send`](Self::send) works in the caller's runtime.
    ///
    /// # Errors
    /// [`Error::Setup`].
    pub(crate) fn check_runtime(&self, connects: bool) -> Result<(), Error> {
        self.runtime.check(connects)
    }

    /// Sends a request until no retry is allowed. Returns how the last attempt ended, and the attempts before it.
    ///
    /// # Errors
    /// The request cannot be built, and nothing was sent.
    pub(crate) fn send(
        &self,
        sender: &Sender<'_, impl Fn() -> Result<reqwest::Request, Error>>,
    ) -> impl Future<Output = Result<(Ending, Earlier), Error>> {
        let attempt = |number, began, remaining| {
            sender.attempt(number, began, remaining, self.request_timeout)
        };
        self.repeat(sender.exchange, Ending::phase, attempt)
    }

    /// Makes attempts until no retry is allowed. An attempt that returns an error was not sent.
    #[expect(
        clippy::manual_async_fn,
        reason = "it would have room for each argument twice"
    )]
    fn repeat<E, F: Future<Output = Result<E, Error>>>(
        &self,
        exchange: &Exchange<'_>,
        phase: fn(&E) -> Phase,
        attempt: impl Fn(u32, Instant, Duration) -> F,
    ) -> impl Future<Output = Result<(E, Earlier), Error>> {
        async move {
            let retry = exchange.retry.unwrap_or(&self.retry);
            let retry = match exchange.timeout {
                Some(timeout) => &retry.clone().deadline(timeout),
                None => retry,
            };
            let started = Instant::now();
            self.budget.deposit();
            let mut earlier = Earlier::default();
            let mut began = started;
            let mut last = None;
            loop {
                let number = earlier.attempts + 1;
                let remaining = retry.remaining(began - started);
                // In a block, so that a response has no place of its own beside the wait.
                let wait = {
                    let ending = match attempt(number, began, remaining).await {
                        Ok(ending) => ending,
                        // Credentials that cannot be sent any more, for instance.
                        Err(error) => return last.map_or(Err(error), |ended: Box<_>| Ok(*ended)),
                    };
                    let outcome = Outcome {
                        phase: phase(&ending),
                        is_idempotent: exchange.is_idempotent,
                    };
                    // Without looking at the clock.
                    if !outcome.is_retryable() {
                        return Ok((ending, earlier));
                    }
                    let wait = retry.decide(&outcome, number, started.elapsed(), fastrand::f64());
                    let can_repeat = |_: &_| !exchange.is_spent() && self.budget.withdraw();
                    let Some(wait) = wait.filter(can_repeat) else {
                        return Ok((ending, earlier));
                    };
                    last = Some(Box::new((ending, earlier)));
                    earlier.may_have_been_applied |= outcome.phase.may_have_been_applied();
                    earlier.attempts += 1;
                    wait
                };
                telemetry::note_resend(earlier.attempts, wait);
                time::sleep(wait).await;
                began = Instant::now();
            }
        }
    }
}

impl Ending {
    /// The status of the response, if one arrived.
    pub(crate) fn status(&self) -> Option<u16> {
        match self {
            Self::Answered(response) | Self::Begun(response, _) => Some(response.status()),
            Self::Failed { status, .. } => *status,
        }
    }

    pub(crate) fn failed(status: Option<u16>, failure: Failure) -> Self {
        Self::Failed { status, failure }
    }

    fn phase(&self) -> Phase {
        match self {
            Self::Answered(response) | Self::Begun(response, _) => {
                let status = response.status();
                // Of any other, nobody asks.
                let is_retryable = is_retryable_status(status, true);
                let now = is_retryable.then(SystemTime::now);
                Phase::Answered {
                    status,
                    retry_after: now.and_then(|now| response.retry_after(now)),
                }
            }
            Self::Failed {
                status: None,
                failure,
            } => failure.phase(),
            Self::Failed { .. } => Phase::NoAnswer,
        }
    }
}

impl Failure {
    /// How far a request without a response got.
    pub(crate) fn phase(&self) -> Phase {
        match self {
            Self::Http(error) => phase_of(error),
            Self::TimedOut => Phase::NoAnswer,
            Self::Given(error) => match **error {
                Error::NotSent { is_temporary, .. } if is_temporary => Phase::NotSent,
                Error::NoAnswer { .. } => Phase::NoAnswer,
                _ => Phase::Impossible,
            },
        }
    }

    /// The cause of an error, without the URL.
    pub(crate) fn into_cause(self) -> Box<dyn std::error::Error + Send + Sync> {
        match self {
            Self::Http(error) => error.without_url().into(),
            Self::TimedOut => io::Error::new(io::ErrorKind::TimedOut, "operation timed out").into(),
            Self::Given(error) => error,
        }
    }

    /// How OpenTelemetry could name it.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::TimedOut => "timeout",
            Self::Http(error) if error.is_timeout() => "timeout",
            Self::Http(error) if error.is_connect() => "connect",
            Self::Given(error) if matches!(**error, Error::NotSent { .. }) => "connect",
            Self::Http(_) | Self::Given(_) => "no_answer",
        }
    }
}

fn phase_of(error: &reqwest::Error) -> Phase {
    if error.is_builder() || is_tls_error(error) || is_refused_by_proxy(error) {
        Phase::Impossible
    } else if error.is_connect() {
        Phase::NotSent
    } else {
        Phase::NoAnswer
    }
}

/// A server that does not support TLS, or whose certificate is not trusted, will not change within seconds.
#[cfg(feature = "rustls")]
fn is_tls_error(error: &reqwest::Error) -> bool {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(error) = cause {
        if error.is::<rustls::Error>() {
            return true;
        }
        // `source` of an I/O error skips the error that it wraps.
        cause = match error
            .downcast_ref::<std::io::Error>()
            .and_then(std::io::Error::get_ref)
        {
            Some(wrapped) => Some(wrapped),
            None => error.source(),
        };
    }
    false
}

#[cfg(not(feature = "rustls"))]
fn is_tls_error(_: &reqwest::Error) -> bool {
    false
}

/// Whether a proxy answered 407 to `CONNECT`, which it would do again. hyper-util hides the type of this error, but not its text.
fn is_refused_by_proxy(error: &reqwest::Error) -> bool {
    let first: &(dyn std::error::Error + 'static) = error;
    let mut causes = std::iter::successors(Some(first), |error| error.source());
    error.is_connect()
        && causes.any(|cause| cause.to_string() == "tunnel error: proxy authorization required")
}

#[cfg(test)]
mod tests {
    use std::cell::{Cell, RefCell};
    use std::future::ready;

    use super::*;
    use crate::client::Streamed;

    fn exchange(is_idempotent: bool) -> Exchange<'static> {
        Exchange {
            operation: None,
            is_idempotent,
            retry: None,
            timeout: None,
            body: None,
            streamed: Streamed::None,
        }
    }

    /// Makes attempts until no retry is allowed.
    async fn repeat<F: Future<Output = Phase>>(
        transport: &Transport,
        is_idempotent: bool,
        attempt: impl Fn(Duration) -> F,
    ) -> Earlier {
        let exchange = exchange(is_idempotent);
        let attempt = |_, _, remaining| {
            let attempt = attempt(remaining);
            async { Ok(attempt.await) }
        };
        let repeated = transport.repeat(&exchange, Phase::clone, attempt);
        repeated.await.unwrap().1
    }

    /// Attempts that end in these phases, one after the other; returns when each began, in virtual milliseconds.
    async fn attempts(policy: RetryPolicy, is_idempotent: bool, phases: &[Phase]) -> Vec<u128> {
        let transport = Transport::new(policy, Duration::from_secs(30));
        let started = Instant::now();
        let begun = RefCell::new(Vec::new());
        let attempt = |_| {
            begun.borrow_mut().push(started.elapsed().as_millis());
            ready(phases[begun.borrow().len() - 1].clone())
        };
        repeat(&transport, is_idempotent, attempt).await;
        begun.into_inner()
    }

    fn answered(status: u16, retry_after: Option<u64>) -> Phase {
        Phase::Answered {
            status,
            retry_after: retry_after.map(Duration::from_secs),
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_request_is_repeated_until_it_is_answered() {
        let phases = [Phase::NotSent, answered(503, Some(7)), answered(200, None)];
        let begun = attempts(RetryPolicy::default(), true, &phases).await;
        assert_eq!(begun.len(), 3);
        assert!(
            begun[1] <= 201,
            "the first wait is at most 200 ms: {begun:?}"
        );
        assert!(
            (7000..7002).contains(&(begun[2] - begun[1])),
            "the server asked for seven seconds: {begun:?}"
        );
    }

    #[tokio::test(start_paused = true)]
    async fn the_last_attempt_is_not_followed_by_a_wait() {
        let phases = [Phase::NotSent, Phase::NotSent, Phase::NotSent];
        assert_eq!(
            attempts(RetryPolicy::default(), false, &phases).await.len(),
            3
        );
        assert_eq!(attempts(RetryPolicy::never(), false, &phases).await, [0]);
    }

    #[tokio::test(start_paused = true)]
    async fn nothing_that_may_have_been_applied_is_repeated_if_that_does_harm() {
        assert_eq!(
            attempts(RetryPolicy::default(), false, &[Phase::NoAnswer]).await,
            [0]
        );
        assert_eq!(
            attempts(RetryPolicy::default(), false, &[answered(503, Some(1))]).await,
            [0]
        );
    }

    #[tokio::test(start_paused = true)]
    async fn what_an_earlier_attempt_may_have_done_is_not_forgotten() {
        for (first, expected) in [
            (Phase::NoAnswer, true),
            (answered(502, None), true),
            (answered(429, None), false),
            (Phase::NotSent, false),
        ] {
            let transport = Transport::new(RetryPolicy::default(), Duration::from_secs(30));
            let phases = RefCell::new(vec![Phase::NotSent, Phase::NotSent, first.clone()]);
            let attempt = |_| ready(phases.borrow_mut().pop().unwrap());
            let earlier = repeat(&transport, true, attempt).await;
            assert_eq!(
                earlier,
                Earlier {
                    attempts: 2,
                    may_have_been_applied: expected
                },
                "{first:?}"
            );
        }
    }

    #[tokio::test(start_paused = true)]
    async fn what_cannot_be_built_again_is_sent_once() {
        let transport = Transport::new(RetryPolicy::default(), Duration::from_secs(30));
        let attempts = Cell::new(0);
        let attempt = |_, _, _| {
            attempts.set(attempts.get() + 1);
            ready(match attempts.get() {
                1 => Ok(Phase::NotSent),
                _ => Err(Error::invalid_input("token", "it is empty")),
            })
        };
        let exchange = exchange(true);
        let send = || transport.repeat(&exchange, Phase::clone, &attempt);
        let (ending, earlier) = send().await.unwrap();
        assert_eq!((ending, attempts.get()), (Phase::NotSent, 2));
        assert_eq!(earlier, Earlier::default());
        send().await.unwrap_err();
        assert_eq!(attempts.get(), 3);
    }

    #[tokio::test(start_paused = true)]
    async fn each_attempt_gets_what_is_left_of_the_time() {
        let transport = Transport::new(RetryPolicy::default(), Duration::from_secs(30));
        let left = RefCell::new(Vec::new());
        let attempt = |remaining: Duration| {
            left.borrow_mut().push(remaining.as_secs());
            async {
                time::sleep(Duration::from_secs(25)).await;
                Phase::NoAnswer
            }
        };
        repeat(&transport, true, attempt).await;
        let left = left.into_inner();
        assert_eq!(left[0], 60);
        assert!(
            (34..=35).contains(&left[1]) && (8..=10).contains(&left[2]),
            "{left:?}"
        );
    }

    #[tokio::test(start_paused = true)]
    async fn the_budget_ends_retries_when_everything_fails() {
        let transport = Transport::new(RetryPolicy::default(), Duration::from_secs(30));
        let attempts = RefCell::new(0);
        let attempt = |_| {
            *attempts.borrow_mut() += 1;
            ready(answered(429, Some(0)))
        };
        for _ in 0..100 {
            repeat(&transport, false, attempt).await;
        }
        // A hundred requests, a fifth of them again, and ten more.
        assert!((110..=131).contains(&*attempts.borrow()), "{attempts:?}");
    }
}
