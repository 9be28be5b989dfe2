//! `jelou config`.

use clap::{Args, Subcommand};

use crate::arguments::output::OutputArguments;
use crate::arguments::target::TargetArguments;

#[derive(Debug, Subcommand)]
pub(crate) enum ConfigCommand {
    /// Show the server and credentials in effect and where each comes from; reads no secrets
    Show(ShowArguments),
}

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  jelou config show\n  jelou config show --profile acme --output json"
)]
pub(crate) struct ShowArguments {
    #[command(flatten)]
    pub(crate) target: TargetArguments,

    #[command(flatten)]
    pub(crate) output: OutputArguments,
}
