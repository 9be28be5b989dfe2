//! Whether a command asks before it changes something.

use clap::Args;

#[derive(Debug, Args)]
#[command(next_help_heading = "Safety")]
pub(crate) struct ConfirmationArguments {
    /// Do not ask; nobody is asked anyway where standard input is no terminal, or with --sandbox
    #[arg(long, short)]
    pub(crate) yes: bool,
}
