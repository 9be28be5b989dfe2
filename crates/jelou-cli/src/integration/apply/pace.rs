//! When the next request may go: the rate that all rows share, and the wait that a server has asked for. Does not send.

use std::cell::Cell;
use std::num::NonZeroU32;
use std::time::Duration;

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use tokio::time::{self, Instant};

/// Requests that may go at once under a rate: as many as fall due in that time, since timers are no finer than a millisecond.
const GRAIN: Duration = Duration::from_millis(20);

/// Lets requests go. For one thread.
pub(super) struct Pace {
    limiter: Option<DefaultDirectRateLimiter>,
    clock: DefaultClock,
    /// Nothing goes before.
    held_until: Cell<Option<Instant>>,
}

impl Pace {
    /// `rate` is in requests per second, above zero; `None` sets no limit.
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

    /// Lets nothing go for `wait`, counted from now; a longer wait from before stays.
    pub(super) fn hold(&self, wait: Duration) {
        let until = Instant::now().checked_add(wait);
        self.held_until.set(self.held_until.get().max(until));
    }

    /// Takes the turn of one request.
    ///
    /// # Errors
    /// It is not its turn yet; how long to wait before it is asked for again.
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

    /// Waits for the turn of one request, and takes it.
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
    fn a_rate_lets_go_as_many_at_once_as_fall_due_between_two_ticks() {
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
