//! The rules, one module per subject. Modules are independent.

pub(crate) mod completeness;
pub(crate) mod composition;
pub(crate) mod contradictions;
pub(crate) mod examples;
pub(crate) mod form;
pub(crate) mod information;
pub(crate) mod keywords;
pub(crate) mod operations;
pub(crate) mod parameters;
pub(crate) mod paths;
pub(crate) mod references;
pub(crate) mod responses;
pub(crate) mod satisfiability;
pub(crate) mod secrets;
pub(crate) mod security;
pub(crate) mod servers;
pub(crate) mod structure;
pub(crate) mod texts;
