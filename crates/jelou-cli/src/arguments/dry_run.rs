//! The option that shows a request instead of sending it.

use clap::Args;

#[derive(Debug, Args)]
#[command(next_help_heading = "Safety")]
pub(crate) struct DryRunArguments {
    /// Print the request and the equivalent `curl` command, with secrets masked, without sending it
    #[arg(long, conflicts_with = "sandbox")]
    pub(crate) dry_run: bool,
}
