//! `jelou profile`.

use std::path::PathBuf;

use clap::{ArgGroup, Args, Subcommand};

use crate::arguments::confirmation::ConfirmationArguments;
use crate::arguments::output::OutputArguments;
use crate::secret_source::SecretSource;

#[derive(Debug, Subcommand)]
pub(crate) enum ProfileCommand {
    /// Add a profile: a server and where to find its credentials
    Add(AddArguments),
    /// List the profiles
    List(ListArguments),
    /// Set the default profile
    Use(UseArguments),
    /// Remove a profile; the secret stays where it is
    Remove(RemoveArguments),
    /// Check that profiles can be used: reads their secrets, sends nothing
    Check(CheckArguments),
}

#[derive(Debug, Args)]
#[command(after_help = ADD_EXAMPLES, override_usage = "jelou profile add [OPTIONS] <NAME> <CREDENTIALS>")]
#[command(group = ArgGroup::new("credentials").args(["api_key_env", "api_key_file", "api_key_command", "client_id"]).required(true))]
#[command(group = ArgGroup::new("client_secret").args(["client_secret_env", "client_secret_file", "client_secret_command"]).requires("client_id"))]
pub(crate) struct AddArguments {
    /// Name of the profile: letters, digits, `.`, `_` and `-`
    pub(crate) name: String,

    /// Send requests to this server instead of the document's
    #[arg(long, value_name = "URL")]
    pub(crate) base_url: Option<String>,

    /// Replace an existing profile of the same name
    #[arg(long)]
    pub(crate) replace: bool,

    #[command(flatten)]
    pub(crate) secrets: SecretArguments,
}

/// Where the secret of a profile is.
#[derive(Debug, Args)]
#[command(next_help_heading = "Credentials (an API key, or a client id and its secret)")]
pub(crate) struct SecretArguments {
    /// Environment variable with the API key
    #[arg(long, value_name = "VARIABLE")]
    api_key_env: Option<String>,

    /// File with the API key, readable only by you
    #[arg(long, value_name = "FILE")]
    api_key_file: Option<PathBuf>,

    /// Shell command that prints the API key
    #[arg(long, value_name = "COMMAND")]
    api_key_command: Option<String>,

    /// The client id, which is not a secret
    #[arg(long, value_name = "ID", requires = "client_secret")]
    pub(crate) client_id: Option<String>,

    /// Environment variable with the client secret
    #[arg(long, value_name = "VARIABLE")]
    client_secret_env: Option<String>,

    /// File with the client secret, readable only by you
    #[arg(long, value_name = "FILE")]
    client_secret_file: Option<PathBuf>,

    /// Shell command that prints the client secret
    #[arg(long, value_name = "COMMAND")]
    client_secret_command: Option<String>,
}

impl SecretArguments {
    /// The source of the secret, and the argument that names it.
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

    /// Unset the default profile
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
    /// The profile to check [default: all]
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
