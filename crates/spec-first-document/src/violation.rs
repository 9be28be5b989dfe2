//! Explains in words why a value does not match its schema. Messages quote the schema and never the value, which may be a
//! secret. Needs the feature `validation`.

#[cfg(test)]
mod tests;

use std::{
    collections::HashSet,
    fmt::{self, Display, Formatter},
    hash::{BuildHasher, RandomState},
};

use jsonschema::{
    ValidationError, Validator,
    error::{TypeKind, ValidationErrorKind as Kind},
    json::Json,
};
use serde_json::Value;

use crate::{
    Pointer,
    literal::{list, literal},
};

/// The maximum nesting of choices that are followed.
const DEPTH: usize = 200;

/// One thing that is wrong with a value. Displayed as a sentence: ``it must be of type `string`, not `number` ``, or
/// `` `name` is required``.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Violation {
    /// The smallest part that is wrong, relative to the value.
    pub at: Pointer,
    /// The property of the object at `at` that is missing or not allowed; `None` if the part as a whole is wrong.
    pub property: Option<String>,
    /// What is wrong, to continue a sentence that begins with the name of the property or the part.
    pub problem: String,
}

impl Violation {
    /// The violations in an error, disregarding the branches of a choice: see [`causes`].
    pub fn of(error: &ValidationError<'_>) -> Vec<Self> {
        let at = Pointer::root().join(error.instance_path().as_str());
        let of_property = |property: String, problem: &str| Self {
            at: at.clone(),
            property: Some(property),
            problem: problem.to_owned(),
        };
        match error.kind() {
            Kind::AdditionalProperties { unexpected }
            | Kind::UnevaluatedProperties { unexpected } => {
                let names = unexpected.iter().cloned();
                let problem = "is not a documented property";
                names.map(|name| of_property(name, problem)).collect()
            }
            Kind::Required { property } => vec![of_property(text(property), "is required")],
            _ => vec![match tags(error) {
                Some((tag, values)) => Self {
                    at: Pointer::root().join(tag),
                    property: None,
                    problem: format!("must be one of {}", list(&values, "or")),
                },
                None => Self {
                    at,
                    property: None,
                    problem: expectation(error),
                },
            }],
        }
    }
}

impl Display for Violation {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        match &self.property {
            Some(property) => write!(formatter, "{} {}", literal(property), self.problem),
            None => write!(formatter, "it {}", self.problem),
        }
    }
}

/// Visits each violation in `value` once, at the smallest part that is wrong.
pub fn explain<'v, F: Json>(
    validator: &'v Validator<F>,
    value: F::Node<'v>,
    visit: &mut dyn FnMut(Violation),
) {
    // Only hashes are kept, since a value may have any number of violations.
    let state = RandomState::new();
    let (mut known, mut wrong) = (HashSet::new(), HashSet::new());
    let mut unevaluated = Vec::new();
    for error in validator.iter_errors(value) {
        causes(&error, &mut |cause| {
            if matches!(cause.kind(), Kind::UnevaluatedProperties { .. }) {
                return unevaluated.extend(Violation::of(cause));
            }
            for violation in Violation::of(cause) {
                let mut part = Some(violation.at.clone());
                while let Some(at) = part.filter(|at| wrong.insert(state.hash_one(at))) {
                    part = at.parent();
                }
                if known.insert(state.hash_one(&violation)) {
                    visit(violation);
                }
            }
        });
    }
    // The properties of an object in which something else is wrong count as unevaluated, too.
    unevaluated.retain(|violation| !wrong.contains(&state.hash_one(&violation.at)));
    for violation in unevaluated {
        if known.insert(state.hash_one(&violation)) {
            visit(violation);
        }
    }
}

/// Follows an error into the branch of a choice that was most likely intended, down to errors that are not choices.
pub fn causes(error: &ValidationError<'_>, visit: &mut dyn FnMut(&ValidationError<'_>)) {
    descend(error, 0, visit);
}

fn descend(error: &ValidationError<'_>, depth: usize, visit: &mut dyn FnMut(&ValidationError<'_>)) {
    let branch = match error.kind() {
        Kind::AnyOf { context } | Kind::OneOfNotValid { context }
            if depth < DEPTH && tags(error).is_none() =>
        {
            likeliest(context, error)
        }
        _ => None,
    };
    match branch {
        Some(branch) => branch
            .iter()
            .for_each(|inner| descend(inner, depth + 1, visit)),
        None => visit(error),
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

/// The member by which the branches of a choice differ, and the values that they require of it, if the value has another.
fn tags<'e>(choice: &'e ValidationError<'_>) -> Option<(&'e str, Vec<String>)> {
    let (Kind::AnyOf { context } | Kind::OneOfNotValid { context }) = choice.kind() else {
        return None;
    };
    let base = choice.instance_path().as_str();
    let mut place = None;
    let mut values = Vec::new();
    for branch in context {
        let (at, options) = branch.iter().find_map(|error| {
            let at = error.instance_path().as_str();
            let is_member = at.strip_prefix(base)?.matches('/').count() == 1;
            let options = match error.kind() {
                Kind::Constant { expected_value } => vec![text(expected_value)],
                Kind::Enum { options } => options.as_array()?.iter().map(text).collect(),
                _ => return None,
            };
            is_member.then_some((at, options))
        })?;
        if *place.get_or_insert(at) != at {
            return None;
        }
        values.extend(options);
    }
    values.sort_unstable();
    values.dedup();
    place.filter(|_| values.len() > 1).map(|at| (at, values))
}

/// The properties of which a choice requires any, if that is all that it requires.
fn alternatives(branches: &[Vec<ValidationError<'static>>]) -> Option<Vec<String>> {
    let mut names = Vec::new();
    for branch in branches {
        match branch.as_slice() {
            [only] => match only.kind() {
                Kind::Required { property } => names.push(text(property)),
                _ => return None,
            },
            _ => return None,
        }
    }
    (!names.is_empty()).then_some(names)
}

/// What the schema requires. The messages of `jsonschema` itself contain the value.
fn expectation(error: &ValidationError<'_>) -> String {
    match error.kind() {
        // The message of a custom keyword is written to fit here.
        Kind::Custom { message, .. } => message.clone(),
        Kind::Type { kind } => {
            let expected: Vec<String> = match kind {
                TypeKind::Single(kind) => vec![kind.to_string()],
                TypeKind::Multiple(kinds) => kinds.iter().map(|kind| kind.to_string()).collect(),
            };
            let found = type_of(error.instance());
            format!("must be of type {}, not `{found}`", list(&expected, "or"))
        }
        Kind::Enum { options } => {
            let options = options.as_array().map_or(&[][..], Vec::as_slice);
            // `"6"` and `6` look alike otherwise.
            let found = error.instance();
            let are_alike = !found.is_string() && {
                let found = found.to_string();
                options.iter().any(|it| it.as_str() == Some(&found))
            };
            let shown = |value: &Value| match are_alike {
                true => value.to_string(),
                false => text(value),
            };
            let options: Vec<String> = options.iter().map(shown).collect();
            match options.as_slice() {
                [only] => format!("must be {}", literal(only)),
                several => format!("must be one of {}", list(several, "or")),
            }
        }
        Kind::Constant { expected_value } => format!("must be {}", literal(&text(expected_value))),
        Kind::Format { format } => format!("must have format {}", literal(format)),
        Kind::Pattern { pattern } => format!("must match the pattern {}", literal(pattern)),
        Kind::MinLength { limit } => format!("must have a length of at least {limit}"),
        Kind::MaxLength { limit } => format!("must have a length of at most {limit}"),
        Kind::MinProperties { limit } => {
            format!(
                "must have at least {}",
                count(*limit, "property", "properties")
            )
        }
        Kind::MaxProperties { limit } => {
            format!(
                "must have at most {}",
                count(*limit, "property", "properties")
            )
        }
        Kind::MinItems { limit } => {
            format!("must have at least {}", count(*limit, "item", "items"))
        }
        Kind::MaxItems { limit } => format!("must have at most {}", count(*limit, "item", "items")),
        Kind::Minimum { limit } => format!("must be at least {limit}"),
        Kind::Maximum { limit } => format!("must be at most {limit}"),
        Kind::ExclusiveMinimum { limit } => format!("must be greater than {limit}"),
        Kind::ExclusiveMaximum { limit } => format!("must be less than {limit}"),
        Kind::MultipleOf { multiple_of } => format!("must be a multiple of {multiple_of}"),
        Kind::UniqueItems => "must not contain duplicate items".to_owned(),
        // The error is about the object, but has the value of its first property.
        Kind::FalseSchema if forbids_properties(error.schema_path().as_str()) => {
            "must not have any properties".to_owned()
        }
        Kind::FalseSchema => "must not be present".to_owned(),
        Kind::AnyOf { context } | Kind::OneOfNotValid { context } => match alternatives(context) {
            Some(names) => format!("must have {}", list(&names, "or")),
            None => "must match one of the documented schemas".to_owned(),
        },
        Kind::OneOfMultipleValid { .. } => {
            "must match only one of the documented schemas".to_owned()
        }
        Kind::Not { .. } => "must not match the schema in `not`".to_owned(),
        Kind::PropertyNames { error } => {
            format!("has a property whose name {}", expectation(error))
        }
        other => format!("must satisfy `{}` of its schema", other.keyword()),
    }
}

/// Whether the schema at this path is `additionalProperties` or `propertyNames`, and not that of a property.
fn forbids_properties(schema_path: &str) -> bool {
    let path = schema_path.rsplit_once('/');
    path.is_some_and(|(owner, keyword)| {
        matches!(keyword, "additionalProperties" | "propertyNames")
            && !owner.ends_with("/properties")
    })
}

fn count(limit: u64, one: &str, several: &str) -> String {
    let noun = if limit == 1 { one } else { several };
    format!("{limit} {noun}")
}

/// The type of a value, as schemas call it.
fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

/// Formats a literal of a schema or a document for display: a string without quotes, anything else as JSON.
pub fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
