//! `jelou raw`.

use clap::Args;

use crate::arguments::confirmation::ConfirmationArguments;
use crate::arguments::target::TargetArguments;

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct RawArguments {
    /// The method, such as GET or PATCH
    pub(crate) method: String,

    /// Path and optional query to append to the base URL, percent-encoded, starting with `/`
    pub(crate) path: String,

    #[command(flatten)]
    pub(crate) request: RequestArguments,

    #[command(flatten)]
    pub(crate) target: TargetArguments,

    #[command(flatten)]
    pub(crate) confirmation: ConfirmationArguments,

    #[command(flatten)]
    pub(crate) answer: AnswerArguments,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Request")]
pub(crate) struct RequestArguments {
    /// Send this file as the body, `-` for standard input; `content-type` is JSON unless set by a header
    #[arg(long, value_name = "FILE")]
    pub(crate) body: Option<String>,

    /// Add a header; may be repeated. Credentials come from the environment or a profile
    #[arg(long = "header", short = 'H', value_name = "NAME: VALUE")]
    pub(crate) headers: Vec<String>,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Output")]
pub(crate) struct AnswerArguments {
    /// Print the status and the headers of the answer before its body
    #[arg(long, short)]
    pub(crate) include: bool,
}

const EXAMPLES: &str = "\
Examples:
  See what the API answers, byte by byte:
    echo '{\"authType\":\"no_auth\"}' |
      jelou raw PATCH /v1/external-support/PROJECT_ID --body - --include

  Try an operation that this command does not know:
    jelou raw GET '/v1/external-support?page=2'

  The same against the local stand-in, which has an integration for PROJECT_ID:
    jelou raw PATCH /v1/external-support/PROJECT_ID --body update.json --sandbox

The body of the answer goes to standard output, whatever the status; the exit code follows the
status. Credentials, retries and limits are those of every other command.";
