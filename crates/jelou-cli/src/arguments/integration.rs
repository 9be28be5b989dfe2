//! `jelou integration`: the commands that change integrations.

use clap::Subcommand;

use crate::arguments::update::UpdateArguments;
use crate::integration::apply::arguments::ApplyArguments;

#[derive(Debug, Subcommand)]
pub(crate) enum IntegrationCommand {
    /// Change where and how Jelou delivers the events of a project
    Update(Box<UpdateArguments>),

    /// Update many integrations from a file; can be interrupted and resumed
    Apply(Box<ApplyArguments>),
}
