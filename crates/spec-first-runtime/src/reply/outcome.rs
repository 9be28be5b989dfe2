//! Whether the body of a response with a status of success reports success.

use serde_json::value::RawValue;

use super::Marker;
use crate::members::Members;

/// What the members outside the value say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// The operation succeeded, by a marker of the document.
    Success,
    /// It failed, by a marker of the document or in the way of many APIs.
    Failure,
    /// Nothing.
    Unsaid,
}

/// The members by which many APIs report whether there is an error.
const FLAGS: [&str; 2] = ["success", "ok"];
const ERRORS: [&str; 2] = ["error", "errors"];

/// Whether [`Outcome::of`] looks at the member `name`.
pub(super) fn reports_outcome(name: &str, success: &[(&str, Marker)]) -> bool {
    FLAGS.contains(&name)
        || ERRORS.contains(&name)
        || success.iter().any(|(marker, _)| *marker == name)
}

impl Outcome {
    pub(super) fn of(members: &Members<'_>, success: &[(&str, Marker)]) -> Self {
        let reports_failure = FLAGS
            .into_iter()
            .filter_map(|name| members.get(name))
            .any(|flag| matches!(flag.get(), "false" | "\"false\"" | "0" | "\"0\""))
            || ERRORS
                .into_iter()
                .filter_map(|name| members.get(name))
                .any(names_error);
        if reports_failure {
            return Self::Failure;
        }
        let mut markers = success
            .iter()
            .filter_map(|(name, marker)| marker.matches(members.get(name)?));
        match markers.next() {
            None => Self::Unsaid,
            Some(true) => Self::Success,
            Some(false) => Self::Failure,
        }
    }
}

impl Marker {
    /// Whether `value` means success; `None` if it says nothing.
    fn matches(self, value: &RawValue) -> Option<bool> {
        let value = value.get();
        match self {
            Self::Number(number) => {
                let is_text = value
                    .strip_prefix('"')
                    .and_then(|text| text.strip_suffix('"'))
                    == Some(number.to_string().as_str());
                // However it is spelled, such as `1.0` or `10e-1`.
                Some(
                    is_text
                        || serde_json::from_str(value)
                            .is_ok_and(|value: f64| value == number as f64),
                )
            }
            Self::Text(_) if value == "null" => None,
            Self::Text(text) => {
                Some(serde_json::from_str::<String>(value).is_ok_and(|value| value == text))
            }
        }
    }
}

/// Whether `error` or `errors` has something in it, rather than one of the ways to say that there was no error.
fn names_error(value: &RawValue) -> bool {
    let is_empty_list = value
        .get()
        .strip_prefix('[')
        .is_some_and(|rest| rest.trim_start() == "]");
    !is_empty_list && !matches!(value.get(), "null" | "false" | "0" | "\"\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    const SUCCESS: [(&str, Marker); 2] = [
        ("status", Marker::Number(1)),
        ("statusMessage", Marker::Text("success")),
    ];

    #[track_caller]
    fn check(body: &str, expected: Outcome) {
        let body = serde_json::from_str(body).unwrap();
        let members = Members::of(body).unwrap();
        assert_eq!(Outcome::of(&members, &SUCCESS), expected, "{body}");
    }

    #[test]
    fn a_member_that_the_document_does_not_call_a_marker_says_nothing() {
        for body in [r#"{"status":0}"#, r#"{"statusMessage":"failed"}"#] {
            let members: &RawValue = serde_json::from_str(body).unwrap();
            let members = Members::of(members).unwrap();
            assert_eq!(Outcome::of(&members, &[]), Outcome::Unsaid, "{body}");
        }
    }

    #[test]
    fn a_status_other_than_1_is_a_failure_whatever_its_type() {
        for status in [
            "0",
            "-1",
            "2",
            "200",
            "1.5",
            "1e999",
            "true",
            "false",
            "null",
            "[]",
            "[1]",
            "{}",
            "\"\"",
            "\"0\"",
            "\"01\"",
            "\"error\"",
            "\"success\"",
        ] {
            check(&format!(r#"{{"status":{status}}}"#), Outcome::Failure);
            let contradiction = format!(r#"{{"statusMessage":"success","status":{status}}}"#);
            check(&contradiction, Outcome::Failure);
        }
        for status in ["1", "1.0", "1e0", "10E-1", "\"1\""] {
            check(&format!(r#"{{"status":{status}}}"#), Outcome::Success);
        }
    }

    #[test]
    fn a_status_message_counts_without_a_status() {
        check(r#"{"statusMessage":"success"}"#, Outcome::Success);
        check(r#"{"statusMessage":"failed"}"#, Outcome::Failure);
        check(r#"{"statusMessage":["success"]}"#, Outcome::Failure);
        check(r#"{"statusMessage":null}"#, Outcome::Unsaid);
        check(
            r#"{"statusMessage":"updated","status":1}"#,
            Outcome::Success,
        );
    }

    #[test]
    fn an_error_is_a_failure_even_beside_a_status_of_1() {
        for error in [
            r#""error":"boom""#,
            r#""error":{}"#,
            r#""error":{"code":7}"#,
            r#""error":true"#,
            r#""errors":["boom"]"#,
            r#""errors":{"webhookUrl":"boom"}"#,
            r#""success":false"#,
            r#""ok":false"#,
            r#""ok":"false""#,
        ] {
            check(&format!("{{{error}}}"), Outcome::Failure);
            check(&format!(r#"{{"status":1,{error}}}"#), Outcome::Failure);
        }
    }

    #[test]
    fn the_absence_of_an_error_is_not_a_failure() {
        for none in [
            r#""error":null"#,
            r#""error":false"#,
            r#""error":"""#,
            r#""errors":[ ]"#,
            r#""success":true"#,
            r#""ok":1"#,
            r#""message":"Unauthorized","code":401"#,
        ] {
            check(&format!("{{{none}}}"), Outcome::Unsaid);
            check(&format!(r#"{{"status":1,{none}}}"#), Outcome::Success);
        }
    }
}
