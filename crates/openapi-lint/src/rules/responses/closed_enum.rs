//! Lists of values in responses to which the server cannot add one without breaking its clients.

use openapi_document::{Node, Pointer};

use crate::{
    report::Report,
    survey::{Role, SchemaSite, Survey},
};

pub(super) fn check(survey: &Survey<'_>, report: &mut Report<'_>) {
    for site in &survey.schemas {
        // A component may be for requests as well; what counts is where a response uses it.
        let is_used = !matches!(site.role, Role::Component(_) | Role::Not);
        if is_used && survey.travels(site).response && is_closed(survey, site) {
            report.add(
                "closed-response-enum",
                &site.pointer,
                "a value that the server adds to this `enum` makes the whole response unreadable",
                "write `anyOf` with the `enum` first and `type: string` second",
            );
        }
    }
}

fn is_closed<'a>(survey: &Survey<'a>, site: &SchemaSite<'a>) -> bool {
    let Some(target) = survey.resolve(&Pointer::root(), site.node) else {
        return false;
    };
    let flag = |key| target.node.get(key).and_then(Node::as_bool) == Some(true);
    has_choice(target.node) && !flag("writeOnly") && !is_beside_any_other(survey, site, target.node)
}

/// Whether there is more than one value; with one it is a constant, by which branches are told apart.
fn has_choice(node: &Node) -> bool {
    let values = node.get("enum").map_or(&[][..], Node::items);
    let values = values
        .iter()
        .filter(|value| value.as_bool().is_none() && !value.to_json().is_null());
    values.count() > 1
}

/// Whether another branch takes the values that the `enum` does not list.
fn is_beside_any_other<'a>(survey: &Survey<'a>, site: &SchemaSite<'a>, target: &Node) -> bool {
    let (
        Role::Branch {
            keyword: keyword @ ("anyOf" | "oneOf"),
            ..
        },
        Some(parent),
    ) = (site.role, site.parent)
    else {
        return false;
    };
    let branches = survey.schemas[parent]
        .node
        .get(keyword)
        .map_or(&[][..], Node::items);
    branches
        .iter()
        .filter_map(|branch| survey.resolved(branch))
        .any(|branch| {
            let kind = |node: &Node| node.get("type").map(Node::to_json);
            branch.get("enum").is_none() && (kind(branch).is_none() || kind(branch) == kind(target))
        })
}
