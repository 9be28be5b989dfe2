//! The kinds of fault and their syntax.

use std::fmt;

use axum::http::{HeaderValue, StatusCode};

use super::fault::UnknownFault;

/// The maximum of [`Kind::Oversize`], in mebibytes.
const LARGEST: u64 = 1024;

/// What goes wrong.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Kind {
    Status(StatusCode),
    Html(StatusCode),
    Redirect(HeaderValue),
    Reset(Point),
    Close(Point),
    Stall(Point),
    Truncated(Framing),
    Oversize(u64),
    ContentType(HeaderValue),
    Empty,
    NotJson,
    InvalidUtf8,
    Compressed,
    Mixed,
    UnknownEnum,
    Null(String),
}

/// When the connection fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Point {
    /// Before the first byte of the response.
    Before,
    /// After the first half of the body.
    Middle,
}

/// How the length of a body is announced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Framing {
    ContentLength,
    Chunked,
}

impl Kind {
    pub(super) fn parse(name: &str, value: Option<&str>) -> Result<Self, UnknownFault> {
        let wrong = |expected: &str| UnknownFault::value(name, expected);
        let status = |from: u16| {
            let status = value
                .and_then(|value| value.parse().ok())
                .filter(|status| *status >= from);
            let status = status.and_then(|status| StatusCode::from_u16(status).ok());
            status.ok_or_else(|| wrong(&format!("a status from {from} to 999")))
        };
        let point = || match value {
            None | Some("before") => Ok(Point::Before),
            Some("middle") => Ok(Point::Middle),
            Some(_) => Err(wrong("`before` or `middle`")),
        };
        let header = |expected: &str| {
            let value = value.filter(|value| !value.is_empty());
            let header = value.and_then(|value| HeaderValue::from_str(value).ok());
            header.ok_or_else(|| wrong(expected))
        };
        let alone = |kind: Self| match value {
            None => Ok(kind),
            Some(_) => Err(wrong("no value")),
        };
        match name {
            "status" => Ok(Self::Status(status(200)?)),
            "html" if value.is_none() => Ok(Self::Html(StatusCode::BAD_GATEWAY)),
            "html" => Ok(Self::Html(status(200)?)),
            "redirect" => Ok(Self::Redirect(header("the URL to redirect to")?)),
            "reset" => Ok(Self::Reset(point()?)),
            "close" => Ok(Self::Close(point()?)),
            "stall" => Ok(Self::Stall(point()?)),
            "truncated" => match value {
                None => Ok(Self::Truncated(Framing::ContentLength)),
                Some("chunked") => Ok(Self::Truncated(Framing::Chunked)),
                Some(_) => Err(wrong("`chunked`, or no value")),
            },
            "oversize" => {
                let expected = || wrong(&format!("a number of mebibytes from 1 to {LARGEST}"));
                let size = value.and_then(|value| value.parse().ok());
                let size = size.filter(|size| (1..=LARGEST).contains(size));
                Ok(Self::Oversize(size.ok_or_else(expected)?))
            }
            "content-type" => Ok(Self::ContentType(header("a media type")?)),
            "empty" => alone(Self::Empty),
            "not-json" => alone(Self::NotJson),
            "invalid-utf8" => alone(Self::InvalidUtf8),
            "compressed" => alone(Self::Compressed),
            "mixed" => alone(Self::Mixed),
            "unknown-enum" => alone(Self::UnknownEnum),
            "null" => match value {
                Some(field) if !field.is_empty() => Ok(Self::Null(field.to_owned())),
                _ => Err(wrong("the name of a field")),
            },
            _ => Err(UnknownFault::word(name)),
        }
    }

    /// Whether something in front of the API responds, such as a proxy.
    pub(super) fn answers_itself(&self) -> bool {
        matches!(self, Self::Status(_) | Self::Html(_) | Self::Redirect(_))
    }

    /// Whether it alters a response, and so needs one.
    pub(super) fn needs_answer(&self) -> bool {
        match self {
            Self::Status(_)
            | Self::Html(_)
            | Self::Redirect(_)
            | Self::Empty
            | Self::InvalidUtf8 => false,
            Self::Reset(point) | Self::Close(point) | Self::Stall(point) => *point == Point::Middle,
            Self::Truncated(_)
            | Self::Oversize(_)
            | Self::ContentType(_)
            | Self::NotJson
            | Self::Compressed
            | Self::Mixed
            | Self::UnknownEnum
            | Self::Null(_) => true,
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        match self {
            Self::Status(status) => write!(formatter, "status={}", status.as_u16()),
            Self::Html(status) => write!(formatter, "html={}", status.as_u16()),
            Self::Redirect(url) => write!(formatter, "redirect={}", text(url)),
            Self::Reset(point) => write!(formatter, "reset={point}"),
            Self::Close(point) => write!(formatter, "close={point}"),
            Self::Stall(point) => write!(formatter, "stall={point}"),
            Self::Truncated(Framing::ContentLength) => formatter.write_str("truncated"),
            Self::Truncated(Framing::Chunked) => formatter.write_str("truncated=chunked"),
            Self::Oversize(size) => write!(formatter, "oversize={size}"),
            Self::ContentType(value) => write!(formatter, "content-type={}", text(value)),
            Self::Empty => formatter.write_str("empty"),
            Self::NotJson => formatter.write_str("not-json"),
            Self::InvalidUtf8 => formatter.write_str("invalid-utf8"),
            Self::Compressed => formatter.write_str("compressed"),
            Self::Mixed => formatter.write_str("mixed"),
            Self::UnknownEnum => formatter.write_str("unknown-enum"),
            Self::Null(field) => write!(formatter, "null={field}"),
        }
    }
}

impl fmt::Display for Point {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Before => "before",
            Self::Middle => "middle",
        })
    }
}
