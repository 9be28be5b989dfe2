//! The variables in the URL of a server.

/// A variable in the URL of a server.
#[derive(Clone, Copy, Debug)]
pub struct ServerVariable {
    name: &'static str,
    default: &'static str,
    values: &'static [&'static str],
}

impl ServerVariable {
    /// A variable with a default, and the only values that it can have, if the document lists them.
    pub const fn new(
        name: &'static str,
        default: &'static str,
        values: &'static [&'static str],
    ) -> Self {
        Self {
            name,
            default,
            values,
        }
    }
}

/// The URL with these values of its variables, and the defaults of the others.
///
/// # Errors
/// There is no such variable, or it cannot have the value.
pub(crate) fn expand(
    template: &str,
    variables: &[ServerVariable],
    values: &[(String, String)],
) -> Result<String, String> {
    let mut names = variables.iter().map(|variable| variable.name);
    let unknown = values
        .iter()
        .find(|(name, _)| !names.clone().any(|known| known == name));
    if let Some((name, _)) = unknown {
        let names: Vec<_> = names.by_ref().map(|name| format!("`{name}`")).collect();
        return Err(match names.is_empty() {
            true => {
                format!("there is no `{name}`: the server of the document has no variables")
            }
            false => format!(
                "there is no `{name}`; the variables are {}",
                names.join(", ")
            ),
        });
    }
    let host = template.find("://").map_or(0, |at| at + "://".len());
    let host_end = template[host..]
        .find('/')
        .map_or(template.len(), |at| host + at);
    let mut url = template.to_owned();
    for variable in variables {
        let mut set = values.iter().rev();
        let value = set.find(|(name, _)| name == variable.name);
        let value = value.map_or(variable.default, |(_, value)| value);
        if !variable.values.is_empty() && !variable.values.contains(&value) {
            let name = variable.name;
            let values = variable.values.join("`, `");
            return Err(format!("`{name}` must be one of `{values}`"));
        }
        let placeholder = format!("{{{}}}", variable.name);
        // A value must not lead to another host than the one that the document describes around it.
        let is_in_host = template.find(&placeholder).is_some_and(|at| at < host_end);
        let is_forbidden = |character: char| {
            "?#@\\{}".contains(character)
                || character == '/' && is_in_host
                || character.is_whitespace()
                || character.is_control()
        };
        if let Some(forbidden) = value.chars().find(|character| is_forbidden(*character)) {
            let name = variable.name;
            return Err(format!("`{name}` must not contain {forbidden:?}"));
        }
        url = url.replace(&placeholder, value);
    }
    Ok(url)
}

#[cfg(test)]
mod tests {
    use crate::{Api, Client, ClientBuilder, Credentials, ServerVariable};

    fn refused(builder: ClientBuilder) -> String {
        builder.build().unwrap_err().to_string()
    }

    #[test]
    fn a_variable_of_the_server_is_one_of_the_document() {
        const VARIABLES: &[ServerVariable] = &[
            ServerVariable::new("stage", "live", &["live", "test"]),
            ServerVariable::new("version", "v1", &[]),
        ];
        static API: Api = Api::new(crate::package!())
            .servers(&["https://live.example.com/v1"])
            .server_variables("https://{stage}.example.com/{version}", VARIABLES);
        let builder = || Client::builder(&API, Credentials::none());
        let client = builder().server_variable("version", "v2").build().unwrap();
        assert_eq!(client.base_url(), "https://live.example.com/v2");
        let last = builder()
            .server_variable("stage", "live")
            .server_variable("stage", "test");
        assert_eq!(
            last.build().unwrap().base_url(),
            "https://test.example.com/v1"
        );

        let error = refused(builder().server_variable("stage", "canary"));
        assert!(
            error.ends_with("`stage` must be one of `live`, `test`"),
            "{error}"
        );
        let error = refused(builder().server_variable("region", "eu"));
        assert!(
            error.ends_with("there is no `region`; the variables are `stage`, `version`"),
            "{error}"
        );
        let both = builder()
            .base_url("https://b.example.com")
            .server_variable("stage", "test");
        assert!(refused(both).contains("the base URL replaces"));
        let none = Client::builder(&crate::sample::API, Credentials::none());
        let error = refused(none.server_variable("stage", "test"));
        assert!(error.ends_with("has no variables"), "{error}");
    }

    #[test]
    fn a_value_does_not_lead_to_another_host() {
        static TENANTS: Api = Api::new(crate::package!())
            .servers(&["https://a.example.com/v1"])
            .server_variables(
                "https://{tenant}.example.com/{path}",
                &[
                    ServerVariable::new("tenant", "a", &[]),
                    ServerVariable::new("path", "v1", &[]),
                ],
            );
        let builder = || Client::builder(&TENANTS, Credentials::none());
        let client = builder().server_variable("path", "v2/b").build().unwrap();
        assert_eq!(client.base_url(), "https://a.example.com/v2/b");
        for foreign in [
            "b.example.org/",
            "b@example.org:1",
            "b.example.org?",
            "b#",
            "b\\",
            "b\n",
            "{path}",
        ] {
            let error = refused(builder().server_variable("tenant", foreign));
            assert!(error.contains("`tenant` must not contain"), "{error}");
        }
    }
}
