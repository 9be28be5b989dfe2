//! The documentation of a generated type or field.

use spec_first_document::Node;

use crate::limits;

/// What the schema `node` says in words, its default and its limits.
pub(super) fn documentation(node: Node<'_>) -> String {
    let mut parts = Vec::new();
    let written = node.str_of("description").or_else(|| node.str_of("title"));
    if let Some(text) = written.filter(|text| !text.trim().is_empty()) {
        parts.push(as_text(text));
    }
    if let Some(default) = node.get("default") {
        parts.push(format!("Default: `{}`.", default.to_json()));
    }
    let values = node.items_of("enum");
    if values.iter().any(|value| value.number().is_some()) {
        let values = values.iter().map(|value| format!("`{}`", value.to_json()));
        let values: Vec<String> = values.collect();
        parts.push(format!("Values: {}.", values.join(", ")));
    }
    let keywords = limits::KEYWORDS.iter().chain(&["multipleOf", "pattern"]);
    let limits = keywords.filter_map(|keyword| {
        let value = node.get(keyword)?;
        let value = match value.as_str() {
            Some(text) => text.replace(['\r', '\n'], " "),
            None => value.to_json().to_string(),
        };
        Some(format!("`{keyword}: {value}`"))
    });
    let limits: Vec<String> = limits.collect();
    if !limits.is_empty() {
        parts.push(format!("Limits: {}.", limits.join(", ")));
    }
    if let Some(not) = node.get("not") {
        parts.push(format!("Not allowed: `{}`.", not.to_json()));
    }
    match parts.as_slice() {
        [alone] => alone.clone(),
        several => {
            let trimmed: Vec<&str> = several.iter().map(|part| part.trim_end()).collect();
            trimmed.join("\n\n")
        }
    }
}

/// Markdown that rustdoc does not take for code to be tested, with lines that end as Rust allows it in a comment.
pub(crate) fn as_text(markdown: &str) -> String {
    let mut is_code = false;
    let markdown = markdown.replace("\r\n", "\n");
    let lines = markdown.split(['\n', '\r']).map(|line| {
        let trimmed = line.trim_start();
        let indentation = line.len() - trimmed.len();
        let fence = ["```", "~~~"]
            .into_iter()
            .find(|fence| trimmed.starts_with(fence));
        if let Some(fence) = fence {
            is_code = !is_code;
            let indentation = " ".repeat(indentation.min(3));
            let is_plain = trimmed.trim_start_matches(['`', '~']).trim().is_empty();
            return match is_code && is_plain {
                true => format!("{indentation}{fence}text"),
                false => format!("{indentation}{trimmed}"),
            };
        }
        match !is_code && indentation > 3 {
            true => format!("   {trimmed}"),
            false => line.to_owned(),
        }
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use spec_first_document::Document;

    use super::*;

    #[test]
    fn defaults_and_limits_are_described() {
        let text = "{description: Name., default: x, enum: [1, a], minLength: 1, pattern: '^a$', not: {enum: [b]}}";
        let document = Document::parse("pets.yaml", text).unwrap();
        assert_eq!(
            documentation(document.root()),
            "Name.\n\nDefault: `\"x\"`.\n\nValues: `1`, `\"a\"`.\n\nLimits: `minLength: 1`, `pattern: ^a$`.\n\nNot allowed: `{\"enum\":[\"b\"]}`."
        );
    }

    #[test]
    fn code_in_a_description_is_not_a_test() {
        assert_eq!(
            as_text("A:\n\n    b();\n```\nc\n```\n```json\n    1\n```"),
            "A:\n\n   b();\n```text\nc\n```\n```json\n    1\n```"
        );
    }
}
