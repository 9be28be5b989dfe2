//! The commands on integrations.

mod listing;
pub(crate) mod update;
