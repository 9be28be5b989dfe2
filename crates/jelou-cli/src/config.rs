//! `jelou config show`: the settings in effect and where each comes from. Does not read secrets that a profile names.

use serde::Serialize;

use crate::arguments::config::{ConfigCommand, ShowArguments};
use crate::configuration::CredentialsSource;
use crate::failure::{Exit, Failure, Outcome};
use crate::output;
use crate::redaction::show_base_url;
use crate::settings::{Settings, SigningSecret};

/// A setting and its origin.
#[derive(Debug, Serialize)]
struct Setting {
    name: &'static str,
    value: Option<String>,
    source: Option<String>,
}

pub(crate) fn run(command: ConfigCommand) -> Outcome {
    let ConfigCommand::Show(arguments) = command;
    let settings = list(&arguments)?;
    output::print(&settings[..], render, arguments.output.output)?;
    Ok(Exit::Done)
}

fn list(arguments: &ShowArguments) -> Result<Vec<Setting>, Failure> {
    if arguments.target.sandbox {
        return Ok(vec![
            Setting::new("base URL", "a free port of 127.0.0.1", "`--sandbox`"),
            Setting::new("credentials", "a placeholder", "`--sandbox`"),
            Setting::absent("signing secret"),
        ]);
    }
    let settings = Settings::resolve(&arguments.target)?;
    let file = match settings.has_configuration {
        true => "exists",
        false => "there is none",
    };
    let path = settings.configuration_path.display().to_string();
    let base_url = show_base_url(settings.base_url());
    Ok(vec![
        Setting::new("configuration file", path, file),
        match settings.profile {
            Some((name, origin)) => Setting::new("profile", name, origin),
            None => Setting::absent("profile"),
        },
        Setting::new("base URL", base_url, settings.base_url_origin),
        match settings.credentials {
            Some(found) => Setting::new("credentials", describe(&found.source()), found.origin()),
            None => Setting::absent("credentials"),
        },
        match settings.signing_secret {
            Some(SigningSecret { source, named_by }) => {
                let shown = format!("[redacted], from {}", source.describe());
                Setting::new("signing secret", shown, named_by)
            }
            None => Setting::absent("signing secret"),
        },
    ])
}

impl Setting {
    fn new(name: &'static str, value: impl ToString, source: impl ToString) -> Self {
        Self {
            name,
            value: Some(value.to_string()),
            source: Some(source.to_string()),
        }
    }

    fn absent(name: &'static str) -> Self {
        Self {
            name,
            value: None,
            source: None,
        }
    }
}

fn render(settings: &[Setting]) -> String {
    let rows: Vec<Vec<String>> = settings
        .iter()
        .map(|setting| {
            let value = setting.value.as_deref().unwrap_or("none");
            let value = match &setting.source {
                Some(source) => format!("{value} ({source})"),
                None => value.to_owned(),
            };
            vec![setting.name.to_owned(), value]
        })
        .collect();
    output::table(&rows)
}

fn describe(source: &CredentialsSource) -> String {
    match source {
        CredentialsSource::ApiKey(secret) => {
            format!("API key [redacted], from {}", secret.describe())
        }
        CredentialsSource::Client { id, secret } => {
            format!(
                "client `{id}`, secret [redacted], from {}",
                secret.describe()
            )
        }
    }
}
