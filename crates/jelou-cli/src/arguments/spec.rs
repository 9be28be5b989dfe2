//! `jelou spec`.

use clap::Args;

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  jelou spec > external-support.yaml\n  jelou spec --reconciliation | less"
)]
pub(crate) struct SpecArguments {
    /// Print how each contradiction in the vendor's page was resolved, and why
    #[arg(long)]
    pub(crate) reconciliation: bool,
}
