//! What was seen of each operation by a sandbox that passes requests on. Shows no values of requests or responses.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    sync::{Mutex, MutexGuard, PoisonError},
};

use axum::http::StatusCode;
use serde::Serialize;
use spec_first_document::Pointer;

use crate::contract::evidence::Evidence;

/// Maximum number of different operations, and of different problems of each: undocumented paths and names are chosen by clients.
const KEPT: usize = 1000;

/// What was passed to a real server since the start or the last reset, by operation. `Display` prints it for people.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Traffic {
    /// By the name of the operation, or by method and path if it is not documented.
    pub operations: BTreeMap<String, OperationTraffic>,
    /// What the exchanges say about the decisions that [`Options::decisions`](crate::Options::decisions) names.
    pub decisions: BTreeMap<String, DecisionTraffic>,
}

/// What was seen of one decision.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct DecisionTraffic {
    /// The number of exchanges that are as the document says because of it.
    pub supported: u64,
    /// The number of exchanges that are not.
    pub contradicted: u64,
    /// The places in the document that decided, as JSON pointers, each with both numbers.
    pub places: BTreeMap<String, (u64, u64)>,
}

/// What was seen of one operation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct OperationTraffic {
    /// The number of requests.
    pub requests: u64,
    /// How often each status was returned.
    pub statuses: BTreeMap<u16, u64>,
    /// What did not fit the document, and in how many exchanges. Each begins with `request: ` or `response: `, and `*` replaces the
    /// numbers in the names of fields, such as that of the item of a list.
    pub problems: BTreeMap<String, u64>,
    /// The number of requests that fit the document and were refused with a 400, 415 or 422.
    pub refused_although_valid: u64,
    /// The number of requests that did not fit the document and succeeded.
    pub accepted_although_invalid: u64,
}

/// The traffic so far.
#[derive(Debug, Default)]
pub(crate) struct Recorded {
    decisions: Vec<(String, Pointer)>,
    traffic: Mutex<Traffic>,
}

impl Traffic {
    /// Whether everything fit the document.
    pub fn fits(&self) -> bool {
        let mut operations = self.operations.values();
        operations.all(|operation| operation.problems.is_empty())
    }
}

impl fmt::Display for Traffic {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, operation) in &self.operations {
            let statuses = operation.statuses.iter();
            let statuses: Vec<_> = statuses
                .map(|(status, count)| format!("{count} × {status}"))
                .collect();
            writeln!(formatter, "`{name}`: {}", statuses.join(", "))?;
            for (problem, count) in &operation.problems {
                writeln!(formatter, "  {count} × {problem}")?;
            }
            for (count, what) in [
                (
                    operation.accepted_although_invalid,
                    "does not fit the document, and was accepted",
                ),
                (
                    operation.refused_although_valid,
                    "fits the document, and was refused",
                ),
            ] {
                if count > 0 {
                    writeln!(formatter, "  {count} × the request {what}")?;
                }
            }
        }
        for (name, decision) in &self.decisions {
            let DecisionTraffic {
                supported,
                contradicted,
                places,
            } = decision;
            writeln!(
                formatter,
                "decision `{name}`: {supported} × supported, {contradicted} × contradicted"
            )?;
            for (place, (_, contradicted)) in places {
                if *contradicted > 0 {
                    writeln!(formatter, "  {contradicted} × contradicted at {place}")?;
                }
            }
        }
        Ok(())
    }
}

impl Recorded {
    pub(crate) fn of(decisions: Vec<(String, String)>) -> Self {
        let decisions = decisions.into_iter();
        let decisions =
            decisions.filter_map(|(name, pointer)| Some((name, Pointer::parse(&pointer)?)));
        Self {
            decisions: decisions.collect(),
            traffic: Mutex::default(),
        }
    }

    /// Whether evidence is wanted.
    pub(crate) fn has_decisions(&self) -> bool {
        !self.decisions.is_empty()
    }

    /// Counts what an exchange says about the decisions.
    pub(crate) fn decide(&self, evidence: &Evidence) {
        let mut found: BTreeMap<&String, BTreeMap<&Pointer, bool>> = BTreeMap::new();
        for (place, supports) in evidence.places() {
            for (name, pointer) in &self.decisions {
                if place.is_at_or_inside(pointer) {
                    found.entry(name).or_default().insert(place, supports);
                }
            }
        }
        let mut traffic = self.lock();
        for (name, places) in found {
            let decision = traffic.decisions.entry(name.clone()).or_default();
            let supports = places.values().all(|supports| *supports);
            decision.supported += u64::from(supports);
            decision.contradicted += u64::from(!supports);
            for (place, supports) in places {
                let place = place.as_str().to_owned();
                if let Some((supported, contradicted)) =
                    entry_unless_full(&mut decision.places, place)
                {
                    *supported += u64::from(supports);
                    *contradicted += u64::from(!supports);
                }
            }
        }
    }

    /// Counts an exchange. Whether the request fits the document is not known if it was not judged.
    pub(crate) fn add(
        &self,
        operation: String,
        status: StatusCode,
        problems: &[String],
        is_valid_request: Option<bool>,
    ) {
        let mut traffic = self.lock();
        let Some(seen) = entry_unless_full(&mut traffic.operations, operation) else {
            return;
        };
        seen.requests += 1;
        *seen.statuses.entry(status.as_u16()).or_default() += 1;
        let kinds: BTreeSet<&String> = problems.iter().collect();
        for kind in kinds {
            if let Some(count) = entry_unless_full(&mut seen.problems, kind.clone()) {
                *count += 1;
            }
        }
        let is_refused = matches!(status.as_u16(), 400 | 415 | 422);
        seen.refused_although_valid += u64::from(is_valid_request == Some(true) && is_refused);
        let is_accepted = status.is_success();
        seen.accepted_although_invalid += u64::from(is_valid_request == Some(false) && is_accepted);
    }

    pub(crate) fn shown(&self) -> Traffic {
        self.lock().clone()
    }

    pub(crate) fn clear(&self) {
        *self.lock() = Traffic::default();
    }

    fn lock(&self) -> MutexGuard<'_, Traffic> {
        self.traffic.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The entry for `key`, or `None` if it is new and the list is full.
fn entry_unless_full<T: Default>(entries: &mut BTreeMap<String, T>, key: String) -> Option<&mut T> {
    if entries.len() >= KEPT && !entries.contains_key(&key) {
        return None;
    }
    Some(entries.entry(key).or_default())
}
