//! What is wrong with a request. Messages never show a value, which may be a secret.

use std::fmt;

use axum::http::StatusCode;

use crate::Rejection;

/// Maximum number of violations listed; the rest are counted.
pub(crate) const LISTED: usize = 20;

/// Maximum length of a field name, in characters. Undocumented names are chosen by the client.
const NAME_LENGTH: usize = 200;

/// One thing that is wrong with a value.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Violation {
    /// The path to the field, separated by dots; `None` for the value as a whole.
    pub(crate) field: Option<String>,
    /// What is wrong; continues a sentence that starts with the name of the field.
    pub(crate) message: String,
}

/// Everything that is wrong with a value: the first violations, and the number of the others.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Violations {
    listed: Vec<Violation>,
    more: usize,
    /// Fields that were sent and are ignored; these are not violations.
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
    /// The rejection of a request with these violations. Names the invalid fields, but never shows their values.
    pub(crate) fn reject(&self) -> Rejection {
        let fields = self.listed.iter().filter_map(|violation| {
            let field = violation.field.clone()?;
            Some((field, violation.message.clone()))
        });
        Rejection::of(StatusCode::BAD_REQUEST, self.messages(), fields.collect())
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.listed.is_empty()
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

    /// Those of a value that is not a body, with its name.
    pub(crate) fn of_whole(mut self, name: &str) -> Self {
        for violation in &mut self.listed {
            violation.field.get_or_insert_with(|| name.to_owned());
        }
        self
    }

    /// The same with `*` for each number in the name of a field: the items of a list have one problem.
    pub(crate) fn of_any_item(&self) -> Self {
        let is_index = |name: &str| !name.is_empty() && name.bytes().all(|it| it.is_ascii_digit());
        let listed = self.listed.iter().map(|violation| Violation {
            field: violation.field.as_ref().map(|field| {
                let names = field.split('.');
                let names = names.map(|name| if is_index(name) { "*" } else { name });
                names.collect::<Vec<_>>().join(".")
            }),
            message: violation.message.clone(),
        });
        Self {
            listed: listed.collect(),
            more: self.more,
            ignored: Vec::new(),
        }
    }

    /// No violations, but these fields are ignored.
    pub(crate) fn of_ignored(fields: Vec<String>) -> Self {
        Self {
            ignored: fields,
            ..Self::default()
        }
    }

    /// Names the `readOnly` fields that were sent, if any.
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

    /// How many there are, listed or not.
    pub(crate) fn count(&self) -> usize {
        self.listed.len() + self.more
    }

    /// A message for each violation that is listed, and one that counts the rest.
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
    fn unlisted_violations_are_counted() {
        assert_eq!(violations(2).messages(), ["0 is wrong", "1 is wrong"]);
        assert_eq!(violations(20).messages()[19], "19 is wrong");
        assert_eq!(violations(21).messages()[20..], ["and 1 more problem"]);
        let mut all = violations(19);
        all.append(violations(23));
        assert_eq!(all.messages()[19..], ["0 is wrong", "and 22 more problems"]);
    }

    #[test]
    fn the_items_of_a_list_have_one_problem() {
        let mut violations = violations(1);
        for field in ["11", "pets.2.my tags.0", "other"] {
            violations.add(Violation::of_field(field, "is wrong"));
        }
        violations.add(Violation::of_body("is wrong"));
        let expected = ["*", "*", "pets.*.my tags.*", "other", "the body"];
        let messages = violations.of_any_item().messages();
        assert_eq!(messages, expected.map(|field| format!("{field} is wrong")));
    }

    #[test]
    fn a_long_name_is_cut_at_a_character_boundary() {
        let cut = Violation::of_field(&"ñ".repeat(201), "is wrong");
        assert_eq!(cut.field, Some(format!("{}...", "ñ".repeat(200))));
        let whole = Violation::of_field(&"ñ".repeat(200), "is wrong");
        assert_eq!(whole.field, Some("ñ".repeat(200)));
    }
}
