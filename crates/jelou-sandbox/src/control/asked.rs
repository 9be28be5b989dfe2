//! Which part of a list is asked for: `?after=…&limit=…`.

use axum::{
    http::{StatusCode, Uri},
    response::Response,
};

use crate::contract::percent::decode_query;

use super::answers::refusal;

/// The largest `limit`, and the one that counts if none is given.
const LIMIT: usize = 1000;

/// A part of a list.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Asked {
    /// Only what comes behind this.
    pub(super) after: Option<String>,
    /// At most so many.
    pub(super) limit: usize,
}

impl Asked {
    pub(super) fn of(uri: &Uri) -> Result<Self, Box<Response>> {
        Self::parse(uri.query().unwrap_or_default()).map_err(|error| {
            let help = format!("ask with `?after=…&limit=…`; the limit is at most {LIMIT}");
            Box::new(refusal(StatusCode::BAD_REQUEST, &error, &help))
        })
    }

    /// What is asked for in a list that is numbered.
    pub(super) fn after_number(&self) -> Result<u64, Box<Response>> {
        let Some(after) = &self.after else {
            return Ok(0);
        };
        after.parse().map_err(|_| {
            Box::new(refusal(
                StatusCode::BAD_REQUEST,
                "`after` is not a number",
                "give the number of the last request that you know, or leave it out",
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
                _ => return Err("the query has a parameter besides `after` and `limit`".into()),
            };
            if known.is_some() {
                return Err(format!("the query has `{name}` twice"));
            }
        }
        let limit = match limit {
            Some(limit) => limit
                .parse()
                .ok()
                .filter(|limit| (1..=LIMIT).contains(limit))
                .ok_or("`limit` is not a number from 1 on")?,
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
        assert_eq!(Asked::parse(query), Ok(Asked { after, limit }), "{query}");
    }

    #[test]
    fn a_part_of_a_list_is_asked_for_by_its_predecessor_and_its_size() {
        check("", None, LIMIT);
        check("after=a%2Fb&limit=3", Some("a/b"), 3);
        check("limit=1000", None, 1000);
    }

    #[test]
    fn what_cannot_be_asked_for_is_refused() {
        for query in [
            "limit=0",
            "limit=1001",
            "limit=-1",
            "limit=",
            "limit=1&limit=1",
            "after=%",
            "before=1",
        ] {
            assert!(Asked::parse(query).is_err(), "{query}");
        }
    }
}
