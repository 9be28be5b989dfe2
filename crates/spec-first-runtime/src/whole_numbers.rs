//! Integers that are written as floats.

use serde_json::{Number, Value};

/// `json` with integers in place of whole numbers such as `1.0`, if there are any.
pub(crate) fn with_integers(json: &[u8]) -> Option<String> {
    let mut value = serde_json::from_slice(json).ok()?;
    write_whole_numbers_as_integers(&mut value).then(|| value.to_string())
}

/// Writes whole numbers such as `1.0` and `1e3` as integers, and returns whether there were any. To JSON Schema they are integers, and
/// some servers send them, but serde reads an integer from digits alone.
pub(crate) fn write_whole_numbers_as_integers(value: &mut Value) -> bool {
    match value {
        Value::Number(number) => {
            // From 2^53 on, a float is not the only one of its integers.
            const EXACT: f64 = 9_007_199_254_740_992.0;
            let float = number.as_f64().filter(|_| number.is_f64());
            let whole = float.filter(|float| float.fract() == 0.0 && float.abs() <= EXACT);
            whole.is_some_and(|whole| {
                #[expect(clippy::cast_possible_truncation, reason = "checked above")]
                let integer = whole as i64;
                *number = Number::from(integer);
                true
            })
        }
        Value::Array(items) => any(items.iter_mut()),
        Value::Object(members) => any(members.values_mut()),
        Value::Null | Value::Bool(_) | Value::String(_) => false,
    }
}

/// All of them, not only up to the first.
fn any<'v>(values: impl Iterator<Item = &'v mut Value>) -> bool {
    let written = values.map(write_whole_numbers_as_integers);
    written.filter(|is_written| *is_written).count() > 0
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_whole_floats_change() {
        let mut value = json!({"a": [1.0, 1.5, 1e3, -2.0, 1e300], "b": {"c": 7, "d": "1.0"}});
        assert!(write_whole_numbers_as_integers(&mut value));
        let expected = json!({"a": [1, 1.5, 1000, -2, 1e300], "b": {"c": 7, "d": "1.0"}});
        assert_eq!(value, expected);
        assert!(!write_whole_numbers_as_integers(&mut value));
    }
}
