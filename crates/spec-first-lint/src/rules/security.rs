//! Security schemes, requirements and `401` responses.

use spec_first_document::{Node, Pointer};

use crate::{
    report::Report,
    survey::{OperationSite, Part, Survey, component_pointer},
    words::nearest,
};

pub(crate) fn check(survey: &Survey<'_>, report: &mut Report<'_>) {
    let root = survey.document.root();
    let at = Pointer::root().child("security");
    if let Some(security) = root.get("security") {
        requirements(survey, security, &at, report);
        if matches!(security.content(), spec_first_document::Content::Sequence(items) if items.is_empty())
        {
            report.add(
                "missing-security",
                &at,
                "`security` is empty, so the document requires no credentials",
                "list the security schemes, or set `security: []` on each public operation",
            );
        }
    }
    for site in &survey.operations {
        if let Some(security) = site.operation.node.get("security") {
            requirements(survey, security, &site.pointer.child("security"), report);
        }
        operation(survey, site, report);
    }
    for entry in survey.section(Part::SecurityScheme) {
        scheme(
            entry.value,
            &component_pointer(Part::SecurityScheme, entry.key),
            report,
        );
    }
}

fn requirements(survey: &Survey<'_>, security: Node<'_>, at: &Pointer, report: &mut Report<'_>) {
    let mut seen = Vec::new();
    for (index, requirement) in security.items().iter().enumerate() {
        let pointer = at.child(index);
        let whole = requirement.to_json();
        if seen.contains(&whole) {
            report.add(
                "duplicate-requirement",
                &pointer,
                "duplicate security requirement",
                "remove one of them",
            );
        }
        seen.push(whole);
        for entry in requirement.entries() {
            requirement_entry(
                survey,
                entry.key,
                entry.value,
                &pointer.child(entry.key),
                report,
            );
        }
    }
}

fn requirement_entry(
    survey: &Survey<'_>,
    name: &str,
    scopes: Node<'_>,
    at: &Pointer,
    report: &mut Report<'_>,
) {
    let Some(scheme) = survey.component(Part::SecurityScheme, name) else {
        let names = survey.section(Part::SecurityScheme).iter();
        let message = match nearest(name, names.map(|entry| entry.key)) {
            Some(near) => format!("unknown security scheme `{name}`; did you mean `{near}`?"),
            None => format!("unknown security scheme `{name}`"),
        };
        return report.add(
            "undefined-scheme",
            at,
            message,
            "define it in `components/securitySchemes`",
        );
    };
    let Some(scheme) = survey.resolved(scheme) else {
        return;
    };
    let kind = scheme.str_of("type").unwrap_or_default();
    let flows = scheme.entries_of("flows");
    for (index, scope) in scopes.items().iter().enumerate() {
        let Some(scope) = scope.as_str() else {
            continue;
        };
        let at = at.child(index);
        match kind {
            "oauth2" => {
                let declared = flows
                    .iter()
                    .flat_map(|flow| flow.value.entries_of("scopes"));
                let declared: Vec<&str> = declared.map(|entry| entry.key).collect();
                if !declared.contains(&scope) {
                    let message = match nearest(scope, declared) {
                        Some(near) => {
                            format!("`{name}` has no scope `{scope}`; did you mean `{near}`?")
                        }
                        None => format!("`{name}` has no scope `{scope}`"),
                    };
                    report.add(
                        "unknown-scope",
                        &at,
                        message,
                        "declare it in the `scopes` of a flow",
                    );
                }
            }
            "openIdConnect" => {}
            _ => report.add(
                "unknown-scope",
                &at,
                format!("the security scheme `{name}` does not support scopes"),
                "use an empty list",
            ),
        }
    }
}

/// The requirements that apply to the operation; `None` if neither it nor the document declares any.
fn effective<'a>(survey: &Survey<'a>, site: &OperationSite<'a>) -> Option<Node<'a>> {
    let own = site.operation.node.get("security");
    own.or_else(|| survey.document.root().get("security"))
}

fn operation(survey: &Survey<'_>, site: &OperationSite<'_>, report: &mut Report<'_>) {
    if !site.operation.node.is_mapping() {
        return;
    }
    let security = effective(survey, site);
    if security.is_none() {
        report.add(
            "missing-security",
            &site.pointer,
            format!(
                "`{}` does not declare which credentials it requires",
                site.operation.name()
            ),
            "add `security`, or `security: []` for a public operation",
        );
    }
    let alternatives = security.map(Node::items).unwrap_or_default();
    let is_open = alternatives
        .iter()
        .any(|alternative| alternative.entries().is_empty());
    let responses = site.operation.node.entries_of("responses");
    let position = responses.iter().find(|entry| entry.key == "401");
    let has_class = responses.iter().any(|entry| entry.key == "4XX");
    if !alternatives.is_empty()
        && !is_open
        && position.is_none()
        && !has_class
        && !responses.is_empty()
    {
        report.add(
            "missing-401",
            &site.pointer.child("responses"),
            format!(
                "`{}` requires credentials, but has no `401` response",
                site.operation.name()
            ),
            "describe the response to missing or invalid credentials",
        );
    }
    if position.is_some() && alternatives.is_empty() && security.is_some() {
        report.add(
            "useless-401",
            &site.pointer.child("responses").child("401"),
            format!(
                "`{}` requires no credentials, but has a `401` response",
                site.operation.name()
            ),
            "remove the response, or add the security scheme",
        );
    }
}

/// The HTTP authentication schemes registered with IANA, in lower case.
const HTTP_SCHEMES: [&str; 15] = [
    "basic",
    "bearer",
    "concealed",
    "digest",
    "dpop",
    "gnap",
    "hoba",
    "mutual",
    "negotiate",
    "oauth",
    "privatetoken",
    "scram-sha-1",
    "scram-sha-256",
    "vapid",
    "hmac",
];

fn scheme(node: Node<'_>, pointer: &Pointer, report: &mut Report<'_>) {
    let text = |key: &str| node.str_of(key);
    match text("type") {
        Some("apiKey") if text("in") == Some("query") => report.add(
            "secret-in-url",
            &pointer.child("in"),
            "an API key in the query is logged by servers and proxies",
            "use `in: header`",
        ),
        Some("http") => {
            if let Some(scheme) = text("scheme")
                && !HTTP_SCHEMES.contains(&scheme.to_lowercase().as_str())
            {
                let message = match nearest(&scheme.to_lowercase(), HTTP_SCHEMES) {
                    Some(near) => format!(
                        "unknown HTTP authentication scheme `{scheme}`; did you mean `{near}`?"
                    ),
                    None => format!("unknown HTTP authentication scheme `{scheme}`"),
                };
                report.add(
                    "unknown-http-scheme",
                    &pointer.child("scheme"),
                    message,
                    "use a scheme registered with IANA, or `type: apiKey` for a key in a custom header",
                );
            }
        }
        _ => {}
    }
    let flows = node.entries_of("flows").iter();
    let flows = flows.map(|entry| (entry.value, pointer.child("flows").child(entry.key)));
    for (holder, at) in flows.chain([(node, pointer.clone())]) {
        for key in [
            "authorizationUrl",
            "tokenUrl",
            "refreshUrl",
            "openIdConnectUrl",
        ] {
            let url = holder.str_of(key).unwrap_or_default();
            if url.starts_with("http://") && !url.starts_with("http://localhost") {
                report.add(
                    "plain-http",
                    &at.child(key),
                    format!("`{url}` sends credentials unencrypted"),
                    "use `https`",
                );
            }
        }
    }
}
