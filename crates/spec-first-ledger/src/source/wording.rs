//! Whether the words of a claim agree with the facts that it cites.

use super::facts::Fact;
use super::values::{timestamp_shape, type_name};

/// JSON types, as claims name them.
const TYPES: [&str; 6] = ["string", "integer", "number", "boolean", "object", "array"];

/// The texts that a claim quotes: what is in backticks, and numbers with three digits, such as statuses.
pub(super) fn literals(says: &str) -> Vec<&str> {
    let parts = says.split('`').enumerate();
    let literals = parts.flat_map(|(index, part)| match index % 2 {
        1 => vec![part],
        _ => words(part).filter(|word| is_status(word)).collect(),
    });
    literals.collect()
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    let words = text.split(|sign: char| !sign.is_alphanumeric());
    words.filter(|word| !word.is_empty())
}

fn is_status(word: &str) -> bool {
    word.len() == 3 && word.bytes().all(|byte| byte.is_ascii_digit())
}

/// What a cited fact says that the claim does not, or says otherwise, in a few words.
pub(super) fn disagreement(says: &str, cited: &[&Fact]) -> Option<String> {
    let says = says.to_lowercase();
    let has = |word: &str| words(&says).any(|said| said == word);
    let text = |fact: &Fact| fact.value.as_str().unwrap_or_default().to_lowercase();
    for fact in cited {
        let said = text(fact);
        let is_said = match fact.kind() {
            "statement" => said.is_empty() || words(&said).any(has),
            "required" if fact.value == true => has("required"),
            "required" => has("optional") || says.contains("not required"),
            _ if is_timestamp(fact) && has_fractions(&says).is_some() => {
                has_fractions(&says) == Some(said.contains('.'))
            }
            _ => true,
        };
        if !is_said {
            return Some(format!("`{}` is {}", fact.id, fact.value));
        }
    }
    let fields = cited.iter().filter(|fact| fact.kind() == "field");
    let typed: Vec<String> = fields.map(|fact| type_name(&text(fact)).base).collect();
    let other = TYPES.into_iter().find(|known| {
        let is_cited = typed.iter().any(|base| base == known);
        has(known) && !typed.is_empty() && !is_cited
    })?;
    Some(format!("no field that it cites is of the type `{other}`"))
}

fn is_timestamp(fact: &Fact) -> bool {
    fact.value.as_str().and_then(timestamp_shape).is_some()
}

/// Whether a claim says that timestamps have fractions of a second; `None` if it says neither.
fn has_fractions(says: &str) -> Option<bool> {
    let names = ["fraction", "millisecond"];
    let start = names.iter().find_map(|name| says.find(name))?;
    let before = words(&says[..start]);
    Some(
        !before
            .into_iter()
            .any(|word| matches!(word, "without" | "no" | "not")),
    )
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[track_caller]
    fn check(says: &str, facts: &[(&str, Value)], expected: Option<&str>) {
        let facts = facts.iter().map(|(id, value)| Fact {
            id: (*id).to_owned(),
            value: value.clone(),
            line: 1,
        });
        let facts: Vec<Fact> = facts.collect();
        let found = disagreement(says, &facts.iter().collect::<Vec<_>>());
        assert_eq!(found.as_deref(), expected, "{says}");
    }

    #[test]
    fn the_words_of_a_claim_agree_with_its_facts() {
        let field = ("body/field/name", json!("string<uri>"));
        let required = ("body/required/name", json!(true));
        let facts = [field, required];
        check("A required string.", &facts, None);
        let optional = Some("`body/required/name` is true");
        check("An optional number.", &facts, optional);
        let number = Some("no field that it cites is of the type `number`");
        check("A required number.", &facts, number);
        check("Optional.", &[("body/required/name", json!(false))], None);
        let scope = [("a/statement/belongs-to", json!("project"))];
        check("The key belongs to the project.", &scope, None);
        let project = Some("`a/statement/belongs-to` is \"project\"");
        check("The key belongs to the account.", &scope, project);
        let time = [("a/member/at", json!("2026-01-15T10:30:00.000Z"))];
        check("With milliseconds.", &time, None);
        check("A time.", &time, None);
        let fractions = Some("`a/member/at` is \"2026-01-15T10:30:00.000Z\"");
        check("Without fractions of a second.", &time, fractions);
    }

    #[test]
    fn quoted_texts_and_statuses_are_literals() {
        let says = "400, 401 and `a b`, 1,000 times of 12345, `404`.";
        assert_eq!(literals(says), ["400", "401", "a b", "000", "404"]);
    }
}
