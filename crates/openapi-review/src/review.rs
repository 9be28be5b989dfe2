//! A review: every change between two documents, with its places, its uses and its verdicts.

use std::sync::Arc;

use indexmap::IndexMap;
use openapi_document::{Finding, Pointer, Position, Source};
use rustc_hash::{FxBuildHasher, FxHashMap};

use crate::change::{Difference, Direction, Outcome, Row};
use crate::contract::{ContractComparison, Use, UseId};
use crate::documents::{self, Files, References};
use crate::policy::{Judgement, Policy, Verdict};
use crate::reach::Reach;
use crate::tree::{NodeId, Tree};

/// A document to review: where its files are, and which of them it begins with.
#[derive(Clone, Copy)]
pub struct Input<'a> {
    /// Reads its files.
    pub files: &'a dyn Files,
    /// The path of the document itself, as messages show it.
    pub path: &'a str,
}

/// How to review.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Options {
    /// How differences are judged.
    pub policy: Policy,
    /// The day of the review as `YYYY-MM-DD`; an operation may go once its `x-sunset` has come. Without it, none has.
    pub today: Option<String>,
}

/// A place in a file.
#[derive(Clone, Debug)]
pub struct Place {
    /// The file.
    pub source: Arc<Source>,
    /// The line and the column.
    pub position: Position,
    /// The address in the file.
    pub pointer: Pointer,
}

/// What a change does, and to whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Verdicts {
    /// An old client of a new server.
    pub backward: Judgement,
    /// A new client of an old server.
    pub forward: Judgement,
    /// A generated client that is in use, when it reads the reply of a new server.
    pub running_client: Judgement,
}

/// One change.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Change {
    /// The row of the table.
    pub row: Row,
    /// The column.
    pub outcome: Outcome,
    /// What changed, in one sentence without a capital and a full stop.
    pub message: String,
    /// Where it stands in the base; the nearest place around it for what is not there.
    pub base: Option<Place>,
    /// Where it stands in the head.
    pub head: Option<Place>,
    /// Where it is felt, in the order of the base.
    pub uses: Arc<[Arc<Use>]>,
    /// What it does.
    pub verdicts: Verdicts,
}

/// Everything that changed between two documents.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Review {
    /// The changes: what breaks first, then in the order of the head.
    pub changes: Vec<Change>,
    /// `info.version` of the base.
    pub base_version: Option<String>,
    /// `info.version` of the head.
    pub head_version: Option<String>,
}

impl Change {
    /// What the change is called: row and outcome, for example `enum/wider`.
    pub fn rule(&self) -> String {
        format!("{}/{}", self.row.as_str(), self.outcome.as_str())
    }

    /// The place to point at: in the head, or in the base for what is not there.
    pub fn place(&self) -> Option<&Place> {
        self.head.as_ref().or(self.base.as_ref())
    }
}

impl Review {
    /// The worst that happens to an old client of a new server; `None` if nothing changed.
    pub fn verdict(&self) -> Option<Verdict> {
        self.changes
            .iter()
            .map(|change| change.verdicts.backward.verdict)
            .max()
    }
}

/// Compares two documents.
///
/// # Errors
/// One of them cannot be read or understood; the finding says where.
pub fn review(base: Input<'_>, head: Input<'_>, options: &Options) -> Result<Review, Finding> {
    let mut tree = Tree::default();
    let mut references = References::default();
    let old = documents::read(&mut tree, &mut references, base.files, base.path)?;
    let new = documents::read(&mut tree, &mut references, head.files, head.path)?;
    let version = |root: NodeId| {
        let info = tree.get(root, "info")?;
        tree.get(info, "version")
            .map(|version| tree.scalar_text(version))
    };
    let (base_version, head_version) = (version(old.root), version(new.root));
    let mut comparison =
        ContractComparison::new(&tree, &references, old, new, options.today.as_deref());
    comparison.run();
    let mut lists = UseLists::of(&comparison);
    let mut changes: Vec<Change> = differences(&comparison)
        .into_iter()
        .filter_map(|(difference, uses)| {
            change(&comparison, difference, lists.list(uses), &options.policy)
        })
        .collect();
    changes.sort_by_cached_key(|change| {
        let place = change.place();
        let position = place.map(|place| (place.source.name.clone(), place.position.offset));
        (
            std::cmp::Reverse(change.verdicts.backward.verdict),
            position,
            change.row,
        )
    });
    Ok(Review {
        changes,
        base_version,
        head_version,
    })
}

/// Every difference once, with all its uses.
fn differences(comparison: &ContractComparison<'_>) -> Vec<(Difference, Vec<UseId>)> {
    let mut all: IndexMap<_, (Difference, Vec<UseId>), FxBuildHasher> = IndexMap::default();
    let in_order = comparison
        .found
        .iter()
        .map(|(identity, found)| (identity.clone(), found.clone()));
    all.extend(in_order);
    let schemas = &comparison.schemas;
    if !schemas
        .pairs()
        .any(|(_, _, found)| !found.differences.is_empty())
    {
        return all.into_values().collect();
    }
    let reach = Reach::of(comparison);
    for (pair, _, found) in schemas.pairs() {
        if found.differences.is_empty() {
            continue;
        }
        let uses = reach.uses(pair);
        if uses.is_empty() {
            // It was only asked about on the way to an answer.
            continue;
        }
        for difference in &found.differences {
            let identity = (
                difference.row,
                difference.outcome,
                difference.base,
                difference.head,
                difference.message.clone(),
            );
            let (_, known) = all
                .entry(identity)
                .or_insert_with(|| (difference.clone(), Vec::new()));
            known.extend(uses.iter().copied());
        }
    }
    all.into_values().collect()
}

/// Lists of uses; the same list is kept once, however many changes are felt there.
struct UseLists {
    uses: Vec<Arc<Use>>,
    lists: FxHashMap<Vec<UseId>, Arc<[Arc<Use>]>>,
}

impl UseLists {
    fn of(comparison: &ContractComparison<'_>) -> Self {
        Self {
            uses: comparison.uses.iter().cloned().map(Arc::new).collect(),
            lists: FxHashMap::default(),
        }
    }

    fn list(&mut self, mut ids: Vec<UseId>) -> Arc<[Arc<Use>]> {
        ids.sort_unstable();
        ids.dedup();
        if let Some(list) = self.lists.get(&ids) {
            return Arc::clone(list);
        }
        let list: Arc<[Arc<Use>]> = ids.iter().map(|id| Arc::clone(&self.uses[id.0])).collect();
        self.lists.insert(ids, Arc::clone(&list));
        list
    }
}

fn change(
    comparison: &ContractComparison<'_>,
    difference: Difference,
    uses: Arc<[Arc<Use>]>,
    policy: &Policy,
) -> Option<Change> {
    let Difference {
        row,
        outcome,
        base,
        head,
        message,
    } = difference;
    let mut directions: Vec<Direction> = uses.iter().map(|each| each.direction).collect();
    directions.sort_unstable();
    directions.dedup();
    let worst = |judge: fn(&Policy, Row, Outcome, Direction) -> Judgement| {
        let judgements = directions
            .iter()
            .map(|direction| judge(policy, row, outcome, *direction));
        judgements.max_by_key(|judgement| judgement.verdict)
    };
    let verdicts = Verdicts {
        backward: worst(Policy::backward)?,
        forward: worst(Policy::forward)?,
        running_client: worst(Policy::running_client)?,
    };
    let place = |node: NodeId| Place {
        source: Arc::clone(comparison.tree.source(comparison.tree.file(node))),
        position: comparison.tree.position(node),
        pointer: comparison.tree.pointer(node),
    };
    Some(Change {
        row,
        outcome,
        message,
        base: base.map(place),
        head: head.map(place),
        uses,
        verdicts,
    })
}
