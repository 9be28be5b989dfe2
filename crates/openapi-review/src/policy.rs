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

const fn exception(
    row: Row,
    outcome: Outcome,
    direction: Direction,
    verdict: Verdict,
    why: &'static str,
) -> Exception {
    Exception {
        row,
        outcome,
        direction,
        judgement: Judgement { verdict, why },
    }
}

const NO_EFFECT: &str =
    "what clients send there has no effect any more, even where it is not refused";
const NOT_SENT: &str = "an old client does not send what it does not know";
const NOT_RELIED_ON: &str = "leaving it out had no meaning that a client could rely on";
const ANOTHER_MEANING: &str = "leaving it out no longer means what it meant";
const GONE: &str = "a client that reads it finds nothing there any more";
const NO_SUCCESS: &str = "a client that waits for this success waits for ever";
const ERRORS: &str = "a client must expect errors that it does not know";

/// The exceptions that hold unless [`Policy::set`] changes them.
const EXCEPTIONS: [Exception; 10] = [
    exception(
        Row::PropertyDropped,
        Outcome::Wider,
        Direction::Response,
        Verdict::Breaking,
        GONE,
    ),
    exception(
        Row::RequiredPropertyDropped,
        Outcome::Wider,
        Direction::Response,
        Verdict::Breaking,
        GONE,
    ),
    exception(
        Row::PropertyDropped,
        Outcome::Wider,
        Direction::Request,
        Verdict::Breaking,
        NO_EFFECT,
    ),
    exception(
        Row::PropertyAdded,
        Outcome::Narrower,
        Direction::Request,
        Verdict::Harmless,
        NOT_SENT,
    ),
    exception(
        Row::PropertyDropped,
        Outcome::Narrower,
        Direction::Response,
        Verdict::Breaking,
        GONE,
    ),
    exception(
        Row::RequiredPropertyDropped,
        Outcome::Wider,
        Direction::Request,
        Verdict::Breaking,
        NO_EFFECT,
    ),
    exception(
        Row::Default,
        Outcome::Wider,
        Direction::Response,
        Verdict::Harmless,
        NOT_RELIED_ON,
    ),
    exception(
        Row::Default,
        Outcome::Narrower,
        Direction::Response,
        Verdict::Breaking,
        ANOTHER_MEANING,
    ),
    exception(
        Row::SuccessStatus,
        Outcome::Narrower,
        Direction::Response,
        Verdict::Breaking,
        NO_SUCCESS,
    ),
    exception(
        Row::OtherStatus,
        Outcome::Wider,
        Direction::Response,
        Verdict::Harmless,
        ERRORS,
    ),
];

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

fn rule(outcome: Outcome, direction: Direction) -> Judgement {
    let (verdict, why) = match (outcome, direction) {
        (Outcome::Narrower, Direction::Request) => (
            Verdict::Breaking,
            "an old client may send what is no longer accepted",
        ),
        (Outcome::Wider, Direction::Request) => (
            Verdict::Harmless,
            "the server accepts all that it accepted, and more",
        ),
        (Outcome::Wider, Direction::Response) => (
            Verdict::Breaking,
            "an old client may receive what it was told cannot come",
        ),
        (Outcome::Narrower, Direction::Response) => (
            Verdict::Harmless,
            "a client receives nothing that it does not expect",
        ),
        (Outcome::Incomparable, Direction::Request) => (
            Verdict::Breaking,
            "an old client may send what is no longer accepted",
        ),
        (Outcome::Incomparable, Direction::Response) => (
            Verdict::Breaking,
            "an old client may receive what it was told cannot come",
        ),
        (Outcome::Undecided, _) => (
            Verdict::Undecided,
            "whether the new one allows what the old one allowed cannot be computed",
        ),
        (Outcome::Beside, _) => (Verdict::Harmless, "nothing on the wire changes"),
    };
    Judgement { verdict, why }
}

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
