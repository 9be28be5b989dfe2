//! SARIF 2.1.0, as GitHub's code scanning takes it.

use indexmap::IndexMap;
use serde_json::{Value, json};
use spec_first_lint::{Level, Rule};
use spec_first_review::render::parts::{LONGEST, RESULTS, escape, location, log, shown};

use crate::lint::Problem;

pub(super) fn render(problems: &[Problem]) -> String {
    let mut rules: IndexMap<&str, Value> = IndexMap::new();
    let mut results = Vec::new();
    for problem in problems.iter().take(RESULTS) {
        let name = problem.finding.rule;
        let rule = rules.entry(name);
        let index = rule.index();
        rule.or_insert_with(|| describe(name));
        results.push(result(problem, index));
    }
    let rules = rules.into_values().collect();
    log("spec-first-lint", rules, results)
}

fn describe(name: &str) -> Value {
    let mut rule = json!({"id": name, "name": name, "properties": {"tags": ["openapi"]}});
    if let Ok(known) = Rule::find(name) {
        let example = format!(
            "{}\n\nWrong:\n\n```yaml\n{}\n```\n\nRight:\n\n```yaml\n{}\n```\n",
            known.why,
            known.wrong(),
            known.right()
        );
        rule["shortDescription"] = json!({"text": known.summary});
        rule["fullDescription"] = json!({"text": known.why});
        rule["help"] = json!({"text": known.why, "markdown": example});
        rule["defaultConfiguration"] = json!({"level": level(known.level)});
    }
    rule
}

fn level(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Advice => "note",
    }
}

fn result(problem: &Problem, index: usize) -> Value {
    let finding = &problem.finding;
    let message = [&finding.message, &finding.help].map(|text| shown(text, LONGEST));
    json!({
        "ruleId": finding.rule,
        "ruleIndex": index,
        "level": level(problem.level),
        "message": {"text": escape(&message.join("\n"))},
        "locations": [location(&problem.place())],
        "partialFingerprints": {"primaryLocationLineHash": format!("{}:1", problem.fingerprint())},
    })
}
