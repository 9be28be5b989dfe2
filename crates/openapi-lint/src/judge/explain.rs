//! Turns the errors of a validator into complaints for people: about the smallest part that is wrong, and without
//! repeating values, which may be secrets.

use jsonschema::{
    ValidationError, Validator,
    error::{TypeKind, ValidationErrorKind as Kind},
};
use serde_json::Value;

/// What is wrong with a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Complaint {
    /// The address of the part that is wrong, relative to the value.
    pub(crate) at: String,
    /// What is wrong with it.
    pub(crate) message: String,
}

/// What `validator` has against `value`, about the smallest parts that are wrong.
pub(super) fn complaints(validator: &Validator, value: &Value) -> Vec<Complaint> {
    let mut complaints = Vec::new();
    for error in validator.iter_errors(value) {
        descend(&error, 0, &mut |leaf| {
            let complaint = Complaint {
                at: leaf.instance_path().as_str().to_owned(),
                message: describe(leaf),
            };
            if !complaints.contains(&complaint) {
                complaints.push(complaint);
            }
        });
    }
    complaints
}

/// Follows an error into the branch that was most likely meant, down to the errors without branches.
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

/// The branch that was meant: the one whose tag fits, or else in which the mistake lies deepest, or else the one with
/// the fewest mistakes. None if no branch is nearer than another.
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

/// What an error says, without the value that it is about.
pub(crate) fn describe(error: &ValidationError<'_>) -> String {
    match error.kind() {
        Kind::AdditionalProperties { unexpected } => match unexpected.as_slice() {
            [only] => format!("there is no property `{only}` here"),
            several => format!("there are no properties {} here", list(several, "and")),
        },
        Kind::AnyOf { .. } | Kind::OneOfNotValid { .. } => {
            "the value fits none of the alternatives".to_owned()
        }
        Kind::OneOfMultipleValid { .. } => {
            "the value fits more than one of the alternatives of a `oneOf`".to_owned()
        }
        Kind::Enum { options } => {
            let options = options.as_array().map_or(&[][..], Vec::as_slice);
            let options: Vec<String> = options.iter().map(shown).collect();
            format!("the value is none of {}", list(&options, "and"))
        }
        Kind::FalseSchema => {
            "a property that does not exist in this direction is present".to_owned()
        }
        Kind::Format { format } => format!("the value is no `{format}`"),
        Kind::Not { .. } => "the value fits what `not` excludes".to_owned(),
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
            format!("{found} stands where {} belongs", list(&expected, "or"))
        }
        Kind::UniqueItems => "an item stands twice in a list of unique items".to_owned(),
        _ => {
            let message = error.masked_with("the value").to_string();
            message.replace('"', "`")
        }
    }
}

/// What a value is, in words.
pub(crate) fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "`null`",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// A literal of a schema as it is shown between backticks.
pub(crate) fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Literals between backticks: `a`, `b` and `c`.
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
