//! Describes validation errors for the smallest part that is wrong, without repeating values, which may be secrets.

use jsonschema::{
    ValidationError, Validator,
    error::{TypeKind, ValidationErrorKind as Kind},
};
use serde_json::Value;

/// A violation of a schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Violation {
    /// The pointer to the invalid part, relative to the value.
    pub(crate) at: String,
    /// The description of the violation.
    pub(crate) message: String,
}

/// The violations in `value`, each for the smallest part that is wrong.
pub(super) fn violations(validator: &Validator, value: &Value) -> Vec<Violation> {
    let mut violations = Vec::new();
    let mut unevaluated = Vec::new();
    for error in validator.iter_errors(value) {
        descend(&error, 0, &mut |leaf| {
            let violation = Violation {
                at: leaf.instance_path().as_str().to_owned(),
                message: describe(leaf),
            };
            let is_unevaluated = matches!(leaf.kind(), Kind::UnevaluatedProperties { .. });
            let found = if is_unevaluated {
                &mut unevaluated
            } else {
                &mut violations
            };
            if !found.contains(&violation) {
                found.push(violation);
            }
        });
    }
    // The properties of an object in which something else is wrong count as unevaluated, too.
    unevaluated.retain(|outer: &Violation| {
        let is_inside = |inner: &Violation| inner.at.starts_with(&outer.at);
        !violations.iter().any(is_inside)
    });
    violations.append(&mut unevaluated);
    violations
}

/// Follows an error into the branch that was most likely intended, down to errors without branches.
pub(crate) fn descend(
    error: &ValidationError<'_>,
    depth: usize,
    visit: &mut dyn FnMut(&ValidationError<'_>),
) {
    match error.kind() {
        Kind::AnyOf { context } | Kind::OneOfNotValid { context } if depth < 200 => {
            match likeliest(context, error) {
                Some(branch) => {
                    for inner in branch {
                        descend(inner, depth + 1, visit);
                    }
                }
                None => visit(error),
            }
        }
        _ => visit(error),
    }
}

/// The branch that was most likely intended: the one whose tag matches, else the one with the deepest error, else the
/// one with the fewest errors. `None` if two branches are equally likely.
fn likeliest<'e>(
    branches: &'e [Vec<ValidationError<'static>>],
    outer: &ValidationError<'_>,
) -> Option<&'e [ValidationError<'static>]> {
    let base = outer.instance_path().as_str().len();
    let rank = |branch: &Vec<ValidationError<'static>>| {
        let depth = |error: &ValidationError<'_>| {
            let path = error.instance_path().as_str();
            path.get(base..).unwrap_or("").matches('/').count()
        };
        let is_another_type = branch.iter().any(|error| {
            depth(error) == 0 && matches!(error.kind(), Kind::Type { .. } | Kind::FalseSchema)
        });
        let is_another_tag = branch.iter().any(|error| {
            depth(error) == 1 && matches!(error.kind(), Kind::Enum { .. } | Kind::Constant { .. })
        });
        let deepest = branch.iter().map(depth).max().unwrap_or(0);
        (
            is_another_type,
            is_another_tag,
            usize::MAX - deepest,
            branch.len(),
        )
    };
    let mut ranked: Vec<_> = branches
        .iter()
        .filter(|branch| !branch.is_empty())
        .map(|branch| (rank(branch), branch))
        .collect();
    ranked.sort_by_key(|(rank, _)| *rank);
    match ranked.as_slice() {
        [(best, _), (next, _), ..] if best == next => None,
        [((true, ..), _), _, ..] => None,
        [(_, branch), ..] => Some(branch),
        [] => None,
    }
}

/// Describes an error without the invalid value.
pub(crate) fn describe(error: &ValidationError<'_>) -> String {
    match error.kind() {
        Kind::AdditionalProperties { unexpected } | Kind::UnevaluatedProperties { unexpected } => {
            match unexpected.as_slice() {
                [only] => format!("unexpected property `{only}`"),
                several => format!("unexpected properties {}", list(several, "and")),
            }
        }
        Kind::AnyOf { .. } | Kind::OneOfNotValid { .. } => {
            "the value matches none of the alternatives".to_owned()
        }
        Kind::OneOfMultipleValid { .. } => {
            "the value matches more than one branch of a `oneOf`".to_owned()
        }
        Kind::Enum { options } => {
            let options = options.as_array().map_or(&[][..], Vec::as_slice);
            let options: Vec<String> = options.iter().map(shown).collect();
            format!("the value must be one of {}", list(&options, "or"))
        }
        Kind::FalseSchema => "the property is not allowed in this direction".to_owned(),
        Kind::Format { format } => format!("the value is not a valid `{format}`"),
        Kind::Not { .. } => "the value matches the schema in `not`".to_owned(),
        Kind::Pattern { pattern } => format!("the value does not match `{pattern}`"),
        Kind::Required { property } => {
            format!("the required property `{}` is missing", shown(property))
        }
        Kind::Type { kind } => {
            let expected: Vec<String> = match kind {
                TypeKind::Single(kind) => vec![kind.to_string()],
                TypeKind::Multiple(kinds) => kinds.iter().map(|kind| kind.to_string()).collect(),
            };
            let found = kind_of(error.instance());
            format!("expected {}, found {found}", list(&expected, "or"))
        }
        Kind::UniqueItems => "the array has duplicate items".to_owned(),
        _ => {
            let message = error.masked_with("the value").to_string();
            message.replace('"', "`")
        }
    }
}

/// The type of a value, in words.
fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "`null`",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

/// A literal of a schema, to be shown in backticks.
pub(crate) fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Joins literals in backticks: `a`, `b` and `c`.
pub(crate) fn list<T: AsRef<str>>(items: &[T], last: &str) -> String {
    let quoted: Vec<String> = items
        .iter()
        .map(|item| format!("`{}`", item.as_ref()))
        .collect();
    match quoted.split_last() {
        Some((only, [])) => only.clone(),
        Some((end, rest)) => format!("{} {last} {end}", rest.join(", ")),
        None => String::new(),
    }
}
