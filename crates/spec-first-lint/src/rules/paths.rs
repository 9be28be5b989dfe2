//! Path templates and their parameters.

use std::collections::{BTreeMap, BTreeSet};

use spec_first_document::{Node, Pointer};

use crate::{
    report::Report,
    survey::{OperationSite, Survey},
    words::nearest,
};

pub(crate) fn check(survey: &Survey<'_>, report: &mut Report<'_>) {
    let paths = survey.document.root().entries_of("paths");
    let mut shapes: BTreeMap<String, &str> = BTreeMap::new();
    // Frameworks such as Django end every path with a slash, so that nobody forgets it.
    let with_slash = paths.iter().filter(|entry| ends_with_slash(entry.key));
    let is_usual = paths.len() > 1 && with_slash.count() * 2 > paths.len();
    for entry in paths.iter().filter(|entry| entry.key.starts_with('/')) {
        let pointer = Pointer::root().child("paths").child(entry.key);
        if ends_with_slash(entry.key) && !is_usual {
            report.add(
                "trailing-slash",
                &pointer,
                format!("the path `{}` ends with a slash", entry.key),
                "remove the trailing slash, which makes it a different path",
            );
        }
        form(entry.key, &pointer, report);
        let shape = shape(entry.key);
        match shapes.get(&shape) {
            Some(other) => report.add(
                "ambiguous-path",
                &pointer,
                format!("`{}` matches the same requests as `{other}`", entry.key),
                "merge the two path items",
            ),
            None => {
                shapes.insert(shape, entry.key);
            }
        }
        let has_operation = survey.document.operations_of(entry.value).next().is_some()
            || entry.value.get("$ref").is_some();
        // One that says more was left without operations on purpose.
        let is_left_over = entry
            .value
            .entries()
            .iter()
            .all(|member| ["parameters", "summary", "description"].contains(&member.key));
        if entry.value.is_mapping() && !has_operation && is_left_over {
            report.add(
                "empty-path",
                &pointer,
                format!("the path `{}` has no operations", entry.key),
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
            "the document has no paths",
            "add at least one operation",
        );
    }
    for site in &survey.operations {
        parameters_of(site, report);
    }
}

fn ends_with_slash(path: &str) -> bool {
    path.len() > 1 && path.ends_with('/')
}

fn form(path: &str, pointer: &Pointer, report: &mut Report<'_>) {
    let mut report_form =
        |message: String, help: &str| report.add("path-form", pointer, message, help);
    if path.contains("//") {
        report_form(
            format!("the path `{path}` has an empty segment"),
            "use a single slash between segments",
        );
    }
    if path.contains(['?', '#']) {
        report_form(
            format!("the path `{path}` contains a query or a fragment"),
            "describe the query as parameters with `in: query`",
        );
    }
    if path.contains(char::is_whitespace) {
        report_form(
            format!("the path `{path}` contains whitespace"),
            "remove the whitespace, or encode it as `%20`",
        );
    }
    let Some(names) = template_parameters(path) else {
        return report_form(
            format!("the path `{path}` has unbalanced braces"),
            "write each parameter as `{name}`, without nested braces",
        );
    };
    let mut seen = BTreeSet::new();
    for name in names {
        if name.is_empty() || name.contains('/') {
            report_form(
                format!(
                    "the path `{path}` has a parameter with an empty name or with a slash in its name"
                ),
                "write each parameter as `{name}`",
            );
        } else if !seen.insert(name) {
            report_form(
                format!("the path `{path}` has the parameter `{name}` twice"),
                "give each parameter a unique name",
            );
        }
    }
}

/// The names in braces; `None` if the braces are unbalanced.
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

/// The path with all parameter names removed.
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
    let is_in_path = |node: Node<'_>| node.str_of("in") == Some("path");
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
            format!("the path parameter `{name}` of `{path}` is not declared"),
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
                "remove the declaration, or add the parameter to the path",
            );
        }
    }
}
