//! `jelou integration update`.

use std::path::PathBuf;
use std::str::FromStr;

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use jelou_client::types::AuthType;

use crate::arguments::confirmation::ConfirmationArguments;
use crate::arguments::dry_run::DryRunArguments;
use crate::arguments::output::OutputArguments;
use crate::arguments::target::TargetArguments;
use crate::secret_source::SecretSource;

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES, override_usage = "jelou integration update [OPTIONS] <PROJECT_ID> <CHANGE>...")]
pub(crate) struct UpdateArguments {
    /// The Jelou project whose integration changes
    pub(crate) project_id: String,

    #[command(flatten)]
    pub(crate) changes: ChangeArguments,

    #[command(flatten)]
    pub(crate) target: TargetArguments,

    #[command(flatten)]
    pub(crate) dry_run: DryRunArguments,

    #[command(flatten)]
    pub(crate) confirmation: ConfirmationArguments,

    #[command(flatten)]
    pub(crate) output: OutputArguments,
}

/// The fields of an integration that can change. They are validated later: clap prints the values it rejects, and a URL may
/// contain a password.
#[derive(Debug, Args)]
#[group(required = true, multiple = true, args = CHANGES)]
#[command(next_help_heading = "Changes (at least one; the rest is left unchanged)")]
pub(crate) struct ChangeArguments {
    /// Deliver events to this public HTTPS address
    #[arg(long, value_name = "URL")]
    pub(crate) webhook_url: Option<String>,

    #[command(flatten)]
    pub(crate) auth: AuthArguments,
}

/// Every argument that changes something.
const CHANGES: [&str; 5] = [
    "webhook_url",
    "auth_type",
    "authorization_env",
    "authorization_file",
    "authorization_stdin",
];

/// How Jelou authenticates to the webhook.
#[derive(Debug, Args)]
pub(crate) struct AuthArguments {
    /// How Jelou authenticates to the webhook
    #[arg(long, value_name = "TYPE", value_parser = auth_type_parser())]
    pub(crate) auth_type: Option<AuthType>,

    /// Environment variable with the credentials that Jelou presents to the webhook
    #[arg(long, value_name = "VARIABLE", conflicts_with_all = ["authorization_file", "authorization_stdin"])]
    pub(crate) authorization_env: Option<String>,

    /// File with these credentials, readable only by you
    #[arg(long, value_name = "FILE", conflicts_with = "authorization_stdin")]
    pub(crate) authorization_file: Option<PathBuf>,

    /// Read these credentials from standard input
    #[arg(long)]
    pub(crate) authorization_stdin: bool,
}

impl AuthArguments {
    /// The source of the webhook credentials, and the argument that names it.
    pub(crate) fn authorization(&self) -> Option<(SecretSource, &'static str)> {
        if self.authorization_stdin {
            return Some((SecretSource::Input, "`--authorization-stdin`"));
        }
        if let Some(path) = &self.authorization_file {
            return Some((SecretSource::File(path.clone()), "`--authorization-file`"));
        }
        let name = self.authorization_env.clone()?;
        Some((SecretSource::Environment(name), "`--authorization-env`"))
    }
}

const EXAMPLES: &str = "\
Examples:
  Try it, without an account:
    jelou integration update PROJECT_ID \\
      --webhook-url https://my-system.com/webhook/jelou-v2 --sandbox

  Move the webhook of a project:
    JELOU_API_KEY=... jelou integration update PROJECT_ID \\
      --webhook-url https://my-system.com/webhook/jelou-v2

  Have Jelou present the token in WEBHOOK_TOKEN to the webhook:
    jelou integration update PROJECT_ID --auth-type bearer --authorization-env WEBHOOK_TOKEN

  The same, from a password manager:
    pass show webhook | jelou integration update PROJECT_ID --auth-type bearer --authorization-stdin

  See the request and the `curl` command for it, without sending it:
    jelou integration update PROJECT_ID --auth-type no_auth --dry-run

  Take one field of the result:
    jelou integration update PROJECT_ID --auth-type no_auth --output json | jq -r .updatedAt

Secrets are never arguments, since every user of the machine can see those. A line break at the end of \
a file or of standard input is not part of the secret. `jelou --help` lists variables and exit codes.";

/// All authentication types of the OpenAPI document.
pub(crate) fn auth_types() -> impl Iterator<Item = AuthType> {
    std::iter::successors(following_auth_type(None), |previous| {
        following_auth_type(Some(*previous))
    })
}

/// Accepts the authentication types of the OpenAPI document and lists them in the help.
fn auth_type_parser() -> impl TypedValueParser<Value = AuthType> {
    let names: Vec<String> = auth_types()
        .map(|auth_type| auth_type.to_string())
        .collect();
    PossibleValuesParser::new(names).try_map(|name| AuthType::from_str(&name))
}

/// The next type, in document order. The generated enum cannot be iterated; this exhaustive match fails to compile when the
/// document adds a variant.
fn following_auth_type(previous: Option<AuthType>) -> Option<AuthType> {
    match previous {
        None => Some(AuthType::Bearer),
        Some(AuthType::Bearer) => Some(AuthType::ApiKey),
        Some(AuthType::ApiKey) => Some(AuthType::Basic),
        Some(AuthType::Basic) => Some(AuthType::NoAuth),
        Some(AuthType::NoAuth) => None,
    }
}
