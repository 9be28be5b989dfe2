//! Server URLs and their variables.

use std::collections::BTreeSet;

use spec_first_document::{Node, Pointer};

use crate::{
    report::Report,
    rules::paths::template_parameters,
    survey::{Site, Survey},
};

pub(crate) fn check(survey: &Survey<'_>, report: &mut Report<'_>) {
    let root = survey.document.root();
    let is_missing = root
        .get("servers")
        .is_none_or(|servers| servers.items().is_empty());
    if root.is_mapping() && is_missing && !every_operation_has_servers(survey) {
        let at = Pointer::root();
        report.add(
            "missing-server",
            &if root.get("servers").is_some() {
                at.child("servers")
            } else {
                at
            },
            "the document has no servers",
            "add `servers` with the base URL of the paths",
        );
    }
    let mut seen: BTreeSet<(Option<Pointer>, &str)> = BTreeSet::new();
    for site in &survey.servers {
        if let Some(url) = site.node.str_of("url") {
            if !seen.insert((site.pointer.parent(), url)) {
                report.add(
                    "duplicate-server",
                    &site.pointer,
                    format!("duplicate server `{url}`"),
                    "remove one of them",
                );
            }
            check_url(survey, site, url, report);
            check_host(site, url, report);
        }
    }
    repeated_base_path(survey, report);
}

fn every_operation_has_servers(survey: &Survey<'_>) -> bool {
    let has_servers = |node: Node<'_>| {
        node.get("servers")
            .is_some_and(|list| !list.items().is_empty())
    };
    !survey.operations.is_empty()
        && survey
            .operations
            .iter()
            .all(|site| has_servers(site.operation.node) || has_servers(site.operation.path_item))
}

fn check_url(survey: &Survey<'_>, site: &Site<'_>, url: &str, report: &mut Report<'_>) {
    let at = site.pointer.child("url");
    let scheme = url
        .split_once("://")
        .map(|(scheme, _)| scheme.to_ascii_lowercase());
    // An empty URL means where the document is.
    if url.contains(char::is_whitespace) {
        report.add(
            "server-url",
            &at,
            format!("the server URL `{url}` contains white space"),
            "use the base URL of the paths",
        );
    }
    if url.len() > 1 && url.ends_with('/') {
        report.add(
            "trailing-slash",
            &at,
            format!("the server URL `{url}` ends with a slash, which leads to double slashes"),
            "remove the trailing slash",
        );
    }
    let mut report_url = |message: String, help: &str| report.add("server-url", &at, message, help);
    if url.contains(['?', '#']) {
        report_url(
            format!("the server URL `{url}` has a query or a fragment"),
            "remove the part after `?` or `#`, because paths are appended to the URL",
        );
    }
    let host = url.split_once("://").map_or("", |(_, rest)| rest);
    let authority = host.split('/').next().unwrap_or_default();
    if authority.contains('@') {
        report_url(
            "the server URL contains credentials".to_owned(),
            "remove them and declare a security scheme",
        );
    }
    match scheme.as_deref() {
        Some("http") if !is_local(authority) => report.add(
            "plain-http",
            &at,
            format!(
                "`{url}` sends everything unencrypted{}",
                if is_secured(survey) {
                    ", including credentials"
                } else {
                    ""
                }
            ),
            "use `https`",
        ),
        Some("http" | "https" | "ws" | "wss") => {}
        Some(scheme) if scheme.contains('{') => {}
        Some(scheme) => report_url(
            format!("unsupported URL scheme `{scheme}`"),
            "write `https`",
        ),
        None if url.starts_with('{') => {}
        None if url.is_empty() => report.add(
            "relative-server",
            &at,
            "the server URL is empty, which means the location of the document",
            "use the full URL, starting with `https://`",
        ),
        None if url.starts_with(['/', '.']) => report.add(
            "relative-server",
            &at,
            format!("the server URL `{url}` is relative to the location of the document"),
            "use the full URL, starting with `https://`",
        ),
        None => report_url(
            format!(
                "the server URL `{url}` has no scheme, so it is relative to the location of the document"
            ),
            "use the full URL, starting with `https://`",
        ),
    }
    check_variables(site, url, report);
}

/// Reports placeholder hosts.
fn check_host(site: &Site<'_>, url: &str, report: &mut Report<'_>) {
    let Some((_, rest)) = url.split_once("://") else {
        return;
    };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = host(authority);
    // Reserved for examples by RFC 2606.
    let is_example = ["example", "example.com", "example.net", "example.org"]
        .iter()
        .any(|name| {
            host.strip_suffix(name)
                .is_some_and(|before| before.is_empty() || before.ends_with('.'))
        });
    let is_first = site.pointer.last().as_deref() == Some("0");
    if is_example {
        report.add(
            "example-server",
            &site.pointer.child("url"),
            format!("`{host}` is an example domain"),
            "use the URL of a real server",
        );
    } else if is_first && is_local(authority) {
        report.add(
            "example-server",
            &site.pointer.child("url"),
            format!("the first server, which clients use by default, is the local host `{host}`"),
            "list a publicly reachable server first",
        );
    }
}

fn host(authority: &str) -> &str {
    match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        _ => authority,
    }
}

fn is_local(authority: &str) -> bool {
    let host = host(authority);
    matches!(host, "localhost" | "[::1]" | "host.docker.internal")
        || host.starts_with("127.")
        || host.ends_with(".localhost")
}

fn is_secured(survey: &Survey<'_>) -> bool {
    let requires = |node: Node<'_>| {
        node.get("security")
            .is_some_and(|list| !list.items().is_empty())
    };
    requires(survey.document.root())
        || survey
            .operations
            .iter()
            .any(|site| requires(site.operation.node))
}

fn check_variables(site: &Site<'_>, url: &str, report: &mut Report<'_>) {
    let at = site.pointer.child("variables");
    let variables = site.node.entries_of("variables");
    let Some(used) = template_parameters(url) else {
        return report.add(
            "server-url",
            &site.pointer.child("url"),
            format!("the server URL `{url}` has unbalanced braces"),
            "write each variable as `{name}`",
        );
    };
    for name in used.iter().collect::<BTreeSet<_>>() {
        if !variables.iter().any(|entry| entry.key == *name) {
            report.add(
                "server-variable",
                &site.pointer.child("url"),
                format!("the server variable `{name}` is not defined"),
                "define it in `variables`, with a `default`",
            );
        }
    }
    for entry in variables {
        let pointer = at.child(entry.key);
        if !used.contains(&entry.key) {
            report.add(
                "server-variable",
                &pointer,
                format!("the URL has no variable `{}`", entry.key),
                "remove it, or use it in the URL",
            );
        }
        let Some(values) = entry.value.get("enum") else {
            continue;
        };
        let values: Vec<&str> = values.items().iter().filter_map(Node::as_str).collect();
        let default = entry.value.str_of("default");
        if values.is_empty() {
            report.add(
                "server-variable",
                &pointer.child("enum"),
                format!("the `enum` of the server variable `{}` is empty", entry.key),
                "add the allowed values, or remove `enum`",
            );
        } else if let Some(default) = default.filter(|default| !values.contains(default)) {
            report.add(
                "server-variable",
                &pointer.child("default"),
                format!("the default `{default}` is not in the `enum`"),
                "use one of the values in the `enum`",
            );
        }
    }
}

/// Reports paths that start with the last segment of the server URL.
fn repeated_base_path(survey: &Survey<'_>, report: &mut Report<'_>) {
    let root = survey.document.root();
    let paths = root.entries_of("paths");
    for server in root.items_of("servers") {
        let Some(url) = server.str_of("url") else {
            continue;
        };
        let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
        let Some((_, base)) = rest.split_once('/') else {
            continue;
        };
        let last = base
            .trim_end_matches('/')
            .rsplit('/')
            .next()
            .unwrap_or_default();
        if last.is_empty() || last.contains('{') {
            continue;
        }
        for path in paths {
            let first = path.key.trim_start_matches('/').split('/').next();
            if path.key.starts_with('/') && first == Some(last) {
                report.add(
                    "repeated-base-path",
                    &Pointer::root().child("paths").child(path.key),
                    format!(
                        "the path starts with `/{last}`, but the server URL `{url}` already ends with it"
                    ),
                    "remove it from one of them",
                );
            }
        }
    }
}
