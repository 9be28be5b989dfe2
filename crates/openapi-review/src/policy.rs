//! What a difference means for whom: one rule, and the few places where what clients rely on differs from it.

use crate::change::{Direction, Outcome, Row};

/// What a change does to somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// Nobody is broken.
    Harmless,
    /// Nobody can tell; it counts as breaking until a person has looked at it.
    Undecided,
    /// Somebody is broken.
    Breaking,
}

impl Verdict {
    /// The verdict in lower case.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Harmless => "harmless",
            Self::Undecided => "undecided",
            Self::Breaking => "breaking",
        }
    }
}

/// A verdict with its reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Judgement {
    /// What it does.
    pub verdict: Verdict,
    /// Why, in one sentence without a capital and a full stop.
    pub why: &'static str,
}

/// A cell of the table in which the rule does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exception {
    /// The row.
    pub row: Row,
    /// The outcome.
    pub outcome: Outcome,
    /// Who sends the value.
    pub direction: Direction,
    /// What holds instead of the rule.
    pub judgement: Judgement,
}

/// How differences are judged.
///
/// The rule: in a request the head must still accept all that the base accepted; in a response all that the head allows must have
/// been allowed by the base. [`Policy::exceptions`] are the cells in which that is not what clients rely on.
#[derive(Clone, Debug)]
pub struct Policy {
    exceptions: Vec<Exception>,
}

macro_rules! exceptions {
    ($($why:literal { $($row:ident $outcome:ident $direction:ident $verdict:ident)* })*) => {
        /// The exceptions that hold unless [`Policy::set`] changes them.
        const EXCEPTIONS: &[Exception] = &[$($(Exception {
            row: Row::$row,
            outcome: Outcome::$outcome,
            direction: Direction::$direction,
            judgement: Judgement { verdict: Verdict::$verdict, why: $why },
        },)*)*];
    };
}

exceptions! {
    "a client that reads it finds nothing there any more" {
        PropertyDropped          Wider     Response  Breaking
        PropertyDropped          Narrower  Response  Breaking
        RequiredPropertyDropped  Wider     Response  Breaking
    }
    "what clients send there has no effect any more, even where it is not refused" {
        PropertyDropped          Wider     Request   Breaking
        RequiredPropertyDropped  Wider     Request   Breaking
    }
    "an old client does not send what it does not know" {
        PropertyAdded            Narrower  Request   Harmless
    }
    "a server sent what the branch says that describes the property, whatever the other one said" {
        ExclusiveProperty        Wider         Response  Harmless
        ExclusiveProperty        Incomparable  Response  Harmless
        ExclusiveProperty        Undecided     Response  Harmless
    }
    "leaving it out had no meaning that a client could rely on" {
        Default                  Wider     Response  Harmless
    }
    "leaving it out no longer means what it meant" {
        Default                  Narrower  Response  Breaking
    }
    "a client that waits for this success waits for ever" {
        SuccessStatus            Narrower  Response  Breaking
    }
    "a client must expect errors that it does not know" {
        OtherStatus              Wider     Response  Harmless
    }
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            exceptions: EXCEPTIONS.to_vec(),
        }
    }
}

impl Policy {
    /// The rule and nothing else: documents read as sets of values.
    pub fn pure() -> Self {
        Self {
            exceptions: Vec::new(),
        }
    }

    /// The cells in which the rule does not hold.
    pub fn exceptions(&self) -> &[Exception] {
        &self.exceptions
    }

    /// Judges a cell in another way; a later exception takes the place of an earlier one.
    pub fn set(&mut self, exception: Exception) {
        self.exceptions.retain(|known| {
            (known.row, known.outcome, known.direction)
                != (exception.row, exception.outcome, exception.direction)
        });
        self.exceptions.push(exception);
    }

    /// What a difference does to an old client of a new server.
    pub fn backward(&self, row: Row, outcome: Outcome, direction: Direction) -> Judgement {
        let exception = self.exceptions.iter().find(|exception| {
            (exception.row, exception.outcome, exception.direction) == (row, outcome, direction)
        });
        match exception {
            Some(exception) => exception.judgement,
            None => rule(outcome, direction),
        }
    }

    /// What a difference does to a new client of an old server: the same with base and head exchanged.
    pub fn forward(&self, row: Row, outcome: Outcome, direction: Direction) -> Judgement {
        let row = match row {
            Row::PropertyDropped => Row::PropertyAdded,
            Row::PropertyAdded => Row::PropertyDropped,
            Row::RequiredPropertyDropped => Row::RequiredPropertyAdded,
            Row::RequiredPropertyAdded => Row::RequiredPropertyDropped,
            other => other,
        };
        self.backward(row, outcome.flipped(), direction)
    }

    /// What a difference does to a client that was generated from the base and is in use: whether it can still read the reply.
    ///
    /// This is about generated types as such: they check types, `null`, closed lists of values, required members, patterns and
    /// lengths, and read over everything else.
    pub fn running_client(&self, row: Row, outcome: Outcome, direction: Direction) -> Judgement {
        let judgement = rule(outcome, direction);
        if direction == Direction::Request
            || !is_checked_when_read(row)
            || judgement.verdict == Verdict::Harmless
        {
            return Judgement {
                verdict: Verdict::Harmless,
                why: "a generated client reads the reply as before",
            };
        }
        judgement
    }
}

/// The rule, one line for each case. `Incomparable` is both narrower and wider.
fn rule(outcome: Outcome, direction: Direction) -> Judgement {
    use Direction::{Request, Response};
    use Outcome::{Beside, Incomparable, Narrower, Undecided, Wider};
    let (verdict, why) = match (outcome, direction) {
        (Narrower | Incomparable, Request) => (Verdict::Breaking, MAY_BE_REFUSED),
        (Wider, Request) => (Verdict::Harmless, ALL_IS_ACCEPTED),
        (Wider | Incomparable, Response) => (Verdict::Breaking, MAY_BE_UNEXPECTED),
        (Narrower, Response) => (Verdict::Harmless, ALL_IS_EXPECTED),
        (Undecided, Request | Response) => (Verdict::Undecided, NOT_COMPUTABLE),
        (Beside, Request | Response) => (Verdict::Harmless, NOT_ON_THE_WIRE),
    };
    Judgement { verdict, why }
}

const MAY_BE_REFUSED: &str = "an old client may send what is no longer accepted";
const ALL_IS_ACCEPTED: &str = "the server accepts all that it accepted, and more";
const MAY_BE_UNEXPECTED: &str = "an old client may receive what it was told cannot come";
const ALL_IS_EXPECTED: &str = "a client receives nothing that it does not expect";
const NOT_COMPUTABLE: &str =
    "whether the new one allows what the old one allowed cannot be computed";
const NOT_ON_THE_WIRE: &str = "nothing on the wire changes";

/// Whether generated types refuse a value that breaks this demand.
fn is_checked_when_read(row: Row) -> bool {
    matches!(
        row,
        Row::Type
            | Row::Null
            | Row::Enum
            | Row::Format
            | Row::Pattern
            | Row::MinLength
            | Row::MaxLength
            | Row::Required
            | Row::AdditionalProperties
            | Row::Alternative
            | Row::Discriminator
            | Row::SuccessStatus
            | Row::ResponseBody
            | Row::PropertyAdded
            | Row::RequiredPropertyAdded
            | Row::RequiredPropertyDropped
    )
}
