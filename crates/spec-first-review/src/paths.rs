//! Selects the paths to compare, and strips their prefixes.

use glob::{MatchOptions, Pattern};

/// The paths of a document that are compared.
#[derive(Clone, Debug, Default)]
pub struct Paths {
    left_out: Vec<Pattern>,
    prefixes: Vec<String>,
}

/// A pattern or prefix that no path can match.
#[derive(Debug, thiserror::Error)]
#[error("`{pattern}` matches no path: {reason}")]
pub struct InvalidPathPattern {
    /// The pattern.
    pub pattern: String,
    /// Why no path matches it.
    pub reason: String,
}

impl Paths {
    /// Excludes every path that matches one of the patterns, and strips the first matching prefix from all other paths.
    ///
    /// In a pattern, `*` matches part of a segment, and `**` any number of segments: `/internal/**` also matches `/internal`.
    ///
    /// # Errors
    /// A pattern is invalid, or a pattern or prefix does not begin like a path.
    pub fn new(left_out: &[String], prefixes: &[String]) -> Result<Self, InvalidPathPattern> {
        let mut patterns = left_out
            .iter()
            .map(|pattern| (pattern, ['/', '*', '?', '['].as_slice()))
            .chain(prefixes.iter().map(|prefix| (prefix, ['/'].as_slice())));
        if let Some((pattern, _)) = patterns.find(|(pattern, first)| !pattern.starts_with(*first)) {
            return Err(InvalidPathPattern {
                pattern: pattern.clone(),
                reason: "paths begin with `/`".to_owned(),
            });
        }
        let tops = left_out.iter().filter_map(|it| it.strip_suffix("/**"));
        let left_out = left_out.iter().map(String::as_str).chain(tops);
        let left_out = left_out.map(|pattern| {
            Pattern::new(pattern).map_err(|error| InvalidPathPattern {
                pattern: pattern.to_owned(),
                reason: error.msg.to_owned(),
            })
        });
        Ok(Self {
            left_out: left_out.collect::<Result<_, _>>()?,
            prefixes: prefixes.to_vec(),
        })
    }

    /// The path without its prefix; `None` if it is excluded.
    pub(crate) fn select<'a>(&self, path: &'a str) -> Option<&'a str> {
        let options = MatchOptions {
            require_literal_separator: true,
            ..MatchOptions::default()
        };
        let is_match = |pattern: &Pattern| pattern.matches_with(path, options);
        if self.left_out.iter().any(is_match) {
            return None;
        }
        let rests = self
            .prefixes
            .iter()
            .filter_map(|prefix| path.strip_prefix(prefix.trim_end_matches('/')));
        let mut rests = rests.filter(|rest| rest.is_empty() || rest.starts_with('/'));
        Some(rests.next().unwrap_or(path))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(path: &str, expected: Option<&str>) {
        let texts = |list: &[&str]| {
            list.iter()
                .map(|text| (*text).to_owned())
                .collect::<Vec<_>>()
        };
        let left_out = texts(&["/internal/**", "/pets/*/secret"]);
        let paths = Paths::new(&left_out, &texts(&["/api/v1/", "/api"])).unwrap();
        assert_eq!(paths.select(path), expected, "{path}");
    }

    #[test]
    fn a_path_that_matches_is_left_out() {
        check("/internal", None);
        check("/internal/a/b", None);
        check("/pets/{id}/secret", None);
        check("/pets/{id}/more/secret", Some("/pets/{id}/more/secret"));
        check("/internals", Some("/internals"));
    }

    #[test]
    fn the_first_prefix_that_fits_is_taken_off() {
        check("/api/v1/pets", Some("/pets"));
        check("/api/v2/pets", Some("/v2/pets"));
        check("/api/v1", Some(""));
        check("/apis", Some("/apis"));
    }

    #[test]
    fn what_is_not_a_pattern_is_an_error() {
        let error = Paths::new(&["/a/**b".to_owned()], &[]).unwrap_err();
        assert!(error.to_string().starts_with("`/a/**b` matches no path: "));
        for (left_out, prefixes) in [(&["a"][..], &[][..]), (&[], &["a"]), (&[], &[""])] {
            let texts = |list: &[&str]| {
                list.iter()
                    .map(|text| (*text).to_owned())
                    .collect::<Vec<_>>()
            };
            let error = Paths::new(&texts(left_out), &texts(prefixes)).unwrap_err();
            assert!(
                error.to_string().ends_with("paths begin with `/`"),
                "{error}"
            );
        }
    }
}
