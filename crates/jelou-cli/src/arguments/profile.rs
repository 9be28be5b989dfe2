//! `jelou profile`.

use std::path::PathBuf;

use clap::{ArgGroup, Args, Subcommand};

use crate::arguments::confirmation::ConfirmationArguments;
use crate::arguments::output::OutputArguments;
use crate::secret_source::SecretSource;

#[derive(Debug, Subcommand)]
pub(crate) enum ProfileCommand {
    /// Add a profile: a server and where to find its credentials
    Add(Box<AddArguments>),
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
#[command(group = ArgGroup::new("any").args(["api_key_env", "api_key_file", "api_key_command", "client_id", "signing_secret_env", "signing_secret_file", "signing_secret_command"]).required(true).multiple(true))]
#[command(group = ArgGroup::new("credentials").args(["api_key_env", "api_key_file", "api_key_command", "client_id"]))]
#[command(group = ArgGroup::new("signing").args(["signing_secret_env", "signing_secret_file", "signing_secret_command"]))]
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

    #[command(flatten)]
    pub(crate) signing_secret: SigningSecretArguments,
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

/// Where the signing secret of a profile is.
#[derive(Debug, Args)]
#[command(next_help_heading = "Signing secret (for messages and events)")]
pub(crate) struct SigningSecretArguments {
    /// Environment variable with the signing secret
    #[arg(long, value_name = "VARIABLE")]
    signing_secret_env: Option<String>,

    /// File with the signing secret, readable only by you
    #[arg(long, value_name = "FILE")]
    signing_secret_file: Option<PathBuf>,

    /// Shell command that prints the signing secret
    #[arg(long, value_name = "COMMAND")]
    signing_secret_command: Option<String>,
}

impl SecretArguments {
    /// The source of the secret, and the argument that names it.
    pub(crate) fn source(&self) -> Option<(SecretSource, &'static str)> {
        let api_key = source(
            (&self.api_key_env, "`--api-key-env`"),
            (&self.api_key_file, "`--api-key-file`"),
            (&self.api_key_command, "`--api-key-command`"),
        );
        api_key.or_else(|| {
            source(
                (&self.client_secret_env, "`--client-secret-env`"),
                (&self.client_secret_file, "`--client-secret-file`"),
                (&self.client_secret_command, "`--client-secret-command`"),
            )
        })
    }
}

impl SigningSecretArguments {
    /// The source of the signing secret, and the argument that names it.
    pub(crate) fn source(&self) -> Option<(SecretSource, &'static str)> {
        source(
            (&self.signing_secret_env, "`--signing-secret-env`"),
            (&self.signing_secret_file, "`--signing-secret-file`"),
            (&self.signing_secret_command, "`--signing-secret-command`"),
        )
    }
}

/// The one of three options that was given, with its name.
fn source(
    (variable, variable_name): (&Option<String>, &'static str),
    (file, file_name): (&Option<PathBuf>, &'static str),
    (command, command_name): (&Option<String>, &'static str),
) -> Option<(SecretSource, &'static str)> {
    if let Some(variable) = variable {
        return Some((SecretSource::Environment(variable.clone()), variable_name));
    }
    if let Some(file) = file {
        return Some((SecretSource::File(file.clone()), file_name));
    }
    let command = command.clone()?;
    Some((SecretSource::Command(command), command_name))
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

  The signing secret of its messages and events, too:
    jelou profile add acme --api-key-env ACME_JELOU_KEY --signing-secret-file acme-signing-secret

  Then:
    jelou profile check acme
    jelou integration update PROJECT_ID --auth-type no_auth --profile acme

In the configuration file, that is:
  [profiles.acme]
  base_url = \"https://gateway.jelou.ai/jelouapi\"
  api_key = { environment = \"ACME_JELOU_KEY\" }
  signing_secret = { file = \"acme-signing-secret\" }

`command` and `file` take the place of `environment`, and `client_id` with `client_secret` that of
`api_key`. The file never holds a secret. Relative paths in it start from its folder.";
