//! `jelou profile`: adds, lists, selects, removes and checks profiles. Sends nothing.

use jelou_client::Credentials;
use serde::Serialize;

use crate::arguments::profile::{
    AddArguments, CheckArguments, ListArguments, ProfileCommand, RemoveArguments, UseArguments,
};
use crate::configuration::{self, Configuration, CredentialsSource, Profile};
use crate::failure::{Exit, Failure, Outcome};
use crate::redaction::show_base_url;
use crate::secret_source::SecretSource;
use crate::{confirmation, environment, output, target};

/// A profile in the list.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Row {
    name: String,
    is_default: bool,
    base_url: Option<String>,
    credentials: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct List {
    path: String,
    profiles: Vec<Row>,
}

/// The result of checking a profile.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Finding {
    name: String,
    is_usable: bool,
    credentials: Option<String>,
    problem: Option<String>,
    hint: Option<String>,
}

pub(crate) fn run(command: ProfileCommand) -> Outcome {
    match command {
        ProfileCommand::Add(arguments) => add(*arguments),
        ProfileCommand::List(arguments) => list(&arguments),
        ProfileCommand::Use(arguments) => set_default(arguments),
        ProfileCommand::Remove(arguments) => remove(&arguments),
        ProfileCommand::Check(arguments) => check(arguments),
    }
}

fn add(arguments: AddArguments) -> Outcome {
    let name = &arguments.name;
    configuration::check_name(name)?;
    let configuration = Configuration::load_to_change()?;
    if configuration.profiles.contains_key(name) && !arguments.replace {
        return Err(Failure::usage(
            format!("the profile `{name}` already exists"),
            "choose another name, or give `--replace`",
        ));
    }
    let signing_secret = arguments.signing_secret.source();
    let profile = Profile {
        credentials: credentials_of(&arguments)?,
        signing_secret: signing_secret
            .map(|(source, argument)| lasting(source, argument))
            .transpose()?,
        base_url: arguments.base_url,
    };
    if let Some(base_url) = &profile.base_url {
        target::check_base_url(base_url)?;
    }
    configuration.add(name, &profile)?;
    output::print_note(&format!(
        "`{name}` is in `{}`; `jelou profile check {name}` tries it, `jelou profile use {name}` uses it by default",
        configuration.path.display()
    ));
    Ok(Exit::Done)
}

fn credentials_of(arguments: &AddArguments) -> Result<Option<CredentialsSource>, Failure> {
    // clap requires credentials or a signing secret.
    let Some((source, argument)) = arguments.secrets.source() else {
        return Ok(None);
    };
    let source = lasting(source, argument)?;
    Ok(Some(match &arguments.secrets.client_id {
        Some(id) => CredentialsSource::Client {
            id: id.clone(),
            secret: source,
        },
        None => CredentialsSource::ApiKey(source),
    }))
}

/// Checks the source of a secret that `argument` names, and makes it work from any folder.
fn lasting(source: SecretSource, argument: &str) -> Result<SecretSource, Failure> {
    match source {
        SecretSource::Environment(name) => {
            environment::check_name(&name, argument)?;
            Ok(SecretSource::Environment(name))
        }
        SecretSource::File(path) => match std::path::absolute(&path) {
            Ok(path) => Ok(SecretSource::File(path)),
            Err(error) => Err(Failure::of(
                Exit::Usage,
                &error,
                format!("check the path that {argument} gives"),
            )),
        },
        other => Ok(other),
    }
}

fn list(arguments: &ListArguments) -> Outcome {
    let configuration = Configuration::load()?;
    let rows = configuration.profiles.iter().map(|(name, profile)| Row {
        name: name.clone(),
        is_default: configuration.default.as_ref() == Some(name),
        base_url: profile.base_url.as_deref().map(show_base_url),
        credentials: profile.describe(),
    });
    let list = List {
        path: configuration.path.display().to_string(),
        profiles: rows.collect(),
    };
    output::print(&list, List::render, arguments.output.output)?;
    if list.profiles.is_empty() {
        output::print_note("no profiles yet; see `jelou profile add --help`");
    }
    Ok(Exit::Done)
}

impl List {
    fn render(&self) -> String {
        let rows: Vec<Vec<String>> = self
            .profiles
            .iter()
            .map(|row| {
                let mark = if row.is_default { "*" } else { "" };
                let base_url = row.base_url.as_deref().unwrap_or("-");
                let credentials = row.credentials.as_deref().unwrap_or("no credentials");
                [mark, &row.name, base_url, credentials]
                    .map(str::to_owned)
                    .to_vec()
            })
            .collect();
        output::table(&rows)
    }
}

fn set_default(arguments: UseArguments) -> Outcome {
    let configuration = Configuration::load_to_change()?;
    if let Some(name) = &arguments.name {
        configuration.profile(name, "the argument")?;
    }
    configuration.set_default(arguments.name.as_deref())?;
    output::print_note(&match &arguments.name {
        Some(name) => format!(
            "`{name}` is used wherever no profile is named and the environment has no credentials"
        ),
        None => "the default profile is unset".to_owned(),
    });
    Ok(Exit::Done)
}

fn remove(arguments: &RemoveArguments) -> Outcome {
    let name = &arguments.name;
    let configuration = Configuration::load_to_change()?;
    configuration.profile(name, "the argument")?;
    let question = format!("Remove the profile `{name}`?");
    confirmation::confirm(&question, false, arguments.confirmation.yes)?;
    configuration.remove(name)?;
    output::print_note(&format!("`{name}` is removed; its secret was not touched"));
    Ok(Exit::Done)
}

fn check(arguments: CheckArguments) -> Outcome {
    let configuration = Configuration::load()?;
    let names: Vec<String> = match arguments.name {
        Some(name) => {
            configuration.profile(&name, "the argument")?;
            vec![name]
        }
        None => configuration.profiles.keys().cloned().collect(),
    };
    let findings: Vec<Finding> = names
        .into_iter()
        .map(|name| {
            let profile = &configuration.profiles[&name];
            Finding::of(name, profile)
        })
        .collect();
    let render = |findings: &[Finding]| findings.iter().map(Finding::render).collect();
    output::print(&findings[..], render, arguments.output.output)?;
    if findings.is_empty() {
        output::print_note("no profiles yet; see `jelou profile add --help`");
    }
    let all_usable = findings.iter().all(|finding| finding.is_usable);
    Ok(if all_usable { Exit::Done } else { Exit::Failed })
}

impl Finding {
    fn of(name: String, profile: &Profile) -> Self {
        let tried = try_out(&name, profile);
        let (problem, hint) = match &tried {
            Ok(()) => (None, None),
            Err(failure) => (
                Some(failure.error().to_owned()),
                Some(failure.hint().to_owned()),
            ),
        };
        Self {
            name,
            is_usable: tried.is_ok(),
            credentials: profile.describe(),
            problem,
            hint,
        }
    }

    fn render(&self) -> String {
        let credentials = self.credentials.as_deref().unwrap_or("no credentials");
        let [name, credentials] = [&self.name, credentials].map(output::escape);
        match (&self.problem, &self.hint) {
            (Some(problem), Some(hint)) => format!(
                "failed  {name}: {credentials}\n        {}\n        hint: {}\n",
                output::escape(problem),
                output::escape(hint)
            ),
            _ => format!("ok      {name}: {credentials}\n"),
        }
    }
}

/// Reads the secrets of `profile` and builds a client with them; sends nothing.
fn try_out(name: &str, profile: &Profile) -> Result<(), Failure> {
    let mut found = Vec::new();
    if let Some(source) = &profile.credentials {
        found.push(source.read(name)?);
    }
    if let Some(source) = &profile.signing_secret {
        let secret = source.read(&format!("the profile `{name}`"))?;
        found.push(Credentials::signing_secret(secret));
    }
    if found.is_empty() {
        return Err(Failure::usage(
            format!("the profile `{name}` has no credentials"),
            format!("add them: `jelou profile add {name} --replace --help`"),
        ));
    }
    for credentials in found {
        let built = target::builder(credentials, profile.base_url.clone()).build();
        built.map_err(|error| {
            let hint = format!("correct the profile `{name}`, or what it refers to");
            Failure::of(Exit::Failed, &error, hint)
        })?;
    }
    Ok(())
}
