//! Path templates: how they are written, and the parameters in them.

use std::collections::{BTreeMap, BTreeSet};

use openapi_document::{METHODS, Node, Pointer};

use crate::{
    report::Report,
    survey::{OperationSite, Survey},
    words::nearest,
};

pub(crate) fn check(survey: &Survey<'_>, report: &mut Report<'_>) {
    let paths = survey
        .document
        .root()
        .get("paths")
        .map_or(&[][..], Node::entries);
    let mut shapes: BTreeMap<String, &str> = BTreeMap::new();
    for entry in paths.iter().filter(|entry| entry.key.starts_with('/')) {
        let pointer = Pointer::root().child("paths").child(&entry.key);
        form(&entry.key, &pointer, report);
        let shape = shape(&entry.key);
        match shapes.get(&shape) {
            Some(other) => report.add(
                "ambiguous-path",
                &pointer,
                format!("`{}` matches the same requests as `{other}`", entry.key),
                "make one path item of the two",
            ),
            None => {
                shapes.insert(shape, &entry.key);
            }
        }
        let has_operation = entry
            .value
            .entries()
            .iter()
            .any(|entry| METHODS.contains(&entry.key.as_str()) || entry.key == "$ref");
        if entry.value.is_mapping() && !has_operation {
            report.add(
                "empty-path",
                &pointer,
                format!("the path `{}` has no operation", entry.key),
                "add one, or remove the path",
            );
        }
    }
    if survey.operations.is_empty()
        && survey
            .document
            .root()
            .get("paths")
            .is_some_and(Node::is_mapping)
        && paths.is_empty()
    {
        report.add(
            "empty-path",
            &Pointer::root().child("paths"),
            "the document has no path",
            "describe at least one operation",
        );
    }
    for site in &survey.operations {
        parameters_of(site, report);
    }
}

fn form(path: &str, pointer: &Pointer, report: &mut Report<'_>) {
    let mut complain =
        |message: String, help: &str| report.add("path-form", pointer, message, help);
    if path.len() > 1 && path.ends_with('/') {
        complain(
            format!("the path `{path}` ends with a slash"),
            "remove the slash at the end; it would be another address",
        );
    }
    if path.contains("//") {
        complain(
            format!("the path `{path}` has an empty segment"),
            "write one slash between two segments",
        );
    }
    if path.contains(['?', '#']) {
        complain(
            format!("the path `{path}` has a query or a fragment in it"),
            "describe what follows `?` as parameters with `in: query`",
        );
    }
    if path.contains(char::is_whitespace) {
        complain(
            format!("the path `{path}` has a blank in it"),
            "remove the blank, or write it as `%20`",
        );
    }
    let Some(names) = template_parameters(path) else {
        return complain(
            format!("the braces in the path `{path}` do not match"),
            "write each parameter as `{name}`, without braces inside",
        );
    };
    let mut seen = BTreeSet::new();
    for name in names {
        if name.is_empty() || name.contains('/') {
            complain(
                format!("the path `{path}` has a parameter without a name, or with a slash in it"),
                "write each parameter as `{name}`",
            );
        } else if !seen.insert(name) {
            complain(
                format!("the path `{path}` has the parameter `{name}` twice"),
                "give each its own name",
            );
        }
    }
}

/// The names between braces; `None` if the braces do not match.
pub(crate) fn template_parameters(path: &str) -> Option<Vec<&str>> {
    let mut names = Vec::new();
    let mut start = None;
    for (index, character) in path.char_indices() {
        match (character, start) {
            ('{', None) => start = Some(index + 1),
            ('}', Some(begin)) => {
                names.push(&path[begin..index]);
                start = None;
            }
            ('{', Some(_)) | ('}', None) => return None,
            _ => {}
        }
    }
    start.is_none().then_some(names)
}

/// The path with every parameter called the same.
fn shape(path: &str) -> String {
    let mut shape = String::new();
    let mut inside = false;
    for character in path.chars() {
        match character {
            '{' => {
                inside = true;
                shape.push_str("{}");
            }
            '}' => inside = false,
            _ if !inside => shape.push(character),
            _ => {}
        }
    }
    shape
}

fn parameters_of(site: &OperationSite<'_>, report: &mut Report<'_>) {
    let path = site.operation.path;
    let Some(names) = template_parameters(path) else {
        return;
    };
    let is_in_path = |node: &Node| node.get("in").and_then(Node::as_str) == Some("path");
    let declared: Vec<(&str, &Pointer)> = site
        .parameters
        .iter()
        .filter(|parameter| is_in_path(parameter.node))
        .filter_map(|parameter| Some((parameter.node.get("name")?.as_str()?, &parameter.pointer)))
        .collect();
    let mut missing: Vec<&str> = names.clone();
    missing.sort_unstable();
    missing.dedup();
    missing
        .retain(|name| !name.is_empty() && !declared.iter().any(|(declared, _)| declared == name));
    for name in missing {
        report.add(
            "undeclared-path-parameter",
            &site.pointer,
            format!("the parameter `{name}` of the path `{path}` is not declared"),
            "add it to `parameters` with `in: path` and `required: true`",
        );
    }
    for (name, pointer) in declared {
        if !names.contains(&name) {
            let message = match nearest(name, names.iter().copied()) {
                Some(near) => {
                    format!("the path `{path}` has no parameter `{name}`; did you mean `{near}`?")
                }
                None => format!("the path `{path}` has no parameter `{name}`"),
            };
            report.add(
                "unknown-path-parameter",
                pointer,
                message,
                "remove the declaration, or put the parameter into the path",
            );
        }
    }
}
