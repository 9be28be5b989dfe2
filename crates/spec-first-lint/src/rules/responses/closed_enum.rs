//! Closed enums in responses, which the server cannot extend without breaking clients.

use spec_first_document::{Node, Pointer};

use crate::{
    report::Report,
    survey::{Role, SchemaSite, Survey},
};

pub(super) fn check(survey: &Survey<'_>, report: &mut Report<'_>) {
    for site in &survey.schemas {
        // A component may also be used in requests, so each use in a response is reported instead.
        let is_used = !matches!(site.role, Role::Component(_) | Role::Not);
        if is_used && survey.travels(site).response && is_closed(survey, site) {
            report.add(
                "closed-response-enum",
                &site.pointer,
                "a response with a new value in this `enum` breaks existing clients",
                "use `anyOf` with the `enum` first and `type: string` second",
            );
        }
    }
}

fn is_closed<'a>(survey: &Survey<'a>, site: &SchemaSite<'a>) -> bool {
    let Some(target) = survey.resolve(&Pointer::root(), site.node) else {
        return false;
    };
    let flag = |key| target.node.is_true(key);
    has_choice(target.node)
        && !flag("writeOnly")
        && !has_open_alternative(survey, site, target.node)
}

/// Whether there is more than one value; a single value is a constant that identifies a branch.
fn has_choice(node: Node<'_>) -> bool {
    let values = node.items_of("enum");
    let values = values
        .iter()
        .filter(|value| value.as_bool().is_none() && !value.to_json().is_null());
    values.count() > 1
}

/// Whether another branch accepts values that the `enum` does not list.
fn has_open_alternative<'a>(survey: &Survey<'a>, site: &SchemaSite<'a>, target: Node<'_>) -> bool {
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
    let branches = survey.schemas[parent].node.items_of(keyword);
    branches
        .iter()
        .filter_map(|branch| survey.resolved(branch))
        .any(|branch| {
            let kind = |node: Node<'_>| node.get("type").map(Node::to_json);
            branch.get("enum").is_none() && (kind(branch).is_none() || kind(branch) == kind(target))
        })
}
