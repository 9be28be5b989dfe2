//! `jelou spec`.

use clap::Args;

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  jelou spec > external-support.yaml\n  jelou spec --reconciliation | less"
)]
pub(crate) struct SpecArguments {
    /// Print how each disagreement of the vendor's page was settled, and why
    #[arg(long)]
    pub(crate) reconciliation: bool,
}
