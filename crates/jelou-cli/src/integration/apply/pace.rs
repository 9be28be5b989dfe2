//! Decides when the next request may be sent: the shared rate limit, and waits requested by the server. Does not send.

use std::cell::Cell;
use std::num::NonZeroU32;
use std::time::Duration;

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use tokio::time::{self, Instant};

/// Burst size under a rate limit: the requests due within this time, since timers have millisecond resolution at best.
const GRAIN: Duration = Duration::from_millis(20);

/// Limits when requests are sent. Single-threaded.
pub(super) struct Pace {
    limiter: Option<DefaultDirectRateLimiter>,
    clock: DefaultClock,
    /// No request may be sent before this time.
    held_until: Cell<Option<Instant>>,
}

impl Pace {
    /// `rate` is in requests per second and positive; `None` means unlimited.
    pub(super) fn new(rate: Option<f64>) -> Self {
        let quota = rate.and_then(|rate| {
            let quota = Quota::with_period(Duration::from_secs_f64(1.0 / rate))?;
            let burst = (rate * GRAIN.as_secs_f64()) as u32;
            Some(quota.allow_burst(NonZeroU32::new(burst).unwrap_or(NonZeroU32::MIN)))
        });
        Self {
            limiter: quota.map(RateLimiter::direct),
            clock: DefaultClock::default(),
            held_until: Cell::new(None),
        }
    }

    /// Holds all requests for `wait` from now; does not shorten an earlier hold.
    pub(super) fn hold(&self, wait: Duration) {
        let until = Instant::now().checked_add(wait);
        self.held_until.set(self.held_until.get().max(until));
    }

    /// Takes the turn for one request.
    ///
    /// # Errors
    /// The limit is reached; contains how long to wait before trying again.
    pub(super) fn take(&self) -> Result<(), Duration> {
        if let Some(until) = self.held_until.get() {
            let wait = until.saturating_duration_since(Instant::now());
            if !wait.is_zero() {
                return Err(wait);
            }
            self.held_until.set(None);
        }
        let Some(limiter) = &self.limiter else {
            return Ok(());
        };
        limiter
            .check()
            .map_err(|not_until| not_until.wait_time_from(self.clock.now()))
    }

    /// Waits until one request may be sent, and takes its turn.
    pub(super) async fn wait(&self) {
        while let Err(wait) = self.take() {
            time::sleep(wait).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_is_what_falls_due_between_two_ticks() {
        for (rate, at_once) in [(0.5, 1), (10.0, 1), (1000.0, 20)] {
            let pace = Pace::new(Some(rate));
            let taken = (0..100).take_while(|_| pace.take().is_ok()).count();
            assert_eq!(taken, at_once, "{rate}");
        }
    }

    #[test]
    fn the_next_turn_comes_after_the_period() {
        let pace = Pace::new(Some(0.01));
        assert_eq!(pace.take(), Ok(()));
        let wait = pace.take().unwrap_err();
        assert!(
            wait > Duration::from_secs(90) && wait <= Duration::from_secs(100),
            "{wait:?}"
        );
    }

    #[tokio::test(start_paused = true)]
    async fn a_wait_that_a_server_asks_for_holds_everything() {
        let pace = Pace::new(None);
        assert_eq!(pace.take(), Ok(()));
        pace.hold(Duration::from_secs(7));
        pace.hold(Duration::from_secs(3));
        let begin = Instant::now();
        pace.wait().await;
        assert_eq!(begin.elapsed().as_secs(), 7);
        assert_eq!(pace.take(), Ok(()));
    }
}
