//! Finds the documented path that matches a request. Knows nothing about operations.

use std::{borrow::Cow, collections::BTreeMap, ops::Range};

use crate::contract::percent::{decode_query, decode_segment};

/// The path templates of a document as a tree of segments, so that lookups do not slow down with their number.
#[derive(Debug, Default)]
pub(crate) struct Routes {
    root: Branch,
    forms: usize,
}

#[derive(Debug, Default)]
struct Branch {
    literals: BTreeMap<String, Branch>,
    /// Longest literal text first, so that the more specific template wins.
    parameters: Vec<ParameterBranch>,
    /// By the query that a path is written with, such as `?beta=true`; the longest first.
    forms: Vec<Form>,
}

/// The names and values of a query, and the form of the path with it. A value that is `None` is that of a parameter.
type Form = (Vec<(String, Option<String>)>, usize);

/// A segment with parameters, and the text around and between them: `{id}`, `{id}.json`, `{base}...{head}`.
#[derive(Debug)]
struct ParameterBranch {
    /// One more than there are parameters.
    texts: Vec<String>,
    next: Branch,
}

/// A decoded segment of the path of a request.
struct Segment<'a>(Cow<'a, str>);

/// The result of adding a template.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Route {
    /// Counts from zero; templates that differ only in their parameter names have the same form.
    pub(crate) form: usize,
    /// The names of its parameters, in order.
    pub(crate) names: Vec<String>,
}

/// The form that matches the path of a request, and the values of its parameters.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Match<'a> {
    /// See [`Route::form`].
    pub(crate) form: usize,
    /// The decoded value of each path parameter.
    pub(crate) values: Vec<Cow<'a, str>>,
}

/// A template that cannot be a route: a segment has adjacent parameters or unmatched braces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Unroutable;

/// The path of a request is not properly percent-encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct MalformedPath;

impl Routes {
    /// Adds a template, which may end with a query that a request must have.
    pub(crate) fn insert(&mut self, template: &str) -> Result<Route, Unroutable> {
        let (path, query) = template.split_once('?').unwrap_or((template, ""));
        let query = decode_query(query).unwrap_or_default();
        let mut names = Vec::new();
        let mut names_of_query = Vec::new();
        let query = query.into_iter().map(|(name, value)| {
            let inside = value.strip_prefix('{').and_then(|it| it.strip_suffix('}'));
            names_of_query.extend(inside.map(ToOwned::to_owned));
            let is_fixed = inside.is_none();
            (name.into_owned(), is_fixed.then(|| value.into_owned()))
        });
        let query: Vec<(String, Option<String>)> = query.collect();
        let mut branch = &mut self.root;
        for segment in segments(path) {
            branch = match parse_segment(segment)? {
                None => {
                    let literal = decode_segment(segment).unwrap_or(Cow::Borrowed(segment));
                    branch.literals.entry(literal.into_owned()).or_default()
                }
                Some((texts, parameters)) => {
                    names.extend(parameters);
                    branch.parameter(texts)
                }
            };
        }
        names.extend(names_of_query);
        let known = branch.forms.iter().find(|(known, _)| *known == query);
        let form = match known {
            Some((_, form)) => *form,
            None => {
                branch.forms.push((query, self.forms));
                branch
                    .forms
                    .sort_by_key(|(query, _)| std::cmp::Reverse(query.len()));
                self.forms += 1;
                self.forms - 1
            }
        };
        Ok(Route { form, names })
    }

    /// Finds the form of `path`. Segments are decoded one by one, so an encoded slash stays inside its segment. Of paths that differ
    /// in their query, it is the one whose query the request has, or the one with the shortest.
    pub(crate) fn find<'a>(
        &self,
        path: &'a str,
        query: Option<&'a str>,
    ) -> Result<Option<Match<'a>>, MalformedPath> {
        decode_segment(path).ok_or(MalformedPath)?;
        let mut values = Vec::new();
        let path = path.strip_prefix('/').unwrap_or(path);
        let forms = self.root.find(Some(path), &mut values);
        Ok(forms.and_then(|forms| {
            let form = chosen(forms, query, &mut values)?;
            Some(Match { form, values })
        }))
    }
}

/// The form whose query the request has. Adds the values of the parameters in that query, which are empty where it lacks them.
fn chosen<'a>(
    forms: &[Form],
    query: Option<&'a str>,
    values: &mut Vec<Cow<'a, str>>,
) -> Option<usize> {
    let (shortest, others) = forms.split_last()?;
    let query = query.filter(|_| !others.is_empty() || !shortest.0.is_empty());
    let query = query.and_then(decode_query).unwrap_or_default();
    let given = |name: &str, value: Option<&str>| {
        query
            .iter()
            .find(|(known, given)| known == name && value.is_none_or(|value| given == value))
    };
    let has = |(name, value): &(String, Option<String>)| given(name, value.as_deref()).is_some();
    let fitting = others.iter().find(|(pairs, _)| pairs.iter().all(has));
    let (pairs, form) = fitting.unwrap_or(shortest);
    let open = pairs.iter().filter(|(_, value)| value.is_none());
    values.extend(
        open.map(|(name, _)| given(name, None).map_or_else(Cow::default, |it| it.1.clone())),
    );
    Some(*form)
}

impl Branch {
    fn parameter(&mut self, texts: Vec<String>) -> &mut Branch {
        let mut parameters = self.parameters.iter();
        let known = parameters.position(|parameter| parameter.texts == texts);
        let index = known.unwrap_or_else(|| {
            let length = |texts: &[String]| texts.iter().map(String::len).sum::<usize>();
            let own = length(&texts);
            let index = self
                .parameters
                .partition_point(|other| length(&other.texts) >= own);
            let added = ParameterBranch {
                texts,
                next: Branch::default(),
            };
            self.parameters.insert(index, added);
            index
        });
        &mut self.parameters[index].next
    }

    /// Finds the forms of `path`, of which there is nothing left after the last segment.
    fn find<'a>(&self, path: Option<&'a str>, values: &mut Vec<Cow<'a, str>>) -> Option<&[Form]> {
        let Some(path) = path else {
            return Some(&*self.forms).filter(|forms| !forms.is_empty());
        };
        let (segment, rest) = match path.split_once('/') {
            Some((segment, rest)) => (segment, Some(rest)),
            None => (path, None),
        };
        let segment = Segment(decode_segment(segment)?);
        // OpenAPI 3.0: paths without parameters take precedence.
        if let Some(forms) = self
            .literals
            .get(&*segment.0)
            .and_then(|next| next.find(rest, values))
        {
            return Some(forms);
        }
        for parameter in &self.parameters {
            let before = values.len();
            if parameter.read(&segment, values)
                && let Some(forms) = parameter.next.find(rest, values)
            {
                return Some(forms);
            }
            values.truncate(before);
        }
        None
    }
}

impl ParameterBranch {
    /// Adds the parameter values of `segment`; none of them may be empty.
    fn read<'a>(&self, segment: &Segment<'a>, values: &mut Vec<Cow<'a, str>>) -> bool {
        let [prefix, between @ .., suffix] = self.texts.as_slice() else {
            return false;
        };
        let inner = segment.0.strip_prefix(prefix.as_str());
        let Some(inner) = inner.and_then(|inner| inner.strip_suffix(suffix.as_str())) else {
            return false;
        };
        let (mut start, end) = (prefix.len(), prefix.len() + inner.len());
        // What follows the last dot is the extension of a file.
        let are_extensions = between.iter().all(|text| text == ".");
        for (index, text) in between.iter().enumerate() {
            let rest = &segment.0[start..end];
            let length = match are_extensions {
                true => {
                    let mut dots = rest.rmatch_indices(text.as_str());
                    dots.nth(between.len() - index - 1)
                        .map(|(length, _)| length)
                }
                // A value ends at the first occurrence of the text that follows it.
                false => rest.find(text.as_str()),
            };
            let Some(length) = length.filter(|length| *length > 0) else {
                return false;
            };
            values.push(segment.cut(start..start + length));
            start += length + text.len();
        }
        if start < end {
            values.push(segment.cut(start..end));
        }
        start < end
    }
}

impl<'a> Segment<'a> {
    /// A part of it, copied only if it had to be decoded.
    fn cut(&self, range: Range<usize>) -> Cow<'a, str> {
        match &self.0 {
            Cow::Borrowed(segment) => Cow::Borrowed(&segment[range]),
            Cow::Owned(segment) => Cow::Owned(segment[range].to_owned()),
        }
    }
}

fn segments(path: &str) -> impl Iterator<Item = &str> {
    path.strip_prefix('/').unwrap_or(path).split('/')
}

/// The text around the parameters of a segment, and the names of the parameters.
type ParameterSegment = (Vec<String>, Vec<String>);

/// `None` if the segment has no parameters.
fn parse_segment(segment: &str) -> Result<Option<ParameterSegment>, Unroutable> {
    let (mut texts, mut names) = (Vec::new(), Vec::new());
    let mut rest = segment;
    while let Some((text, behind)) = rest.split_once('{') {
        let (name, behind) = behind.split_once('}').ok_or(Unroutable)?;
        let is_apart = texts.is_empty() || !text.is_empty();
        if name.is_empty() || !is_apart || [text, name].concat().contains(['{', '}']) {
            return Err(Unroutable);
        }
        texts.push(text.to_owned());
        names.push(name.to_owned());
        rest = behind;
    }
    if rest.contains('}') {
        return Err(Unroutable);
    }
    texts.push(rest.to_owned());
    Ok((!names.is_empty()).then_some((texts, names)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(path: &str, expected: Option<(&str, &[&str])>) {
        let mut routes = Routes::default();
        let templates = [
            "/api/pets",
            "/api/pets/{petId}",
            "/api/pets/mine",
            "/api/pets/{petId}/toys/{toyId}",
            "/api/pets/{name}.json",
            "/api/compare/v{base}...{head}",
            "/api/tiles/{name}.{scale}.{format}",
        ];
        for template in templates {
            routes.insert(template).unwrap();
        }
        let found = routes.find(path, None).unwrap();
        let form = found.as_ref().map(|found| templates[found.form]);
        assert_eq!(form, expected.map(|(template, _)| template), "{path}");
        let values = found.map(|found| found.values).unwrap_or_default();
        assert_eq!(values, expected.map_or(&[][..], |(_, values)| values));
    }

    #[test]
    fn the_most_specific_template_wins() {
        check("/api/pets", Some(("/api/pets", &[])));
        check("/api/pets/7", Some(("/api/pets/{petId}", &["7"])));
        check("/api/pets/mine", Some(("/api/pets/mine", &[])));
        check("/api/pets/7.json", Some(("/api/pets/{name}.json", &["7"])));
        check(
            "/api/pets/mine/toys/b",
            Some(("/api/pets/{petId}/toys/{toyId}", &["mine", "b"])),
        );
    }

    #[test]
    fn a_segment_may_have_several_parameters() {
        check(
            "/api/compare/v1.0...main...x",
            Some(("/api/compare/v{base}...{head}", &["1.0", "main...x"])),
        );
        check(
            "/api/compare/v%31...m%2Fx",
            Some(("/api/compare/v{base}...{head}", &["1", "m/x"])),
        );
        check(
            "/api/tiles/1.5,2.5.x2.png",
            Some((
                "/api/tiles/{name}.{scale}.{format}",
                &["1.5,2.5", "x2", "png"],
            )),
        );
        check("/api/tiles/a.png", None);
        check("/api/compare/v...main", None);
        check("/api/compare/v1...", None);
        check("/api/compare/v1..main", None);
    }

    #[test]
    fn a_query_in_the_template_chooses() {
        let mut routes = Routes::default();
        for template in ["/a", "/a?beta=true", "/a?beta=true&more=1", "/b?beta=true"] {
            routes.insert(template).unwrap();
        }
        for (path, query, expected) in [
            ("/a", None, 0),
            ("/a", Some("x=1&beta=false"), 0),
            ("/a", Some("x=1&beta=true"), 1),
            ("/a", Some("more=1&beta=%74rue"), 2),
            ("/b", None, 3),
        ] {
            let found = routes.find(path, query).unwrap().unwrap();
            assert_eq!(found.form, expected, "{path} {query:?}");
        }
    }

    #[test]
    fn a_query_in_the_template_has_parameters() {
        let mut routes = Routes::default();
        let names = |route: Route| route.names;
        assert_eq!(
            names(routes.insert("/a/{id}?city={name}&in={country}").unwrap()),
            ["id", "name", "country"]
        );
        routes.insert("/a/{id}?lat={lat}").unwrap();
        for (query, form, values) in [
            (Some("in=FR&city=Paris%20X"), 0, &["1", "Paris X", "FR"][..]),
            (Some("lat=2"), 1, &["1", "2"]),
            (None, 1, &["1", ""]),
        ] {
            let found = routes.find("/a/1", query).unwrap().unwrap();
            assert_eq!(
                (found.form, &found.values[..]),
                (
                    form,
                    &values.iter().map(|it| Cow::from(*it)).collect::<Vec<_>>()[..]
                )
            );
        }
    }

    #[test]
    fn an_encoded_slash_stays_inside_its_segment() {
        check("/api/pets/a%2Fb", Some(("/api/pets/{petId}", &["a/b"])));
        check("/api/%70ets", Some(("/api/pets", &[])));
    }

    #[test]
    fn an_undocumented_path_is_not_found() {
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
    fn an_invalid_template_is_rejected() {
        let mut routes = Routes::default();
        for template in ["/{a}{b}", "/{a", "/a}", "/{}", "/{a}}"] {
            assert_eq!(routes.insert(template), Err(Unroutable), "{template}");
        }
    }

    #[test]
    fn parameter_names_are_not_part_of_the_form() {
        let mut routes = Routes::default();
        let forms = ["/{a}/x", "/{b}/x", "/{a}"].map(|template| routes.insert(template).unwrap());
        assert_eq!(forms.each_ref().map(|route| route.form), [0, 0, 1]);
        assert_eq!(
            forms.each_ref().map(|route| &*route.names[0]),
            ["a", "b", "a"]
        );
    }
}
