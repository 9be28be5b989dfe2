//! A change as a reader meets it: in which order, under which heading, and what is said about whom.

use openapi_document::Position;

use super::Presentation;
use crate::{Change, Judgement, Place, Review, Use, Verdict};

/// What a change asks of the reviewer, in the order in which changes are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Standing {
    Breaking,
    Undecided,
    /// It would be one of the above, and a person said why it goes through.
    Acknowledged,
    Harmless,
}

impl Standing {
    pub(super) const ALL: [Self; 4] = [
        Self::Breaking,
        Self::Undecided,
        Self::Acknowledged,
        Self::Harmless,
    ];

    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Breaking => "breaking",
            Self::Undecided => "undecided",
            Self::Acknowledged => "acknowledged",
            Self::Harmless => "harmless",
        }
    }
}

/// A change with its standing.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry<'a> {
    pub(super) change: &'a Change,
    pub(super) standing: Standing,
    pub(super) acknowledged: Option<&'a str>,
}

impl<'a> Entry<'a> {
    /// The one place that knows how an acknowledgement reaches a change.
    fn new(index: usize, change: &'a Change, presentation: &'a Presentation) -> Self {
        let acknowledged = presentation.acknowledged.get(&index).map(String::as_str);
        let standing = match (change.verdicts.backward.verdict, acknowledged) {
            (Verdict::Harmless, _) => Standing::Harmless,
            (_, Some(_)) => Standing::Acknowledged,
            (Verdict::Undecided, None) => Standing::Undecided,
            (Verdict::Breaking, None) => Standing::Breaking,
        };
        Self {
            change,
            standing,
            acknowledged,
        }
    }

    /// Who is meant by each verdict.
    pub(super) fn verdicts(&self) -> [(&'static str, Judgement); 3] {
        let verdicts = &self.change.verdicts;
        [
            ("old client, new server", verdicts.backward),
            ("new client, old server", verdicts.forward),
            ("running generated client", verdicts.running_client),
        ]
    }

    /// Both places, with what they are called.
    pub(super) fn places(&self) -> [(&'static str, Option<&'a Place>); 2] {
        [
            ("base", self.change.base.as_ref()),
            ("head", self.change.head.as_ref()),
        ]
    }

    /// The first uses, and how many more there are.
    pub(super) fn first_uses(&self, count: usize) -> (Vec<&'a Use>, usize) {
        let uses = &self.change.uses;
        let first = uses.iter().take(count).map(AsRef::as_ref).collect();
        (first, uses.len().saturating_sub(count))
    }

    /// The operations that the change reaches, each once; the first, and how many more there are.
    pub(super) fn first_operation(&self) -> Option<(&'a str, usize)> {
        let mut operations: Vec<&str> = Vec::new();
        for each in self.change.uses.iter() {
            // The uses of an operation stand together.
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

/// A use in one phrase, with literals between backticks.
pub(super) fn phrase(each: &Use) -> String {
    match each.part.as_str() {
        "" => format!("`{}`", each.operation),
        part => format!("`{}`: {part}", each.operation),
    }
}

/// All changes in the order in which they are shown, with what is shown beside them.
#[derive(Debug)]
pub(super) struct Entries<'a> {
    pub(super) review: &'a Review,
    pub(super) presentation: &'a Presentation,
    pub(super) all: Vec<Entry<'a>>,
}

impl<'a> Entries<'a> {
    pub(super) fn new(review: &'a Review, presentation: &'a Presentation) -> Self {
        let changes = review.changes.iter().enumerate();
        let mut all: Vec<Entry<'_>> = changes
            .map(|(index, change)| Entry::new(index, change, presentation))
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

    /// The verdict in one line, for example `3 breaking, 1 undecided, 7 harmless`.
    pub(super) fn headline(&self) -> String {
        let counts: Vec<String> = Standing::ALL
            .into_iter()
            .map(|standing| (self.count(standing), standing.as_str()))
            .filter(|(count, _)| *count > 0)
            .map(|(count, name)| format!("{count} {name}"))
            .collect();
        if counts.is_empty() {
            return "no changes".to_owned();
        }
        counts.join(", ")
    }

    /// `info.version` of both documents, if they say it.
    pub(super) fn versions(&self) -> Option<(&'a str, &'a str)> {
        let base = self.review.base_version.as_deref()?;
        Some((base, self.review.head_version.as_deref()?))
    }
}
