//! Judges differences: one rule, and the few exceptions where clients rely on something else.

use std::collections::BTreeMap;

use crate::change::{Direction, Outcome, Row};

/// The effect of a change on a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// No client breaks.
    Harmless,
    /// A client may break, and the team wants a warning rather than a failure.
    Warning,
    /// The effect is unknown; the change counts as breaking until a person has looked at it.
    Undecided,
    /// A client breaks.
    Breaking,
}

impl Verdict {
    /// The verdict in lower case.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Harmless => "harmless",
            Self::Warning => "warning",
            Self::Undecided => "undecided",
            Self::Breaking => "breaking",
        }
    }
}

/// How severe a team considers the changes of a row, whatever the rule says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// The review fails until somebody acknowledges the change.
    Breaking,
    /// The review shows the change above the harmless ones, and does not fail.
    Warning,
    /// The change counts as harmless.
    Harmless,
    /// The review does not show the change at all.
    Ignore,
}

/// A verdict with its reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct Judgement {
    /// The verdict.
    pub verdict: Verdict,
    /// The reason, in one sentence without a capital or a full stop.
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
    /// The judgement that replaces the rule, for an old client of a new server.
    pub judgement: Judgement,
    /// The reason, worded for a new client of an old server.
    pub why_forward: &'static str,
}

/// How differences are judged.
///
/// The rule: in a request, the head must still accept everything that the base accepted; in a response, everything that the head
/// allows must have been allowed by the base. [`Policy::exceptions`] are the cells in which clients rely on something else.
#[derive(Clone, Debug)]
pub struct Policy {
    exceptions: Vec<Exception>,
    /// The levels that a team set, for one outcome of a row or for the whole row.
    levels: BTreeMap<(Row, Option<Outcome>, Direction), Level>,
}

macro_rules! exceptions {
    ($($why:literal, $why_forward:literal { $($row:ident $outcome:ident $direction:ident $verdict:ident)* })*) => {
        /// The default exceptions, which [`Policy::set`] can override.
        const EXCEPTIONS: &[Exception] = &[$($(Exception {
            row: Row::$row,
            outcome: Outcome::$outcome,
            direction: Direction::$direction,
            judgement: Judgement { verdict: Verdict::$verdict, why: $why },
            why_forward: $why_forward,
        },)*)*];
    };
}

exceptions! {
    "a client that reads it no longer finds it",
    "a new client that relies on it does not find it in the response of an old server" {
        PropertyDropped          Wider     Response  Breaking
        PropertyDropped          Narrower  Response  Breaking
        RequiredPropertyDropped  Wider     Response  Breaking
        RequestBody              Narrower  Response  Breaking
    }
    "values that clients send there no longer have an effect, even if they are not refused",
    "what a new client sends there has no effect on an old server, even if it is not refused" {
        PropertyDropped          Wider     Request   Breaking
        RequiredPropertyDropped  Wider     Request   Breaking
    }
    "an old client that enforces its closed schema refuses the property",
    "a new client that enforces its closed schema refuses the property of an old server" {
        PropertyAdded            Wider     Response  Breaking
    }
    "an old client does not send unknown values",
    "a new client does not send what it does not know" {
        PropertyAdded            Narrower  Request   Harmless
        ExclusiveNewProperty     Narrower      Request   Harmless
        ExclusiveNewProperty     Incomparable  Request   Harmless
    }
    "the branch that describes the property already decided what a server sends",
    "the branch that describes the property decides what an old server sends" {
        ExclusiveProperty        Wider         Response  Harmless
        ExclusiveProperty        Incomparable  Response  Harmless
        ExclusiveProperty        Undecided     Response  Harmless
        ExclusiveNewProperty     Wider         Response  Harmless
        ExclusiveNewProperty     Incomparable  Response  Harmless
    }
    "its absence had no meaning that a client could rely on",
    "its absence has no meaning that a new client relies on" {
        Default                  Wider     Response  Harmless
    }
    "its absence has a different meaning now",
    "its absence means something else to a new client than to an old server" {
        Default                  Narrower  Response  Breaking
    }
    "a client that expects this success never gets it",
    "a new client that expects this success never gets it" {
        SuccessStatus            Narrower  Response  Breaking
    }
    "a client must expect values that are not listed",
    "a new client must expect values that are not listed" {
        ExtensibleEnum           Wider         Response  Harmless
        ExtensibleEnum           Incomparable  Response  Harmless
    }
    "clients get less notice than they are promised",
    "a new client gets less notice than it is promised" {
        Sunset                   Incomparable  Request   Breaking
        Sunset                   Incomparable  Response  Breaking
    }
    "whether clients get enough notice cannot be determined",
    "whether clients get enough notice cannot be determined" {
        Sunset                   Undecided     Request   Undecided
        Sunset                   Undecided     Response  Undecided
    }
    "it was deprecated, and its sunset has passed",
    "it was deprecated, and its sunset has passed" {
        Operation                Neutral       Request   Harmless
        Operation                Neutral       Response  Harmless
        PropertyDropped          Neutral       Request   Harmless
        PropertyDropped          Neutral       Response  Harmless
        RequiredPropertyDropped  Neutral       Request   Harmless
        RequiredPropertyDropped  Neutral       Response  Harmless
        Header                   Neutral       Response  Harmless
    }
    "the version does not tell clients about the changes",
    "the version hides from a new client that an old server is different" {
        Version                  Incomparable  Request   Breaking
    }
    "a client must expect unknown errors anyway",
    "a new client must expect unknown errors anyway" {
        OtherStatus              Wider     Response  Harmless
    }
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            exceptions: EXCEPTIONS.to_vec(),
            levels: BTreeMap::new(),
        }
    }
}

impl Policy {
    /// The rule without exceptions: documents are compared as sets of values.
    pub fn pure() -> Self {
        Self {
            exceptions: Vec::new(),
            levels: BTreeMap::new(),
        }
    }

    /// The cells in which the rule does not hold.
    pub fn exceptions(&self) -> &[Exception] {
        &self.exceptions
    }

    /// Overrides the judgement of a cell; a later exception replaces an earlier one.
    pub fn set(&mut self, exception: Exception) {
        self.exceptions.retain(|known| {
            (known.row, known.outcome, known.direction)
                != (exception.row, exception.outcome, exception.direction)
        });
        self.exceptions.push(exception);
    }

    /// Sets the level of one outcome of a row, or of the whole row.
    ///
    /// A level for a row does not change what every client survives, such as a value that is removed from the `enum` of a response;
    /// [`Level::Ignore`] applies to the whole row. A level for an outcome takes precedence over one for its row.
    pub fn set_level(
        &mut self,
        row: Row,
        outcome: Option<Outcome>,
        direction: Direction,
        level: Level,
    ) {
        self.levels.insert((row, outcome, direction), level);
    }

    /// The level that was set for a cell, if it applies there.
    pub fn level(&self, row: Row, outcome: Outcome, direction: Direction) -> Option<Level> {
        let of_outcome = self.levels.get(&(row, Some(outcome), direction));
        let of_row = self.levels.get(&(row, None, direction));
        let of_row = of_row.filter(|level| {
            let verdict = self.unleveled(row, outcome, direction).verdict;
            **level == Level::Ignore || verdict != Verdict::Harmless || outcome == Outcome::Neutral
        });
        of_outcome.or(of_row).copied()
    }

    /// The effect of a difference on an old client of a new server.
    pub fn backward(&self, row: Row, outcome: Outcome, direction: Direction) -> Judgement {
        let judgement = self.unleveled(row, outcome, direction);
        let Some(level) = self.level(row, outcome, direction) else {
            return judgement;
        };
        let (verdict, why) = match level {
            Level::Breaking => (Verdict::Breaking, "the configuration counts it as breaking"),
            Level::Warning => (Verdict::Warning, "the configuration asks for a warning"),
            Level::Harmless | Level::Ignore => {
                (Verdict::Harmless, "the configuration counts it as harmless")
            }
        };
        // A tolerated break is still explained; anything else is the team's own decision.
        let why = match (judgement.verdict, verdict) {
            (Verdict::Harmless, _) | (_, Verdict::Harmless) => why,
            _ => judgement.why,
        };
        Judgement { verdict, why }
    }

    /// The judgement without the levels that a team set.
    fn unleveled(&self, row: Row, outcome: Outcome, direction: Direction) -> Judgement {
        match self.exception(row, outcome, direction) {
            Some(exception) => exception.judgement,
            None => rule(Client::Old, outcome, direction),
        }
    }

    /// The effect of a difference on a new client of an old server: the same with base and head swapped.
    pub fn forward(&self, row: Row, outcome: Outcome, direction: Direction) -> Judgement {
        let row = match row {
            Row::PropertyDropped => Row::PropertyAdded,
            Row::PropertyAdded => Row::PropertyDropped,
            Row::RequiredPropertyDropped => Row::RequiredPropertyAdded,
            Row::RequiredPropertyAdded => Row::RequiredPropertyDropped,
            other => other,
        };
        let outcome = outcome.flipped();
        match self.exception(row, outcome, direction) {
            // A property that was dropped no longer serves its readers, but one that is added may always be absent.
            Some(_) if (row, direction) == (Row::PropertyDropped, Direction::Response) => {
                Judgement {
                    verdict: Verdict::Harmless,
                    why: "the property is optional, so a new client expects its absence",
                }
            }
            Some(exception) => Judgement {
                verdict: exception.judgement.verdict,
                why: exception.why_forward,
            },
            None => rule(Client::New, outcome, direction),
        }
    }

    fn exception(&self, row: Row, outcome: Outcome, direction: Direction) -> Option<&Exception> {
        self.exceptions.iter().find(|exception| {
            (exception.row, exception.outcome, exception.direction) == (row, outcome, direction)
        })
    }

    /// The effect of a difference on a client that was generated from the base and is in use: whether it can still read the
    /// response.
    ///
    /// This is about generated types in general: they check types, `null`, closed lists of values, required members, patterns and
    /// lengths, and ignore everything else.
    pub fn running_client(&self, row: Row, outcome: Outcome, direction: Direction) -> Judgement {
        let judgement = rule(Client::Old, outcome, direction);
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

/// The client that meets a server of the other document.
#[derive(Clone, Copy)]
enum Client {
    Old,
    New,
}

/// The rule, one line for each case, and what it means for the client. `Incomparable` is both narrower and wider.
fn rule(client: Client, outcome: Outcome, direction: Direction) -> Judgement {
    use Direction::{Request, Response};
    use Outcome::{Incomparable, Narrower, Neutral, Undecided, Wider};
    let (verdict, [old, new]) = match (outcome, direction) {
        (Narrower | Incomparable, Request) => (Verdict::Breaking, MAY_BE_REFUSED),
        (Wider, Request) => (Verdict::Harmless, ALL_IS_ACCEPTED),
        (Wider | Incomparable, Response) => (Verdict::Breaking, MAY_BE_UNEXPECTED),
        (Narrower, Response) => (Verdict::Harmless, ALL_IS_EXPECTED),
        (Undecided, Request | Response) => (Verdict::Undecided, NOT_COMPUTABLE),
        (Neutral, Request | Response) => (Verdict::Harmless, NOT_ON_THE_WIRE),
    };
    let why = match client {
        Client::Old => old,
        Client::New => new,
    };
    Judgement { verdict, why }
}

// Each is worded for an old client of a new server, then for a new client of an old server.
const MAY_BE_REFUSED: [&str; 2] = [
    "an old client may send what is no longer accepted",
    "a new client may send what an old server does not accept",
];
const ALL_IS_ACCEPTED: [&str; 2] = [
    "the server accepts everything it accepted before, and more",
    "an old server accepts everything that a new client sends, and more",
];
const MAY_BE_UNEXPECTED: [&str; 2] = [
    "an old client may receive values that it does not expect",
    "a new client may receive values that it does not expect",
];
const ALL_IS_EXPECTED: [&str; 2] = [
    "a client receives nothing unexpected",
    "a new client receives nothing unexpected",
];
const NOT_COMPUTABLE: [&str; 2] = [
    "it cannot be determined whether everything that was allowed is still allowed",
    "whether everything that is now allowed was allowed before cannot be determined",
];
const NOT_ON_THE_WIRE: [&str; 2] = [
    "nothing on the wire changes",
    "nothing on the wire is different",
];

/// Whether generated types refuse a value that violates this constraint.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_for_a_row_leaves_alone_what_every_client_survives() {
        use Direction::{Request, Response};
        let mut policy = Policy::default();
        policy.set_level(Row::Enum, None, Response, Level::Warning);
        let verdict = |policy: &Policy, outcome, direction| {
            policy.backward(Row::Enum, outcome, direction).verdict
        };
        let verdicts = |policy: &Policy| {
            [
                verdict(policy, Outcome::Wider, Response),
                verdict(policy, Outcome::Undecided, Response),
                verdict(policy, Outcome::Narrower, Response),
                verdict(policy, Outcome::Narrower, Request),
            ]
        };
        use Verdict::{Breaking, Harmless, Warning};
        assert_eq!(verdicts(&policy), [Warning, Warning, Harmless, Breaking]);

        policy.set_level(
            Row::Enum,
            Some(Outcome::Narrower),
            Response,
            Level::Breaking,
        );
        policy.set_level(Row::Enum, Some(Outcome::Wider), Response, Level::Ignore);
        assert_eq!(verdicts(&policy), [Harmless, Warning, Breaking, Breaking]);
    }

    #[test]
    fn each_reason_speaks_of_the_client_that_it_is_about() {
        let policy = Policy::default();
        let outcomes = [
            Outcome::Wider,
            Outcome::Narrower,
            Outcome::Incomparable,
            Outcome::Undecided,
            Outcome::Neutral,
        ];
        for row in Row::ALL {
            for outcome in outcomes {
                for direction in [Direction::Request, Direction::Response] {
                    let backward = policy.backward(*row, outcome, direction);
                    let forward = policy.forward(*row, outcome, direction);
                    let cell = format!("{row:?} {outcome:?} {direction:?}");
                    assert!(!backward.why.contains("new client"), "{cell}: {backward:?}");
                    assert!(!forward.why.contains("old client"), "{cell}: {forward:?}");
                    if forward.verdict == Verdict::Breaking {
                        assert!(forward.why.contains("new client"), "{cell}: {forward:?}");
                    }
                }
            }
        }
    }
}
