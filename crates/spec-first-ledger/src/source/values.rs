//! Recognises timestamps, placeholders, URLs, paths and types.

use std::hash::Hasher;

use serde_json::Value;
use twox_hash::XxHash3_64;

/// A short digest of a text, ignoring case and whitespace.
pub(crate) fn digest(text: &str) -> String {
    let mut hasher = XxHash3_64::with_seed(0);
    for word in text.split_whitespace() {
        hasher.write(word.to_lowercase().as_bytes());
        hasher.write(&[0]);
    }
    format!("{:016x}", hasher.finish())
}

/// The format of an RFC 3339 timestamp, with `0` for each digit; `None` if the text is not one.
pub(crate) fn timestamp_shape(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    let is_date = bytes.len() >= 20
        && bytes.len() <= 40
        && bytes[..19]
            .iter()
            .enumerate()
            .all(|(index, byte)| match index {
                4 | 7 => *byte == b'-',
                10 => *byte == b'T' || *byte == b' ',
                13 | 16 => *byte == b':',
                _ => byte.is_ascii_digit(),
            });
    let is_rest = |byte: &u8| byte.is_ascii_digit() || b".:+-Z".contains(byte);
    (is_date && bytes[19..].iter().all(is_rest)).then(|| {
        let digits = text.chars();
        digits
            .map(|character| {
                if character.is_ascii_digit() {
                    '0'
                } else {
                    character
                }
            })
            .collect()
    })
}

/// Whether a text is a placeholder, such as `PROJECT_ID`, `<api-key>` or `{{token}}`.
pub(crate) fn is_placeholder(text: &str) -> bool {
    let is_capitals = text.contains(|character: char| character.is_ascii_uppercase())
        && text.chars().all(|character| {
            character.is_ascii_uppercase() || character.is_ascii_digit() || "_-".contains(character)
        });
    let is_enclosed =
        |open, close| text.len() > 2 && text.starts_with(open) && text.ends_with(close);
    is_capitals || is_enclosed('<', '>') || is_enclosed('{', '}') || text.starts_with("YOUR_")
}

/// Whether a header with this name, in lower case, carries a credential.
pub(crate) fn is_credential(name: &str) -> bool {
    const PARTS: [&str; 7] = [
        "key",
        "token",
        "secret",
        "signature",
        "auth",
        "authorization",
        "apikey",
    ];
    // Keys of other things.
    const OTHERS: [&str; 6] = [
        "idempotency",
        "cache",
        "partition",
        "routing",
        "sort",
        "deduplication",
    ];
    let mut parts = name.split('-');
    parts.clone().any(|part| PARTS.contains(&part)) && !parts.any(|part| OTHERS.contains(&part))
}

/// Whether a text is an absolute URL.
pub(crate) fn is_url(text: &str) -> bool {
    let rest = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"));
    rest.is_some_and(|rest| !rest.is_empty() && !rest.contains(char::is_whitespace))
}

/// The path of a URL, without its query and with `{}` for parameters and placeholders.
pub(crate) fn path_template(url: &str) -> String {
    let after_scheme = url.split_once("://").map_or(url, |(_, rest)| rest);
    let path = match url.contains("://") {
        true => after_scheme.find('/').map_or("", |at| &after_scheme[at..]),
        false => after_scheme,
    };
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let segments = path.trim_end_matches('/').split('/').map(|segment| {
        let is_parameter =
            segment.starts_with(':') || segment.contains('{') || is_placeholder(segment);
        if is_parameter { "{}" } else { segment }
    });
    segments.collect::<Vec<_>>().join("/")
}

/// A URL with a templated path.
pub(crate) fn url_template(url: &str) -> String {
    let origin = url.split_once("://").map_or("", |(scheme, rest)| {
        let end = rest.find('/').unwrap_or(rest.len());
        &url[..scheme.len() + 3 + end]
    });
    format!("{origin}{}", path_template(url))
}

/// Whether two templates match; a parameter matches any value.
pub(crate) fn is_same_url(a: &str, b: &str) -> bool {
    let (mut a, mut b) = (a.split('/'), b.split('/'));
    loop {
        match (a.next(), b.next()) {
            (None, None) => return true,
            (Some(a), Some(b)) if a == b || a == "{}" || b == "{}" => {}
            _ => return false,
        }
    }
}

/// The part of a path before `template`; `None` if the path does not end with it. A parameter of the template may have any value,
/// but one of the path is not the word that the template has there.
pub(crate) fn base_path<'a>(path: &'a str, template: &str) -> Option<&'a str> {
    let count = template.matches('/').count();
    let start = path.match_indices('/').rev().nth(count.checked_sub(1)?)?.0;
    let mut segments = path[start..].split('/').zip(template.split('/'));
    let is_it = segments.all(|(own, known)| own == known || known == "{}");
    is_it.then(|| &path[..start])
}

/// A whole number without the separators between its thousands, as in `1,000`; `None` if it has none.
pub(crate) fn ungrouped(text: &str) -> Option<String> {
    let separator = text.chars().find(|sign| !sign.is_ascii_digit())?;
    let is_number = |group: &&str| group.bytes().all(|byte| byte.is_ascii_digit());
    let mut groups = text.split(separator);
    let first = groups
        .next()
        .filter(|group| (1..=3).contains(&group.len()))?;
    let is_grouped =
        ",. '_".contains(separator) && groups.all(|group| group.len() == 3 && is_number(&group));
    is_grouped.then(|| [first, &text[first.len()..].replace(separator, "")].concat())
}

/// A type as a page writes it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct TypeName {
    /// The type in OpenAPI's words.
    pub(crate) base: String,
    pub(crate) format: Option<String>,
    pub(crate) is_nullable: bool,
    pub(crate) is_enum: bool,
}

/// Splits a type with its format in parentheses, as in `string (uuid)`; other words there are marks.
pub(crate) fn with_format(text: &str) -> Option<(&str, &str)> {
    const FORMATS: [&str; 18] = [
        "uuid",
        "uri",
        "date",
        "date-time",
        "datetime",
        "time",
        "email",
        "hostname",
        "ipv4",
        "ipv6",
        "int32",
        "int64",
        "float",
        "double",
        "byte",
        "binary",
        "password",
        "decimal",
    ];
    let (base, format) = text.strip_suffix(')')?.split_once('(')?;
    let mut known = FORMATS.into_iter();
    let format = known.find(|known| known.eq_ignore_ascii_case(format.trim()))?;
    Some((base.trim_end(), format))
}

/// Parses a type such as `string<uri>`, `enum<string>`, `object[]` or `string | null`.
pub(crate) fn type_name(text: &str) -> TypeName {
    let mut found = TypeName::default();
    for part in text.split('|').map(str::trim) {
        if part == "null" {
            found.is_nullable = true;
            continue;
        }
        if let Some(item) = part.strip_suffix("[]") {
            _ = item;
            found.base = "array".to_owned();
            continue;
        }
        let (base, inner) = match part.split_once('<') {
            Some((base, inner)) => (base, Some(inner.trim_end_matches('>'))),
            None => with_format(part).map_or((part, None), |(base, format)| (base, Some(format))),
        };
        let (base, format) = match base.to_lowercase().as_str() {
            "enum" => {
                found.is_enum = true;
                (inner.unwrap_or("string").to_owned(), None)
            }
            "array" | "list" => ("array".to_owned(), None),
            "int" | "int32" | "int64" => ("integer".to_owned(), None),
            "float" | "double" => ("number".to_owned(), None),
            "bool" => ("boolean".to_owned(), None),
            "map" | "record" => ("object".to_owned(), None),
            "date" => ("string".to_owned(), Some("date".to_owned())),
            "datetime" | "timestamp" => ("string".to_owned(), Some("date-time".to_owned())),
            "uuid" => ("string".to_owned(), Some("uuid".to_owned())),
            "file" | "binary" => ("string".to_owned(), None),
            // It may be written as a number or as a string.
            "decimal" => ("any".to_owned(), None),
            other => (other.to_owned(), inner.map(str::to_owned)),
        };
        // A union of several types has no single base type.
        if found.base.is_empty() {
            (found.base, found.format) = (base, format);
        } else {
            found.base = "any".to_owned();
        }
    }
    found
}

/// Normalizes what translations change in a value: texts, hosts and placeholders.
pub(crate) fn untranslated(kind: &str, value: &Value) -> Value {
    let Value::String(text) = value else {
        return match value {
            Value::Array(items) if kind != "enum" => {
                items.iter().map(|item| untranslated(kind, item)).collect()
            }
            Value::Object(members) => members
                .iter()
                .map(|(key, value)| (key.clone(), untranslated(kind, value)))
                .collect(),
            _ => value.clone(),
        };
    };
    if !matches!(kind, "member" | "example" | "header" | "default" | "url") {
        return value.clone();
    }
    if kind == "url" {
        return Value::String(url_template(text));
    }
    if timestamp_shape(text).is_some() {
        return value.clone();
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    let word = |word: &&str| match () {
        () if is_url(word) => "<url>",
        () if is_placeholder(word) => "<placeholder>",
        () if word
            .contains(|character: char| character.is_uppercase() || !character.is_ascii()) =>
        {
            "<text>"
        }
        () => "",
    };
    match &words[..] {
        [single] => Value::from(
            Some(word(single))
                .filter(|shape| !shape.is_empty())
                .unwrap_or(text),
        ),
        // A scheme and its credential.
        [scheme, single] if kind == "header" && word(single) == "<placeholder>" => {
            Value::from(format!("{scheme} <placeholder>"))
        }
        [] => value.clone(),
        _ => Value::from("<text>"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timestamps_have_a_shape() {
        assert_eq!(
            timestamp_shape("2026-01-15T10:30:00.000Z").as_deref(),
            Some("0000-00-00T00:00:00.000Z")
        );
        assert_eq!(
            timestamp_shape("2023-11-07T05:31:56Z").as_deref(),
            Some("0000-00-00T00:00:00Z")
        );
        for text in [
            "2026-01-15",
            "2026-01-15T10:30:00 by mail",
            "x026-01-15T10:30:00Z",
            "",
        ] {
            assert_eq!(timestamp_shape(text), None, "{text}");
        }
    }

    #[test]
    fn paths_are_compared_without_the_names_of_parameters() {
        for url in [
            "https://api.example.com/v1/pets/PET_ID",
            "/v1/pets/{petId}?a=b",
            "/v1/pets/:petId/",
            "/v1/pets/<pet>",
        ] {
            assert_eq!(path_template(url), "/v1/pets/{}");
        }
        assert_eq!(
            url_template("https://api.example.com/v1/pets/PET_ID"),
            "https://api.example.com/v1/pets/{}"
        );
        assert_eq!(
            url_template("https://api.example.com"),
            "https://api.example.com"
        );
    }

    #[test]
    fn a_parameter_may_have_any_value() {
        assert!(is_same_url("/v1/pets/{}", "/v1/pets/7"));
        assert!(!is_same_url("/v1/pets/{}", "/v1/pets"));
        assert!(!is_same_url("/v1/pets/{}", "/v2/pets/{}"));
        assert_eq!(base_path("/shop/v1/pets/7", "/v1/pets/{}"), Some("/shop"));
        assert_eq!(base_path("/v1/pets/7", "/v1/pets/{}"), Some(""));
        assert_eq!(base_path("/pets/7", "/v1/pets/{}"), None);
        assert_eq!(base_path("/v3/orders/{}/label", "/pets/{}"), None);
    }

    #[test]
    fn types_are_understood() {
        let check = |text, base: &str, format: Option<&str>, is_nullable, is_enum| {
            let format = format.map(str::to_owned);
            let base = base.to_owned();
            assert_eq!(
                type_name(text),
                TypeName {
                    base,
                    format,
                    is_nullable,
                    is_enum
                },
                "{text}"
            );
        };
        check("string<uri>", "string", Some("uri"), false, false);
        check("enum<string> | null", "string", None, true, true);
        check("object[]", "array", None, false, false);
        check("integer | string", "any", None, false, false);
        check("string (uuid)", "string", Some("uuid"), false, false);
        check("decimal", "any", None, false, false);
    }

    #[test]
    fn what_is_translated_does_not_count_in_another_language() {
        let same = |kind, a: &str, b: &str| {
            let [a, b] = [a, b].map(|text| untranslated(kind, &Value::from(text)));
            a == b
        };
        assert!(same(
            "example",
            "https://mi-tienda.example/a",
            "https://my-shop.example/a"
        ));
        assert!(same("header", "Bearer TU_CLAVE", "Bearer YOUR_KEY"));
        assert!(same("member", "Mascota creada", "Pet created"));
        assert!(!same("member", "closed", "open"));
        assert!(!same("field", "string<uri>", "string"));
        assert!(!same("url", "https://a.example/v1", "https://b.example/v1"));
    }
}
