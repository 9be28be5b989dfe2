//! A review: every change between two documents, with its places, uses and verdicts.

use std::cell::LazyCell;
use std::sync::Arc;

use rustc_hash::FxHashMap;
use spec_first_document::{Finding, Pointer, Position, Source};

use crate::attribution::{Attribution, Places};
use crate::change::{Difference, Direction, Exchanged, Outcome, Row};
use crate::contract::{ContractComparison, Use, UseId};
use crate::merging::Merged;
use crate::notes::{Note, Notes};
use crate::paths::Paths;
use crate::policy::{Judgement, Level, Policy, Verdict};
use crate::reach::Reach;
use crate::schema::branch_names;
use crate::subject::{EVERY_OPERATION, Member, Subject};
use crate::surface::{self, Step, Surface, SurfaceChange};
use crate::versions;
use spec_first_document::references::References;
use spec_first_document::tree::{NodeId, Tree};
use spec_first_document::{Files, Root};

/// A document to review.
#[derive(Clone, Copy)]
pub struct Input<'a> {
    /// Reads the files of the document.
    pub files: &'a dyn Files,
    /// The path of the document, as messages show it.
    pub path: &'a str,
}

/// The settings of a review.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Options {
    /// How differences are judged.
    pub policy: Policy,
    /// The paths to compare.
    pub paths: Paths,
    /// The day of the review as `YYYY-MM-DD`. Deprecated parts may be removed once their `x-sunset` has passed; without a day,
    /// never.
    pub today: Option<String>,
    /// The effect on the Rust code that is generated from the documents. Default: not known.
    pub surface: Surface,
    /// Tells the document from others whose changes are acknowledged in the same file, for example its path relative to that file.
    /// It is part of the fingerprint of every change. Default: there are no others.
    pub document: Option<String>,
    /// The days between the announcement of a sunset and the sunset: a sunset that comes sooner is breaking. Default: 0, which
    /// allows any day that is not in the past.
    pub minimum_notice_days: u32,
    /// Whether `info.version` must take a major step for a breaking change and a minor one for an addition; the review then reports
    /// the step as a change. Default: no.
    pub version_policy: bool,
}

/// A place in a file.
#[derive(Clone, Debug)]
pub struct Place {
    /// The file.
    pub source: Arc<Source>,
    /// The line and the column.
    pub position: Position,
    /// The JSON pointer in the file.
    pub pointer: Pointer,
}

/// The effects of a change on clients.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Verdicts {
    /// The effect on an old client of a new server.
    pub backward: Judgement,
    /// The effect on a new client of an old server.
    pub forward: Judgement,
    /// The effect on a generated client in use that reads the response of a new server.
    pub running_client: Judgement,
}

/// One change.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Change {
    /// The row of the table of rules.
    pub row: Row,
    /// The column of the table of rules.
    pub outcome: Outcome,
    /// What changed, in one sentence without a capital or a full stop.
    pub message: String,
    /// The place in the base, or the nearest enclosing place if it is absent there.
    pub base: Option<Place>,
    /// The place in the head.
    pub head: Option<Place>,
    /// The affected uses, in the order of the base.
    pub uses: Arc<[Arc<Use>]>,
    /// The effects of the change.
    pub verdicts: Verdicts,
    /// The effects on the generated code; empty if they are not known.
    pub surface: Vec<Arc<SurfaceChange>>,
    /// The value that changed, regardless of the references that lead there.
    pub(crate) subject: Subject,
    /// Whether something that the base has was removed.
    pub(crate) is_removal: bool,
}

/// Everything that changed between two documents.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Review {
    /// The changes: breaking ones first, then in the order of the head.
    pub changes: Vec<Change>,
    /// `info.version` of the base.
    pub base_version: Option<String>,
    /// `info.version` of the head.
    pub head_version: Option<String>,
    /// The effects on the generated code, including those that no change accounts for.
    pub surface: Surface,
    /// The effects on the generated code that no change accounts for.
    pub unattached: Vec<Arc<SurfaceChange>>,
    /// The parts of the documents that are not compared, in the order of the base, then of the head. They change no verdict.
    pub notes: Vec<Note>,
    /// The day of the review, as in [`Options::today`].
    pub today: Option<String>,
}

impl Place {
    pub(crate) fn of(tree: &Tree, node: NodeId) -> Self {
        Self {
            source: Arc::clone(tree.source(tree.file(node))),
            position: tree.position(node),
            pointer: tree.pointer(node),
        }
    }
}

impl Change {
    /// The name of the rule: row and outcome, for example `enum/wider`.
    pub fn rule(&self) -> String {
        format!("{}/{}", self.row.as_str(), self.outcome.as_str())
    }

    /// The place to show: in the head, or in the base if it is absent in the head.
    pub fn place(&self) -> Option<&Place> {
        self.head.as_ref().or(self.base.as_ref())
    }

    /// The distances of the base and head places from what changed: 0 if the place is what changed, 1 if only a keyword is
    /// missing there, more if the whole value is missing.
    pub fn distances(&self) -> [usize; 2] {
        let [base, head] = [&self.base, &self.head].map(|place| Some(&place.as_ref()?.pointer));
        distances(base, head)
    }

    /// The version bump that the generated code needs for this change; `None` if it needs none, or if that is not known.
    pub fn rust_step(&self) -> Option<Step> {
        surface::step(&self.surface)
    }
}

impl Review {
    /// The worst effect on an old client of a new server; `None` if nothing changed.
    pub fn verdict(&self) -> Option<Verdict> {
        self.changes
            .iter()
            .map(|change| change.verdicts.backward.verdict)
            .max()
    }

    /// The version bump that the generated code needs; `None` if it needs none, or if that is not known.
    pub fn rust_step(&self) -> Option<Step> {
        surface::step(self.surface.changes())
    }

    /// Appends the review of another document, with its changes after those of this one.
    ///
    /// A version is kept only if both reviews have the same one.
    pub fn append(&mut self, other: Self) {
        self.changes.extend(other.changes);
        for (own, others) in [
            (&mut self.base_version, other.base_version),
            (&mut self.head_version, other.head_version),
        ] {
            if *own != others {
                *own = None;
            }
        }
        self.surface.append(other.surface);
        self.unattached.extend(other.unattached);
        self.notes.extend(other.notes);
    }

    /// Attaches its effects on the generated code to each change.
    fn attach(&mut self, attribution: &Attribution<'_>) {
        for change in self.surface.changes() {
            let behind = attribution.changes_behind(change);
            if behind.is_empty() {
                self.unattached.push(Arc::clone(change));
            }
            for index in behind {
                self.changes[index].surface.push(Arc::clone(change));
            }
        }
        let lists = self.changes.iter_mut().map(|change| &mut change.surface);
        for list in lists.chain([&mut self.unattached]) {
            list.sort_by_key(|change| std::cmp::Reverse(change.step));
        }
    }
}

/// The distances of base and head from what changed, as defined by [`Change::distances`].
pub(crate) fn distances(base: Option<&Pointer>, head: Option<&Pointer>) -> [usize; 2] {
    let (Some(base), Some(head)) = (base, head) else {
        return [0, 0];
    };
    [levels_above(base, head), levels_above(head, base)]
}

/// The depth of `other` inside `place`, regardless of their files; 0 if it is not inside.
fn levels_above(place: &Pointer, other: &Pointer) -> usize {
    let rest = other.as_str().strip_prefix(place.as_str());
    let Some(rest) = rest.filter(|rest| rest.starts_with('/')) else {
        return 0;
    };
    // A list that lacks an item only surrounds it; a value that lacks a keyword is what changed.
    let is_item = other
        .last()
        .is_some_and(|last| last.parse::<usize>().is_ok());
    rest.matches('/').count() + usize::from(is_item)
}

/// Compares two documents.
///
/// # Errors
/// One of them cannot be read or parsed; the finding says where.
pub fn review(base: Input<'_>, head: Input<'_>, options: &Options) -> Result<Review, Finding> {
    let mut tree = Tree::default();
    let mut references = References::default();
    let old = spec_first_document::files::read(&mut tree, &mut references, base.files, base.path)?;
    let new = spec_first_document::files::read(&mut tree, &mut references, head.files, head.path)?;
    let notes = Notes::of(&tree, &references, [old, new]);
    for (parent, malformed) in &notes.malformed {
        tree.remove(*parent, malformed);
    }
    let version = |root: NodeId| {
        let version = tree.get(tree.get(root, "info")?, "version")?;
        Some(tree.scalar_text(version))
    };
    let (base_version, head_version) = (version(old.root), version(new.root));
    let mut comparison = ContractComparison::new(&tree, &references, old, new, options);
    comparison.run();
    let mut lists = UseLists::of(&comparison);
    let mut merged = Merged::default();
    for (difference, ids) in differences(&comparison) {
        let difference = retired(&comparison, difference);
        let nodes = shown(&difference);
        let uses = lists.list(ids.clone());
        let Some(change) = change(&comparison, difference, uses, &options.policy) else {
            continue;
        };
        let places = [0, 1].map(|side| (nodes[side], change.distances()[side]));
        merged.add((change, places, ids));
    }
    let mut found: Vec<(Change, Places)> = merged
        .into_changes()
        .map(|(mut change, places, ids)| {
            change.uses = lists.list(ids);
            (change, places)
        })
        .collect();
    if options.version_policy {
        let places = [old, new].map(|document| {
            let info = tree.get(document.root, "info");
            info.and_then(|info| tree.get(info, "version"))
                .or(info)
                .or(Some(document.root))
        });
        let changes = found.iter().map(|(change, _)| change);
        let step = versions::demand(changes, base_version.as_deref(), head_version.as_deref());
        if let Some((outcome, message)) = step {
            let difference = Difference::new(Row::Version, outcome, places.into(), message);
            let uses = Arc::from([Arc::new(Use {
                operation: EVERY_OPERATION.to_owned(),
                part: String::new(),
                direction: Direction::Request,
            })]);
            let change = change(&comparison, difference, uses, &options.policy);
            found.extend(change.map(|change| (change, places.map(|node| (node, 0)))));
        }
    }
    found.sort_by_cached_key(|(change, _)| {
        let place = change.place();
        let position = place.map(|place| (place.source.name.clone(), place.position.offset));
        (
            std::cmp::Reverse(change.verdicts.backward.verdict),
            position,
            change.row,
        )
    });
    let (changes, places): (Vec<_>, Vec<_>) = found.into_iter().unzip();
    let mut review = Review {
        changes,
        base_version,
        head_version,
        surface: options.surface.clone(),
        unattached: Vec::new(),
        notes: notes.finish(&comparison),
        today: options.today.clone(),
    };
    if !review.surface.changes().is_empty() {
        let attribution = Attribution::new(&tree, &references, [old, new], places);
        review.attach(&attribution);
    }
    Ok(review)
}

/// Every difference once, with all of its uses.
fn differences(comparison: &ContractComparison<'_>) -> Vec<(Difference, Vec<UseId>)> {
    let mut all = comparison.found.clone();
    let schemas = &comparison.schemas;
    let reach = LazyCell::new(|| Reach::of(comparison));
    for (pair, _, found) in schemas.pairs() {
        if found.differences.is_empty() {
            continue;
        }
        let uses = reach.uses(pair);
        if uses.is_empty() {
            // No operation uses the pair: it was compared only to answer a question about another pair.
            continue;
        }
        for difference in &found.differences {
            let (_, known) = all
                .entry(difference.identity())
                .or_insert_with(|| (difference.clone(), Vec::new()));
            known.extend(uses.iter().copied());
        }
    }
    all.into_values().collect()
}

/// Lists of uses. Changes with the same uses share one list.
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
    let shown = shown(&difference);
    let Difference {
        row,
        outcome,
        base,
        head,
        message,
        is_removal,
        exchanged,
    } = difference;
    let mut directions: Vec<Direction> = uses.iter().map(|each| each.direction).collect();
    directions.sort_unstable();
    directions.dedup();
    directions.retain(|direction| policy.level(row, outcome, *direction) != Some(Level::Ignore));
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
    let tree = comparison.tree;
    let name = |node| tree.source(tree.file(node)).name.as_str();
    let member = |document: Root, node: NodeId| {
        let branches = branch_names(tree, node);
        Member::new(
            name(document.root),
            name(node),
            tree.pointer(node),
            branches,
        )
    };
    let [shown_base, shown_head] = shown;
    let is_new = |exchanged: &Exchanged| exchanged.base.is_none() && exchanged.head.is_some();
    let is_named_by_base = exchanged.as_ref().is_some_and(is_new);
    let led = exchanged.as_ref().and_then(|each| each.holder(tree));
    let reference = led.map(|(holder, text)| (member(comparison.head, holder), text.to_owned()));
    let document = comparison.options.document.as_deref();
    Some(Change {
        row,
        outcome,
        message: match exchanged {
            Some(exchanged) => format!("{message}: {}", exchanged.message),
            None => message.clone(),
        },
        base: shown_base.map(|node| Place::of(tree, node)),
        head: shown_head.map(|node| Place::of(tree, node)),
        uses,
        verdicts,
        surface: Vec::new(),
        is_removal,
        subject: Subject {
            base: base.map(|node| member(comparison.base, node)),
            head: head.map(|node| member(comparison.head, node)),
            message,
            is_named_by_base,
            is_about_keyword: matches!(row, Row::AdditionalProperties | Row::Items),
            reference,
            document: document.map(Arc::from),
            path: Arc::from(name(comparison.head.root)),
        },
    })
}

/// The difference, which is harmless if it removes something deprecated whose sunset has passed. Mentions a sunset that has not.
fn retired(comparison: &ContractComparison<'_>, mut difference: Difference) -> Difference {
    let is_removable = matches!(
        difference.row,
        Row::Operation
            | Row::Parameter
            | Row::PropertyDropped
            | Row::RequiredPropertyDropped
            | Row::Header
    );
    let tree = comparison.tree;
    let (Some(base), true) = (difference.base, is_removable && difference.is_removal) else {
        return difference;
    };
    let (references, is_3_1) = (comparison.references, comparison.base.is_3_1);
    let Some(node) = references.marked(tree, is_3_1, base, "deprecated") else {
        return difference;
    };
    if let Some(sunset) = tree.get(node, "x-sunset") {
        let lifecycle = comparison.schemas.lifecycle;
        let (may_be_removed, words) = lifecycle.removal(&tree.scalar_text(sunset));
        difference.message.push_str(&words);
        if may_be_removed {
            difference.outcome = Outcome::Neutral;
        }
    }
    difference
}

/// The places at which to show a difference.
fn shown(difference: &Difference) -> [Option<NodeId>; 2] {
    let exchanged = difference.exchanged.as_ref();
    let references = exchanged.map_or((None, None), |exchanged| (exchanged.base, exchanged.head));
    [
        references.0.or(difference.base),
        references.1.or(difference.head),
    ]
}
