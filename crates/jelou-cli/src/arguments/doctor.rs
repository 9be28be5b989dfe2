//! `jelou doctor`.

use clap::Args;

use crate::arguments::output::OutputArguments;
use crate::arguments::target::TargetArguments;

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct DoctorArguments {
    /// The project to look up; it does not have to exist
    #[arg(long, value_name = "PROJECT_ID", default_value = "PROJECT_ID")]
    pub(crate) project: String,

    #[command(flatten)]
    pub(crate) target: TargetArguments,

    #[command(flatten)]
    pub(crate) output: OutputArguments,
}

const EXAMPLES: &str = "\
Examples:
  jelou doctor
  jelou doctor --profile acme
  jelou doctor --output json | jq '.[] | select(.state == \"failed\")'

One request is sent, which asks for the integration of the project and changes nothing. A 404 is a \
good answer, too: the server was reached and did not refuse the credentials.

The exit code is that of the first check that failed.";
