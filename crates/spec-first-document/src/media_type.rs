//! Media types, which keys of `content` and headers name.

/// The media type without parameters, in lower case.
pub fn essence(media_type: &str) -> String {
    let essence = media_type.split(';').next().unwrap_or_default();
    essence.trim().to_ascii_lowercase()
}

/// Whether a value of the media type is written as JSON: `application/json`, `text/json`, which .NET documents beside it, and types
/// with the suffix `+json`.
pub fn is_json(media_type: &str) -> bool {
    let essence = essence(media_type);
    matches!(essence.as_str(), "application/json" | "text/json") || essence.ends_with("+json")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_has_several_media_types() {
        for (media_type, expected) in [
            ("application/json", true),
            ("Application/JSON ; charset=utf-8", true),
            ("text/json", true),
            ("application/problem+json", true),
            ("application/*+json", true),
            ("application/jsonl", false),
            ("application/*", false),
            ("text/plain", false),
        ] {
            assert_eq!(is_json(media_type), expected, "{media_type}");
        }
    }
}
