//! Which deliveries to webhooks go wrong, and how.

use std::{fmt, ops::RangeInclusive};

use crate::DeliveryFault;

use super::scenario::write_range;

/// A fault, the deliveries it applies to, and how many there were.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct DeliveryRule {
    pub(crate) fault: DeliveryFault,
    /// The name of what is delivered; any if there is none.
    pub(crate) event: Option<String>,
    /// Which of the matching deliveries, counted from one.
    pub(crate) deliveries: Option<RangeInclusive<u64>>,
    /// How many times it applies at most.
    pub(crate) times: Option<u64>,
    pub(crate) matched: u64,
    pub(crate) applied: u64,
}

impl DeliveryRule {
    /// Counts a delivery; returns whether the fault applies to it, which it does not if another one does: `is_free` is false.
    pub(crate) fn takes(&mut self, event: &str, is_free: bool) -> bool {
        if self.event.as_deref().is_some_and(|named| named != event) {
            return false;
        }
        self.matched += 1;
        let is_meant = self
            .deliveries
            .as_ref()
            .is_none_or(|range| range.contains(&self.matched));
        let applies = is_free && is_meant && self.times.is_none_or(|times| self.applied < times);
        self.applied += u64::from(applies);
        applies
    }
}

/// A rule on one line, for the control API.
impl fmt::Display for DeliveryRule {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "delivery {}", self.fault)?;
        if let Some(event) = &self.event {
            write!(formatter, ", event {event}")?;
        }
        write_range(formatter, "deliveries", self.deliveries.as_ref())?;
        match self.times {
            Some(times) => write!(formatter, ", times {times}"),
            None => Ok(()),
        }
    }
}
