//! Whether the body of a successful response reports success (`success-signal` in the reconciliation).

use serde_json::value::RawValue;

use crate::members::Members;

/// What the members beside the value say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// That the operation succeeded, in the words of the document.
    Success,
    /// That it failed, in any words.
    Failure,
    /// Nothing.
    Unsaid,
}

impl Outcome {
    pub(super) fn of(members: &Members<'_>) -> Self {
        let reports_failure = ["success", "ok"]
            .into_iter()
            .filter_map(|name| members.get(name))
            .any(|flag| matches!(flag.get(), "false" | "\"false\"" | "0" | "\"0\""))
            || ["error", "errors"]
                .into_iter()
                .filter_map(|name| members.get(name))
                .any(names_error);
        if reports_failure {
            return Self::Failure;
        }
        let is_success = match (members.get("status"), members.get("statusMessage")) {
            (Some(status), _) => is_one(status),
            (None, Some(message)) if message.get() != "null" => message.get() == "\"success\"",
            _ => return Self::Unsaid,
        };
        if is_success {
            Self::Success
        } else {
            Self::Failure
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

/// Whether `status` is the number 1, however it is spelled, or the text `1`.
fn is_one(status: &RawValue) -> bool {
    status.get() == "\"1\""
        || serde_json::from_str(status.get()).is_ok_and(|status: f64| status == 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(body: &str, expected: Outcome) {
        let body = serde_json::from_str(body).unwrap();
        assert_eq!(Outcome::of(&Members::of(body).unwrap()), expected, "{body}");
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
