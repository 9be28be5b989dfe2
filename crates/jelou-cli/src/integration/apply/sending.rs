//! The second pass: sends the rows that have not been applied yet, several concurrently, and records the outcomes.
//!
//! Runs on a single thread. Outcomes and the rows to send next are written to the journal together, so that a batch of rows
//! shares the cost of a write.

use std::rc::Rc;
use std::time::Duration;

use futures_util::future::FutureExt;
use futures_util::stream::{FuturesUnordered, StreamExt};
use tokio::sync::watch;
use tokio::time;

use super::attempt::{Answer, Task};
use super::interruption::{self, Interruption};
use super::journal::{Event, Fingerprint, Journal};
use super::operation::Action;
use super::pace::Pace;
use super::remaining::Remaining;
use super::report::Recorder;
use super::secrets::SecretsFile;
use crate::failure::Failure;

/// Interval between progress updates while no response arrives.
const TICK: Duration = Duration::from_secs(1);

/// How rows are sent.
#[derive(Clone, Copy, Debug)]
pub(super) struct Settings {
    pub(super) concurrency: usize,
    /// Stop after this many consecutive failures; 0 disables.
    pub(super) max_failures: u64,
}

/// Why sending ended.
#[derive(Debug)]
pub(super) enum Ending {
    /// Every row was sent.
    Finished,
    /// Interrupted by the user.
    Interrupted,
    /// Interrupted twice, with this many rows in flight.
    Aborted(u64),
    /// This many consecutive rows failed.
    Failures(u64),
    /// The server asks for a wait of this length.
    LongWait(Duration),
    /// The journal cannot be written, or the input cannot be read.
    Broken(Failure),
}

/// Sends the remaining rows.
pub(super) async fn send(
    remaining: &mut Remaining<'_>,
    journal: &mut Journal,
    pace: Rc<Pace>,
    settings: Settings,
    recorder: &mut Recorder<'_>,
    secrets: &mut Option<SecretsFile>,
) -> Ending {
    let mut interruption = match Interruption::listen() {
        Ok(interruption) => interruption,
        Err(error) => return Ending::Broken(interruption::unheard(&error)),
    };
    let (stop, is_stopping) = watch::channel(false);
    let mut on_their_way = FuturesUnordered::new();
    let mut batch: Vec<(Fingerprint, Task)> = Vec::new();
    let mut ending: Option<Ending> = None;
    let mut in_succession = 0;
    loop {
        let mut turn = None;
        while ending.is_none() && on_their_way.len() + batch.len() < settings.concurrency {
            if let Err(wait) = pace.take() {
                turn = Some(wait);
                break;
            }
            match remaining.next() {
                Ok(Some(task)) => {
                    let fingerprint = journal.fingerprint(&task.row);
                    let event = match task.operation.action() {
                        Action::Create => Event::SentToCreate,
                        Action::Update | Action::Delete => Event::Sent,
                    };
                    journal.note(fingerprint, event);
                    batch.push((fingerprint, task));
                }
                Ok(None) => ending = Some(Ending::Finished),
                Err(failure) => ending = Some(Ending::Broken(failure)),
            }
        }
        match journal.write() {
            Ok(()) => {
                for (fingerprint, task) in batch.drain(..) {
                    let answer = task.send(Rc::clone(&pace), is_stopping.clone());
                    on_their_way.push(answer.map(move |answer| (fingerprint, answer)));
                }
            }
            Err(failure) => {
                batch.clear();
                ending = Some(Ending::Broken(failure));
            }
        }
        if !matches!(ending, None | Some(Ending::Finished)) {
            stop.send_replace(true);
        }
        if on_their_way.is_empty() && turn.is_none() {
            return ending.unwrap_or(Ending::Finished);
        }

        let wait = turn.map_or(TICK, |wait| wait.min(TICK));
        tokio::select! {
            Some(first) = on_their_way.next() => {
                let mut next = Some(first);
                while let Some((fingerprint, mut answer)) = next {
                    // Keep the secret before the journal records the row as applied.
                    if let Err(failure) = recorder.keep_secret(&mut answer, secrets) {
                        ending = Some(Ending::Broken(failure));
                    }
                    take(fingerprint, answer, journal, recorder, &mut in_succession, &mut ending, settings);
                    next = on_their_way.next().now_or_never().flatten();
                }
            }
            () = interruption.next() => {
                if matches!(ending, Some(Ending::Interrupted)) {
                    return Ending::Aborted(on_their_way.len() as u64);
                }
                recorder.interrupted(on_their_way.len());
                ending = Some(Ending::Interrupted);
            }
            () = time::sleep(wait) => {}
        }
        recorder.show();
    }
}

/// Records an outcome, and decides whether it ends the run.
fn take(
    fingerprint: Fingerprint,
    answer: Answer,
    journal: &mut Journal,
    recorder: &mut Recorder<'_>,
    in_succession: &mut u64,
    ending: &mut Option<Ending>,
    settings: Settings,
) {
    let event = match (&answer.result, answer.may_have_been_applied) {
        (Ok(()), _) => Event::Applied,
        (Err(_), false) => Event::Refused,
        (Err(_), true) => Event::Unclear,
    };
    journal.note(fingerprint, event);
    *in_succession = match event {
        Event::Applied => 0,
        _ => *in_succession + 1,
    };
    if ending.is_none() {
        if let Some(wait) = answer.long_wait {
            *ending = Some(Ending::LongWait(wait));
        } else if *in_succession == settings.max_failures {
            *ending = Some(Ending::Failures(*in_succession));
        }
    }
    recorder.take(&answer);
}
