//! Records the requests that a sandbox received and how it responded. Secrets are removed before anything is kept.
//!
//! The record is bounded by [`Limits`]: the oldest requests are dropped first and counted.

use std::{
    collections::VecDeque,
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::SystemTime,
};

use axum::http::{Method, StatusCode, request::Parts};
use tokio::sync::watch;

use crate::{
    contract::{answer::Answer, redaction::Redaction},
    received_body::ReceivedBody,
};

/// A request that a sandbox received, without its secrets, and how the sandbox responded.
///
/// Each value that the document marks as a credential, as `writeOnly` or as `format: password` is replaced with `[redacted]`.
/// A body that is not JSON is omitted entirely.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ReceivedRequest {
    /// Counts all requests since the start, from one. Numbers are not reused after the record is cleared.
    pub number: u64,
    /// When the response was ready.
    pub time: SystemTime,
    /// The method, in upper case.
    pub method: String,
    /// The path and query, encoded as received.
    pub target: String,
    /// Names, in lower case, and values.
    pub headers: Vec<(String, String)>,
    /// The body as text.
    pub body: String,
    /// The body of the response if it is JSON, without secrets, and its beginning if it is longer than 4 KiB.
    pub response: String,
    /// The documented operation: its `operationId`, or its method and path if it has none. `None` if no operation matches.
    pub operation: Option<String>,
    /// The status of the response.
    pub status: u16,
    /// What was wrong with the request; empty if it was performed.
    pub problems: Vec<String>,
    /// The fault that was applied to the response, if any.
    pub fault: Option<String>,
}

impl ReceivedRequest {
    /// The first value of a header. The name is case-insensitive.
    pub fn header(&self, name: &str) -> Option<&str> {
        let header = self
            .headers
            .iter()
            .find(|(given, _)| given.eq_ignore_ascii_case(name));
        header.map(|(_, value)| value.as_str())
    }
}

/// The limits of the record. The newest request is kept whatever its size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Limits {
    pub(crate) requests: usize,
    pub(crate) bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            requests: 10_000,
            bytes: 768 * 1024,
        }
    }
}

/// Additional information about how a request was handled.
#[derive(Clone, Debug, Default)]
pub(crate) struct Outcome {
    pub(crate) operation: Option<Arc<str>>,
    pub(crate) fault: Option<Arc<str>>,
}

/// The last requests, in the order in which their responses were ready.
pub(crate) struct Recorder {
    limits: Limits,
    kept: Mutex<Kept>,
    count: watch::Sender<u64>,
    /// How often the record was cleared.
    clears: watch::Sender<u64>,
}

#[derive(Default)]
struct Kept {
    entries: VecDeque<Entry>,
    /// The texts of all entries, concatenated: after a load test there are many, and separate allocations would add up.
    texts: VecDeque<u8>,
    /// Buffer in which the text of the next entry is built.
    draft: String,
    bytes: usize,
    dropped: u64,
    last_number: u64,
}

/// A request without its text. The text is the target, one line for each header, an empty line, the body and the response; header
/// values cannot contain a line feed.
struct Entry {
    number: u64,
    time: SystemTime,
    method: Method,
    status: StatusCode,
    outcome: Outcome,
    problems: Box<[String]>,
    length: usize,
    /// How much of it is the response.
    response: u32,
}

impl Recorder {
    pub(crate) fn of(limits: Limits) -> Self {
        Self {
            limits,
            kept: Mutex::default(),
            count: watch::Sender::new(0),
            clears: watch::Sender::new(0),
        }
    }

    pub(crate) fn record(
        &self,
        redaction: &Redaction,
        (head, path): (&Parts, &str),
        body: &ReceivedBody,
        answer: &Answer,
        outcome: Outcome,
    ) {
        let mut kept = self.lock();
        let draft = &mut kept.draft;
        draft.clear();
        redaction.write_target(path, head.uri.query(), draft);
        draft.push('\n');
        redaction.write_headers(&head.headers, draft);
        draft.push('\n');
        redaction.write_body(body, draft);
        let length = draft.len();
        redaction.write_answer(&answer.payload, draft);
        let response = u32::try_from(draft.len() - length).unwrap_or_default();
        let entry = Entry {
            number: 0,
            time: SystemTime::now(),
            method: head.method.clone(),
            status: answer.status,
            outcome,
            problems: answer
                .problems
                .iter()
                .chain(&answer.remark)
                .cloned()
                .collect(),
            length: 0,
            response,
        };
        let number = kept.push(entry, self.limits);
        drop(kept);
        let is_watched = self.count.receiver_count() > 0;
        self.count.send_if_modified(|count| {
            *count = number.max(*count);
            is_watched
        });
    }

    /// All requests in the record.
    pub(crate) fn received(&self) -> Vec<ReceivedRequest> {
        self.after(0, usize::MAX)
    }

    /// At most `limit` of the recorded requests with a number greater than `number`.
    pub(crate) fn after(&self, number: u64, limit: usize) -> Vec<ReceivedRequest> {
        let kept = self.lock();
        let start = kept.entries.partition_point(|entry| entry.number <= number);
        let skipped = kept.entries.range(..start);
        let mut offset: usize = skipped.map(|entry| entry.length).sum();
        let entries = kept.entries.range(start..).take(limit);
        entries
            .map(|entry| {
                let text = kept.texts.range(offset..offset + entry.length);
                offset += entry.length;
                entry.show(&String::from_utf8_lossy(
                    &text.copied().collect::<Vec<u8>>(),
                ))
            })
            .collect()
    }

    /// How many requests were received since the start, recorded or not.
    pub(crate) fn count(&self) -> u64 {
        self.lock().last_number
    }

    /// How many requests were dropped to make room for newer ones, since the start or the last clear.
    pub(crate) fn dropped(&self) -> u64 {
        self.lock().dropped
    }

    /// Clears the record; numbering continues.
    pub(crate) fn clear(&self) {
        let mut kept = self.lock();
        *kept = Kept {
            last_number: kept.last_number,
            ..Kept::default()
        };
        drop(kept);
        self.clears.send_modify(|clears| *clears += 1);
    }

    /// Watches the number of the last request.
    pub(crate) fn subscribe(&self) -> watch::Receiver<u64> {
        self.count.subscribe()
    }

    /// Watches how often the record was cleared.
    pub(crate) fn clears(&self) -> watch::Receiver<u64> {
        self.clears.subscribe()
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Recorder {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Recorder")
            .field("limits", &self.limits)
            .field("count", &self.count())
            .finish_non_exhaustive()
    }
}

impl Kept {
    /// Adds an entry whose text is in `draft`.
    fn push(&mut self, mut entry: Entry, limits: Limits) -> u64 {
        self.last_number += 1;
        entry.number = self.last_number;
        entry.length = self.draft.len();
        make_room(&mut self.texts, self.draft.len());
        self.texts.extend(self.draft.as_bytes());
        self.bytes += entry.bytes();
        make_room(&mut self.entries, 1);
        self.entries.push_back(entry);
        while self.entries.len() > limits.requests.max(1)
            || self.bytes > limits.bytes && self.entries.len() > 1
        {
            let Some(oldest) = self.entries.pop_front() else {
                break;
            };
            self.texts.drain(..oldest.length);
            self.bytes -= oldest.bytes();
            self.dropped += 1;
        }
        self.last_number
    }
}

/// Grows by an eighth instead of doubling, which could waste as much memory as the record needs.
fn make_room<T>(queue: &mut VecDeque<T>, added: usize) {
    if queue.capacity() - queue.len() < added {
        queue.reserve_exact(added.max(queue.len() / 8));
    }
}

impl Entry {
    fn bytes(&self) -> usize {
        let problems: usize = self.problems.iter().map(String::len).sum();
        size_of::<Self>() + self.length + problems
    }

    fn show(&self, text: &str) -> ReceivedRequest {
        let (head, body) = text.split_once("\n\n").unwrap_or((text, ""));
        let (body, response) = body.split_at(body.len() - self.response as usize);
        let mut lines = head.split('\n');
        ReceivedRequest {
            number: self.number,
            time: self.time,
            method: self.method.to_string(),
            target: lines.next().unwrap_or_default().to_owned(),
            headers: lines
                .filter_map(|line| line.split_once(": "))
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect(),
            body: body.to_owned(),
            response: response.to_owned(),
            operation: self.outcome.operation.as_deref().map(str::to_owned),
            status: self.status.as_u16(),
            problems: self.problems.to_vec(),
            fault: self.outcome.fault.as_deref().map(str::to_owned),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry() -> Entry {
        Entry {
            number: 0,
            time: SystemTime::UNIX_EPOCH,
            method: Method::GET,
            status: StatusCode::OK,
            outcome: Outcome::default(),
            problems: Box::default(),
            length: 0,
            response: 0,
        }
    }

    fn push(recorder: &Recorder, text: &str) {
        let mut kept = recorder.lock();
        kept.draft = text.to_owned();
        kept.push(entry(), recorder.limits);
    }

    fn recorder(requests: usize, bytes: usize, texts: &[&str]) -> Recorder {
        let recorder = Recorder::of(Limits { requests, bytes });
        texts.iter().for_each(|text| push(&recorder, text));
        recorder
    }

    fn numbers(recorder: &Recorder) -> Vec<u64> {
        let received = recorder.received();
        received.iter().map(|request| request.number).collect()
    }

    #[test]
    fn the_oldest_requests_are_dropped_and_counted() {
        let recorder = recorder(2, usize::MAX, &["/a\n\n", "/b\n\n", "/c\n\n"]);
        assert_eq!(numbers(&recorder), [2, 3]);
        assert_eq!((recorder.dropped(), recorder.count()), (1, 3));
        assert_eq!(recorder.after(2, 9)[0].target, "/c");
        assert_eq!(recorder.after(0, 1)[0].target, "/b");
    }

    #[test]
    fn the_record_is_limited_in_bytes_and_keeps_the_newest_request() {
        let large = format!("/large\n\n{}", "x".repeat(10_000));
        let recorder = recorder(9, 2_000, &["/a\n\n", "/b\n\n", &large]);
        assert_eq!(numbers(&recorder), [3]);
        push(&recorder, "/d\n\n");
        assert_eq!(numbers(&recorder), [4]);
        assert_eq!(recorder.received()[0].target, "/d");
        let kept = recorder.lock();
        assert_eq!((kept.texts.len(), kept.bytes), (4, size_of::<Entry>() + 4));
    }

    #[test]
    fn numbering_continues_after_the_record_is_cleared() {
        let recorder = recorder(1, usize::MAX, &["/a\n\n", "/b\n\n"]);
        recorder.clear();
        assert_eq!((recorder.received(), recorder.dropped()), (vec![], 0));
        push(&recorder, "/c\n\n");
        assert_eq!(numbers(&recorder), [3]);
    }

    #[test]
    fn a_request_is_shown_as_it_was_recorded() {
        let text = "/a?b\nhost: s\nx-empty: \nx-colon: a: b\n\n{\"a\":\n\n1}";
        let entry = Entry {
            response: 2,
            ..entry()
        };
        let shown = entry.show(&format!("{text}[]"));
        assert_eq!(shown.target, "/a?b");
        assert_eq!(shown.header("X-Colon"), Some("a: b"));
        assert_eq!(shown.header("x-empty"), Some(""));
        assert_eq!(shown.body, "{\"a\":\n\n1}");
        assert_eq!(shown.response, "[]");
    }
}
