//! What is wrong with a request, in words that never show a value: it may be a secret.

use std::fmt;

/// How many violations are listed before the rest is only counted.
pub(crate) const LISTED: usize = 20;

/// How long the name of a field may be, in characters. The request chooses the names that the document does not describe.
const NAME_LENGTH: usize = 200;

/// One thing that is wrong with a value.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Violation {
    /// Which field, with dots between the names on the way to it; `None` for the value as a whole.
    pub(crate) field: Option<String>,
    /// What is wrong, to be read after the name of the field.
    pub(crate) message: String,
}

/// All that is wrong with a value: the first violations, and how many more there are.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Violations {
    listed: Vec<Violation>,
    more: usize,
    /// Fields that were sent and are ignored, which does not count as a violation.
    ignored: Vec<String>,
}

impl Violation {
    pub(crate) fn of_body(message: &str) -> Self {
        Self {
            field: None,
            message: message.to_owned(),
        }
    }

    pub(crate) fn of_field(field: &str, message: &str) -> Self {
        let mut name = field.to_owned();
        if let Some((end, _)) = field.char_indices().nth(NAME_LENGTH) {
            name.truncate(end);
            name.push_str("...");
        }
        Self {
            field: Some(name),
            message: message.to_owned(),
        }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let field = self.field.as_deref().unwrap_or("the body");
        write!(formatter, "{field} {}", self.message)
    }
}

impl Violations {
    pub(crate) fn is_empty(&self) -> bool {
        self.listed.is_empty()
    }

    /// The first of them.
    pub(crate) fn listed(&self) -> &[Violation] {
        &self.listed
    }

    pub(crate) fn add(&mut self, violation: Violation) {
        if self.listed.len() < LISTED {
            self.listed.push(violation);
        } else {
            self.more += 1;
        }
    }

    pub(crate) fn append(&mut self, other: Self) {
        other.listed.into_iter().for_each(|it| self.add(it));
        self.more += other.more;
        self.ignored.extend(other.ignored);
    }

    /// No violation, though these fields are ignored.
    pub(crate) fn of_ignored(fields: Vec<String>) -> Self {
        Self {
            ignored: fields,
            ..Self::default()
        }
    }

    /// Which `readOnly` fields were sent, if any were.
    pub(crate) fn note(&self) -> Option<String> {
        match self.ignored.as_slice() {
            [] => None,
            [field] => Some(format!("`{field}` is readOnly and is ignored")),
            fields => Some(format!(
                "`{}` are readOnly and are ignored",
                fields.join("`, `")
            )),
        }
    }

    /// One message for each that is listed, and one that counts the rest.
    pub(crate) fn messages(&self) -> Vec<String> {
        let rest = match self.more {
            0 => None,
            1 => Some("and 1 more problem".to_owned()),
            more => Some(format!("and {more} more problems")),
        };
        let listed = self.listed.iter().map(Violation::to_string);
        listed.chain(rest).collect()
    }
}

impl From<Violation> for Violations {
    fn from(violation: Violation) -> Self {
        Self {
            listed: vec![violation],
            ..Self::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn violations(count: usize) -> Violations {
        let mut violations = Violations::default();
        for number in 0..count {
            violations.add(Violation::of_field(&number.to_string(), "is wrong"));
        }
        violations
    }

    #[test]
    fn what_is_not_listed_is_counted() {
        assert_eq!(violations(2).messages(), ["0 is wrong", "1 is wrong"]);
        assert_eq!(violations(20).messages()[19], "19 is wrong");
        assert_eq!(violations(21).messages()[20..], ["and 1 more problem"]);
        let mut all = violations(19);
        all.append(violations(23));
        assert_eq!(all.messages()[19..], ["0 is wrong", "and 22 more problems"]);
    }

    #[test]
    fn a_long_name_is_cut_between_two_characters() {
        let cut = Violation::of_field(&"ñ".repeat(201), "is wrong");
        assert_eq!(cut.field, Some(format!("{}...", "ñ".repeat(200))));
        let whole = Violation::of_field(&"ñ".repeat(200), "is wrong");
        assert_eq!(whole.field, Some("ñ".repeat(200)));
    }
}
