//! Pagination of lists: `?after=…&limit=…`.

use axum::{
    http::{StatusCode, Uri},
    response::Response,
};

use crate::contract::percent::decode_query;

use super::responses::rejection;

/// The maximum and default `limit`.
const LIMIT: usize = 1000;

/// The requested page of a list.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct PageQuery {
    /// Only entries after this one.
    pub(super) after: Option<String>,
    /// At most this many entries.
    pub(super) limit: usize,
}

impl PageQuery {
    pub(super) fn of(uri: &Uri) -> Result<Self, Box<Response>> {
        Self::parse(uri.query().unwrap_or_default()).map_err(|error| {
            let help = format!("use `?after=…&limit=…`, with a limit of at most {LIMIT}");
            Box::new(rejection(StatusCode::BAD_REQUEST, &error, &help))
        })
    }

    /// `after` in a numbered list.
    pub(super) fn after_number(&self) -> Result<u64, Box<Response>> {
        let Some(after) = &self.after else {
            return Ok(0);
        };
        after.parse().map_err(|_| {
            Box::new(rejection(
                StatusCode::BAD_REQUEST,
                "`after` is not a number",
                "use the number of the last request you have seen, or omit it",
            ))
        })
    }

    fn parse(query: &str) -> Result<Self, String> {
        let pairs = decode_query(query).ok_or("the query is not percent-encoded UTF-8")?;
        let (mut after, mut limit) = (None, None);
        for (name, value) in pairs {
            let known = match &*name {
                "after" => after.replace(value.into_owned()),
                "limit" => limit.replace(value.into_owned()),
                _ => return Err("unknown query parameter; expected `after` or `limit`".into()),
            };
            if known.is_some() {
                return Err(format!("duplicate query parameter `{name}`"));
            }
        }
        let limit = match limit {
            Some(limit) => limit
                .parse()
                .ok()
                .filter(|limit| (1..=LIMIT).contains(limit))
                .ok_or("`limit` must be a positive integer")?,
            None => LIMIT,
        };
        Ok(Self { after, limit })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(query: &str, after: Option<&str>, limit: usize) {
        let after = after.map(str::to_owned);
        assert_eq!(
            PageQuery::parse(query),
            Ok(PageQuery { after, limit }),
            "{query}"
        );
    }

    #[test]
    fn a_page_is_requested_with_after_and_limit() {
        check("", None, LIMIT);
        check("after=a%2Fb&limit=3", Some("a/b"), 3);
        check("limit=1000", None, 1000);
    }

    #[test]
    fn an_invalid_query_is_rejected() {
        for query in [
            "limit=0",
            "limit=1001",
            "limit=-1",
            "limit=",
            "limit=1&limit=1",
            "after=%",
            "before=1",
        ] {
            assert!(PageQuery::parse(query).is_err(), "{query}");
        }
    }
}
