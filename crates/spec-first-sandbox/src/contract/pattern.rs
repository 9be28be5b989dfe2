//! The regular expressions of a document, for the validator.

use jsonschema::{Validator, draft202012};
use serde_json::{Value, json};
use spec_first_document::pattern::strict;

/// A pattern for the validator; `None` if it is not a valid regular expression.
pub(super) fn for_validation(pattern: &str) -> Option<String> {
    compiled(pattern).map(|(written, _)| written)
}

/// Whether a text matches a pattern; `None` if it is not a valid regular expression.
pub(super) fn matcher(pattern: &str) -> Option<impl Fn(&str) -> bool> {
    let (_, judge) = compiled(pattern)?;
    Some(move |text: &str| judge.is_valid(&Value::from(text)))
}

fn compiled(pattern: &str) -> Option<(String, Validator)> {
    let written = strict(pattern);
    let judge = draft202012::new(&json!({ "pattern": written })).ok()?;
    Some((written, judge))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_invalid_regular_expression_is_rejected() {
        assert_eq!(for_validation("[\\w-.]").as_deref(), Some("[\\w\\-.]"));
        for pattern in ["(a", "(?=a", "[a\\"] {
            assert_eq!(for_validation(pattern), None, "{pattern}");
        }
    }
}
