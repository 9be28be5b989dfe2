//! What the document says about an operation beyond its types; the values are generated.

/// An operation as the document describes it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Operation {
    pub(crate) operation_id: &'static str,
    pub(crate) method: &'static str,
    pub(crate) path: &'static str,
    /// The alternatives that satisfy the operation, each a list of schemes that go together.
    pub(crate) security: &'static [&'static [SecurityScheme]],
    /// Whether applying it twice has the effect of applying it once, so that it may be sent again.
    pub(crate) is_idempotent: bool,
}

/// How a credential travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SecurityScheme {
    /// In a header of this name.
    ApiKeyHeader(&'static str),
    /// As user name and password in `Authorization: Basic`.
    HttpBasic,
}

impl SecurityScheme {
    /// The name of the header that carries the credential.
    pub(crate) fn header_name(self) -> &'static str {
        match self {
            Self::ApiKeyHeader(name) => name,
            Self::HttpBasic => "authorization",
        }
    }
}

impl Operation {
    /// The operation that the generated code calls `operation_id`.
    pub(crate) fn find(operation_id: &str) -> Option<&'static Operation> {
        crate::generated::contract::OPERATIONS
            .iter()
            .find(|operation| operation.operation_id == operation_id)
    }
}
