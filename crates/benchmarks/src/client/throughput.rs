//! Measures the updates per second of each client in alternating rounds.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::runtime::Runtime;
use tokio::task::JoinSet;

use super::measured;
#[cfg(feature = "openapi-generator")]
use super::openapi_generator::OpenapiGenerator;
use super::server::Server;
use super::update::{BareReqwest, JelouClient, Progenitor, Update, Way};
use crate::Error;
use crate::rounds::{self, Compared, Side};

/// The length of a round: much shorter than typical load changes, much longer than a request.
pub(super) const ROUND: Duration = Duration::from_millis(20);

/// Rounds of each client before measuring, to open connections and fill caches.
const WARM_UP: u32 = 4;

/// Compares the client with a peer for about `duration`, with `concurrency` concurrent requests.
pub(super) fn compare(
    server: &Server,
    peer: Way,
    concurrency: usize,
    duration: Duration,
) -> Result<Compared, Error> {
    let url = server.base_url();
    match peer {
        Way::JelouClient => compare_with(JelouClient::new(url)?, server, concurrency, duration),
        Way::BareReqwest => compare_with(BareReqwest::new(url)?, server, concurrency, duration),
        Way::Progenitor => compare_with(Progenitor::new(url)?, server, concurrency, duration),
        #[cfg(feature = "openapi-generator")]
        Way::OpenapiGenerator => {
            compare_with(OpenapiGenerator::new(url)?, server, concurrency, duration)
        }
    }
}

fn compare_with(
    peer: impl Update,
    server: &Server,
    concurrency: usize,
    duration: Duration,
) -> Result<Compared, Error> {
    let runtime = measured::runtime()?;
    let client = Arc::new(JelouClient::new(server.base_url())?);
    let peer = Arc::new(peer);
    for _ in 0..WARM_UP {
        round(&runtime, &client, concurrency)?;
        round(&runtime, &peer, concurrency)?;
    }
    let pairs = duration.as_secs_f64() / (2.0 * ROUND.as_secs_f64());
    rounds::compare(pairs as usize, |side| match side {
        Side::First => round(&runtime, &client, concurrency),
        Side::Second => round(&runtime, &peer, concurrency),
    })
}

/// The updates per second of one round.
fn round(runtime: &Runtime, client: &Arc<impl Update>, concurrency: usize) -> Result<f64, Error> {
    runtime.block_on(async {
        let started = Instant::now();
        let mut senders = JoinSet::new();
        for _ in 0..concurrency {
            senders.spawn(send_until(Arc::clone(client), started + ROUND));
        }
        let mut sent = 0;
        for result in senders.join_all().await {
            sent += result?;
        }
        Ok(f64::from(sent) / started.elapsed().as_secs_f64())
    })
}

/// Sends updates sequentially until `end` and returns their number.
async fn send_until(client: Arc<impl Update>, end: Instant) -> Result<u32, Error> {
    let mut sent = 0;
    while Instant::now() < end {
        std::hint::black_box(client.update().await?);
        sent += 1;
    }
    Ok(sent)
}
