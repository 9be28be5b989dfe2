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

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Number {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn numbers_are_compared_by_value() {
        for (left, right, expected) in [
            ("1", "1.0", Ordering::Equal),
            ("1", "1.5", Ordering::Less),
            ("-0.5", "-1", Ordering::Greater),
            (
                "18446744073709551615",
                "9223372036854775807",
                Ordering::Greater,
            ),
            // As floating-point numbers, they would be equal.
            ("9007199254740993", "9007199254740992", Ordering::Greater),
            ("1e16", "9999999999999999", Ordering::Equal),
        ] {
            let found = compare(&number(left), &number(right));
            assert_eq!(found, expected, "{left} {right}");
        }
    }

    #[test]
    fn a_multiple_is_whole_as_far_as_numbers_are_exact() {
        for (multiple, divisor, expected) in [
            ("6", "3", true),
            ("6", "4", false),
            ("6", "0", false),
            ("-6", "3.0", true),
            ("0.3", "0.1", true),
            ("1", "0.25", true),
            ("0.25", "1", false),
            ("0.7", "0.5", false),
            ("0.5", "0", false),
        ] {
            let found = is_multiple(&number(multiple), &number(divisor));
            assert_eq!(found, expected, "{multiple} {divisor}");
        }
    }
}
