//! The commands on integrations.

pub(crate) mod apply;
mod changes;
mod listing;
pub(crate) mod update;
