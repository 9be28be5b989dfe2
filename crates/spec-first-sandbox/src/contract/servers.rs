//! The paths of the servers that a document names.

use super::place::Place;

/// The paths of the servers of the first of `owners` that has one, with variables replaced by their defaults.
pub(super) fn base_paths(owners: &[&Place<'_>]) -> Vec<String> {
    let mut servers = owners.iter().map(|owner| owner.items_of("servers"));
    let servers = servers.find(|servers| !servers.is_empty());
    let paths = servers.into_iter().flatten().map(|server| {
        let mut url = server.text("url").unwrap_or_default().to_owned();
        for (name, variable) in server.entries_of("variables") {
            let default = variable.text("default").unwrap_or_default();
            url = url.replace(&format!("{{{name}}}"), default);
        }
        let path = match url.split_once("://") {
            Some((_, rest)) => rest.split_once('/').map_or("", |(_, path)| path),
            None => url.as_str(),
        };
        let path = path
            .split(['?', '#'])
            .next()
            .unwrap_or_default()
            .trim_matches('/');
        if path.is_empty() {
            String::new()
        } else {
            format!("/{path}")
        }
    });
    paths.collect()
}

#[cfg(test)]
mod tests {
    use spec_first_document::Document;

    use super::*;

    #[track_caller]
    fn check(server: &str, expected: &str) {
        let text = format!("openapi: 3.0.3\nservers: [{server}]\n");
        let document = Document::parse("servers.yaml", &text).unwrap();
        let paths = base_paths(&[&Place::root(&document)]);
        let first = paths.first().map_or("", String::as_str);
        assert_eq!(first, expected, "{server}");
    }

    #[test]
    fn the_base_path_is_that_of_the_first_server() {
        check("{url: 'https://gateway.example/api'}", "/api");
        check("{url: 'https://a.example/v1/x/'}, {url: /other}", "/v1/x");
        check("{url: /relative}", "/relative");
        check("{url: 'https://a.example'}", "");
        check("{url: /}", "");
        check("", "");
        check(
            "{url: 'https://{host}/{stage}', variables: {host: {default: a.example}, stage: {default: live}}}",
            "/live",
        );
    }
}
