//! The lower bound of 64-bit integers. As floating-point numbers, it and the integers below are the same, so the keyword `minimum`
//! does not refuse them.

use jsonschema::{Keyword, ValidationError, paths::Location};
use serde_json::{Map, Value};

/// The keyword that refuses them; no document uses this name.
pub(super) const KEYWORD: &str = "x-sandbox-int64";

struct Int64;

/// Adds the keyword to a schema with this bound.
pub(super) fn mark(members: &mut Map<String, Value>) {
    if members.get("minimum").and_then(Value::as_i64) == Some(i64::MIN) {
        members.insert(KEYWORD.to_owned(), Value::Bool(true));
    }
}

pub(super) fn compile<'a>(
    _: &'a Map<String, Value>,
    _: &'a Value,
    _: Location,
) -> Result<Box<dyn for<'i> Keyword<'i>>, ValidationError<'a>> {
    Ok(Box::new(Int64))
}

impl<'i> Keyword<'i> for Int64 {
    fn validate(&self, value: &'i Value) -> Result<(), ValidationError<'i>> {
        match self.is_valid(value) {
            true => Ok(()),
            false => {
                let message = format!("must be at least {}", i64::MIN);
                Err(ValidationError::custom(message))
            }
        }
    }

    fn is_valid(&self, value: &'i Value) -> bool {
        // A number that fits is not read as a floating-point number.
        !matches!(value, Value::Number(it) if it.is_f64() && it.as_f64() <= Some(i64::MIN as f64))
    }
}
