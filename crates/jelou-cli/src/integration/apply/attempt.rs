//! Sends a row until it is applied or fails permanently. Every attempt counts towards the rate limit.
//!
//! The client's own retries are disabled, because they would bypass the rate limit and could not share one row's `Retry-After`
//! with the others. This module applies the client's retry rules across all rows.

use std::rc::Rc;
use std::time::{Duration, SystemTime};

use jelou_client::{Client, Error, RetryPolicy, Secret};
use tokio::sync::watch;
use tokio::time::{self, Instant};

use super::operation::{Action, Done, Operation};
use super::pace::Pace;
use super::row::Row;

/// Maximum number of attempts per row.
const ATTEMPTS: u32 = 5;

/// A longer wait requested by the server ends the run.
pub(super) const LONGEST_HOLD: Duration = Duration::from_secs(10 * 60);

/// A row to be sent.
pub(super) struct Task {
    pub(super) number: u32,
    pub(super) row: Row,
    pub(super) operation: Operation,
    /// Whether an earlier run got no clear answer for it.
    pub(super) is_in_doubt: bool,
    pub(super) client: Client,
}

/// The outcome of sending a row.
pub(super) struct Answer {
    pub(super) number: u32,
    pub(super) row: Row,
    pub(super) action: Action,
    /// The signing secret of a created integration.
    pub(super) secret: Option<Secret>,
    pub(super) result: Result<(), Error>,
    /// Whether a failed attempt may still have been applied.
    pub(super) may_have_been_applied: bool,
    pub(super) attempts: u32,
    /// From the first attempt to the last response.
    pub(super) duration: Duration,
    /// The wait requested by the server, if it is longer than [`LONGEST_HOLD`].
    pub(super) long_wait: Option<Duration>,
}

impl Answer {
    /// Whether a person has to find out if the row was applied, because it must not be sent again.
    pub(super) fn is_unknown(&self) -> bool {
        self.action == Action::Create && self.result.is_err() && self.may_have_been_applied
    }
}

impl Task {
    /// Sends the row; the caller has already taken the turn for the first attempt. Does not start another attempt once
    /// `is_stopping`.
    pub(super) async fn send(
        self,
        pace: Rc<Pace>,
        mut is_stopping: watch::Receiver<bool>,
    ) -> Answer {
        let begin = Instant::now();
        let mut answer = Answer {
            number: self.number,
            row: self.row,
            action: self.operation.action(),
            secret: None,
            result: Ok(()),
            may_have_been_applied: false,
            attempts: 0,
            duration: Duration::ZERO,
            long_wait: None,
        };
        loop {
            answer.attempts += 1;
            let mut sent = self.operation.send(&self.client).await;
            answer.duration = begin.elapsed();
            let asked = match &sent {
                Ok(done) => done.wait,
                Err(error) => error
                    .response()
                    .and_then(|response| response.retry_after(SystemTime::now())),
            };
            answer.long_wait = asked.filter(|wait| *wait > LONGEST_HOLD);
            if let (Some(wait), None) = (asked, answer.long_wait) {
                pace.hold(wait);
            }
            let is_repeated = self.is_in_doubt || answer.may_have_been_applied;
            if answer.action == Action::Delete && is_repeated && sent.as_ref().is_err_and(is_gone) {
                sent = Ok(Done::default());
            }
            let error = match sent {
                Ok(done) => {
                    answer.result = Ok(());
                    answer.may_have_been_applied = false;
                    answer.secret = done.secret;
                    return answer;
                }
                Err(error) => error,
            };
            answer.may_have_been_applied |= error.may_have_been_applied();
            let may_do_harm = answer.action == Action::Create && answer.may_have_been_applied;
            let is_last = answer.attempts == ATTEMPTS
                || !error.is_retryable()
                || may_do_harm
                || answer.long_wait.is_some()
                || *is_stopping.borrow();
            answer.result = Err(error);
            if is_last {
                return answer;
            }
            let next = async {
                if asked.is_none() {
                    time::sleep(RetryPolicy::default().draw_backoff(answer.attempts)).await;
                }
                pace.wait().await;
            };
            tokio::select! {
                () = next => {}
                _ = is_stopping.wait_for(|is_stopping| *is_stopping) => return answer,
            }
        }
    }
}

/// Whether there was nothing to delete. After an earlier attempt without a clear answer, that attempt most likely deleted it.
fn is_gone(error: &Error) -> bool {
    error
        .response()
        .is_some_and(|response| response.status() == 404)
}
