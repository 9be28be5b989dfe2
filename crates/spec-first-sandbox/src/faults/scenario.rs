//! A file of rules that say which fault applies to which requests.
//!
//! ```yaml
//! version: 1
//! seed: 7
//! rules:
//!   - fault: status=503 retry-after=2
//!     operation: replace_book
//!     requests: 1..3
//!   - delivery: twice
//!     deliveries: 2..
//! ```

use std::{collections::BTreeSet, fmt, ops::RangeInclusive, sync::Arc};

use axum::http::Method;

use super::{Fault, delivery::DeliveryRule, reading};

/// Maximum number of operations listed in a message.
const LISTED: usize = 10;

/// Which faults apply to which requests. The crate's README describes the file format.
///
/// ```
/// use spec_first_sandbox::Scenario;
///
/// let text = "version: 1\nrules:\n  - fault: reset=middle\n    requests: 2\n";
/// assert!(Scenario::parse("scenario.yaml", text).is_ok());
/// let error = Scenario::parse("scenario.yaml", "version: 1\nrules:\n  - fault: explode\n").unwrap_err();
/// assert!(error.to_string().starts_with("scenario.yaml:3:12: "));
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scenario {
    pub(crate) seed: Option<u64>,
    pub(super) rules: Vec<Rule>,
    pub(crate) deliveries: Vec<DeliveryRule>,
}

/// Why a scenario is invalid: what is wrong, where, and what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{problem}")]
#[non_exhaustive]
pub struct ScenarioError {
    /// What is wrong, starting with the file, line and column.
    pub problem: String,
    /// What to do about it.
    pub help: String,
}

/// A fault and the requests it applies to.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Rule {
    pub(super) fault: Fault,
    pub(super) operation: Option<OperationName>,
    pub(super) method: Option<Method>,
    pub(super) path: Option<String>,
    /// Which of the matching requests, counted from one.
    pub(super) requests: Option<RangeInclusive<u64>>,
    /// How many times it applies at most.
    pub(super) times: Option<u64>,
}

/// The operation that a rule names.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct OperationName {
    pub(super) name: String,
    /// The start of the message for an operation that is not in the document, including its place.
    pub(super) unknown: String,
}

impl Scenario {
    /// Parses a scenario in YAML or JSON; error messages call it `name`.
    ///
    /// # Errors
    /// The scenario is invalid.
    pub fn parse(name: &str, text: &str) -> Result<Self, ScenarioError> {
        reading::read(name, text).map_err(|finding| ScenarioError {
            problem: reading::in_words(&finding),
            help: finding.help,
        })
    }

    /// Adds a rule that applies `fault` to every request.
    pub(crate) fn add(&mut self, fault: Fault) {
        self.rules.push(fault.into());
    }

    /// Checks that the document defines the operations that the rules name; a rule for any other would never apply.
    pub(super) fn check(&self, operations: &BTreeSet<Arc<str>>) -> Result<(), ScenarioError> {
        let mut named = self.rules.iter().filter_map(|rule| rule.operation.as_ref());
        let Some(unknown) = named.find(|named| !operations.contains(named.name.as_str())) else {
            return Ok(());
        };
        let listed: Vec<_> = operations
            .iter()
            .take(LISTED)
            .map(|name| format!("`{name}`"))
            .collect();
        let further = match operations.len().saturating_sub(LISTED) {
            0 => String::new(),
            further => format!(" and {further} more"),
        };
        Err(ScenarioError {
            problem: unknown.unknown.clone(),
            help: format!("available: {}{further}", listed.join(", ")),
        })
    }
}

impl From<Fault> for Rule {
    fn from(fault: Fault) -> Self {
        Self {
            fault,
            operation: None,
            method: None,
            path: None,
            requests: None,
            times: None,
        }
    }
}

impl Rule {
    /// Whether the rule matches a request to this operation, regardless of the order of requests.
    pub(super) fn matches(&self, operation: &str, method: &Method, path: &str) -> bool {
        self.operation
            .as_ref()
            .is_none_or(|named| named.name == operation)
            && self.method.as_ref().is_none_or(|name| name == method)
            && self
                .path
                .as_ref()
                .is_none_or(|template| path_matches(template, path))
    }
}

/// A rule on one line, for the control API.
impl fmt::Display for Rule {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.fault)?;
        if let Some(operation) = &self.operation {
            write!(formatter, ", operation {}", operation.name)?;
        }
        if let Some(method) = &self.method {
            write!(formatter, ", method {method}")?;
        }
        if let Some(path) = &self.path {
            write!(formatter, ", path {path}")?;
        }
        write_range(formatter, "requests", self.requests.as_ref())?;
        if let Some(times) = self.times {
            write!(formatter, ", times {times}")?;
        }
        Ok(())
    }
}

/// Writes a range with its name, if there is one.
pub(super) fn write_range(
    formatter: &mut fmt::Formatter<'_>,
    name: &str,
    range: Option<&RangeInclusive<u64>>,
) -> fmt::Result {
    match range.map(|range| (range.start(), range.end())) {
        None => Ok(()),
        Some((from, &u64::MAX)) => write!(formatter, ", {name} {from}.."),
        Some((from, to)) if to == from => write!(formatter, ", {name} {from}"),
        Some((from, to)) => write!(formatter, ", {name} {from}..{to}"),
    }
}

/// Whether a path ends like a template. The path of the server may precede it; `*` and `{name}` match any segment.
fn path_matches(template: &str, path: &str) -> bool {
    let mut segments = path.rsplit('/');
    template.trim_start_matches('/').rsplit('/').all(|wanted| {
        segments.next().is_some_and(|segment| {
            wanted == "*" || (wanted.starts_with('{') && wanted.ends_with('}')) || wanted == segment
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let error = Scenario::parse("scenario.yaml", text).unwrap_err();
        assert_eq!(format!("{error}; {}", error.help), expected);
    }

    #[test]
    fn a_rule_can_have_every_field() {
        let text = "
version: 1
seed: 7
rules:
  - fault: latency=50ms
    requests: 3..
  - {fault: status=503, operation: replace_book, method: patch, path: '/a/{id}', requests: 2, times: 1}
";
        let scenario = Scenario::parse("scenario.yaml", text).unwrap();
        assert_eq!(scenario.seed, Some(7));
        let rules: Vec<_> = scenario.rules.iter().map(ToString::to_string).collect();
        assert_eq!(
            rules,
            [
                "latency=50ms, requests 3..",
                "status=503, operation replace_book, method PATCH, path /a/{id}, requests 2, times 1",
            ]
        );
    }

    #[test]
    fn a_rule_can_be_about_deliveries() {
        let text = "
version: 1
rules:
  - delivery: late
  - {delivery: twice, event: message, deliveries: 2..3, times: 1}
";
        let mut scenario = Scenario::parse("scenario.yaml", text).unwrap();
        let rules: Vec<_> = scenario
            .deliveries
            .iter()
            .map(ToString::to_string)
            .collect();
        let twice = "delivery twice, event message, deliveries 2..3, times 1";
        assert_eq!(rules, ["delivery late", twice]);
        let mut taken = |event| scenario.deliveries[1].takes(event, true);
        assert_eq!(
            ["message", "other", "message", "message"].map(&mut taken),
            [false, false, true, false]
        );
        for (rule, expected) in [
            ("delivery: explode", "explode"),
            (
                "{delivery: late, fault: status=503}",
                "unknown field `fault` in a rule about deliveries; expected one of `delivery`, `event`, `deliveries`, `times`",
            ),
            (
                "{delivery: late, deliveries: 0}",
                "invalid range of deliveries; deliveries are counted from one: use `3`, `3..5` or `3..`",
            ),
        ] {
            let text = format!("version: 1\nrules:\n  - {rule}\n");
            let error = Scenario::parse("scenario.yaml", &text).unwrap_err();
            let shown = format!("{error}; {}", error.help);
            assert!(shown.starts_with("scenario.yaml:3:"), "{shown}");
            assert!(shown.contains(expected), "{shown}");
        }
    }

    #[test]
    fn an_invalid_scenario_is_reported_with_its_place() {
        check(
            "",
            "scenario.yaml:1:1: the file is empty; fix the syntax here",
        );
        check(
            "[]",
            "scenario.yaml:1:1: a scenario must be a mapping; write each `name: value` on its own line",
        );
        check(
            "rules: []",
            "scenario.yaml:1:1: missing `version`; add `version: 1` at the top",
        );
        check(
            "version: 2",
            "scenario.yaml:1:10: unsupported scenario version; use `version: 1`",
        );
        check(
            "version: 1\nrules:\n  - fault: reset=never\n",
            "scenario.yaml:3:12: invalid value for `reset`; expected `before` or `middle`",
        );
        check(
            "version: 1\nrules:\n  - falt: reset\n",
            "scenario.yaml:3:5: unknown field `falt` in a rule; expected one of `fault`, `operation`, `method`, `path`, `requests`, `times`",
        );
        check(
            "version: 1\nrules:\n  - times: 1\n",
            "scenario.yaml:3:5: missing `fault`; add one, such as `fault: status=503`",
        );
        check(
            "version: 1\nrules:\n  - fault: reset\n    requests: 0..2\n",
            "scenario.yaml:4:15: invalid range of requests; requests are counted from one: use `3`, `3..5` or `3..`",
        );
        check(
            "version: 1\nseed: -1",
            "scenario.yaml:2:7: `seed` must be a whole number, 0 or greater; write it in digits, such as `7`",
        );
    }

    #[test]
    fn an_undocumented_operation_is_reported_with_its_place() {
        let text = "version: 1\nrules:\n  - fault: reset\n    operation: updat\n";
        let scenario = Scenario::parse("scenario.yaml", text).unwrap();
        assert_eq!(scenario.check(&["updat".into()].into()), Ok(()));
        let operations = (10..22).map(|number| format!("o{number}").into()).collect();
        let error = scenario.check(&operations).unwrap_err();
        assert_eq!(
            format!("{error}; {}", error.help),
            "scenario.yaml:4:16: the document defines no operation `updat`; available: `o10`, `o11`, `o12`, `o13`, \
             `o14`, `o15`, `o16`, `o17`, `o18`, `o19` and 2 more"
        );
    }

    #[test]
    fn the_path_of_the_server_may_precede_the_path_of_a_rule() {
        assert!(path_matches("/v1/{id}", "/base/v1/a"));
        assert!(path_matches("/v1/*", "/v1/a"));
        assert!(!path_matches("/v1/{id}", "/v2/a"));
        assert!(!path_matches("/v1/v1/{id}", "/v1/a"));
    }
}
