//! `jelou profile`.

use std::path::PathBuf;

use clap::{ArgGroup, Args, Subcommand};

use crate::arguments::confirmation::ConfirmationArguments;
use crate::arguments::output::OutputArguments;
use crate::secret_source::SecretSource;

#[derive(Debug, Subcommand)]
pub(crate) enum ProfileCommand {
    /// Add a profile: a server, and where its credentials are
    Add(AddArguments),
    /// List the profiles
    List(ListArguments),
    /// Use a profile wherever none is named
    Use(UseArguments),
    /// Remove a profile; the secret stays where it is
    Remove(RemoveArguments),
    /// Find out whether profiles can be used: reads their secrets, sends nothing
    Check(CheckArguments),
}

#[derive(Debug, Args)]
#[command(after_help = ADD_EXAMPLES, override_usage = "jelou profile add [OPTIONS] <NAME> <CREDENTIALS>")]
#[command(group = ArgGroup::new("credentials").args(["api_key_env", "api_key_file", "api_key_command", "client_id"]).required(true))]
#[command(group = ArgGroup::new("client_secret").args(["client_secret_env", "client_secret_file", "client_secret_command"]).requires("client_id"))]
pub(crate) struct AddArguments {
    /// What the profile is called: letters, digits, `.`, `_` and `-`
    pub(crate) name: String,

    /// Send requests to this server, in place of the one of the document
    #[arg(long, value_name = "URL")]
    pub(crate) base_url: Option<String>,

    /// Take the place of a profile of the same name
    #[arg(long)]
    pub(crate) replace: bool,

    #[command(flatten)]
    pub(crate) secrets: SecretArguments,
}

/// Where the secret of a profile is.
#[derive(Debug, Args)]
#[command(next_help_heading = "Credentials (an API key, or a client id and its secret)")]
pub(crate) struct SecretArguments {
    /// The API key is in this environment variable
    #[arg(long, value_name = "VARIABLE")]
    api_key_env: Option<String>,

    /// The API key is in this file, which nobody else may read
    #[arg(long, value_name = "FILE")]
    api_key_file: Option<PathBuf>,

    /// The API key is what this command of the shell prints
    #[arg(long, value_name = "COMMAND")]
    api_key_command: Option<String>,

    /// The client id, which is no secret
    #[arg(long, value_name = "ID", requires = "client_secret")]
    pub(crate) client_id: Option<String>,

    /// The client secret is in this environment variable
    #[arg(long, value_name = "VARIABLE")]
    client_secret_env: Option<String>,

    /// The client secret is in this file, which nobody else may read
    #[arg(long, value_name = "FILE")]
    client_secret_file: Option<PathBuf>,

    /// The client secret is what this command of the shell prints
    #[arg(long, value_name = "COMMAND")]
    client_secret_command: Option<String>,
}

impl SecretArguments {
    /// Where the secret is, and which argument says so.
    pub(crate) fn source(&self) -> Option<(SecretSource, &'static str)> {
        let variable = |name: &String| SecretSource::Environment(name.clone());
        let file = |path: &PathBuf| SecretSource::File(path.clone());
        let command = |command: &String| SecretSource::Command(command.clone());
        [
            (self.api_key_env.as_ref().map(variable), "`--api-key-env`"),
            (self.api_key_file.as_ref().map(file), "`--api-key-file`"),
            (
                self.api_key_command.as_ref().map(command),
                "`--api-key-command`",
            ),
            (
                self.client_secret_env.as_ref().map(variable),
                "`--client-secret-env`",
            ),
            (
                self.client_secret_file.as_ref().map(file),
                "`--client-secret-file`",
            ),
            (
                self.client_secret_command.as_ref().map(command),
                "`--client-secret-command`",
            ),
        ]
        .into_iter()
        .find_map(|(source, argument)| Some((source?, argument)))
    }
}

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  jelou profile list\n  jelou profile list --output json | jq -r '.profiles[].name'"
)]
pub(crate) struct ListArguments {
    #[command(flatten)]
    pub(crate) output: OutputArguments,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  jelou profile use acme\n  jelou profile use --none")]
pub(crate) struct UseArguments {
    /// The profile
    #[arg(required_unless_present = "none")]
    pub(crate) name: Option<String>,

    /// Use none any more where none is named
    #[arg(long, conflicts_with = "name")]
    pub(crate) none: bool,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  jelou profile remove acme\n  jelou profile remove acme --yes")]
pub(crate) struct RemoveArguments {
    /// The profile
    pub(crate) name: String,

    #[command(flatten)]
    pub(crate) confirmation: ConfirmationArguments,
}

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  jelou profile check\n  jelou profile check acme\n\n`jelou doctor --profile acme` also looks at the server."
)]
pub(crate) struct CheckArguments {
    /// The profile; all of them, if none is named
    pub(crate) name: Option<String>,

    #[command(flatten)]
    pub(crate) output: OutputArguments,
}

const ADD_EXAMPLES: &str = "\
Examples:
  The API key is in a variable:
    jelou profile add acme --api-key-env ACME_JELOU_KEY

  It is in a password manager:
    jelou profile add acme --api-key-command 'pass show jelou/acme'

  A client id, with its secret in a file:
    jelou profile add acme --client-id ID --client-secret-file ~/.jelou-acme

  Then:
    jelou profile check acme
    jelou integration update PROJECT_ID --auth-type no_auth --profile acme

In the configuration file, that is:
  [profiles.acme]
  base_url = \"https://gateway.jelou.ai/jelouapi\"
  api_key = { environment = \"ACME_JELOU_KEY\" }

`command` and `file` take the place of `environment`, and `client_id` with `client_secret` that of
`api_key`. The file never holds a secret; a relative path in it begins at its folder.";
