//! `jelou man`.

use std::path::PathBuf;

use clap::Args;

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  jelou man | man -l -\n  jelou man --output-dir ~/.local/share/man/man1"
)]
pub(crate) struct ManArguments {
    /// Write the page of every command to this folder, creating it if necessary
    #[arg(long, value_name = "FOLDER")]
    pub(crate) output_dir: Option<PathBuf>,
}
