//! What the API says about an error, made safe to show.

use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use crate::members::Value;
use crate::secret::REDACTED;
use crate::whole_numbers::with_integers;
use crate::{Api, HttpResponse, Secret, retry};

use super::body::Explanation;

/// The most characters of a message.
const LONGEST_MESSAGE: usize = 1000;

/// The most characters that are shown of a body without an explanation.
const LONGEST_EXCERPT: usize = 300;

/// The most characters of a code, a name or an identifier.
pub(crate) const LONGEST_NAME: usize = 100;

/// An error that the API reported.
///
/// Each part of the body is optional, and the response is kept whole.
#[derive(Clone, Debug)]
pub struct ApiError {
    response: HttpResponse,
    message: Option<String>,
    code: Option<String>,
    key: Option<String>,
    request_id: Option<String>,
    may_have_been_applied: bool,
}

const REQUEST_ID_HEADERS: [&str; 5] = [
    "x-request-id",
    "request-id",
    "x-correlation-id",
    "x-amzn-requestid",
    "cf-ray",
];

impl ApiError {
    /// Reads the parts that `response` has; text that echoes one of `secrets` is redacted.
    pub(crate) fn read(
        api: &Api,
        response: HttpResponse,
        secrets: &[Secret],
        may_have_been_applied_before: bool,
    ) -> Self {
        let Explanation {
            message,
            excerpt,
            code,
            key,
        } = Explanation::read(&response, api.error_messages);
        let show = |text: Option<String>, longest| {
            let shown = show(&text?, secrets, longest);
            (!shown.is_empty()).then_some(shown)
        };
        let request_id = REQUEST_ID_HEADERS
            .iter()
            .find_map(|name| response.headers.get(*name))
            .and_then(|value| value.to_str().ok())
            .map(str::to_owned);
        Self {
            message: show(message, LONGEST_MESSAGE).or_else(|| show(excerpt, LONGEST_EXCERPT)),
            code: show(code, LONGEST_NAME),
            key: show(key, LONGEST_NAME),
            request_id: show(request_id, LONGEST_NAME),
            may_have_been_applied: may_have_been_applied_before
                || retry::is_applied_status(response.status),
            response,
        }
    }

    /// The whole response; its body may echo what was sent.
    pub fn response(&self) -> &HttpResponse {
        &self.response
    }

    /// The identifier by which the operators of the API find the request in their logs, from one of the headers that gateways
    /// commonly use for it.
    ///
    /// Secrets in it are redacted, and it is cut off after 100 characters; [`response`](Self::response) has it as received.
    pub fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    pub(super) fn may_have_been_applied(&self) -> bool {
        self.may_have_been_applied
    }

    /// What went wrong, in the words of the API: the members of the body that explain the error, joined by `; `, up to 1000
    /// characters. If no member explains it, the first 300 characters of the body, without tags if it is HTML.
    ///
    /// It is one line. Secrets are redacted; characters that control a terminal or change the direction of text are escaped.
    pub fn message(&self) -> Option<&str> {
        self.message.as_deref()
    }

    /// The API's code for the error.
    pub fn code(&self) -> Option<&str> {
        self.code.as_deref()
    }

    /// The body as the document describes it for the status: `typed::<UpdateError>()`. `None` if the document describes none, or the
    /// body is something else.
    pub fn typed<E: OperationError>(&self) -> Option<E> {
        let read = |body: &[u8]| E::read(self.response.status, body);
        let body = self.response.body();
        let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
        read(body).or_else(|| read(with_integers(body)?.as_bytes()))
    }

    /// The API's name for the error.
    pub fn key(&self) -> Option<&str> {
        self.key.as_deref()
    }
}

impl std::fmt::Display for ApiError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            formatter,
            "the API answered with status {}",
            self.response.status
        )?;
        if let Some(code) = self.code.as_ref().or(self.key.as_ref()) {
            write!(formatter, ", code `{code}`")?;
        }
        match &self.message {
            Some(message) => write!(formatter, ": {message}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for ApiError {}

/// The bodies of an operation's errors, by status; generated code implements it.
pub trait OperationError: Sized {
    /// Reads the body of a response with an error status; `None` if it is not what the document describes.
    fn read(status: u16, body: &[u8]) -> Option<Self>;
}

/// Reads the body of an error. Only an object is a struct, which serde also reads from a list, by position.
#[doc(hidden)]
pub fn read_error<E: DeserializeOwned>(body: &[u8]) -> Option<E> {
    let json: &RawValue = serde_json::from_slice(body).ok()?;
    E::deserialize(&Value::new(json)).ok()
}

/// The most characters that spell a byte of a secret: `\\u0041`, percent-encoded.
const LONGEST_SPELLING: usize = 12;

/// Makes the text of a server safe to show: without secrets, in one line of at most `longest` characters, and without characters
/// that control a terminal or change the direction of text.
pub(crate) fn show(text: &str, secrets: &[Secret], longest: usize) -> String {
    // The beginning is enough, unless redaction shortens it so much that its end, which may be half a secret, would be shown.
    let lengths = secrets.iter().map(|secret| secret.expose().len());
    let enough = longest + LONGEST_SPELLING * lengths.max().unwrap_or_default();
    let end = text.char_indices().nth(4 * enough);
    let beginning = end.map(|(end, _)| show_line(&text[..end], secrets));
    let mut shown = beginning
        .filter(|shown| shown.chars().nth(enough).is_some())
        .unwrap_or_else(|| show_line(text, secrets));
    if let Some((end, _)) = shown.char_indices().nth(longest) {
        // Half a mark looks like text of the server, and may contain a short secret.
        let mut marks = shown.match_indices(REDACTED).map(|(start, _)| start);
        let cut = marks.find(|start| (*start..*start + REDACTED.len()).contains(&end));
        shown.truncate(cut.unwrap_or(end));
        shown.push('…');
    }
    shown
}

/// Redacts before and after characters are replaced: an escape may hide a secret, and a space may complete one.
fn show_line(text: &str, secrets: &[Secret]) -> String {
    let line = printable(&Secret::redact_all(secrets, text));
    Secret::redact_all(secrets, &line)
}

fn printable(text: &str) -> String {
    let mut printed = String::with_capacity(text.len());
    for (number, word) in text.split_ascii_whitespace().enumerate() {
        if number > 0 {
            printed.push(' ');
        }
        for character in word.chars() {
            match character {
                '\u{61c}'
                | '\u{200e}'
                | '\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2066}'..='\u{2069}' => printed.extend(character.escape_unicode()),
                _ if character.is_control() => printed.extend(character.escape_unicode()),
                _ => printed.push(character),
            }
        }
    }
    printed
}

#[cfg(test)]
mod tests {
    use http::HeaderMap;
    use http::header::{CONTENT_ENCODING, HeaderValue};

    use super::*;
    use crate::sample::API;

    const SECRETS: [&str; 2] = ["canary", "cana\nry"];

    fn read(body: &[u8], headers: HeaderMap) -> ApiError {
        let response = HttpResponse {
            status: 400,
            headers: headers.into(),
            body: body.to_vec().into(),
            is_cut_off: false,
        };
        let error = ApiError::read(&API, response, &SECRETS.map(Secret::from), false);
        assert!(!format!("{error:?}").contains("canary"));
        assert_eq!(error.response().body(), body);
        error
    }

    #[test]
    fn a_typed_error_has_integers_however_they_are_written() {
        struct Code(u16);

        impl OperationError for Code {
            fn read(_: u16, body: &[u8]) -> Option<Self> {
                serde_json::from_slice(body).ok().map(Self)
            }
        }
        let code = |body: &[u8]| read(body, HeaderMap::new()).typed().map(|Code(code)| code);
        assert_eq!(code(b"4.0e2"), Some(400));
        assert_eq!(code(b"4.5"), None);
    }

    #[test]
    fn a_typed_error_is_read_like_a_reply() {
        #[derive(serde::Deserialize)]
        struct Problem {
            code: String,
        }

        impl OperationError for Problem {
            fn read(_: u16, body: &[u8]) -> Option<Self> {
                read_error(body)
            }
        }
        let code = |body: &[u8]| {
            let problem = read(body, HeaderMap::new()).typed();
            problem.map(|Problem { code }| code)
        };
        assert_eq!(code(b"\xef\xbb\xbf{\"code\":\"x\"}").as_deref(), Some("x"));
        assert_eq!(code(b"[\"x\"]"), None);
    }

    #[track_caller]
    fn check(body: impl AsRef<[u8]>, expected: &str) {
        let error = read(body.as_ref(), HeaderMap::new());
        assert_eq!(
            error.to_string(),
            format!("the API answered with status 400{expected}")
        );
    }

    #[track_caller]
    fn check_encoded(encoding: &'static str, body: &[u8], expected: &str) {
        let encoding = HeaderValue::from_static(encoding);
        let error = read(body, HeaderMap::from_iter([(CONTENT_ENCODING, encoding)]));
        assert_eq!(error.message(), Some(expected));
    }

    #[test]
    fn every_part_of_an_error_body_is_optional() {
        check("", "");
        check(" \n", "");
        check("{}", "");
        check("[{ }]", "");
        check("null", "");
        check("{\"message\": \"no\"}", ": no");
        check("{\"message\": [\"no\", \"never\"]}", ": no; never");
        check("{\"error\": \"Bad Request\"}", ": Bad Request");
        check(
            "{\"error\": {\"code\": 17, \"description\": \"no\"}}",
            ", code `17`: no",
        );
        check(
            "{\"message\": \"no\", \"error\": {\"key\": \"NO\"}}",
            ", code `NO`: no",
        );
    }

    #[test]
    fn a_member_explains_an_error_only_if_the_document_or_a_convention_says_so() {
        static PLAIN: Api = Api::new(crate::package!());
        let response = HttpResponse::new(400, r#"{"validationError":"no","title":"Bad Request"}"#);
        let error = ApiError::read(&PLAIN, response.clone(), &[], false);
        assert_eq!(error.message(), Some("Bad Request"));
        let error = ApiError::read(&API, response, &[], false);
        assert_eq!(error.message(), Some("Bad Request; no"));
    }

    #[test]
    fn every_member_that_explains_an_error_is_shown() {
        for (body, expected) in [
            (
                r#"{"type":"about:blank","title":"Bad URL","status":400,"detail":"not reachable"}"#,
                "Bad URL; not reachable",
            ),
            (
                r#"{"errors":[{"message":"no"},{"detail":"never"}]}"#,
                "no; never",
            ),
            (r#"{"errors":["no"]}"#, "no"),
            (r#"{"detail":[{"loc":["body"],"msg":"no"}]}"#, "no"),
            (r#"{"error":{"message":"no"}}"#, "no"),
            (
                r#"{"error":"invalid_request","error_description":"no"}"#,
                "no; invalid_request",
            ),
            (
                r#"{"message":{"es":"nunca","en":"no"}}"#,
                "en: no; es: nunca",
            ),
            (
                r#"{"validationError":{"url":["no","never"]}}"#,
                "url: no; url: never",
            ),
            (
                r#"{"message":"Bad Request","validationError":[{"field":"url","rule":3}]}"#,
                "Bad Request; field: url; rule: 3",
            ),
            (
                r#"{"message":"url must be public","validationError":{"url":["must be public"]}}"#,
                "url must be public",
            ),
            (
                r#"{"error":{"key":"NO","clientMessages":{"es":"nunca"},"developerMessages":{"en":"no"}}}"#,
                "es: nunca; en: no",
            ),
            (r#"{"status":0,"data":{"message":"no"}}"#, "no"),
            (r#"{"msg":"no"}"#, "no"),
            (r#"["no",{"message":"never"}]"#, "no; never"),
            (r#""no""#, "no"),
            (r#"{"message":"no","x":1e999999}"#, "no"),
            (r#"{"message":"\ud800 no"}"#, "\u{fffd}\u{fffd}\u{fffd} no"),
        ] {
            assert_eq!(
                read(body.as_bytes(), HeaderMap::new()).message(),
                Some(expected)
            );
        }
        let deep = format!(
            r#"{{"x":{}{},"message":"no"}}"#,
            "[".repeat(9999),
            "]".repeat(9999)
        );
        check(deep, ": no");
        let endless = format!(
            "{}\"no\"{}",
            r#"{"message":"#.repeat(9999),
            "}".repeat(9999)
        );
        assert!(
            read(endless.as_bytes(), HeaderMap::new())
                .message()
                .is_some()
        );
    }

    #[test]
    fn a_body_that_explains_nothing_is_shown() {
        check("plain\n text", ": plain text");
        check(
            "{\"statusMessage\": \"no\"}",
            ": {\"statusMessage\": \"no\"}",
        );
        check(
            "{\"message\": [], \"error\": null}",
            ": {\"message\": [], \"error\": null}",
        );
        check("{\"message\": \"no\"", ": {\"message\": \"no\"");
        check(
            "<!DOCTYPE html><html><head><title>502</title><STYLE>p{}</style><script>if (a < b) {}</SCRIPT></head>\
             <!-- <p> --><body><h1>Bad\nGateway</h1></body></html>",
            ": 502 Bad Gateway",
        );
        check("<error><text>no</text>", ": no");
    }

    #[test]
    fn an_error_body_is_read_in_any_character_encoding() {
        check(b"\xef\xbb\xbf{\"message\":\"no\"}", ": no");
        check(
            b"{\"message\":\"Petici\xf3n inv\xe1lida\"}",
            ": Petición inválida",
        );
        check(b"inv\xe1lida", ": inválida");
    }

    #[test]
    fn a_body_that_is_still_encoded_is_not_shown() {
        check_encoded("identity", b"{\"message\":\"no\"}", "no");
        check_encoded(
            "br",
            b"\x0b\x07",
            "(the body has the content encoding `br`, which is not supported)",
        );
        check_encoded("gzip", b"no", "(the body is not valid `gzip`)");
        check_encoded(
            "API_KEY",
            b"no",
            "(the body has a content encoding that is not supported)",
        );
    }

    #[test]
    fn what_is_shown_of_an_error_is_short() {
        let long = "é".repeat(400_000);
        let error = read(
            format!(r#"{{"message":"{long}","error":{{"code":"{long}","key":"{long}"}}}}"#)
                .as_bytes(),
            HeaderMap::from_iter([(
                "x-request-id".parse().unwrap(),
                HeaderValue::from_str(&"a".repeat(9999)).unwrap(),
            )]),
        );
        assert_eq!(
            error.message().unwrap().chars().count(),
            LONGEST_MESSAGE + 1
        );
        assert_eq!(error.code().unwrap().chars().count(), LONGEST_NAME + 1);
        assert_eq!(
            error.request_id().unwrap().chars().count(),
            LONGEST_NAME + 1
        );
        assert!(error.to_string().len() < 3000 && format!("{error:?}").len() < 3000);
        check(&long, &format!(": {}…", "é".repeat(LONGEST_EXCERPT)));
    }

    #[test]
    fn a_secret_at_the_end_of_what_is_shown_is_redacted() {
        let before = "a".repeat(LONGEST_EXCERPT - 3);
        check(format!("{before}canary"), &format!(": {before}…"));
        // If the whole beginning is redacted, its end is not shown.
        let echoes = "canary".repeat(9999);
        let shown = "[redacted]".repeat(LONGEST_EXCERPT / 10);
        check(&echoes, &format!(": {shown}…"));
    }

    #[test]
    fn a_mark_is_shown_whole_or_not_at_all() {
        for before in LONGEST_EXCERPT - 12..=LONGEST_EXCERPT {
            let text = format!("{}canary", "x".repeat(before));
            let shown = show(&format!("{text}!"), &["canary".into()], LONGEST_EXCERPT);
            let rest = shown.trim_start_matches('x');
            assert!(
                matches!(rest, "…" | "[redacted]…" | "[redacted]!"),
                "{rest}"
            );
        }
    }

    #[test]
    fn an_echoed_secret_does_not_reach_any_part() {
        check("{\"message\": \"bad key canary\"}", ": bad key [redacted]");
        check("bad key can%61ry", ": bad key [redacted]");
        check(
            "{\"message\": \"bad key cana\\nry and \\\"cana\\\\nry\\\"\"}",
            ": bad key [redacted] and \"[redacted]\"",
        );
        check("<b>bad key</b>&#99;anary", ": bad key [redacted]");
        let id = HeaderValue::from_static("req-canary-7");
        let error = read(
            b"",
            HeaderMap::from_iter([("x-request-id".parse().unwrap(), id)]),
        );
        assert_eq!(error.request_id(), Some("req-[redacted]-7"));
    }

    #[test]
    fn characters_that_steer_are_escaped() {
        check(
            "{\"message\": \"a\\u001b[31mb\\u0000\"}",
            ": a\\u{1b}[31mb\\u{0}",
        );
        check(
            "a\u{202e}b\u{2066}c\u{200f}d\u{2028}e\u{85}f",
            ": a\\u{202e}b\\u{2066}c\\u{200f}d\\u{2028}e\\u{85}f",
        );
        check("a\r\n\tb", ": a b");
    }
}
