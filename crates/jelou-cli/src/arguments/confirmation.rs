//! The option that skips the confirmation prompt.

use clap::Args;

#[derive(Debug, Args)]
#[command(next_help_heading = "Safety")]
pub(crate) struct ConfirmationArguments {
    /// Do not ask for confirmation; implied if standard input is not a terminal
    #[arg(long, short)]
    pub(crate) yes: bool,
}
