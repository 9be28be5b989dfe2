//! How two sets of values are related, and how a relation at one position affects a position that depends on it.

use crate::change::{Difference, Outcome, Row};

/// How the values of the head relate to those of the base.
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
            Outcome::Neutral => Self::SAME,
        }
    }

    /// The combined effect of differences on the set of values. Defaults, XML notation and annotations have none.
    pub(super) fn of_differences<'a>(
        differences: impl IntoIterator<Item = &'a Difference>,
    ) -> Self {
        let mut relation = Self::SAME;
        for difference in differences {
            let has_none = matches!(
                difference.row,
                Row::Default | Row::Xml | Row::Sunset | Row::ExtensibleEnum
            );
            if !has_none {
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

    /// The relation as an outcome; `None` if both sets are the same.
    pub(crate) fn outcome(self) -> Option<Outcome> {
        if self.is_undecided {
            return Some(Outcome::Undecided);
        }
        Outcome::of_sets(self.is_narrower, self.is_wider)
    }
}

/// How a position is affected if another one, on which it depends, becomes wider or narrower.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Bearing {
    of_wider: Relation,
    of_narrower: Relation,
}

impl Bearing {
    /// A part: a wider part makes the whole wider.
    pub(crate) const PART: Self = Self {
        of_wider: Relation::WIDER,
        of_narrower: Relation::NARROWER,
    };
    /// Something forbidden: the more it covers, the narrower the whole.
    pub(crate) const FORBIDDEN: Self = Self {
        of_wider: Relation::NARROWER,
        of_narrower: Relation::WIDER,
    };
    /// Something counted, with a minimum and a maximum: any change makes the whole incomparable.
    pub(crate) const COUNTED: Self = Self {
        of_wider: Relation::INCOMPARABLE,
        of_narrower: Relation::INCOMPARABLE,
    };
    /// Something that decides what applies: any change makes the whole undecided.
    pub(crate) const DECIDING: Self = Self {
        of_wider: Relation::UNDECIDED,
        of_narrower: Relation::UNDECIDED,
    };
    /// Possibly a part. If it is wider, that is reported elsewhere.
    pub(crate) const PERHAPS_NARROWER: Self = Self {
        of_wider: Relation::SAME,
        of_narrower: Relation::UNDECIDED,
    };
    /// Possibly a part. If it is narrower, that is reported elsewhere.
    pub(crate) const PERHAPS_WIDER: Self = Self {
        of_wider: Relation::UNDECIDED,
        of_narrower: Relation::SAME,
    };
    /// The head can replace the base if nothing is lost.
    pub(crate) const STANDS_FOR_THE_BASE: Self = Self {
        of_wider: Relation::SAME,
        of_narrower: Relation::NARROWER,
    };
    /// The head can replace the base if nothing is gained.
    pub(crate) const STANDS_FOR_THE_HEAD: Self = Self {
        of_wider: Relation::WIDER,
        of_narrower: Relation::SAME,
    };

    /// The effect on this position of a relation at the other one.
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

    /// The effect on a position that depends on this one, which depends on another.
    pub(super) fn then(self, next: Self) -> Self {
        Self {
            of_wider: self.apply(next.of_wider),
            of_narrower: self.apply(next.of_narrower),
        }
    }
}
