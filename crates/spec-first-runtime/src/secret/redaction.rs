//! Finds secrets in a text, in every spelling in which a server may echo them. Does not know which texts are secret.
//!
//! Spellings that encode each character separately (percent-encoding, HTML, JSON, UTF-8 read as ISO-8859-1) may be mixed and
//! applied twice, so both sides are [decoded](super::decoding) and compared. Base64 is searched for as it is.

use std::ops::Range;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

use super::decoding::Decoded;
use super::{REDACTED, Secret};

/// The number of characters that are enough to recognize a secret, because servers shorten what they quote.
const PREFIX: usize = 12;

/// Shorter secrets are found only as they were given: too much else looks like them when decoded.
const SHORTEST_DECODED: usize = 4;

/// Replaces each secret in `text` by a mark. A mark that is already there stays whole, whatever short secret it contains.
pub(super) fn redact(secrets: &[Secret], text: &str) -> String {
    let decoded = Decoded::of(text);
    let mut found = Vec::new();
    for spelling in secrets.iter().flat_map(spellings) {
        found.extend(find(text, spelling.expose()));
        let plain = Secret::from(Decoded::of(spelling.expose()).text());
        let differs = decoded.is_changed() || plain.expose() != spelling.expose();
        if differs && plain.expose().trim().chars().count() >= SHORTEST_DECODED {
            let ranges = find(decoded.text(), plain.expose());
            found.extend(ranges.map(|range| decoded.origin(range)));
        }
    }
    let mut found = merge(found);
    for (start, _) in text.match_indices(REDACTED) {
        let end = start + REDACTED.len();
        let first = found.partition_point(|range| range.end <= start);
        let last = found.partition_point(|range| range.start < end);
        let touched = &mut found[first..last];
        // A mark that overlaps with a secret outside of it is ordinary text.
        if touched
            .iter()
            .all(|range| start <= range.start && range.end <= end)
        {
            touched.fill(start..end);
        }
    }
    replace(text, found)
}

/// The texts to search for: the secret, also without surrounding white space, as in JSON, and in Base64. White space alone is not
/// secret and would tear a text apart.
fn spellings(secret: &Secret) -> Vec<Secret> {
    let mut spellings = Vec::new();
    for text in [secret.expose(), secret.expose().trim()] {
        if text.trim().is_empty() {
            continue;
        }
        let quoted = Secret::from(serde_json::Value::from(text).to_string());
        let escaped = &quoted.expose()[1..quoted.expose().len() - 1];
        spellings.extend([
            Secret::from(text),
            Secret::from(escaped),
            Secret::from(STANDARD_NO_PAD.encode(text)),
            Secret::from(URL_SAFE_NO_PAD.encode(text)),
        ]);
    }
    spellings.sort_by(|a, b| a.expose().cmp(b.expose()));
    spellings.dedup_by(|a, b| a.expose() == b.expose());
    spellings
}

/// The places in `text` of `pattern` or of its beginning, as long as it matches.
fn find<'a>(text: &'a str, pattern: &'a str) -> impl Iterator<Item = Range<usize>> + 'a {
    let end = pattern
        .char_indices()
        .nth(PREFIX)
        .map_or(pattern.len(), |(end, _)| end);
    // White space alone is not the beginning of anything.
    let end = if pattern[..end].trim().is_empty() {
        pattern.len()
    } else {
        end
    };
    let (prefix, rest) = pattern.split_at(end);
    text.match_indices(prefix).map(move |(start, _)| {
        let after = start + prefix.len();
        let more = text[after..]
            .chars()
            .zip(rest.chars())
            .take_while(|(found, wanted)| found == wanted);
        start
            ..after
                + more
                    .map(|(character, _)| character.len_utf8())
                    .sum::<usize>()
    })
}

/// Merges ranges that overlap.
fn merge(mut found: Vec<Range<usize>>) -> Vec<Range<usize>> {
    found.sort_by_key(|range| range.start);
    let mut merged: Vec<Range<usize>> = Vec::with_capacity(found.len());
    for range in found {
        match merged.last_mut() {
            Some(last) if range.start < last.end => last.end = last.end.max(range.end),
            _ => merged.push(range),
        }
    }
    merged
}

fn replace(text: &str, found: Vec<Range<usize>>) -> String {
    let mut redacted = String::with_capacity(text.len());
    let mut end = 0;
    for range in found {
        // The ranges inside a mark were all replaced by that of the mark.
        if range.start >= end {
            redacted.push_str(&text[end..range.start]);
            redacted.push_str(REDACTED);
            end = range.end;
        }
    }
    redacted.push_str(&text[end..]);
    redacted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(secret: &str, text: &str, expected: &str) {
        assert_eq!(redact(&[secret.into()], text), expected);
    }

    #[test]
    fn a_secret_is_found_in_every_spelling() {
        let secret = "p/ä\"ss<&> wörd";
        for spelling in [
            secret,
            r#"p/ä\"ss<&> wörd"#,
            r#"p\/\u00e4\"ss\u003C\u0026\u003e w\u00f6rd"#,
            r"\u0070\u002F\u00E4\u0022\u0073\u0073\u003c\u0026\u003e\u0020\u0077\u00f6\u0072\u0064",
            "p%2F%C3%A4%22ss%3C%26%3E%20w%C3%B6rd",
            "p%2f%c3%a4%22ss%3c%26%3e+w%c3%b6rd",
            "p/%E4%22ss<&>%20w%F6rd",
            "%70%2F%C3%A4%22%73%73%3C%26%3E%20%77%C3%B6%72%64",
            "p%252F%25C3%25A4%2522ss%253C%2526%253E%2520w%25C3%25B6rd",
            "p/ä&quot;ss&lt;&amp;&gt; wörd",
            "p/&#228;&#34;ss&#x3C;&#X26;&#62; w&#xF6;rd",
            "p/&#xe4;&amp;quot;ss&amp;lt;&amp;amp;&amp;gt; w&#xf6;rd",
            "p/Ã¤\"ss<&> wÃ¶rd",
            "p/Ã¤&quot;ss%3C\\u0026> w%C3%B6rd",
            "cC/DpCJzczwmPiB3w7ZyZA==",
            "cC_DpCJzczwmPiB3w7ZyZA",
            "cC%2FDpCJzczwmPiB3w7ZyZA%3D%3D",
        ] {
            let text = format!("a key, {spelling}, b");
            let redacted = redact(&[secret.into()], &text);
            let (before, after) = (redacted.find(REDACTED), redacted.rfind(", b"));
            assert_eq!(before, Some(7), "{text}: {redacted}");
            let rest = &redacted[7 + REDACTED.len()..after.unwrap()];
            assert!(matches!(rest, "" | "==" | "%3D%3D"), "{text}: {redacted}");
        }
    }

    #[test]
    fn a_mark_is_not_redacted_again() {
        check("a", "[redacted] a", "[redacted] [redacted]");
        check("[redacted]", "[redacted]", "[redacted]");
        check("[redacted]-tail", "[redacted]-tail", "[redacted]");
        let secrets = ["red".into(), "]a".into()];
        assert_eq!(
            redact(&secrets, "[redacted]a"),
            "[[redacted]acted[redacted]"
        );
    }

    #[test]
    fn a_surrogate_pair_is_one_character() {
        check(
            "key-🔑-key",
            r"\ud83d\udd11 key-\uD83D\uDD11-key",
            r"\ud83d\udd11 [redacted]",
        );
    }

    #[test]
    fn a_secret_that_is_cut_short_is_found() {
        let secret = "0123456789abcdefghij";
        check(secret, "bad key 0123456789ab...", "bad key [redacted]...");
        check(secret, "bad key 0123456789abcdef", "bad key [redacted]");
        check(secret, "0123456789a", "0123456789a");
        check("%2F23456789abcdef", "/23456789abcX", "[redacted]X");
        check(secret, "MDEyMzQ1Njc4OWFi", "[redacted]");
    }

    #[test]
    fn what_is_not_a_secret_stays() {
        let text = "100% of a+b \\ &c; %zz &#xD800; \\ud800 ÃÂ \u{80}";
        check("hunter2", text, text);
        check("%41", "AAA", "AAA");
        check("%20%20%20%20", "a    b", "a    b");
        check(
            "                hunter2",
            "a                b",
            "a                b",
        );
    }

    #[test]
    fn secrets_that_overlap_leave_nothing_of_each_other() {
        let secrets = ["abcd".into(), "cdef".into()];
        assert_eq!(redact(&secrets, "xabcdefx"), "x[redacted]x");
        assert_eq!(redact(&secrets, "abcdcdef"), "[redacted][redacted]");
    }
}
