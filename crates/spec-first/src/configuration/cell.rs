//! A key of `policy`: a row of the review, or one outcome of it.

use std::fmt;
use std::str::FromStr;

#[cfg(feature = "schemars")]
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use spec_first_review::{Outcome, Row};

/// How alike two names must be for one to be suggested instead of the other.
const ALIKE: f64 = 0.75;

const OUTCOMES: [Outcome; 5] = [
    Outcome::Wider,
    Outcome::Narrower,
    Outcome::Incomparable,
    Outcome::Undecided,
    Outcome::Neutral,
];

/// A row, or one outcome of it: `enum` or `enum/wider`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cell {
    /// The row.
    pub row: Row,
    /// The outcome; `None` for the row.
    pub outcome: Option<Outcome>,
}

impl FromStr for Cell {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (row, outcome) = match text.split_once('/') {
            Some((row, outcome)) => (row, Some(outcome)),
            None => (text, None),
        };
        let suggestion = |name: &str, names: &mut dyn Iterator<Item = &'static str>| {
            closest(name, names)
                .map_or_else(String::new, |name| format!("; did you mean `{name}`?"))
        };
        let known = Row::ALL.iter().copied().find(|known| known.as_str() == row);
        let row = known.ok_or_else(|| {
            let mut names = Row::ALL.iter().map(|row| row.as_str());
            format!(
                "the review has no rule `{row}`{}",
                suggestion(row, &mut names)
            )
        })?;
        let outcome = outcome.map(|outcome| {
            let known = OUTCOMES.into_iter().find(|known| known.as_str() == outcome);
            known.ok_or_else(|| {
                let mut names = OUTCOMES.into_iter().map(Outcome::as_str);
                let suggestion = suggestion(outcome, &mut names);
                format!(
                    "the rule `{}` has no outcome `{outcome}`{suggestion}",
                    row.as_str()
                )
            })
        });
        Ok(Self {
            row,
            outcome: outcome.transpose()?,
        })
    }
}

impl fmt::Display for Cell {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.row.as_str())?;
        match self.outcome {
            Some(outcome) => write!(formatter, "/{}", outcome.as_str()),
            None => Ok(()),
        }
    }
}

impl<'de> Deserialize<'de> for Cell {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

impl Serialize for Cell {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(feature = "schemars")]
impl JsonSchema for Cell {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Cell".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let rows = Row::ALL.iter().map(|row| row.as_str());
        let outcomes = OUTCOMES.map(Outcome::as_str).join("|");
        let rows = rows.collect::<Vec<_>>().join("|");
        json_schema!({"type": "string", "pattern": format!("^({rows})(/({outcomes}))?$")})
    }
}

/// The name that somebody who wrote `name` may have meant.
pub(crate) fn closest<'a>(name: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let names = names.map(|known| (strsim::jaro_winkler(name, known), known));
    let best = names.max_by(|(one, _), (other, _)| one.total_cmp(other))?;
    (best.0 >= ALIKE).then_some(best.1)
}
