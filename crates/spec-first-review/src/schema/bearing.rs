//! How two sets of values are related, and what the relation of one position means for another one that rests on it.

use crate::change::{Difference, Outcome, Row};

/// How the values of the head are related to those of the base.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Relation {
    pub(crate) is_wider: bool,
    pub(crate) is_narrower: bool,
    pub(crate) is_undecided: bool,
}

impl Relation {
    const SAME: Self = Self {
        is_wider: false,
        is_narrower: false,
        is_undecided: false,
    };
    const WIDER: Self = Self {
        is_wider: true,
        ..Self::SAME
    };
    const NARROWER: Self = Self {
        is_narrower: true,
        ..Self::SAME
    };
    const INCOMPARABLE: Self = Self {
        is_wider: true,
        is_narrower: true,
        is_undecided: false,
    };
    pub(crate) const UNDECIDED: Self = Self {
        is_undecided: true,
        ..Self::SAME
    };

    pub(crate) fn is_same(self) -> bool {
        self == Self::SAME
    }

    fn of(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Wider => Self::WIDER,
            Outcome::Narrower => Self::NARROWER,
            Outcome::Incomparable => Self::INCOMPARABLE,
            Outcome::Undecided => Self::UNDECIDED,
            Outcome::Beside => Self::SAME,
        }
    }

    /// What differences do to the set of values; a default and the way of writing do nothing to it.
    pub(super) fn of_differences<'a>(
        differences: impl IntoIterator<Item = &'a Difference>,
    ) -> Self {
        let mut relation = Self::SAME;
        for difference in differences {
            if !matches!(difference.row, Row::Default | Row::Xml) {
                relation.join(Self::of(difference.outcome));
            }
        }
        relation
    }

    pub(super) fn join(&mut self, other: Self) {
        self.is_wider |= other.is_wider;
        self.is_narrower |= other.is_narrower;
        self.is_undecided |= other.is_undecided;
    }

    /// As an outcome; `None` if both are the same.
    pub(crate) fn outcome(self) -> Option<Outcome> {
        if self.is_undecided {
            return Some(Outcome::Undecided);
        }
        Outcome::of_sets(self.is_narrower, self.is_wider)
    }
}

/// What it means for a position that another one, on which it rests, became wider or narrower.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Bearing {
    of_wider: Relation,
    of_narrower: Relation,
}

impl Bearing {
    /// A part: more is allowed where more is allowed of it.
    pub(crate) const PART: Self = Self {
        of_wider: Relation::WIDER,
        of_narrower: Relation::NARROWER,
    };
    /// What is forbidden: less is allowed where it is more.
    pub(crate) const FORBIDDEN: Self = Self {
        of_wider: Relation::NARROWER,
        of_narrower: Relation::WIDER,
    };
    /// What is counted: neither more nor less of it is only more or only less.
    pub(crate) const COUNTED: Self = Self {
        of_wider: Relation::INCOMPARABLE,
        of_narrower: Relation::INCOMPARABLE,
    };
    /// What decides: nobody can tell what it means if it is not the same.
    pub(crate) const DECIDING: Self = Self {
        of_wider: Relation::UNDECIDED,
        of_narrower: Relation::UNDECIDED,
    };
    /// What may be a part or not: that more is allowed of it is told elsewhere.
    pub(crate) const PERHAPS_NARROWER: Self = Self {
        of_wider: Relation::SAME,
        of_narrower: Relation::UNDECIDED,
    };
    /// What may be a part or not: that less is allowed of it is told elsewhere.
    pub(crate) const PERHAPS_WIDER: Self = Self {
        of_wider: Relation::UNDECIDED,
        of_narrower: Relation::SAME,
    };
    /// What can replace another one as long as nothing is lost.
    pub(crate) const STANDS_FOR_THE_BASE: Self = Self {
        of_wider: Relation::SAME,
        of_narrower: Relation::NARROWER,
    };
    /// What can replace another one as long as nothing is gained.
    pub(crate) const STANDS_FOR_THE_HEAD: Self = Self {
        of_wider: Relation::WIDER,
        of_narrower: Relation::SAME,
    };

    /// What a relation of the other position means for this one.
    pub(super) fn apply(self, relation: Relation) -> Relation {
        let mut applied = Relation {
            is_undecided: relation.is_undecided,
            ..Relation::SAME
        };
        if relation.is_wider {
            applied.join(self.of_wider);
        }
        if relation.is_narrower {
            applied.join(self.of_narrower);
        }
        applied
    }

    /// What it means for a position that rests on one that rests on another.
    pub(super) fn then(self, next: Self) -> Self {
        Self {
            of_wider: self.apply(next.of_wider),
            of_narrower: self.apply(next.of_narrower),
        }
    }
}
