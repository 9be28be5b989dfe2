//! The reason phrases of statuses.

use std::sync::LazyLock;

use http::StatusCode;

use crate::source::labels::Labels;

/// HTTP reason phrases, longest first, including variants.
static REASONS: LazyLock<Vec<&str>> = LazyLock::new(|| {
    let codes = (100..600).filter_map(|code| StatusCode::from_u16(code).ok());
    let mut reasons: Vec<&str> = codes.filter_map(|code| code.canonical_reason()).collect();
    reasons.extend([
        "Unprocessable Content",
        "Request Entity Too Large",
        "Content Too Large",
        "Gateway Time-out",
    ]);
    reasons.sort_by_key(|reason| (std::cmp::Reverse(reason.len()), *reason));
    reasons.dedup();
    reasons
});

/// Splits the reason phrase off the start of a text.
pub(super) fn reason(text: &str) -> Option<(&'static str, &str)> {
    REASONS.iter().find_map(|reason| {
        let start = text.get(..reason.len())?;
        let rest = &text[reason.len()..];
        let is_whole = !rest.starts_with(|next: char| next.is_lowercase());
        (start.eq_ignore_ascii_case(reason) && is_whole).then_some((*reason, rest))
    })
}

/// The same for a status, whose reason may be in another language, as in `No autorizado`.
pub(super) fn reason_of<'t>(
    code: &str,
    text: &'t str,
    labels: &Labels,
) -> Option<(&'static str, &'t str)> {
    let translated = || {
        let known = canonical(code)?;
        let words = labels.languages.iter();
        let mut words = words
            .filter_map(|language| language.reasons.get(code))
            .flatten();
        words.find_map(|words| {
            let (start, rest) = text.split_at_checked(words.len())?;
            let is_whole = !rest.trim_start().starts_with(char::is_lowercase);
            (is_whole && start.to_lowercase() == *words).then_some((known, rest))
        })
    };
    reason(text).or_else(translated)
}

/// Whether a text begins with the reason of a status.
pub(super) fn is_reason(code: &str, text: &str, labels: &Labels) -> bool {
    let code = code.trim_matches([' ', '`']);
    let said = reason_of(code, text, labels).map(|(reason, _)| reason);
    said.is_some() && said == canonical(code)
}

pub(super) fn canonical(code: &str) -> Option<&'static str> {
    let code = StatusCode::from_bytes(code.as_bytes()).ok()?;
    code.canonical_reason()
}
