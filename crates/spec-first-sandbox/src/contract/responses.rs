//! The documented responses of an operation: which one to send, and whether a response conforms to them.

mod headers;
pub(crate) mod judgement;
mod matching;
#[cfg(test)]
mod tests;

use std::{collections::HashMap, sync::Arc};

use axum::http::{HeaderName, HeaderValue, StatusCode};
use serde_json::Value;
use spec_first_document::{Document, Pointer};

use crate::{
    Flaw,
    contract::{
        answer::{Answer, Payload},
        example::{Example, Media},
        expression::Exchanged,
        negotiation::{ANYTHING, Accept},
        parameters::Parameter,
        place::Place,
        validation::Schemas,
    },
};

use matching::Matching;

/// The responses of an operation, in document order.
#[derive(Debug)]
pub(crate) struct Responses(Vec<(Statuses, Arc<Response>)>);

/// The responses read so far: most operations share their error responses.
pub(crate) type KnownResponses = HashMap<Pointer, Arc<Response>>;

#[derive(Debug)]
pub(crate) struct Response {
    media: Vec<Media>,
    /// The documented headers, with the values of their examples.
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
    /// Whether the document describes an `ETag`.
    pub(crate) describes_etag: bool,
    /// The examples for certain requests.
    matching: Vec<Matching>,
    /// The documented headers, if those of a real server are judged.
    judged_headers: Vec<Parameter>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Statuses {
    One(StatusCode),
    /// All statuses that start with this digit.
    Hundred(u16),
    Default,
}

/// Which example to send.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wanted<'a> {
    pub(crate) accept: &'a Accept,
    /// The name of the example.
    pub(crate) name: Option<&'a str>,
    /// Whether no other example will do.
    pub(crate) only_this_name: bool,
}

impl Wanted<'_> {
    /// Any example, whatever the client accepts.
    pub(crate) fn any() -> Self {
        Self {
            accept: &ANYTHING,
            name: None,
            only_this_name: false,
        }
    }
}

/// Why there is no response to send.
#[derive(Debug)]
pub(crate) enum Unanswerable {
    /// The document defines no response with this status, only these.
    Status(Vec<String>),
    /// The document defines no success response, only these.
    Success(Vec<String>),
    /// The client accepts none of these media types.
    Accept(Vec<String>),
    /// There is no example with this name, only these.
    Name(Vec<String>),
    /// The example with this name does not conform, for the reason; only these do.
    Nonconforming(String, Vec<String>),
    /// There is no example, and none can be generated.
    Example(String),
}

impl Responses {
    pub(crate) fn of(
        document: &Arc<Document>,
        schemas: &mut Schemas,
        known: &mut KnownResponses,
        operation: &Place<'_>,
        flaws: &mut Vec<Flaw>,
    ) -> Self {
        let mut responses = Vec::new();
        let entries = operation.entries_of("responses");
        let describes_success = entries.iter().any(|(key, _)| key.starts_with('2'));
        for (key, written) in entries {
            if key.starts_with("x-") {
                continue;
            }
            let Some(statuses) = Statuses::parse(key) else {
                flaws.push(written.flaw(
                    "this response is never sent: its key is not a status code",
                    "use a status code, a range such as `4XX`, or `default`",
                ));
                continue;
            };
            let Some(place) = written.resolve() else {
                continue;
            };
            let response = known.entry(place.pointer.clone()).or_insert_with(|| {
                let mut response = Response::of(document, schemas, &place, flaws);
                let is_failure = key.starts_with(['4', '5'])
                    || statuses == Statuses::Default && describes_success;
                for media in &mut response.media {
                    media.is_failure = is_failure;
                }
                Arc::new(response)
            });
            responses.push((statuses, Arc::clone(response)));
        }
        Self(responses)
    }

    /// Whether the document defines a response with this status.
    pub(crate) fn describe(&self, status: StatusCode) -> bool {
        self.find(status).is_some()
    }

    /// An example of the first success response that has one or for which one can be generated.
    pub(crate) fn success(&self, wanted: Wanted<'_>) -> Result<Answer, Unanswerable> {
        let mut unanswerable = None;
        for (status, response) in self.successes() {
            match response.answer(status, wanted) {
                Ok(answer) => return Ok(answer),
                Err(reason) => _ = unanswerable.get_or_insert(reason),
            }
        }
        Err(unanswerable.unwrap_or_else(|| Unanswerable::Success(self.keys())))
    }

    /// The first example that the document gives for such a request.
    pub(crate) fn matching(&self, exchanged: Exchanged<'_>, accept: &Accept) -> Option<Answer> {
        self.0.iter().find_map(|(statuses, response)| {
            let mut matching = response.matching.iter();
            let found = matching.find(|matching| matching.is_met(exchanged))?;
            let status = match statuses {
                Statuses::One(status) => *status,
                Statuses::Hundred(digit) => StatusCode::from_u16(digit * 100).ok()?,
                Statuses::Default => StatusCode::INTERNAL_SERVER_ERROR,
            };
            let wanted = Wanted {
                accept,
                name: Some(&found.name),
                only_this_name: true,
            };
            response.answer(status, wanted).ok()
        })
    }

    /// An example of the response with this status.
    pub(crate) fn example(
        &self,
        status: StatusCode,
        wanted: Wanted<'_>,
    ) -> Result<Answer, Unanswerable> {
        let response = self.find(status);
        let response = response.ok_or_else(|| Unanswerable::Status(self.keys()))?;
        response.answer(status, wanted)
    }

    /// Fails if the client accepts no media type of the success response.
    pub(crate) fn accept(&self, accept: &Accept) -> Result<(), Unanswerable> {
        let Some((_, response)) = self.successes().next() else {
            return Ok(());
        };
        let mut media = response.media.iter();
        if response.media.is_empty() || media.any(|media| accept.quality(&media.essence) > 0) {
            return Ok(());
        }
        Err(Unanswerable::Accept(response.media_types()))
    }

    /// The answer with a value in the media type that the client prefers: as JSON or XML, or else an example.
    pub(crate) fn write(&self, status: StatusCode, value: Value, accept: &Accept) -> Answer {
        let preferred = self.find(status).and_then(|it| it.preferred(accept));
        let example = match preferred {
            Some(media) if !media.is_json => media.written(value.clone()),
            _ => None,
        };
        match example {
            Some(example) => Answer {
                headers: example.headers(accept),
                ..Answer::new(status, Payload::Example(example))
            },
            None => Answer {
                content_type: preferred.and_then(|media| media.content_type.clone()),
                ..Answer::new(status, Payload::of(value))
            },
        }
    }

    /// Why a response does not conform to the document; `None` if it does, or if the document does not say.
    pub(crate) fn problem(&self, answer: &Answer) -> Option<String> {
        match &answer.payload {
            Payload::Example(example) => example.problem(),
            Payload::Json(_) => self.problem_of(answer.status, answer.payload.json()?),
            Payload::Empty | Payload::Text(_) | Payload::Passed(..) => None,
        }
    }

    /// Why a response in JSON does not conform to the document.
    pub(crate) fn problem_of(&self, status: StatusCode, value: &Value) -> Option<String> {
        let media = &self.find(status)?.media;
        let Some(media) = media.iter().find(|media| media.is_json) else {
            return (!media.is_empty()).then(|| "its body must not be JSON".to_owned());
        };
        media.problem(value)
    }

    /// The success response with this status, or the most likely one.
    pub(crate) fn success_like(&self, status: StatusCode) -> Option<(StatusCode, &Arc<Response>)> {
        let mut named = self.successes().filter(|(known, _)| *known == status);
        named.next().or_else(|| self.successes().next())
    }

    /// Whether the document names this status.
    pub(crate) fn names(&self, status: StatusCode) -> bool {
        let mut keys = self.0.iter().map(|(statuses, _)| statuses);
        keys.any(|statuses| *statuses == Statuses::One(status))
    }

    /// The success responses, most likely first. `default` means failure if a success response is defined alongside it.
    pub(crate) fn successes(&self) -> impl Iterator<Item = (StatusCode, &Arc<Response>)> {
        let classes = [
            |statuses| match statuses {
                Statuses::One(status) => Some(status).filter(StatusCode::is_success),
                _ => None,
            },
            |statuses| (statuses == Statuses::Hundred(2)).then_some(StatusCode::OK),
            |statuses| match statuses {
                Statuses::One(status) => Some(status).filter(StatusCode::is_redirection),
                _ => None,
            },
            |statuses| (statuses == Statuses::Default).then_some(StatusCode::OK),
        ];
        let responses = &self.0;
        let describes_success = responses.iter().any(|(statuses, _)| match statuses {
            Statuses::One(status) => status.is_success(),
            Statuses::Hundred(digit) => *digit == 2,
            Statuses::Default => false,
        });
        classes.into_iter().flat_map(move |status_of| {
            let responses = responses.iter();
            responses
                .filter(move |(statuses, _)| !describes_success || *statuses != Statuses::Default)
                .filter_map(move |(statuses, response)| Some((status_of(*statuses)?, response)))
        })
    }

    /// The schema of the body in JSON of the response with this status.
    pub(crate) fn json_schema(&self, status: StatusCode) -> Option<Place<'_>> {
        self.find(status)?.json_schema()
    }

    /// The documented JSON media type of the response with this status.
    pub(crate) fn json_type(&self, status: StatusCode) -> Option<&HeaderValue> {
        let mut media = self.find(status)?.media.iter();
        media.find(|media| media.is_json)?.content_type.as_ref()
    }

    /// The JSON examples of the response with this status.
    pub(crate) fn json_examples(&self, status: StatusCode) -> impl Iterator<Item = &Value> {
        let media = self
            .find(status)
            .map_or(&[][..], |response| &response.media);
        media
            .iter()
            .flat_map(Media::examples)
            .filter_map(Example::json)
    }

    /// The names of the examples.
    pub(crate) fn example_names(&self) -> impl Iterator<Item = &str> {
        let media = self.0.iter().flat_map(|(_, response)| &response.media);
        media.flat_map(|media| media.names(false))
    }

    fn find(&self, status: StatusCode) -> Option<&Response> {
        self.find_with_key(status).map(|(_, response)| response)
    }

    fn find_with_key(&self, status: StatusCode) -> Option<(Statuses, &Response)> {
        let hundred = Statuses::Hundred(status.as_u16() / 100);
        [Statuses::One(status), hundred, Statuses::Default]
            .into_iter()
            .find_map(|wanted| {
                let mut responses = self.0.iter();
                let found = responses.find(|(statuses, _)| *statuses == wanted);
                found.map(|(statuses, response)| (*statuses, &**response))
            })
    }

    fn keys(&self) -> Vec<String> {
        self.0
            .iter()
            .map(|(statuses, _)| statuses.to_string())
            .collect()
    }
}

impl Response {
    fn of(
        document: &Arc<Document>,
        schemas: &mut Schemas,
        place: &Place<'_>,
        flaws: &mut Vec<Flaw>,
    ) -> Self {
        let content = place.entries_of("content").into_iter();
        let mut media: Vec<_> = content
            .map(|(media_type, place)| Media::of(document, schemas, media_type, &place))
            .collect();
        let described = place.entries_of("headers");
        let mut described = described.iter();
        let describes_etag = described.any(|(name, _)| name.eq_ignore_ascii_case("etag"));
        // JSON first: most clients read it, so it is the default. A range does not describe a type that is listed, too.
        media.sort_by_key(|media| (!media.is_json, media.essence.contains('*')));
        Self {
            media,
            headers: headers::read(place, schemas.seed),
            describes_etag,
            matching: Matching::all_of(place, flaws),
            judged_headers: headers::judged(place, schemas),
        }
    }

    pub(crate) fn has_body(&self) -> bool {
        !self.media.is_empty()
    }

    /// The content in which a value is written for a client that accepts this.
    fn preferred(&self, accept: &Accept) -> Option<&Media> {
        let media = self.media.iter().rev();
        let accepted = media.filter(|media| accept.quality(&media.essence) > 0);
        accepted.max_by_key(|media| accept.quality(&media.essence))
    }

    /// The subtype of what is sent to a client that accepts this, unless it is JSON.
    pub(crate) fn subtype(&self, accept: &Accept) -> Option<&str> {
        let preferred = self.preferred(accept).filter(|media| !media.is_json)?;
        preferred
            .essence
            .split_once('/')
            .map(|(_, subtype)| subtype)
    }

    /// Whether the body may be any JSON.
    pub(crate) fn is_undescribed(&self) -> bool {
        self.json()
            .is_some_and(|media| media.schema_place().is_none())
    }

    /// The schema of the body in JSON.
    pub(crate) fn json_schema(&self) -> Option<Place<'_>> {
        self.json()?.schema_place()
    }

    /// The body in JSON that is sent without state.
    pub(crate) fn json_example(&self) -> Option<&Value> {
        self.json()?.conforming().ok()?.json()
    }

    /// The bodies in JSON that the document gives as examples and that conform to it.
    pub(crate) fn json_examples_given(&self) -> impl Iterator<Item = &Value> {
        let examples = self.json().into_iter().flat_map(Media::examples);
        let conforming = examples.filter(|example| example.problem().is_none());
        conforming.filter_map(Example::json)
    }

    fn json(&self) -> Option<&Media> {
        self.media.iter().find(|media| media.is_json)
    }

    fn answer(&self, status: StatusCode, wanted: Wanted<'_>) -> Result<Answer, Unanswerable> {
        let has_no_body = matches!(
            status,
            StatusCode::NO_CONTENT | StatusCode::RESET_CONTENT | StatusCode::NOT_MODIFIED
        );
        let mut answer = match has_no_body || self.media.is_empty() {
            true if wanted.only_this_name => return Err(Unanswerable::Name(Vec::new())),
            true => Answer::new(status, Payload::Empty),
            false => {
                let example = self.choose(wanted)?;
                let mut answer = Answer::new(status, Payload::Example(example.clone()));
                answer.headers = example.headers(wanted.accept);
                answer
            }
        };
        answer.headers.extend(self.headers.iter().cloned());
        Ok(answer)
    }

    fn choose(&self, wanted: Wanted<'_>) -> Result<&Example, Unanswerable> {
        let quality = |media: &&Media| wanted.accept.quality(&media.essence);
        let mut accepted: Vec<&Media> = self
            .media
            .iter()
            .filter(|media| quality(media) > 0)
            .collect();
        if accepted.is_empty() {
            return Err(Unanswerable::Accept(self.media_types()));
        }
        // What is in a range that was asked for, before a range that includes it.
        accepted.sort_by_key(|media| {
            let precision = match media.essence.as_str() {
                essence if wanted.accept.includes(essence) => 2,
                "*/*" => 0,
                _ => 1,
            };
            std::cmp::Reverse((quality(media), precision))
        });
        if let Some(name) = wanted.name.filter(|_| wanted.only_this_name) {
            let named = accepted.iter().find_map(|media| media.named(name));
            let problem = named.map(Example::problem);
            let names = |is_conforming: bool| {
                let names = accepted.iter().flat_map(|media| media.names(is_conforming));
                names.map(str::to_owned).collect()
            };
            return match (named, problem.flatten()) {
                (Some(named), None) => Ok(named),
                (Some(_), Some(problem)) => Err(Unanswerable::Nonconforming(problem, names(true))),
                (None, _) => Err(Unanswerable::Name(names(false))),
            };
        }
        let mut reason = None;
        for media in accepted {
            let named = wanted.name.and_then(|name| media.named(name));
            let named = named.filter(|example| example.problem().is_none());
            match named.map_or_else(|| media.conforming(), Ok) {
                Ok(example) => return Ok(example),
                Err(problem) => _ = reason.get_or_insert_with(|| problem.to_owned()),
            }
        }
        Err(Unanswerable::Example(reason.unwrap_or_default()))
    }

    fn media_types(&self) -> Vec<String> {
        self.media
            .iter()
            .map(|media| media.essence.clone())
            .collect()
    }
}

impl Statuses {
    fn parse(key: &str) -> Option<Self> {
        if key == "default" {
            return Some(Self::Default);
        }
        if let Some(digit) = key.strip_suffix("XX").or_else(|| key.strip_suffix("xx")) {
            let digit = digit.parse().ok()?;
            return (1..=5).contains(&digit).then_some(Self::Hundred(digit));
        }
        StatusCode::from_bytes(key.as_bytes()).ok().map(Self::One)
    }
}

impl std::fmt::Display for Statuses {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::One(status) => write!(formatter, "{}", status.as_u16()),
            Self::Hundred(digit) => write!(formatter, "{digit}XX"),
            Self::Default => formatter.write_str("default"),
        }
    }
}
