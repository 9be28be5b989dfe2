//! Compares JSON numbers by value.

use std::cmp::Ordering;

use serde_json::Number;

/// Compares two numbers by value. Whole numbers are compared exactly.
pub(crate) fn compare(left: &Number, right: &Number) -> Ordering {
    match (whole(left), whole(right)) {
        (Some(left), Some(right)) => left.cmp(&right),
        _ => real(left).total_cmp(&real(right)),
    }
}

/// Whether `number` is a whole multiple of `divisor`.
pub(crate) fn is_multiple(number: &Number, divisor: &Number) -> bool {
    match (whole(number), whole(divisor)) {
        (Some(number), Some(divisor)) => divisor != 0 && number % divisor == 0,
        _ => {
            let quotient = real(number) / real(divisor);
            quotient.is_finite() && (quotient - quotient.round()).abs() < 1e-9
        }
    }
}

pub(crate) fn whole(number: &Number) -> Option<i128> {
    let integer = number
        .as_i64()
        .map(i128::from)
        .or(number.as_u64().map(i128::from));
    integer.or_else(|| {
        let value = number.as_f64()?;
        (value.fract() == 0.0 && value.abs() < 9e15).then_some(value as i128)
    })
}

fn real(number: &Number) -> f64 {
    number.as_f64().unwrap_or_default()
}
