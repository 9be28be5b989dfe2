//! The commands on integrations.

pub(crate) mod apply;
mod changes;
mod dry_run;
mod listing;
pub(crate) mod update;
