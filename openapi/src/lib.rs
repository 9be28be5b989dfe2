//! The reconciled OpenAPI document of Jelou's External Support Panel, as data.
//!
//! ```
//! assert!(jelou_spec::EXTERNAL_SUPPORT.text.starts_with("# The contract"));
//! assert_eq!(jelou_spec::EXTERNAL_SUPPORT.name, "openapi/external-support.yaml");
//! ```
//!
//! The crate contains no logic. It makes the document available to build scripts and programs as a dependency, because
//! a published crate cannot refer to files by relative path.

#![no_std]

/// The name and text of a file of the contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ContractFile {
    /// The path relative to the root of the repository.
    pub name: &'static str,
    /// The whole text.
    pub text: &'static str,
}

/// The OpenAPI 3.1 document, the single source of truth for the generated client and the sandbox.
pub const EXTERNAL_SUPPORT: ContractFile = ContractFile {
    name: "openapi/external-support.yaml",
    text: include_str!("../external-support.yaml"),
};

/// The record of how each contradiction in the vendor's page was resolved in [`EXTERNAL_SUPPORT`].
pub const RECONCILIATION: ContractFile = ContractFile {
    name: "openapi/reconciliation.yaml",
    text: include_str!("../reconciliation.yaml"),
};
