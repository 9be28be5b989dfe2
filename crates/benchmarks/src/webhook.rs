//! `bench webhook`: verifying an event, compared with a bare HMAC over the same bytes.

use std::time::{Duration, Instant};

use hmac::{Hmac, KeyInit, Mac};
use http::HeaderMap;
use jelou_client::Secret;
use jelou_client::webhook::{self, Event, SIGNATURE_HEADER};
use sha2::Sha256;
use spec_first_runtime::{Bytes, Signature};

use crate::Error;
use crate::report::{Aim, Report};
use crate::rounds::{self, Side};

const SECRET: &str = "a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f90";

/// The target for the time to check a signature, relative to a bare HMAC.
const AIM: Aim = Aim::AtMost(1.2);

/// The lengths of the text in a message: a few words, a long letter, and almost the maximum.
const TEXTS: [(usize, &str); 3] = [
    (5, "message of a few words"),
    (64 * 1024, "message of 64 KiB"),
    (1024 * 1023, "message of 1023 KiB"),
];

/// The length of a round: shorter than a time slice of the system, so that a busy machine disturbs few pairs.
const ROUND: Duration = Duration::from_micros(300);

/// Calls are timed in batches that hash about this many bytes, since reading the clock takes a while, too.
const TIMED: usize = 16 * 1024;

/// A signed event.
#[derive(Debug)]
pub struct Signed {
    headers: HeaderMap,
    body: Bytes,
    secrets: [Secret; 1],
}

impl Signed {
    /// A message whose text has this length.
    ///
    /// # Errors
    /// Never: a signature is a valid header.
    pub fn message(length: usize) -> Result<Self, Error> {
        let event = serde_json::json!({
            "field": "messages",
            "object": "message_event",
            "event_type": "message",
            "timestamp": 1_776_134_278_574_u64,
            "project_id": "01h8xjz4b7fqkzv5y6w3n2m1pq",
            "room_id": "G:8f14e45f-ceea-467f-a9d0-0123456789ab:15551234567",
            "contact": {"id": "15551234567", "name": "Ada"},
            "conversation": {"id": "65a5f0c2e1b2a3c4d5e6f708"},
            "bot": {"id": "8f14e45f-ceea-467f-a9d0-0123456789ab", "name": "Support"},
            "value": {"id": "wamid.1", "type": "text", "content": {"body": "a".repeat(length)}},
        });
        let body = event.to_string();
        let secret = Secret::from(SECRET);
        let signature = webhook::sign(&secret, body.as_bytes()).parse();
        let signature =
            signature.map_err(|error: http::header::InvalidHeaderValue| Error::Setup {
                part: "signature",
                source: error.into(),
            })?;
        Ok(Self {
            headers: HeaderMap::from_iter([(
                http::HeaderName::from_static(SIGNATURE_HEADER),
                signature,
            )]),
            body: body.into(),
            secrets: [secret],
        })
    }

    /// Verifies the signature, and reads the event.
    pub fn read(&self) -> Option<Event> {
        webhook::verify(&self.headers, self.body.clone(), &self.secrets).ok()
    }

    /// Verifies the signature.
    pub fn is_signed(&self) -> bool {
        let signature = Signature::hmac_sha256(SIGNATURE_HEADER, "sha256=");
        let verified = signature.verify(&self.headers, &self.body, &self.secrets);
        verified.is_ok()
    }

    /// A bare HMAC over the body.
    pub fn hmac(&self) -> [u8; 32] {
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()) else {
            return [0; 32];
        };
        mac.update(&self.body);
        mac.finalize().into_bytes().into()
    }
}

/// Runs the bench, spending `duration` on it.
///
/// # Errors
/// An event cannot be made.
pub fn run(duration: Duration) -> Result<Report, Error> {
    let mut report = Report::new(
        "Verifying an event, compared with a bare HMAC-SHA256 over the same bytes.",
        ["verify", "HMAC"],
    );
    let pairs = duration.as_secs_f64() / (2.0 * ROUND.as_secs_f64() * 2.0 * TEXTS.len() as f64);
    for (length, name) in TEXTS {
        let signed = Signed::message(length)?;
        let calls = u32::try_from(TIMED / signed.body.len()).unwrap_or(1).max(1);
        let hmac = || time(calls, || signed.hmac());
        let compared = rounds::compare(pairs as usize, |side| {
            Ok::<_, Error>(match side {
                Side::First => time(calls, || signed.is_signed()),
                Side::Second => hmac(),
            })
        })?;
        let measure = format!("nanoseconds, signature of a {name}");
        report.add_compared(&measure, &compared, Some(AIM));
        let compared = rounds::compare(pairs as usize, |side| {
            Ok::<_, Error>(match side {
                Side::First => time(calls, || signed.read()),
                Side::Second => hmac(),
            })
        })?;
        let measure = format!("nanoseconds, signature and reading of a {name}");
        report.add_compared(&measure, &compared, None);
    }
    report.note(
        "reading is parsing JSON into the types of the event, which no HMAC does.".to_owned(),
    );
    Ok(report)
}

/// The nanoseconds that one call takes, in a round of many; the clock is read after each batch of `calls`.
fn time<T>(calls: u32, call: impl Fn() -> T) -> f64 {
    let started = Instant::now();
    let mut made = 0;
    while started.elapsed() < ROUND {
        for _ in 0..calls {
            std::hint::black_box(call());
        }
        made += calls;
    }
    started.elapsed().as_nanos() as f64 / f64::from(made)
}
