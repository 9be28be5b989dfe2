//! Splits, compares and classifies names and texts.

use heck::ToSnakeCase;
use strsim::osa_distance;

/// The words of a name in lower case, for any naming convention: `nextPageToken`, `next_page_token`, `Next-Page-Token`.
pub(crate) fn words(name: &str) -> Vec<String> {
    let name = name.to_snake_case();
    name.split('_').map(str::to_owned).collect()
}

/// Whether a name is in `snake_case`.
pub(crate) fn is_snake_case(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_lowercase())
        && name.is_ascii()
        && name.to_snake_case() == name
}

/// The candidate closest to `written`, if any is close enough.
pub(crate) fn nearest<'a>(
    written: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let allowed = (written.chars().count() / 3).clamp(1, 3);
    let lower = written.to_lowercase();
    candidates
        .into_iter()
        .map(|candidate| {
            let other = candidate.to_lowercase();
            let is_beginning = lower.len() >= 3 && other.starts_with(&lower);
            let distance = if is_beginning {
                1
            } else {
                osa_distance(&lower, &other)
            };
            (distance, candidate)
        })
        .filter(|(distance, _)| *distance <= allowed)
        .min()
        .map(|(_, candidate)| candidate)
}

/// The candidate that `written` differs from by no more than case, separators and one letter.
pub(crate) fn misspelt<'a>(
    written: &str,
    mut candidates: impl Iterator<Item = &'a str>,
) -> Option<&'a str> {
    let letters = |text: &str| text.to_lowercase().replace(['-', '_', ' '], "");
    let written = letters(written);
    candidates.find(|candidate| {
        let candidate = letters(candidate);
        // Short names, and numbers at the end, make another name out of one.
        let is_long = written.len() > 4 && !written.ends_with(|c: char| c.is_ascii_digit());
        written == candidate || is_long && osa_distance(&written, &candidate) <= 1
    })
}

/// Whether a text is a placeholder.
pub(crate) fn is_placeholder(text: &str) -> bool {
    let plain = text
        .trim()
        .trim_matches(|c: char| !c.is_alphanumeric())
        .to_lowercase();
    const EMPTY_WORDS: [&str; 23] = [
        "",
        "todo",
        "tbd",
        "tbc",
        "fixme",
        "xxx",
        "n/a",
        "na",
        "none",
        "null",
        "string",
        "description",
        "text",
        "placeholder",
        "lorem ipsum",
        "foo",
        "bar",
        "test",
        "...",
        "to do",
        "to be done",
        "no description",
        "add description here",
    ];
    let begins = [
        "todo:",
        "todo ",
        "fixme:",
        "tbd:",
        "lorem ipsum",
        "to be written",
    ];
    EMPTY_WORDS.contains(&plain.as_str()) || begins.iter().any(|begin| plain.starts_with(begin))
}

/// Whether `text` only repeats `name`.
pub(crate) fn only_repeats(text: &str, name: &str) -> bool {
    let letters = |text: &str| -> String {
        text.chars()
            .filter(|c| c.is_alphanumeric())
            .flat_map(char::to_lowercase)
            .collect()
    };
    let text = letters(text);
    let text = text.strip_prefix("the").unwrap_or(&text);
    !text.is_empty() && text == letters(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_the_same_for_any_naming_convention() {
        for name in ["apiKeyId", "api_key_id", "API-Key-Id", "APIKeyId"] {
            assert_eq!(words(name), ["api", "key", "id"], "{name}");
        }
    }

    #[test]
    fn nearest_finds_typos() {
        let keys = ["format", "required", "pattern", "properties"];
        assert_eq!(nearest("fromat", keys), Some("format"));
        assert_eq!(nearest("requiredd", keys), Some("required"));
        assert_eq!(nearest("title", keys), None);
    }

    #[test]
    fn only_what_is_almost_a_name_is_misspelt() {
        let formats = || ["date", "date-time", "email", "int64", "uint16", "uri"].into_iter();
        for (written, meant) in [
            ("datetime", "date-time"),
            ("Date", "date"),
            ("emial", "email"),
            ("date_tme", "date-time"),
        ] {
            assert_eq!(misspelt(written, formats()), Some(meant));
        }
        for another in ["uint", "url", "int46", "int128", "decimal", "phone"] {
            assert_eq!(misspelt(another, formats()), None, "{another}");
        }
    }

    #[test]
    fn placeholders_and_repeated_names_are_recognised() {
        assert!(is_placeholder("TODO") && is_placeholder(" tbd. ") && is_placeholder("string"));
        assert!(!is_placeholder("A string of digits."));
        assert!(only_repeats("The pet id.", "petId"));
        assert!(!only_repeats("The id of the pet.", "petId"));
    }
}
