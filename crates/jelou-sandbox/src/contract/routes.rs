//! Finds the path of the document that a request means. Does not know what an operation is.

use std::collections::HashMap;

use crate::contract::percent::decode_segment;

/// The path templates of a document as a tree of segments, so that the search does not grow with their number.
#[derive(Debug, Default)]
pub(crate) struct Routes {
    root: Branch,
    parameter_names: Vec<Vec<String>>,
}

#[derive(Debug, Default)]
struct Branch {
    literals: HashMap<String, Branch>,
    /// Longest text around the parameter first, so that the more specific template wins.
    parameters: Vec<ParameterBranch>,
    path: Option<usize>,
}

/// A segment with a parameter in it, and the text around the parameter: `{id}`, `{id}.json`.
#[derive(Debug)]
struct ParameterBranch {
    prefix: String,
    suffix: String,
    next: Branch,
}

/// A path of the document, and what the request has in the place of its parameters.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Match {
    /// Which path: the number that [`Routes::insert`] returned.
    pub(crate) path: usize,
    /// Name and decoded value of each path parameter.
    pub(crate) parameters: Vec<(String, String)>,
}

/// Why a template cannot be a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unroutable {
    /// Another template has the same form.
    Duplicate,
    /// A segment has more than one parameter, or braces that do not belong together.
    Segment,
}

/// The path of a request is not percent-encoded properly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct MalformedPath;

impl Routes {
    /// Adds a template and returns the number of its path; numbers count from zero.
    pub(crate) fn insert(&mut self, template: &str) -> Result<usize, Unroutable> {
        let mut names = Vec::new();
        let mut branch = &mut self.root;
        for segment in segments(template) {
            branch = match parse_segment(segment)? {
                None => {
                    let literal = decode_segment(segment).unwrap_or_else(|| segment.to_owned());
                    branch.literals.entry(literal).or_default()
                }
                Some((prefix, name, suffix)) => {
                    names.push(name.to_owned());
                    branch.parameter(prefix, suffix)
                }
            };
        }
        if branch.path.is_some() {
            return Err(Unroutable::Duplicate);
        }
        let path = self.parameter_names.len();
        branch.path = Some(path);
        self.parameter_names.push(names);
        Ok(path)
    }

    /// The path that `path` means. It is decoded segment by segment, so an encoded slash stays inside its segment.
    pub(crate) fn find(&self, path: &str) -> Result<Option<Match>, MalformedPath> {
        let decoded: Option<Vec<String>> = segments(path).map(decode_segment).collect();
        let decoded = decoded.ok_or(MalformedPath)?;
        let mut values = Vec::new();
        Ok(self.root.find(&decoded, &mut values).map(|path| Match {
            path,
            parameters: self.parameter_names[path]
                .iter()
                .cloned()
                .zip(values)
                .collect(),
        }))
    }
}

impl Branch {
    fn parameter(&mut self, prefix: &str, suffix: &str) -> &mut Branch {
        let known = self
            .parameters
            .iter()
            .position(|parameter| parameter.prefix == prefix && parameter.suffix == suffix);
        let index = known.unwrap_or_else(|| {
            let length = prefix.len() + suffix.len();
            let index = self
                .parameters
                .partition_point(|other| other.prefix.len() + other.suffix.len() >= length);
            let added = ParameterBranch {
                prefix: prefix.to_owned(),
                suffix: suffix.to_owned(),
                next: Branch::default(),
            };
            self.parameters.insert(index, added);
            index
        });
        &mut self.parameters[index].next
    }

    fn find(&self, segments: &[String], values: &mut Vec<String>) -> Option<usize> {
        let Some((segment, rest)) = segments.split_first() else {
            return self.path;
        };
        // OpenAPI 3.0: a path without parameters is matched before one with them.
        if let Some(path) = self
            .literals
            .get(segment)
            .and_then(|next| next.find(rest, values))
        {
            return Some(path);
        }
        for parameter in &self.parameters {
            let value = segment
                .strip_prefix(&parameter.prefix)
                .and_then(|value| value.strip_suffix(&parameter.suffix))
                .filter(|value| !value.is_empty());
            let Some(value) = value else { continue };
            values.push(value.to_owned());
            if let Some(path) = parameter.next.find(rest, values) {
                return Some(path);
            }
            values.pop();
        }
        None
    }
}

fn segments(path: &str) -> impl Iterator<Item = &str> {
    path.strip_prefix('/').unwrap_or(path).split('/')
}

/// The text before the parameter, its name, and the text after it; `None` if the segment has no parameter.
fn parse_segment(segment: &str) -> Result<Option<(&str, &str, &str)>, Unroutable> {
    let Some((prefix, rest)) = segment.split_once('{') else {
        return if segment.contains('}') {
            Err(Unroutable::Segment)
        } else {
            Ok(None)
        };
    };
    let (name, suffix) = rest.split_once('}').ok_or(Unroutable::Segment)?;
    if name.is_empty() || [prefix, name, suffix].concat().contains(['{', '}']) {
        return Err(Unroutable::Segment);
    }
    Ok(Some((prefix, name, suffix)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(path: &str, expected: Option<(usize, &[(&str, &str)])>) {
        let mut routes = Routes::default();
        for template in [
            "/api/pets",
            "/api/pets/{petId}",
            "/api/pets/mine",
            "/api/pets/{petId}/toys/{toyId}",
            "/api/pets/{name}.json",
        ] {
            routes.insert(template).unwrap();
        }
        let expected = expected.map(|(path, parameters)| Match {
            path,
            parameters: parameters
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
        });
        assert_eq!(routes.find(path), Ok(expected));
    }

    #[test]
    fn the_most_specific_template_wins() {
        check("/api/pets", Some((0, &[])));
        check("/api/pets/7", Some((1, &[("petId", "7")])));
        check("/api/pets/mine", Some((2, &[])));
        check("/api/pets/7.json", Some((4, &[("name", "7")])));
        check(
            "/api/pets/mine/toys/b",
            Some((3, &[("petId", "mine"), ("toyId", "b")])),
        );
    }

    #[test]
    fn an_encoded_slash_stays_inside_its_segment() {
        check("/api/pets/a%2Fb", Some((1, &[("petId", "a/b")])));
        check("/api/%70ets", Some((0, &[])));
    }

    #[test]
    fn what_no_template_describes_is_not_found() {
        for path in [
            "",
            "/",
            "*",
            "/api",
            "/api/pets/",
            "/api/pets/1/toys/",
            "/API/pets",
            "//api/pets",
        ] {
            check(path, None);
        }
    }

    #[test]
    fn a_template_that_cannot_be_a_route_is_refused() {
        let mut routes = Routes::default();
        routes.insert("/{a}/x").unwrap();
        assert_eq!(routes.insert("/{b}/x"), Err(Unroutable::Duplicate));
        for template in ["/{a}{b}", "/{a", "/a}", "/{}", "/{a}}"] {
            assert_eq!(
                routes.insert(template),
                Err(Unroutable::Segment),
                "{template}"
            );
        }
    }
}
