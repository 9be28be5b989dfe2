//! What can be written on the command line, and its help. Does not read the environment, and no secret is an argument.

use std::str::FromStr;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum};
use jelou_client::types::AuthType;

use crate::environment;
use crate::failure::Exit;

/// Connect Jelou projects with a system of your own
#[derive(Debug, Parser)]
#[command(name = "jelou", version, after_help = overview())]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Integrations: the connection of a project with the External Support Panel
    #[command(subcommand)]
    Integration(IntegrationCommand),
}

#[derive(Debug, Subcommand)]
pub(crate) enum IntegrationCommand {
    /// Change where and how Jelou delivers the events of a project
    #[command(after_help = UPDATE_EXAMPLES)]
    Update(UpdateArguments),
}

#[derive(Debug, Args)]
pub(crate) struct UpdateArguments {
    /// The Jelou project whose integration changes
    pub(crate) project_id: String,

    #[command(flatten)]
    pub(crate) changes: Changes,

    #[command(flatten)]
    pub(crate) target: TargetArguments,

    #[command(flatten)]
    pub(crate) output: OutputArguments,
}

/// The fields of an integration that can change. They are checked later, since clap shows a value that it refuses, and a URL
/// may have a password in it.
#[derive(Debug, Args)]
#[group(required = true, multiple = true)]
#[command(next_help_heading = "Changes (at least one; what is not given stays as it is)")]
pub(crate) struct Changes {
    /// Deliver events to this public HTTPS address
    #[arg(long, value_name = "URL")]
    pub(crate) webhook_url: Option<String>,

    /// How Jelou authenticates to the webhook
    #[arg(long, value_name = "TYPE", value_parser = auth_type_parser())]
    pub(crate) auth_type: Option<AuthType>,

    /// Environment variable with the credentials that Jelou presents to the webhook
    #[arg(long, value_name = "VARIABLE")]
    pub(crate) authorization_env: Option<String>,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Target")]
pub(crate) struct TargetArguments {
    /// Send the request to a local stand-in that has this project; needs no credentials,
    /// sends none that are set, and takes no notice of JELOU_BASE_URL
    #[arg(long, conflicts_with = "base_url", verbatim_doc_comment)]
    pub(crate) sandbox: bool,

    /// Where requests go; read here as an argument only, see [`environment`].
    #[arg(long, value_name = "URL", help = BASE_URL_HELP, long_help = BASE_URL_HELP)]
    pub(crate) base_url: Option<String>,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Output")]
pub(crate) struct OutputArguments {
    /// How the integration is printed; errors are always text, on standard error
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t)]
    pub(crate) output: Format,
}

/// How results are printed.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub(crate) enum Format {
    /// One line for each field that came
    #[default]
    Text,
    /// One JSON object with every field, null for what did not come
    Json,
}

const BASE_URL_HELP: &str = "\
Send the request to this server [env: JELOU_BASE_URL]
[default: https://gateway.jelou.ai/jelouapi]";

const UPDATE_EXAMPLES: &str = "\
Examples:
  Try it, without an account:
    jelou integration update PROJECT_ID \\
      --webhook-url https://my-system.com/webhook/jelou-v2 --sandbox

  Move the webhook of a project:
    JELOU_API_KEY=... jelou integration update PROJECT_ID \\
      --webhook-url https://my-system.com/webhook/jelou-v2

  Let Jelou present a token to the webhook, out of the variable WEBHOOK_TOKEN:
    jelou integration update PROJECT_ID --auth-type bearer --authorization-env WEBHOOK_TOKEN

  Take one field of the result:
    jelou integration update PROJECT_ID --auth-type no_auth --output json | jq -r .updatedAt

Credentials come from the environment only; `jelou --help` lists the variables and exit codes.";

/// What holds for every command.
fn overview() -> String {
    let variables = environment::VARIABLES
        .map(|(name, meaning)| format!("\n  {name:<19}  {meaning}"))
        .concat();
    let exits = Exit::ALL
        .map(|exit| format!("\n  {}  {}", exit.code(), exit.meaning()))
        .concat();
    format!(
        "\
Examples:
  jelou integration update PROJECT_ID \\
    --webhook-url https://my-system.com/webhook/jelou-v2 --sandbox
  jelou integration update --help

Environment:{variables}

Exit codes:{exits}"
    )
}

/// Takes what the document documents, and lists it in the help.
fn auth_type_parser() -> impl TypedValueParser<Value = AuthType> {
    let documented = std::iter::successors(following_auth_type(None), |previous| {
        following_auth_type(Some(*previous))
    });
    let names: Vec<String> = documented.map(|auth_type| auth_type.to_string()).collect();
    PossibleValuesParser::new(names).try_map(|name| AuthType::from_str(&name))
}

/// The order of the document. The generated type cannot be iterated; a variant that is new in it does not compile here.
fn following_auth_type(previous: Option<AuthType>) -> Option<AuthType> {
    match previous {
        None => Some(AuthType::Bearer),
        Some(AuthType::Bearer) => Some(AuthType::ApiKey),
        Some(AuthType::ApiKey) => Some(AuthType::Basic),
        Some(AuthType::Basic) => Some(AuthType::NoAuth),
        Some(AuthType::NoAuth) => None,
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_definitions_fit_together() {
        Arguments::command().debug_assert();
    }
}
