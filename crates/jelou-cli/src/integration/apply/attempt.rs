//! Sends one row until it is answered for good. Every attempt takes its turn.
//!
//! The client could try again by itself, but out of sight: then neither the rate would hold, nor would one row learn from the
//! `Retry-After` of another. So its own retries are off, and its rules are followed here, between all rows.

use std::rc::Rc;
use std::time::{Duration, SystemTime};

use jelou_client::{Client, Error, RetryPolicy};
use tokio::sync::watch;
use tokio::time::{self, Instant};

use super::pace::Pace;
use super::row::Row;
use super::update::Update;

/// How often a row is sent at the most.
const ATTEMPTS: u32 = 5;

/// A server that asks for a longer wait ends the run.
pub(super) const LONGEST_HOLD: Duration = Duration::from_secs(10 * 60);

/// A row on its way.
pub(super) struct Task {
    pub(super) number: u32,
    pub(super) row: Row,
    pub(super) update: Update,
    pub(super) client: Client,
}

/// What came of a row.
pub(super) struct Answer {
    pub(super) number: u32,
    pub(super) row: Row,
    pub(super) result: Result<(), Error>,
    /// Whether one of the attempts that failed may have been applied all the same.
    pub(super) may_have_been_applied: bool,
    pub(super) attempts: u32,
    /// From the first attempt to the last answer.
    pub(super) duration: Duration,
    /// The wait that the server asks for, if it is too long.
    pub(super) long_wait: Option<Duration>,
}

impl Task {
    /// Sends it; the first turn was taken before. Once `is_stopping`, no attempt is waited for.
    pub(super) async fn send(
        self,
        pace: Rc<Pace>,
        mut is_stopping: watch::Receiver<bool>,
    ) -> Answer {
        let begin = Instant::now();
        let mut answer = Answer {
            number: self.number,
            row: self.row,
            result: Ok(()),
            may_have_been_applied: false,
            attempts: 0,
            duration: Duration::ZERO,
            long_wait: None,
        };
        loop {
            answer.attempts += 1;
            let sent = self.update.send(&self.client).await;
            answer.duration = begin.elapsed();
            let asked = match &sent {
                Ok(asked) => *asked,
                Err(error) => error
                    .response()
                    .and_then(|response| response.retry_after(SystemTime::now())),
            };
            answer.long_wait = asked.filter(|wait| *wait > LONGEST_HOLD);
            if let (Some(wait), None) = (asked, answer.long_wait) {
                pace.hold(wait);
            }
            let Err(error) = sent else {
                answer.result = Ok(());
                answer.may_have_been_applied = false;
                return answer;
            };
            answer.may_have_been_applied |= error.may_have_been_applied();
            let is_last = answer.attempts == ATTEMPTS
                || !error.is_retryable()
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
