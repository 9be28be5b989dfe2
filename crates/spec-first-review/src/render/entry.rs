//! A change as it is shown: its order, its heading and its verdicts.

use indexmap::{IndexMap, IndexSet};
use spec_first_document::Position;

use super::{Presentation, rust};
use crate::literal::{joined, literal, plural};
use crate::subject::operation;
use crate::{Change, Judgement, Note, Place, Review, Use, Verdict};

/// From how many changes on that read the same for several operations they are shown as one.
const LEAST_ALIKE: usize = 3;
/// How many of these operations are named.
const MOST_NAMED: usize = 3;

/// What a change asks of the reviewer, in the order in which changes are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Standing {
    Breaking,
    Undecided,
    /// It may break clients, and does not fail the review.
    Warning,
    /// It would be one of the above, but somebody accepted it and said why.
    Acknowledged,
    Harmless,
}

impl Standing {
    pub(super) const ALL: [Self; 5] = [
        Self::Breaking,
        Self::Undecided,
        Self::Warning,
        Self::Acknowledged,
        Self::Harmless,
    ];

    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Breaking => "breaking",
            Self::Undecided => "undecided",
            Self::Warning => "warning",
            Self::Acknowledged => "acknowledged",
            Self::Harmless => "harmless",
        }
    }
}

/// A change in one of the two documents.
#[derive(Clone, Copy, Debug)]
pub(super) struct Side<'a> {
    /// `base` or `head`.
    pub(super) name: &'static str,
    pub(super) place: &'a Place,
    /// How far the place is from what changed, as [`Change::distances`] says.
    distance: usize,
}

impl Side<'_> {
    /// Whether the value that changed is in this document, even if it lacks the keyword.
    pub(super) fn is_there(&self) -> bool {
        self.distance < 2
    }

    /// Whether the place is the change itself and not one around it.
    pub(super) fn is_exact(&self) -> bool {
        self.distance == 0
    }

    /// The label beside the lines.
    pub(super) fn label(&self) -> &'static str {
        match (self.name, self.is_there()) {
            (name, true) => name,
            ("base", false) => "not in the base",
            _ => "not in the head",
        }
    }
}

/// A change with its standing.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry<'a> {
    pub(super) change: &'a Change,
    pub(super) standing: Standing,
    pub(super) acknowledged: Option<&'a str>,
    /// The version bump that the generated code needs, in a word; `None` if no code is generated.
    pub(super) rust: Option<&'static str>,
    /// The reason for it, in one sentence.
    pub(super) rust_why: &'a str,
}

impl<'a> Entry<'a> {
    /// The only place that connects acknowledgements with changes.
    fn new(index: usize, review: &'a Review, presentation: &'a Presentation) -> Self {
        let change = &review.changes[index];
        let acknowledged = presentation.acknowledged.get(&index).map(String::as_str);
        let standing = match (change.verdicts.backward.verdict, acknowledged) {
            (Verdict::Harmless, _) => Standing::Harmless,
            (Verdict::Warning, _) => Standing::Warning,
            (_, Some(_)) => Standing::Acknowledged,
            (Verdict::Undecided, None) => Standing::Undecided,
            (Verdict::Breaking, None) => Standing::Breaking,
        };
        Self {
            change,
            standing,
            acknowledged,
            rust: rust::verdict(&review.surface, change.rust_step()),
            rust_why: rust::why(&review.surface, &change.surface),
        }
    }

    /// Whether the change fails the review, because nobody acknowledged it.
    pub(super) fn is_open(&self) -> bool {
        matches!(self.standing, Standing::Breaking | Standing::Undecided)
    }

    /// The side to show if there is room for only one: the head, or the base for something that the head does not have.
    pub(super) fn best_side(&self) -> Option<Side<'a>> {
        self.sides().filter(Side::is_there).last()
    }

    /// The heading of the change: the component that contains it, or else the first operation that it affects.
    fn heading(&self) -> String {
        let name = self.change.subject.name();
        match name.and_then(|name| name.component) {
            Some(component) => literal(&component).to_string(),
            None => match self.first_operation() {
                Some((name, 0)) => operation(name),
                Some((name, more)) => {
                    let operations = plural(more, "operation", "operations");
                    format!("{} and {more} more {operations}", operation(name))
                }
                None => "the document".to_owned(),
            },
        }
    }

    /// The verdicts, each with the client that it is about.
    pub(super) fn verdicts(&self) -> [(&'static str, Judgement); 3] {
        let verdicts = &self.change.verdicts;
        [
            ("old client, new server", verdicts.backward),
            ("new client, old server", verdicts.forward),
            ("running generated client", verdicts.running_client),
        ]
    }

    /// The places in base and head.
    pub(super) fn sides(&self) -> impl Iterator<Item = Side<'a>> + use<'a> {
        let change = self.change;
        let places = [change.base.as_ref(), change.head.as_ref()];
        let sides = ["base", "head"].into_iter().zip(places);
        let sides = sides.zip(change.distances());
        sides.filter_map(|((name, place), distance)| {
            Some(Side {
                name,
                place: place?,
                distance,
            })
        })
    }

    /// The first uses, and how many more there are.
    pub(super) fn first_uses(&self, count: usize) -> (Vec<&'a Use>, usize) {
        let uses = &self.change.uses;
        let first = uses.iter().take(count).map(AsRef::as_ref).collect();
        (first, uses.len().saturating_sub(count))
    }

    /// The first operation that the change affects, and how many more there are.
    pub(super) fn first_operation(&self) -> Option<(&'a str, usize)> {
        let mut operations: Vec<&str> = Vec::new();
        for each in self.change.uses.iter() {
            // The uses of an operation are listed together.
            if operations.last() != Some(&each.operation.as_str()) {
                operations.push(&each.operation);
            }
        }
        let first = *operations.first()?;
        operations.sort_unstable();
        operations.dedup();
        Some((first, operations.len() - 1))
    }
}

/// `file:line:column`.
pub(super) fn address(place: &Place) -> String {
    let Position { line, column, .. } = place.position;
    format!("{}:{line}:{column}", place.source.name)
}

/// The addresses of a note, in both documents if it applies to both.
pub(super) fn addresses(note: &Note) -> Vec<String> {
    let head = note.head.as_ref().map(address);
    let base = note.base.as_ref().map(address);
    let base = base.map(|address| format!("{address} in the base"));
    head.into_iter().chain(base).collect()
}

/// A change, together with those that read the same for other operations.
#[derive(Debug)]
pub(super) struct Told<'e, 'a> {
    pub(super) entry: &'e Entry<'a>,
    /// The changes of the other operations.
    pub(super) others: Vec<&'e Entry<'a>>,
    /// The change in one sentence.
    pub(super) sentence: String,
}

impl<'e, 'a> Told<'e, 'a> {
    /// Changes that read the same; at least one.
    fn of(entries: Vec<&'e Entry<'a>>) -> Self {
        let mut told = Self {
            entry: entries[0],
            others: entries[1..].to_vec(),
            sentence: entries[0].change.sentence(),
        };
        let operations = told.operations();
        let named = operations
            .iter()
            .take(MOST_NAMED)
            .map(|name| operation(name));
        let mut named: Vec<String> = named.collect();
        let more = operations.len() - named.len();
        if more > 0 {
            named.push(format!(
                "{more} more {}",
                plural(more, "operation", "operations")
            ));
        }
        if !told.others.is_empty() {
            let shared = told.entry.change.sentence_about(&joined(&named, "and"));
            told.sentence = shared.unwrap_or(told.sentence);
        }
        told
    }

    /// The operations that the changes affect.
    pub(super) fn operations(&self) -> IndexSet<&'a str> {
        self.uses().map(|each| each.operation.as_str()).collect()
    }

    /// All uses, those of the first change first.
    pub(super) fn uses(&self) -> impl Iterator<Item = &'a Use> + use<'e, 'a, '_> {
        let entries = [self.entry].into_iter().chain(self.others.iter().copied());
        entries.flat_map(|entry| entry.change.uses.iter().map(AsRef::as_ref))
    }
}

/// The changes of a component or an operation.
#[derive(Debug)]
pub(super) struct Section<'e, 'a> {
    /// Its name, with literals between backticks.
    pub(super) heading: String,
    pub(super) told: Vec<Told<'e, 'a>>,
}

impl Section<'_, '_> {
    /// The number of changes of each standing, for example `3 breaking, 7 harmless`.
    pub(super) fn counts(&self) -> String {
        counts(self.told.iter().map(|told| told.entry.standing))
    }
}

/// The number of each standing; those without any are left out.
fn counts(standings: impl Iterator<Item = Standing> + Clone) -> String {
    let counts = Standing::ALL.into_iter().filter_map(|standing| {
        let count = standings.clone().filter(|each| *each == standing).count();
        let name = match standing {
            Standing::Warning => plural(count, "warning", "warnings"),
            _ => standing.as_str(),
        };
        (count > 0).then(|| format!("{count} {name}"))
    });
    counts.collect::<Vec<_>>().join(", ")
}

/// All changes in the order in which they are shown, and what is shown beside them.
#[derive(Debug)]
pub(super) struct Entries<'a> {
    pub(super) review: &'a Review,
    pub(super) presentation: &'a Presentation,
    pub(super) all: Vec<Entry<'a>>,
}

impl<'a> Entries<'a> {
    pub(super) fn new(review: &'a Review, presentation: &'a Presentation) -> Self {
        let mut all: Vec<Entry<'_>> = (0..review.changes.len())
            .map(|index| Entry::new(index, review, presentation))
            .collect();
        all.sort_by_key(|entry| entry.standing);
        Self {
            review,
            presentation,
            all,
        }
    }

    pub(super) fn with(&self, standing: Standing) -> impl Iterator<Item = &Entry<'a>> {
        self.all
            .iter()
            .filter(move |entry| entry.standing == standing)
    }

    pub(super) fn count(&self, standing: Standing) -> usize {
        self.with(standing).count()
    }

    /// Each change, in order.
    pub(super) fn apart(&self) -> impl Iterator<Item = Told<'_, 'a>> {
        self.all.iter().map(|entry| Told {
            entry,
            others: Vec::new(),
            sentence: entry.change.sentence(),
        })
    }

    /// Each change, in order, where those that read the same for several operations are one.
    pub(super) fn together(&self) -> Vec<Told<'_, 'a>> {
        let mut alike: IndexMap<_, Vec<usize>> = IndexMap::new();
        for (index, entry) in self.all.iter().enumerate() {
            let change = entry.change;
            let shared = change.sentence_about("").ok_or(index);
            let effect = (entry.standing, entry.rust, entry.acknowledged);
            let key = (effect, change.rule(), &change.subject.path, shared);
            alike.entry(key).or_default().push(index);
        }
        let is_one = |indices: &Vec<usize>| indices.len() >= LEAST_ALIKE;
        let (alike, few): (Vec<_>, Vec<_>) = alike.into_values().partition(is_one);
        let few = few.into_iter().flatten().map(|index| vec![index]);
        let mut told: Vec<Vec<usize>> = alike.into_iter().chain(few).collect();
        told.sort_unstable();
        let entries =
            |indices: &Vec<usize>| indices.iter().map(|index| &self.all[*index]).collect();
        told.iter()
            .map(|indices| Told::of(entries(indices)))
            .collect()
    }

    /// These changes by component or operation, the group with the worst change first. Those that read the same for several
    /// operations are a group of their own.
    pub(super) fn sections<'e>(
        &'e self,
        told: impl IntoIterator<Item = Told<'e, 'a>>,
    ) -> Vec<Section<'e, 'a>> {
        let is_one = self.are_of_one_document();
        let mut groups: IndexMap<_, Vec<Told<'e, 'a>>> = IndexMap::new();
        for each in told {
            let document = (!is_one).then_some(&each.entry.change.subject.path);
            let shared = (!each.others.is_empty()).then(|| each.sentence.clone());
            let group = groups.entry((each.entry.heading(), document, shared));
            group.or_default().push(each);
        }
        let groups = groups.into_iter();
        groups
            .map(|((heading, document, _), told)| Section {
                heading: match document {
                    Some(document) => format!("{heading} in {}", literal(document)),
                    None => heading,
                },
                told,
            })
            .collect()
    }

    /// Whether all changes are in one document, so that its name need not be shown.
    pub(super) fn are_of_one_document(&self) -> bool {
        let path = |entry: &Entry<'a>| &entry.change.subject.path;
        let mut pairs = self.all.windows(2);
        pairs.all(|pair| path(&pair[0]) == path(&pair[1]))
    }

    /// The verdict in one line, for example `3 breaking, 1 undecided, 7 harmless`.
    pub(super) fn headline(&self) -> String {
        let changes = match counts(self.all.iter().map(|entry| entry.standing)) {
            counts if counts.is_empty() => "no changes".to_owned(),
            counts => counts,
        };
        match self.note_count() {
            Some(notes) => format!("{changes}, {notes}"),
            None => changes,
        }
    }

    /// The number of notes and the noun for it; `None` if there are none.
    pub(super) fn note_count(&self) -> Option<String> {
        let count = self.review.notes.len();
        (count > 0).then(|| format!("{count} {}", plural(count, "note", "notes")))
    }

    /// `info.version` of both documents, if both declare one.
    pub(super) fn versions(&self) -> Option<(&'a str, &'a str)> {
        let base = self.review.base_version.as_deref()?;
        Some((base, self.review.head_version.as_deref()?))
    }

    /// The entries that would acknowledge all open changes, and the file that they belong in; `None` if nothing is open.
    pub(super) fn proposals(&self) -> Option<(&'a str, Vec<String>)> {
        let file = self.presentation.acknowledgement_file.as_ref()?;
        let open = self.all.iter().filter(|entry| entry.is_open());
        let proposals: Vec<String> = open.filter_map(|entry| self.proposal(entry)).collect();
        (!proposals.is_empty()).then_some((&file.path, proposals))
    }

    /// The entry that would acknowledge the change; `None` if it needs none, or if there is no file for it.
    pub(super) fn proposal(&self, entry: &Entry<'_>) -> Option<String> {
        let file = self.presentation.acknowledgement_file.as_ref()?;
        entry
            .is_open()
            .then(|| entry.change.acknowledgement("", &file.until))
    }
}
