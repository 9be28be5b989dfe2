//! The reconciled OpenAPI document of Jelou's External Support Panel, as data.
//!
//! ```
//! assert!(jelou_spec::EXTERNAL_SUPPORT.text.starts_with("# The contract"));
//! assert_eq!(jelou_spec::EXTERNAL_SUPPORT.name, "openapi/external-support.yaml");
//! ```
//!
//! The crate holds no logic: what reads the files is elsewhere. It exists so that the document reaches build scripts and
//! programs as a dependency, and not by a path that a published crate would not have.

#![no_std]

/// A file of the contract: its name in the repository, as messages show it, and its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ContractFile {
    /// The path from the root of the repository.
    pub name: &'static str,
    /// The whole text.
    pub text: &'static str,
}

/// The OpenAPI 3.0.3 document: the only source of truth for the generated client and for the sandbox.
pub const EXTERNAL_SUPPORT: ContractFile = ContractFile {
    name: "openapi/external-support.yaml",
    text: include_str!("../external-support.yaml"),
};

/// The record of how each disagreement of the source page was settled in [`EXTERNAL_SUPPORT`].
pub const RECONCILIATION: ContractFile = ContractFile {
    name: "openapi/reconciliation.yaml",
    text: include_str!("../reconciliation.yaml"),
};
