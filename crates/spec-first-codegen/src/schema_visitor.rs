//! Visits the schemas and operations of a typed document in place.

use spec_first_document::openapiv3::{
    AdditionalProperties, Content, OpenAPI, Operation, Parameter, ParameterSchemaOrContent,
    ReferenceOr, Schema, SchemaKind, Type,
};

/// The operations of a document.
pub(crate) fn operations_mut(openapi: &mut OpenAPI) -> impl Iterator<Item = &mut Operation> {
    openapi
        .paths
        .paths
        .values_mut()
        .filter_map(item_mut)
        .flat_map(|item| {
            [
                &mut item.get,
                &mut item.put,
                &mut item.post,
                &mut item.delete,
                &mut item.options,
                &mut item.head,
                &mut item.patch,
                &mut item.trace,
            ]
            .into_iter()
            .flatten()
        })
}

/// Calls `visit` for every inline and component schema in the document, inner schemas first.
pub(crate) fn for_each_schema(openapi: &mut OpenAPI, visit: &mut impl FnMut(&mut Schema)) {
    if let Some(components) = &mut openapi.components {
        components
            .schemas
            .values_mut()
            .for_each(|schema| visit_schema(schema, visit));
        components
            .responses
            .values_mut()
            .filter_map(item_mut)
            .for_each(|response| visit_content(&mut response.content, visit));
        components
            .request_bodies
            .values_mut()
            .filter_map(item_mut)
            .for_each(|body| visit_content(&mut body.content, visit));
        components
            .parameters
            .values_mut()
            .filter_map(item_mut)
            .for_each(|parameter| visit_parameter(parameter, visit));
    }
    for item in openapi.paths.paths.values_mut().filter_map(item_mut) {
        item.parameters
            .iter_mut()
            .filter_map(item_mut)
            .for_each(|parameter| visit_parameter(parameter, visit));
    }
    for operation in operations_mut(openapi) {
        operation
            .parameters
            .iter_mut()
            .filter_map(item_mut)
            .for_each(|parameter| visit_parameter(parameter, visit));
        if let Some(ReferenceOr::Item(body)) = &mut operation.request_body {
            visit_content(&mut body.content, visit);
        }
        let responses = operation
            .responses
            .responses
            .values_mut()
            .filter_map(item_mut);
        responses.for_each(|response| visit_content(&mut response.content, visit));
    }
}

fn item_mut<T>(reference: &mut ReferenceOr<T>) -> Option<&mut T> {
    match reference {
        ReferenceOr::Item(item) => Some(item),
        ReferenceOr::Reference { .. } => None,
    }
}

fn visit_content(content: &mut Content, visit: &mut impl FnMut(&mut Schema)) {
    content
        .values_mut()
        .filter_map(|media_type| media_type.schema.as_mut())
        .for_each(|schema| visit_schema(schema, visit));
}

fn visit_parameter(parameter: &mut Parameter, visit: &mut impl FnMut(&mut Schema)) {
    let (Parameter::Query { parameter_data, .. }
    | Parameter::Header { parameter_data, .. }
    | Parameter::Path { parameter_data, .. }
    | Parameter::Cookie { parameter_data, .. }) = parameter;
    if let ParameterSchemaOrContent::Schema(schema) = &mut parameter_data.format {
        visit_schema(schema, visit);
    }
}

fn visit_schema(schema: &mut ReferenceOr<Schema>, visit: &mut impl FnMut(&mut Schema)) {
    if let Some(schema) = item_mut(schema) {
        visit_inside(schema, visit);
    }
}

fn visit_boxed(schema: &mut ReferenceOr<Box<Schema>>, visit: &mut impl FnMut(&mut Schema)) {
    if let Some(schema) = item_mut(schema) {
        visit_inside(schema, visit);
    }
}

fn visit_inside(schema: &mut Schema, visit: &mut impl FnMut(&mut Schema)) {
    match &mut schema.schema_kind {
        SchemaKind::Type(Type::Object(object)) => {
            object
                .properties
                .values_mut()
                .for_each(|property| visit_boxed(property, visit));
            if let Some(AdditionalProperties::Schema(additional)) =
                &mut object.additional_properties
            {
                visit_schema(additional, visit);
            }
        }
        SchemaKind::Type(Type::Array(array)) => {
            array
                .items
                .iter_mut()
                .for_each(|items| visit_boxed(items, visit));
        }
        SchemaKind::Type(_) => {}
        SchemaKind::OneOf { one_of: branches }
        | SchemaKind::AllOf { all_of: branches }
        | SchemaKind::AnyOf { any_of: branches } => {
            branches
                .iter_mut()
                .for_each(|branch| visit_schema(branch, visit));
        }
        SchemaKind::Not { not } => visit_schema(not, visit),
        SchemaKind::Any(any) => {
            any.properties
                .values_mut()
                .for_each(|property| visit_boxed(property, visit));
            any.items
                .iter_mut()
                .for_each(|items| visit_boxed(items, visit));
            let branches = any
                .one_of
                .iter_mut()
                .chain(&mut any.all_of)
                .chain(&mut any.any_of);
            branches.for_each(|branch| visit_schema(branch, visit));
        }
    }
    visit(schema);
}
