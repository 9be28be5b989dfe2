//! Shows one edit as one change, however often it is found: a schema may be compared in several notations, and with several parts
//! of the other document.

use indexmap::IndexMap;
use indexmap::map::Entry;
use rustc_hash::FxBuildHasher;

use crate::attribution::Places;
use crate::contract::UseId;
use crate::policy::Judgement;
use crate::review::{Change, Verdicts};
use crate::{Place, Row};

/// What a reader sees of a change, apart from its verdict.
type Seen = (Row, Option<(String, u64)>, String);

/// A change with its uses, and with the places that the generated code depends on.
pub(crate) type Found = (Change, Places, Vec<UseId>);

/// The changes that look different; of those that look alike, the most severe one stands for all.
#[derive(Default)]
pub(crate) struct Merged(IndexMap<Seen, Found, FxBuildHasher>);

impl Merged {
    pub(crate) fn add(&mut self, found: Found) {
        match self.0.entry(seen(&found.0)) {
            Entry::Vacant(entry) => _ = entry.insert(found),
            Entry::Occupied(mut entry) => merge(entry.get_mut(), found),
        }
    }

    pub(crate) fn into_changes(self) -> impl Iterator<Item = Found> {
        self.0.into_values()
    }
}

fn seen(change: &Change) -> Seen {
    let place = |place: &Place| (place.source.name.clone(), place.position.offset as u64);
    (change.row, change.place().map(place), change.sentence())
}

fn merge(known: &mut Found, mut other: Found) {
    let severity = |found: &Found| found.0.verdicts.backward.verdict;
    if severity(&other) > severity(known) {
        std::mem::swap(known, &mut other);
    }
    let (change, _, uses) = known;
    let (other, _, others) = other;
    let worst = |one: Judgement, other: Judgement| match other.verdict > one.verdict {
        true => other,
        false => one,
    };
    change.verdicts = Verdicts {
        backward: change.verdicts.backward,
        forward: worst(change.verdicts.forward, other.verdicts.forward),
        running_client: worst(
            change.verdicts.running_client,
            other.verdicts.running_client,
        ),
    };
    uses.extend(others);
}
