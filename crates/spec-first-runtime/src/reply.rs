//! Reads the value out of a response, whether bare or in an envelope.

mod answer;
mod envelope;
mod once;
mod outcome;
mod stream;

use std::fmt;
use std::ops::Deref;

use crate::sent::Sent;
use crate::{HttpResponse, Secret};

pub(crate) use answer::latin_1;
pub use answer::{Answer, Read, ReadResult};
pub use envelope::{Envelope, Marker};
pub use stream::ReplyStream;

/// The shape of a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Shape {
    /// The bare value.
    Flat,
    /// The value in an envelope.
    Enveloped,
    /// No value: the API reported success without a field of it, for example with HTTP status 204. Every field reads as absent.
    Absent,
}

/// A successful response: the value, whatever its [`Shape`], and the response as it was received.
///
/// It dereferences to the value.
#[derive(Clone)]
pub struct Reply<T> {
    value: T,
    shape: Shape,
    response: HttpResponse,
    /// What was sent, so that `Debug` shows no secret that the server echoes. `None` if nothing was.
    sent: Option<Sent>,
}

impl<T> Reply<T> {
    pub(crate) fn new(value: T, shape: Shape, response: HttpResponse, sent: Option<Sent>) -> Self {
        Self {
            value,
            shape,
            response,
            sent,
        }
    }

    /// The value alone, to move fields out of.
    pub fn into_value(self) -> T {
        self.value
    }

    /// The shape of the response.
    pub fn shape(&self) -> Shape {
        self.shape
    }

    /// Whether the response contains a field of the value. If not, the API reported success and nothing else: the operation was
    /// accepted, and every field reads as absent.
    pub fn has_value(&self) -> bool {
        self.shape != Shape::Absent
    }

    /// The JSON exactly as it was received, including unknown fields, but without a byte order mark. Empty if there was no body,
    /// which is possible only for a reply [without a value](Self::has_value).
    pub fn raw_json(&self) -> &str {
        answer::text(&self.response).unwrap_or_default()
    }

    /// The response as it was received: status, headers and body.
    pub fn response(&self) -> &HttpResponse {
        &self.response
    }
}

impl<T> Deref for Reply<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

/// Compares values, shapes and responses.
impl<T: PartialEq> PartialEq for Reply<T> {
    fn eq(&self, other: &Self) -> bool {
        (&self.value, self.shape, &self.response) == (&other.value, other.shape, &other.response)
    }
}

/// Shows the value with the secrets that were sent redacted.
impl<T: fmt::Debug> fmt::Debug for Reply<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = if formatter.alternate() {
            format!("{:#?}", self.value)
        } else {
            format!("{:?}", self.value)
        };
        let secrets = self.sent.as_ref().map(Sent::secrets);
        let value = Secret::redact_all(&secrets.unwrap_or_default(), &value);
        formatter
            .debug_struct("Reply")
            .field("value", &format_args!("{value}"))
            .field("shape", &self.shape)
            .field("response", &self.response)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::call::read;
    use crate::sample::{API, Item, Update};
    use crate::{Credentials, Error};

    fn from_response(response: HttpResponse) -> Result<Reply<Item>, Error> {
        Update::read(response)
    }

    #[test]
    fn debug_shows_the_value_and_no_secret_that_the_server_echoes() {
        let sent = Sent {
            api: &API,
            credentials: Arc::new(Credentials::api_key("canary")),
            body: br#"{"authorization":"hunter2"}"#.to_vec().into(),
            is_secret_body: false,
            others: Vec::new(),
        };
        let body =
            r#"{"id":"ITEM_ID","authType":"canary","webhookUrl":"https://a.example/?hunter%32"}"#;
        let reply = read::<Update>(HttpResponse::new(200, body), Some(sent), false).unwrap();
        for shown in [format!("{reply:?}"), format!("{reply:#?}")] {
            assert!(
                shown.contains("ITEM_ID") && shown.contains("shape: Flat"),
                "{shown}"
            );
            assert!(shown.contains("https://a.example/?[redacted]"), "{shown}");
            assert!(!shown.contains("canary"), "{shown}");
        }
        assert_eq!(reply, reply.clone());
        let other = HttpResponse::new(200, r#"{"id":"ITEM_ID"}"#);
        assert_ne!(reply, from_response(other).unwrap());
    }

    #[derive(Debug, PartialEq, serde::Deserialize)]
    struct Counts {
        map: std::collections::BTreeMap<String, Vec<i64>>,
    }

    fn counts(body: &str) -> ReadResult<Counts> {
        let sent = Sent {
            api: &API,
            credentials: Arc::new(Credentials::api_key("canary")),
            body: Vec::new().into(),
            is_secret_body: false,
            others: Vec::new(),
        };
        let response = HttpResponse::new(200, body);
        Answer::new(&response, &API, Some(&sent), false).json()
    }

    #[test]
    fn a_whole_number_is_an_integer_however_it_is_written() {
        let read = counts(r#"{"map":{"a":[1.0,2e1,3]},"unknown":1.5}"#).unwrap();
        assert_eq!(read.value.map["a"], [1, 20, 3]);
        let response = HttpResponse::new(200, r#"{"data":{"map":{"a":[1.0]}},"status":1}"#);
        let answer = Answer::new(&response, &API, None, false);
        let read = answer.enveloped::<Counts>(&crate::sample::ENVELOPE, None);
        assert_eq!(read.unwrap().value.map["a"], [1]);
    }

    #[track_caller]
    fn check_enveloped<T>(body: &str, expected: Option<(T, Shape)>)
    where
        T: serde::de::DeserializeOwned + fmt::Debug + PartialEq,
    {
        let response = HttpResponse::new(200, body);
        let answer = Answer::new(&response, &API, None, false);
        let read = answer.enveloped::<T>(&crate::sample::ENVELOPE, None).ok();
        assert_eq!(
            read.map(|read| (read.value, read.shape)),
            expected,
            "{body}"
        );
    }

    #[test]
    fn an_envelope_has_a_value_of_any_type() {
        use std::collections::BTreeMap;

        fn enveloped<T>(value: T) -> Option<(T, Shape)> {
            Some((value, Shape::Enveloped))
        }
        check_enveloped(r#"{"status":1,"data":[1,2]}"#, enveloped(vec![1, 2]));
        check_enveloped(r#"{"status":1,"data":[]}"#, enveloped(Vec::<u8>::new()));
        check_enveloped(r#"{"data":"a"}"#, enveloped("a".to_owned()));
        check_enveloped(r#"{"status":1,"data":null}"#, enveloped(None::<Vec<u8>>));
        let map = BTreeMap::from([("a".to_owned(), 1)]);
        check_enveloped(r#"{"data":{"a":1},"status":1}"#, enveloped(map.clone()));
        check_enveloped(
            r#"{"data":{"a":1},"status":0}"#,
            None::<(BTreeMap<String, u8>, _)>,
        );
        check_enveloped("[1]", Some((vec![1], Shape::Flat)));
        check_enveloped(r#"{"a":1}"#, Some((map, Shape::Flat)));
        // Nothing but a report.
        check_enveloped(r#"{"status":1}"#, None::<(BTreeMap<String, u8>, _)>);
        check_enveloped("{}", None::<(BTreeMap<String, u8>, _)>);
    }

    #[test]
    fn any_json_is_a_value_if_the_document_allows_anything() {
        let read = |body: &str| {
            let response = HttpResponse::new(201, body);
            let answer = Answer::new(&response, &API, None, false);
            let read = answer.anything::<serde_json::Value>(&[]).unwrap();
            (read.value, read.shape)
        };
        assert_eq!(read(r#""id-123""#), ("id-123".into(), Shape::Flat));
        assert_eq!(read("42"), (42.into(), Shape::Flat));
        assert_eq!(read("Created"), (().into(), Shape::Absent));
        assert_eq!(read(" "), (().into(), Shape::Absent));
    }

    #[test]
    fn text_has_the_character_encoding_of_its_media_type() {
        let read = |media_type| {
            let response = HttpResponse::new(200, b"caf\xe9");
            let response = response.with_header("content-type", media_type).unwrap();
            let text = Answer::new(&response, &API, None, false).text();
            text.map(|read| read.value).ok()
        };
        assert_eq!(
            read("text/csv; Charset=\"ISO-8859-1\"").as_deref(),
            Some("café")
        );
        assert_eq!(read("text/csv; charset=utf-8"), None);
    }

    #[test]
    fn what_cannot_be_read_is_named_by_its_whole_path() {
        let path = |body| match counts(body).unwrap_err() {
            Error::UnreadableReply { path, .. } => path,
            error => panic!("{error:?}"),
        };
        assert_eq!(path(r#"{"map":{"a":[1,1.5]}}"#), "map.a[1]");
        // It fits into no `i64`, and no other number is read in its place.
        let large = r#"{"map":{"a":[1,9223372036854775808]}}"#;
        assert_eq!(path(large), "map.a[1]");
        let error = counts(large).unwrap_err();
        assert_eq!(error.response().unwrap().body(), large.as_bytes());
        assert_eq!(path(r#"{"map":{"canary":[""]}}"#), "map.[redacted][0]");
        assert_eq!(path(r#"{"map":{"\u001b":[""]}}"#), "map.\\u{1b}[0]");
        assert_eq!(path("7"), ".");
    }

    #[test]
    fn an_object_is_an_envelope_only_if_the_document_says_so() {
        #[derive(Debug, Default, PartialEq, serde::Deserialize)]
        struct Bare {
            data: Option<String>,
            status: Option<i64>,
        }
        let response = HttpResponse::new(200, r#"{"data":"a","status":0,"error":"none"}"#);
        let read = Answer::new(&response, &API, None, false)
            .json::<Bare>()
            .unwrap();
        assert_eq!(read.shape, Shape::Flat);
        assert_eq!(read.value.data.as_deref(), Some("a"));

        let error = from_response(response).unwrap_err();
        assert!(matches!(error, Error::Api(_)), "{error:?}");
    }

    #[test]
    fn only_an_answer_that_says_success_is_one() {
        for (status, is_success) in [(199, false), (200, true), (299, true), (300, false)] {
            let result = from_response(HttpResponse::new(status, r#"{"id":"ITEM_ID"}"#));
            assert_eq!(result.is_ok(), is_success, "{status}");
        }
    }

    #[test]
    fn a_content_encoding_is_blamed_only_for_what_cannot_be_read() {
        let read = |body: &[u8]| {
            let mut response = HttpResponse::new(200, body);
            let encoding = http::HeaderValue::from_static("br");
            response
                .headers
                .insert(http::header::CONTENT_ENCODING, encoding);
            from_response(response)
        };
        for body in [b"\x0b\x01\x80\x03".as_slice(), b"no"] {
            let error = read(body).unwrap_err();
            let cause = std::error::Error::source(&error).unwrap().to_string();
            assert_eq!(
                cause,
                "the body has the content encoding `br`, which is not supported"
            );
        }
        read(br#"{"id":"ITEM_ID"}"#).unwrap();
    }
}
