//! Splits, compares and classifies names and texts.

/// The words of a name in lower case, for any naming convention: `nextPageToken`, `next_page_token`, `Next-Page-Token`.
pub(crate) fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    let characters: Vec<char> = name.chars().collect();
    for (index, &character) in characters.iter().enumerate() {
        if !character.is_alphanumeric() {
            words.extend((!word.is_empty()).then(|| std::mem::take(&mut word)));
            continue;
        }
        let before = index.checked_sub(1).map(|index| characters[index]);
        let after = characters.get(index + 1);
        let begins = character.is_uppercase()
            && (before.is_some_and(|before| before.is_lowercase() || before.is_numeric())
                || after.is_some_and(|after| after.is_lowercase()));
        if begins && !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        word.extend(character.to_lowercase());
    }
    words.extend((!word.is_empty()).then_some(word));
    words
}

/// Whether a name is in `snake_case`.
pub(crate) fn is_snake_case(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_lowercase())
        && name
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
        && !name.contains("__")
        && !name.ends_with('_')
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
            let is_beginning = lower.len() >= 3 && candidate.to_lowercase().starts_with(&lower);
            let distance = if is_beginning {
                1
            } else {
                distance(written, candidate)
            };
            (distance, candidate)
        })
        .filter(|(distance, _)| *distance <= allowed)
        .min()
        .map(|(_, candidate)| candidate)
}

/// The case-insensitive edit distance: insertions, deletions, substitutions and swaps of adjacent letters.
fn distance(a: &str, b: &str) -> usize {
    let a: Vec<char> = a.to_lowercase().chars().collect();
    let b: Vec<char> = b.to_lowercase().chars().collect();
    if a.len().abs_diff(b.len()) > 3 {
        return usize::MAX;
    }
    let mut rows = vec![vec![0; b.len() + 1]; a.len() + 1];
    for (i, row) in rows.iter_mut().enumerate() {
        row[0] = i;
    }
    for (j, cell) in rows[0].iter_mut().enumerate() {
        *cell = j;
    }
    for i in 1..=a.len() {
        for j in 1..=b.len() {
            let replaced = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut least = replaced.min(rows[i - 1][j] + 1).min(rows[i][j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                least = least.min(rows[i - 2][j - 2] + 1);
            }
            rows[i][j] = least;
        }
    }
    rows[a.len()][b.len()]
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
    fn placeholders_and_repeated_names_are_recognised() {
        assert!(is_placeholder("TODO") && is_placeholder(" tbd. ") && is_placeholder("string"));
        assert!(!is_placeholder("A string of digits."));
        assert!(only_repeats("The pet id.", "petId"));
        assert!(!only_repeats("The id of the pet.", "petId"));
    }
}
