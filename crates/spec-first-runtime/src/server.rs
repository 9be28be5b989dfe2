//! The variables in the URL of a server.

use std::collections::BTreeSet;

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

/// Checks that each of the values is for one of the variables.
///
/// # Errors
/// There is no such variable.
pub(crate) fn check_names<'a>(
    variables: impl Iterator<Item = &'a ServerVariable>,
    values: &[(String, String)],
) -> Result<(), String> {
    let names: BTreeSet<&str> = variables.map(|variable| variable.name).collect();
    let unknown = values
        .iter()
        .find(|(name, _)| !names.contains(name.as_str()));
    let Some((name, _)) = unknown else {
        return Ok(());
    };
    let names: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
    Err(match names.is_empty() {
        true => format!("there is no `{name}`: the servers of the document have no variables"),
        false => format!(
            "there is no `{name}`; the variables are {}",
            names.join(", ")
        ),
    })
}

/// The URL with these values of its variables, and the defaults of the others.
///
/// # Errors
/// A variable cannot have the value.
pub(crate) fn expand(
    template: &str,
    variables: &[ServerVariable],
    values: &[(String, String)],
) -> Result<String, String> {
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
    use crate::{Api, Client, ClientBuilder, Credentials, Operation, ServerVariable};

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
        assert!(error.ends_with("have no variables"), "{error}");
    }

    #[test]
    fn the_server_of_an_operation_has_variables_too() {
        const REGION: &[ServerVariable] = &[ServerVariable::new("region", "eu", &["eu", "us"])];
        const TEMPLATE: &str = "https://{region}.files.example.com/";
        static FILES: Api = Api::new(crate::package!())
            .servers(&["https://api.example.com/v1"])
            .operations(&[
                Operation::new("upload", "PUT", "/files")
                    .server("https://eu.files.example.com/")
                    .server_variables(TEMPLATE, REGION),
                Operation::new("status", "GET", "/status").server("/internal"),
                Operation::new("list", "GET", "/list"),
            ]);
        let builder = || Client::builder(&FILES, Credentials::none());
        let urls = |client: Client| {
            let servers = FILES
                .operations
                .iter()
                .map(|operation| client.server(operation));
            servers
                .map(|url| url.unwrap().to_string())
                .collect::<Vec<_>>()
        };
        let client: Client = builder().build().unwrap();
        let (base, near) = (
            "https://api.example.com/v1",
            "https://api.example.com/internal",
        );
        assert_eq!(urls(client), ["https://eu.files.example.com/", near, base]);
        let client: Client = builder().server_variable("region", "us").build().unwrap();
        assert_eq!(urls(client), ["https://us.files.example.com/", near, base]);
        let error = refused(builder().server_variable("region", "br"));
        assert!(
            error.ends_with("`region` must be one of `eu`, `us`"),
            "{error}"
        );
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

    #[test]
    fn no_credentials_are_sent_to_a_server_of_an_operation_in_clear() {
        static FILES: Api = Api::new(crate::package!())
            .servers(&["https://api.example.com"])
            .operations(&[
                Operation::new("upload", "PUT", "/files").server("http://files.example.com/"),
                Operation::new("test", "GET", "/test").server("http://localhost:8080/"),
            ]);
        let builder = || Client::builder(&FILES, Credentials::bearer("TOKEN"));
        let client: Client = builder().build().unwrap();
        let [upload, test] = FILES.operations else {
            panic!()
        };
        let error = client.server(upload).unwrap_err().to_string();
        assert!(error.contains("would travel in clear"), "{error}");
        assert!(client.server(test).is_ok());
        let client: Client = builder().allow_plain_http().build().unwrap();
        assert!(client.server(upload).is_ok());
    }
}
