//! `jelou doctor`.

use clap::Args;

use crate::arguments::output::OutputArguments;
use crate::arguments::target::TargetArguments;

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct DoctorArguments {
    /// The project in the path of the request; it does not have to exist
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

It sends one GET to the address of the integration, with the credentials. GET is defined to change
nothing, and no body goes with it. The API documents no GET there, so an answer like 404 or 405 is a
good one: it shows that the server was reached and did not refuse the credentials. Whether they may
change the project, only an update can show.

The exit code is that of the first check that failed.";
