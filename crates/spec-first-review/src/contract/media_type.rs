//! Media types, normalized so that equivalent ones compare equal.

/// Normalizes a media type: case, order of parameters, and `charset=utf-8` make no difference.
pub(super) fn normal(text: &str) -> String {
    let mut parts = text.split(';').map(|part| part.trim().to_ascii_lowercase());
    let essence = parts.next().unwrap_or_default();
    let mut parameters: Vec<String> = parts
        .filter(|part| !part.is_empty() && part.replace('"', "") != "charset=utf-8")
        .collect();
    parameters.sort_unstable();
    parameters.insert(0, essence);
    parameters.join(";")
}

/// Splits a media type so that case, spaces and the order of parameters make no difference.
pub(super) fn spelled(text: &str) -> Vec<String> {
    let mut parts: Vec<String> = text
        .split(';')
        .map(|part| part.trim().to_ascii_lowercase())
        .collect();
    parts.sort_unstable();
    parts
}

/// Whether a range, such as `application/*`, includes a media type.
pub(super) fn covers(range: &str, media_type: &str) -> bool {
    if range == media_type || range == "*/*" {
        return true;
    }
    match range.strip_suffix("/*") {
        Some(kind) => media_type.split('/').next() == Some(kind),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_makes_no_difference_goes() {
        assert_eq!(
            normal("Application/JSON; Charset=\"UTF-8\""),
            "application/json"
        );
        assert_eq!(
            normal("multipart/form-data; b=1; a=2"),
            "multipart/form-data;a=2;b=1"
        );
    }

    #[test]
    fn a_range_covers_what_is_in_it() {
        assert!(covers("application/*", "application/json"));
        assert!(covers("*/*", "text/plain"));
        assert!(!covers("application/*", "text/plain"));
        assert!(!covers("application/json", "application/*"));
    }
}
