//! Content negotiation: which media types a client accepts (RFC 9110, section 12.5.1), and whether a range includes one.
//!
//! The crate `headers-accept` chooses among media types. Here, either side may be a range: a document may describe `image/*`.

use axum::http::{HeaderMap, header};
use spec_first_document::media_type;
pub(crate) use spec_first_document::media_type::essence;

/// The media types that a client accepts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Accept(Vec<Range>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Range {
    essence: String,
    /// In thousandths.
    quality: u16,
}

/// Accepts everything, for responses that ignore the preferences of the client.
pub(crate) static ANYTHING: Accept = Accept(Vec::new());

impl Accept {
    /// Parses the `Accept` headers; accepts everything if there are none or none can be parsed.
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        let values = headers.get_all(header::ACCEPT);
        if values.iter().all(|value| value == "*/*") {
            return Self::default();
        }
        let texts = values.iter().filter_map(|value| value.to_str().ok());
        Self(
            texts
                .flat_map(|text| text.split(','))
                .filter_map(Range::parse)
                .collect(),
        )
    }

    /// The quality of a media type, in thousandths; 0 if it is not acceptable.
    pub(crate) fn quality(&self, media_type: &str) -> u16 {
        if self.0.is_empty() {
            return 1000;
        }
        // The most specific range takes precedence.
        let matching = self.0.iter().filter(|range| {
            includes(&range.essence, media_type) || includes(media_type, &range.essence)
        });
        let decisive = matching.max_by_key(|range| match range.essence.as_str() {
            "*/*" => 0,
            essence if essence.ends_with("/*") => 1,
            _ => 2,
        });
        decisive.map_or(0, |range| range.quality)
    }

    /// Whether all of a media type, which may be a range, is acceptable.
    pub(crate) fn includes(&self, media_type: &str) -> bool {
        let mut ranges = self.0.iter();
        self.0.is_empty() || ranges.any(|range| includes(&range.essence, media_type))
    }

    /// The media type in a range that the client prefers, if it names one.
    pub(crate) fn media_type_in(&self, range: &str) -> Option<&str> {
        let named = self.0.iter().filter(|named| {
            named.quality > 0 && !named.essence.ends_with("/*") && includes(range, &named.essence)
        });
        let wanted = named.max_by_key(|named| named.quality)?;
        Some(&wanted.essence)
    }
}

impl Range {
    fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split(';');
        let essence = match parts.next()?.trim() {
            // Not in the RFC, but clients send it.
            "*" => "*/*".to_owned(),
            essence => essence.to_ascii_lowercase(),
        };
        essence.split_once('/')?;
        let weight = parts.find_map(|part| {
            let (name, value) = part.split_once('=')?;
            name.trim()
                .eq_ignore_ascii_case("q")
                .then_some(value.trim())
        });
        let quality = match weight {
            None => 1000,
            Some(weight) => thousandths(weight)?,
        };
        Some(Self { essence, quality })
    }
}

/// `0.25` as 250; RFC 9110 allows three decimal places. Clients also omit the zero.
fn thousandths(weight: &str) -> Option<u16> {
    let (whole, fraction) = weight.split_once('.').unwrap_or((weight, ""));
    if fraction.len() > 3 || !fraction.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let fraction: u16 = format!("{fraction:0<3}").parse().ok()?;
    match whole {
        "0" => Some(fraction),
        "" if weight.len() > 1 => Some(fraction),
        "1" if fraction == 0 => Some(1000),
        _ => None,
    }
}

/// Whether a media type is JSON, or a range that includes it.
pub(crate) fn is_json(media_type: &str) -> bool {
    includes(media_type, "application/json") || media_type::is_json(media_type)
}

/// Whether a range such as `application/*` or `application/*+json` includes a media type.
pub(crate) fn includes(range: &str, media_type: &str) -> bool {
    match range.split_once('*') {
        _ if range == "*/*" => true,
        Some((kind, suffix)) => media_type.starts_with(kind) && media_type.ends_with(suffix),
        None => range == media_type,
    }
}

/// The entry for a media type; an exact match takes precedence over a range.
pub(crate) fn find_media<'a, T>(
    media: &'a [T],
    essence: impl Fn(&T) -> &str,
    media_type: &str,
) -> Option<&'a T> {
    let exact = media.iter().find(|media| essence(media) == media_type);
    exact.or_else(|| {
        let mut ranges = media.iter();
        ranges.find(|media| includes(essence(media), media_type))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(accept: &str, media_type: &str, expected: u16) {
        let headers = HeaderMap::from_iter([(header::ACCEPT, accept.parse().unwrap())]);
        assert_eq!(
            Accept::of(&headers).quality(media_type),
            expected,
            "{accept}"
        );
    }

    #[test]
    fn the_most_specific_range_takes_precedence() {
        check("*/*", "text/csv", 1000);
        check("application/json, */*;q=0.1", "text/csv", 100);
        check(
            "application/json;q=0.25, application/*",
            "application/json",
            250,
        );
        check("text/*;q=0, */*", "text/csv", 0);
        check("TEXT/CSV ; Q=1.000", "text/csv", 1000);
        check("application/json", "application/problem+json", 0);
        check("image/png", "image/*", 1000);
    }

    /// Java's `HttpURLConnection` sends this header unless told otherwise.
    #[test]
    fn the_header_of_a_widespread_client_accepts_everything() {
        let accept = "text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2";
        check(accept, "application/json", 200);
        check(accept, "text/html", 1000);
        check("*;q=0.5", "text/csv", 500);
    }

    #[test]
    fn malformed_ranges_are_ignored() {
        check("json", "text/csv", 1000);
        check("text/html;q=2, text/csv;q=0.5", "text/html", 0);
        check("text/html;q=., text/csv;q=0.5", "text/html", 0);
        check("text/html;q=, text/csv;q=0.5", "text/html", 0);
        check("", "text/csv", 1000);
    }
}
