//! `jelou integration`: the commands that change integrations.

use clap::Subcommand;

use crate::arguments::panel::{
    CreateArguments, DeleteArguments, GetArguments, RegenerateArguments,
};
use crate::arguments::update::UpdateArguments;
use crate::integration::apply::arguments::ApplyArguments;

#[derive(Debug, Subcommand)]
pub(crate) enum IntegrationCommand {
    /// Connect a project with a webhook, and keep the signing secret
    Create(Box<CreateArguments>),

    /// Show the integration of a project
    Get(Box<GetArguments>),

    /// Disconnect a project
    Delete(Box<DeleteArguments>),

    /// Replace the signing secret of a project
    RegenerateSecret(Box<RegenerateArguments>),

    /// Change where and how Jelou delivers the events of a project
    Update(Box<UpdateArguments>),

    /// Update many integrations from a file; can be interrupted and resumed
    Apply(Box<ApplyArguments>),
}
