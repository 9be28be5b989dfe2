//! Faults on demand: what goes wrong with an answer, and when.
//!
//! Only requests to operations of the document are struck. What is drawn for a request depends on the seed, the number of
//! the request and the rule alone, so that a run repeats itself, whatever happened to other requests. Requests are numbered
//! in the order in which they came in, over all connections, from the moment the rules were set.

mod carrying_out;
mod fault;
mod kind;
mod latency;
mod reading;
mod scenario;
mod unfit;

use std::{
    collections::{BTreeSet, HashSet},
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use axum::http::{HeaderName, StatusCode, request::Parts};
use fastrand::Rng;

use crate::answer::Answer;
pub use fault::{Fault, UnknownFault};
pub use scenario::{Scenario, ScenarioError};

pub(crate) use fault::SYNTAX;
pub(crate) use unfit::enumerated_fields;

use scenario::Rule;

/// The header with which a request asks for a fault, or with `none` for no fault.
const HEADER: HeaderName = HeaderName::from_static("x-sandbox-fault");

/// What the fault of a header draws from, in the place of the index of a rule.
const OF_HEADER: usize = usize::MAX;

/// The faults of a sandbox.
#[derive(Debug)]
pub(crate) struct Faults {
    /// What the sandbox started with.
    initial: Scenario,
    running: RwLock<Running>,
    /// Whether there are rules: most sandboxes have none, and need not look further.
    has_rules: AtomicBool,
    /// The fields of the document that have an `enum`.
    enumerated: Arc<HashSet<String>>,
    /// The operations of the document, which a rule can name.
    operations: BTreeSet<Arc<str>>,
}

/// The rules in force, and what they have done so far.
#[derive(Debug)]
struct Running {
    seed: u64,
    requests: AtomicU64,
    rules: Vec<(Rule, Counts)>,
}

#[derive(Debug, Default)]
struct Counts {
    meant: AtomicU64,
    struck: AtomicU64,
}

/// What will go wrong with one answer; most often nothing.
#[derive(Debug, Default)]
pub(crate) struct Plan(Option<Box<Strike>>);

#[derive(Debug)]
struct Strike {
    fault: Fault,
    delay: Duration,
    effect: Effect,
    enumerated: Arc<HashSet<String>>,
}

/// What became of the request before the fault struck.
#[derive(Clone, Copy, Debug)]
enum Effect {
    NotPerformed,
    Performed,
    /// The answer would have been no success.
    Refused,
}

impl Faults {
    /// `enumerated` are the fields of the document that have an `enum`.
    pub(crate) fn of(
        scenario: &Scenario,
        enumerated: HashSet<String>,
        operations: BTreeSet<Arc<str>>,
    ) -> Result<Self, ScenarioError> {
        scenario.check(&operations)?;
        Ok(Self {
            initial: scenario.clone(),
            running: RwLock::new(Running::of(scenario.clone())),
            has_rules: (!scenario.rules.is_empty()).into(),
            enumerated: Arc::new(enumerated),
            operations,
        })
    }

    /// Takes other rules, from the first request on.
    pub(crate) fn set(&self, scenario: Scenario) -> Result<(), ScenarioError> {
        scenario.check(&self.operations)?;
        self.replace(scenario);
        Ok(())
    }

    /// Takes the rules that the sandbox started with, from the first request on.
    pub(crate) fn reset(&self) {
        self.replace(self.initial.clone());
    }

    /// Takes all rules away.
    pub(crate) fn clear(&self) {
        self.replace(Scenario::default());
    }

    fn replace(&self, scenario: Scenario) {
        let has_rules = !scenario.rules.is_empty();
        *self.running.write().unwrap_or_else(PoisonError::into_inner) = Running::of(scenario);
        self.has_rules.store(has_rules, Ordering::Release);
    }

    /// The seed, and each rule with the number of requests that it struck.
    pub(crate) fn rules(&self) -> (u64, Vec<(String, u64)>) {
        let running = self.running.read().unwrap_or_else(PoisonError::into_inner);
        let rules = running
            .rules
            .iter()
            .map(|(rule, counts)| (rule.to_string(), counts.struck.load(Ordering::Relaxed)));
        (running.seed, rules.collect())
    }

    /// What will go wrong with the answer to a request. `Err` is the answer to a request whose header names no fault.
    pub(crate) fn plan(&self, head: &Parts, operation: &str) -> Result<Plan, Answer> {
        if head.headers.contains_key(HEADER) {
            return self.plan_by_header(head);
        }
        if !self.has_rules.load(Ordering::Acquire) {
            return Ok(Plan::default());
        }
        let running = self.running.read().unwrap_or_else(PoisonError::into_inner);
        let fault = running.choose(head, operation);
        Ok(fault.map_or_else(Plan::default, |(fault, mut random)| {
            self.strike(fault, &mut random)
        }))
    }

    fn plan_by_header(&self, head: &Parts) -> Result<Plan, Answer> {
        // One grammar for all, also where a header is there twice.
        let values = head.headers.get_all(HEADER).iter();
        let words: Vec<_> = values
            .map(|value| String::from_utf8_lossy(value.as_bytes()))
            .collect();
        let asked_for = words.join(" ");
        if asked_for == "none" {
            return Ok(Plan::default());
        }
        let fault: Fault = asked_for.parse().map_err(|error| {
            Answer::failure(StatusCode::BAD_REQUEST, format!("`{HEADER}`: {error}"))
        })?;
        let mut random = {
            let running = self.running.read().unwrap_or_else(PoisonError::into_inner);
            let number = running.requests.fetch_add(1, Ordering::Relaxed);
            random(running.seed, number, OF_HEADER)
        };
        if random.f64() >= fault.probability {
            return Ok(Plan::default());
        }
        Ok(self.strike(fault, &mut random))
    }

    fn strike(&self, fault: Fault, random: &mut Rng) -> Plan {
        let delay = fault
            .latency
            .map_or(Duration::ZERO, |latency| latency.draw(random));
        Plan(Some(Box::new(Strike {
            fault,
            delay,
            effect: Effect::NotPerformed,
            enumerated: Arc::clone(&self.enumerated),
        })))
    }
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

    /// The fault of the first rule that strikes this request, and what else it draws from.
    fn choose(&self, head: &Parts, operation: &str) -> Option<(Fault, Rng)> {
        let number = self.requests.fetch_add(1, Ordering::Relaxed);
        for (index, (rule, counts)) in self.rules.iter().enumerate() {
            if !rule.means(operation, &head.method, head.uri.path()) {
                continue;
            }
            let meant = counts.meant.fetch_add(1, Ordering::Relaxed) + 1;
            if rule
                .requests
                .as_ref()
                .is_some_and(|requests| !requests.contains(&meant))
            {
                continue;
            }
            let mut random = random(self.seed, number, index);
            if random.f64() >= rule.fault.probability {
                continue;
            }
            let limit = rule.times.unwrap_or(u64::MAX);
            let strike =
                counts
                    .struck
                    .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |struck| {
                        (struck < limit).then_some(struck + 1)
                    });
            if strike.is_ok() {
                return Some((rule.fault.clone(), random));
            }
        }
        None
    }
}

/// What a rule draws from for a request: the same for the same seed, whatever happens to other requests.
fn random(seed: u64, number: u64, rule: usize) -> Rng {
    let mut mixed = Rng::with_seed(seed);
    for part in [number, rule as u64] {
        mixed = Rng::with_seed(mixed.u64(..) ^ part);
    }
    mixed
}

impl Plan {
    /// Whether the request is performed.
    pub(crate) fn performs(&self) -> bool {
        self.0.as_ref().is_none_or(|strike| strike.fault.performs())
    }

    /// What the record says of it: the fault, and whether the request was performed before it struck.
    pub(crate) fn name(&self) -> Option<Arc<str>> {
        let strike = self.0.as_ref()?;
        let effect = match strike.effect {
            Effect::NotPerformed => "not performed",
            Effect::Performed => "performed",
            Effect::Refused => "refused",
        };
        Some(format!("{} ({effect})", strike.fault).into())
    }
}

#[cfg(test)]
mod tests {
    use axum::http::Request;

    use super::*;

    fn faults(text: &str) -> Faults {
        let scenario = Scenario::parse("scenario.yaml", text).unwrap();
        Faults::of(&scenario, HashSet::new(), ["other".into()].into()).unwrap()
    }

    fn strikes(faults: &Faults, count: usize) -> String {
        let head = Request::patch("/v1/a").body(()).unwrap().into_parts().0;
        let strike = |_| faults.plan(&head, "update").unwrap().0.is_some();
        (0..count)
            .map(strike)
            .map(|is_struck| if is_struck { 'x' } else { '.' })
            .collect()
    }

    #[test]
    fn a_seed_repeats_a_run() {
        let scenario = |seed: u64| {
            faults(&format!(
                "version: 1\nseed: {seed}\nrules: [{{fault: reset probability=0.5}}]"
            ))
        };
        let first = strikes(&scenario(1), 64);
        assert_eq!(first, strikes(&scenario(1), 64));
        assert_ne!(first, strikes(&scenario(2), 64));
        let struck = first.matches('x').count();
        assert!((20..44).contains(&struck), "{first}");
    }

    #[test]
    fn the_first_rule_that_strikes_wins_and_rules_count_for_themselves() {
        let faults = faults(
            "version: 1\nrules:\n  - {fault: reset, requests: 2..3}\n  - {fault: close, times: 2}\n  - {fault: stall, operation: other}\n",
        );
        assert_eq!(strikes(&faults, 6), "xxxx..");
        let struck: Vec<_> = faults
            .rules()
            .1
            .into_iter()
            .map(|(_, struck)| struck)
            .collect();
        assert_eq!(struck, [2, 2, 0]);
        faults.reset();
        assert_eq!(strikes(&faults, 1), "x");
    }
}
