//! `jelou integration`: the commands that change integrations.

use clap::Subcommand;

use crate::arguments::panel::{
    CREATE_EXAMPLES, CallArguments, CreateArguments, DELETE_EXAMPLES, GET_EXAMPLES,
    NewSecretArguments, NoArguments, REGENERATE_EXAMPLES, hide,
};
use crate::arguments::update::UpdateArguments;
use crate::integration::apply::arguments::ApplyArguments;

#[derive(Debug, Subcommand)]
pub(crate) enum IntegrationCommand {
    /// Connect a project with a webhook, and keep the signing secret
    #[command(after_help = CREATE_EXAMPLES)]
    Create(Box<CallArguments<CreateArguments>>),

    /// Show the integration of a project
    #[command(after_help = GET_EXAMPLES, mut_arg("yes", hide))]
    Get(Box<CallArguments<NoArguments>>),

    /// Disconnect a project
    #[command(after_help = DELETE_EXAMPLES)]
    Delete(Box<CallArguments<NoArguments>>),

    /// Replace the signing secret of a project
    #[command(after_help = REGENERATE_EXAMPLES)]
    RegenerateSecret(Box<CallArguments<NewSecretArguments>>),

    /// Change where and how Jelou delivers the events of a project
    Update(Box<UpdateArguments>),

    /// Create, update or delete many integrations from a file; can be interrupted and resumed
    Apply(Box<ApplyArguments>),
}
