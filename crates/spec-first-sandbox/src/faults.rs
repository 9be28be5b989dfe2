//! Fault injection: what goes wrong with a response, and when.
//!
//! Faults apply only to requests to documented operations. The random values of a request depend only on the seed, the number
//! of the request and the rule, so runs are reproducible regardless of what happens to other requests. Requests are numbered
//! in order of arrival, over all connections, starting when the rules are set.

mod delivery;
mod fault;
mod injection;
mod kind;
mod latency;
mod nonconforming;
mod reading;
mod scenario;

use std::{
    collections::BTreeSet,
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use axum::http::{HeaderName, StatusCode, request::Parts};
use fastrand::Rng;

use crate::Rejection;
pub(crate) use delivery::DeliveryRule;
pub use fault::{Fault, UnknownFault};
pub use scenario::{Scenario, ScenarioError};

pub(crate) use fault::SYNTAX;

use scenario::Rule;

/// The header with which a request asks for a fault, or for none with `none`.
const HEADER: HeaderName = HeaderName::from_static("x-sandbox-fault");

/// The rule index used for the random values of a fault in a header.
const OF_HEADER: usize = usize::MAX;

/// The faults of a sandbox.
#[derive(Debug)]
pub(crate) struct Faults {
    /// The rules that the sandbox started with.
    initial: Scenario,
    running: RwLock<Running>,
    /// Whether there are any rules, to skip the lock in a sandbox without faults.
    has_rules: AtomicBool,
}

/// The active rules and their progress.
#[derive(Debug)]
struct Running {
    seed: u64,
    requests: AtomicU64,
    rules: Vec<(Rule, Counts)>,
}

#[derive(Debug, Default)]
struct Counts {
    matched: AtomicU64,
    applied: AtomicU64,
}

/// What will go wrong with a response; usually nothing.
#[derive(Debug, Default)]
pub(crate) struct Plan(Option<Box<Injection>>);

#[derive(Debug)]
struct Injection {
    fault: Fault,
    delay: Duration,
    effect: Effect,
}

/// What happened to the request before the fault.
#[derive(Clone, Copy, Debug)]
enum Effect {
    NotPerformed,
    Performed,
    /// The response would have been an error.
    Refused,
}

impl Faults {
    /// `operations` are those of the document, which rules can refer to.
    pub(crate) fn of(
        scenario: &Scenario,
        operations: &BTreeSet<Arc<str>>,
    ) -> Result<Self, ScenarioError> {
        scenario.check(operations)?;
        Ok(Self {
            initial: scenario.clone(),
            running: RwLock::new(Running::of(scenario.clone())),
            has_rules: (!scenario.rules.is_empty()).into(),
        })
    }

    /// Replaces the rules, and restarts the numbering of requests.
    pub(crate) fn set(
        &self,
        scenario: Scenario,
        operations: &BTreeSet<Arc<str>>,
    ) -> Result<(), ScenarioError> {
        scenario.check(operations)?;
        self.replace(scenario);
        Ok(())
    }

    /// Restores the initial rules, and restarts the numbering of requests.
    pub(crate) fn reset(&self) {
        self.replace(self.initial.clone());
    }

    /// The rules about deliveries that the sandbox started with.
    pub(crate) fn initial_deliveries(&self) -> Vec<DeliveryRule> {
        self.initial.deliveries.clone()
    }

    /// Removes all rules.
    pub(crate) fn clear(&self) {
        self.replace(Scenario::default());
    }

    fn replace(&self, scenario: Scenario) {
        let has_rules = !scenario.rules.is_empty();
        *self.running.write().unwrap_or_else(PoisonError::into_inner) = Running::of(scenario);
        self.has_rules.store(has_rules, Ordering::Release);
    }

    /// The seed, and each rule with the number of requests it applied to.
    pub(crate) fn rules(&self) -> (u64, Vec<(String, u64)>) {
        let running = self.running.read().unwrap_or_else(PoisonError::into_inner);
        let rules = running
            .rules
            .iter()
            .map(|(rule, counts)| (rule.to_string(), counts.applied.load(Ordering::Relaxed)));
        (running.seed, rules.collect())
    }

    /// Decides what will go wrong with the response to a request.
    /// `Err` is the response to an invalid fault in a header.
    pub(crate) fn plan(&self, head: &Parts, operation: &str) -> Result<Plan, Rejection> {
        if head.headers.contains_key(HEADER) {
            return self.plan_by_header(head);
        }
        if !self.has_rules.load(Ordering::Acquire) {
            return Ok(Plan::default());
        }
        let running = self.running.read().unwrap_or_else(PoisonError::into_inner);
        let fault = running.choose(head, operation);
        Ok(fault.map_or_else(Plan::default, |(fault, mut random)| {
            inject(fault, &mut random)
        }))
    }

    fn plan_by_header(&self, head: &Parts) -> Result<Plan, Rejection> {
        // Repeated headers form a single fault.
        let values = head.headers.get_all(HEADER).iter();
        let words: Vec<_> = values
            .map(|value| String::from_utf8_lossy(value.as_bytes()))
            .collect();
        let asked_for = words.join(" ");
        if asked_for == "none" {
            return Ok(Plan::default());
        }
        let fault: Fault = asked_for.parse().map_err(|error| {
            Rejection::new(StatusCode::BAD_REQUEST, format!("`{HEADER}`: {error}"))
        })?;
        let mut random = {
            let running = self.running.read().unwrap_or_else(PoisonError::into_inner);
            let number = running.requests.fetch_add(1, Ordering::Relaxed);
            random(running.seed, number, OF_HEADER)
        };
        if random.f64() >= fault.probability {
            return Ok(Plan::default());
        }
        Ok(inject(fault, &mut random))
    }
}

fn inject(fault: Fault, random: &mut Rng) -> Plan {
    let delay = fault
        .latency
        .map_or(Duration::ZERO, |latency| latency.draw(random));
    Plan(Some(Box::new(Injection {
        fault,
        delay,
        effect: Effect::NotPerformed,
    })))
}

impl Running {
    fn of(scenario: Scenario) -> Self {
        Self {
            seed: scenario.seed.unwrap_or_default(),
            requests: AtomicU64::new(0),
            rules: scenario
                .rules
                .into_iter()
                .map(|rule| (rule, Counts::default()))
                .collect(),
        }
    }

    /// The fault of the first rule that applies to this request, with its random values.
    fn choose(&self, head: &Parts, operation: &str) -> Option<(Fault, Rng)> {
        let number = self.requests.fetch_add(1, Ordering::Relaxed);
        for (index, (rule, counts)) in self.rules.iter().enumerate() {
            if !rule.matches(operation, &head.method, head.uri.path()) {
                continue;
            }
            let matched = counts.matched.fetch_add(1, Ordering::Relaxed) + 1;
            if rule
                .requests
                .as_ref()
                .is_some_and(|requests| !requests.contains(&matched))
            {
                continue;
            }
            let mut random = random(self.seed, number, index);
            if random.f64() >= rule.fault.probability {
                continue;
            }
            let limit = rule.times.unwrap_or(u64::MAX);
            let injection =
                counts
                    .applied
                    .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |applied| {
                        (applied < limit).then_some(applied + 1)
                    });
            if injection.is_ok() {
                return Some((rule.fault.clone(), random));
            }
        }
        None
    }
}

/// The random values of a rule for a request: the same for the same seed, whatever happens to other requests.
fn random(seed: u64, number: u64, rule: usize) -> Rng {
    let mut mixed = Rng::with_seed(seed);
    for part in [number, rule as u64] {
        mixed = Rng::with_seed(mixed.u64(..) ^ part);
    }
    mixed
}

impl Plan {
    /// Whether the request is handled.
    pub(crate) fn performs(&self) -> bool {
        self.0
            .as_ref()
            .is_none_or(|injection| injection.fault.performs())
    }

    /// What the record shows: the fault, and whether the request was performed before it.
    pub(crate) fn name(&self) -> Option<Arc<str>> {
        let injection = self.0.as_ref()?;
        let effect = match injection.effect {
            Effect::NotPerformed => "not performed",
            Effect::Performed => "performed",
            Effect::Refused => "refused",
        };
        Some(format!("{} ({effect})", injection.fault).into())
    }
}

#[cfg(test)]
mod tests {
    use axum::http::Request;

    use super::*;

    fn faults(text: &str) -> Faults {
        let scenario = Scenario::parse("scenario.yaml", text).unwrap();
        Faults::of(&scenario, &["other".into()].into()).unwrap()
    }

    fn hits(faults: &Faults, count: usize) -> String {
        let head = Request::patch("/v1/a").body(()).unwrap().into_parts().0;
        let injection = |_| faults.plan(&head, "update").unwrap().0.is_some();
        (0..count)
            .map(injection)
            .map(|is_hit| if is_hit { 'x' } else { '.' })
            .collect()
    }

    #[test]
    fn a_run_is_reproducible_with_its_seed() {
        let scenario = |seed: u64| {
            faults(&format!(
                "version: 1\nseed: {seed}\nrules: [{{fault: reset probability=0.5}}]"
            ))
        };
        let first = hits(&scenario(1), 64);
        assert_eq!(first, hits(&scenario(1), 64));
        assert_ne!(first, hits(&scenario(2), 64));
        let applied = first.matches('x').count();
        assert!((20..44).contains(&applied), "{first}");
    }

    #[test]
    fn the_first_matching_rule_wins_and_each_rule_counts_its_own_requests() {
        let faults = faults(
            "version: 1\nrules:\n  - {fault: reset, requests: 2..3}\n  - {fault: close, times: 2}\n  - {fault: stall, operation: other}\n",
        );
        assert_eq!(hits(&faults, 6), "xxxx..");
        let applied: Vec<_> = faults
            .rules()
            .1
            .into_iter()
            .map(|(_, applied)| applied)
            .collect();
        assert_eq!(applied, [2, 2, 0]);
        faults.reset();
        assert_eq!(hits(&faults, 1), "x");
    }
}
