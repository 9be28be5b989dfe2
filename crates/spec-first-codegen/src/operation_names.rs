//! The names of operations, which become the methods of the client.

use heck::ToSnakeCase;
use spec_first_document::OperationNode;

/// The `operationId`, or else a name made of method and path: `get_pets_pet_id` for `GET /pets/{petId}`. It does not
/// depend on other operations, so it stays the same when one is added.
pub(crate) fn operation_name(operation: &OperationNode<'_>) -> String {
    match operation.node.str_of("operationId") {
        Some(operation_id) => operation_id.to_owned(),
        None => name_of(operation.method, operation.path),
    }
}

/// The name of an operation without `operationId`.
pub(crate) fn name_of(method: &str, path: &str) -> String {
    format!("{method} {path}").to_snake_case()
}
