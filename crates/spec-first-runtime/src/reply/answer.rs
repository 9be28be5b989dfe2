//! A response with a status of success, and the ways to read it.

use bytes::Bytes;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use super::once::{self, Found};
use super::outcome::{Outcome, reports_outcome};
use super::{Envelope, Marker, Shape};
use crate::call::includes;
use crate::error::{LONGEST_NAME, show};
use crate::members::{Members, Value};
use crate::sent::Sent;
use crate::whole_numbers::with_integers;
use crate::{Api, ApiError, Error, HttpResponse, content_encoding};

/// A response with a status of success, for generated code to read.
#[derive(Debug)]
pub struct Answer<'a> {
    response: &'a HttpResponse,
    api: &'static Api,
    sent: Option<&'a Sent>,
    may_have_been_applied_before: bool,
}

/// What was read, and the shape that it had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Read<T> {
    pub(crate) value: T,
    pub(crate) shape: Shape,
}

/// What was read, or why it cannot be.
pub type ReadResult<T> = Result<Read<T>, Error>;

impl<T> Read<T> {
    /// Puts the value into another, such as the variant of its status.
    pub fn map<U>(self, map: impl FnOnce(T) -> U) -> Read<U> {
        Read {
            value: map(self.value),
            shape: self.shape,
        }
    }

    fn flat(value: T) -> Self {
        Self {
            value,
            shape: Shape::Flat,
        }
    }

    fn absent(value: T) -> Self {
        Self {
            value,
            shape: Shape::Absent,
        }
    }
}

impl<'a> Answer<'a> {
    pub(crate) fn new(
        response: &'a HttpResponse,
        api: &'static Api,
        sent: Option<&'a Sent>,
        may_have_been_applied_before: bool,
    ) -> Self {
        Self {
            response,
            api,
            sent,
            may_have_been_applied_before,
        }
    }

    /// The status.
    pub fn status(&self) -> u16 {
        self.response.status
    }

    /// Whether the media type is in `range`, such as `text/csv` or `image/*`, whatever its parameters.
    pub fn is(&self, range: &str) -> bool {
        let sent = self.response.header("content-type").unwrap_or_default();
        std::str::from_utf8(sent).is_ok_and(|sent| includes(range, sent))
    }

    /// Nothing, whatever the body is.
    ///
    /// # Errors
    /// None.
    pub fn nothing(&self) -> ReadResult<()> {
        Ok(Read::absent(()))
    }

    /// The body.
    ///
    /// # Errors
    /// None.
    pub fn bytes(&self) -> ReadResult<Bytes> {
        Ok(Read::flat(self.response.body.clone()))
    }

    /// The body as text: UTF-8, or ISO-8859-1 if its media type says so.
    ///
    /// # Errors
    /// [`Error::UnreadableReply`] if it is not.
    pub fn text(&self) -> ReadResult<String> {
        match text(self.response) {
            Some(text) => Ok(Read::flat(text.to_owned())),
            None if self.is_latin_1() => Ok(Read::flat(latin_1(self.response.body()))),
            None => Err(self.not_text()),
        }
    }

    fn is_latin_1(&self) -> bool {
        let sent = self.response.header("content-type").unwrap_or_default();
        let sent = String::from_utf8_lossy(sent).to_ascii_lowercase();
        let mut parameters = sent.split(';').map(str::trim);
        content_encoding::problem(self.response).is_none()
            && parameters.any(|parameter| {
                let charset = parameter.strip_prefix("charset=").unwrap_or_default();
                ["iso-8859-1", "latin1"].contains(&charset.trim_matches('"'))
            })
    }

    /// The body as JSON.
    ///
    /// # Errors
    /// [`Error::UnreadableReply`].
    pub fn json<T: DeserializeOwned>(&self) -> ReadResult<T> {
        if let Some(Found { read: Ok(read), .. }) = self.once(None) {
            return Ok(read);
        }
        let (read, _) = read_value(self.whole()?);
        match read {
            Ok(value) => Ok(Read::flat(value)),
            Err(path) => Err(self.unreadable(&path, OTHER_TYPE)),
        }
    }

    /// The body as JSON, or the default of the type if a status other than 200 came without one.
    ///
    /// # Errors
    /// [`Error::UnreadableReply`].
    pub fn json_or_default<T: DeserializeOwned + Default>(&self) -> ReadResult<T> {
        match self.has_value() {
            true => self.json(),
            false => Ok(Read::absent(T::default())),
        }
    }

    /// The body as any JSON, for a response that the document does not describe; `null` if there is none. If it is an object, the
    /// members in `success` report whether it is one.
    ///
    /// # Errors
    /// [`Error::Api`] if a member reports a failure; [`Error::UnreadableReply`] if it is not JSON.
    pub fn anything<T: DeserializeOwned>(&self, success: &[(&str, Marker)]) -> ReadResult<T> {
        let is_absent = self.response.body.trim_ascii().is_empty()
            || !self.has_value() && self.whole().is_err();
        let whole = match is_absent {
            true => RawValue::NULL,
            false => self.whole()?,
        };
        let members = Members::of(whole);
        if members.is_some_and(|members| Outcome::of(&members, success) == Outcome::Failure) {
            return Err(self.failure());
        }
        let (read, _) = read_value(whole);
        let value = read.map_err(|path| self.unreadable(&path, OTHER_TYPE))?;
        Ok(match is_absent {
            true => Read::absent(value),
            false => Read::flat(value),
        })
    }

    /// The body as JSON, bare or in `envelope`. An object with the member that the envelope keeps the value in is an envelope;
    /// everything else is the value itself. A success that says nothing more is the value of `absent`, if there is one.
    ///
    /// # Errors
    /// [`Error::Api`] if a member of the envelope reports a failure, or nothing in the body says that anything was done;
    /// [`Error::UnreadableReply`].
    pub fn enveloped<T: DeserializeOwned>(
        &self,
        envelope: &Envelope,
        absent: Option<fn() -> T>,
    ) -> ReadResult<T> {
        let without_value = || match absent {
            Some(absent) => Ok(Read::absent(absent())),
            None => Err(self.unreadable(".", "it has no value")),
        };
        if !self.has_value() {
            return without_value();
        }
        let Found {
            read,
            has_known_member,
            outcome,
        } = match self.once(Some(envelope)) {
            Some(found) => found,
            None => self.by_member(envelope)?,
        };
        match read {
            _ if outcome == Outcome::Failure => Err(self.failure()),
            Ok(read) if has_known_member => Ok(read),
            // Nothing in it says that anything was done.
            Ok(_) if self.promises_value() && outcome == Outcome::Unsaid => Err(self.failure()),
            Ok(_) => without_value(),
            Err(path) => Err(self.unreadable(&path, OTHER_TYPE)),
        }
    }

    pub(crate) fn once<T: DeserializeOwned>(
        &self,
        envelope: Option<&Envelope>,
    ) -> Option<Found<T>> {
        once::read(text(self.response)?, envelope)
    }

    /// Reads what [`Self::once`] does not.
    #[cold]
    pub(crate) fn by_member<T: DeserializeOwned>(
        &self,
        envelope: &Envelope,
    ) -> Result<Found<T>, Error> {
        let whole = self.whole()?;
        let members = Members::of(whole);
        let members = members.as_ref();
        let outcome = members.map_or(Outcome::Unsaid, |members| {
            Outcome::of(members, envelope.success)
        });
        let wrapped = members.and_then(|members| members.get(envelope.value));
        let shape = match wrapped {
            Some(_) => Shape::Enveloped,
            None => Shape::Flat,
        };
        let (read, has_known_member) = read_value(wrapped.unwrap_or(whole));
        // Only structs have known members. Anything else is a value, unless it only reports the outcome.
        let has_known_member = has_known_member.unwrap_or_else(|| {
            let is_more = |members: &Members<'_>| {
                members
                    .iter()
                    .any(|(name, _)| !reports_outcome(name, envelope.success))
            };
            wrapped.is_some() || members.is_none_or(is_more)
        });
        let read = match read {
            Ok(value) => Ok(Read { value, shape }),
            Err(path) => Err(match (wrapped, path.as_str()) {
                (Some(_), ".") => envelope.value.to_owned(),
                (Some(_), items) if items.starts_with('[') => format!("{}{path}", envelope.value),
                (Some(_), _) => format!("{}.{path}", envelope.value),
                (None, _) => path,
            }),
        };
        Ok(Found {
            read,
            has_known_member,
            outcome,
        })
    }

    /// Of all successes, only 200 promises the result in its body (RFC 9110, 15.3.1).
    fn promises_value(&self) -> bool {
        self.status() == 200
    }

    fn has_value(&self) -> bool {
        self.promises_value()
            || text(self.response).is_some_and(|body| body.trim_start().starts_with(['{', '[']))
    }

    fn whole(&self) -> Result<&'a RawValue, Error> {
        let body = text(self.response).ok_or_else(|| self.not_text())?;
        serde_json::from_str(body).map_err(|error| {
            let problem = content_encoding::problem(self.response);
            self.unreadable(".", problem.unwrap_or_else(|| describe(&error)))
        })
    }

    #[cold]
    fn not_text(&self) -> Error {
        let problem = content_encoding::problem(self.response);
        self.unreadable(".", problem.unwrap_or_else(|| NOT_UTF_8.to_owned()))
    }

    /// The error that the response reports.
    #[cold]
    pub(crate) fn failure(&self) -> Error {
        let secrets = self.sent.map(Sent::secrets).unwrap_or_default();
        let response = self.response.clone();
        let before = self.may_have_been_applied_before;
        Error::Api(Box::new(ApiError::read(
            self.api, response, &secrets, before,
        )))
    }

    #[cold]
    fn unreadable(&self, path: &str, reason: impl Into<String>) -> Error {
        // Below a member, names may be the server's own, and echo what was sent.
        let secrets = self.sent.map(Sent::secrets).unwrap_or_default();
        Error::UnreadableReply {
            response: Box::new(self.response.clone()),
            path: show(path, &secrets, LONGEST_NAME),
            source: reason.into().into(),
        }
    }
}

/// The body, without the byte order mark that some servers put before their JSON; `None` if it is not UTF-8.
pub(super) fn text(response: &HttpResponse) -> Option<&str> {
    let body = std::str::from_utf8(response.body()).ok()?;
    Some(body.strip_prefix('\u{feff}').unwrap_or(body))
}

/// ISO-8859-1 as text: each byte is the character with its number.
pub(crate) fn latin_1(body: &[u8]) -> String {
    body.iter().copied().map(char::from).collect()
}

/// The value, or the path of what cannot be read, `.` for all of it; and whether the JSON has a member of the struct that was read,
/// if one was.
fn read_value<T: DeserializeOwned>(json: &RawValue) -> (Result<T, String>, Option<bool>) {
    let (read, has_known_member) = read_as_written(json);
    let rewritten = match &read {
        Ok(_) => None,
        Err(_) => with_integers(json.get().as_bytes()),
    };
    let rewritten = rewritten.and_then(|json| RawValue::from_string(json).ok());
    let reread = rewritten.and_then(|json| read_as_written(&json).0.ok());
    (reread.map_or(read, Ok), has_known_member)
}

fn read_as_written<T: DeserializeOwned>(json: &RawValue) -> (Result<T, String>, Option<bool>) {
    let value = Value::new(json);
    let read = serde_path_to_error::deserialize(&value).map_err(|error| error.path().to_string());
    (read, value.has_known_member())
}

const NOT_UTF_8: &str = "the text is not UTF-8";
/// Without the value that could not be read: a server may echo a secret there.
const OTHER_TYPE: &str = "a value is missing or has the wrong type";

/// What is wrong with a text that is not JSON.
fn describe(error: &serde_json::Error) -> String {
    let (line, column) = (error.line(), error.column());
    if error.is_eof() {
        format!("the JSON ends too early, at line {line} column {column}")
    } else {
        format!("this is not JSON, at line {line} column {column}")
    }
}
